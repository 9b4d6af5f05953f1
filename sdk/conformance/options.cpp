#include "options.hpp"

#include <array>
#include <charconv>
#include <string_view>

#include "base/diagnostic.hpp"
#include "base/utf8.hpp"

namespace belay::conform {
namespace {

using Taken = Result<void>;

struct Option {
  std::string_view name;
  std::string_view value;   ///< what the value is called in --help; empty: a switch
  std::string_view about;
  Taken (*take)(Options&, const std::string& value);
};

template <bool Options::*member>
Taken turn_on(Options& to, const std::string&) {
  to.*member = true;
  return {};
}

template <std::string Options::*member>
Taken keep(Options& to, const std::string& value) {
  if (!(to.*member).empty()) return fail("is given twice");
  to.*member = value;
  return {};
}

/// Several in one word: "LOAD-*,META-*".
template <std::vector<std::string> Options::*member>
Taken add(Options& to, const std::string& value) {
  for (std::size_t at = 0; at <= value.size();) {
    const std::size_t comma = std::min(value.find(',', at), value.size());
    if (comma > at) (to.*member).push_back(value.substr(at, comma - at));
    at = comma + 1;
  }
  return {};
}

template <class Number>
Taken read_number(const std::string& value, Number least, Number most, Number& to) {
  Number read{};
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), read);
  if (error != std::errc() || end != value.data() + value.size() || read < least || read > most) {
    return fail("can't be \"" + printable(value) + "\" (right would be a number from " + std::to_string(least) + " to " + std::to_string(most) + ")");
  }
  to = read;
  return {};
}

Taken take_format(Options& to, const std::string& value) {
  static constexpr std::array<std::pair<std::string_view, Format>, 4> known = {
      {{"human", Format::human}, {"json", Format::json}, {"junit", Format::junit}, {"tap", Format::tap}}};
  for (const auto& [name, format] : known) {
    if (value != name) continue;
    to.format = format;
    return {};
  }
  const std::string meant = suggest(value, {"human", "json", "junit", "tap"});
  return fail("can't be \"" + printable(value) + "\" (" + (meant.empty() ? "one of human, json, junit, tap" : "did you mean " + meant + "?") + ")");
}

constexpr Option options[] = {
    {"--list", "", "what is checked, one line each; with --format json all of it", turn_on<&Options::list>},
    {"--explain", "ID", "what one check does, why, and what plugins that fail it usually did wrong", keep<&Options::explain>},
    {"--only", "GLOB", "only these: ids or groups, several with commas or by repeating (STRM-*, refresh)", add<&Options::only>},
    {"--skip", "GLOB", "all but these (fuzz,performance)", add<&Options::skip>},
    {"--seed", "N", "of everything random; the same gives the same report (1)",
     [](Options& to, const std::string& value) { return read_number<std::uint64_t>(value, 0, UINT64_MAX, to.seed); }},
    {"--jobs", "N", "checks at a time (as many as there are processors)",
     [](Options& to, const std::string& value) { return read_number<unsigned>(value, 1, 256, to.jobs); }},
    {"--certify", "", "a missing cassette and a \"should\" that does not hold fail too", turn_on<&Options::certify>},
    {"--in-process", "", "no children: for a debugger; a crash ends the tool", turn_on<&Options::in_process>},
    {"--format", "FORMAT", "human, json, junit or tap (human)", take_format},
    {"--provider", "TYPE", "of a file with several provider types, this one (the first)", keep<&Options::provider>},
    {"--cassettes", "DIR", "recordings (FILE.cassettes beside the file)", keep<&Options::cassettes>},
    {"--waivers", "FILE", "JSON: {\"version\":1,\"waivers\":[{\"check\":\"STRM-11\",\"reason\":\"...\"}]}", keep<&Options::waivers>},
    {"--help", "", "this text", turn_on<&Options::help>},
    {"--version", "", "of the tool and of the ABI it knows", turn_on<&Options::version>},
};

const Option* find(std::string_view name) {
  for (const auto& option : options) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

Error unknown(const std::string& word, std::string_view name) {
  std::vector<std::string> known;
  for (const auto& option : options) known.emplace_back(option.name);
  const std::string meant = suggest(name, known);
  return fail("unknown option \"" + printable(word) + "\" (" + (meant.empty() ? "see belay-conform --help" : "did you mean " + meant + "?") + ")");
}

/// What doesn't go together, and what is missing.
Result<void> check_whole(const Options& given) {
  const bool asks = given.list || !given.explain.empty() || given.help || given.version;
  if (given.files.empty() && !asks) return fail("no plugin is named; right would be: belay-conform FILE.so (see belay-conform --help)");
  if (given.list && !given.explain.empty()) return fail("--list and --explain are two questions; ask one at a time");
  if (given.list && given.format != Format::human && given.format != Format::json) return fail("--list is written as --format human or json");
  return {};
}

}  // namespace

Result<Options> parse_options(std::span<const std::string> words) {
  Options out;
  bool only_files = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (only_files || word.size() < 2 || word.front() != '-') {
      out.files.push_back(word);
      continue;
    }
    if (word == "--") {
      only_files = true;
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string name = word == "-h" ? "--help" : word.substr(0, equals);
    const Option* option = find(name);
    if (option == nullptr) return unknown(word, name);
    std::string value;
    if (!option->value.empty()) {
      if (equals != std::string::npos) value = word.substr(equals + 1);
      else if (i + 1 < words.size()) value = words[++i];
      if (value.empty()) return fail(name + " needs a value: " + name + " " + std::string(option->value));
    } else if (equals != std::string::npos) {
      return fail(name + " takes no value");
    }
    if (auto taken = option->take(out, value); !taken) return fail(name + " " + taken.error().message);
  }
  if (auto whole = check_whole(out); !whole) return whole.error();
  return out;
}

std::string help_text() {
  std::string out =
      "usage: belay-conform FILE.so [...] [options]\n\n"
      "Proves that a belay plugin keeps the ABI. Every check runs in a process of its own; what fails says how to run it again.\n\n";
  constexpr std::size_t column = 22;
  for (const auto& option : options) {
    std::string left = "  " + std::string(option.name) + (option.value.empty() ? "" : " " + std::string(option.value));
    left.resize(std::max(left.size() + 1, column), ' ');
    out += left + std::string(option.about) + "\n";
  }
  out += "\nexit: 0 all hold, 1 a check failed, 2 usage, 3 a plugin could not be loaded, 4 the tool itself is at fault\n";
  return out;
}

}  // namespace belay::conform
