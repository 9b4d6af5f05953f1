#include "drive/material.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "drive/play.hpp"
#include "drive/test_host.hpp"

namespace belay::conform {
namespace {

constexpr const char* question = R"({"model":"m1","stream":STREAM,"max_tokens":64,"messages":[{"role":"user","content":"Say hello. Summarise this conversation."}]})";

std::string body_for(std::string_view operation, std::string_view wire, bool stream) {
  if (operation == "models") return "{}";
  if (operation == "embeddings") return R"({"model":"m1","input":["hello"]})";
  if (wire == "openai.responses/1") return std::string(R"({"model":"m1","input":"Say hello","stream":)") + (stream ? "true}" : "false}");
  std::string body = question;
  return body.replace(body.find("STREAM"), 6, stream ? "true" : "false");
}

/// A reply that the plugin may well refuse: in the shape of the wire where it is one that we know, else Chat Completions.
CassetteReply reply_for(std::string_view operation, std::string_view wire, bool stream) {
  CassetteReply reply;
  reply.status = 200;
  reply.headers = {{"content-type", stream ? "text/event-stream" : "application/json"}};
  if (operation == "embeddings") {
    reply.body = R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,0.25]}],"model":"m1","usage":{"prompt_tokens":1,"total_tokens":1}})";
  } else if (operation == "models") {
    reply.body = R"({"object":"list","data":[{"id":"m1","object":"model"}]})";
  } else if (wire == "anthropic.messages/1") {
    reply.body = stream ? "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"role\":\"assistant\",\"content\":[],\"usage\":{\"input_tokens\":1}}}\n\n"
                          "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
                        : R"({"id":"m","type":"message","role":"assistant","content":[{"type":"text","text":"hello"}],"stop_reason":"end_turn"})";
  } else if (stream) {
    reply.body = "data: {\"id\":\"c\",\"model\":\"m1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n"
                 "data: {\"id\":\"c\",\"model\":\"m1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hello\"}}]}\n\n"
                 "data: {\"id\":\"c\",\"model\":\"m1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                 "data: [DONE]\n\n";
  } else {
    reply.body = R"({"id":"c","model":"m1","choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}]})";
  }
  return reply;
}

bool is_exchange(const Subject& plugin, const Cassette& tape) {
  return plugin.own_transport() ? !tape.refresh : tape.reply.has_value() && tape.reply->status != 0;
}

/// Of the cassettes' requests a plugin may refuse some on purpose; those are no material.
bool begins(const Case& c, const Subject& plugin, const Material& one) {
  const BareAccount account(c, plugin, one.lent);
  return BareExchange(plugin, account.get(), one.lent).begun();
}

}  // namespace

Cassette invented(const Subject& plugin, bool stream) {
  const belay_descriptor& about = *plugin.descriptor;
  Cassette tape;
  tape.name = stream ? "invented-stream" : "invented";
  tape.base_url = about.default_base_url.len != 0 ? std::string(told(about.default_base_url)) : "https://api.conformance.example/v1";
  tape.model = tape.request_model = "m1";
  const bool keyless = plugin.has(BELAY_CAP_KEYLESS);
  tape.keyless = keyless && about.credential_type_count == 0;
  if (about.credential_type_count != 0) tape.credential_type = told(about.credential_types[0]);
  tape.fields = {{"secret", "sk-conformance-0123456789", true}};
  tape.operation = plugin.does("chat") || about.operation_count == 0 ? "chat" : std::string(told(about.operations[0]));
  tape.wire = about.wire_count != 0 ? std::string(told(about.wires[0])) : "";
  tape.stream = stream && tape.operation == "chat";
  tape.body = body_for(tape.operation, tape.wire, tape.stream);
  if (!plugin.own_transport()) tape.reply = reply_for(tape.operation, tape.wire, tape.stream);
  return tape;
}

Materials material(const Case& c, const Subject& plugin) {
  Materials all;
  for (const Cassette& tape : plugin.cassettes) {
    if (!is_exchange(plugin, tape)) continue;
    auto one = std::make_unique<Material>(tape);
    if (begins(c, plugin, *one)) all.push_back(std::move(one));
  }
  if (all.empty()) {
    for (const bool stream : {false, true}) all.push_back(std::make_unique<Material>(invented(plugin, stream)));
  }
  return all;
}

Materials whole_replies(const Case& c, const Subject& plugin) {
  Materials whole = material(c, plugin);
  const auto ends_badly = [&](const std::unique_ptr<Material>& one) {
    if (plugin.own_transport()) return one->tape.expect.error;
    return one->reply().status / 100 != 2 || one->reply().truncated || one->tape.expect.error;
  };
  whole.erase(std::remove_if(whole.begin(), whole.end(), ends_badly), whole.end());
  if (whole.empty()) whole.push_back(std::make_unique<Material>(invented(plugin, plugin.has(BELAY_CAP_STREAM))));
  return whole;
}

