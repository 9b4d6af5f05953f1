#include "kept_ring.hpp"

#include <algorithm>

namespace belay::gateway::sight {

bool TraceFilter::lets_in(const PackedHead& head) const {
  if (!id.empty() && head.id != id) return false;
  if (!route.empty() && head.route != route) return false;
  if (!outcome.empty() && to_string(head.outcome) != outcome) return false;
  return !key || head.key == *key;
}

void KeptRing::put(const RequestRecord& record) {
  if (capacity_ == 0) return;
  pack(packing_, record);  // where the room is warm; a slot then gets just what it needs
  if (slots_.size() < capacity_) {
    slots_.emplace_back(packing_.view());
    return;
  }
  std::string& slot = slots_[next_];
  if (slot.capacity() > 4 * packing_.size + 1024) slot = std::string();  // it held an uncommonly long one
  slot.assign(packing_.view());
  next_ = (next_ + 1) % capacity_;
}

std::size_t KeptRing::newest(std::size_t i) const { return (next_ + slots_.size() - 1 - i) % slots_.size(); }

std::vector<KeptPtr> KeptRing::find(const TraceFilter& filter) const {
  std::vector<KeptPtr> out;
  for (std::size_t i = 0; i < slots_.size() && out.size() < filter.limit; ++i) {
    const std::string& packed = slots_[newest(i)];
    if (filter.lets_in(head_of(packed))) out.push_back(std::make_shared<const Kept>(unpack(packed)));
  }
  return out;
}

void KeptRing::resize(std::size_t capacity) {
  if (capacity == capacity_) return;
  std::vector<std::string> kept;
  for (std::size_t i = std::min(capacity, slots_.size()); i-- > 0;) kept.push_back(std::move(slots_[newest(i)]));
  slots_ = std::move(kept);
  next_ = 0;
  capacity_ = capacity;
}

}  // namespace belay::gateway::sight
