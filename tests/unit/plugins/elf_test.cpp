// The ELF reader against a good plugin with one thing patched: what a file claims is never believed.
#include "elf.hpp"

#include <elf.h>

#include <cstring>

#include "elf_rules.hpp"
#include "fixtures.hpp"

namespace belay::plugins {
namespace {

/// good.so, to be spoiled.
class Spoiled {
 public:
  Spoiled() : bytes_(bytes_of(fixture_file("good"))) {}

  Elf64_Ehdr& header() { return at<Elf64_Ehdr>(0); }
  Elf64_Phdr& segment(std::uint32_t type, std::uint32_t with_flags = 0) {
    for (std::size_t i = 0; i < header().e_phnum; ++i) {
      auto& segment = at<Elf64_Phdr>(header().e_phoff + i * sizeof(Elf64_Phdr));
      if (segment.p_type == type && (segment.p_flags & with_flags) == with_flags) return segment;
    }
    ADD_FAILURE() << "no such segment";
    return at<Elf64_Phdr>(header().e_phoff);
  }
  Elf64_Dyn& dynamic(std::int64_t tag) {
    for (std::size_t at_entry = segment(PT_DYNAMIC).p_offset;; at_entry += sizeof(Elf64_Dyn)) {
      auto& entry = at<Elf64_Dyn>(at_entry);
      if (entry.d_tag == tag || entry.d_tag == DT_NULL) return entry;
    }
  }
  /// Where an address of the first (read-only, offset = address) segment stands.
  template <class T>
  T& at(std::size_t offset) {
    return *reinterpret_cast<T*>(bytes_.data() + offset);
  }
  std::string& bytes() { return bytes_; }
  std::string error() { return elf::read(bytes_).ok() ? "" : elf::read(bytes_).error().message; }
  std::string refusal() {
    const auto facts = elf::read(bytes_);
    return facts ? elf_refusal(*facts).value_or("") : facts.error().message;
  }

