// Anthropic Messages (POST /v1/messages) to Chat Completions, after Anthropic's API reference and the types of its SDK.
#include <algorithm>

#include "chat_messages.hpp"
#include "to_chat.hpp"
#include "write.hpp"

namespace belay::runtime::wires {
namespace {

using json::Value;
using Role = ChatMessages::Role;

// Not named here are hints (cache_control, context_management, service_tier, speed, diagnostics): an answer without them is still one.
constexpr std::string_view of_the_server[] = {"container", "mcp_servers", "inference_geo", "thread"};
constexpr std::string_view same_in_chat[] = {"max_tokens", "temperature", "top_p", "top_k"};

// Thinking budgets as efforts; what an effort spends is the server's affair, these are the orders of magnitude.
constexpr std::int64_t low_budget = 4096, medium_budget = 16'384;

/// Whether OpenAI's strict mode takes the schema: no object has members beside those that it lists, and all of these are required. Anthropic allows more.
bool can_be_strict(const Value& schema) {
  const auto all = [](const Value* list) {
    if (list == nullptr) return true;
    if (list->IsArray()) return std::all_of(list->Begin(), list->End(), can_be_strict);
    return !list->IsObject() || std::all_of(list->MemberBegin(), list->MemberEnd(), [](const auto& one) { return can_be_strict(one.value); });
  };
  if (!schema.IsObject()) return true;
  const Value* properties = json::find(schema, "properties");
  if (json::string_at(schema, "type").value_or("") == "object" || properties != nullptr) {
    const Value* required = json::find(schema, "required");
    const std::size_t listed = properties != nullptr && properties->IsObject() ? properties->MemberCount() : 0;
    const std::size_t needed = required != nullptr && required->IsArray() ? required->Size() : 0;
    if (json::bool_at(schema, "additionalProperties").value_or(true) || listed != needed) return false;
  }
  const Value* items = json::find(schema, "items");
  return all(properties) && all(json::find(schema, "anyOf")) && all(json::find(schema, "$defs")) && (items == nullptr || can_be_strict(*items));
}

class Translator {
 public:
  explicit Translator(const Value& request) : request_(request) {}

  std::variant<std::string, Misfit> run() {
    for (const auto name : of_the_server) {
      const Value* value = member(request_, name);
      if (value != nullptr && !(value->IsArray() && value->Empty())) misfits_.unsupported(whole_[name]);
    }
    read_system();
    read_messages();
    json::key(out_.to(), "messages");
    messages_.write(out_.to());
    write_tools();
    write_settings();
    write_effort();
    write_format();
    out_.json("stream_options", R"({"include_usage":true})");
    if (misfits_.first()) return *misfits_.first();
    return std::string(out_.end());
  }

 private:
  const Value* member(const Value& object, std::string_view name) const {
    const Value* value = json::find(object, name);
    return value == nullptr || value->IsNull() ? nullptr : value;
  }
  std::string_view string(const Value& object, const Place& place, std::string_view name) {
    const Value* value = member(object, name);
    if (value != nullptr && value->IsString()) return json::view(*value);
    misfits_.malformed(place[name], value == nullptr ? "is missing: it must be a string" : "must be a string");
    return {};
  }

  void read_system() {
    const Value* system = member(request_, "system");
    if (system == nullptr || (system->IsArray() && system->Empty())) return;
    messages_.begin(Role::system);
    read_texts(*system, whole_["system"]);
  }

  /// A string or a list of text blocks.
  void read_texts(const Value& value, const Place& place) {
    if (value.IsString()) return messages_.text(json::view(value));
    if (!value.IsArray()) return misfits_.malformed(place, "must be a string or a list of text blocks");
    for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
      if (json::string_at(value[i], "type").value_or("") != "text") misfits_.malformed(place[i], "must be a text block");
      else messages_.text(string(value[i], place[i], "text"));
    }
  }

  void read_messages() {
    const Value* messages = member(request_, "messages");
    const Place place = whole_["messages"];
    if (messages == nullptr || !messages->IsArray() || messages->Empty()) return misfits_.malformed(place, "must be a list of at least one message");
    for (rapidjson::SizeType i = 0; i < messages->Size(); ++i) read_message((*messages)[i], place[i]);
  }

  void read_message(const Value& message, const Place& place) {
    if (!message.IsObject()) return misfits_.malformed(place, "must be an object");
    const auto role = string(message, place, "role");
    const Value* content = member(message, "content");
    const Place at = place["content"];
    if (content == nullptr || !(content->IsString() || content->IsArray())) return misfits_.malformed(at, "must be a string or a list of blocks");
    if (role == "user") return read_user(*content, at);
    if (role == "assistant") return read_assistant(*content, at);
    if (role != "system") return misfits_.malformed(place["role"], "must be user or assistant");
    messages_.begin(Role::system);
    read_texts(*content, at);
  }

