// A plugin tried in a child before this process maps it: the program itself again, `belay plugins try-child`, which maps
// the very same bytes and makes the configured instances. What breaks there breaks nothing here.
//
// The child gets the image on descriptor 3, what to try on 4, and tells on 5, a line each: "step WHAT" before each step,
// in the end "good" or "bad WHY". A child that ends without the last line has been ended by the plugin.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "plugins/trial.hpp"
#include "spawn.hpp"

namespace belay::cli {

inline constexpr int trial_image_fd = 3;
inline constexpr int trial_request_fd = 4;
inline constexpr int trial_result_fd = 5;

struct TrialRequest {
  std::string path;  ///< of the file that the image is a copy of
  std::vector<plugins::Trial> trials;
};
std::string encode(const TrialRequest& request);
Result<TrialRequest> decode_trial(std::string_view text);

/// How it is done. The defaults are what the program uses; tests put another program there.
struct TrialChild {
  Program program = {.words = {"belay", "plugins", "try-child"}};
  Millis limit{10'000};
  int leaving = -1;  ///< a descriptor: when it is readable nobody waits for the end
};

/// Tries the image behind a descriptor. [blocks]
plugins::TrialEnd try_in_child(const TrialChild& child, int image, const TrialRequest& request);

/// try_in_child() as a registry asks for it.
plugins::TryOut try_out_with(TrialChild child);

}  // namespace belay::cli
