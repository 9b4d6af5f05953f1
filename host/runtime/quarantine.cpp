#include "runtime/quarantine.hpp"

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"

namespace belay::runtime {
namespace {

constexpr std::string_view area = "plugin/";
constexpr std::size_t longest_sentence = 2000;

std::string key_of(const std::string& sha256) { return std::string(area) + sha256; }

template <typename T>
void note_failure(const Result<T>& result) {
  if (!result) log(LogLevel::warn, "plugins", result.error().message);
}

}  // namespace

std::optional<plugins::TrialEnd> StateQuarantine::find(const std::string& sha256) {
  const auto record = state_.get(key_of(sha256));
  note_failure(record);
  if (!record || !*record) return std::nullopt;
  const auto document = json::parse(**record);
  if (!document || !document->IsObject()) return std::nullopt;
  const bool broke = json::bool_at(*document, "broke").value_or(false);
  return plugins::TrialEnd{broke ? plugins::Tried::broke : plugins::Tried::refused,
                           std::string(json::string_at(*document, "why").value_or("was found bad"))};
}

void StateQuarantine::put(const std::string& sha256, const std::string& path, const plugins::TrialEnd& end) {
  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  json::key(to, "path"), json::str(to, path);
  json::key(to, "broke"), to.Bool(end.how == plugins::Tried::broke);
  json::key(to, "why"), json::str(to, scrub(end.why.substr(0, longest_sentence)));
  to.EndObject();
  note_failure(state_.put(key_of(sha256), json::view(buffer), Durable::no));
}

void StateQuarantine::release(const std::string& path) {
  release_those([&path](std::string_view of) { return of == path; });
}

void StateQuarantine::release_all() {
  release_those([](std::string_view) { return true; });
}

void StateQuarantine::release_those(const std::function<bool(std::string_view path)>& which) {
  const auto records = state_.list(area);
  note_failure(records);
  if (!records) return;
  for (const auto& [key, text] : *records) {
    const auto document = json::parse(text);
    if (!document || !document->IsObject() || which(json::string_at(*document, "path").value_or("")))
      note_failure(state_.erase(key));
  }
}

}  // namespace belay::runtime
