#include "http/client.hpp"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <optional>

#include "address.hpp"
#include "base/secret.hpp"
#include "direct/client.hpp"
#include "exchange.hpp"
#include "proxy.hpp"
#include "shard_groups.hpp"

namespace belay::http {
namespace {

/// A request that was refused before anything was sent; its handler hears so at the end of the turn.
class Refused final : public Transfer {
 public:
  explicit Refused(std::shared_ptr<bool> gone) : gone_(std::move(gone)) {}
  ~Refused() override { *gone_ = true; }
  void resume() override {}

 private:
  std::shared_ptr<bool> gone_;
};

bool is_method(std::string_view method) {
  return !method.empty() && std::all_of(method.begin(), method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool holds_secret(const Request& request) {
  return request.body_sensitive || std::any_of(request.headers.begin(), request.headers.end(),
                                               [](const Header& header) { return header.sensitive; });
}

/// Name lookups and TLS sessions are shared by the multi handles of a client. One thread, so no locks.
Share make_share() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  Share share(curl_share_init());
  curl_share_setopt(share.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
  curl_share_setopt(share.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  return share;
}

}  // namespace

struct Client::Impl {
  Loop& loop;
  std::shared_ptr<bool> gone = std::make_shared<bool>(false);  ///< for refusals that are still to be told
  Share share = make_share();  // outlives every easy handle: spare ones in the book, running ones in shards
  AddressBook book{ProxyEnvironment::read([](const char* name) -> const char* { return std::getenv(name); })};
  ShardGroups shards;
  std::optional<DirectClient> direct;

  Impl(Loop& on, ClientOptions options) : loop(on), shards(on, options) {
    if (options.direct) direct.emplace(on, options);
  }
  ~Impl() { *gone = true; }

  std::unique_ptr<Transfer> refuse(Handler& handler, Failure failure, std::string message) {
    auto dropped = std::make_shared<bool>(false);
    Done done{failure, scrub(message), false};
    loop.at_turn_end([client_gone = gone, dropped, &handler, done = std::move(done)] {
      if (!*client_gone && !*dropped) handler.on_done(done);
    });
    return std::make_unique<Refused>(std::move(dropped));
  }

  std::unique_ptr<Transfer> start(Request request, Handler& handler) {
    auto found = book.find(request.url, request.endpoint);
    if (!found) return refuse(handler, Failure::bad_request, found.error().message);
    const std::shared_ptr<Address> address = *std::move(found);

    if (!is_method(request.method))
      return refuse(handler, Failure::bad_request,
                    address->place + ": the method of the request is not a word in capitals");
    if (holds_secret(request) && !address->admits(request.secret_origins))
      return refuse(handler, Failure::forbidden_origin,
                    address->place + ": the request holds a secret that is not bound to " + address->origin_text +
                        "; nothing was sent");
    auto lines = address->lines(request);
    if (!lines) return refuse(handler, Failure::bad_request, address->place + ": " + lines.error().message);
    if (!HeaderLines::allows(request.traceparent))
      return refuse(handler, Failure::bad_request, address->place + ": the traceparent holds a control character");

    auto transfer = direct && DirectClient::serves(*address, **lines)
                        ? direct->start(address, request, **lines, handler)
                        : by_curl(address, request, *std::move(lines), handler);
    // The header lines, which are what is sent, are wiped when they go; so is this copy.
    for (Header& header : request.headers)
      if (header.sensitive) wipe(header.value.data(), header.value.size());
    return transfer;
  }

  std::unique_ptr<Transfer> by_curl(const std::shared_ptr<Address>& address, const Request& request,
                                    std::shared_ptr<HeaderLines> lines, Handler& handler) {
    auto exchange = address->take_spare();
    if (!exchange) exchange = std::make_unique<Exchange>(*address, share.get());
    Shard& shard = shards.place(*address);
    exchange->begin(address, request, std::move(lines), handler, shard);
    auto ticket = std::make_unique<Ticket>(*exchange);
    exchange->bind(*ticket);
    shard.enter(std::move(exchange));
    return ticket;
  }
};

Client::Client(Loop& loop, ClientOptions options) : impl_(std::make_unique<Impl>(loop, options)) {}
Client::~Client() = default;

std::unique_ptr<Transfer> Client::start(Request request, Handler& handler) {
  return impl_->start(std::move(request), handler);
}
void Client::drop_idle() {
  impl_->shards.retire_all();
  if (impl_->direct) impl_->direct->drop_idle();
}

}  // namespace belay::http
