// OpenAI Responses (POST /v1/responses) to Chat Completions, after OpenAI's API reference and the types of its SDK.
#include <algorithm>

#include "chat_messages.hpp"
#include "to_chat.hpp"
#include "write.hpp"

namespace belay::runtime::wires {
namespace {

using json::Value;
using Role = ChatMessages::Role;

constexpr std::string_view same_in_chat[] = {"temperature", "top_p", "user", "parallel_tool_calls", "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options",
                                             "safety_identifier", "service_tier",
                                             // Not of Responses, but taken by servers that speak both.
                                             "seed", "stop", "frequency_penalty", "presence_penalty", "logit_bias", "top_k", "min_p", "repetition_penalty"};
// What only a server with a memory, or with tools of its own, can do.
constexpr std::string_view of_the_server[] = {"previous_response_id", "conversation", "prompt", "context_management", "moderation"};

class Translator {
 public:
  explicit Translator(const Value& request) : request_(request) {}

  std::variant<std::string, Misfit> run() {
    refuse_server_members();
    read_instructions();
    read_input();
    json::key(out_.to(), "messages");
    messages_.write(out_.to());
    write_tools();
    write_settings();
    write_format();
    out_.json("stream_options", R"({"include_usage":true})");
    if (misfits_.first()) return *misfits_.first();
    return std::string(out_.end());
  }

 private:
  /// The member, or null where it is absent or null.
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
  std::string_view string_or_none(const Value& object, const Place& place, std::string_view name) {
    const Value* value = member(object, name);
    if (value == nullptr) return {};
    if (!value->IsString()) misfits_.malformed(place[name], "must be a string");
    return value->IsString() ? json::view(*value) : std::string_view();
  }

  void refuse_server_members() {
    for (const auto name : of_the_server) {
      const Value* value = member(request_, name);
      if (value != nullptr && !(value->IsArray() && value->Empty())) misfits_.unsupported(whole_[name]);
    }
    if (json::bool_at(request_, "background").value_or(false)) misfits_.unsupported(whole_["background"]);
    if (json::int_at(request_, "top_logprobs").value_or(0) > 0) misfits_.unsupported(whole_["top_logprobs"]);
    const Value* include = member(request_, "include");
    for (rapidjson::SizeType i = 0; include != nullptr && include->IsArray() && i < include->Size(); ++i) {
      const Value& one = (*include)[i];
      if (one.IsString() && json::view(one) == "message.output_text.logprobs") misfits_.unsupported(whole_["include"], "log probabilities");
    }
  }

  void read_instructions() {
    const auto text = string_or_none(request_, whole_, "instructions");
    if (text.empty()) return;
    messages_.begin(Role::system);
    messages_.text(text);
  }

  void read_input() {
    const Value* input = member(request_, "input");
    const Place place = whole_["input"];
    if (input == nullptr) return misfits_.malformed(place, "is missing: it must be a string or a list of items");
    if (input->IsString()) {
      messages_.begin(Role::user);
      messages_.text(json::view(*input));
    } else if (input->IsArray()) {
      for (rapidjson::SizeType i = 0; i < input->Size(); ++i) read_item((*input)[i], place[i]);
      if (messages_.empty() && !misfits_.any()) misfits_.malformed(place, "has no message");
    } else {
      misfits_.malformed(place, "must be a string or a list of items");
    }
  }

  void read_item(const Value& item, const Place& place) {
    if (!item.IsObject()) return misfits_.malformed(place, "must be an object");
    const auto type = string_or_none(item, place, "type");
    if (type == "message" || (type.empty() && item.HasMember("role"))) return read_message(item, place);
    if (type == "function_call") return read_call(item, place);
    if (type == "function_call_output") return read_result(item, place);
    if (type == "reasoning") return;   // what a model thought before; chat has no word for it, and models do without
    if (type == "item_reference" || (type.empty() && item.HasMember("id"))) return misfits_.unsupported(place, "item_reference");
    if (type.empty()) return misfits_.malformed(place["type"], "is missing: it must say what the item is");
    misfits_.unsupported(place, type);
  }

  void read_message(const Value& item, const Place& place) {
    const auto role = string(item, place, "role");
    // Servers that know no developer take a system message for the same, OpenAI's own among them.
    if (role == "system" || role == "developer") messages_.begin(Role::system);
    else if (role == "assistant") messages_.begin(Role::assistant);
    else if (role == "user") messages_.begin(Role::user);
    else return misfits_.malformed(place["role"], "must be user, assistant, system or developer");
    const Value* content = member(item, "content");
    if (content == nullptr) return misfits_.malformed(place["content"], "is missing: it must be a string or a list of parts");
    read_content(*content, place["content"]);
  }

