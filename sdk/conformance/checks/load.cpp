// Loading: what can be seen in the file (LOAD-01, 02, 08, 10), what the loader says (03, 04, 11), what the entry function says (05 to 07), how long it takes (09).
#include "checks/load.hpp"

#include <dlfcn.h>

#include <array>

#include "checks/checks.hpp"
#include "checks/elf_file.hpp"
#include "elf_rules.hpp"
#include "run/child.hpp"
#include "run/sanitized.hpp"
#include "run/syscall_filter.hpp"

namespace belay::conform {
namespace {

void gate(Case& self) {
  self.doing("reading the file");
  elf_facts(self);
  note_facts(self);
}

/// The gate's own rules, one half at a time: the facts that the other half looks at are made good.
void exports(Case& self) {
  plugins::elf::Facts facts = elf_facts(self);
  plugins::elf::Facts only;
  only.exports = facts.exports;
  only.export_count = facts.export_count;
  only.unique_symbols = false;
  if (const auto refusal = plugins::elf_refusal(only)) self.fail("it exports its entry function and nothing else", "it " + *refusal);
}

void form(Case& self) {
  plugins::elf::Facts facts = elf_facts(self);
  self.require(!facts.unique_symbols, "no symbol that is unique to the process (STB_GNU_UNIQUE)", "it exports one (compile with -fno-gnu-unique and hide it)");
  facts.exports = {BELAY_ENTRY_SYMBOL};
  facts.export_count = 1;
  if (const auto refusal = plugins::elf_refusal(facts)) self.fail("a file that the host may map", "it " + *refusal);
}

void resolves(Case& self) {
  self.doing("dlopen with RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE");
  map_plugin(self, self.setup.plugin);
}

void quiet_constructors(Case& self) {
  if (sanitized()) self.not_applicable("the sanitizer of this build makes system calls of its own");
  self.doing("installing the filter");
  if (!install_filter(forbidden_to_plugins())) self.not_applicable("this kernel lets the tool install no filter of system calls");
  self.doing("running the constructors of the file and its libraries");
  // Not map_plugin(): what it looks up and says afterwards may do more than a constructor may.
  self.require(dlopen(self.setup.plugin.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) != nullptr, "the file can be loaded", "dlopen refused it");
}

/// The newest versions of the systems that belay supports: Debian 12, with GCC 12's libstdc++.
struct Floor {
  std::string_view prefix;
  std::array<unsigned, 3> version;
};
constexpr Floor floors[] = {{"GLIBC_", {2, 36, 0}}, {"GLIBCXX_", {3, 4, 30}}, {"CXXABI_", {1, 3, 13}}, {"GCC_", {12, 0, 0}}};

/// "2.34" and "3.4.30" as numbers; names that are no numbers (GLIBC_PRIVATE, CXXABI_TM_1) are told apart by the caller.
bool read_version(std::string_view text, std::array<unsigned, 3>& to) {
  to = {0, 0, 0};
  std::size_t part = 0;
  bool digit = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      to[part] = to[part] * 10 + static_cast<unsigned>(c - '0');
      digit = true;
    } else if (c == '.' && digit && part < 2) {
      ++part;
      digit = false;
    } else {
      return false;
    }
  }
  return digit;
}

void version_floor(Case& self) {
  for (const auto& version : elf_facts(self).versions) {
    for (const auto& floor : floors) {
      if (!version.starts_with(floor.prefix)) continue;
      std::array<unsigned, 3> needed{};
      if (version == "GLIBC_PRIVATE") self.fail("only public symbols of libc", "it needs GLIBC_PRIVATE, which is another thing in every build of libc");
      if (!read_version(std::string_view(version).substr(floor.prefix.size()), needed) || needed <= floor.version) continue;
      self.fail(std::string("nothing newer than ") + std::string(floor.prefix) + std::to_string(floor.version[0]) + "." + std::to_string(floor.version[1]) +
                    (floor.version[2] != 0 ? "." + std::to_string(floor.version[2]) : "") + ", which every supported system has",
                "it needs " + version + " (build it on the oldest system, or link the library statically)");
    }
  }
}

// Loading takes milliseconds; a plugin that hangs here hangs in every one of them.
constexpr std::chrono::seconds moment{10};

