// One login in the real host's hands: the credential store, its ledger and leases on a state folder that processes share (host/credentials, host/state), with
// the plugin under test as its hook.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "drive/token_endpoint.hpp"

namespace belay::conform {

class SharedLogin {
 public:
  /// `folder`: for the state; several processes may have the same one. The instance and the host's network stay the caller's.
  SharedLogin(Subject&, belay_instance*, const Login&, const std::string& folder);
  ~SharedLogin();
  SharedLogin(const SharedLogin&) = delete;
  SharedLogin& operator=(const SharedLogin&) = delete;

  struct Now {
    std::uint64_t generation = 0;
    std::string secret;            ///< that an exchange would send
    std::string trouble;           ///< why there is none
  };
  /// What the state knows, from whichever process it came.
  Now now();

  struct Done {
    std::string outcome, message;
    Now after;
  };
  /// As after a 401 with the credential of `failed`. `asked` is called once this process has queued; then it blocks.
  Done refresh(std::uint64_t failed, const std::function<void()>& asked);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace belay::conform
