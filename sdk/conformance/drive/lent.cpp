#include "drive/lent.hpp"

#include <algorithm>
#include <cstdio>

#include "base/json.hpp"
#include "drive/test_host.hpp"

namespace belay::conform {
namespace {

constexpr std::size_t structs_room = 4096;

std::size_t room_for_fields(std::size_t count) { return count * (sizeof(belay_field) + 16); }

std::size_t room_for(const Cassette& tape, const LentChanges& changes) {
  std::size_t room = structs_room + 2 * tape.body.size() + changes.body.value_or("").size() + changes.secret.value_or("").size();
  room += tape.base_url.size() + tape.options.size() + tape.model.size() + tape.request_model.size();
  room += changes.base_url.value_or("").size() + changes.options.value_or("").size() + changes.model.value_or("").size() + changes.name.value_or("").size();
  for (const CassetteField& field : tape.fields) room += field.name.size() + field.value.size();
  for (const std::string& name : tape.required) room += name.size() + sizeof(belay_str);
  // A member takes at least four bytes of the body ("":1), so that much for the index.
  const std::size_t body = std::max(tape.body.size(), changes.body.value_or("").size());
  return room + room_for_fields(tape.fields.size()) + std::min<std::size_t>(body / 4 + 8, 4096) * sizeof(belay_member);
}

std::size_t room_for(const CassetteReply& reply) {
  std::size_t room = structs_room + room_for_fields(reply.headers.size());
  for (const auto& [name, value] : reply.headers) room += name.size() + value.size();
  return room;
}

belay_fields keep_fields(ReadOnlyArena& arena, const std::vector<belay_field>& fields) {
  return {arena.keep(std::span<const belay_field>(fields)), static_cast<std::uint32_t>(fields.size()), sizeof(belay_field)};
}

}  // namespace

Lent::Lent(const Cassette& tape, const LentChanges& changes) : arena_(room_for(tape, changes)) {
  const auto keep = [this](std::string_view text) { return lend(arena_.keep_text(text)); };

  belay_config config{};
  config.size = sizeof config;
  config.ctx = the_host().ctx();
  config.name = keep(changes.name.value_or("conformance"));
  config.base_url = keep(changes.base_url.value_or(tape.base_url));
  config.options = keep(changes.options.value_or(tape.options));
  config.model = keep(changes.model.value_or(tape.model));
  config_ = arena_.keep(config);

  belay_request request{};
  request.size = sizeof request;
  request.flags = tape.stream ? BELAY_REQUEST_STREAM : 0;
  request.operation = keep(tape.operation);
  request.wire = keep(tape.wire);
  request.canonical_version = 1;
  request.model = keep(tape.request_model);
  const std::string_view body = arena_.keep_text(changes.body.value_or(tape.body));
  request.body = lend(body);
  std::vector<belay_member> members;
  if (const auto index = json::index_object(body)) {
    for (const json::Member& member : *index) members.push_back({lend(member.name), lend(member.value)});
  }
  members.resize(std::min<std::size_t>(members.size(), 4096));
  request.members = arena_.keep(std::span<const belay_member>(members));
  request.member_count = static_cast<std::uint32_t>(members.size());
  request.member_stride = sizeof(belay_member);
  std::vector<belay_str> required;
  for (const std::string& name : tape.required) required.push_back(keep(name));
  request.required = arena_.keep(std::span<const belay_str>(required));
  request.required_count = static_cast<std::uint32_t>(required.size());
  request.request_id = keep("01CONFORM0000000000000000");
  request.deadline_ns = the_host().table()->mono_ns() + std::int64_t{60'000'000'000};
  request_ = arena_.keep(request);

  if (tape.keyless) return;
  belay_credential credential{};
  credential.size = sizeof credential;
  credential.id = keep(tape.credential_id);
  credential.type = keep(tape.credential_type);
  credential.generation = changes.generation;
  credential.expires_unix_ms = tape.expires_unix_ms;
  std::vector<belay_field> fields;
  for (const CassetteField& field : tape.fields) {
    const bool replaced = field.name == "secret" && changes.secret;
    fields.push_back({keep(field.name), keep(replaced ? *changes.secret : field.value), field.secret ? BELAY_SECRET : 0, 0});
  }
  credential.fields = keep_fields(arena_, fields);
  credential_ = arena_.keep(credential);
}

LentHead::LentHead(const CassetteReply& reply) : arena_(room_for(reply)) {
  std::vector<belay_field> fields;
  for (const auto& [name, value] : reply.headers) fields.push_back({lend(arena_.keep_text(name)), lend(arena_.keep_text(value)), 0, 0});
  head_ = arena_.keep(belay_head{sizeof(belay_head), reply.status, keep_fields(arena_, fields)});
}

LentFailure::LentFailure(const CassetteReply& reply, std::uint32_t kind)
    : head_(reply), body_(std::string_view(reply.body).substr(0, std::size_t{64} << 10)), failure_(belay_failure{}) {
  belay_failure& failure = *failure_.get();
  failure.size = sizeof failure;
  failure.kind = kind;
  failure.status = reply.status;
  failure.headers = head_.fields();
  failure.body = lend_bytes(body_.view());
}

void LentFailure::seal() {
  head_.seal();
  body_.read_only();
  failure_.bytes().read_only();
}

namespace {

CassetteReply refusal() {
  CassetteReply reply;
  reply.status = 401;
  reply.headers = {{"content-type", "application/json"}, {"www-authenticate", "Bearer error=\"invalid_token\""}};
  reply.body = R"({"error":{"message":"the token was refused","type":"invalid_request_error","code":"invalid_api_key"}})";
  return reply;
}

}  // namespace

LentRefresh::LentRefresh(const Cassette& tape, belay_ctx* ctx, std::int64_t deadline_ns) : arena_(room_for(tape, {})), failure_(refusal()) {
  belay_refresh_in in{};
  in.size = sizeof in;
  in.cause = BELAY_CAUSE_REJECTED;
  in.ctx = ctx;
  in.id = lend(arena_.keep_text(tape.credential_id));
  in.type = lend(arena_.keep_text(tape.credential_type));
  in.failed_generation = tape.refresh ? tape.refresh->generation : 1;
  std::vector<belay_field> fields;
  for (const CassetteField& field : tape.fields)
    fields.push_back({lend(arena_.keep_text(field.name)), lend(arena_.keep_text(field.value)), field.secret ? BELAY_SECRET : 0, 0});
  in.fields = keep_fields(arena_, fields);
  in.expires_unix_ms = tape.expires_unix_ms;
  in.failure = failure_.get();
  in.deadline_ns = deadline_ns;
  in.cancel = the_host().cancel();
  in.attempt = 1;
  in_ = arena_.keep(in);
}

void LentRefresh::seal() {
  arena_.seal();
  failure_.seal();
}

ClassificationRoom::ClassificationRoom() {
  out.size = sizeof out;
  out.retry_after_ms = out.reset_unix_ms = out.affordable_tokens = -1;
  out.message = {message, sizeof message, 0};
  out.parameter = {parameter, sizeof parameter, 0};
  out.rename = {rename, sizeof rename, 0};
}

std::string ClassificationRoom::text(belay_status status) const {
  const auto words = [](const belay_text& text) { return std::string(text.ptr, std::min(text.len, text.cap)); };
  return "status " + std::to_string(status) + ", reason " + std::to_string(out.reason) + ", scope " + std::to_string(out.scope) + ", retry after " +
         std::to_string(out.retry_after_ms) + " ms, reset " + std::to_string(out.reset_unix_ms) + ", affordable " +
         std::to_string(out.affordable_tokens) + ", parameter \"" + words(out.parameter) + "\" -> \"" + words(out.rename) + "\", message \"" +
         words(out.message) + "\"";
}

}  // namespace belay::conform
