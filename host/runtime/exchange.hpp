// Exchange: one attempt's I/O. Lets the plugin write the request, sends it, feeds the plugin what comes, reads what the plugin makes of it, and says
// in the end what it came to. HTTP and plugins with their own transport differ in who moves the bytes, in nothing else.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/cancel.hpp"
#include "call_body.hpp"
#include "engine.hpp"
#include "fallback/machine.hpp"
#include "reply.hpp"

namespace belay::runtime {

/// Whom an exchange tells. All on the loop thread, never from inside start(), resume() or stop().
class ExchangeOwner {
 public:
  virtual ~ExchangeOwner() = default;
  /// The first content is about to be delivered.
  virtual void on_commit() = 0;
  /// One event for a streaming caller; false: pause until resume().
  virtual bool on_event(std::string_view data, std::string_view text) = 0;
  /// Content came: progress.
  virtual void on_content() = 0;
  /// Last call.
  virtual void on_end(const fallback::AttemptEnd& end) = 0;
};

/// What one attempt is about. The body outlives the exchange or its stop(); the rest is owned, since a plugin's worker may go on for a while behind that.
struct Mission {
  ChainPtr chain;                                ///< owns the target and the route
  const fallback::Target& target;
  const fallback::RouteSettings& route;
  credentials::SnapshotPtr credential;           ///< null: keyless
  std::vector<fallback::Adjusted> adjusted;
  MonoTime limit;
  const CallBody& body;
  std::string operation, wire, id;
  bool streamed = false;
  std::string traceparent = {};                  ///< of this attempt; empty: none
};

class Exchange : public Resident {
 public:
  /// An HTTP exchange or a run of the plugin's own transport. The end, when it is known at once (a plugin that cannot be loaded, a request that
  /// cannot be written): nothing was sent then.
  static std::variant<std::shared_ptr<Exchange>, fallback::AttemptEnd> start(Engine& engine, LoopThread& home, Mission mission, ExchangeOwner& owner);

  /// Ends a pause.
  virtual void resume() = 0;
  /// The owner is done with it: no further call; the upstream sees the connection close.
  virtual void stop() = 0;

  /// A stream whose finish reason came is a whole answer though its end mark doesn't: the end, if that is so. Call stop() behind it.
  std::optional<fallback::AttemptEnd> end_if_whole();

  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] bool committed() const { return told_commit_; }
  [[nodiscard]] bool paused() const { return paused_; }
  [[nodiscard]] Reply& reply() { return reply_; }
  /// The reply that failed, as a refresh hook may see it.
  [[nodiscard]] virtual credentials::Failure failure() const { return {.status = status_, .headers = headers_, .body = {}}; }

 protected:
  Exchange(Engine& engine, LoopThread& home, Mission mission, ExchangeOwner& owner, std::shared_ptr<const Served> served);

  /// begin(): the failure, when there is one.
  std::optional<fallback::AttemptEnd> begin();
  static Reply::Setup reply_setup(const Engine& engine, const Mission& mission, const Served& served);
  fallback::AttemptEnd ended(fallback::Failing failing) const;
  /// The request can't be put into this target's words.
  [[nodiscard]] fallback::AttemptEnd ended(const wires::Misfit& misfit) const;
  /// What an answer of the plugin that is none comes to.
  fallback::AttemptEnd ended(const plugins::Answer& answer) const;
  /// The reply is complete as far as it will be.
  fallback::AttemptEnd settle(bool whole);
  fallback::AttemptEnd told_in_reply(const Reply::Error& error);
  fallback::AttemptEnd refused(std::string_view body);
  fallback::Failing classified(std::uint32_t kind, int status, std::string_view body, const fallback::ErrorText& error);
  /// Says it to the owner, once.
  void conclude(const fallback::AttemptEnd& end);

  Engine& engine_;
  LoopThread& home_;
  const Mission mission_;
  ExchangeOwner* owner_;                          // null after stop() or the end
  std::shared_ptr<const Served> served_;
  std::shared_ptr<PreparedBody> prepared_;
  std::vector<belay_member> members_;
  std::vector<belay_str> required_;
  std::vector<belay_field> fields_;
  belay_request request_{};
  belay_credential credential_{};
  std::unique_ptr<plugins::Exchange> exchange_;
  Reply reply_;
  int status_ = 0;
  fallback::Headers headers_;
  bool told_commit_ = false, paused_ = false;
};

}  // namespace belay::runtime
