#include "front/front.hpp"

#include <list>

#include "accept.hpp"
#include "hall.hpp"

namespace belay::gateway {

struct Front::Impl final : Hall::Doorkeeper {
  Impl(Loop& loop, FrontSettings settings, Service& service) : hall(loop, std::make_shared<const FrontSettings>(std::move(settings)), service, *this) {}

  ~Impl() override {
    hall.draining = true;
    entrances.clear();
  }

  void on_left() override {
    if (hall.draining || hall.counts.open + 1 != hall.settings->max_connections) return;
    for (auto& entrance : entrances) (void)entrance.open();
  }

  Hall hall;
  std::list<Entrance> entrances;
};

Front::Front(Loop& loop, FrontSettings settings, Service& service) : impl_(std::make_unique<Impl>(loop, std::move(settings), service)) {}
Front::~Front() = default;

Result<void> Front::accept_on(int fd, bool local, std::shared_ptr<Tls> tls) {
  impl_->entrances.emplace_back(impl_->hall, fd, local, std::move(tls));
  return impl_->entrances.back().open();
}

void Front::use(FrontSettings settings) {
  impl_->hall.settings = std::make_shared<const FrontSettings>(std::move(settings));
  for (auto& entrance : impl_->entrances) (void)entrance.open();  // there may be room for more now
}

void Front::use(std::shared_ptr<Tls> tls) {
  for (auto& entrance : impl_->entrances) entrance.use(tls);
}

void Front::drain() {
  impl_->hall.draining = true;
  for (auto& entrance : impl_->entrances) entrance.close();
  for (auto& connection : impl_->hall.connections) connection.drain();
}

bool Front::empty() const { return impl_->hall.counts.open == 0; }
const FrontCounts& Front::counts() const { return impl_->hall.counts; }

}  // namespace belay::gateway
