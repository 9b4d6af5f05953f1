#include "title.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "belay/plugin.hpp"
#include "text.hpp"

namespace belay::extractive {

namespace {

constexpr std::size_t most_words = 8;
constexpr std::size_t looked_at = 1500;  ///< bytes of the first message
constexpr std::size_t longest = 80;

/// Begins a request without being its matter.
bool is_courtesy(std::string_view word) {
  static constexpr std::string_view list[] = {
      "hi",       "hello",  "hey",   "please", "can",  "could", "would",   "you",     "i",     "i'd",  "i'm",
      "we",       "want",   "need",  "like",   "to",   "help",  "me",      "us",      "with",  "my",   "our",
      "the",      "a",      "an",    "let's",  "so",   "ok",    "okay",    "thanks",  "there", "just", "some",
      "have",     "are",    "is",    "do",     "how",  "what",  "why",     "it",      "this",  "that", "bitte",
      "kannst",   "du",     "ich",   "mir",    "der",  "die",   "das",     "morning", "good",  "all",  "team",
      "everyone", "trying", "going", "been",   "i've", "we've", "there's", "we're"};
  return is_one_of_lower(word, list);
}

/// Should not be a title's last word.
bool hangs(std::string_view word) {
  static constexpr std::string_view list[] = {
      "a",  "an",  "the",  "of",    "to", "in",  "on",   "for", "and", "or",   "with", "from", "by", "at", "as",
      "is", "are", "that", "which", "so", "but", "into", "our", "my",  "when", "it",   "its",  "we", "i",  "before"};
  return is_one_of_lower(word, list);
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t at = 0;
  while (at < text.size()) {
    while (at < text.size() && is_space(text[at])) ++at;
    const std::size_t begin = at;
    while (at < text.size() && !is_space(text[at])) ++at;
    if (at > begin) out.push_back(text.substr(begin, at - begin));
  }
  return out;
}

bool ends_clause(std::string_view word) {
  return !word.empty() && (word.ends_with("\xE3\x80\x82") || word.ends_with("\xEF\xBC\x8C") ||
                           std::string_view(".,;:!?").find(word.back()) != std::string_view::npos);
}

std::string_view bare(std::string_view word) {
  while (!word.empty() && std::string_view("\"'`*_#([{<>.,;:!?)]}").find(word.front()) != std::string_view::npos &&
         word.front() != '.')
    word.remove_prefix(1);
  while (!word.empty() && std::string_view("\"'`*_([{<>.,;:!?)]}").find(word.back()) != std::string_view::npos)
    word.remove_suffix(1);
  return word;
}

/// The clauses of the first message, each as its words without courtesies before it.
std::vector<std::vector<std::string_view>> clauses_of_first(std::string_view text) {
  std::vector<std::vector<std::string_view>> out(1);
  std::string_view rest = sdk::cut(text, looked_at);
  while (!rest.empty()) {
    for (const auto word : words_of(take_line(rest))) {
      const auto plain = bare(word);
      if (!plain.empty() && !(out.back().empty() && is_courtesy(plain))) out.back().push_back(plain);
      if (ends_clause(word) && !out.back().empty()) out.emplace_back();
    }
    if (!out.back().empty()) out.emplace_back();
  }
  return out;
}

using Counts = std::unordered_map<std::uint64_t, int>;

/// How often each word comes back in what people say.
Counts counts_of(const Conversation& conversation) {
  Counts out;
  std::size_t looked = 0;
  for (const Turn& turn : conversation.turns) {
    if (turn.kind != Kind::prose || turn.role == Role::system || looked > 200'000) continue;
    looked += turn.text.size();
    for (const auto word : words_of(turn.text)) ++out[hash(bare(word))];
  }
  return out;
}

/// The matter is where the conversation's frequent words are; early clauses before late ones.
float worth(const std::vector<std::string_view>& clause, const Counts& counts, std::size_t place) {
  float out = 0;
  const std::size_t size = std::min(clause.size(), most_words);
  for (std::size_t i = 0; i < size; ++i) {
    if (clause[i].size() < 4 || is_courtesy(clause[i]) || hangs(clause[i])) continue;
    const auto found = counts.find(hash(clause[i]));
    out += 1 + std::min(found == counts.end() ? 0 : found->second, 12) * .25f;
  }
  return (size < 2 ? out * .3f : out) / (1 + .35f * static_cast<float>(place));
}

const Turn* first_said(const Conversation& conversation) {
  for (const Turn& turn : conversation.turns) {
    if (turn.role == Role::user) return &turn;
  }
  return conversation.turns.empty() ? nullptr : &conversation.turns.front();
}

}  // namespace

std::string title_of(const Conversation& conversation) {
  const Turn* first = first_said(conversation);
  if (first == nullptr) return "Conversation";
  const auto clauses = clauses_of_first(first->text);
  const Counts counts = counts_of(conversation);
  std::size_t best = 0;
  for (std::size_t i = 1; i < clauses.size(); ++i) {
    if (worth(clauses[i], counts, i) > worth(clauses[best], counts, best)) best = i;
  }
  std::vector<std::string_view> words = clauses[best];
  if (words.size() > most_words) words.resize(most_words);
  while (words.size() > 2 && hangs(words.back())) words.pop_back();
  std::string out;
  for (const auto word : words) {
    if (!out.empty() && out.size() + 1 + word.size() > longest) break;
    if (!out.empty()) out += ' ';
    out += sdk::cut(word, longest);
  }
  if (out.empty()) return "Conversation";
  if (is_lower(out[0])) out[0] = static_cast<char>(out[0] - 32);
  return out;
}

}  // namespace belay::extractive
