// Sources of secrets, as strings.
#include <sys/stat.h>

#include "folders.hpp"
#include "readers.hpp"

namespace belay::config {
namespace {

constexpr std::string_view source_forms =
    "env:NAME, file:PATH, file:PATH#/json/pointer, exec:COMMAND, keyring:SERVICE/ACCOUNT or literal:VALUE";

bool world_readable(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & S_IROTH) != 0;
}

}  // namespace

std::optional<credentials::Source> read_source(Section& section, std::string_view key, const Context& context) {
  const Node* node = section.find(key);
  if (node == nullptr) return std::nullopt;
  if (node->kind != Node::Kind::string) {
    section.wrong_kind(*node, "a string that says where the secret is", source_forms);
    return std::nullopt;
  }
  auto source = credentials::parse_source(node->text);
  if (!source) {
    section.error(*node, source.error().message, "");
    return std::nullopt;
  }
  const std::string& file = section.report().file(node->place);
  if (source->kind == credentials::Source::Kind::file)
    source->place = resolved(context.environment, file, source->place);
  if (source->kind == credentials::Source::Kind::literal && world_readable(file)) {
    section.warning(*node, "holds a secret in a file that everybody on this machine may read",
                    "chmod 600 " + file + ", or name an env: or file: source");
  }
  return *std::move(source);
}

}  // namespace belay::config
