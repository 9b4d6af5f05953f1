// What the tool found out, before it is written in one of the formats.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "check.hpp"
#include "plugins/registry.hpp"
#include "run/outcome.hpp"

namespace belay::conform {

/// Facts of a file that need no code of it.
struct FileFacts {
  std::string path;                             ///< as the person named it
  std::string sha256;
  std::optional<plugins::NoteFacts> note;
  std::string provider;                         ///< type under test, once known
  std::size_t cassettes = 0;
};

struct CheckReport {
  const Check* check = nullptr;
  Outcome outcome;
  std::string waiver;                           ///< reason, where it is waived and needed that
  std::string again;                            ///< the command that runs it again
};

struct FileReport {
  FileFacts facts;
  std::string load_error;                       ///< why it could not be loaded; empty: it could
  std::vector<CheckReport> checks;
  std::vector<std::pair<std::string, std::string>> idle_waivers;   ///< id and reason of waivers that nothing needed
};

/// How the tool was called, as far as it matters for reading the report.
struct RunFacts {
  std::uint64_t seed = 1;
  bool certify = false;
};

/// Statuses counted; a waived failure counts as waived alone.
struct Tally {
  std::size_t passed = 0, failed = 0, warned = 0, skipped = 0, not_applicable = 0, waived = 0;
};
Tally tally(const FileReport& report);

/// Gets what is found as it is found, in order.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual void begin(const RunFacts& run) = 0;
  virtual void begin_file(const FileFacts& facts, std::size_t checks) = 0;
  virtual void check(const FileFacts& facts, const CheckReport& report) = 0;
  virtual void end_file(const FileReport& report) = 0;
  virtual void end(const std::vector<FileReport>& all) = 0;
};

/// Where a writer's text goes.
using Put = void (*)(void* to, std::string_view text);
struct Out {
  void* to;
  Put put;
  void operator()(std::string_view text) const { put(to, text); }
};

enum class Colour : std::uint8_t { no, yes };
std::unique_ptr<Writer> human_writer(Out out, Colour colour);
std::unique_ptr<Writer> json_writer(Out out);
std::unique_ptr<Writer> junit_writer(Out out);
std::unique_ptr<Writer> tap_writer(Out out);

}  // namespace belay::conform
