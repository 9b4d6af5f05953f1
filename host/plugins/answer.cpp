#include "answer.hpp"

#include <algorithm>
#include <cstring>

#include "base/secret.hpp"
#include "base/utf8.hpp"

namespace belay::plugins {
namespace {

thread_local CallKind running = CallKind::none;

}  // namespace

std::string ErrorRoom::text() const { return scrub(printable({room_.data(), std::min(raw_.text.len, capacity)})); }

void put(belay_error* error, std::string_view text) {
  if (error == nullptr || !BELAY_HAS(error, belay_error, text) || error->text.ptr == nullptr) return;
  const auto cut = cut_utf8(text, error->text.cap);
  if (!cut.empty()) std::memcpy(error->text.ptr, cut.data(), cut.size());
  error->text.len = static_cast<std::uint32_t>(cut.size());
}

CallKind current_call() { return running; }

CallScope::CallScope(CallKind kind) : outer_(running) { running = kind; }
CallScope::~CallScope() { running = outer_; }

Answer answer_of(belay_status status, const ErrorRoom& room, std::string_view function) {
  if (status >= 0) return {status == BELAY_STOP ? Status::stop : Status::ok, {}};
  std::string text = room.text();
  const auto answer = [&](Status known, const char* otherwise) {
    return Answer{known, text.empty() ? std::string(function) + "(): " + otherwise : std::move(text)};
  };
  switch (status) {
    case BELAY_ERR_UNSUPPORTED:
      return answer(Status::unsupported, "not supported");
    case BELAY_ERR_CONFIG:
      return answer(Status::config, "the configuration is wrong");
    case BELAY_ERR_CREDENTIAL:
      return answer(Status::credential, "the credential lacks something");
    case BELAY_ERR_PROTOCOL:
      return answer(Status::protocol, "the reply is not what its wire allows");
    case BELAY_ERR_CANCELLED:
      return answer(Status::cancelled, "cancelled");
    case BELAY_ERR_DEADLINE:
      return answer(Status::deadline, "the deadline passed");
    case BELAY_ERR_INTERNAL:
      return answer(Status::internal, "the plugin cannot go on");
    case BELAY_ERR_CONTRACT:
      return answer(Status::internal, "the plugin says that the host broke the interface");
    default:
      break;
  }
  // The plugin's own, or one that a later ABI knows: both mean that it can't go on.
  const std::string number = "status " + std::to_string(status);
  return {Status::internal, std::string(function) + "(): " + (text.empty() ? number : text + " (" + number + ")")};
}

belay_status status_of(Status status) {
  switch (status) {
    case Status::ok:
      return BELAY_OK;
    case Status::stop:
      return BELAY_STOP;
    case Status::unsupported:
      return BELAY_ERR_UNSUPPORTED;
    case Status::credential:
      return BELAY_ERR_CREDENTIAL;
    case Status::config:
      return BELAY_ERR_CONFIG;
    case Status::protocol:
      return BELAY_ERR_PROTOCOL;
    case Status::cancelled:
      return BELAY_ERR_CANCELLED;
    case Status::deadline:
      return BELAY_ERR_DEADLINE;
    case Status::internal:
    case Status::fault:
      break;
  }
  return BELAY_ERR_INTERNAL;
}

Answer fault_answer(const FaultLatch& latch) { return {Status::fault, latch.sentence()}; }

}  // namespace belay::plugins
