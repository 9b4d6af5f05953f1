// `belay plugins inspect FILE`: one file through the whole ladder, mapping included.
#include "candidate.hpp"
#include "module.hpp"
#include "plugins/registry.hpp"

namespace belay::plugins {

FileReport Registry::inspect(const std::string& path, const LoaderSettings& settings,
                             std::vector<Descriptor>* descriptors) {
  auto candidate = check_file(path, settings);
  if (!candidate.usable()) return candidate.report;
  (void)candidate.sha256();
  auto image = Image::of(candidate.bytes, candidate.report.note->id);
  auto module = image ? Module::load(candidate, std::move(*image)) : image.error();
  if (!module) {
    candidate.report.state = FileState::refused;
    candidate.report.why = module.error().message;
    return candidate.report;
  }
  candidate.report.state = FileState::loaded;
  if (descriptors != nullptr) {
    for (const auto& provider : (*module)->providers()) descriptors->push_back(provider.descriptor);
  }
  return candidate.report;
}

}  // namespace belay::plugins