 private:
  std::string bytes_;
};

TEST(Elf, GoodPluginIsWhatItSays) {
  const auto facts = elf::read(bytes_of(fixture_file("good")));

  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_THAT(facts->exports, testing::ElementsAre("belay_plugin_entry_v1"));
  EXPECT_EQ(facts->export_count, 1u);
  EXPECT_THAT(facts->needed, testing::Contains("libc.so.6"));
  EXPECT_THAT(facts->note.value_or(""), testing::HasSubstr("\"id\":\"org.belay.fixture\""));
  EXPECT_FALSE(facts->text_relocations || facts->writable_code || facts->executable_stack || facts->unique_symbols);
}

TEST(Elf, SectionHeadersDontMatter) {
  Spoiled file;
  file.header().e_shoff = 0;
  file.header().e_shnum = 0;

  EXPECT_EQ(file.refusal(), "");
}

TEST(Elf, EveryTruncationIsNoticedOrHarmless) {
  const auto whole = bytes_of(fixture_file("good"));
  std::size_t refused = 0;
  for (std::size_t size = 0; size < whole.size(); size += 13) {
    // A copy of exactly that size, so that a read beyond it is found by the address sanitizer.
    const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    if (!elf::read({cut.data(), cut.size()})) ++refused;
  }

  EXPECT_GT(refused, 100u);
  EXPECT_EQ(elf::read(whole.substr(0, 40)).error().message,
            "is cut short or forged: its header lies outside of the file");
  EXPECT_EQ(elf::read(whole.substr(0, 100)).error().message,
            "is cut short or forged: its program headers lie outside of the file");
}

TEST(Elf, OtherKindsOfFilesAreNamed) {
  Spoiled text, bits, big, machine, kind;
  text.bytes() = "#!/bin/sh\n";
  bits.header().e_ident[EI_CLASS] = ELFCLASS32;
  big.header().e_ident[EI_DATA] = ELFDATA2MSB;
  machine.header().e_machine = EM_S390;
  kind.header().e_type = ET_EXEC;

  EXPECT_EQ(text.error(), "is no ELF file");
  EXPECT_EQ(bits.error(), "is a 32-bit file, this host is a 64-bit program");
  EXPECT_EQ(big.error(), "is big-endian, this host is little-endian");
  EXPECT_THAT(machine.error(), testing::StartsWith("is built for (machine 22), this host runs on "));
  EXPECT_EQ(kind.error(), "is no shared library (ELF type 2, needed 3)");
}

TEST(Elf, ProgramIsNoPlugin) {
  Spoiled interpreted, independent;
  interpreted.segment(PT_GNU_STACK).p_type = PT_INTERP;
  independent.dynamic(DT_FLAGS_1).d_un.d_val |= DF_1_PIE;

  EXPECT_EQ(interpreted.error(), "is a program, not a shared library");
  EXPECT_EQ(independent.error(), "is a program, not a shared library");
}

TEST(Elf, ProgramHeadersThatNobodyHasAreRefused) {
  Spoiled many, wide, far;
  many.header().e_phnum = 65535;
  wide.header().e_phentsize = 64;
  far.header().e_phoff = UINT64_MAX - 60;

  EXPECT_EQ(many.error(), "has 65535 program headers, at most 64 are read");
  EXPECT_EQ(wide.error(), "has program headers of 64 bytes, needed 56");
  EXPECT_EQ(far.error(), "is cut short or forged: its program headers lie outside of the file");
}

TEST(Elf, SegmentsMustBeInOrderAndInTheFile) {
  Spoiled overlap, beyond, backwards;
  overlap.segment(PT_LOAD, PF_X).p_vaddr = 16;
  beyond.segment(PT_LOAD, PF_X).p_offset = UINT64_MAX - 8;
  backwards.segment(PT_LOAD, PF_X).p_memsz = 1;

  EXPECT_EQ(overlap.error(), "has segments that overlap or are out of order");
  EXPECT_EQ(beyond.error(), "is cut short or forged: a segment lies outside of the file");
  EXPECT_EQ(backwards.error(), "has a segment with impossible sizes");
}

TEST(Elf, WritableCodeIsRefused) {
  Spoiled file;
  file.segment(PT_LOAD, PF_X).p_flags |= PF_W;

  EXPECT_EQ(file.refusal(), "has a segment that is both writable and executable");
}

TEST(Elf, StackThatTheFileDoesNotMentionCountsAsExecutable) {
  Spoiled file;
  file.segment(PT_GNU_STACK).p_type = PT_NULL;

  EXPECT_EQ(file.refusal(), "asks for an executable stack (link it with -z noexecstack)");
}

TEST(Elf, WithoutADynamicSegmentItIsNoLibrary) {
  Spoiled file;
  file.segment(PT_DYNAMIC).p_type = PT_NULL;

  EXPECT_EQ(file.error(), "is no shared library (it has no dynamic segment)");
}

TEST(Elf, TablesOutsideOfTheFileAreRefused) {
  Spoiled strings, size, symbols, hash;
  strings.dynamic(DT_STRTAB).d_un.d_ptr = 0x7000'0000;
  size.dynamic(DT_STRSZ).d_un.d_val = UINT64_MAX;
  symbols.dynamic(DT_SYMTAB).d_un.d_ptr = 0x7000'0000;
  hash.dynamic(DT_GNU_HASH).d_un.d_ptr = 0x7000'0000;

  EXPECT_EQ(strings.error(), "is cut short or forged: its string table lies outside of the file");
  EXPECT_EQ(size.error(), "is cut short or forged: its string table lies outside of the file");
  EXPECT_EQ(symbols.error(), "is cut short or forged: its symbol table lies outside of the file");
  EXPECT_EQ(hash.error(), "is cut short or forged: its symbol hash table lies outside of the file");
}

TEST(Elf, ForgedHashTableDoesNotAllocateOrRun) {
  Spoiled buckets, bucket;
  const auto at = buckets.dynamic(DT_GNU_HASH).d_un.d_ptr;
  buckets.at<std::uint32_t>(at) = UINT32_MAX;
  const auto bloom = bucket.at<std::uint32_t>(at + 8);
  bucket.at<std::uint32_t>(at + 16 + bloom * 8) = UINT32_MAX;

  EXPECT_EQ(buckets.error(), "is cut short or forged: its symbol hash table lies outside of the file");
  EXPECT_EQ(bucket.error(), "has more than 1048576 symbols");
}

TEST(Elf, LibraryByPathIsRefused) {
  Spoiled file;
  auto& needed = file.dynamic(DT_NEEDED);
  const auto name = file.dynamic(DT_STRTAB).d_un.d_ptr + needed.d_un.d_val;
  file.at<char>(name + 3) = '/';

  EXPECT_THAT(file.refusal(), testing::AllOf(testing::HasSubstr("needs the library \"lib/"),
                                             testing::HasSubstr("by path (name it without one)")));
}

TEST(Elf, NoteThatEndsOutsideOfItsSegmentIsRefused) {
  Spoiled file;
  const auto at = file.bytes().find(std::string("BELAY\0\0\0", 8));
  ASSERT_NE(at, std::string::npos);
  file.at<Elf64_Nhdr>(at - sizeof(Elf64_Nhdr)).n_descsz = UINT32_MAX;

  EXPECT_EQ(file.error(), "is cut short or forged: a note ends outside of the file");
}

TEST(Elf, VersionsOfSymbolsAreListed) {
  const auto facts = elf::read(bytes_of(fixture_file("good")));

  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_THAT(facts->versions, testing::Contains(testing::StartsWith("GLIBC_2.")));
}

TEST(Elf, VersionTableOutsideOfTheFileIsRefused) {
  Spoiled file;
  file.dynamic(DT_VERNEED).d_un.d_val = 0x7fffffff;
  file.dynamic(DT_VERNEEDNUM).d_un.d_val = UINT64_MAX;

  EXPECT_NE(file.error(), "");
}

TEST(ElfRules, RunPathMayOnlyBeTheFilesOwnFolder) {
  elf::Facts facts;
  facts.exports = {"belay_plugin_entry_v1"};
  facts.export_count = 1;
  const auto with = [&](const char* path) {
    facts.run_paths = {path};
    return !elf_refusal(facts);
  };

  EXPECT_TRUE(with("$ORIGIN"));
  EXPECT_TRUE(with("${ORIGIN}/deps"));
  EXPECT_FALSE(with("$ORIGIN/../../tmp"));
  EXPECT_FALSE(with("$ORIGINAL"));
  EXPECT_FALSE(with(""));
  EXPECT_FALSE(with("/usr/lib"));
}

TEST(ElfRules, LaterEntriesMayStandBesideTheFirst) {
  elf::Facts facts;
  facts.exports = {"belay_plugin_entry_v1", "belay_plugin_entry_v2"};
  facts.export_count = 2;
  EXPECT_EQ(elf_refusal(facts), std::nullopt);

  facts.exports[1] = "belay_plugin_entry_vx";
  EXPECT_NE(elf_refusal(facts), std::nullopt);
}

TEST(ElfRules, UniqueSymbolsAreNamed) {
  elf::Facts facts;
  facts.exports = {"belay_plugin_entry_v1", "_ZGVZ4once"};
  facts.export_count = 2;
  facts.unique_symbols = true;

  EXPECT_THAT(elf_refusal(facts).value_or(""), testing::HasSubstr("some of them unique to the process"));
}

}  // namespace
}  // namespace belay::plugins
