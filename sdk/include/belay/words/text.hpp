// SPDX-License-Identifier: 0BSD
//
// How the words of an error are looked at: folded to one case, without addresses, by substrings and by whole words.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace belay::words::detail {

using List = std::span<const std::string_view>;

inline bool digit(char c) { return c >= '0' && c <= '9'; }
inline bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool name_char(char c) { return letter(c) || digit(c) || c == '_'; }
inline bool space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// The first `limit` bytes in lower case, typographic apostrophes as plain ones.
inline std::string fold(std::string_view text, std::size_t limit = 4096) {
  text = text.substr(0, limit);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\xE2\x80\x99")) {
      out += '\'';
      i += 2;
    } else {
      out += text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] | 0x20) : text[i];
    }
  }
  return out;
}

/// True for "https://host/path" and "host.tld/path", not for "vendor/model-1.5".
inline bool is_address(std::string_view word) {
  while (!word.empty() && !name_char(word.front())) word.remove_prefix(1);
  if (word.starts_with("http://") || word.starts_with("https://")) return true;
  const std::size_t slash = word.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view host = word.substr(0, slash);
  const std::size_t dot = host.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || host.size() - dot < 3) return false;
  for (char c : host.substr(dot + 1)) {
    if (!letter(c)) return false;
  }
  return true;
}

/// Addresses say nothing: a rate limit whose text links to ".../settings/billing" is no matter of billing.
inline std::string without_addresses(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && !space(text[end])) ++end;
    if (!is_address(text.substr(at, end - at))) out.append(text.substr(at, end - at));
    for (at = end; at < text.size() && space(text[at]); ++at) out += text[at];
  }
  return out;
}

inline bool any_in(std::string_view text, List phrases) {
  for (auto phrase : phrases) {
    if (text.find(phrase) != std::string_view::npos) return true;
  }
  return false;
}

inline bool is_any(std::string_view text, List words) {
  for (auto word : words) {
    if (text == word) return true;
  }
  return false;
}

/// Where `word` stands in `text` with no letter, digit or underscore beside it.
inline std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0) {
  for (std::size_t at = text.find(word, from); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const bool left = at == 0 || !name_char(text[at - 1]);
    const bool right = at + word.size() >= text.size() || !name_char(text[at + word.size()]);
    if (left && right) return at;
  }
  return std::string_view::npos;
}

inline bool has_word(std::string_view text, std::string_view word) {
  return find_word(text, word) != std::string_view::npos;
}

inline bool any_word_in(std::string_view text, List words) {
  for (auto word : words) {
    if (has_word(text, word)) return true;
  }
  return false;
}

/// True when `text` has `name` in quotes or backticks.
inline bool quotes(std::string_view text, std::string_view name) {
  for (std::size_t at = find_word(text, name); at != std::string_view::npos; at = find_word(text, name, at + 1)) {
    if (at == 0 || at + name.size() >= text.size()) continue;
    const char before = text[at - 1], after = text[at + name.size()];
    if (before == after && (before == '\'' || before == '"' || before == '`')) return true;
  }
  return false;
}

/// The number behind `lead`, "7,117" too; -1: none.
inline std::int64_t number_after(std::string_view text, std::string_view lead) {
  std::size_t at = text.find(lead);
  if (at == std::string_view::npos) return -1;
  at += lead.size();
  while (at < text.size() && (space(text[at]) || text[at] == ':')) ++at;
  std::int64_t value = 0;
  bool any = false;
  for (; at < text.size() && value < 1'000'000'000'000; ++at) {
    if (any && text[at] == ',' && at + 1 < text.size() && digit(text[at + 1])) continue;
    if (!digit(text[at])) break;
    value = value * 10 + (text[at] - '0');
    any = true;
  }
  return any ? value : -1;
}

/// An HTTP status that is told as a code: "401"; 0: it is none.
inline int status_in(std::string_view code) {
  if (code.size() != 3 || code[0] < '4' || code[0] > '5' || !digit(code[1]) || !digit(code[2])) return 0;
  return (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
}

}  // namespace belay::words::detail
