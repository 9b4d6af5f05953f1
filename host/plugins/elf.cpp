#include "elf.hpp"

#include <elf.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace belay::plugins::elf {
namespace {

static_assert(std::endian::native == std::endian::little, "plugins are little-endian ELF64");

// More than any real plugin has; a file beyond one of these is refused or cut, never believed.
constexpr std::size_t most_program_headers = 64;
constexpr std::size_t most_dynamic_entries = 1024;
constexpr std::size_t most_symbols = 1u << 20;
constexpr std::size_t most_listed = 64;
constexpr std::size_t most_needed_versions = 1024;
constexpr std::size_t longest_name = 4096;
constexpr std::size_t largest_note = 64u << 10;

#if defined(__x86_64__)
constexpr std::uint16_t this_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t this_machine = EM_AARCH64;
#elif defined(__riscv)
constexpr std::uint16_t this_machine = EM_RISCV;
#elif defined(__powerpc64__)
constexpr std::uint16_t this_machine = EM_PPC64;
#elif defined(__loongarch__)
constexpr std::uint16_t this_machine = 258;  // EM_LOONGARCH, newer than some elf.h
#else
#error "add this machine's EM_ number"
#endif

std::string machine_name(std::uint16_t machine) {
  const char* name = machine == EM_X86_64    ? "x86-64"
                     : machine == EM_AARCH64 ? "AArch64"
                     : machine == EM_RISCV   ? "RISC-V"
                     : machine == EM_386     ? "x86"
                                             : "";
  return std::string(name) + (*name != '\0' ? " " : "") + "(machine " + std::to_string(machine) + ")";
}

/// The file's bytes; answers nothing that lies outside of them.
class Image {
 public:
  explicit Image(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] std::optional<std::string_view> bytes(std::uint64_t offset, std::uint64_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset) return std::nullopt;
    return bytes_.substr(offset, size);
  }
  template <class T>
  [[nodiscard]] std::optional<T> get(std::uint64_t offset) const {
    const auto raw = bytes(offset, sizeof(T));
    if (!raw) return std::nullopt;
    T out;
    std::memcpy(&out, raw->data(), sizeof out);
    return out;
  }

 private:
  std::string_view bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : image_(bytes) {}

  Result<Facts> read() {
    if (auto checked = read_header(); !checked) return checked.error();
    if (auto checked = read_segments(); !checked) return checked.error();
    if (auto checked = read_dynamic(); !checked) return checked.error();
    if (auto checked = read_symbols(); !checked) return checked.error();
    if (auto checked = read_versions(); !checked) return checked.error();
    return std::move(facts_);
  }

 private:
  static Error cut(const char* what) {
    return fail(std::string("is cut short or forged: ") + what + " outside of the file");
  }

  Result<void> read_header() {
    const auto magic = image_.bytes(0, SELFMAG);
    if (!magic || *magic != std::string_view(ELFMAG, SELFMAG)) return fail("is no ELF file");
    const auto header = image_.get<Elf64_Ehdr>(0);
    if (!header) return cut("its header lies");
    header_ = *header;
    if (header_.e_ident[EI_CLASS] != ELFCLASS64) return fail("is a 32-bit file, this host is a 64-bit program");
    if (header_.e_ident[EI_DATA] != ELFDATA2LSB) return fail("is big-endian, this host is little-endian");
    if (header_.e_machine != this_machine) {
      return fail("is built for " + machine_name(header_.e_machine) + ", this host runs on " +
                  machine_name(this_machine));
    }
    if (header_.e_type != ET_DYN)
      return fail("is no shared library (ELF type " + std::to_string(header_.e_type) + ", needed " +
                  std::to_string(ET_DYN) + ")");
    if (header_.e_phentsize != sizeof(Elf64_Phdr))
      return fail("has program headers of " + std::to_string(header_.e_phentsize) + " bytes, needed 56");
    if (header_.e_phnum > most_program_headers) {
      return fail("has " + std::to_string(header_.e_phnum) + " program headers, at most " +
                  std::to_string(most_program_headers) + " are read");
    }
    return {};
  }

