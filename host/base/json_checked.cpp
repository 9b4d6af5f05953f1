#include "json_checked.hpp"

#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include "base/json.hpp"
#include "json_surrogates.hpp"
#include "json_text.hpp"

namespace belay::json {
namespace {

constexpr std::size_t names_at_first = 64;  // what a request of usual size needs

bool simd() {
  static const bool has = scan::has_sse42();
  return has;
}

}  // namespace

CheckedPass::CheckedPass(std::string_view text, char* copy, std::size_t depth_limit) : text_(text), pass_{} {
  if (!text.empty()) std::memcpy(copy, text.data(), text.size());
  std::memset(copy + text.size(), 0, scan::padding);
  replace_lone_surrogates(copy, text.size());
  pass_.copy = copy;
  pass_.depth_limit = depth_limit;
  pass_.names.at = static_cast<scan::Name*>(std::malloc(names_at_first * sizeof(scan::Name)));
  if (pass_.names.at == nullptr) throw std::bad_alloc();
  pass_.names.room = names_at_first;
}

CheckedPass::~CheckedPass() { std::free(pass_.names.at); }

Result<void> CheckedPass::index() {
  simd() ? scan::index_sse42(pass_) : scan::index_plain(pass_);
  return outcome();
}

Result<void> CheckedPass::build(const scan::Events& events) {
  simd() ? scan::build_sse42(pass_, events) : scan::build_plain(pass_, events);
  return outcome();
}

Result<void> CheckedPass::outcome() const {
  if (pass_.error == nullptr) return {};
  if (pass_.doubled != nullptr) {
    const auto at = static_cast<std::size_t>(pass_.doubled->text - pass_.copy);
    return fail(place(text_, at) + "the name " + quoted({pass_.doubled->text, pass_.doubled->size}) +
                " stands twice in one object");
  }
  std::string why = pass_.error;
  if (why.ends_with('.')) why.pop_back();
  return fail(place(text_, pass_.error_at) + why);
}

}  // namespace belay::json
