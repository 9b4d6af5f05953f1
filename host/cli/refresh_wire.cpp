#include "refresh_wire.hpp"

#include "base/hash.hpp"
#include "base/json.hpp"
#include "lists.hpp"

namespace belay::cli {
namespace {

using credentials::RefreshRequest;
using credentials::RefreshResult;

Error damaged(std::string_view member) {
  return fail("refresh line: \"" + std::string(member) + "\" is missing or wrong");
}

Result<std::string> text_member(const json::Value& object, std::string_view name) {
  const auto text = json::string_at(object, name);
  if (!text) return damaged(name);
  return std::string(*text);
}

Result<std::string> bytes_of(const json::Value& value, std::string_view name) {
  if (!value.IsString()) return damaged(name);
  auto bytes = base64_decode(json::view(value));
  if (!bytes) return damaged(name);
  return *std::move(bytes);
}

/// Headers as [[name, value], ...].
Result<std::vector<std::pair<std::string, std::string>>> headers_of(const json::Value& object) {
  const json::Value* list = json::find(object, "headers");
  if (list == nullptr || !list->IsArray()) return damaged("headers");
  std::vector<std::pair<std::string, std::string>> headers;
  for (const json::Value& pair : list->GetArray()) {
    if (!pair.IsArray() || pair.Size() != 2) return damaged("headers");
    auto name = bytes_of(pair[0], "headers");
    auto value = bytes_of(pair[1], "headers");
    if (!name || !value) return damaged("headers");
    headers.emplace_back(*std::move(name), *std::move(value));
  }
  return headers;
}

Result<json::Document> object_of(std::string_view line) {
  auto document = json::parse(line);
  if (!document) return document.error().within("refresh line");
  if (!document->IsObject()) return fail("refresh line: not an object");
  return document;
}

}  // namespace

std::string encode(const RefreshRequest& request, MonoTime now) {
  json::Buffer buffer;
  json::Writer writer(buffer);
  writer.StartObject();
  json::key(writer, "provider"), json::str(writer, request.provider);
  json::key(writer, "id"), json::str(writer, request.id);
  json::key(writer, "cause"), json::str(writer, to_string(request.cause));
  json::key(writer, "generation"), writer.Uint64(request.failed_generation);
  json::key(writer, "asked_at"), writer.Int64(request.asked_at);
  json::key(writer, "wait_ms"), writer.Int64(std::chrono::duration_cast<Millis>(request.wait_until - now).count());
  json::key(writer, "status"), writer.Int(request.failure.status);
  json::key(writer, "headers"), writer.StartArray();
  for (const auto& [name, value] : request.failure.headers) {
    writer.StartArray();
    json::str(writer, base64(name)), json::str(writer, base64(value));
    writer.EndArray();
  }
  writer.EndArray();
  json::key(writer, "body"), json::str(writer, base64(request.failure.body));
  writer.EndObject();
  return line_of(buffer);
}

Result<RefreshRequest> decode_request(std::string_view line, MonoTime now) {
  const auto object = object_of(line);
  if (!object) return object.error();
  RefreshRequest request;
  auto provider = text_member(*object, "provider");
  auto id = text_member(*object, "id");
  const auto word = json::string_at(*object, "cause");
  const auto cause = word ? credentials::parse_cause(*word) : std::nullopt;
  const json::Value* generation = json::find(*object, "generation");
  const auto asked_at = json::int_at(*object, "asked_at");
  const auto wait = json::int_at(*object, "wait_ms");
  const auto status = json::int_at(*object, "status");
  const json::Value* body = json::find(*object, "body");
  if (!provider) return provider.error();
  if (!id) return id.error();
  if (!cause) return damaged("cause");
  if (generation == nullptr || !generation->IsUint64()) return damaged("generation");
  if (!asked_at) return damaged("asked_at");
  if (!wait) return damaged("wait_ms");
  if (!status || *status < 0 || *status > 999) return damaged("status");
  if (body == nullptr) return damaged("body");
  auto headers = headers_of(*object);
  if (!headers) return headers.error();
  auto bytes = bytes_of(*body, "body");
  if (!bytes) return bytes.error();
  request.provider = *std::move(provider);
  request.id = *std::move(id);
  request.cause = *cause;
  request.failed_generation = generation->GetUint64();
  request.asked_at = *asked_at;
  request.wait_until = now + Millis(*wait);
  request.failure = {static_cast<int>(*status), *std::move(headers), *std::move(bytes)};
  return request;
}

std::string encode(const RefreshResult& result) {
  json::Buffer buffer;
  json::Writer writer(buffer);
  writer.StartObject();
  json::key(writer, "outcome"), json::str(writer, to_string(result.outcome));
  json::key(writer, "generation"), writer.Uint64(result.generation);
  json::key(writer, "retry_after_ms");
  if (result.retry_after) {
    writer.Int64(result.retry_after->count());
  } else {
    writer.Null();
  }
  json::key(writer, "until_secret_changes"), writer.Bool(result.until_secret_changes);
  json::key(writer, "connection_bound"), writer.Bool(result.connection_bound);
  json::key(writer, "message"), json::str(writer, base64(result.message));
  writer.EndObject();
  return line_of(buffer);
}

Result<RefreshResult> decode_result(std::string_view line) {
  const auto object = object_of(line);
  if (!object) return object.error();
  RefreshResult result;
  const auto word = json::string_at(*object, "outcome");
  const auto outcome = word ? credentials::parse_refresh_outcome(*word) : std::nullopt;
  const json::Value* generation = json::find(*object, "generation");
  const json::Value* retry_after = json::find(*object, "retry_after_ms");
  const auto until_secret_changes = json::bool_at(*object, "until_secret_changes");
  const auto connection_bound = json::bool_at(*object, "connection_bound");
  const json::Value* message = json::find(*object, "message");
  if (!outcome) return damaged("outcome");
  if (generation == nullptr || !generation->IsUint64()) return damaged("generation");
  if (retry_after == nullptr || (!retry_after->IsNull() && !retry_after->IsInt64())) return damaged("retry_after_ms");
  if (!until_secret_changes) return damaged("until_secret_changes");
  if (!connection_bound) return damaged("connection_bound");
  if (message == nullptr) return damaged("message");
  auto text = bytes_of(*message, "message");
  if (!text) return text.error();
  result.outcome = *outcome;
  result.generation = generation->GetUint64();
  if (retry_after->IsInt64()) result.retry_after = Millis(retry_after->GetInt64());
  result.until_secret_changes = *until_secret_changes;
  result.connection_bound = *connection_bound;
  result.message = *std::move(text);
  return result;
}

}  // namespace belay::cli
