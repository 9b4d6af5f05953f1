// Gate: of several transfers that start at once to a TLS host which may speak HTTP/2, one goes ahead and connects; the
// others wait for its connection and share it. libcurl's own way (CURLOPT_PIPEWAIT) lets them out one at a time, does
// not count the wait into the connect timeout, and keeps them waiting for whole replies when the host turns out to
// speak HTTP/1.
#pragma once

#include <vector>

#include "exchange.hpp"

namespace belay::http {

/// Those of one multi handle, since only they can share a connection. [loop thread]
class Gates {
 public:
  /// True: `exchange` may go on, it is the first one or needs no gate. False: it waits, until let_in gives it back.
  bool enter(Exchange& exchange);
  /// `exchange` has connected or is over. Returns those who waited for it; they go on all at once.
  std::vector<Exchange*> let_in(const Exchange& exchange);
  /// `exchange` does not wait any longer.
  void leave(const Exchange& exchange);

 private:
  struct Gate {
    const Address* address;
    const Exchange* first;
    std::vector<Exchange*> waiting;
  };
  std::vector<Gate> gates_;  // of hosts that are being connected to at this moment: few
};

}  // namespace belay::http