  Result<void> read_segments() {
    facts_.executable_stack = true;
    for (std::uint64_t i = 0; i < header_.e_phnum; ++i) {
      // Never overflows: a product of two 16-bit numbers; a sum beyond the file is refused by get().
      const auto segment = header_.e_phoff <= UINT64_MAX - i * sizeof(Elf64_Phdr)
                               ? image_.get<Elf64_Phdr>(header_.e_phoff + i * sizeof(Elf64_Phdr))
                               : std::nullopt;
      if (!segment) return cut("its program headers lie");
      if (segment->p_type == PT_LOAD) {
        if (auto checked = add_load(*segment); !checked) return checked;
      }
      if (segment->p_type == PT_DYNAMIC) dynamic_ = *segment;
      if (segment->p_type == PT_INTERP) return fail("is a program, not a shared library");
      if (segment->p_type == PT_GNU_STACK) facts_.executable_stack = (segment->p_flags & PF_X) != 0;
      if (segment->p_type == PT_NOTE) {
        if (auto checked = read_notes(*segment); !checked) return checked;
      }
    }
    return {};
  }

  /// The loader wants them in order; overlapping ones would show it something else than us.
  Result<void> add_load(const Elf64_Phdr& segment) {
    if (!image_.bytes(segment.p_offset, segment.p_filesz)) return cut("a segment lies");
    if (segment.p_filesz > segment.p_memsz || segment.p_vaddr > UINT64_MAX - segment.p_memsz)
      return fail("has a segment with impossible sizes");
    if (!loads_.empty() && segment.p_vaddr < loads_.back().p_vaddr + loads_.back().p_memsz)
      return fail("has segments that overlap or are out of order");
    if ((segment.p_flags & PF_W) != 0 && (segment.p_flags & PF_X) != 0) facts_.writable_code = true;
    loads_.push_back(segment);
    return {};
  }

  Result<void> read_notes(const Elf64_Phdr& segment) {
    const auto whole = image_.bytes(segment.p_offset, segment.p_filesz);
    if (!whole) return cut("a note lies");
    const std::uint64_t align = segment.p_align == 8 ? 8 : 4;
    const auto aligned = [&](std::uint64_t size) { return (size + align - 1) / align * align; };
    const Image notes(*whole);
    for (std::uint64_t at = 0; at + sizeof(Elf64_Nhdr) <= whole->size();) {
      const auto note = notes.get<Elf64_Nhdr>(at);
      const auto owner = notes.bytes(at + sizeof(Elf64_Nhdr), note->n_namesz);
      const std::uint64_t text_at = at + aligned(sizeof(Elf64_Nhdr) + std::uint64_t{note->n_namesz});
      const auto text = notes.bytes(text_at, note->n_descsz);
      if (!owner || !text) return cut("a note ends");
      if (*owner == std::string_view("BELAY", 6) && note->n_type == 1) {
        if (facts_.note) return fail("has two BELAY notes");
        if (text->size() > largest_note) return fail("has a BELAY note of more than 64 KiB");
        facts_.note.emplace(*text);
      }
      at = text_at + aligned(note->n_descsz);
    }
    return {};
  }

  /// Where `address` of the mapped library stands in the file. 0 is the ELF header: never what a table's entry means.
  [[nodiscard]] std::optional<std::uint64_t> offset_of(std::uint64_t address) const {
    if (address == 0) return std::nullopt;
    for (const auto& load : loads_) {
      if (address >= load.p_vaddr && address - load.p_vaddr < load.p_filesz)
        return load.p_offset + (address - load.p_vaddr);
    }
    return std::nullopt;
  }

