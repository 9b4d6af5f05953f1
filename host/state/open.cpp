#include <string>

#include "backends.hpp"
#include "base/json.hpp"

namespace belay::state {

Result<void> check_record(std::string_view key, std::string_view value) {
  if (value.size() > max_record_bytes) {
    return fail("the state record " + std::string(key) + " has " + std::to_string(value.size()) + " bytes, at most " +
                std::to_string(max_record_bytes) + " fit");
  }
  if (auto parsed = json::parse(value); !parsed)
    return fail("the state record " + std::string(key) + " is not JSON: " + parsed.error().message);
  return {};
}

Result<std::unique_ptr<State>> open(std::string_view url) {
  if (url == "memory:") return make_memory_state();
  if (url.starts_with("file:") && url.size() > 5) return open_file_state(std::filesystem::path(url.substr(5)));
  if (url.starts_with("redis:") || url.starts_with("rediss:")) {  // not shown: it may hold a password
    return fail(
        "this build keeps state in memory or in a folder, not in Redis; write state = \"file:DIR\" or \"memory:\"");
  }
  return fail("state must be \"memory:\" or \"file:DIR\"");
}

}  // namespace belay::state
