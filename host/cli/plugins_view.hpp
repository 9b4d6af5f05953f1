// What `belay plugins` and `belay plugins inspect` print.
#pragma once

#include <string>
#include <vector>

#include "plugins/registry.hpp"
#include "screen.hpp"

namespace belay::cli {

std::string plugins_text(const std::vector<plugins::FileReport>& files, const std::vector<std::string>& dirs,
                         const Screen& screen);
std::string plugins_json(const std::vector<plugins::FileReport>& files, const std::vector<std::string>& dirs);

/// One file in full; `descriptors` is empty when it could not be mapped.
std::string inspect_text(const plugins::FileReport& file, const std::vector<plugins::Descriptor>& descriptors,
                         const Screen& screen);
std::string inspect_json(const plugins::FileReport& file, const std::vector<plugins::Descriptor>& descriptors);

}  // namespace belay::cli
