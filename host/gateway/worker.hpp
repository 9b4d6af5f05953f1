// Worker: one thread's part of the gateway: its front, its counts, and the configuration it serves now.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "endpoint.hpp"
#include "front/front.hpp"
#include "generation.hpp"
#include "runtime/loops.hpp"
#include "sight/sight.hpp"

namespace belay::gateway {

/// What is kept of a request's head until the request is over. One allocation for all its words.
class Facts {
 public:
  Facts(std::string_view id, const Head& head);

  [[nodiscard]] std::string_view id() const { return part(0); }
  [[nodiscard]] std::string_view method() const { return part(1); }
  [[nodiscard]] std::string_view path() const { return part(2); }
  [[nodiscard]] std::string_view peer() const { return part(3); }
  [[nodiscard]] std::string_view agent() const { return part(4); }

  UnixMs began = 0;
  MonoTime arrived;
  TraceContext context;   ///< of calls, where spans are wanted or the caller sent one

 private:
  static constexpr std::size_t parts = 5;
  [[nodiscard]] std::string_view part(std::size_t i) const;

  std::string text_;
  std::uint32_t ends_[parts];
};

/// [its loop thread, but for the constructor]
class Worker final : public Service {
 public:
  Worker(std::size_t number, runtime::LoopThread& thread, Sight& sight, FrontSettings settings, GenerationPtr generation);
  /// For later requests; those under way keep theirs.
  void use(GenerationPtr generation, FrontSettings settings);
  void drain();
  /// Closes all connections; what they asked for is cancelled, and says so to this worker, which therefore outlives it by a turn or two.
  void close();

  [[nodiscard]] Front& front() { return *front_; }
  [[nodiscard]] Loop& loop() { return thread_.loop(); }
  [[nodiscard]] SightWorker& sight() { return sight_.worker(number_); }
  [[nodiscard]] const GenerationPtr& generation() const { return generation_; }

  std::unique_ptr<Visit> open(const Head& head, Reply& reply) override;
  Refused refusal(std::string_view path, const Refusal& why) override;

 private:
  struct Admission {
    const Key* key = nullptr;   ///< nullptr: nobody needs one
    bool ok = true;
  };

  Admission admit(const Head& head, const Endpoint& endpoint, Facts& facts, Reply& reply);
  std::unique_ptr<Visit> call(const Head& head, const Endpoint& endpoint, Facts&& facts, const Key* key, Reply& reply);
  std::unique_ptr<Visit> look(const Head& head, const Endpoint& endpoint, Facts&& facts, const Key* key, Reply& reply);
  void models(const Head& head, const Endpoint& endpoint, const Facts& facts, const Key* key, Reply& reply);
  void answer(const Facts& facts, const Key* key, Reply& reply, int status, std::string_view type, std::string_view body, std::span<const Field> more = {},
              std::string_view wire = {});
  void refuse(const Facts& facts, const Key* key, Reply& reply, const Endpoint& endpoint, int status, std::string_view code, std::string_view message,
              std::span<const Field> more = {});
  void note(const Facts& facts, std::string_view key, int status, std::size_t bytes, std::string_view wire = {});

  const std::size_t number_;
  runtime::LoopThread& thread_;
  Sight& sight_;
  GenerationPtr generation_;   // copies of it count on this worker's own counter
  RecentKeys recent_keys_;     // of that generation's ring
  bool draining_ = false;
  std::unique_ptr<Front> front_;
};

}  // namespace belay::gateway