  /// Results of tools come before what else the user says: chat wants them right behind the calls.
  void read_user(const Value& content, const Place& place) {
    if (content.IsString()) {
      messages_.begin(Role::user);
      return messages_.text(json::view(content));
    }
    bool says = content.Empty();
    for (rapidjson::SizeType i = 0; i < content.Size(); ++i) {
      if (is_result(content[i])) read_result(content[i], place[i]);
      else says = true;
    }
    if (!says) return;
    messages_.begin(Role::user);
    for (rapidjson::SizeType i = 0; i < content.Size(); ++i) {
      if (!is_result(content[i])) read_block(content[i], place[i]);
    }
  }

  static bool is_result(const Value& block) { return json::string_at(block, "type").value_or("") == "tool_result"; }

  /// A block of a user's message or of a result.
  void read_block(const Value& block, const Place& place) {
    if (!block.IsObject()) return misfits_.malformed(place, "must be an object");
    const auto type = string(block, place, "type");
    if (type == "text") return messages_.text(string(block, place, "text"));
    if (type == "image") return read_image(block, place);
    if (type == "document") return read_document(block, place);
    if (type == "tool_use" || type == "thinking" || type == "redacted_thinking") return misfits_.malformed(place, "belongs into a message of the assistant");
    if (!type.empty()) misfits_.unsupported(place, type);
  }

  void read_image(const Value& block, const Place& place) {
    const Value* source = member(block, "source");
    const Place at = place["source"];
    if (source == nullptr || !source->IsObject()) return misfits_.malformed(at, "must be an object");
    const auto type = string(*source, at, "type");
    if (type == "url") return messages_.image(string(*source, at, "url"), {});
    if (type == "base64") return messages_.image(data_url(*source, at), {});
    if (!type.empty()) misfits_.unsupported(at, type);
  }

  std::string data_url(const Value& source, const Place& place) {
    return "data:" + std::string(string(source, place, "media_type")) + ";base64," + std::string(string(source, place, "data"));
  }

  void read_document(const Value& block, const Place& place) {
    const Value* source = member(block, "source");
    const Place at = place["source"];
    if (source == nullptr || !source->IsObject()) return misfits_.malformed(at, "must be an object");
    if (const Value* citations = member(block, "citations"); citations != nullptr && json::bool_at(*citations, "enabled").value_or(false)) {
      return misfits_.unsupported(place["citations"]);
    }
    const auto type = string(*source, at, "type");
    if (type == "text") {
      messages_.text(string(*source, at, "data"));
    } else if (type == "content") {
      const Value* content = member(*source, "content");
      const Place inside = at["content"];
      if (content != nullptr && content->IsString()) messages_.text(json::view(*content));
      else if (content != nullptr && content->IsArray()) for (rapidjson::SizeType i = 0; i < content->Size(); ++i) read_block((*content)[i], inside[i]);
      else misfits_.malformed(inside, "must be a string or a list of blocks");
    } else if (type == "base64") {
      const auto title = json::string_at(block, "title").value_or("document.pdf");
      messages_.part(R"({"type":"file","file":{"filename":)" + json::quoted(title) + ",\"file_data\":" + json::quoted(data_url(*source, at)) + "}}");
    } else if (!type.empty()) {
      misfits_.unsupported(at, type);   // by URL or by id: only the server can fetch it
    }
  }

  void read_result(const Value& block, const Place& place) {
    messages_.begin_result(string(block, place, "tool_use_id"));
    if (json::bool_at(block, "is_error").value_or(false)) messages_.text("The tool failed:");   // chat's results have no word for it
    const Value* content = member(block, "content");
    const Place at = place["content"];
    if (content == nullptr) return;
    if (content->IsString()) return messages_.text(json::view(*content));
    if (!content->IsArray()) return misfits_.malformed(at, "must be a string or a list of blocks");
    for (rapidjson::SizeType i = 0; i < content->Size(); ++i) read_block((*content)[i], at[i]);
  }

  void read_assistant(const Value& content, const Place& place) {
    messages_.begin(Role::assistant);
    if (content.IsString()) return messages_.text(json::view(content));
    for (rapidjson::SizeType i = 0; i < content.Size(); ++i) {
      const Value& block = content[i];
      const Place at = place[i];
      if (!block.IsObject()) {
        misfits_.malformed(at, "must be an object");
        continue;
      }
      const auto type = string(block, at, "type");
      if (type == "text") messages_.text(string(block, at, "text"));
      else if (type == "tool_use") read_call(block, at);
      else if (type == "tool_result") misfits_.malformed(at, "belongs into a message of the user");
      // What a model thought before: chat has no word for it, and models do without.
      else if (type != "thinking" && type != "redacted_thinking" && !type.empty()) misfits_.unsupported(at, type);
    }
  }

  void read_call(const Value& block, const Place& place) {
    const Value* input = json::find(block, "input");
    if (input == nullptr || !input->IsObject()) misfits_.malformed(place["input"], "must be an object");
    const auto id = string(block, place, "id"), name = string(block, place, "name");
    messages_.call(id, name, input == nullptr ? std::string() : json::text(*input));
  }

  // ------------------------------------------------------------------------------------------------------------------ tools

