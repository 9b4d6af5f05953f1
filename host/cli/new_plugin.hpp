// A new plugin project from a template: every file copied, its example name replaced.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace belay::cli {

/// A provider type: [a-z][a-z0-9-]*, at most 64 characters.
Result<void> check_plugin_name(std::string_view name);

/// `text` of a template file with the example's name (acme, Acme, ACME) replaced by `name` as it is written there:
/// "my-llm" in texts and build files, my_llm in code, MyLlm for types, MY_LLM for macros.
enum class Kind { code, text };
std::string renamed(std::string_view text, std::string_view name, Kind kind);

/// What a project is made of: the folders of which every file is copied (what all languages share, and one language's own),
/// and where the Rust crate of the SDK is, for "@BELAY_RUST@" in a build file.
struct Template {
  std::vector<std::filesystem::path> folders;
  std::filesystem::path rust_crate;
};

/// Makes `to`, which must not exist yet; nothing is left behind when that fails. Returns the files that were made, relative
/// to `to`.
Result<std::vector<std::string>> copy_template(const Template& from, const std::filesystem::path& to,
                                               std::string_view name);

}  // namespace belay::cli
