#include "candidate.hpp"

#include <filesystem>
#include <system_error>

#include "base/hash.hpp"
#include "elf.hpp"
#include "elf_rules.hpp"
#include "note.hpp"
#include "plugin_file.hpp"
#include "trust.hpp"

namespace belay::plugins {
namespace {

void refuse(Candidate& candidate, std::string why) {
  candidate.report.state = FileState::refused;
  candidate.report.why = std::move(why);
  candidate.bytes.clear();
  candidate.bytes.shrink_to_fit();
}

/// What is mapped is a copy that lies elsewhere, so that the loader would not find them by $ORIGIN.
std::vector<std::string> libraries_beside(const elf::Facts& facts, const std::string& path) {
  namespace fs = std::filesystem;
  std::vector<std::string> found;
  const std::string folder = fs::path(path).parent_path().string();
  for (const auto& library : facts.needed) {
    for (const auto& run_path : facts.run_paths) {
      const std::string rest = run_path.substr(run_path.starts_with("${") ? 9 : 7);  // behind ${ORIGIN} or $ORIGIN
      std::error_code ignored;
      const fs::path file = fs::path(folder + rest) / library;
      if (!fs::is_regular_file(file, ignored)) continue;
      found.push_back(file.string());
      break;
    }
  }
  return found;
}

/// Form and note.
std::optional<std::string> read_note(Candidate& candidate, const std::string& real_path) {
  const auto facts = elf::read(candidate.bytes);
  if (!facts) return facts.error().message;
  if (!facts->note)
    return "has no BELAY note, so it is no belay plugin (build it with belay_add_plugin() or BELAY_NOTE())";
  auto note = parse_note(*facts->note);
  if (!note) return note.error().message;
  candidate.report.note = std::move(*note);
  if (auto why = abi_refusal(*candidate.report.note)) return why;
  if (auto why = elf_refusal(*facts)) return why;
  candidate.beside = libraries_beside(*facts, real_path);
  return std::nullopt;
}

std::optional<std::string> check_hash(Candidate& candidate, const LoaderSettings& settings) {
  if (settings.trust != Trust::listed) return std::nullopt;
  FileReport& report = candidate.report;
  const auto* policy = policy_of(*report.note, settings);
  auto why = listed_refusal(candidate.sha256(), policy == nullptr ? std::vector<std::string>() : policy->sha256,
                            report.note->types.front());
  report.trust = why ? *why : report.trust + ", sha256 listed";
  return why;
}

}  // namespace

const std::string& Candidate::sha256() {
  if (report.sha256.empty()) report.sha256 = to_hex(belay::sha256(bytes));
  return report.sha256;
}

const PluginPolicy* policy_of(const NoteFacts& note, const LoaderSettings& settings) {
  for (const auto& type : note.types) {
    if (const auto found = settings.policies.find(type); found != settings.policies.end()) return &found->second;
  }
  return nullptr;
}

Candidate check_bytes(const std::string& path, std::string bytes) {
  Candidate candidate;
  candidate.report.path = path;
  candidate.report.state = FileState::usable;
  candidate.bytes = std::move(bytes);
  if (auto why = read_note(candidate, path)) refuse(candidate, *why);
  return candidate;
}

Candidate check_file(const std::string& path, const LoaderSettings& settings) {
  Candidate candidate;
  candidate.report.path = path;
  const auto origin = provenance_of(path, settings.trust);
  candidate.report.trust = origin ? origin->verdict : origin.error().message;
  if (!origin) {
    refuse(candidate, origin.error().message);
    return candidate;
  }
  auto bytes = read_plugin_file(origin->real_path);
  if (!bytes) {
    refuse(candidate, bytes.error().message);
    return candidate;
  }
  candidate.bytes = std::move(*bytes);
  candidate.report.state = FileState::usable;
  if (auto why = read_note(candidate, origin->real_path)) {
    refuse(candidate, *why);
  } else if (auto untrusted = check_hash(candidate, settings)) {
    refuse(candidate, *untrusted);
  }
  return candidate;
}

}  // namespace belay::plugins
