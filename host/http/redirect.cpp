#include "redirect.hpp"

#include <string>

namespace belay::http {

Result<CheckedUrl> follow_redirect(const Head& head, const CheckedUrl& from, Hop hop) {
  const std::string what = "answered " + std::to_string(head.status) + ", a redirect";
  if (head.status != 307 && head.status != 308) return fail(what + " that is not followed");
  auto next = from.follow(std::string(head.get("location").value_or("")));
  if (!next) return fail(what + " without a usable location");
  if (next->origin != from.origin)
    return fail(what + " to " + next->origin.text() + "; a request stays at the origin it was made for");
  if (hop == Hop::second) return fail(what + " after another one");
  return next;
}

}  // namespace belay::http
