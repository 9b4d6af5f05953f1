#include "span_writer.hpp"

namespace belay::gateway::sight {
namespace {

void text(json::Writer& to, std::string_view name, std::string_view value) {
  json::key(to, name);
  json::str(to, value);
}

void open_attribute(json::Writer& to, std::string_view name) {
  to.StartObject();
  text(to, "key", name);
  json::key(to, "value");
  to.StartObject();
}

void close_attribute(json::Writer& to) {
  to.EndObject();
  to.EndObject();
}

}  // namespace

void SpanWriter::begin(std::string_view trace, std::string_view span, std::string_view parent, std::string_view name,
                       SpanKind kind, std::int64_t from, std::int64_t until) {
  to_.StartObject();
  text(to_, "traceId", trace);
  text(to_, "spanId", span);
  if (!parent.empty()) text(to_, "parentSpanId", parent);
  json::key(to_, "flags"), to_.Int(1);  // sampled
  text(to_, "name", name);
  json::key(to_, "kind"), to_.Int(static_cast<int>(kind));
  text(to_, "startTimeUnixNano", std::to_string(from));
  text(to_, "endTimeUnixNano", std::to_string(until));
}

void SpanWriter::begin_attributes() {
  json::key(to_, "attributes");
  to_.StartArray();
}

void SpanWriter::attribute(std::string_view name, std::string_view value) {
  if (value.empty()) return;
  open_attribute(to_, name);
  text(to_, "stringValue", value);
  close_attribute(to_);
}

void SpanWriter::attribute(std::string_view name, std::int64_t value) {
  open_attribute(to_, name);
  text(to_, "intValue", std::to_string(value));
  close_attribute(to_);
}

void SpanWriter::attribute(std::string_view name, double value) {
  open_attribute(to_, name);
  json::key(to_, "doubleValue"), to_.Double(value);
  close_attribute(to_);
}

void SpanWriter::flag(std::string_view name, bool value) {
  open_attribute(to_, name);
  json::key(to_, "boolValue"), to_.Bool(value);
  close_attribute(to_);
}

void SpanWriter::end_attributes() { to_.EndArray(); }

void SpanWriter::begin_events() {
  json::key(to_, "events");
  to_.StartArray();
}

void SpanWriter::begin_event(std::string_view name, std::int64_t at) {
  to_.StartObject();
  text(to_, "timeUnixNano", std::to_string(at));
  text(to_, "name", name);
}

void SpanWriter::end_event() { to_.EndObject(); }
void SpanWriter::end_events() { to_.EndArray(); }

void SpanWriter::end(bool failed, std::string_view message) {
  json::key(to_, "status");
  to_.StartObject();
  if (failed) {
    json::key(to_, "code"), to_.Int(2);  // STATUS_CODE_ERROR
    if (!message.empty()) text(to_, "message", message);
  }
  to_.EndObject();
  to_.EndObject();
}

}  // namespace belay::gateway::sight
