#include "plugins/trial.hpp"

#include <unistd.h>

#include <cerrno>

#include "base/file.hpp"
#include "candidate.hpp"
#include "instance.hpp"
#include "module.hpp"
#include "plugin_file.hpp"

namespace belay::plugins {
namespace {

Result<std::string> bytes_of(int image) {
  std::string bytes;
  char piece[65536];
  for (;;) {
    const ssize_t got = ::pread(image, piece, sizeof piece, static_cast<off_t>(bytes.size()));
    if (got < 0) return fail("cannot be read: " + errno_text(errno));
    if (got == 0) return bytes;
    bytes.append(piece, static_cast<std::size_t>(got));
    if (bytes.size() > largest_plugin_file) return fail("has more than 256 MiB");
  }
}

}  // namespace

Result<void> try_image(int image, const std::string& path, const std::vector<Trial>& trials, Services& services,
                       const std::function<void(std::string_view step)>& told) {
  auto bytes = bytes_of(image);
  if (!bytes) return bytes.error();
  auto file = check_bytes(path, std::move(*bytes));
  if (!file.usable()) return fail(file.report.why);
  auto copy = Image::of(file.bytes, file.report.note->id);
  if (!copy) return copy.error();
  told("mapping it");
  const auto module = Module::load(file, std::move(*copy));
  if (!module) return module.error();
  for (const auto& trial : trials) {
    const Provider* provider = (*module)->provider(trial.type);
    if (provider == nullptr) continue;
    told("making an instance for provider." + trial.config.name);
    const auto made = make_instance(*module, *provider, trial.config, services);
    if (!made) return fail("refused: " + made.error().message);
    told("letting go of the instance for provider." + trial.config.name);
  }
  return {};
}

}  // namespace belay::plugins
