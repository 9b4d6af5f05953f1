// Which ELF files may be mapped as a plugin: the rules of P15 and of reference B12 that can be seen without running
// anything.
#pragma once

#include <optional>
#include <string>

#include "elf.hpp"

namespace belay::plugins {

/// Why a file with these facts is not mapped, as the rest of a sentence with the way out; nullopt: it may be.
std::optional<std::string> elf_refusal(const elf::Facts& facts);

}  // namespace belay::plugins
