// What the line between host and plugin costs: the plugin ABI (borrowed pointers, emitted events) against JSON envelopes with base64 payloads, as the
// nearest peer has them (boundary/envelope.hpp), with the same plugin behind both. Exit 1 when the ABI is less than 20 times cheaper.
//   call    one exchange without a reply: begin, build_request with a body of 1 KiB, finish, end
//   chunk   one event of a stream of about 200 bytes in, the text event out
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "bench.hpp"
#include "boundary/envelope.hpp"

namespace {

using namespace belay::bench;

belay_str lent(std::string_view text) { return {text.data(), text.size()}; }

/// The host's side of the ABI: takes what a plugin says, and copies it, as the ABI wants.
struct Native {
  const belay_provider_api& api;
  belay_instance* instance;
  std::string url, headers, text;
  belay_request request{};
  belay_field field{};
  belay_credential credential{};
  belay_exchange* exchange = nullptr;
  belay_http_writer writer{};
  belay_sink sink{};

  Native(const belay_provider_api& table, belay_instance* made) : api(table), instance(made) {
    writer.size = sizeof writer;
    writer.host = this;
    writer.line = [](void* host, belay_str, belay_str to) -> belay_status {
      static_cast<Native*>(host)->url.assign(to.ptr, to.len);
      return BELAY_OK;
    };
    writer.header = [](void* host, belay_str name, belay_str value, std::uint32_t) -> belay_status {
      static_cast<Native*>(host)->headers.append(name.ptr, name.len).append(value.ptr, value.len);
      return BELAY_OK;
    };
    writer.body_as_given = [](void*) -> belay_status { return BELAY_OK; };
    sink = {sizeof sink, 0, this, [](void* host, const belay_event* event) -> belay_status {
              static_cast<Native*>(host)->text.append(event->a.ptr, event->a.len);
              return BELAY_OK;
            }};
  }

  void open(std::string_view body, std::string_view secret) {
    field = {lent("secret"), lent(secret), BELAY_SECRET, 0};
    credential = {sizeof credential, 0, lent("main"), lent("api_key"), 1, 0, {&field, 1, sizeof field}};
    request.size = sizeof request;
    request.operation = lent("chat");
    request.model = lent("m1");
    request.body = lent(body);
    headers.clear();
    if (api.begin(instance, &request, &credential, &exchange, nullptr) != BELAY_OK) std::abort();
    if (api.build_request(exchange, &writer, nullptr) != BELAY_OK) std::abort();
  }
  void piece(std::string_view bytes) {
    const belay_bytes lent_piece{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
    if (api.on_body_chunk(exchange, lent_piece, &sink, nullptr) != BELAY_OK) std::abort();
  }
  void close() {
    if (api.finish(exchange, BELAY_FINISH_COMPLETE, &sink, nullptr) != BELAY_OK) std::abort();
    api.end(exchange);
  }
};

struct Costs {
  double call, chunk;
};

/// The same for both sides, which have open, piece, close and text.
template <class Side>
Costs measured(Side& side, const std::string& body, const std::string& event) {
  Costs out{};
  out.call = median_ns([&] {
    side.open(body, "sk-benchmark");
    side.close();
    keep(side.text);
  });
  side.open(body, "sk-benchmark");
  side.text.clear();
  side.piece(event);
  if (side.text != event) std::abort();  // both do the work
  out.chunk = median_ns([&] {
    side.text.clear();
    side.piece(event);
    keep(side.text);
  });
  side.close();
  return out;
}

bool row(const char* what, double ours, double theirs) {
  std::printf("%-8s %12.1f ns %16.1f ns %10.0fx\n", what, ours, theirs, theirs / ours);
  return theirs >= 20 * ours;
}

}  // namespace

int main() {
  print_setup("The line between host and plugin");
  void* file = dlopen(BOUNDARY_PLUGIN, RTLD_NOW | RTLD_LOCAL);
  auto* entry = file != nullptr ? reinterpret_cast<belay_plugin_entry_fn>(dlsym(file, BELAY_ENTRY_SYMBOL)) : nullptr;
  const belay_hello hello{sizeof hello, BELAY_ABI_MAJOR, BELAY_ABI_MINOR, 0, nullptr};
  const belay_plugin* plugin = nullptr;
  belay_instance* instance = nullptr;
  if (entry == nullptr || entry(&hello, &plugin, nullptr) != BELAY_OK || plugin->api(0)->create(nullptr, &instance, nullptr) != BELAY_OK) return 2;
  const belay_provider_api& api = *plugin->api(0);

  std::string body = R"({"model":"m1","stream":true,"messages":[{"role":"user","content":")";
  while (body.size() < 1000) body += "How do I keep a call from falling? ";
  body += R"("}]})";
  const std::string event = R"(data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1760000000,"model":"m1","choices":[{"index":0,)"
                            R"("delta":{"content":" falling"},"logprobs":null,"finish_reason":null}]})"
                            "\n\n";
  Native native(api, instance);
  EnvelopeHost envelopes(api, instance);
  const Costs ours = measured(native, body, event);
  const Costs theirs = measured(envelopes, body, event);
  std::printf("%-8s %15s %19s %11s\n", "", "plugin ABI", "JSON + base64", "ratio");
  const bool call = row("call", ours.call, theirs.call);
  const bool chunk = row("chunk", ours.chunk, theirs.chunk);
  api.destroy(instance);
  if (call && chunk) return 0;
  std::printf("\nless than 20 times cheaper\n");
  return 1;
}
