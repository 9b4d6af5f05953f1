// What the dynamic loader will use of a plugin file: program headers and the dynamic segment, never sections (a
// stripped or forged section table changes nothing). Every offset is checked against the image, nothing is allocated by
// what the file claims. Runs no code of the file. Fuzzed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace belay::plugins::elf {

struct Facts {
  std::optional<std::string> note;     ///< description of the BELAY note of type 1
  std::vector<std::string> needed;     ///< DT_NEEDED
  std::vector<std::string> versions;   ///< symbol versions it needs of them: "GLIBC_2.34"
  std::vector<std::string> run_paths;  ///< DT_RPATH and DT_RUNPATH, split at colons
  std::vector<std::string> exports;  ///< the first names that others can bind to; `export_count` is how many there are
  std::size_t export_count = 0;
  bool unique_symbols = false;  ///< STB_GNU_UNIQUE among the exports
  bool text_relocations = false;
  bool writable_code = false;     ///< a segment that is both writable and executable
  bool executable_stack = false;  ///< also when the file doesn't say (no PT_GNU_STACK)
};

/// `image` is the whole file. The error says what is wrong with it as the rest of a sentence: "is no ELF file".
Result<Facts> read(std::string_view image);

}  // namespace belay::plugins::elf
