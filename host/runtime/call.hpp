// CallTask: drives one call's fallback machine on a loop. The machine says what is next; this waits for network, clock, refresh or a free place, and
// tells it what came. Whoever waits for the answer sees the same, however they wait.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "engine.hpp"
#include "exchange.hpp"
#include "fallback/machine.hpp"

namespace belay::runtime {

class CallTask final : public Call, public Resident, private ExchangeOwner {
 public:
  CallTask(Engine& engine, LoopThread& home, CallRequest request, std::shared_ptr<Observer> observer);

  /// Plans on the calling thread, then goes on on the loop. [any thread]
  void launch();
  void cancel() override;
  void resume() override;
  void evict() override { cut(Cut::cancelled); }

 private:
  enum class Cut { deadline, cancelled };

  bool plan();
  void begin();
  void enter();
  void drive(fallback::Action action);
  std::optional<fallback::Action> perform(const fallback::action::Attempt& attempt);
  void perform(const fallback::action::Wait& wait);
  void perform(const fallback::action::Refresh& refresh);
  void perform(const fallback::action::Load& load);
  void refresh_ahead(const fallback::action::Attempt& attempt);
  void finish();
  void report(const CallResult& result);
  void cut(Cut why);
  void drop_exchange();
  void on_timer();
  void on_attempt_limit();
  bool is_whole();
  void arm();
  void tell_verdicts();
  [[nodiscard]] MonoTime attempt_limit() const;
  [[nodiscard]] std::string traceparent() const;

  void on_commit() override;
  bool on_event(std::string_view data, std::string_view text) override;
  void on_content() override;
  void on_end(const fallback::AttemptEnd& end) override;

  template <typename Then>
  void on_loop(Then then);
  std::shared_ptr<CallTask> self() { return std::static_pointer_cast<CallTask>(Resident::shared_from_this()); }

  Engine& engine_;
  LoopThread& home_;
  CallRequest request_;
  std::shared_ptr<Observer> observer_;
  const MonoTime arrival_;

  // Set by launch(), before the loop sees it.
  std::unique_ptr<CallBody> body_;
  Plan plan_;
  std::optional<CallResult> unusable_;
  std::optional<fallback::Machine> machine_;

  // Loop thread.
  std::optional<Timer> timer_;
  std::uint64_t step_ = 0;                  // which wait a late answer belongs to
  std::uint64_t ticket_ = 0;                // of the gate, while waiting for a place
  bool placed_ = false;                     // holds a place of the gate
  std::optional<MonoTime> wake_;            // waiting for this moment
  std::shared_ptr<Exchange> exchange_;
  MonoTime limit_, last_content_;           // of the exchange
  MonoTime began_;
  std::size_t told_ = 0;                    // verdicts that the observer knows
  std::string body_text_, text_;            // of the answer
  std::string malformed_, param_;           // what is wrong with the request, found by the one who had to translate it
  CallResult::SoFar so_far_;                // of a stream that broke off
  credentials::Failure last_failure_;       // of the last attempt, for a refresh hook
  fallback::Usage usage_;
  std::size_t unfit_ = 0;                   // attempts that ended before anything was sent, since their target has no word for the request
  std::string unfit_message_;               // of the first of them
  bool streamed_ = false, over_ = false;
};

}  // namespace belay::runtime
