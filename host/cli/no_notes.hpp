// For commands that look at plugins and make no calls: no plugin keeps notes meanwhile.
#pragma once

#include "plugins/provider.hpp"

namespace belay::cli {

class NoNotes : public plugins::Services {
 public:
  Result<std::optional<std::string>> note(std::string_view provider, std::string_view key) override;
  Result<void> put_note(std::string_view provider, std::string_view key, std::string_view value) override;
};

}  // namespace belay::cli
