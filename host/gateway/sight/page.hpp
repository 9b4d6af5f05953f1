// A page that is answered when others have been asked: the Visit of a GET, and the Answer that outlives it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/loop.hpp"
#include "front/front.hpp"
#include "sight/sight.hpp"

namespace belay::gateway::sight {

/// What a page turned out to be.
struct Page {
  int status = 200;
  std::string_view type;  ///< a literal
  std::string body;
};

/// The way back to a client that may have gone by then.
class Answer {
 public:
  Answer(Loop& home, Reply& reply, Sent sent) : home_(home), reply_(&reply), sent_(std::move(sent)) {}

  /// Sends it, if somebody still waits. [any thread]
  static void send(const std::shared_ptr<Answer>& answer, Page page);
  /// Nobody waits any more. [home loop]
  void forget() { reply_ = nullptr; }

 private:
  void send_here(const Page& page);

  Loop& home_;
  Reply* reply_;  // home loop
  Sent sent_;
};

/// `ask` is called when the request is whole; it has the answer sent sooner or later.
std::unique_ptr<Visit> page_visit(Loop& home, Reply& reply, Sent sent,
                                  std::function<void(std::shared_ptr<Answer>)> ask);

inline constexpr std::string_view json_type = "application/json";
inline constexpr std::string_view metrics_type = "text/plain; version=0.0.4; charset=utf-8";

/// OpenAI's error shape.
Page error_page(int status, std::string_view code, std::string_view message);

}  // namespace belay::gateway::sight
