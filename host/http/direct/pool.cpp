#include "direct/pool.hpp"

#include <algorithm>
#include <cstring>

namespace belay::http {

ConnectionPool::ConnectionPool(Loop& loop, std::size_t most_idle, Millis most_idle_time)
    : loop_(loop),
      most_idle_(most_idle),
      most_idle_time_(most_idle_time),
      sweep_timer_(loop, [this] { sweep(); }),
      empty_graveyard_(loop, [this] { buried_.clear(); }) {}

ConnectionPool::~ConnectionPool() = default;

Connection* ConnectionPool::take(Site& site) {
  if (site.idle.empty()) return nullptr;
  Connection& connection = site.idle.front();
  connection.IdleHook<OfSite>::unlink();
  connection.IdleHook<OfPool>::unlink();
  --idle_count_;
  return &connection;
}

Connection* ConnectionPool::add(std::shared_ptr<Site> site, Fd fd, std::uint64_t generation) {
  auto made = std::make_unique<Connection>(*this, std::move(site), std::move(fd));
  if (!made->watch()) return nullptr;
  made->slot = connections_.size();
  made->generation = generation;
  connections_.push_back(std::move(made));
  return connections_.back().get();
}

void ConnectionPool::give_back(Connection& connection) {
  if (connection.generation != generation_ || most_idle_ == 0) return connection.close();
  connection.idle_since = loop_.now();
  connection.site().idle.push_front(connection);
  idle_.push_front(connection);
  if (++idle_count_ > most_idle_) idle_.back().close();
  if (!sweep_timer_.armed()) sweep_timer_.arm_at(connection.idle_since + most_idle_time_);
}

void ConnectionPool::bury(Connection& connection) {
  if (connection.IdleHook<OfPool>::is_linked()) {
    connection.IdleHook<OfSite>::unlink();
    connection.IdleHook<OfPool>::unlink();
    --idle_count_;
  }
  const std::size_t slot = connection.slot;
  buried_.push_back(std::move(connections_[slot]));
  if (slot + 1 < connections_.size()) {
    connections_[slot] = std::move(connections_.back());
    connections_[slot]->slot = slot;
  }
  connections_.pop_back();
  empty_graveyard_.request();
}

void ConnectionPool::retire_all() {
  ++generation_;
  while (!idle_.empty()) idle_.back().close();
}

std::span<char> ConnectionPool::room(std::string_view kept, std::size_t more) {
  const std::size_t wanted = kept.size() + more;
  if (buffer_size_ < wanted) {
    buffer_size_ = std::max(wanted, std::size_t{64} << 10);
    buffer_.reset(new char[buffer_size_]);
  }
  std::memcpy(buffer_.get(), kept.data(), kept.size());
  return {buffer_.get(), wanted};
}

void ConnectionPool::sweep() {
  const MonoTime old = loop_.now() - most_idle_time_;
  while (!idle_.empty() && idle_.back().idle_since <= old) idle_.back().close();
  if (!idle_.empty()) sweep_timer_.arm_at(idle_.back().idle_since + most_idle_time_);
}

}  // namespace belay::http
