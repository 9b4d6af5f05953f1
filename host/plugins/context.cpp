#include "context.hpp"

#include <map>
#include <mutex>
#include <shared_mutex>

namespace belay::plugins {
namespace {

/// Never destroyed: a plugin's thread may ask while the process ends.
struct Table {
  std::shared_mutex mutex;
  std::uint64_t next = 1;
  std::map<std::uint64_t, std::shared_ptr<const Context>> live;
};
Table& table() {
  static auto* const only = new Table;
  return *only;
}

}  // namespace

ContextHandle::ContextHandle(Context context) {
  auto shared = std::make_shared<const Context>(std::move(context));
  std::lock_guard lock(table().mutex);
  number_ = table().next++;
  table().live.emplace(number_, std::move(shared));
}

ContextHandle::~ContextHandle() {
  std::lock_guard lock(table().mutex);
  table().live.erase(number_);
}

belay_ctx* ContextHandle::raw() const { return reinterpret_cast<belay_ctx*>(static_cast<std::uintptr_t>(number_)); }

std::shared_ptr<const Context> context_of(const belay_ctx* handle) {
  if (handle == nullptr) return nullptr;
  std::shared_lock lock(table().mutex);
  const auto found = table().live.find(reinterpret_cast<std::uintptr_t>(handle));
  return found == table().live.end() ? nullptr : found->second;
}

std::shared_ptr<const Context> hook_of(const belay_ctx* handle) {
  auto context = context_of(handle);
  if (context && (context->hook == nullptr || context->thread != std::this_thread::get_id())) return nullptr;
  return context;
}

}  // namespace belay::plugins