  void read_content(const Value& content, const Place& place) {
    if (content.IsString()) return messages_.text(json::view(content));
    if (!content.IsArray()) return misfits_.malformed(place, "must be a string or a list of parts");
    for (rapidjson::SizeType i = 0; i < content.Size(); ++i) read_part(content[i], place[i]);
  }

  void read_part(const Value& part, const Place& place) {
    if (!part.IsObject()) return misfits_.malformed(place, "must be an object");
    const auto type = string(part, place, "type");
    if (type == "input_text" || type == "output_text" || type == "text") return messages_.text(string(part, place, "text"));
    if (type == "refusal") return messages_.refusal(string(part, place, "refusal"));
    if (type == "input_image") return read_image(part, place);
    if (type == "input_file") return read_file(part, place);
    if (type == "input_audio") return read_audio(part, place);
    if (!type.empty()) misfits_.unsupported(place, type);
  }

  void read_image(const Value& part, const Place& place) {
    const auto url = string_or_none(part, place, "image_url");
    if (url.empty() && member(part, "file_id") != nullptr) return misfits_.unsupported(place["file_id"], "an image by its id");
    if (url.empty()) return misfits_.malformed(place["image_url"], "is missing: it must be a URL or a data URL");
    const auto detail = string_or_none(part, place, "detail");
    messages_.image(url, detail == "original" ? "high" : detail);
  }

  void read_file(const Value& part, const Place& place) {
    const auto data = string_or_none(part, place, "file_data"), id = string_or_none(part, place, "file_id"), name = string_or_none(part, place, "filename");
    if (data.empty() && id.empty()) {
      if (member(part, "file_url") != nullptr) return misfits_.unsupported(place["file_url"], "a file by its URL");
      return misfits_.malformed(place["file_data"], "is missing: it must be the file as a data URL");
    }
    std::string file;
    const auto add = [&file](std::string_view key, std::string_view value) {
      if (!value.empty()) file += (file.empty() ? "\"" : ",\"") + std::string(key) + "\":" + json::quoted(value);
    };
    add("filename", name);
    add("file_data", data);
    add("file_id", id);
    messages_.part(R"({"type":"file","file":{)" + file + "}}");
  }

  void read_audio(const Value& part, const Place& place) {
    const Value* audio = member(part, "input_audio");
    if (audio == nullptr || !audio->IsObject()) return misfits_.malformed(place["input_audio"], "must be an object with data and format");
    messages_.part(R"({"type":"input_audio","input_audio":)" + json::text(*audio) + "}");
  }

  void read_call(const Value& item, const Place& place) {
    messages_.begin(Role::assistant);
    const auto id = string(item, place, "call_id"), name = string(item, place, "name"), arguments = string(item, place, "arguments");
    messages_.call(id, name, std::string(arguments));
  }

  void read_result(const Value& item, const Place& place) {
    messages_.begin_result(string(item, place, "call_id"));
    const Value* output = member(item, "output");
    if (output == nullptr) return misfits_.malformed(place["output"], "is missing: it must be a string or a list of parts");
    read_content(*output, place["output"]);
  }

  // ------------------------------------------------------------------------------------------------------------------ tools

  void write_tools() {
    const Value* tools = member(request_, "tools");
    const Value* choice = member(request_, "tool_choice");
    std::vector<std::string_view> allowed;
    if (choice != nullptr && json::string_at(*choice, "type").value_or("") == "allowed_tools") allowed = allowed_tools(*choice, whole_["tool_choice"]);
    if (tools != nullptr && !tools->IsArray()) return misfits_.malformed(whole_["tools"], "must be a list");
    if (tools != nullptr && !tools->Empty()) {
      json::key(out_.to(), "tools");
      out_.to().StartArray();
      const Place place = whole_["tools"];
      for (rapidjson::SizeType i = 0; i < tools->Size(); ++i) write_tool((*tools)[i], place[i], allowed);
      out_.to().EndArray();
    }
    if (choice != nullptr) write_choice(*choice, whole_["tool_choice"]);
  }

