#include "drive/test_host.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>

#include "base/utf8.hpp"
#include "drive/allocations.hpp"
#include "drive/loan.hpp"
#include "drive/services.hpp"

namespace belay::conform {
namespace {

constexpr std::size_t most_lines = 4096, most_breaches = 64;

TestHost* current = nullptr;

thread_local Where where_now = Where::nowhere;
thread_local const char* function_now = "";

/// Handles are addresses in here: nobody can read or write what they point to.
class HandleSpace {
 public:
  static constexpr std::size_t bytes = std::size_t{1} << 20, step = 16, first_refresh = 4;
  static constexpr std::size_t count = bytes / step;

  HandleSpace() : base_(::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {
    if (base_ == MAP_FAILED) std::abort();
  }
  [[nodiscard]] void* at(std::size_t number) const { return static_cast<std::byte*>(base_) + number * step; }
  [[nodiscard]] bool contains(const void* handle) const {
    return handle >= base_ && handle < static_cast<std::byte*>(base_) + bytes;
  }

 private:
  void* base_;
};

const HandleSpace& handles() {
  static const HandleSpace space;
  return space;
}

std::string_view tag(Where where) {
  switch (where) {
    case Where::nowhere: return "outside of every call";
    case Where::control: return "[control]";
    case Where::exchange: return "[exchange]";
    case Where::refresh: return "[refresh]";
    case Where::transport: return "[transport]";
    case Where::any: return "[any]";
  }
  return "?";
}

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// ---- the table

void log_line(belay_ctx* ctx, std::uint32_t level, belay_str message) {
  const HostCode host_code;
  auto& host = the_host();
  const auto kind = host.kind_of(ctx);
  if (kind == TestHost::Ctx::stale || kind == TestHost::Ctx::foreign)
    host.breach("log() got a ctx that is " + std::string(kind == TestHost::Ctx::stale ? "of a refresh that is over" : "not the host's"));
  if (!readable(message) || !valid_utf8(view(message))) return host.breach("log() got a message that is no readable UTF-8");
  const std::lock_guard lock(host.guard);
  if (host.log.size() < most_lines) host.log.push_back({level, std::string(view(message))});
}

std::int32_t cancelled(const belay_cancel* cancel) {
  const HostCode host_code;
  if (cancel == nullptr) return 0;
  auto& host = the_host();
  if (cancel != host.cancel()) {
    host.breach("cancelled() got a handle that is not the host's");
    return 0;
  }
  return host.cancelled.load() ? 1 : 0;
}

std::int32_t cancel_fd(const belay_cancel* cancel) {
  const HostCode host_code;
  if (cancel == nullptr) return -1;
  auto& host = the_host();
  if (cancel != host.cancel()) {
    host.breach("cancel_fd() got a handle that is not the host's");
    return -1;
  }
  return host.cancelled.descriptor();
}

const void* get_extension(belay_str id) {
  const HostCode host_code;
  auto& host = the_host();
  if (!readable(id, 256)) {
    host.breach("get_extension() got an id that can't be read");
    return nullptr;
  }
  const std::string name(view(id));
  {
    const std::lock_guard lock(host.guard);
    if (std::find(host.asked.begin(), host.asked.end(), name) == host.asked.end() && host.asked.size() < most_lines) host.asked.push_back(name);
    if (std::find(host.absent.begin(), host.absent.end(), name) != host.absent.end()) return nullptr;
  }
  return service(name);
}

constexpr belay_str literal(std::string_view text) { return {text.data(), text.size()}; }

constexpr belay_host the_table{
    .size = sizeof(belay_host),
    .abi_major = BELAY_ABI_MAJOR,
    .abi_minor = BELAY_ABI_MINOR,
    .flags = 0,
    .name = literal("belay-conform"),
    .version = literal("1.0.0"),
    .log = log_line,
    .mono_ns = [] { return the_host().now_ns(); },
    .unix_ms = [] { return the_host().now_unix_ms(); },
    .cancelled = cancelled,
    .cancel_fd = cancel_fd,
    .get_extension = get_extension,
};

}  // namespace

CancelFlag::CancelFlag() : descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

CancelFlag::~CancelFlag() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void CancelFlag::store(bool on) {
  if (on_.exchange(on, std::memory_order_acq_rel) == on) return;
  std::uint64_t one = 1;
  [[maybe_unused]] const auto done = on ? ::write(descriptor_, &one, sizeof one) : ::read(descriptor_, &one, sizeof one);
}

TestHost::TestHost() : next_handle_(HandleSpace::first_refresh) {
  handles();
  current = this;
}

TestHost::~TestHost() {
  if (current == this) current = nullptr;
}

/// A plugin may still log while the process ends, when no check has a host any more.
TestHost& the_host() {
  if (current != nullptr) return *current;
  static TestHost& nobody = *new TestHost;
  current = &nobody;
  return nobody;
}

const belay_host* TestHost::table() const { return &the_table; }

belay_hello TestHost::hello() const {
  return {.size = sizeof(belay_hello), .abi_major = BELAY_ABI_MAJOR, .abi_minor = BELAY_ABI_MINOR, .flags = 0, .host = &the_table};
}

belay_ctx* TestHost::ctx() { return static_cast<belay_ctx*>(handles().at(1)); }
const belay_cancel* TestHost::cancel() { return static_cast<const belay_cancel*>(handles().at(2)); }

TestHost::RefreshContext::RefreshContext(TestHost& host, std::int64_t deadline_ns) : host_(host) {
  const std::lock_guard lock(host_.guard);
  handle_ = static_cast<belay_ctx*>(handles().at(host_.next_handle_));
  host_.next_handle_ = host_.next_handle_ + 1 < HandleSpace::count ? host_.next_handle_ + 1 : HandleSpace::first_refresh;
  host_.refreshes_[handle_] = deadline_ns;
}

TestHost::RefreshContext::~RefreshContext() {
  const std::lock_guard lock(host_.guard);
  host_.refreshes_.erase(handle_);
}

TestHost::Ctx TestHost::kind_of(const belay_ctx* ctx) const {
  if (ctx == nullptr) return Ctx::none;
  if (ctx == handles().at(1)) return Ctx::instance;
  const std::lock_guard lock(guard);
  if (refreshes_.count(ctx) != 0) return Ctx::refresh;
  return handles().contains(ctx) ? Ctx::stale : Ctx::foreign;
}

std::int64_t TestHost::now_ns() const { return ticking ? steady_ns() : mono_ns; }

std::int64_t TestHost::now_unix_ms() const {
  if (!ticking) return unix_ms;
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void TestHost::hang(std::chrono::milliseconds most) {
  std::int64_t deadline = INT64_MAX;
  {
    const std::lock_guard lock(guard);
    for (const auto& running : refreshes_) deadline = std::min(deadline, running.second);
  }
  auto left = most;
  if (ticking && deadline != INT64_MAX) left = std::min(left, std::chrono::milliseconds(std::max<std::int64_t>(0, (deadline - steady_ns()) / 1'000'000)));
  pollfd wait{cancelled.descriptor(), POLLIN, 0};
  ::poll(&wait, 1, static_cast<int>(left.count()));
}

TestHost::Inside::Inside(Where where, const char* function) : before_(where_now), function_before_(function_now) {
  where_now = where;
  function_now = function;
  enter_plugin();
}

TestHost::Inside::~Inside() {
  leave_plugin();
  where_now = before_;
  function_now = function_before_;
}

Where TestHost::where() { return where_now; }

std::string TestHost::where_text() {
  const std::string text(tag(where_now));
  return *function_now == '\0' ? text : std::string(function_now) + "() " + text;
}

void TestHost::breach(std::string sentence) {
  const std::lock_guard lock(guard);
  if (breaches.size() < most_breaches) breaches.push_back(std::move(sentence));
}

}  // namespace belay::conform
