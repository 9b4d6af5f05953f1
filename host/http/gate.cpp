#include "gate.hpp"

#include <algorithm>

namespace belay::http {

bool Gates::enter(Exchange& exchange) {
  const Address& address = exchange.address();
  if (!address.tls || address.spoken == Spoken::http1) return true;
  const auto gate = std::find_if(gates_.begin(), gates_.end(), [&](const Gate& g) { return g.address == &address; });
  if (gate == gates_.end()) {
    gates_.push_back({&address, &exchange, {}});
    return true;
  }
  gate->waiting.push_back(&exchange);
  return false;
}

std::vector<Exchange*> Gates::let_in(const Exchange& exchange) {
  const auto gate = std::find_if(gates_.begin(), gates_.end(), [&](const Gate& g) { return g.first == &exchange; });
  if (gate == gates_.end()) return {};
  auto waiting = std::move(gate->waiting);
  gates_.erase(gate);
  return waiting;
}

void Gates::leave(const Exchange& exchange) {
  for (Gate& gate : gates_) std::erase(gate.waiting, &exchange);
}

}  // namespace belay::http
