// The plugin's file as the host's gate reads it, for checks that run no code of it.
#pragma once

#include <string>

#include "check.hpp"
#include "elf.hpp"
#include "plugins/registry.hpp"

namespace belay::conform {

std::string file_bytes(const Case&);
/// Fails the check where the reader refuses the file.
plugins::elf::Facts elf_facts(const Case&);
/// Fails the check where there is no note or it can't be read.
plugins::NoteFacts note_facts(const Case&);

/// A copy of the file in the child's folder: another path, the same code.
std::string copy_of_file(const Case&, const std::string& name);

}  // namespace belay::conform
