#include "candidate.hpp"

#include "elf.hpp"
#include "elf_rules.hpp"
#include "note.hpp"
#include "trust.hpp"

namespace belay::plugins {
namespace {

void refuse(Candidate& candidate, std::string why) {
  candidate.report.state = FileState::refused;
  candidate.report.why = std::move(why);
  candidate.image.reset();
}

/// Form and note of the mapped image.
std::optional<std::string> read_note(std::string_view image, FileReport& report) {
  const auto facts = elf::read(image);
  if (!facts) return facts.error().message;
  if (!facts->note)
    return "has no BELAY note, so it is no belay plugin (build it with belay_add_plugin() or BELAY_NOTE())";
  auto note = parse_note(*facts->note);
  if (!note) return note.error().message;
  report.note = std::move(*note);
  if (auto why = abi_refusal(*report.note)) return why;
  return elf_refusal(*facts);
}

std::optional<std::string> check_hash(const ImageFile& image, const LoaderSettings& settings, FileReport& report) {
  if (settings.trust != Trust::listed) return std::nullopt;
  const auto* policy = policy_of(*report.note, settings);
  auto why = listed_refusal(image, policy == nullptr ? std::vector<std::string>() : policy->sha256,
                            report.note->types.front());
  report.trust = why ? *why : report.trust + ", sha256 listed";
  return why;
}

}  // namespace

const PluginPolicy* policy_of(const NoteFacts& note, const LoaderSettings& settings) {
  for (const auto& type : note.types) {
    if (const auto found = settings.policies.find(type); found != settings.policies.end()) return &found->second;
  }
  return nullptr;
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
  auto image = ImageFile::open(origin->real_path);
  if (!image) {
    refuse(candidate, image.error().message);
    return candidate;
  }
  candidate.image.emplace(std::move(*image));
  candidate.report.state = FileState::usable;
  if (auto why = read_note(candidate.image->bytes(), candidate.report)) {
    refuse(candidate, *why);
  } else if (auto untrusted = check_hash(*candidate.image, settings, candidate.report)) {
    refuse(candidate, *untrusted);
  }
  return candidate;
}

}  // namespace belay::plugins