constexpr Check checks[] = {
    {.id = "LOAD-01",
     .group = Group::load,
     .severity = Severity::must,
     .title = "the file is a shared library for this machine, with a note",
     .rules = "P15 entry.h",
     .explain =
         "Reads the file as the host's gate does, without running anything of it: ELF, 64 bits, little-endian, this machine, a shared library, every table and "
         "offset inside of the file, one BELAY note that can be read. A host refuses anything else before its constructors could run. What usually went wrong: "
         "built for another machine, an executable, cut short while copying, a note of an older SDK, or none because BELAY_NOTE() was forgotten.",
     .run = gate,
     .limit = moment,
     .own_host = true},
    {.id = "LOAD-02",
     .group = Group::load,
     .severity = Severity::must,
     .title = "it exports its entry function and nothing else",
     .rules = "P15 entry.h",
     .explain =
         "Lists the symbols that others could bind to. Any other visible symbol can be taken for one of the host or of another plugin, or theirs for it: two bundled "
         "zlibs, and the first one loaded serves both. Usually the version script is missing, or a static library was linked in without --exclude-libs,ALL. "
         "belay_add_plugin() does both.",
     .run = exports,
     .limit = moment,
     .own_host = true},
    {.id = "LOAD-03",
     .group = Group::load,
     .severity = Severity::must,
     .title = "it loads with all symbols bound at once and finds its entry",
     .rules = "P15 P16",
     .explain =
         "Maps the file as the host does (RTLD_NOW, RTLD_LOCAL, RTLD_NODELETE) and looks up the entry. A symbol that nothing defines is an error here and not at the "
         "first call. Usually a library was not linked in; -Wl,-z,defs finds it when the plugin is built. A plugin imports nothing of the host, which exports nothing.",
     .run = resolves,
     .limit = moment,
     .own_host = true},
    {.id = "LOAD-04",
     .group = Group::load,
     .severity = Severity::must,
     .title = "its constructors leave the system alone",
     .rules = "P17 P18 P19",
     .explain =
         "Maps the file behind a filter of system calls: no processes, threads, programs, sockets, files made or opened for writing, no signal handlers or masks, working "
         "directory, umask, limits, no output, no waiting. The first such call ends the check and is named. Constructors run in whatever process only looks at "
         "the plugin; there is no credential, no configuration and nobody to tell an error. Usual causes: a logging or TLS library that initialises itself, "
         "a global object that starts a thread. Do it in create() or begin(), if at all.",
     .run = quiet_constructors,
     .limit = moment,
     .own_host = true},
    {.id = "LOAD-05",
     .group = Group::load,
     .severity = Severity::must,
     .title = "its entry may be called again, by another host too, and gives the same table",
     .rules = "P12 entry.h",
     .explain =
         "Calls the entry twice with one hello and once with another host's, and compares the tables byte by byte. One process can hold two hosts, or one that looks "
         "first and loads later. Usually a plugin initialises on the second call again, counts calls, or fills its table in anew, so that the first host's is "
         "torn under it.",
     .run = entry_again,
     .limit = moment,
     .own_host = true},
    {.id = "LOAD-06",
     .group = Group::load,
     .severity = Severity::must,
     .title = "a host of another major is refused with a sentence",
     .rules = "P1 entry.h",
     .explain =
         "Says hello with the major 2, then 0, and expects BELAY_ERR_UNSUPPORTED with a text, *out untouched; once with no error to write to; then 1.0 again, which must "
         "work. What a hello of another major means behind its numbers nobody knows yet, so nothing of it may be used. Usual faults: no test of abi_major, "
         "or a test for `less than`.",
     .run = other_majors,
     .limit = moment,
     .own_host = true},
    {.id = "LOAD-07",
     .group = Group::load,
     .severity = Severity::must,
     .title = "hello, host and config of exactly 1.0's size and larger ones are read by their size",
     .rules = "P2 P3 P6 P12",
     .explain =
         "Presents the hello, the host's table and create()'s config twice: with 1.0's size, the page behind the last byte unmapped, all read-only; and as a newer minor "
         "would, longer, with unknown flags and garbage at the end. Calls create() and destroy() with both. Reading or copying sizeof(struct) of a newer header "
         "instead of `size` bytes crashes here. Refusing a host for being newer is a fault too: it drives old plugins.",
     .run = other_sizes,
     .limit = moment,
     .own_host = true},
    {.id = "LOAD-08",
     .group = Group::load,
     .severity = Severity::must,
     .title = "no unique symbols, text relocations, executable stack or foreign run path",
     .rules = "P15 P16",
     .explain =
         "Reads from the file what the host's gate refuses: STB_GNU_UNIQUE symbols (shared between plugins behind their backs), text relocations (not compiled with "
         "-fPIC), a segment both writable and executable, an executable stack (usually one assembler file without .note.GNU-stack), a run path that leads "
         "elsewhere than $ORIGIN, a library needed by path.",
     .run = form,
     .limit = moment,
     .own_host = true},
    {.id = "LOAD-09",
     .group = Group::load,
     .severity = Severity::should,
     .title = "it is loaded and described within 100 ms",
     .rules = "P17",
     .explain =
         "Maps fresh copies of the file, calls the entry and reads the descriptors, five times; the fastest counts. A command-line call pays this each time. Usually large "
         "tables are built by constructors, or something waits for the network.",
     .run = fast_scan,
     .limit = moment,
     .own_host = true},
    {.id = "LOAD-10",
     .group = Group::load,
     .severity = Severity::should,
     .title = "it needs no symbol version that a supported system lacks",
     .rules = "P15",
     .explain =
         "Compares the symbol versions that the file needs of glibc, libstdc++ and libgcc with Debian 12's (GLIBC_2.36, GLIBCXX_3.4.30). Built on a newer system a plugin "
         "works there and is refused by the loader elsewhere. Build it on the oldest system that it is for, or link libstdc++ statically.",
     .run = version_floor,
     .limit = moment,
     .own_host = true},
    {.id = "LOAD-11",
     .group = Group::load,
     .severity = Severity::should,
     .title = "two copies at different paths live beside each other",
     .rules = "P16 P17",
     .explain =
         "Maps two copies of the file in one process and makes instances of both, interleaved, with the first destroyed before the second. That is how a host reloads a "
         "plugin: the new one is a new path, the old one stays mapped. Fails when both answer with one table, or when the second finds what the first has "
         "left in the process: an environment variable, a file of a fixed name, a unique symbol.",
     .run = two_copies,
     .limit = moment,
     .own_host = true},
};

}  // namespace

std::span<const Check> load_checks() { return checks; }

}  // namespace belay::conform
