#include "elf_rules.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "belay/entry.h"

namespace belay::plugins {
namespace {

/// A plugin of several majors exports an entry for each.
bool is_entry(std::string_view name) {
  static constexpr std::string_view stem = "belay_plugin_entry_v";
  if (!name.starts_with(stem) || name.size() == stem.size()) return false;
  return std::all_of(name.begin() + stem.size(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::string> export_refusal(const elf::Facts& facts) {
  if (std::find(facts.exports.begin(), facts.exports.end(), BELAY_ENTRY_SYMBOL) == facts.exports.end()) {
    return "does not export " BELAY_ENTRY_SYMBOL " (define it with BELAY_EXPORT, or use BELAY_PROVIDER)";
  }
  const auto others = static_cast<std::size_t>(
      std::count_if(facts.exports.begin(), facts.exports.end(), [](const auto& name) { return !is_entry(name); }));
  if (others == 0 && facts.export_count == facts.exports.size()) return std::nullopt;
  const auto first = std::find_if_not(facts.exports.begin(), facts.exports.end(), is_entry);
  return "exports " + std::to_string(facts.export_count) + " symbols" +
         (first == facts.exports.end() ? "" : ", among them \"" + printable(*first) + "\"") +
         (facts.unique_symbols ? ", some of them unique to the process" : "") +
         "; only " BELAY_ENTRY_SYMBOL " may be seen (link with the SDK's plugin.map)";
}

/// Beside the file, never above or elsewhere: there the owner of the file decides.
bool own_folder(std::string_view path) {
  for (const std::string_view origin : {"$ORIGIN", "${ORIGIN}"}) {
    if (path == origin) return true;
    if (path.starts_with(origin) && path[origin.size()] == '/') return path.find("..") == std::string_view::npos;
  }
  return false;
}

}  // namespace

std::optional<std::string> elf_refusal(const elf::Facts& facts) {
  if (auto why = export_refusal(facts)) return why;
  if (facts.text_relocations) return "has text relocations (compile it with -fPIC)";
  if (facts.writable_code) return "has a segment that is both writable and executable";
  if (facts.executable_stack) return "asks for an executable stack (link it with -z noexecstack)";
  for (const auto& path : facts.run_paths) {
    if (!own_folder(path))
      return "looks for libraries in \"" + printable(path) + "\" (its run path may only be $ORIGIN)";
  }
  for (const auto& library : facts.needed) {
    if (library.find('/') != std::string::npos)
      return "needs the library \"" + printable(library) + "\" by path (name it without one)";
  }
  return std::nullopt;
}

}  // namespace belay::plugins
