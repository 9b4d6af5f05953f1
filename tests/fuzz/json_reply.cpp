// Any bytes as a JSON text. parse() and index_object() must agree: on what they accept, on the members, and putting the
// spans back together must give the same document.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace {

namespace json = belay::json;

void must(bool held, const char* what) {
  if (held) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

void compare_members(const json::Document& document, const std::vector<json::Member>& members, std::string_view text) {
  must(document.IsObject(), "an indexed text is an object");
  must(document.MemberCount() == members.size(), "as many members");
  std::string joined = "{";
  auto expected = document.MemberBegin();
  for (const auto& member : members) {
    must(member.name.data() >= text.data() && member.value.data() + member.value.size() <= text.data() + text.size(),
         "spans lie in the text");
    const auto value = json::parse(member.value);
    must(value.ok(), "a span is a whole value");
    must(*value == expected->value, "a span is the value that parse() finds");
    const auto name = json::parse('"' + std::string(member.name) + '"');
    must(name.ok() && *name == expected->name, "a raw name decodes to the name that parse() finds");
    joined += (joined.size() > 1 ? ",\"" : "\"") + std::string(member.name) + "\":" + std::string(member.value);
    ++expected;
  }
  const auto again = json::parse(joined + '}');
  must(again.ok() && *again == document, "the joined spans are the same document");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const json::Limits limits{1u << 20, 24};
  const auto document = json::parse(text, limits);
  const auto members = json::index_object(text, limits);
  if (document && members) compare_members(*document, *members, text);
  if (document && !members) must(!document->IsObject(), "an object that parse() accepts is indexed");
  must(document || !members, "what is indexed is parsed");
  if (document) {
    const auto written = json::parse(json::text(*document));
    must(written.ok() && *written == *document, "a document that is written and parsed is the same");
    for (const char* pointer : {"", "/a", "/0", "/a/0/b", "/~0~1"}) (void)json::at(*document, pointer);
  }
  const auto literal = json::parse(json::quoted(text.substr(0, 4096)), {1u << 20, 24});
  must(literal.ok() && literal->IsString(), "quoted() makes a literal of anything");
  return 0;
}
