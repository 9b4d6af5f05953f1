// The services that the runtime stands behind: random, state, http, secret, refresh. Each looks up for whom it is
// called, checks what it got, and answers CONTRACT where it may not be called.
#include <algorithm>
#include <cstring>
#include <vector>

#include "answer.hpp"
#include "base/hash.hpp"
#include "base/secret.hpp"
#include "belay/ext/http.h"
#include "belay/ext/random.h"
#include "belay/ext/refresh.h"
#include "belay/ext/secret.h"
#include "belay/ext/state.h"
#include "context.hpp"
#include "host_table.hpp"
#include "sized.hpp"
#include "words.hpp"

namespace belay::plugins {
namespace {

constexpr std::size_t longest_key = 128, longest_note = 16u << 10;
constexpr std::size_t largest_reply = 1u << 20, reply_piece = 16u << 10;

belay_status refuse(belay_error* error, belay_status status, std::string_view why) {
  put(error, why);
  return status;
}

constexpr std::string_view hook_only =
    "this service is for the thread of refresh_credentials() or login(), while it runs";

// ---- belay.random/1

void fill(std::uint8_t* to, std::uint64_t len) {
  while (len > 0) {
    auto piece = random_bytes(std::min<std::uint64_t>(len, 4096));
    std::memcpy(to, piece.data(), piece.size());
    wipe(piece.data(), piece.size());
    to += piece.size();
    len -= piece.size();
  }
}

// ---- belay.state/1

bool note_key(std::string_view key) {
  return !key.empty() && key.size() <= longest_key && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

/// The context that may read and write notes now, or null with the reason in `error`.
std::shared_ptr<const Context> note_keeper(const belay_ctx* ctx, belay_str key, belay_error* error) {
  auto context = context_of(ctx);
  if (!context || context->services == nullptr || current_call() == CallKind::exchange ||
      current_call() == CallKind::none) {
    put(error, "belay.state/1 is for [control], [refresh] and [transport], with a ctx that has not ended");
    return nullptr;
  }
  if (!readable(key) || !note_key(view(key))) {
    put(error, "a key of belay.state/1 is 1 to 128 characters of a-z, 0-9, dot, dash and underscore");
    return nullptr;
  }
  return context;
}

belay_status get_note(belay_ctx* ctx, belay_str key, const belay_byte_sink* sink, belay_error* error) {
  const auto context = note_keeper(ctx, key, error);
  if (!context || sink == nullptr || !BELAY_HAS(sink, belay_byte_sink, emit)) return BELAY_ERR_CONTRACT;
  const auto note = context->services->note(context->provider, view(key));
  if (!note) return refuse(error, BELAY_ERR_INTERNAL, note.error().message);
  return *note ? sink->emit(sink->host, bytes(**note)) : BELAY_OK;
}

belay_status put_note(belay_ctx* ctx, belay_str key, belay_bytes value, belay_error* error) {
  const auto context = note_keeper(ctx, key, error);
  if (!context) return BELAY_ERR_CONTRACT;
  if (!readable(value) || value.len > longest_note)
    return refuse(error, BELAY_ERR_CONTRACT, "a value of belay.state/1 has at most 16 KiB");
  if (scrub(view(value)) != view(value))
    return refuse(error, BELAY_ERR_CONTRACT,
                  "belay.state/1 takes no secrets; emit renewed fields from refresh_credentials()");
  const auto kept = context->services->put_note(context->provider, view(key), view(value));
  return kept ? BELAY_OK : refuse(error, BELAY_ERR_INTERNAL, kept.error().message);
}

// ---- belay.http/1

std::string_view request_fault(const belay_http_request& request) {
  if (!readable(request.method) || !header_name(view(request.method))) return "the method is not legal";
  if (!readable(request.url) || view(request.url).empty()) return "the URL is missing";
  if (!readable(request.body)) return "the body has a length and no memory";
  if (!readable_fields(request.headers)) return "the headers are not readable";
  for (const auto& header : Fields(request.headers)) {
    if (!header_name(view(header.name)) || !header_value(view(header.value))) return "a header is not legal";
  }
  return {};
}

belay_status hand_over(const RefreshServices::HttpReply& got, const belay_http_reply& to) {
  std::vector<belay_field> headers;
  headers.reserve(got.headers.size());
  for (const auto& [name, value] : got.headers) headers.push_back({str(name), str(value), 0, 0});
  const belay_fields fields{headers.data(), static_cast<std::uint32_t>(headers.size()), sizeof(belay_field)};
  if (const auto status = to.head(to.plugin, got.status, fields); status != BELAY_OK)
    return status < 0 ? status : BELAY_OK;
  for (auto left = std::string_view(got.body).substr(0, largest_reply); !left.empty();) {
    const auto piece = left.substr(0, reply_piece);
    if (const auto status = to.body(to.plugin, bytes(piece)); status != BELAY_OK) return status < 0 ? status : BELAY_OK;
    left.remove_prefix(piece.size());
  }
  return BELAY_OK;
}

belay_status perform(belay_ctx* ctx, const belay_http_request* request, const belay_http_reply* reply,
                     belay_error* error) {
  const auto context = hook_of(ctx);
  if (!context) return refuse(error, BELAY_ERR_CONTRACT, hook_only);
  if (request == nullptr || !BELAY_HAS(request, belay_http_request, body) || reply == nullptr ||
      !BELAY_HAS(reply, belay_http_reply, body)) {
    return refuse(error, BELAY_ERR_CONTRACT, "a struct of belay.http/1 is shorter than 1.0 says");
  }
  const auto known = sized_copy(*request);
  if (const auto why = request_fault(known); !why.empty()) return refuse(error, BELAY_ERR_CONTRACT, why);
  if (reply->head == nullptr || reply->body == nullptr)
    return refuse(error, BELAY_ERR_CONTRACT, "the reply's head and body must be set");
  const auto got = context->hook->http(known);
  if (got.status == 0) return refuse(error, got.answer < 0 ? got.answer : BELAY_ERR_PROTOCOL, got.error);
  return hand_over(got, *reply);
}

// ---- belay.secret/1

belay_status read_source(belay_ctx* ctx, belay_str source, const belay_field_sink* sink, belay_error* error) {
  const auto context = hook_of(ctx);
  if (!context) return refuse(error, BELAY_ERR_CONTRACT, hook_only);
  if (!readable(source) || !field_name(view(source)) || sink == nullptr || !BELAY_HAS(sink, belay_field_sink, emit)) {
    return refuse(error, BELAY_ERR_CONTRACT, "belay.secret/1 takes a key such as \"refresh_token\" and a sink");
  }
  auto value = context->hook->read_source(view(source));
  if (!value) return refuse(error, BELAY_ERR_CREDENTIAL, value.error().message);
  const auto status = sink->emit(sink->host, source, str(*value), BELAY_SECRET);
  wipe(value->data(), value->size());
  return status;
}

// ---- belay.refresh/1

belay_status refresh(const belay_refresh_in* in, belay_refresh_out* out, const belay_field_sink* sink,
                     belay_error* error) {
  if (in == nullptr || !BELAY_HAS(in, belay_refresh_in, attempt) || out == nullptr ||
      !BELAY_HAS(out, belay_refresh_out, retry_after_ms) || sink == nullptr ||
      !BELAY_HAS(sink, belay_field_sink, emit)) {
    return refuse(error, BELAY_ERR_CONTRACT, "a struct of belay.refresh/1 is shorter than 1.0 says");
  }
  const auto context = hook_of(in->ctx);
  if (!context) return refuse(error, BELAY_ERR_CONTRACT, hook_only);
  belay_refresh_out known{sizeof known, BELAY_FAILED_TRANSIENT, 0, 0, 0, 0, -1};
  std::vector<EmittedField> fields;
  const Answer answer = context->hook->default_refresh(sized_copy(*in), known, fields);
  known.size = out->size;
  std::memcpy(out, &known, sizeof known);  // P4: out has at least these bytes, and no more of them are written
  put(error, answer.text);
  for (auto& field : fields) {
    const auto status = sink->emit(sink->host, str(field.name), str(field.value), field.secret ? BELAY_SECRET : 0);
    wipe(field.value.data(), field.value.size());
    if (status == BELAY_OK) continue;
    out->outcome = BELAY_FAILED_TRANSIENT;  // what was not taken is not renewed
    return status < 0 ? status : BELAY_OK;
  }
  return status_of(answer.status);
}

}  // namespace

const void* random_service() {
  static constexpr belay_random table{sizeof table, 0, fill};
  return &table;
}
const void* state_service() {
  static constexpr belay_state table{sizeof table, 0, get_note, put_note};
  return &table;
}
const void* http_service() {
  static constexpr belay_http table{sizeof table, 0, perform};
  return &table;
}
const void* secret_service() {
  static constexpr belay_secret table{sizeof table, 0, read_source};
  return &table;
}
const void* refresh_service() {
  static constexpr belay_refresh table{sizeof table, 0, refresh};
  return &table;
}

}  // namespace belay::plugins
