// CallBody: a call's request, for targets that speak the caller's wire and for those that don't.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "request_body.hpp"
#include "wires/misfit.hpp"
#include "wires/wire.hpp"

namespace belay::runtime {

/// Used by one thread at a time.
class CallBody {
 public:
  using Params = std::vector<std::pair<std::string, std::string>>;

  /// Checks the body as far as all targets need it. `param` of the misfit is the member at fault, where one is.
  static std::variant<std::unique_ptr<CallBody>, wires::Misfit> parse(std::string body, std::string_view wire, std::string_view operation);

  [[nodiscard]] wires::Wire wire() const { return wire_; }
  [[nodiscard]] const RequestBody& own() const { return *own_; }
  /// The route's params, in canonical words: defaults for what the caller didn't say. They outlive the body.
  Result<void> add_defaults(const Params& params);
  /// Members that the fallback machine may drop, rename or cut, by their names in the caller's wire and in canonical requests.
  [[nodiscard]] const std::vector<json::Member>& members() const { return wire_ == wires::Wire::chat ? own_->members() : names_; }

  /// The body of one attempt. `own_wire`: the target speaks the caller's.
  [[nodiscard]] std::variant<PreparedBody, wires::Misfit> prepare(bool own_wire, std::string_view model, bool stream,
                                                                  const std::vector<fallback::Adjusted>& adjusted) const;

 private:
  void list_names();
  [[nodiscard]] std::variant<std::unique_ptr<RequestBody>, wires::Misfit> translate() const;

  wires::Wire wire_ = wires::Wire::chat;
  std::unique_ptr<RequestBody> own_;
  const Params* params_ = nullptr;
  std::vector<json::Member> names_;   // of another wire than chat
  mutable std::optional<std::variant<std::unique_ptr<RequestBody>, wires::Misfit>> chat_;   // made when the first target needs it
};

}  // namespace belay::runtime
