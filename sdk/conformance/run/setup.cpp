#include "run/setup.hpp"

#include "base/hash.hpp"
#include "base/json.hpp"

namespace belay::conform {
namespace {

struct Named {
  const char* name;
  std::string ChildSetup::*member;
};
constexpr Named texts[] = {{"plugin", &ChildSetup::plugin}, {"provider", &ChildSetup::provider}, {"cassettes", &ChildSetup::cassettes},
                           {"temp", &ChildSetup::temp},     {"self", &ChildSetup::self}};

}  // namespace

std::string pack(const Errand& errand) {
  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  json::key(to, "check");
  json::str(to, errand.check);
  for (const auto& text : texts) {
    json::key(to, text.name);
    json::str(to, base64(errand.setup.*text.member));  // a path is bytes, not text
  }
  json::key(to, "seed");
  to.Uint64(errand.setup.seed);
  json::key(to, "certify");
  to.Bool(errand.setup.certify);
  to.EndObject();
  return std::string(json::view(buffer));
}

Result<Errand> unpack(std::string_view bytes) {
  const auto parsed = json::parse(bytes);
  if (!parsed) return fail("the setup can't be read: " + parsed.error().message);
  Errand out;
  out.check = json::string_at(*parsed, "check").value_or("");
  for (const auto& text : texts) {
    auto value = base64_decode(json::string_at(*parsed, text.name).value_or(""));
    if (!value) return fail(std::string("the setup lacks ") + text.name);
    out.setup.*text.member = std::move(*value);
  }
  const auto* seed = json::find(*parsed, "seed");
  if (seed == nullptr || !seed->IsUint64()) return fail("the setup lacks its seed");
  out.setup.seed = seed->GetUint64();
  out.setup.certify = json::bool_at(*parsed, "certify").value_or(false);
  return out;
}

}  // namespace belay::conform
