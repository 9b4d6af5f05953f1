// What became of one check, as the tool tells it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace belay::conform {

enum class Status : std::uint8_t {
  pass,
  fail,
  warn,            ///< a `should` that does not hold
  skip,            ///< could not be asked: a cassette is missing, the plugin can't be loaded
  not_applicable,  ///< the question does not arise for this kind of plugin
  crash,           ///< the child was killed by a signal or left without a verdict
  hang,            ///< killed after its time, wall clock or processor
  leaked,          ///< processes were left behind
};
std::string_view to_string(Status);

/// fail, crash, hang, leaked: what makes the tool end with 1 unless waived.
bool failed(Status);

struct Outcome {
  Status status = Status::fail;
  std::string expected, observed;                             ///< of everything but pass; printable, one line each
  std::vector<std::pair<std::string, std::string>> measured;  ///< ("ns per call", "412")
  std::string doing;                                          ///< what was under way when it crashed or hung
  std::string output;                                         ///< the end of what was written to stdout and stderr, when it did not pass
  std::string backtrace;                                      ///< of a crash or hang
  std::chrono::milliseconds took{0};
};

}  // namespace belay::conform
