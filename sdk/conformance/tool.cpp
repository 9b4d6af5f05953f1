#include "tool.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/utf8.hpp"
#include "checks/checks.hpp"
#include "elf.hpp"
#include "listing.hpp"
#include "note.hpp"
#include "report/report.hpp"
#include "run/describe.hpp"
#include "run/judge.hpp"
#include "run/runner.hpp"
#include "select.hpp"
#include "waivers.hpp"

namespace belay::conform {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_plugin = std::size_t{256} << 20, largest_waivers = 1u << 20;

void print(void* to, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), static_cast<std::FILE*>(to));
  std::fflush(static_cast<std::FILE*>(to));
}

Exit say(Exit code, const std::string& sentence) {
  std::fprintf(stderr, "belay-conform: %s\n", sentence.c_str());
  return code;
}

std::unique_ptr<Writer> writer_for(Format format) {
  const Out out{stdout, print};
  switch (format) {
    case Format::human:
      break;
    case Format::json:
      return json_writer(out);
    case Format::junit:
      return junit_writer(out);
    case Format::tap:
      return tap_writer(out);
  }
  const char* refused = std::getenv("NO_COLOR");  // no-color.org
  const bool colour = isatty(STDOUT_FILENO) != 0 && (refused == nullptr || *refused == '\0');
  return human_writer(out, colour ? Colour::yes : Colour::no);
}

