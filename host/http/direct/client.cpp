#include "direct/client.hpp"

#include <utility>

namespace belay::http {
namespace {

/// Origins are few; one that makes up new ones without end must not fill the memory with empty entries.
constexpr std::size_t most_sites = 512;

}  // namespace

DirectClient::DirectClient(Loop& loop, const ClientOptions& options)
    : resolver_(loop), pool_(loop, options.idle_connections), turn_end_(loop, [this] { turn(); }) {}

DirectClient::~DirectClient() {
  while (!exchanges_.empty()) {
    DirectExchange& exchange = exchanges_.front();
    exchanges_.pop_front();
    exchange.abandon();
  }
}

/// libcurl decides about proxies and their exceptions, and decodes what a caller asks for by himself.
bool DirectClient::serves(const Address& address, const HeaderLines& lines) {
  return !address.tls && address.via.proxy.empty() && !lines.asks_for_coding();
}

std::unique_ptr<Transfer> DirectClient::start(std::shared_ptr<Address> address, const Request& request,
                                              HeaderLines& lines, Handler& handler) {
  if (!address->site) address->site = site(*address);
  auto head = lines.head(request, *address);
  auto exchange = std::make_unique<DirectExchange>(*this, std::move(address), std::move(head), request, handler);
  exchanges_.push_back(*exchange);
  queue(*exchange);
  return exchange;
}

void DirectClient::queue(DirectExchange& exchange) {
  departing_.push_back(exchange);
  turn_end_.request();
}

void DirectClient::wake(DirectExchange& exchange) {
  if (exchange.ExchangeHook<OfTurn>::is_linked()) return;
  waking_.push_back(exchange);
  turn_end_.request();
}

std::shared_ptr<Site> DirectClient::site(const Address& address) {
  std::weak_ptr<Site>& known = sites_[address.origin_text];
  if (auto site = known.lock()) return site;
  auto site = std::make_shared<Site>();
  site->origin = address.url.origin;
  known = site;
  if (sites_.size() > most_sites) std::erase_if(sites_, [](const auto& entry) { return entry.second.expired(); });
  return site;
}

/// Those that join while this runs wait for the next turn.
void DirectClient::turn() {
  List<OfTurn> now;
  now.swap(departing_);
  while (!now.empty()) {
    DirectExchange& exchange = now.front();
    now.pop_front();
    exchange.depart();
  }
  now.swap(waking_);
  while (!now.empty()) {
    DirectExchange& exchange = now.front();
    now.pop_front();
    exchange.wake();
  }
}

}  // namespace belay::http
