// Entrance: a listening socket of one worker.
#pragma once

#include <memory>

#include "base/loop.hpp"
#include "front/front.hpp"
#include "hall.hpp"

namespace belay::gateway {

/// [loop thread] The socket belongs to somebody else and outlives this.
class Entrance final : public Watcher {
 public:
  Entrance(Hall& hall, int fd, bool local, std::shared_ptr<Tls> tls);
  ~Entrance() override { close(); }

  Result<void> open();
  /// Clients wait in the kernel's queue.
  void close();
  void use(std::shared_ptr<Tls> tls);
  void on_ready(std::uint32_t events) override;

 private:
  enum class Next { more, none, full, short_of_means };
  Next accept_one();
  void rest_a_while();

  Hall& hall_;
  int fd_;
  Door door_;
  std::shared_ptr<Tls> tls_;
  Timer again_;
  bool open_ = false;
  MonoTime told_{};  // when the log was told of a shortage
};

}  // namespace belay::gateway