  void write_tools() {
    const Value* tools = member(request_, "tools");
    const Place place = whole_["tools"];
    if (tools != nullptr && !tools->IsArray()) return misfits_.malformed(place, "must be a list");
    if (tools != nullptr && !tools->Empty()) {
      json::key(out_.to(), "tools");
      out_.to().StartArray();
      for (rapidjson::SizeType i = 0; i < tools->Size(); ++i) write_tool((*tools)[i], place[i]);
      out_.to().EndArray();
    }
    if (const Value* choice = member(request_, "tool_choice")) write_choice(*choice, whole_["tool_choice"]);
  }

  void write_tool(const Value& tool, const Place& place) {
    if (!tool.IsObject()) return misfits_.malformed(place, "must be an object");
    if (const auto type = json::string_at(tool, "type"); type && *type != "custom") return misfits_.unsupported(place, *type);
    const auto name = string(tool, place, "name");
    const Value* schema = member(tool, "input_schema");
    if (schema == nullptr || !schema->IsObject()) return misfits_.malformed(place["input_schema"], "must be an object");
    json::Writer& to = out_.to();
    const auto copy = [&](std::string_view key, const Value* value) {
      if (value == nullptr) return;
      json::key(to, key);
      value->Accept(to);
    };
    to.StartObject();
    json::key(to, "type");
    json::str(to, "function");
    json::key(to, "function");
    to.StartObject();
    json::key(to, "name");
    json::str(to, name);
    copy("description", member(tool, "description"));
    copy("parameters", schema);
    copy("strict", member(tool, "strict"));
    to.EndObject();
    to.EndObject();
  }

  void write_choice(const Value& choice, const Place& place) {
    if (!choice.IsObject()) return misfits_.malformed(place, "must be an object");
    const auto type = string(choice, place, "type");
    if (type == "auto" || type == "none") out_.text("tool_choice", type);
    else if (type == "any") out_.text("tool_choice", "required");
    else if (type == "tool") out_.json("tool_choice", R"({"type":"function","function":{"name":)" + json::quoted(string(choice, place, "name")) + "}}");
    else if (!type.empty()) misfits_.malformed(place["type"], "must be auto, any, tool or none");
    if (json::bool_at(choice, "disable_parallel_tool_use").value_or(false)) out_.truth("parallel_tool_calls", false);
  }

  // --------------------------------------------------------------------------------------------------------------- settings

  void write_settings() {
    const Value* most = member(request_, "max_tokens");
    if (most == nullptr || !most->IsInt64() || most->GetInt64() < 1) misfits_.malformed(whole_["max_tokens"], "must be a whole number above 0");
    for (const auto name : same_in_chat) {
      if (const Value* value = member(request_, name)) out_.value(name, *value);
    }
    if (const Value* stop = member(request_, "stop_sequences")) {
      if (!stop->IsArray()) misfits_.malformed(whole_["stop_sequences"], "must be a list of strings");
      else if (!stop->Empty()) out_.value("stop", *stop);
    }
    if (const Value* metadata = member(request_, "metadata")) {
      if (const auto user = json::string_at(*metadata, "user_id")) out_.text("user", *user);
    }
  }

  void write_effort() {
    const Value* thinking = member(request_, "thinking");
    const Value* output = member(request_, "output_config");
    std::string_view type;
    if (thinking != nullptr) type = string(*thinking, whole_["thinking"], "type");
    if (type == "disabled") return;
    if (const auto effort = output == nullptr ? std::nullopt : json::string_at(*output, "effort")) {
      out_.text("reasoning_effort", *effort);
    } else if (type == "enabled") {
      const auto budget = json::int_at(*thinking, "budget_tokens");
      if (!budget) return misfits_.malformed(whole_["thinking"], "must have budget_tokens, a whole number");
      out_.text("reasoning_effort", *budget < low_budget ? "low" : *budget < medium_budget ? "medium" : "high");
    }
  }

  void write_format() {
    const Value* output = member(request_, "output_config");
    const Place config = whole_["output_config"];
    if (output != nullptr && member(*output, "format") != nullptr) return write_format(*member(*output, "format"), config["format"]);
    if (const Value* format = member(request_, "output_format")) write_format(*format, whole_["output_format"]);   // its name before it was finished
  }

  void write_format(const Value& format, const Place& place) {
    const auto type = string(format, place, "type");
    if (type != "json_schema") return misfits_.unsupported(place, type);
    const Value* schema = member(format, "schema");
    if (schema == nullptr || !schema->IsObject()) return misfits_.malformed(place["schema"], "must be an object");
    Object answer;
    answer.text("name", "answer").truth("strict", can_be_strict(*schema)).value("schema", *schema);
    out_.json("response_format", R"({"type":"json_schema","json_schema":)" + std::string(answer.end()) + "}");
  }

  const Value& request_;
  const Place whole_{Wire::messages};
  Misfits misfits_;
  ChatMessages messages_;
  Object out_;
};

}  // namespace

std::variant<std::string, Misfit> messages_to_chat(const Value& request) { return Translator(request).run(); }

}  // namespace belay::runtime::wires
