#include "front/front.hpp"

namespace belay::gateway {

std::string_view Head::get(std::string_view name) const {
  for (const auto& field : fields) {
    if (field.name == name) return field.value;
  }
  return {};
}

}  // namespace belay::gateway
