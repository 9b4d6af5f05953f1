// A host in miniature for the tests of plugins: loads one `.so`, fills in the tables by hand, and writes down what the
// plugin says. Checks nothing by itself; memory that a plugin may not keep is overwritten and freed as soon as the call
// returns.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "belay/ext/refresh.h"
#include "belay/plugin.h"

namespace belay::driver {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// What the host of this process saw and how it answers. One per process, like a host.
struct Host {
  std::vector<std::string> log;
  bool has_services = true;
  bool cancelled = false;
  /// belay.refresh/1; fills in `out` and may emit.
  std::function<belay_status(const belay_refresh_in&, belay_refresh_out&, const belay_field_sink&, belay_error*)>
      refresh;
};
Host& host();
const belay_host& host_table();
/// belay.json/1, its reader only.
const void* json_service();

/// What a call answered.
struct Answer {
  belay_status status = BELAY_OK;
  std::string text;
};

struct Written {
  std::string method, url;
  Pairs headers;
  std::vector<std::string> secret_headers;  ///< names of those that were marked
  std::string body;
  bool as_given = false;
};

struct Event {
  std::uint32_t type = 0, index = 0;
  std::string a, b;
  std::int64_t num = 0;
  std::uint32_t failure_kind = 0;
  int failure_status = 0;
  std::string failure_body;
  std::string usage = {};  ///< "prompt completion cached cache_write reasoning audio"
  bool operator==(const Event&) const = default;
};
/// For messages of failed tests.
std::ostream& operator<<(std::ostream& out, const Event& event);

/// The events of an exchange. `stop_at`: the sink says STOP to that one (from 0).
struct Events {
  std::vector<Event> seen;
  std::size_t stop_at = SIZE_MAX;
  std::size_t after_stop = 0;  ///< events that came although it had said STOP
};

struct Request {
  std::string operation = "chat", wire = "openai.chat/1";
  std::string body;
  bool stream = false;
  std::vector<std::string> required = {};
};

struct Secret {
  std::string type = "api_key";
  Pairs fields = {{"secret", "sk-test"}};
};

struct Verdict {
  belay_status status = BELAY_OK;
  std::uint32_t reason = 0, scope = 0;
  std::int64_t retry_after_ms = -1, reset_unix_ms = -1, affordable_tokens = -1;
  std::string message, parameter, rename;
};

struct Failed {
  std::uint32_t kind = BELAY_FAILURE_STATUS;
  int status = 400;
  std::string body;
  Pairs headers = {};
  std::string code = {}, type = {}, message = {}, parameter = {};
};

struct RefreshAnswer {
  Answer answer;
  belay_refresh_out out{};
  Pairs fields;
  std::vector<std::string> secrets;  ///< names of those that were marked
};

class Exchange {
 public:
  Exchange(Exchange&&) noexcept = default;
  Exchange& operator=(Exchange&&) noexcept = default;
  ~Exchange();

  Answer started;  ///< of begin(); nothing else may be called unless it is OK
  Answer build(Written& out);
  Answer head(int status, const Pairs& headers, Events& events);
  Answer chunk(std::string_view piece, Events& events);
  Answer finish(std::uint32_t how, Events& events);
  Answer run(Events& events);

 private:
  friend class Instance;
  struct State;
  explicit Exchange(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class Instance {
 public:
  Instance(Instance&&) noexcept;
  ~Instance();

  Answer created;
  Exchange begin(const Request& request, const Secret* secret = nullptr);
  Verdict classify(const Failed& failed) const;
  RefreshAnswer refresh(std::uint32_t cause, const Secret& secret);

 private:
  friend class Plugin;
  Instance(const belay_provider_api* api, const std::string& base_url, const std::string& options);
  const belay_provider_api* api_;
  belay_instance* instance_ = nullptr;
};

class Plugin {
 public:
  /// Throws std::runtime_error when it can't be loaded or entered.
  explicit Plugin(const char* path);
  /// One whose tables are in the test itself.
  explicit Plugin(belay_plugin_entry_fn entry);

  [[nodiscard]] const belay_plugin& table() const { return *plugin_; }
  [[nodiscard]] const belay_descriptor& descriptor() const { return *plugin_->descriptor(0); }
  [[nodiscard]] const belay_provider_api& api() const { return *plugin_->api(0); }
  [[nodiscard]] belay_plugin_entry_fn entry() const { return entry_; }
  [[nodiscard]] Instance make(const std::string& base_url, const std::string& options = "{}") const {
    return {plugin_->api(0), base_url, options};
  }

 private:
  belay_plugin_entry_fn entry_;
  const belay_plugin* plugin_ = nullptr;
};

/// The whole way of one reply: head, pieces of the given sizes (the last size goes on), finish.
struct Reply {
  int status = 200;
  Pairs headers = {{"content-type", "application/json"}};
  std::string body;
};
Events play(Exchange& exchange, const Reply& reply, const std::vector<std::size_t>& sizes,
            std::uint32_t how = BELAY_FINISH_COMPLETE);

}  // namespace belay::driver
