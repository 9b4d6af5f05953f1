// belay_ctx: for whom a host service is called. What a plugin holds is a number, not a pointer: one that it kept for
// too long leads nowhere.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "belay/types.h"
#include "plugins/provider.hpp"

namespace belay::plugins {

struct Context {
  std::string module;    ///< "org.example.acme 1.2.0"
  std::string provider;  ///< [provider.NAME]
  Services* services = nullptr;
  RefreshServices* hook = nullptr;  ///< during refresh_credentials() or login()
  std::thread::id thread;           ///< of that call
};

/// Makes a context known as long as it lives.
class ContextHandle {
 public:
  explicit ContextHandle(Context context);
  ~ContextHandle();
  ContextHandle(const ContextHandle&) = delete;
  ContextHandle& operator=(const ContextHandle&) = delete;
  [[nodiscard]] belay_ctx* raw() const;

 private:
  std::uint64_t number_;
};

/// The context behind a plugin's handle; null for NULL, for one that has ended, and for anything else. [any thread]
std::shared_ptr<const Context> context_of(const belay_ctx* handle);

/// The same during its hook and on its hook's thread, else null.
std::shared_ptr<const Context> hook_of(const belay_ctx* handle);

}  // namespace belay::plugins