  Result<void> read_dynamic() {
    if (!dynamic_) return fail("is no shared library (it has no dynamic segment)");
    const auto start = offset_of(dynamic_->p_vaddr);
    if (!start) return cut("its dynamic segment lies");
    std::vector<std::uint64_t> needed, run_paths;
    for (std::uint64_t i = 0;; ++i) {
      if (i == most_dynamic_entries)
        return fail("has more than " + std::to_string(most_dynamic_entries) + " dynamic entries");
      const auto entry = image_.get<Elf64_Dyn>(*start + i * sizeof(Elf64_Dyn));
      if (!entry) return cut("its dynamic segment ends");
      const std::uint64_t value = entry->d_un.d_val;
      switch (entry->d_tag) {
        case DT_NULL:
          return read_names(needed, run_paths);
        case DT_NEEDED:
          needed.push_back(value);
          break;
        case DT_RPATH:
        case DT_RUNPATH:
          run_paths.push_back(value);
          break;
        case DT_STRTAB:
          strings_address_ = value;
          break;
        case DT_STRSZ:
          strings_size_ = value;
          break;
        case DT_SYMTAB:
          symbols_address_ = value;
          break;
        case DT_HASH:
          hash_address_ = value;
          break;
        case DT_GNU_HASH:
          gnu_hash_address_ = value;
          break;
        case DT_VERNEED:
          versions_address_ = value;
          break;
        case DT_VERNEEDNUM:
          versions_count_ = value;
          break;
        case DT_TEXTREL:
          facts_.text_relocations = true;
          break;
        case DT_FLAGS:
          facts_.text_relocations |= (value & DF_TEXTREL) != 0;
          break;
        case DT_FLAGS_1:
          if ((value & DF_1_PIE) != 0) return fail("is a program, not a shared library");
          break;
        default:
          break;
      }
    }
  }

  Result<void> read_names(const std::vector<std::uint64_t>& needed, const std::vector<std::uint64_t>& run_paths) {
    const auto start = offset_of(strings_address_);
    const auto strings = start ? image_.bytes(*start, strings_size_) : std::nullopt;
    if (!strings) return cut("its string table lies");
    strings_ = *strings;
    for (const auto at : needed) {
      const auto name = string_at(at);
      if (!name) return cut("the name of a needed library lies");
      facts_.needed.emplace_back(*name);
    }
    for (const auto at : run_paths) {
      auto paths = string_at(at);
      if (!paths) return cut("its run path lies");
      for (;;) {
        const auto colon = std::min(paths->size(), paths->find(':'));
        facts_.run_paths.emplace_back(paths->substr(0, colon));
        if (colon == paths->size()) break;
        paths->remove_prefix(colon + 1);
      }
    }
    return {};
  }

  [[nodiscard]] std::optional<std::string_view> string_at(std::uint64_t at) const {
    if (at >= strings_.size()) return std::nullopt;
    const auto window = strings_.substr(at, longest_name);
    const auto end = window.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    return window.substr(0, end);
  }

  Result<void> read_symbols() {
    const auto table = offset_of(symbols_address_);
    if (!table) return cut("its symbol table lies");
    const auto range = gnu_hash_address_ != 0 ? gnu_hashed() : sysv_hashed();
    if (!range) return cut("its symbol hash table lies");
    if (range->second > most_symbols) return fail("has more than " + std::to_string(most_symbols) + " symbols");
    for (std::uint64_t i = range->first; i < range->second; ++i) {
      const auto symbol = image_.get<Elf64_Sym>(*table + i * sizeof(Elf64_Sym));
      if (!symbol) return cut("a symbol lies");
      if (auto checked = add_symbol(*symbol); !checked) return checked;
    }
    return {};
  }

  Result<void> add_symbol(const Elf64_Sym& symbol) {
    const auto binding = ELF64_ST_BIND(symbol.st_info);
    const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
    const bool visible = visibility == STV_DEFAULT || visibility == STV_PROTECTED;
    if (symbol.st_shndx == SHN_UNDEF || binding == STB_LOCAL || !visible) return {};
    const auto name = string_at(symbol.st_name);
    if (!name) return cut("the name of a symbol lies");
    ++facts_.export_count;
    facts_.unique_symbols |= binding == STB_GNU_UNIQUE;
    if (facts_.exports.size() < most_listed) facts_.exports.emplace_back(name->substr(0, 256));
    return {};
  }

