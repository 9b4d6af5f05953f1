#include "files.hpp"

#include <glob.h>

#include <algorithm>
#include <set>

#include "base/file.hpp"
#include "base/secret.hpp"
#include "folders.hpp"
#include "text_guard.hpp"
#include "toml.hpp"

namespace belay::config {
namespace {

constexpr std::size_t include_depth = 16;
constexpr std::size_t file_count_limit = 512;

/// What it means that a file is not there, or that it may not be read. A system file that only the service may read
/// must not keep a person from calling with a configuration of their own.
enum class Presence { required, if_there, if_readable };

class FileReader {
 public:
  FileReader(const Environment& environment, Reading& reading) : environment_(environment), reading_(reading) {}

  /// `from` is the include that names the file, or no place.
  void read(const std::filesystem::path& path, Presence presence, Place from = {}) {
    const std::string shown = path.string();
    auto text = read_file(path, file_limit);
    if (!text) return unreadable(path, presence, from, text.error());
    const std::string identity = identity_of(path);
    if (std::find(open_.begin(), open_.end(), identity) != open_.end()) {
      return problem(from, "includes " + shown + " in a circle", "take one include of the circle out");
    }
    if (!done_.insert(identity).second) return;  // read before: whatever came in between stays above it
    if (files_.names.size() == file_count_limit)
      return problem(from, "more than " + std::to_string(file_count_limit) + " files", "include fewer");
    const std::uint32_t name = reading_.report.name(shown);
    auto root = parse_toml(*text, name, reading_.report);
    wipe(text->data(), text->size());
    if (!root) {
      files_.whole = false;
      return;
    }
    open_.push_back(identity);
    read_includes(shown, *root);
    open_.pop_back();
    root->erase("include");
    files_.names.push_back(shown);
    merge(files_.root, *std::move(root));
  }

  Files take() { return std::move(files_); }

 private:
  void read_includes(const std::string& file, const Node& root) {
    Section top(reading_, root, "", "");
    const auto includes = top.string_or_strings("include", "include = [\"more.toml\", \"conf.d/*.toml\"]");
    if (!includes) return;
    for (const Node* include : *includes) {
      if (open_.size() >= include_depth)
        return problem(include->place, "more than " + std::to_string(include_depth) + " files deep",
                       "include fewer levels");
      if (include->text.empty()) {
        problem(include->place, "is empty", "a path or glob, relative to this file");
        continue;
      }
      const std::string path = resolved(environment_, file, include->text);
      if (include->text.find_first_of("*?[") == std::string::npos) {
        read(path, Presence::required, include->place);
      } else {
        for (const auto& match : matches(path)) read(match, Presence::required, include->place);
      }
    }
  }

  /// A glob that matches nothing includes nothing: the folder may fill later.
  static std::vector<std::string> matches(const std::string& pattern) {
    glob_t found{};
    std::vector<std::string> paths;
    if (::glob(pattern.c_str(), GLOB_ERR, nullptr, &found) == 0)
      paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    std::sort(paths.begin(), paths.end());  // glob() sorts by locale
    return paths;
  }

  void unreadable(const std::filesystem::path& path, Presence presence, Place from, const Error& why) {
    std::error_code unknown;
    if (presence != Presence::required && !std::filesystem::exists(path, unknown) && !unknown) return;
    if (presence == Presence::if_readable) {
      reading_.report.warning({}, "", why.message, "it is left out");
      return;
    }
    problem(from, why.message,
            from.line == 0 ? "name a TOML file that you may read" : "name a file relative to this one");
  }

  void problem(Place from, const std::string& what, const std::string& remedy) {
    files_.whole = false;
    reading_.report.error(from, from.line == 0 ? "" : "include", what, remedy);
  }

  static std::string identity_of(const std::filesystem::path& path) {
    std::error_code unknown;
    const auto canonical = std::filesystem::canonical(path, unknown);
    return unknown ? path.string() : canonical.string();
  }

  const Environment& environment_;
  Reading& reading_;
  Files files_;
  std::vector<std::string> open_;  // the chain of includes
  std::set<std::string> done_;
};

}  // namespace

Files read_files(const Environment& environment, const std::optional<std::filesystem::path>& file, Reading& reading) {
  FileReader reader(environment, reading);
  if (file) {
    reader.read(*file, Presence::required);
    return reader.take();
  }
  reader.read(environment.system_dir / "belay.toml", Presence::if_readable);
  for (const auto& path : toml_files(environment.system_dir / "conf.d")) reader.read(path, Presence::if_readable);
  if (const auto user = user_config_dir(environment); !user.empty())
    reader.read(user / "belay.toml", Presence::if_there);
  return reader.take();
}

}  // namespace belay::config
