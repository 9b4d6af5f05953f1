#include "checks/variants.hpp"

#include <cstdio>

#include "base/json.hpp"
#include "drive/sse.hpp"

namespace belay::conform::variants {
namespace {

using json::Value;

void append_unit(std::string& out, unsigned unit) {
  char text[8];
  std::snprintf(text, sizeof text, "\\u%04x", unit);
  out += text;
}

/// One character from valid UTF-8.
char32_t next_character(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  char32_t out = lead & (0x3F >> more);
  for (int i = 0; i < more && at < text.size(); ++i) out = out << 6 | (static_cast<unsigned char>(text[at++]) & 0x3F);
  return out;
}

std::string escaped(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_character(text, at);
    if (c < 0x10000) {
      append_unit(out, c);
    } else {
      append_unit(out, 0xD800 + ((c - 0x10000) >> 10));
      append_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
    }
  }
  return out + "\"";
}

class Rewriter {
 public:
  Rewriter(Escapes escapes, const std::function<std::string(std::string_view)>& text) : escapes_(escapes), text_(text) {}

  std::string write(const Value& root) {
    const auto type = json::string_at(root, "type").value_or("");
    delta_is_text_ = type == "response.output_text.delta";
    out_.clear();
    value(root, "");
    return std::move(out_);
  }

 private:
  void value(const Value& value, std::string_view key) {
    if (value.IsString()) return string(json::view(value), key);
    if (value.IsArray()) {
      out_ += '[';
      for (const auto& element : value.GetArray()) {
        if (&element != value.Begin()) out_ += ',';
        this->value(element, key);
      }
      out_ += ']';
    } else if (value.IsObject()) {
      out_ += '{';
      bool first = true;
      for (const auto& member : value.GetObject()) {
        if (!first) out_ += ',';
        first = false;
        out_ += json::quoted(json::view(member.name)) + ":";
        this->value(member.value, json::view(member.name));
      }
      out_ += '}';
    } else {
      out_ += json::text(value);
    }
  }

  void string(std::string_view text, std::string_view key) {
    const bool answer = key == "content" || key == "text" || (key == "delta" && delta_is_text_);
    const std::string changed = answer && text_ ? text_(text) : std::string(text);
    out_ += answer && escapes_ == Escapes::all ? escaped(changed) : json::quoted(changed);
  }

  const Escapes escapes_;
  const std::function<std::string(std::string_view)>& text_;
  bool delta_is_text_ = false;
  std::string out_;
};

}  // namespace

std::string with_line_ends(std::string_view stream, std::string_view end) {
  std::string out;
  for (std::size_t i = 0; i < stream.size(); ++i) {
    if (stream[i] == '\r' && i + 1 < stream.size() && stream[i + 1] == '\n') ++i;
    if (stream[i] == '\n' || stream[i] == '\r') {
      out += end;
    } else {
      out += stream[i];
    }
  }
  return out;
}

std::string with_comments(std::string_view stream) {
  std::string out = ": connected\n\n";
  for (const auto& block : sse_blocks(stream)) out += ": keep-alive\n" + block + "\n: \n\n:\n\n";
  return out;
}

std::string with_unknown_events(std::string_view stream, std::string_view name, std::string_view data) {
  std::string out;
  const auto blocks = sse_blocks(stream);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    out += blocks[i];
    if (i + 1 < blocks.size()) out += "event: " + std::string(name) + "\nid: 7\nretry: 3000\nunknown-field: x\ndata: " + std::string(data) + "\n\n";
  }
  return out;
}

std::string without_last_line_end(std::string_view stream) {
  while (!stream.empty() && (stream.back() == '\n' || stream.back() == '\r')) stream.remove_suffix(1);
  return std::string(stream);
}

std::optional<std::string> rewritten(std::string_view body, bool stream, Escapes escapes, const std::function<std::string(std::string_view)>& text) {
  Rewriter rewriter(escapes, text);
  if (!stream) {
    const auto document = json::parse(body);
    return document ? std::optional(rewriter.write(*document)) : std::nullopt;
  }
  std::string out;
  bool any = false;
  for (const auto& event : sse_events(body)) {
    if (!event.name.empty()) out += "event: " + event.name + "\n";
    const auto document = json::parse(event.data);
    any = any || document.ok();
    out += "data: " + (document ? rewriter.write(*document) : event.data) + "\n\n";
  }
  return any ? std::optional(out) : std::nullopt;
}

std::string foreign(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case 'e': out += "\xC3\xA9"; break;              // é
      case 'o': out += "\xE6\xBC\xA2"; break;          // 漢
      case 'a': out += "\xF0\x9F\xA6\x8A"; break;      // 🦊
      default: out += c;
    }
  }
  return out;
}

}  // namespace belay::conform::variants
