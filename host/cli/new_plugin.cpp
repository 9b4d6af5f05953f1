#include "new_plugin.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cerrno>

#include "base/file.hpp"
#include "base/utf8.hpp"

namespace belay::cli {
namespace {

constexpr std::string_view example = "acme";
constexpr std::size_t name_limit = 64;
constexpr std::size_t file_limit = 1U << 20;

/// my-llm -> my_llm
std::string in_code(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

/// my-llm -> MY_LLM
std::string as_macro(std::string_view name) {
  std::string text = in_code(name);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

/// my-llm -> MyLlm
std::string as_type(std::string_view name) {
  std::string text;
  bool first = true;
  for (const char c : name) {
    if (c != '-') text += first ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    first = c == '-';
  }
  return text;
}

/// `name` in the spelling in which the example stands there.
std::string spelled_like(std::string_view written, std::string_view name, bool inside_text, Kind kind) {
  if (written == "ACME") return as_macro(name);
  if (written == "Acme") return as_type(name);
  return kind == Kind::text || inside_text ? std::string(name) : in_code(name);
}

bool same_letters(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == b; });
}

bool is_code(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".c" || extension == ".h" || extension == ".cpp" || extension == ".hpp" || extension == ".rs";
}

Error cannot(const std::filesystem::path& path, const std::string& why) {
  return fail("cannot make " + path.string() + ": " + why);
}

std::string with_crate(std::string text, const std::filesystem::path& crate) {
  constexpr std::string_view place = "@BELAY_RUST@";
  if (const auto at = text.find(place); at != std::string::npos) text.replace(at, place.size(), crate.string());
  return text;
}

Result<void> copy_file(const std::filesystem::path& from, const std::filesystem::path& to, std::string_view name,
                       const std::filesystem::path& crate) {
  std::error_code problem;
  std::filesystem::create_directories(to.parent_path(), problem);
  if (problem) return cannot(to.parent_path(), problem.message());
  const auto text = read_file(from, file_limit);
  if (!text) return text.error();
  // The crate last: where it lies may contain the example's name.
  const std::string made = renamed(*text, name, is_code(from) ? Kind::code : Kind::text);
  return write_file(to, with_crate(made, crate), 0644, Durable::no);
}

Result<void> copy_folder(const std::filesystem::path& from, const std::filesystem::path& to, std::string_view name,
                         const std::filesystem::path& crate, std::vector<std::string>& made) {
  std::error_code problem;
  for (std::filesystem::recursive_directory_iterator at(from, problem), end; !problem && at != end;
       at.increment(problem)) {
    if (!at->is_regular_file()) continue;
    const std::string relative = renamed(at->path().lexically_relative(from).string(), name, Kind::text);
    if (auto copied = copy_file(at->path(), to / relative, name, crate); !copied) return copied;
    made.push_back(relative);
  }
  if (problem) return fail("cannot read the template " + from.string() + ": " + problem.message());
  return {};
}

Result<std::vector<std::string>> copy_all(const Template& from, const std::filesystem::path& to,
                                          std::string_view name) {
  std::vector<std::string> made;
  for (const auto& folder : from.folders) {
    if (auto copied = copy_folder(folder, to, name, from.rust_crate, made); !copied) return copied.error();
  }
  std::sort(made.begin(), made.end());
  return made;
}

}  // namespace

Result<void> check_plugin_name(std::string_view name) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto allowed = [&](char c) { return lower(c) || (c >= '0' && c <= '9') || c == '-'; };
  if (!name.empty() && name.size() <= name_limit && lower(name.front()) && name.back() != '-' &&
      std::all_of(name.begin(), name.end(), allowed))
    return {};
  return fail(
      "\"" + printable(name) +
      "\" can't be a provider type: lower-case letters, digits and dashes, beginning with a letter, at most 64");
}

std::string renamed(std::string_view text, std::string_view name, Kind kind) {
  std::string out;
  bool inside_text = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view here = text.substr(at, example.size());
    if (here.size() == example.size() && same_letters(here, example)) {
      out += spelled_like(here, name, inside_text, kind);
      at += example.size();
      continue;
    }
    const bool escaped = at > 0 && text[at - 1] == '\\';
    if (text[at] == '"' && !escaped) inside_text = !inside_text;
    if (text[at] == '\n') inside_text = false;
    out += text[at++];
  }
  return out;
}

Result<std::vector<std::string>> copy_template(const Template& from, const std::filesystem::path& to,
                                               std::string_view name) {
  if (mkdir(to.c_str(), 0755) != 0) return cannot(to, errno == EEXIST ? "it exists already" : errno_text(errno));
  auto made = copy_all(from, to, name);
  if (!made) {
    std::error_code ignored;
    std::filesystem::remove_all(to, ignored);
  }
  return made;
}

}  // namespace belay::cli
