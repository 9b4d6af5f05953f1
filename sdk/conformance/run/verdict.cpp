#include "run/verdict.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"

namespace belay::conform {
namespace {

constexpr std::string_view magic = "belay-verdict/1 ";
constexpr std::size_t hex_bytes = 64, longest_text = 4096;

std::string body_of(const Outcome& outcome) {
  json::Buffer buffer;
  json::Writer to(buffer);
  const auto text = [&to](std::string_view name, std::string_view value) {
    json::key(to, name);
    json::str(to, cut_utf8(printable(value), longest_text));
  };
  to.StartObject();
  text("status", to_string(outcome.status));
  text("expected", outcome.expected);
  text("observed", outcome.observed);
  text("doing", outcome.doing);
  json::key(to, "output");
  json::str(to, replace_invalid_utf8(outcome.output));
  json::key(to, "backtrace");
  json::str(to, replace_invalid_utf8(outcome.backtrace));
  json::key(to, "ms");
  to.Int64(outcome.took.count());
  json::key(to, "measured");
  to.StartArray();
  for (const auto& [name, value] : outcome.measured) {
    to.StartArray();
    json::str(to, printable(name));
    json::str(to, value);
    to.EndArray();
  }
  to.EndArray();
  to.EndObject();
  return std::string(json::view(buffer));
}

bool same(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char differs = 0;
  for (std::size_t i = 0; i < a.size(); ++i) differs = static_cast<unsigned char>(differs | (a[i] ^ b[i]));
  return differs == 0;
}

bool may_say(Speaker speaker, Status status) {
  return speaker == Speaker::supervisor || status == Status::pass || status == Status::fail || status == Status::skip || status == Status::not_applicable;
}

bool read_status(std::string_view word, Speaker speaker, Status& to) {
  for (int i = 0; i <= static_cast<int>(Status::leaked); ++i) {
    const auto status = static_cast<Status>(i);
    if (word != to_string(status) || !may_say(speaker, status)) continue;
    to = status;
    return true;
  }
  return false;
}

Result<Outcome> read_body(std::string_view body, Speaker speaker) {
  const auto parsed = json::parse(body);
  if (!parsed) return fail("there is one that can't be read");
  Outcome out;
  if (!read_status(json::string_at(*parsed, "status").value_or(""), speaker, out.status)) return fail("there is one without a status");
  out.expected = json::string_at(*parsed, "expected").value_or("");
  out.observed = json::string_at(*parsed, "observed").value_or("");
  out.doing = json::string_at(*parsed, "doing").value_or("");
  out.output = json::string_at(*parsed, "output").value_or("");
  out.backtrace = json::string_at(*parsed, "backtrace").value_or("");
  out.took = std::chrono::milliseconds(json::int_at(*parsed, "ms").value_or(0));
  if (const auto* list = json::find(*parsed, "measured"); list != nullptr && list->IsArray()) {
    for (const auto& pair : list->GetArray()) {
      if (pair.IsArray() && pair.Size() == 2 && pair[0].IsString() && pair[1].IsString())
        out.measured.emplace_back(json::view(pair[0]), json::view(pair[1]));
    }
  }
  return out;
}

}  // namespace

VerdictKey draw_key() {
  VerdictKey key{};
  const std::string random = random_bytes(key.size());
  std::memcpy(key.data(), random.data(), key.size());
  return key;
}

SealedKey::SealedKey(int from) : page_(mmap(nullptr, sizeof(VerdictKey), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
  if (page_ == MAP_FAILED) _exit(4);
  for (std::size_t at = 0; at < sizeof(VerdictKey);) {
    const ssize_t got = read(from, static_cast<char*>(page_) + at, sizeof(VerdictKey) - at);
    if (got <= 0) _exit(4);
    at += static_cast<std::size_t>(got);
  }
  mprotect(page_, sizeof(VerdictKey), PROT_NONE);
}

SealedKey::~SealedKey() { munmap(page_, sizeof(VerdictKey)); }

std::string_view SealedKey::open() {
  mprotect(page_, sizeof(VerdictKey), PROT_READ);
  return {static_cast<const char*>(page_), sizeof(VerdictKey)};
}

std::string seal(const Outcome& outcome, std::string_view key) {
  const std::string body = body_of(outcome);
  return std::string(magic) + to_hex(hmac_sha256(key, body)) + " " + body;
}

Result<Outcome> unseal(std::string_view bytes, const VerdictKey& key, Speaker speaker) {
  if (bytes.empty()) return fail("there is no trace");
  const std::size_t head = magic.size() + hex_bytes + 1;
  if (!bytes.starts_with(magic) || bytes.size() < head || bytes[head - 1] != ' ')
    return fail(std::to_string(bytes.size()) + " bytes stand there that are none");
  const auto body = bytes.substr(head);
  if (!same(bytes.substr(magic.size(), hex_bytes), to_hex(hmac_sha256({key.data(), key.size()}, body)))) return fail("there is one whose seal is not the tool's");
  return read_body(body, speaker);
}

}  // namespace belay::conform
