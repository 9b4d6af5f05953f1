#include "fallback/learned.hpp"

#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/log.hpp"

namespace belay::fallback {
namespace {

std::string key_of(const std::string& endpoint, const std::string& model) {
  const std::string name = endpoint + "/" + model;
  return "learned/" + (name.size() <= 120 ? name : name.substr(0, 40) + "-" + to_hex(sha256(name)).substr(0, 32));
}

/// {"temperature": null, "max_tokens": "max_completion_tokens"}
std::vector<Adjusted> read(std::string_view text) {
  std::vector<Adjusted> out;
  const auto document = json::parse(text);
  if (!document || !document->IsObject()) return out;
  for (const auto& member : document->GetObject()) {
    if (member.value.IsNull() || member.value.IsString()) out.push_back({std::string(json::view(member.name)), json::text(member.value)});
  }
  return out;
}

std::string record(const std::vector<Adjusted>& adjusted) {
  std::string out = "{";
  for (const auto& one : adjusted) out += (out.size() > 1 ? "," : "") + json::quoted(one.parameter) + ":" + one.to;
  return out + "}";
}

}  // namespace

void Learned::refresh_locked() {
  const std::uint64_t version = state_.version("learned");
  if (loaded_ && version == seen_) return;
  const auto records = state_.list("learned/");
  if (!records) {
    log(LogLevel::warn, "learned", records.error().message);
    return;
  }
  known_.clear();
  for (const auto& [key, text] : *records) known_[key] = read(text);
  seen_ = version;
  loaded_ = true;
}

std::vector<Adjusted> Learned::of(const std::string& endpoint, const std::string& model) {
  std::lock_guard lock(mutex_);
  refresh_locked();
  if (known_.empty()) return {};
  const auto found = known_.find(key_of(endpoint, model));
  return found == known_.end() ? std::vector<Adjusted>{} : found->second;
}

void Learned::remember(const std::string& endpoint, const std::string& model, const std::vector<Adjusted>& worked) {
  const auto stored = state_.update(
      key_of(endpoint, model),
      [&](const std::optional<std::string>& old) -> std::optional<std::string> {
        auto all = old ? read(*old) : std::vector<Adjusted>{};
        for (const auto& one : worked) {
          std::erase_if(all, [&](const Adjusted& other) { return other.parameter == one.parameter; });
          all.push_back(one);
        }
        return record(all);
      },
      Durable::no);
  if (!stored) log(LogLevel::warn, "learned", stored.error().message);
}

}  // namespace belay::fallback
