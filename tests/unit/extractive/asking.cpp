#include "asking.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace belay::extractive_test {

namespace {

const driver::Plugin& plugin() {
  static const driver::Plugin loaded(EXTRACTIVE);
  return loaded;
}

}  // namespace

Reply ask(const std::string& body, const std::string& options, driver::Events events) {
  driver::Instance instance = plugin().make("", options);
  driver::Request request;
  request.wire = "";
  request.body = body;
  Reply out{.events = std::move(events)};
  driver::Exchange exchange = instance.begin(request);
  if (exchange.started.status != BELAY_OK) throw std::runtime_error(exchange.started.text);
  out.status = exchange.run(out.events);
  for (const driver::Event& event : out.events.seen) {
    if (event.type == BELAY_EVENT_TEXT) out.text += event.a;
    if (event.type == BELAY_EVENT_MESSAGE_START) out.model = event.b;
    if (event.type == BELAY_EVENT_ERROR) out.error = event.failure_body;
  }
  return out;
}

std::string json_string(std::string_view text) {
  rapidjson::StringBuffer out;
  rapidjson::Writer<rapidjson::StringBuffer> writer(out);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  return {out.GetString(), out.GetSize()};
}

std::string body_of(const std::vector<Message>& messages, std::string_view members) {
  std::string out = R"({"messages":[)";
  for (const Message& message : messages) {
    if (out.back() != '[') out += ',';
    out += R"({"role":")" + message.role + R"(","content":)" + json_string(message.text) + "}";
  }
  out += ']';
  if (!members.empty()) out.append(",").append(members);
  return out + '}';
}

std::string file(const std::string& name) {
  std::ifstream in(std::string(CONVERSATIONS) + "/" + name, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  if (!in) throw std::runtime_error("can't read " + name);
  return out.str();
}

}  // namespace belay::extractive_test
