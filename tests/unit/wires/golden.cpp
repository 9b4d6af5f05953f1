#include "golden.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

namespace belay::runtime::test {

json::Document golden(const std::string& file) {
  std::ifstream in(std::string(DATA_DIR) + "/" + file);
  std::stringstream text;
  text << in.rdbuf();
  auto document = json::parse(text.str());
  EXPECT_TRUE(document) << file << ": " << document.error().message;
  return document ? std::move(*document) : json::Document(rapidjson::kObjectType);
}

namespace {

belay_str str(std::string_view text) { return {text.data(), text.size()}; }

belay_event event_of(std::uint32_t type) {
  belay_event event{};
  event.size = sizeof event;
  event.type = type;
  return event;
}

std::int64_t stopped(std::string_view word) {
  static const std::map<std::string_view, std::int64_t> words{
      {"end", BELAY_STOPPED_END}, {"length", BELAY_STOPPED_LENGTH}, {"tools", BELAY_STOPPED_TOOLS}, {"filter", BELAY_STOPPED_FILTER}, {"stop_sequence", BELAY_STOPPED_OTHER}};
  return words.at(word);
}

}  // namespace

void play(const json::Value& events, wires::ReplyWriter& writer) {
  static const std::map<std::string_view, std::uint32_t> texts{{"text", BELAY_EVENT_TEXT}, {"reasoning", BELAY_EVENT_REASONING}, {"refusal", BELAY_EVENT_REFUSAL}};
  for (const auto& one : events.GetArray()) {
    const std::string_view kind = json::view(one.MemberBegin()->name);
    const json::Value& value = one.MemberBegin()->value;
    if (const auto text = texts.find(kind); text != texts.end()) {
      belay_event event = event_of(text->second);
      event.a = str(json::view(value));
      writer.on_event(event);
    } else if (kind == "start") {
      belay_event event = event_of(BELAY_EVENT_MESSAGE_START);
      event.a = str(json::view(value[0]));
      event.b = str(json::view(value[1]));
      writer.on_event(event);
    } else if (kind == "tool" || kind == "args") {
      belay_event event = event_of(kind == "tool" ? BELAY_EVENT_TOOL_BEGIN : BELAY_EVENT_TOOL_ARGS);
      event.index = value[0].GetUint();
      event.a = str(json::view(value[1]));
      if (kind == "tool") event.b = str(json::view(value[2]));
      writer.on_event(event);
    } else if (kind == "tool_end") {
      belay_event event = event_of(BELAY_EVENT_TOOL_END);
      event.index = value.GetUint();
      writer.on_event(event);
    } else if (kind == "usage") {
      const auto count = [&value](std::string_view name) { return json::int_at(value, name).value_or(-1); };
      belay_usage usage{sizeof(belay_usage), 0, count("prompt"), count("completion"), count("cached"), count("cache_write"), count("reasoning"), -1};
      belay_event event = event_of(BELAY_EVENT_USAGE);
      event.usage = &usage;
      writer.on_event(event);
    } else {
      ASSERT_EQ(kind, "stop");
      belay_event event = event_of(BELAY_EVENT_STOP);
      event.num = stopped(json::view(value));
      event.a = str(json::view(value));
      writer.on_event(event);
    }
  }
}

Told tell(wires::Wire wire, const json::Value& events, std::string_view request) {
  Told out;
  const auto writer = wires::writer_for(wire, {.id = "01X", .created = 1700000000, .model = "asked", .body = request}, [&out](std::string_view data, std::string_view text) {
    out.stream.emplace_back(data);
    out.text += text;
  });
  play(events, *writer);
  out.body = writer->body();
  out.usage = writer->usage();
  EXPECT_EQ(out.text, writer->text());
  EXPECT_EQ(static_cast<std::int64_t>(out.stream.size()), writer->events());
  return out;
}

}  // namespace belay::runtime::test
