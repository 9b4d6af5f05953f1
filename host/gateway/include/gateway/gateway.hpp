// Gateway: `belay serve`. HTTP in, calls of a Runtime out. One worker per thread, each with its own listening sockets, connections and upstream
// connections; the configuration is replaced as a whole while it runs.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "plugins/trial.hpp"
#include "runtime/settings.hpp"

namespace belay::gateway {

struct Options {
  std::vector<std::string> listen;  ///< instead of what the settings say, also after a reload; empty: the settings'
  int workers = 0;                  ///< likewise; 0: the settings'
  /// Reads the configuration again, for reload(). The error lists everything that is wrong, a line each.
  std::function<Result<runtime::Settings>()> load;
  /// What a plugin file that is new to this process must pass before it is mapped; none: it is mapped untried.
  plugins::TryOut try_out;
};

class Gateway {
 public:
  /// Opens state, plugins and listening sockets, and serves from then on. The error says what to do.
  static Result<std::unique_ptr<Gateway>> open(runtime::Settings settings, Options options);
  /// Closes what is still open; calls in flight are cancelled.
  virtual ~Gateway() = default;

  /// Where it listens, with the ports that the kernel chose: "http://127.0.0.1:7077", "unix:/run/belay/belay.sock".
  [[nodiscard]] virtual std::vector<std::string> addresses() const = 0;
  [[nodiscard]] virtual std::size_t workers() const = 0;
  /// The files whose change is worth a reload(), of the configuration in force.
  [[nodiscard]] virtual std::vector<std::string> files() const = 0;
  /// The folders of plugins, likewise.
  [[nodiscard]] virtual std::vector<std::string> folders() const = 0;
  /// What is good to know and did not keep it from starting, a sentence each.
  [[nodiscard]] virtual std::vector<std::string> warnings() const = 0;

  /// Builds what the files say now beside what is in force, and switches to it if nothing is wrong with it; else the old one stays and the error lists
  /// everything. Plugin files that are new are mapped beside the old ones; what is wrong with one is no error: what it replaces goes on serving. Calls in
  /// flight end on the old one. Blocks. [one thread at a time, not a loop thread]
  virtual Result<void> reload() = 0;
  /// The access log is opened anew (after logrotate). [any thread]
  virtual void reopen_logs() = 0;
  /// Accepts nothing more, and waits until every request is answered, at most drain_timeout or until `enough` is readable. True: all were. [not a loop thread]
  virtual bool drain(int enough) = 0;
};

}  // namespace belay::gateway
