// HttpExchange: an exchange over host/http.
#pragma once

#include "exchange.hpp"
#include "http/client.hpp"

namespace belay::runtime {

class HttpExchange final : public Exchange, private http::Handler, private plugins::EventSink {
 public:
  HttpExchange(Engine& engine, LoopThread& home, Mission mission, ExchangeOwner& owner, std::shared_ptr<const Served> served)
      : Exchange(engine, home, std::move(mission), owner, std::move(served)) {}

  /// After begin(). The end, when there is nothing to send.
  std::optional<fallback::AttemptEnd> send();
  void resume() override;
  void stop() override;
  void evict() override { leave(); }
  [[nodiscard]] credentials::Failure failure() const override;

 private:
  http::Request outgoing(plugins::OutgoingRequest&& written) const;
  void on_head(const http::Head& head) override;
  bool on_body(std::string_view piece) override;
  void on_done(const http::Done& done) override;
  bool on_event(const belay_event& event) override;
  fallback::AttemptEnd broken(const http::Done& done);
  void finish_early();
  void leave();

  [[nodiscard]] bool good() const { return status_ >= 200 && status_ < 300; }

  std::unique_ptr<http::Transfer> transfer_;
  std::unique_ptr<Timer> lingering_;   // the answer is complete, the connection is being read to its end
  std::string error_body_;             // of a reply that is not 2xx
};

}  // namespace belay::runtime
