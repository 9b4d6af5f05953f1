#include "checks/replies.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "drive/loan.hpp"
#include "drive/reasons.hpp"

namespace belay::conform::replies {
namespace {

template <class Wanted>
std::vector<const Cassette*> those(const Subject& plugin, Wanted wanted) {
  std::vector<const Cassette*> out;
  for (const auto& cassette : plugin.cassettes) {
    if (!cassette.refresh && wanted(cassette)) out.push_back(&cassette);
  }
  return out;
}

bool is_good(const Cassette& cassette) { return cassette.reply && cassette.reply->status >= 200 && cassette.reply->status < 300; }

std::string shown(const std::vector<SeenEvent>& events, std::size_t at) {
  return at < events.size() ? "event " + std::to_string(at) + " is " + to_string(events[at]) : "no event " + std::to_string(at) + ", there are " + std::to_string(events.size());
}

std::string quoted(std::string_view text) { return "\"" + printable(text) + "\""; }

std::string shown(const std::vector<ExpectedTool>& tools) {
  std::string out = std::to_string(tools.size()) + " tool call(s)";
  for (const auto& tool : tools) out += "; " + tool.id + " " + tool.name + " " + printable(tool.arguments);
  return out;
}

bool same(const std::vector<ExpectedTool>& a, const std::vector<ExpectedTool>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.id == y.id && x.name == y.name && x.arguments == y.arguments; });
}

}  // namespace

std::vector<const Cassette*> exchanges(const Subject& plugin) {
  return those(plugin, [](const Cassette&) { return true; });
}
std::vector<const Cassette*> good(const Subject& plugin) {
  return those(plugin, [&](const Cassette& cassette) { return plugin.own_transport() || is_good(cassette); });
}
std::vector<const Cassette*> streams(const Subject& plugin) {
  return those(plugin, [&](const Cassette& cassette) { return !plugin.own_transport() && is_good(cassette) && cassette.stream; });
}
std::vector<const Cassette*> bodies(const Subject& plugin) {
  return those(plugin, [&](const Cassette& cassette) { return !plugin.own_transport() && is_good(cassette) && !cassette.stream; });
}
std::vector<const Cassette*> refused(const Subject& plugin) {
  return those(plugin, [](const Cassette& cassette) { return cassette.reply && !is_good(cassette); });
}

void http_only(Case& self) {
  if (self.plugin().own_transport()) self.not_applicable("a plugin with its own transport reads no HTTP reply");
}

std::vector<const Cassette*> need_streams(Case& self) {
  http_only(self);
  auto found = streams(self.plugin());
  if (found.empty() && !self.plugin().has(BELAY_CAP_STREAM)) self.not_applicable("the plugin does not declare BELAY_CAP_STREAM");
  if (found.empty()) self.skip_missing("ok-stream");
  return found;
}

std::vector<const Cassette*> need_replies(Case& self) {
  auto found = good(self.plugin());
  if (found.empty()) self.skip_missing("ok");
  return found;
}

Cassette any_exchange(const Subject& plugin) {
  const auto all = exchanges(plugin);
  if (const auto* ok = plugin.cassette("ok")) return *ok;
  if (!all.empty()) return *all.front();
  Cassette out;
  out.name = "(invented)";
  out.base_url = "https://conform.invalid/v1";
  out.model = out.request_model = "m1";
  out.fields = {{"secret", "sk-cassette", true}};
  out.wire = plugin.descriptor->wire_count != 0 ? std::string(view(plugin.descriptor->wires[0])) : std::string();
  out.body = R"({"model":"m1","max_tokens":64,"messages":[{"role":"user","content":"Hello"}]})";
  if (out.wire == "openai.responses/1") out.body = R"({"model":"m1","input":"Hello"})";
  const bool takes_key = plugin.descriptor->credential_type_count != 0;
  out.keyless = !takes_key && plugin.has(BELAY_CAP_KEYLESS);
  return out;
}

std::vector<Cassette> one_of_each_wire(const Subject& plugin) {
  std::vector<Cassette> out;
  const auto add = [&](const Cassette& cassette) {
    const bool known = std::any_of(out.begin(), out.end(), [&](const auto& each) { return each.wire == cassette.wire; });
    if (cassette.operation == "chat" && !known) out.push_back(cassette);
  };
  add(any_exchange(plugin));
  for (const auto* cassette : good(plugin)) add(*cassette);
  return out;
}

PlayOptions with_body(const std::string& body, Cuts cuts) {
  PlayOptions options;
  options.body.emplace(body);
  options.cuts = std::move(cuts);
  return options;
}

std::string place(const Cassette& cassette, std::string_view what) {
  return "cassette " + cassette.name + (what.empty() ? std::string() : ", " + std::string(what));
}

void no_exception(const Case& self, const Played& played, const std::string& where) {
  self.require(played.threw.empty(), "nothing is thrown across the line", where + ": " + played.threw);
}

Played whole(Case& self, Account& account, const Cassette& cassette, const PlayOptions& options, std::string_view what) {
  auto played = play(self.plugin(), account.get(), cassette, options);
  const auto where = place(cassette, what);
  no_exception(self, played, where);
  self.require(played.begun && played.failed() >= 0, "every call of the exchange answers OK",
               where + ": status " + std::to_string(played.failed() < 0 ? played.failed() : played.begin) +
                   (played.error.empty() ? std::string() : ": " + played.error));
  return played;
}

void same_events(const Case& self, const std::vector<SeenEvent>& wanted, const std::vector<SeenEvent>& got, const std::string& where) {
  const auto a = merged(wanted), b = merged(got);
  const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (differ.first == a.end() && differ.second == b.end()) return;
  const auto at = static_cast<std::size_t>(differ.first - a.begin());
  self.fail(shown(a, at), where + ": " + shown(b, at));
}

void same_message(const Case& self, const Cassette& cassette, const Message& message, const std::string& where) {
  const auto& expect = cassette.expect;
  if (expect.text) self.require(message.text == *expect.text, "the text " + quoted(*expect.text), where + ": " + quoted(message.text));
  if (expect.reasoning)
    self.require(message.reasoning == *expect.reasoning, "the reasoning " + quoted(*expect.reasoning), where + ": " + quoted(message.reasoning));
  if (expect.stop) self.require(message.stop == *expect.stop, "it stops with " + *expect.stop, where + ": " + (message.stop.empty() ? "it does not stop" : message.stop));
}

void same_tools(const Case& self, const Cassette& cassette, const Message& message, const std::string& where) {
  const auto& wanted = cassette.expect.tools;
  if (wanted) self.require(same(*wanted, message.tools), shown(*wanted), where + ": " + shown(message.tools));
}

std::vector<std::size_t> sample(Case& self, std::vector<std::size_t> all, std::size_t most) {
  if (all.size() <= most) return all;
  std::shuffle(all.begin(), all.end(), self.random());
  all.resize(most);
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace belay::conform::replies
