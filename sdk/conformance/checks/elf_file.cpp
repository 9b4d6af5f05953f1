#include "checks/elf_file.hpp"

#include "base/file.hpp"
#include "note.hpp"
#include "run/child.hpp"

namespace belay::conform {

std::string file_bytes(const Case& self) {
  auto bytes = read_file(self.setup.plugin, std::size_t{256} << 20);
  if (!bytes) self.fail("the file can be read", bytes.error().message);
  return std::move(*bytes);
}

plugins::elf::Facts elf_facts(const Case& self) {
  auto facts = plugins::elf::read(file_bytes(self));
  if (!facts) self.fail("a shared library that the host's reader accepts", "it " + facts.error().message);
  return std::move(*facts);
}

plugins::NoteFacts note_facts(const Case& self) {
  const auto facts = elf_facts(self);
  if (!facts.note) self.fail("a BELAY note says who the plugin is before any of it runs", "it has none (BELAY_NOTE, or belay_add_plugin())");
  auto note = plugins::parse_note(*facts.note);
  if (!note) self.fail("a BELAY note that can be read", "it " + note.error().message);
  return std::move(*note);
}

std::string copy_of_file(const Case& self, const std::string& name) {
  const std::string path = self.setup.temp + "/" + name;
  const auto written = write_file(path, file_bytes(self), 0700, Durable::no);
  if (!written) self.fail("the tool can copy the file", written.error().message);
  return path;
}

}  // namespace belay::conform
