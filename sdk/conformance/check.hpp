// What a check is. One check is one question of the plugin ABI with one answer; it runs in a child process of its own and has the plugin to itself.
// Checks are registered in tables, one table a file of checks/ (checks.hpp lists them); their order there is the order of the report.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace belay::conform {

enum class Severity : std::uint8_t {
  must,    ///< failing it fails the plugin
  should,  ///< failing it is a warning; with --certify it fails
};

/// What kind of work a check is: `--skip` by group, and CI leaves out fuzz and performance.
enum class Group : std::uint8_t { load, metadata, lifecycle, threads, request, stream, errors, refresh, cancel, memory, fuzz, performance };
std::string_view to_string(Group);

class Case;

struct Check {
  std::string_view id;         ///< "STRM-01"
  Group group;
  Severity severity;
  std::string_view title;      ///< what a good plugin does, one line: "one chunk and byte by byte give the same events"
  std::string_view rules;      ///< what it cites: "P5", "P12 event.h", "DESIGN 4.3"; space between
  std::string_view explain;    ///< for --explain: what is done, why it matters, what a failing plugin usually did wrong; several sentences
  void (*run)(Case&);
  std::chrono::seconds limit{20};  ///< of wall clock, after which the child's process group is killed: status `hang`
  /// The child may start threads, open sockets and the like only where its check needs that; the plugin never may (P17 to P19).
  bool own_host = false;       ///< false: the plugin is loaded and greeted before `run`; true: `run` does that itself (load checks)
};

/// Thrown by Case; caught by the child's main alone.
struct CheckFailed : std::runtime_error {
  CheckFailed(std::string e, std::string o) : std::runtime_error(e), expected(std::move(e)), observed(std::move(o)) {}
  std::string expected, observed;
};
struct CheckSkipped : std::runtime_error {
  using std::runtime_error::runtime_error;
};
struct CheckNotApplicable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Subject;     // drive/subject.hpp: the plugin under test
struct ChildSetup;  // run/child.hpp: what the parent told the child

/// What a check sees while it runs, in the child.
class Case {
 public:
  Case(const Check& check, const ChildSetup& setup);
  ~Case();
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;
  const Check& check;
  const ChildSetup& setup;

  /// The plugin: its path, tables, providers, cassettes. Loaded already unless Check::own_host.
  Subject& plugin();

  /// Ends the check. `expected` is what a good plugin does, `observed` what this one did: both one line for people, no secrets; bytes are shown
  /// printable and cut.
  [[noreturn]] void fail(std::string expected, std::string observed) const;
  void require(bool good, std::string_view expected, std::string_view observed) const;
  /// Nothing to ask here: "the plugin has no refresh cassette". With --certify a missing cassette counts as a failure (skip_missing), a question that
  /// does not arise (not_applicable: an own transport has no HTTP slots) never does.
  [[noreturn]] void skip_missing(std::string cassette) const;
  [[noreturn]] void not_applicable(std::string why) const;

  /// The seed of this run and check: the same --seed gives the same numbers, whatever other checks run.
  std::mt19937_64& random();
  /// Says in the report what was measured: ("ns per call", "412").
  void measured(std::string_view name, std::string value);
  /// Breadcrumb kept outside the child's memory: what was under way when it crashed or hung ("STRM-02: cassette ok-stream split at 118").
  void doing(std::string_view what);

  /// For the child's main: what was measured; the end of the subject, before the verdict is written.
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& measures() const;
  void tear_down();

 private:
  struct State;
  State* state_;
};

/// What `random()` is seeded with: the run's seed and the check's id.
std::uint64_t seed_of(std::uint64_t run_seed, std::string_view id);

/// All checks, in the order of the report.
std::span<const Check* const> all_checks();

}  // namespace belay::conform