  /// DT_VERNEED: a chain of libraries, each with a chain of the versions that are needed of it.
  Result<void> read_versions() {
    if (versions_address_ == 0) return {};
    const auto start = offset_of(versions_address_);
    if (!start) return cut("its table of symbol versions lies");
    std::uint64_t at = *start;
    for (std::uint64_t i = 0; i < versions_count_; ++i) {
      const auto library = image_.get<Elf64_Verneed>(at);
      if (!library) return cut("its table of symbol versions ends");
      if (auto checked = read_versions_of(at + library->vn_aux, library->vn_cnt); !checked) return checked;
      if (library->vn_next == 0) break;
      at += library->vn_next;  // within the file, or the next get() says so
    }
    return {};
  }

  Result<void> read_versions_of(std::uint64_t at, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
      if (facts_.versions.size() == most_needed_versions)
        return fail("needs more than " + std::to_string(most_needed_versions) + " symbol versions");
      const auto version = image_.get<Elf64_Vernaux>(at);
      const auto name = version ? string_at(version->vna_name) : std::nullopt;
      if (!name) return cut("the name of a symbol version lies");
      facts_.versions.emplace_back(name->substr(0, 256));
      if (version->vna_next == 0) break;
      at += version->vna_next;
    }
    return {};
  }

  /// DT_HASH: its second word is the number of symbols.
  [[nodiscard]] std::optional<std::pair<std::uint64_t, std::uint64_t>> sysv_hashed() const {
    const auto start = offset_of(hash_address_);
    const auto count = start ? image_.get<std::uint32_t>(*start + 4) : std::nullopt;
    if (!count) return std::nullopt;
    return std::pair<std::uint64_t, std::uint64_t>(1, *count);
  }

  /// DT_GNU_HASH: only from `first` on symbols can be found; the last chain ends the table.
  [[nodiscard]] std::optional<std::pair<std::uint64_t, std::uint64_t>> gnu_hashed() const {
    struct Header {
      std::uint32_t buckets, first, bloom_words, bloom_shift;
    };
    const auto start = offset_of(gnu_hash_address_);
    const auto header = start ? image_.get<Header>(*start) : std::nullopt;
    if (!header) return std::nullopt;
    const std::uint64_t buckets = *start + sizeof(Header) + std::uint64_t{header->bloom_words} * 8;
    const std::uint64_t chains = buckets + std::uint64_t{header->buckets} * 4;
    std::uint32_t last = 0;
    for (std::uint64_t i = 0; i < header->buckets; ++i) {
      const auto bucket = image_.get<std::uint32_t>(buckets + i * 4);
      if (!bucket) return std::nullopt;
      last = std::max(last, *bucket);
    }
    if (last < header->first) return std::pair<std::uint64_t, std::uint64_t>(0, 0);
    for (std::uint64_t i = last; i <= most_symbols; ++i) {
      const auto chain = image_.get<std::uint32_t>(chains + (i - header->first) * 4);
      if (!chain) return std::nullopt;
      if ((*chain & 1) != 0) return std::pair<std::uint64_t, std::uint64_t>(header->first, i + 1);
    }
    return std::pair<std::uint64_t, std::uint64_t>(0, most_symbols + 1);
  }

  const Image image_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Phdr> loads_;
  std::optional<Elf64_Phdr> dynamic_;
  std::string_view strings_;
  std::uint64_t strings_address_ = 0, strings_size_ = 0, symbols_address_ = 0, hash_address_ = 0, gnu_hash_address_ = 0,
                versions_address_ = 0, versions_count_ = 0;
  Facts facts_;
};

}  // namespace

Result<Facts> read(std::string_view image) { return Reader(image).read(); }

}  // namespace belay::plugins::elf
