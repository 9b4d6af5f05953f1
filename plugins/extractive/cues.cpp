#include "cues.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_map>

#include "text.hpp"

namespace belay::extractive {

namespace {

struct Phrase {
  std::string_view text;  ///< in lower case; a * at its end: any ending
  float Cues::*what;
  float strength;
};

constexpr Phrase phrases[] = {
    // decision
    {"decided", &Cues::decision, 1.f},
    {"decide to", &Cues::decision, .8f},
    {"decision", &Cues::decision, 1.f},
    {"agreed", &Cues::decision, 1.f},
    {"agreement", &Cues::decision, .6f},
    {"let's go with", &Cues::decision, 1.f},
    {"let's use", &Cues::decision, .9f},
    {"let's keep", &Cues::decision, .9f},
    {"let's not", &Cues::decision, .9f},
    {"let's do", &Cues::decision, .6f},
    {"let's make", &Cues::decision, .7f},
    {"let's", &Cues::decision, .4f},
    {"go with", &Cues::decision, .8f},
    {"going with", &Cues::decision, .9f},
    {"went with", &Cues::decision, .9f},
    {"settle* on", &Cues::decision, .9f},
    {"stick with", &Cues::decision, .9f},
    {"sticking with", &Cues::decision, .9f},
    {"we'll", &Cues::decision, .5f},
    {"we will", &Cues::decision, .6f},
    {"we won't", &Cues::decision, .8f},
    {"we keep", &Cues::decision, .7f},
    {"we use", &Cues::decision, .4f},
    {"we are not", &Cues::decision, .6f},
    {"we're not", &Cues::decision, .6f},
    {"will not", &Cues::decision, .5f},
    {"won't", &Cues::decision, .4f},
    {"instead of", &Cues::decision, .7f},
    {"rather than", &Cues::decision, .7f},
    {"instead", &Cues::decision, .4f},
    {"not worth", &Cues::decision, .5f},
    {"out of scope", &Cues::decision, .8f},
    {"no longer", &Cues::decision, .4f},
    {"chose", &Cues::decision, .8f},
    {"chosen", &Cues::decision, .7f},
    {"choose", &Cues::decision, .5f},
    {"picked", &Cues::decision, .6f},
    {"prefer", &Cues::decision, .5f},
    {"i'd rather", &Cues::decision, .6f},
    {"approved", &Cues::decision, .8f},
    {"confirmed", &Cues::decision, .6f},
    {"final", &Cues::decision, .4f},
    {"rejected", &Cues::decision, .5f},
    {"ruled out", &Cues::decision, .8f},
    {"dropped the", &Cues::decision, .5f},
    {"drop the", &Cues::decision, .4f},
    {"must not", &Cues::decision, .7f},
    {"must", &Cues::decision, .5f},
    {"never", &Cues::decision, .4f},
    {"do not", &Cues::decision, .4f},
    {"don't", &Cues::decision, .3f},
    {"from now on", &Cues::decision, .8f},
    {"the plan is", &Cues::decision, .8f},
    {"policy", &Cues::decision, .3f},
    {"owner", &Cues::decision, .3f},
    {"owns", &Cues::decision, .4f},
    {"deadline", &Cues::decision, .5f},
    {"stays", &Cues::decision, .4f},
    {"proposal", &Cues::decision, .5f},
    {"propose", &Cues::decision, .5f},
    {"suggest", &Cues::decision, .3f},
    {"recommend", &Cues::decision, .5f},
    {"a must", &Cues::decision, .8f},
    {"i like", &Cues::decision, .4f},
    {"take those", &Cues::decision, .6f},
    {"take that", &Cues::decision, .5f},
    {"i'd take", &Cues::decision, .6f},
    {"yes", &Cues::decision, .4f},
    {"ok", &Cues::decision, .3f},
    {"okay", &Cues::decision, .3f},
    {"is fine", &Cues::decision, .5f},
    {"include it", &Cues::decision, .4f},
    {"freeze", &Cues::decision, .4f},
    {"only if", &Cues::decision, .4f},
    {"nobody", &Cues::decision, .4f},
    {"beschlossen", &Cues::decision, 1.f},
    {"entschieden", &Cues::decision, 1.f},
    {"nehmen wir", &Cues::decision, .8f},
    {"decidido", &Cues::decision, 1.f},
    {"decidimos", &Cues::decision, 1.f},
    {"décidé", &Cues::decision, 1.f},
    {"deciso", &Cues::decision, 1.f},
    {"on garde", &Cues::decision, .8f},
    // question
    {"open question*", &Cues::question, 1.f},
    {"open point*", &Cues::question, 1.f},
    {"open item*", &Cues::question, 1.f},
    {"open issue*", &Cues::question, .9f},
    {"still open", &Cues::question, 1.f},
    {"open:", &Cues::question, 1.f},
    {"unresolved", &Cues::question, 1.f},
    {"undecided", &Cues::question, 1.f},
    {"todo", &Cues::question, .9f},
    {"tbd", &Cues::question, .9f},
    {"fixme", &Cues::question, .6f},
    {"to be decided", &Cues::question, 1.f},
    {"not sure", &Cues::question, .8f},
    {"unsure", &Cues::question, .8f},
    {"unclear", &Cues::question, .9f},
    {"unknown", &Cues::question, .4f},
    {"don't know", &Cues::question, .8f},
    {"do not know", &Cues::question, .8f},
    {"nobody knows", &Cues::question, 1.f},
    {"no idea", &Cues::question, .6f},
    {"need* to confirm", &Cues::question, .9f},
    {"need* to check", &Cues::question, .6f},
    {"needs an answer", &Cues::question, 1.f},
    {"have to ask", &Cues::question, .8f},
    {"ask", &Cues::question, .3f},
    {"waiting for", &Cues::question, .6f},
    {"waiting on", &Cues::question, .7f},
    {"still pending", &Cues::question, .9f},
    {"is pending", &Cues::question, .6f},
    {"follow-up", &Cues::question, .6f},
    {"follow up", &Cues::question, .6f},
    {"later question", &Cues::question, .8f},
    {"left to", &Cues::question, .4f},
    {"remains", &Cues::question, .4f},
    {"whether", &Cues::question, .5f},
    {"revisit", &Cues::question, .6f},
    {"park*", &Cues::question, .3f},
    {"offene frage*", &Cues::question, 1.f},
    {"unklar", &Cues::question, .9f},
    {"pendiente", &Cues::question, .8f},
    {"à confirmer", &Cues::question, .9f},
    // wish
    {"please", &Cues::wish, .5f},
    {"i want", &Cues::wish, .9f},
    {"i need", &Cues::wish, .9f},
    {"i'd like", &Cues::wish, .8f},
    {"we need", &Cues::wish, .8f},
    {"we want", &Cues::wish, .8f},
    {"goal", &Cues::wish, .9f},
    {"goals", &Cues::wish, .9f},
    {"the aim", &Cues::wish, .8f},
    {"make sure", &Cues::wish, .6f},
    {"can you", &Cues::wish, .4f},
    {"could you", &Cues::wish, .4f},
    {"should", &Cues::wish, .3f},
    {"requirement*", &Cues::wish, .6f},
    {"constraint*", &Cues::wish, .7f},
    {"ich brauche", &Cues::wish, .8f},
    {"ziel", &Cues::wish, .8f},
    {"quiero", &Cues::wish, .7f},
    {"je veux", &Cues::wish, .8f},
    // trouble
    {"error*", &Cues::trouble, .7f},
    {"exception", &Cues::trouble, .8f},
    {"traceback", &Cues::trouble, .5f},
    {"fatal", &Cues::trouble, .8f},
    {"panic", &Cues::trouble, .8f},
    {"fail*", &Cues::trouble, .7f},
    {"denied", &Cues::trouble, .7f},
    {"refused", &Cues::trouble, .7f},
    {"timeout", &Cues::trouble, .6f},
    {"timed out", &Cues::trouble, .7f},
    {"crash*", &Cues::trouble, .7f},
    {"corrupt*", &Cues::trouble, .7f},
    {"missing", &Cues::trouble, .4f},
    {"undefined", &Cues::trouble, .4f},
    {"broken", &Cues::trouble, .5f},
    {"bug", &Cues::trouble, .6f},
    {"regression", &Cues::trouble, .7f},
    {"lost", &Cues::trouble, .5f},
    {"leak*", &Cues::trouble, .6f},
    {"out of memory", &Cues::trouble, .8f},
    {"warning", &Cues::trouble, .3f},
    {"fehler", &Cues::trouble, .7f},
    {"erreur", &Cues::trouble, .7f},
    // result
    {"root cause", &Cues::result, 1.f},
    {"turns out", &Cues::result, .8f},
    {"turned out", &Cues::result, .8f},
    {"caused by", &Cues::result, .9f},
    {"the cause", &Cues::result, .8f},
    {"the reason", &Cues::result, .7f},
    {"because", &Cues::result, .4f},
    {"found", &Cues::result, .4f},
    {"fixed", &Cues::result, .6f},
    {"fixes", &Cues::result, .5f},
    {"passed", &Cues::result, .5f},
    {"passes", &Cues::result, .5f},
    {"measured", &Cues::result, .6f},
    {"went from", &Cues::result, .8f},
    {"down from", &Cues::result, .8f},
    {"down to", &Cues::result, .6f},
    {"up from", &Cues::result, .8f},
    {"dropped from", &Cues::result, .8f},
    {"total", &Cues::result, .4f},
    {"summary", &Cues::result, .3f},
    {"result*", &Cues::result, .3f},
    {"commit*", &Cues::result, .4f},
    {"deployed", &Cues::result, .6f},
    {"merged", &Cues::result, .6f},
    {"released", &Cues::result, .5f},
    {"next step*", &Cues::result, .7f},
    {"budget", &Cues::result, .4f},
    {"costs", &Cues::result, .4f},
    {"limit", &Cues::result, .3f},
    // chatter
    {"let me", &Cues::chatter, 1.f},
    {"i'll now", &Cues::chatter, .8f},
    {"now i'll", &Cues::chatter, .8f},
    {"i'll start", &Cues::chatter, .6f},
    {"sounds good", &Cues::chatter, .7f},
    {"great", &Cues::chatter, .4f},
    {"thanks", &Cues::chatter, .6f},
    {"thank you", &Cues::chatter, .6f},
    {"sure", &Cues::chatter, .3f},
    {"looking at", &Cues::chatter, .3f},
};

/// Chosen by the first word, so that a text is gone through once.
using Table = std::unordered_multimap<std::uint64_t, const Phrase*>;

bool in_word(char c) { return is_alnum(c) || is_wide(c) || c == '\''; }

std::size_t word_end(std::string_view text, std::size_t at) {
  while (at < text.size() && in_word(text[at])) ++at;
  return at;
}

const Table& table() {
  static const Table made = [] {
    Table out;
    for (const Phrase& phrase : phrases) {
      const std::size_t end = word_end(phrase.text, 0);
      // A word with any ending is found by its first four letters.
      const bool open = end < phrase.text.size() && phrase.text[end] == '*';
      out.emplace(hash(phrase.text.substr(0, open ? std::min<std::size_t>(end, 4) : end)), &phrase);
    }
    return out;
  }();
  return made;
}

bool stands_at(std::string_view text, std::string_view phrase) {
  std::size_t at = 0;
  for (const char c : phrase) {
    if (c == '*') {
      at = word_end(text, at);
    } else if (at >= text.size() || lower(text[at++]) != c) {
      return false;
    }
  }
  return at >= text.size() || !in_word(text[at]) || !in_word(text[at - 1]);
}

void look_up(std::uint64_t key, std::string_view rest, Cues& out) {
  const auto [begin, end] = table().equal_range(key);
  for (auto at = begin; at != end; ++at) {
    const Phrase& phrase = *at->second;
    if (stands_at(rest, phrase.text)) out.*phrase.what = std::max(out.*phrase.what, phrase.strength);
  }
}

bool asks(std::string_view text) {
  while (!text.empty() && std::string_view(")\"'`*]").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  return text.ends_with('?') || text.ends_with("\xEF\xBC\x9F");
}

}  // namespace

Cues cues_in(std::string_view text) {
  Cues out;
  bool quoted = false;  // what stands in back quotes is code
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = word_end(text, at);
    if (text[at] == '`') quoted = !quoted;
    if (end == at || quoted) {
      at = std::max(end, at + 1);
      continue;
    }
    const auto rest = text.substr(at);
    look_up(hash(text.substr(at, end - at)), rest, out);
    if (end - at > 4) look_up(hash(text.substr(at, 4)), rest, out);
    at = end;
  }
  out.asks = asks(text);
  return out;
}

}  // namespace belay::extractive
