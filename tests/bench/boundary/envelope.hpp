// The other kind of line, as the nearest peer draws it: one function that takes a method's name and bytes, one that frees what it gave. The bytes are JSON
// envelopes, {"ok":true,"result":{...}}, and payloads stand in them as base64. Behind it here is the same plugin, by its tables; each piece of a reply comes in by
// one call and its event goes out by another, `stream.emit` of the host. Written for speed: RapidJSON in place, no document outlives its call, no cgo and
// no goroutine, which the peer has on top.
#pragma once

#include <string>
#include <string_view>

#include "belay/plugin.h"

namespace belay::bench {

/// What both sides of that line export: `call` fills `out`, which stays its own until `free_buffer`.
struct Buffer {
  char* at = nullptr;
  std::size_t size = 0;
};
using Call = int (*)(void* side, const char* method, const char* bytes, std::size_t size, Buffer* out);

/// The plugin behind envelopes.
class EnvelopePlugin {
 public:
  EnvelopePlugin(const belay_provider_api& api, belay_instance* instance, Call host, void* host_side);
  static int call(void* side, const char* method, const char* bytes, std::size_t size, Buffer* out);
  static void free_buffer(Buffer&);

 private:
  std::string run(std::string_view method, std::string& in);
  std::string open(std::string& in);
  std::string piece(std::string& in);
  std::string close();
  belay_status emit(const belay_event& event);

  const belay_provider_api& api_;
  belay_instance* instance_;
  Call host_;
  void* host_side_;
  belay_exchange* exchange_ = nullptr;
  std::string body_, secret_, model_;
  belay_request request_{};
  belay_credential credential_{};
  belay_field field_{};
};

/// The host behind it: takes events, gives the calls.
class EnvelopeHost {
 public:
  EnvelopeHost(const belay_provider_api& api, belay_instance* instance) : plugin_(api, instance, on_call, this) {}
  void open(std::string_view body, std::string_view secret);
  void piece(std::string_view bytes);
  void close();
  std::string text;  ///< what came as events

 private:
  static int on_call(void* side, const char* method, const char* bytes, std::size_t size, Buffer* out);
  void ask(const char* method, const std::string& envelope);
  EnvelopePlugin plugin_;
};

}  // namespace belay::bench