/// Where all children's folders are made; goes with the tool.
class Workshop {
 public:
  Workshop() {
    std::string path = (fs::temp_directory_path(error_) / "belay-conform-XXXXXX").string();
    if (!error_ && mkdtemp(path.data()) != nullptr) path_ = path;
  }
  ~Workshop() {
    if (!path_.empty()) fs::remove_all(path_, error_);
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::error_code error_;
  std::string path_;
};

/// A word for the shell that a person pastes it into.
std::string shell_word(const std::string& word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("_-./+,:=@%").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (plain) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// acme.cassettes or acme.so.cassettes beside acme.so.
std::string cassettes_of(const std::string& file, const std::string& given) {
  std::error_code error;
  if (!given.empty()) return fs::absolute(given, error).string();
  const fs::path path(file);
  for (const std::string& name : {path.stem().string() + ".cassettes", path.filename().string() + ".cassettes"}) {
    const fs::path folder = path.parent_path() / name;
    if (fs::is_directory(folder, error)) return folder.string();
  }
  return {};
}

std::size_t cassette_count(const std::string& folder) {
  std::error_code error;
  std::size_t count = 0;
  if (folder.empty()) return 0;
  for (const auto& entry : fs::directory_iterator(folder, error)) count += entry.path().extension() == ".json" ? 1 : 0;
  return count;
}

class Tool {
 public:
  Tool(const Options& options, std::vector<const Check*> checks, Waivers waivers)
      : options_(options), checks_(std::move(checks)), waivers_(std::move(waivers)), writer_(writer_for(options.format)) {}

  Exit run() {
    if (workshop_.path().empty()) return say(Exit::tool, "can't make a folder for the children: " + errno_text(errno));
    writer_->begin({options_.seed, options_.certify});
    for (const auto& file : options_.files) {
      if (!examine(file)) return Exit::interrupted;
    }
    writer_->end(reports_);
    return code_;
  }

 private:
  void worsen(Exit code) { code_ = std::max(code_, code); }

  /// False when the person wants no more.
  bool examine(const std::string& named) {
    FileReport report;
    report.facts.path = named;
    const auto bytes = read_file(named, largest_plugin);
    if (!bytes) {
      say(Exit::not_loaded, named + ": " + bytes.error().message);
      worsen(Exit::not_loaded);
      report.load_error = bytes.error().message;
      writer_->begin_file(report.facts, 0);
      writer_->end_file(report);
      reports_.push_back(std::move(report));
      return true;
    }
    read_facts(*bytes, report.facts);
    std::error_code error;
    plan_.setup.plugin = fs::canonical(named, error).string();
    plan_.setup.cassettes = cassettes_of(plan_.setup.plugin, options_.cassettes);
    report.facts.cassettes = cassette_count(plan_.setup.cassettes);
    prepare(report);
    writer_->begin_file(report.facts, checks_.size());
    if (!run_all(report)) return false;
    finish(report);
    return true;
  }

  /// Facts that need no code of the file: hash and note, read by the gate's own reader.
  static void read_facts(const std::string& bytes, FileFacts& facts) {
    facts.sha256 = to_hex(sha256(bytes));
    const auto elf = plugins::elf::read(bytes);
    if (!elf || !elf->note) return;
    if (auto note = plugins::parse_note(*elf->note)) facts.note = std::move(*note);
  }

  void prepare(FileReport& report) {
    std::error_code error;
    plan_.setup.provider = options_.provider;
    plan_.setup.self = fs::read_symlink("/proc/self/exe", error).string();
    plan_.setup.seed = options_.seed;
    plan_.setup.certify = options_.certify;
    plan_.setup.in_process = options_.in_process;
    plan_.folder = workshop_.path();
    plan_.jobs = options_.jobs != 0 ? options_.jobs : std::max(1u, std::thread::hardware_concurrency());
    plan_.own_transport = false;
    if (options_.in_process) plan_.setup.temp = workshop_.path();
    const Outcome who = options_.in_process ? judge(describe_check(), plan_.setup) : run_one(describe_check(), plan_);
    if (who.status != Status::pass) {
      report.load_error = who.observed + (who.expected.empty() ? "" : " (right would be: " + who.expected + ")");
      return;
    }
    for (const auto& [name, value] : who.measured) {
      if (name == "type") report.facts.provider = value;
      if (name == "transport") plan_.own_transport = value == "own";
    }
  }

  bool run_all(FileReport& report) {
    std::vector<const Check*> now;
    for (const Check* check : checks_) {
      if (report.load_error.empty() || check->own_host) now.push_back(check);
    }
    std::size_t told = 0;
    const auto tell_unasked = [&](const Check* until) {
      while (told < checks_.size() && checks_[told] != until) {
        Outcome outcome;
        outcome.status = Status::skip;
        outcome.observed = "the plugin can't be loaded";
        tell(report, *checks_[told++], std::move(outcome));
      }
    };
    const auto finished = [&](const Check& check, const Outcome& outcome) {
      tell_unasked(&check);
      ++told;
      tell(report, check, outcome);
    };
    if (options_.in_process) {
      for (const Check* check : now) finished(*check, judge(*check, plan_.setup));
    } else if (!run_checks(now, plan_, finished)) {
      return false;
    }
    tell_unasked(nullptr);
    return true;
  }

  void tell(FileReport& report, const Check& check, Outcome outcome) {
    if (outcome.status == Status::fail && check.severity == Severity::should && !options_.certify) outcome.status = Status::warn;
    CheckReport one{&check, std::move(outcome), {}, again(report.facts, check)};
    const auto waiver = waivers_.find(std::string(check.id));
    if (waiver != waivers_.end() && failed(one.outcome.status)) one.waiver = waiver->second;
    writer_->check(report.facts, one);
    report.checks.push_back(std::move(one));
  }

  [[nodiscard]] std::string again(const FileFacts& facts, const Check& check) const {
    std::string out = "belay-conform " + shell_word(facts.path) + " --only " + std::string(check.id) + " --seed " + std::to_string(options_.seed);
    if (options_.certify) out += " --certify";
    if (!options_.provider.empty()) out += " --provider " + shell_word(options_.provider);
    if (!options_.cassettes.empty()) out += " --cassettes " + shell_word(options_.cassettes);
    return out;
  }

  void finish(FileReport& report) {
    for (const auto& [id, reason] : waivers_) {
      const auto ran = std::find_if(report.checks.begin(), report.checks.end(), [&id = id](const CheckReport& one) { return one.check->id == id; });
      if (ran != report.checks.end() && ran->waiver.empty()) report.idle_waivers.emplace_back(id, reason);
    }
    if (!report.load_error.empty()) worsen(Exit::not_loaded);
    if (tally(report).failed > 0) worsen(Exit::failed);
    writer_->end_file(report);
    reports_.push_back(std::move(report));
  }

  const Options& options_;
  const std::vector<const Check*> checks_;
  const Waivers waivers_;
  const std::unique_ptr<Writer> writer_;
  Workshop workshop_;
  RunPlan plan_;
  std::vector<FileReport> reports_;
  Exit code_ = Exit::good;
};

}  // namespace

Exit run_tool(const Options& options) {
  const auto all = all_checks();
  if (!options.explain.empty()) {
    const auto check = find_check(all, options.explain);
    if (!check) return say(Exit::usage, check.error().message);
    print(stdout, explanation(**check));
    return Exit::good;
  }
  auto checks = select_checks(all, options.only, options.skip);
  if (!checks) return say(Exit::usage, checks.error().message);
  if (options.list) {
    print(stdout, options.format == Format::json ? list_json(*checks) : list_text(*checks));
    return Exit::good;
  }
  Waivers waivers;
  if (!options.waivers.empty()) {
    const auto text = read_file(options.waivers, largest_waivers);
    if (!text) return say(Exit::usage, "--waivers: " + text.error().message);
    auto read = read_waivers(*text, options.waivers, all);
    if (!read) return say(Exit::usage, read.error().message);
    waivers = std::move(*read);
  }
  if (!options.cassettes.empty() && !fs::is_directory(options.cassettes)) return say(Exit::usage, "--cassettes: " + options.cassettes + " is no folder");
  if (!options.in_process) become_the_tool();
  return Tool(options, std::move(*checks), std::move(waivers)).run();
}

}  // namespace belay::conform
