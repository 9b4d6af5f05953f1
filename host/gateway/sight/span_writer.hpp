// The parts of an OTLP JSON span.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace belay::gateway::sight {

enum class SpanKind { server = 2, client = 3 };

class SpanWriter {
 public:
  explicit SpanWriter(json::Writer& to) : to_(to) {}

  /// `from`, `until`: Unix nanoseconds.
  void begin(std::string_view trace, std::string_view span, std::string_view parent, std::string_view name,
             SpanKind kind, std::int64_t from, std::int64_t until);
  void begin_attributes();
  void attribute(std::string_view name, std::string_view value);  ///< empty: left out
  void attribute(std::string_view name, std::int64_t value);
  void attribute(std::string_view name, double value);
  void flag(std::string_view name, bool value);
  void end_attributes();
  void begin_events();
  void begin_event(std::string_view name, std::int64_t at);
  void end_event();
  void end_events();
  /// Ends the span; `failed`: status ERROR with that message.
  void end(bool failed, std::string_view message);

 private:
  json::Writer& to_;
};

}  // namespace belay::gateway::sight
