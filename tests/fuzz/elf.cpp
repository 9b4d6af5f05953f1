// A plugin file as the loader reads it before it maps anything: ELF form, rules, note, ABI.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "elf.hpp"
#include "elf_rules.hpp"
#include "note.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto facts = belay::plugins::elf::read({reinterpret_cast<const char*>(data), size});
  if (!facts) return 0;
  (void)belay::plugins::elf_refusal(*facts);
  if (!facts->note) return 0;
  const auto note = belay::plugins::parse_note(*facts->note);
  if (note) (void)belay::plugins::abi_refusal(*note);
  return 0;
}
