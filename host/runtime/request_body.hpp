// RequestBody: the caller's body, edited by span only. What is not edited goes to upstream byte for byte.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "fallback/trace.hpp"

namespace belay::runtime {

/// A body ready for one target, with the index that the ABI hands to plugins. Views point into `text`.
struct PreparedBody {
  std::string text;
  std::vector<json::Member> members;
};

/// Held by pointer: its views point into its own text.
class RequestBody {
 public:
  RequestBody() = default;
  RequestBody(const RequestBody&) = delete;
  RequestBody& operator=(const RequestBody&) = delete;
  /// Checks the body. Errors are for the caller ("line 1, column 9: ...").
  static Result<std::unique_ptr<RequestBody>> parse(std::string body);
  /// Adds the route's params for which the caller has no value.
  Result<void> add_defaults(const std::vector<std::pair<std::string, std::string>>& params);

  [[nodiscard]] const std::vector<json::Member>& members() const { return members_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  /// The body's own "model", decoded; empty when absent or no string.
  [[nodiscard]] std::string model() const;
  [[nodiscard]] bool stream() const;
  /// Whether the caller of a stream asked to be told its usage.
  [[nodiscard]] bool wants_usage() const;
  /// "model" or "stream" when that member is there and is no string, or no truth value; else empty. null is as good as absent.
  [[nodiscard]] std::string mistyped() const;
  /// The member's value as it stands in the text, or nullptr.
  [[nodiscard]] const json::Member* find(std::string_view name) const;

  /// The body for one attempt: `model` and `stream` set, `adjusted` applied in order.
  [[nodiscard]] PreparedBody prepare(std::string_view model, bool stream, const std::vector<fallback::Adjusted>& adjusted) const;

 private:
  [[nodiscard]] PreparedBody prepare_plain(std::string_view model, bool stream) const;

  std::string text_;
  std::vector<json::Member> members_;   // views into text_
};

}  // namespace belay::runtime