  /// To allow only some tools is to offer no others.
  std::vector<std::string_view> allowed_tools(const Value& choice, const Place& place) {
    std::vector<std::string_view> out;
    const Value* tools = member(choice, "tools");
    const Place list = place["tools"];
    if (tools == nullptr || !tools->IsArray() || tools->Empty()) {
      misfits_.malformed(list, "must be a list of tools");
      return out;
    }
    for (rapidjson::SizeType i = 0; i < tools->Size(); ++i) {
      const auto type = string((*tools)[i], list[i], "type");
      if (type != "function") misfits_.unsupported(list[i], type);
      else out.push_back(string((*tools)[i], list[i], "name"));
    }
    return out;
  }

  void write_tool(const Value& tool, const Place& place, const std::vector<std::string_view>& allowed) {
    if (!tool.IsObject()) return misfits_.malformed(place, "must be an object");
    const auto type = string(tool, place, "type");
    if (type != "function") return misfits_.unsupported(place, type);
    const auto name = string(tool, place, "name");
    if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), name) == allowed.end()) return;
    json::Writer& to = out_.to();
    to.StartObject();
    json::key(to, "type");
    json::str(to, "function");
    json::key(to, "function");
    to.StartObject();
    json::key(to, "name");
    json::str(to, name);
    for (const auto* key : {"description", "parameters", "strict"}) {
      const Value* value = member(tool, key);
      if (value == nullptr) continue;
      json::key(to, key);
      value->Accept(to);
    }
    to.EndObject();
    to.EndObject();
  }

  void write_choice(const Value& choice, const Place& place) {
    if (choice.IsString()) {
      const auto word = json::view(choice);
      if (word != "none" && word != "auto" && word != "required") return misfits_.malformed(place, "must be none, auto, required or an object");
      out_.text("tool_choice", word);
      return;
    }
    if (!choice.IsObject()) return misfits_.malformed(place, "must be a string or an object");
    const auto type = string(choice, place, "type");
    if (type == "allowed_tools") {
      out_.text("tool_choice", string(choice, place, "mode"));
    } else if (type == "function") {
      out_.json("tool_choice", R"({"type":"function","function":{"name":)" + json::quoted(string(choice, place, "name")) + "}}");
    } else {
      misfits_.unsupported(place, type);
    }
  }

  // --------------------------------------------------------------------------------------------------------------- settings

  void write_settings() {
    for (const auto name : same_in_chat) {
      if (const Value* value = member(request_, name)) out_.value(name, *value);
    }
    if (const Value* most = member(request_, "max_output_tokens")) {
      if (!most->IsInt64()) misfits_.malformed(whole_["max_output_tokens"], "must be a whole number");
      out_.value("max_tokens", *most);
    }
    const Value* reasoning = member(request_, "reasoning");
    if (reasoning == nullptr) return;
    const Place place = whole_["reasoning"];
    if (!reasoning->IsObject()) return misfits_.malformed(place, "must be an object");
    if (const auto effort = string_or_none(*reasoning, place, "effort"); !effort.empty()) out_.text("reasoning_effort", effort);
    if (const auto mode = string_or_none(*reasoning, place, "mode"); !mode.empty() && mode != "standard") misfits_.unsupported(place["mode"], mode);
  }

  void write_format() {
    const Value* text = member(request_, "text");
    if (text == nullptr) return;
    const Place place = whole_["text"];
    if (!text->IsObject()) return misfits_.malformed(place, "must be an object");
    if (const auto verbosity = string_or_none(*text, place, "verbosity"); !verbosity.empty()) out_.text("verbosity", verbosity);
    const Value* format = member(*text, "format");
    if (format == nullptr) return;
    const Place at = place["format"];
    if (!format->IsObject()) return misfits_.malformed(at, "must be an object");
    const auto type = string(*format, at, "type");
    if (type == "json_object") {
      out_.json("response_format", R"({"type":"json_object"})");
    } else if (type == "json_schema") {
      Object schema;
      schema.text("name", string(*format, at, "name"));
      const Value* rules = member(*format, "schema");
      if (rules == nullptr || !rules->IsObject()) misfits_.malformed(at["schema"], "must be an object");
      for (const auto* key : {"description", "schema", "strict"}) {
        if (const Value* value = member(*format, key)) schema.value(key, *value);
      }
      out_.json("response_format", R"({"type":"json_schema","json_schema":)" + std::string(schema.end()) + "}");
    } else if (type != "text" && !type.empty()) {
      misfits_.unsupported(at, type);
    }
  }

  const Value& request_;
  const Place whole_{Wire::responses};
  Misfits misfits_;
  ChatMessages messages_;
  Object out_;
};

}  // namespace

std::variant<std::string, Misfit> responses_to_chat(const Value& request) { return Translator(request).run(); }

}  // namespace belay::runtime::wires
