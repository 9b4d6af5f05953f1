// `belay serve`: the gateway, until it is told to stop.
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <charconv>

#include "base/log.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "gateway/gateway.hpp"
#include "gateway/notify.hpp"
#include "gateway/watch.hpp"
#include "open.hpp"
#include "plugin_trial.hpp"
#include "runtime/version.hpp"

namespace belay::cli {
namespace {

constexpr Option options[] = {
    {"--listen", "ADDRESS", "HOST:PORT or unix:PATH, instead of what the configuration says"},
    {"--workers", "N", "threads that serve; default: one per processor"},
};

constexpr Example examples[] = {
    {"belay serve", "then OPENAI_BASE_URL=http://127.0.0.1:7077/v1 for any OpenAI client"},
    {"belay serve --listen unix:/run/user/1000/belay.sock", "for this machine alone, without a port"},
    {"kill -HUP $(pidof belay)", "reload the configuration and the plugins"},
};

constexpr Millis settle{200};   // editors and package managers replace files in several steps

/// Signals as a descriptor; blocked in every thread that starts later.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) sigaddset(&set_, number);
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
    fd_ = Fd(::signalfd(-1, &set_, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  ~Signals() {
    while (take() != 0) {   // one that is still pending would end the process by its default
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  [[nodiscard]] int descriptor() const { return fd_.get(); }
  /// The next one; 0: none.
  int take() {
    signalfd_siginfo info{};
    return ::read(fd_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info) ? static_cast<int>(info.ssi_signo) : 0;
  }

 private:
  sigset_t set_{}, before_{};
  Fd fd_;
};

/// Each stream takes two descriptors: the soft limit of an interactive shell is for other programs.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

Result<runtime::Settings> load(const std::optional<std::string>& file) {
  std::optional<std::filesystem::path> path;
  if (file) path = *file;
  config::Loaded loaded = config::load(config::process_environment(), path);
  for (const Diagnostic& warning : loaded.warnings) log(LogLevel::warn, "config", warning.text());
  if (loaded.errors.empty()) return std::move(loaded.settings);
  std::string all;
  for (const Diagnostic& error : loaded.errors) all += (all.empty() ? "" : "\n") + error.text();
  return fail(all);
}

void reload(gateway::Gateway& gateway, gateway::Watch& watch) {
  gateway::notify_reloading();
  if (auto done = gateway.reload(); done) {
    log(LogLevel::info, "serve", "configuration reloaded");
  } else {
    log(LogLevel::error, "serve", "the new configuration is refused, the old one stays in force:");
    std::string_view left = done.error().message;
    while (!left.empty()) {
      const auto line = left.substr(0, left.find('\n'));
      log(LogLevel::error, "serve", line);
      left.remove_prefix(std::min(line.size() + 1, left.size()));
    }
  }
  gateway.reopen_logs();
  watch.files(gateway.files(), gateway.folders());
  gateway::notify_manager("READY=1");
}

/// Until SIGTERM or SIGINT. Returns its number.
int serve(gateway::Gateway& gateway, Signals& signals, gateway::Watch& watch, bool watching) {
  bool changed = false;
  MonoTime changed_at{};
  for (;;) {
    pollfd watched[] = {{signals.descriptor(), POLLIN, 0}, {watch.descriptor(), POLLIN, 0}};
    const int wait = changed ? static_cast<int>(settle.count()) : -1;
    ::poll(watched, watching ? 2 : 1, wait);
    if ((watched[1].revents & POLLIN) != 0 && watch.changed()) {
      changed = true;
      changed_at = system_clock().mono();
    } else if (changed && system_clock().mono() - changed_at >= settle) {
      changed = false;
      reload(gateway, watch);
    }
    for (int number = signals.take(); number != 0; number = signals.take()) {
      if (number == SIGHUP) reload(gateway, watch);
      else if (number == SIGUSR1) gateway.reopen_logs();
      else return number;
    }
  }
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::optional<int> number_of(const Arguments& arguments, const Console& console) {
  const auto text = arguments.value("--workers");
  if (!text) return 0;
  int value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error == std::errc() && end == text->data() + text->size() && value >= 1 && value <= 256) return value;
  complain(console, "--workers takes a number from 1 to 256, not \"" + *text + "\"");
  return std::nullopt;
}

int run(const Arguments& arguments, Console& console) {
  if (!arguments.has("--log")) set_log_level(LogLevel::info);
  const auto workers = number_of(arguments, console);
  if (!workers) return exit_usage;
  auto settings = load_settings(arguments, console);
  if (!settings) return exit_usage;
  raise_descriptor_limit();
  Signals signals;
  gateway::Options how;
  if (const auto listen = arguments.value("--listen")) how.listen.push_back(*listen);
  how.workers = *workers;
  how.load = [file = arguments.value("--config")] { return load(file); };
  // A plugin that hangs when it is tried keeps no signal waiting: whatever has to be done about it comes first.
  how.try_out = try_out_with({.leaving = signals.descriptor()});
  const bool watching = settings->gateway.watch;
  auto watch = gateway::Watch::create();
  if (!watch) {
    complain(console, watch.error().message);
    return exit_internal;
  }
  auto gateway = gateway::Gateway::open(std::move(*settings), std::move(how));
  if (!gateway) {
    complain(console, gateway.error().message);
    return exit_usage;
  }
  watch->files((*gateway)->files(), (*gateway)->folders());
  for (const auto& warning : (*gateway)->warnings()) log(LogLevel::warn, "serve", warning);
  log(LogLevel::info, "serve", "belay " + std::string(runtime::version()) + " listens on " + joined((*gateway)->addresses()) + " with " +
                                   std::to_string((*gateway)->workers()) + ((*gateway)->workers() == 1 ? " worker" : " workers"));
  gateway::notify_manager("READY=1");

  const int number = serve(**gateway, signals, *watch, watching);

  gateway::notify_manager("STOPPING=1");
  log(LogLevel::info, "serve", number == SIGINT ? "interrupted: requests in flight are answered first, again to stop at once" : "told to stop: requests in flight are answered first");
  const bool all = (*gateway)->drain(signals.descriptor());
  if (!all) log(LogLevel::warn, "serve", "stopped with requests in flight");
  gateway->reset();
  return exit_answered;
}

}  // namespace

const Command serve_command{
    .name = "serve",
    .summary = "the gateway: OpenAI's and Anthropic's API for any client",
    .about =
        "Listens for HTTP and answers each request like belay call does: POST /v1/chat/completions, /v1/responses, /v1/messages, /v1/embeddings; GET "
        "/v1/models lists what `model` may name: a route, auto, a provider, or provider/model. Every reply says in its belay-* headers who answered and "
        "after how many attempts; GET /belay/traces/ID tells the rest, /metrics is for Prometheus, and / is a page for people.\n\n"
        "SIGHUP, or a change of a configuration file or a plugin, loads the configuration and the plugins anew: a bad configuration is refused with all its "
        "errors and the old one stays. A plugin file that is new is tried in a process of its own first; where it is bad, what it was to replace goes on "
        "serving. Calls in flight end on what they began with. SIGTERM and SIGINT end the gateway once every request is answered, at most after gateway.drain_timeout. "
        "SIGUSR1 opens the access log anew. Exit code 0 then; 2 when it could not start.",
    .options = options,
    .operands = {},
    .examples = examples,
    .run = run};

}  // namespace belay::cli
