// Samples: requests that are over, made by hand.
#pragma once

#include <memory>
#include <string>

#include "sight/record.hpp"

namespace belay::gateway::test {

/// A call over route "r": provider p answered 401, its refresh failed for good, c answered. Its views live as long as
/// it does.
struct Sample {
  explicit Sample(std::string id = "01JSAMPLE0000000000000000A");
  Sample(const Sample&) = delete;
  Sample& operator=(const Sample&) = delete;

  std::string id;
  runtime::CallResult result;
  RequestRecord record;
};

/// A request that became no call.
RequestRecord plain(std::string_view method, std::string_view path, int status);

/// Route "r" over providers p and c, of which nothing is asked; gateway keys "ci" and "web".
runtime::Settings two_providers();

}  // namespace belay::gateway::test