std::vector<const Cassette*> refreshes(const Subject& plugin) {
  std::vector<const Cassette*> found;
  for (const Cassette& tape : plugin.cassettes) {
    if (tape.refresh) found.push_back(&tape);
  }
  return found;
}

std::vector<CassetteReply> failures(const Subject& plugin) {
  std::vector<CassetteReply> found;
  for (const Cassette& tape : plugin.cassettes) {
    if (tape.reply && tape.reply->status != 0 && tape.reply->status / 100 != 2) found.push_back(*tape.reply);
  }
  for (const int status : {301, 400, 401, 402, 403, 404, 408, 413, 422, 429, 451, 500, 502, 503, 529}) {
    CassetteReply reply;
    reply.status = status;
    reply.headers = {{"content-type", "application/json"}, {"retry-after", "7"}};
    reply.body = R"({"error":{"message":"Unsupported parameter: 'max_tokens'. Quota of 5000 tokens is used up","type":"error","code":"code_)" + std::to_string(status) +
                 R"(","param":"max_tokens"}})";
    found.push_back(reply);
    reply.headers = {{"content-type", "text/html"}};
    reply.body = "<html><body><h1>Error " + std::to_string(status) + "</h1></body></html>";
    found.push_back(std::move(reply));
  }
  return found;
}

std::vector<std::string> stream_blocks(std::string_view body) {
  std::vector<std::string> blocks;
  std::string block;
  while (!body.empty()) {
    const std::size_t newline = body.find('\n');
    const std::string_view line = body.substr(0, newline == std::string_view::npos ? body.size() : newline + 1);
    block += line;
    body.remove_prefix(line.size());
    if (line == "\n" || line == "\r\n") blocks.push_back(std::move(block)), block.clear();
  }
  if (!block.empty()) blocks.push_back(std::move(block));
  return blocks;
}

namespace {

std::string joined(const std::vector<std::string>& blocks, std::size_t repeated, std::size_t times) {
  std::string body;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    for (std::size_t n = 0; n < (i == repeated ? times : 1); ++n) body += blocks[i];
  }
  return body;
}

/// Events and their bytes, or nullopt where the exchange did not end well.
std::optional<std::uint64_t> said(const Subject& plugin, belay_instance* instance, const Material& one, const std::string& body) {
  CassetteReply reply = one.reply();
  reply.body = body;
  EventTape tape(one.tape, EventTape::Keep::transcript);
  const belay_status status = play_bare(plugin, instance, one.lent, reply, tape);
  const bool failed = tape.transcript.find("ERROR ") != std::string::npos;
  return status == BELAY_OK && tape.complete() && !failed && tape.breach.empty() ? std::optional(tape.bytes) : std::nullopt;
}

}  // namespace

std::optional<Cassette> grown_stream(const Subject& plugin, belay_instance* instance, const Material& one, std::size_t size) {
  if (!one.tape.stream || !one.tape.reply) return std::nullopt;
  const std::vector<std::string> blocks = stream_blocks(one.reply().body);
  const auto once = said(plugin, instance, one, one.reply().body);
  if (!once) return std::nullopt;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].find("data") == std::string::npos) continue;
    const auto thrice = said(plugin, instance, one, joined(blocks, i, 3));
    if (!thrice || *thrice <= *once) continue;
    Cassette grown = one.tape;
    grown.reply->body = joined(blocks, i, size / blocks[i].size() + 1);
    return grown;
  }
  return std::nullopt;
}

std::optional<Cassette> grown_body(const Cassette& tape, std::size_t size) {
  if (tape.stream || !tape.reply || !tape.expect.text || tape.expect.text->empty()) return std::nullopt;
  const std::string text = json::quoted(*tape.expect.text);
  const std::size_t at = tape.reply->body.find(text);
  if (at == std::string::npos) return std::nullopt;
  Cassette grown = tape;
  // As texts are, with what a parser has to stop at.
  static constexpr std::string_view sentence = R"(She said: \"It is 21 \u00b0C in the caf\u00e9, and 5 \/ 7 of them agree.\"\n)";
  std::string longer;
  longer.reserve(size + sentence.size());
  while (longer.size() < size) longer += sentence;
  grown.reply->body.insert(at + 1, longer);
  return grown;
}

void exercise(const Case& c, Subject& plugin, const Materials& materials) {
  for (const auto& one : materials) {
    const BareAccount account(c, plugin, one->lent);
    EventTape tape(one->tape, EventTape::Keep::numbers);
    play_bare(plugin, account.get(), one->lent, one->reply(), tape);
  }
  const BareAccount account(c, plugin, materials.front()->lent);
  for (const CassetteReply& reply : failures(plugin)) {
    const LentFailure failure(reply);
    ClassificationRoom room;
    const TestHost::Inside inside(Where::any, "classify_error");
    plugin.api->classify_error(account.get(), failure.get(), &room.out);
  }
  for (const Cassette* tape : refreshes(plugin)) {
    const Account owner(c, plugin, *tape);
    refresh(plugin, owner.get(), *tape);
  }
}

}  // namespace belay::conform
