// The services of the test host. JSON is the real host's own; the others are as strict as the real ones, and a call that those would refuse is noted as a
// breach.
#include "drive/services.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>

#include "base/utf8.hpp"
#include "belay/ext/http.h"
#include "belay/ext/json.h"
#include "belay/ext/random.h"
#include "belay/ext/refresh.h"
#include "belay/ext/secret.h"
#include "belay/ext/state.h"
#include "drive/allocations.hpp"
#include "drive/grants.hpp"
#include "drive/loan.hpp"
#include "drive/test_host.hpp"
#include "host_table.hpp"
#include "words.hpp"

namespace belay::conform {
namespace {

constexpr std::size_t longest_key = 128, longest_note = 16u << 10;
constexpr std::size_t largest_reply = 1u << 20, reply_piece = 16u << 10;

belay_status refuse(belay_error* error, belay_status status, std::string_view why) {
  put(error, why);
  return status;
}

/// A call that the real host refuses with CONTRACT.
belay_status refuse_breach(belay_error* error, std::string_view service, std::string_view why) {
  the_host().breach(std::string(service) + ": " + std::string(why) + ", in " + TestHost::where_text());
  return refuse(error, BELAY_ERR_CONTRACT, why);
}

/// nullptr, or why `service` may not be called now with this ctx by a plugin that is in a refresh.
const char* refresh_only(const belay_ctx* ctx) {
  if (TestHost::where() != Where::refresh) return "it may be called in [refresh] only, on the thread of the hook";
  switch (the_host().kind_of(ctx)) {
    case TestHost::Ctx::refresh: return nullptr;
    case TestHost::Ctx::stale: return "its ctx is of a refresh that is over";
    case TestHost::Ctx::instance: return "its ctx is the instance's, right would be belay_refresh_in.ctx";
    case TestHost::Ctx::none: return "its ctx is NULL, right would be belay_refresh_in.ctx";
    case TestHost::Ctx::foreign: return "its ctx is not the host's";
  }
  return nullptr;
}

// ---- belay.random/1: the same bytes for the same seed and order of calls

void fill(std::uint8_t* to, std::uint64_t len) {
  const HostCode host_code;
  auto& host = the_host();
  const std::lock_guard lock(host.guard);
  for (std::uint64_t i = 0; i < len; ++i) {
    // splitmix64
    std::uint64_t z = (host.seed += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    to[i] = static_cast<std::uint8_t>(z ^ (z >> 31));
  }
}

// ---- belay.state/1

const char* state_fault(const belay_ctx* ctx, belay_str key) {
  const Where where = TestHost::where();
  if (where != Where::control && where != Where::refresh && where != Where::transport) return "it may do file I/O and is not for this call";
  const auto kind = the_host().kind_of(ctx);
  if (kind != TestHost::Ctx::instance && kind != TestHost::Ctx::refresh) return "its ctx is none that is alive";
  const auto legal = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'; };
  const auto text = readable(key, longest_key) ? view(key) : std::string_view();
  if (text.empty() || !std::all_of(text.begin(), text.end(), legal)) return "a key is 1 to 128 characters of a-z, 0-9, dot, dash and underscore";
  return nullptr;
}

belay_status get_note(belay_ctx* ctx, belay_str key, const belay_byte_sink* sink, belay_error* error) {
  const HostCode host_code;
  if (const char* why = state_fault(ctx, key)) return refuse_breach(error, "belay.state/1 get()", why);
  if (sink == nullptr || !BELAY_HAS(sink, belay_byte_sink, emit)) return refuse_breach(error, "belay.state/1 get()", "its sink is too short");
  std::optional<std::string> note;
  {
    auto& host = the_host();
    const std::lock_guard lock(host.guard);
    if (const auto found = host.state.find(std::string(view(key))); found != host.state.end()) note = found->second;
  }
  if (!note) return BELAY_OK;
  Loan loan;
  return sink->emit(sink->host, loan.bytes(*note));
}

belay_status put_note(belay_ctx* ctx, belay_str key, belay_bytes value, belay_error* error) {
  const HostCode host_code;
  if (const char* why = state_fault(ctx, key)) return refuse_breach(error, "belay.state/1 put()", why);
  if (!readable(value, longest_note)) return refuse_breach(error, "belay.state/1 put()", "a value has at most 16 KiB");
  auto& host = the_host();
  const std::lock_guard lock(host.guard);
  const std::string name(view(key));
  if (value.len == 0) {
    host.state.erase(name);
  } else {
    host.state[name] = std::string(view(value));
  }
  return BELAY_OK;
}

// ---- belay.http/1

std::string_view request_fault(const belay_http_request& request) {
  if (!readable(request.method) || !plugins::header_name(view(request.method))) return "the method is not legal";
  if (!readable(request.url) || view(request.url).empty()) return "the URL is missing";
  if (!readable(request.body)) return "the body has a length and no memory";
  const auto& headers = request.headers;
  if (headers.count != 0 && (headers.at == nullptr || headers.stride < sizeof(belay_field))) return "the headers are not readable";
  for (std::uint32_t i = 0; i < headers.count; ++i) {
    const auto* header = reinterpret_cast<const belay_field*>(reinterpret_cast<const char*>(headers.at) + std::size_t{i} * headers.stride);
    if (!readable(header->name) || !readable(header->value)) return "the headers are not readable";
    if (!plugins::header_name(view(header->name)) || !plugins::header_value(view(header->value))) return "a header is not legal";
  }
  return {};
}

NetworkRequest copy_of(const belay_http_request& request) {
  NetworkRequest out{std::string(view(request.method)), std::string(view(request.url)), std::string(view(request.body)), {}};
  for (std::uint32_t i = 0; i < request.headers.count; ++i) {
    const auto* header = reinterpret_cast<const belay_field*>(reinterpret_cast<const char*>(request.headers.at) + std::size_t{i} * request.headers.stride);
    out.headers.emplace_back(view(header->name), view(header->value));
  }
  return out;
}

belay_status hand_over(const CassetteReply& got, const belay_http_reply& to) {
  Loan loan;
  std::vector<belay_field> fields;
  for (const auto& [name, value] : got.headers) fields.push_back({loan.str(name), loan.str(value), 0, 0});
  const belay_fields headers{loan.array(fields), static_cast<std::uint32_t>(fields.size()), sizeof(belay_field)};
  if (const auto status = to.head(to.plugin, got.status, headers); status != BELAY_OK) return status < 0 ? status : BELAY_OK;
  for (auto left = std::string_view(got.body).substr(0, largest_reply); !left.empty();) {
    Loan piece;
    const auto size = std::min(left.size(), reply_piece);
    if (const auto status = to.body(to.plugin, piece.bytes(left.substr(0, size))); status != BELAY_OK) return status < 0 ? status : BELAY_OK;
    left.remove_prefix(size);
  }
  return BELAY_OK;
}

belay_status perform(belay_ctx* ctx, const belay_http_request* request, const belay_http_reply* reply, belay_error* error) {
  const HostCode host_code;
  constexpr std::string_view name = "belay.http/1 perform()";
  if (const char* why = refresh_only(ctx)) return refuse_breach(error, name, why);
  if (request == nullptr || !BELAY_HAS(request, belay_http_request, body) || reply == nullptr || !BELAY_HAS(reply, belay_http_reply, body) ||
      reply->head == nullptr || reply->body == nullptr) {
    return refuse_breach(error, name, "a struct of it is shorter than 1.0 says");
  }
  if (const auto why = request_fault(*request); !why.empty()) return refuse_breach(error, name, why);
  const auto answer = ask_network(copy_of(*request));
  if (answer.status != BELAY_OK) return refuse(error, answer.status, answer.text);
  return hand_over(answer.reply, *reply);
}

// ---- belay.secret/1

belay_status read_source(belay_ctx* ctx, belay_str source, const belay_field_sink* sink, belay_error* error) {
  const HostCode host_code;
  constexpr std::string_view name = "belay.secret/1 read()";
  if (const char* why = refresh_only(ctx)) return refuse_breach(error, name, why);
  if (!readable(source) || !plugins::field_name(view(source)) || sink == nullptr || !BELAY_HAS(sink, belay_field_sink, emit))
    return refuse_breach(error, name, "it takes a key such as \"refresh_token\" and a sink");
  const auto value = source_value(view(source));
  if (!value) return refuse(error, BELAY_ERR_CREDENTIAL, "the source \"" + std::string(view(source)) + "\" yields nothing");
  Loan loan;
  return sink->emit(sink->host, loan.str(view(source)), loan.str(*value), BELAY_SECRET);
}

// ---- belay.refresh/1

belay_status refresh_generic(const belay_refresh_in* in, belay_refresh_out* out, const belay_field_sink* sink, belay_error* error) {
  const HostCode host_code;
  constexpr std::string_view name = "belay.refresh/1 refresh()";
  if (in == nullptr || !BELAY_HAS(in, belay_refresh_in, attempt) || out == nullptr || !BELAY_HAS(out, belay_refresh_out, retry_after_ms) ||
      sink == nullptr || !BELAY_HAS(sink, belay_field_sink, emit)) {
    return refuse_breach(error, name, "a struct of it is shorter than 1.0 says");
  }
  if (const char* why = refresh_only(in->ctx)) return refuse_breach(error, name, why);
  auto granted = refresh_grant(*in);
  granted.out.size = out->size;
  std::memcpy(out, &granted.out, sizeof granted.out);
  put(error, granted.text);
  for (const auto& field : granted.fields) {
    Loan loan;
    const auto status = sink->emit(sink->host, loan.str(field.name), loan.str(field.value), field.secret ? BELAY_SECRET : 0);
    if (status == BELAY_OK) continue;
    out->outcome = BELAY_FAILED_TRANSIENT;  // what was not taken is not renewed
    return status < 0 ? status : BELAY_OK;
  }
  return BELAY_OK;
}

// ---- belay.json/1: the host's own, whose memory is the plugin's to give back

const belay_json& real_json() { return *static_cast<const belay_json*>(plugins::json_service()); }

/// The same function, marked as a service's.
template <auto Member, class... Args>
auto as_service(Args... args) {
  const ServiceCode service_code;
  return (real_json().*Member)(args...);
}

constexpr belay_json json_table{
    .size = sizeof(belay_json),
    .flags = 0,
    .parse = as_service<&belay_json::parse>,
    .release = as_service<&belay_json::release>,
    .get = as_service<&belay_json::get>,
    .element = as_service<&belay_json::element>,
    .writer = as_service<&belay_json::writer>,
    .begin = as_service<&belay_json::begin>,
    .end = as_service<&belay_json::end>,
    .name = as_service<&belay_json::name>,
    .string = as_service<&belay_json::string>,
    .integer = as_service<&belay_json::integer>,
    .real = as_service<&belay_json::real>,
    .boolean = as_service<&belay_json::boolean>,
    .null = as_service<&belay_json::null>,
    .raw = as_service<&belay_json::raw>,
    .text = as_service<&belay_json::text>,
    .release_writer = as_service<&belay_json::release_writer>,
};

constexpr belay_random random_table{sizeof(belay_random), 0, fill};
constexpr belay_state state_table{sizeof(belay_state), 0, get_note, put_note};
constexpr belay_http http_table{sizeof(belay_http), 0, perform};
constexpr belay_secret secret_table{sizeof(belay_secret), 0, read_source};
constexpr belay_refresh refresh_table{sizeof(belay_refresh), 0, refresh_generic};

}  // namespace

const void* service(std::string_view id) {
  if (id == BELAY_JSON_ID) return sheltered_json();
  if (id == BELAY_RANDOM_ID) return &random_table;
  if (id == BELAY_STATE_ID) return &state_table;
  if (id == BELAY_HTTP_ID) return &http_table;
  if (id == BELAY_SECRET_ID) return &secret_table;
  if (id == BELAY_REFRESH_ID) return &refresh_table;
  return nullptr;
}

void put(belay_error* error, std::string_view text) {
  if (error == nullptr || !BELAY_HAS(error, belay_error, text) || error->text.ptr == nullptr) return;
  const auto cut = cut_utf8(text, error->text.cap);
  std::memcpy(error->text.ptr, cut.data(), cut.size());
  error->text.len = static_cast<std::uint32_t>(cut.size());
}

}  // namespace belay::conform
