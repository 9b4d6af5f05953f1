#include "shard_groups.hpp"

#include <algorithm>

namespace belay::http {
namespace {

/// A multi handle that served a peak keeps some memory (a CA store alone is 0.8 MB) and connections: it goes when
/// unused for this long or up to twice.
constexpr Millis sweep_interval{30'000};

}  // namespace

ShardGroups::ShardGroups(Loop& loop, ClientOptions options)
    : loop_(loop),
      options_(options),
      sweep_timer_(loop, [this] { sweep(); }),
      bury_(loop, [this] { std::erase_if(retired_, [](const auto& shard) { return shard->size() == 0; }); }) {
  options_.transfers_per_multi = std::max<std::size_t>(1, options_.transfers_per_multi);
  // Fewer connections than transfers would make them be opened anew all the time.
  options_.idle_connections = std::max(options_.idle_connections, options_.transfers_per_multi);
}

Shard& ShardGroups::place(Address& address) {
  if (!address.group) address.group = &groups_[address.tls ? address.ca_file : ""];
  ShardGroup& group = *address.group;
  while (group.first_free < group.shards.size() &&
         group.shards[group.first_free]->size() >= options_.transfers_per_multi)
    ++group.first_free;
  if (group.first_free == group.shards.size()) {
    group.shards.push_back(std::make_unique<Shard>(loop_, *this, open_, options_.idle_connections));
    group.shards.back()->group = &group;
    group.shards.back()->index = group.first_free;
    if (group.first_free > 0 && !sweep_timer_.armed()) sweep_timer_.arm_in(sweep_interval);
  }
  ++running_;
  Shard& shard = *group.shards[group.first_free];
  shard.used_since_sweep = true;
  return shard;
}

void ShardGroups::left(Shard& shard, std::unique_ptr<Exchange> exchange, std::shared_ptr<Address> address) {
  --running_;
  address->give_spare(std::move(exchange));
  if (!shard.group) {
    if (shard.size() == 0) bury_.request();
    return;
  }
  shard.group->first_free = std::min(shard.group->first_free, shard.index);
  const bool too_many = idle() > options_.idle_connections;
  if (too_many && shard.size() == 0 && shard.group->shards.size() > 1) return retire(shard);
  // libcurl looks at this limit whenever a connection falls idle, and then closes its oldest idle one.
  shard.keep_connections(too_many ? shard.size() : options_.idle_connections);
}

/// Connections that later requests might use.
std::size_t ShardGroups::idle() const {
  std::size_t busy = running_;
  for (const auto& shard : retired_) busy += shard->sockets().open_count();
  return open_ > busy ? open_ - busy : 0;
}

void ShardGroups::retire(Shard& shard) {
  auto& shards = shard.group->shards;
  const auto place = shards.begin() + static_cast<std::ptrdiff_t>(shard.index);
  shard.group = nullptr;
  retired_.push_back(std::move(*place));
  for (auto later = shards.erase(place); later != shards.end(); ++later) --(*later)->index;
  bury_.request();
}

void ShardGroups::retire_all() {
  for (auto& [ca_file, group] : groups_) {
    for (auto& shard : group.shards) {
      shard->group = nullptr;
      retired_.push_back(std::move(shard));
    }
    group.shards.clear();
    group.first_free = 0;
  }
  bury_.request();
}

void ShardGroups::sweep() {
  bool more = false;
  for (auto& [ca_file, group] : groups_) {
    auto& shards = group.shards;
    // From the end: they are filled from the front, and places in the group stay as they are.
    while (shards.size() > 1 && shards.back()->size() == 0 && !shards.back()->used_since_sweep) shards.pop_back();
    for (auto& shard : shards) shard->used_since_sweep = shard->size() != 0;
    group.first_free = 0;
    more = more || shards.size() > 1;
  }
  if (more) sweep_timer_.arm_in(sweep_interval);
}

}  // namespace belay::http
