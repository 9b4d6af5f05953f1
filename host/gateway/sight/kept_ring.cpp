#include "kept_ring.hpp"

#include <algorithm>

namespace belay::gateway::sight {

bool TraceFilter::lets_in(const Kept& kept) const {
  if (!id.empty() && kept.trace.id != id) return false;
  if (!route.empty() && kept.trace.route != route) return false;
  if (!outcome.empty() && to_string(kept.trace.outcome) != outcome) return false;
  return !key || kept.key == *key;
}

void KeptRing::put(KeptPtr kept) {
  if (capacity_ == 0) return;
  if (slots_.size() < capacity_) {
    slots_.push_back(std::move(kept));
    return;
  }
  slots_[next_] = std::move(kept);
  next_ = (next_ + 1) % capacity_;
}

const KeptPtr& KeptRing::newest(std::size_t i) const { return slots_[(next_ + slots_.size() - 1 - i) % slots_.size()]; }

std::vector<KeptPtr> KeptRing::find(const TraceFilter& filter) const {
  std::vector<KeptPtr> out;
  for (std::size_t i = 0; i < slots_.size() && out.size() < filter.limit; ++i) {
    if (filter.lets_in(*newest(i))) out.push_back(newest(i));
  }
  return out;
}

void KeptRing::resize(std::size_t capacity) {
  if (capacity == capacity_) return;
  std::vector<KeptPtr> kept;
  for (std::size_t i = std::min(capacity, slots_.size()); i-- > 0;) kept.push_back(newest(i));
  slots_ = std::move(kept);
  next_ = 0;
  capacity_ = capacity;
}

}  // namespace belay::gateway::sight
