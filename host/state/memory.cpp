// The memory backend: one process, nothing on disk.
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

#include "backends.hpp"
#include "base/hash.hpp"
#include "key.hpp"
#include "page.hpp"

namespace belay::state {
namespace {

/// Who holds which lease. Shared with the leases, which may outlive the state.
struct Leases {
  std::mutex mutex;
  std::condition_variable changed;
  std::set<std::string, std::less<>> held;
};

class MemoryLease final : public Lease {
 public:
  MemoryLease(std::shared_ptr<Leases> leases, std::string name) : leases_(std::move(leases)), name_(std::move(name)) {}
  ~MemoryLease() override {
    {
      const std::lock_guard lock(leases_->mutex);
      leases_->held.erase(name_);
    }
    leases_->changed.notify_all();
  }

 private:
  std::shared_ptr<Leases> leases_;
  std::string name_;
};

class MemoryState final : public State {
 public:
  [[nodiscard]] std::uint64_t version() const override { return page_->version(); }
  [[nodiscard]] std::uint64_t version(std::string_view area) const override { return page_->version(area); }

  Result<std::optional<std::string>> get(std::string_view key) override {
    if (auto path = record_path(key); !path) return path.error();
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    return found == records_.end() ? std::optional<std::string>{} : std::optional{found->second};
  }

  Result<std::vector<std::pair<std::string, std::string>>> list(std::string_view prefix) override {
    std::vector<std::pair<std::string, std::string>> found;
    if (const auto area = area_of_prefix(prefix); !area) return area.error();
    const std::lock_guard lock(mutex_);
    for (auto at = records_.lower_bound(prefix); at != records_.end() && at->first.starts_with(prefix); ++at) {
      found.push_back(*at);
    }
    return found;
  }

  Result<void> put(std::string_view key, std::string_view value, Durable durable) override {
    auto stored = update(
        key, [&](const auto&) { return std::optional<std::string>{value}; }, durable);
    return stored ? Result<void>{} : stored.error();
  }

  Result<void> erase(std::string_view key) override {
    auto stored = update(
        key, [](const auto&) { return std::nullopt; }, Durable::no);
    return stored ? Result<void>{} : stored.error();
  }

  Result<std::optional<std::string>> update(std::string_view key, const Change& change, Durable) override {
    if (auto path = record_path(key); !path) return path.error();
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(key);
    const std::optional<std::string> old = found == records_.end() ? std::nullopt : std::optional{found->second};
    std::optional<std::string> fresh = change(old);
    if (fresh == old) return fresh;
    if (fresh) {
      if (auto fits = check_record(key, *fresh); !fits) return fits.error();
      records_[std::string(key)] = *fresh;
    } else {
      records_.erase(found);
    }
    page_->changed(area_of(key));
    return fresh;
  }

  std::uint64_t count(std::string_view name, std::uint64_t by) override { return page_->count(name, by); }

  Result<std::unique_ptr<Lease>> lease(std::string_view name, MonoTime until, const CancelToken& cancel) override {
    // Taking the mutex for the notification: a waiter that has just looked at the token must not miss it.
    const std::uint64_t wake = cancel.on_cancel([leases = leases_] {
      const std::lock_guard lock(leases->mutex);
      leases->changed.notify_all();
    });
    std::unique_lock lock(leases_->mutex);
    const bool free =
        leases_->changed.wait_until(lock, until, [&] { return !leases_->held.contains(name) || cancel.cancelled(); });
    const bool taken = free && !leases_->held.contains(name) && leases_->held.emplace(name).second;
    const bool cancelled = cancel.cancelled();
    lock.unlock();
    cancel.forget(wake);
    if (taken) return std::unique_ptr<Lease>(new MemoryLease(leases_, std::string(name)));
    return fail(cancelled ? "cancelled while waiting for the lease " + std::string(name)
                          : "another thread holds the lease " + std::string(name));
  }

  [[nodiscard]] const std::string& salt() const override { return salt_; }
  [[nodiscard]] bool shared() const override { return false; }

 private:
  const std::string salt_ = random_bytes(32);
  const std::unique_ptr<Page> page_ = Page::in_memory();
  const std::shared_ptr<Leases> leases_ = std::make_shared<Leases>();

  std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> records_;  // guarded by mutex_
};

}  // namespace

std::unique_ptr<State> make_memory_state() { return std::make_unique<MemoryState>(); }

}  // namespace belay::state
