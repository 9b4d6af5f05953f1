#include "job.hpp"

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "text.hpp"
#include "transcript.hpp"

namespace belay::extractive {

namespace {

using Words = std::span<const std::string_view>;

/// Beginnings of words, in lower case.
constexpr std::array<std::string_view, 35> compress_words = {
    "summar",  "compress",   "compact",  "condens",    "tl;dr",        "tldr",           "recap",
    "handoff", "hand-off",   "handover", "distill",    "zusammenfass", "zusammengefass", "fasse",
    "fass ",   "komprimier", "verdicht", "résum",      "resumen",      "resumir",        "resuma",
    "compend", "riassum",    "samenvat", "sammanfatt", "streszcz",     "özetle",         "суммир",
    "резюм",   "кратко",     "总结",     "總結",       "摘要",         "压缩",           "要約"};
constexpr std::array<std::string_view, 14> title_words = {
    "title",  "titel", "titre", "título",   "titulo", "titolo",         "заголов",
    "назван", "标题",  "標題",  "タイトル", "제목",   "name this chat", "name this conversation"};
constexpr std::array<std::string_view, 34> object_words = {
    "conversation", "chat",       "session",  "discussion", "thread",      "transcript",   "history",
    "context",      "message",    "dialog",   "so far",     "above",       "below",        "following",
    "exchange",     "everything", "turns",    "this",       "gespräch",    "unterhaltung", "verlauf",
    "sitzung",      "bisher",     "folgende", "échange",    "discussione", "conversa",     "диалог",
    "разговор",     "对话",       "對話",     "会話",       "대화",        "상담"};
constexpr std::array<std::string_view, 24> making_words = {
    "generat", "creat", "write",  "give",  "suggest", "propos", "provide", "come up",
    "make",    "pick",  "choose", "short", "concise", "words",  "erstell", "schreib",
    "gib",     "kurz",  "génèr",  "donne", "crea",    "gener",  "only",    "reply"};

bool begins_word(std::string_view text, std::size_t at) {
  return at == 0 || !(is_alnum(text[at - 1]) || is_wide(text[at - 1])) || is_wide(text[at]);
}

std::size_t find_word(std::string_view text, Words words) {
  std::size_t first = std::string_view::npos;
  for (const auto word : words) {
    std::size_t at = text.find(word);
    while (at != std::string_view::npos && !begins_word(text, at)) at = text.find(word, at + 1);
    first = std::min(first, at);
  }
  return first;
}

bool has_word(std::string_view text, Words words) { return find_word(text, words) != std::string_view::npos; }

/// Takes the next sentence, or line, off `rest`.
std::string_view take_sentence(std::string_view& rest) {
  const std::size_t end = rest.find_first_of(".!?\n");
  const std::string_view out = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return out;
}

/// How far an instruction is looked for from either end of a message: the rest of a long one is material.
constexpr std::size_t reach = 3000;
/// A longer message that asks has material in it, unless the rest of the conversation is longer still.
constexpr std::size_t longest_instruction = 600;

std::string searched(std::string_view text) {
  if (text.size() <= 2 * reach) return lowered(text);
  return lowered(text.substr(0, reach)) + "\n" + lowered(text.substr(text.size() - reach));
}

/// Whether a sentence asks for an extract; a short message needs no object ("/compact", "Summarise, please").
bool asks_to_compress(std::string_view sentence, std::size_t message_size) {
  const std::size_t at = find_word(sentence, compress_words);
  if (at == std::string_view::npos) return false;
  return (message_size <= 60 && at <= 16) || has_word(sentence, object_words);
}

bool asks_for_title(std::string_view sentence, const Wish& wish) {
  const bool small = wish.max_tokens > 0 && wish.max_tokens <= 100;
  return has_word(sentence, title_words) && has_word(sentence, making_words) &&
         (small || has_word(sentence, object_words));
}

struct Asked {
  Job job;
  std::size_t at;  ///< of the sentence, in what was searched
};

/// The first sentence that asks for something that we do.
std::optional<Asked> asked_in(std::string_view message, const Wish& wish) {
  const std::string text = searched(message);
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view sentence = take_sentence(rest);
    const auto at = static_cast<std::size_t>(sentence.data() - text.data());
    if (asks_for_title(sentence, wish)) return Asked{Job::title, at};
    if (asks_to_compress(sentence, trimmed(message).size())) return Asked{Job::compress, at};
  }
  return std::nullopt;
}

/// A message that is material but for a paragraph at its beginning or end that asks.
std::string_view without_instruction(std::string_view text, std::size_t asked_at, const Wish& wish) {
  std::string_view rest = text;
  for (std::size_t end = rest.find("\n\n"); end != std::string_view::npos && end <= reach; end = rest.find("\n\n")) {
    const bool asking = asked_in(rest.substr(0, end), wish).has_value();
    if (!asking && rest.data() != text.data()) break;
    rest.remove_prefix(end + 2);
    if (asking) return rest;
  }
  const std::size_t last = text.rfind("\n\n");
  if (last != std::string_view::npos && asked_in(text.substr(last), wish)) return text.substr(0, last);
  // "Summarise this: ..." in one piece.
  const std::size_t end = asked_at < reach ? text.find_first_of(":.!?\n", asked_at) : std::string_view::npos;
  return end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
}

/// What is left of the conversation when the message that asks is itself the material.
void unpack(Conversation& conversation, std::string_view text, std::size_t asked_at, const Wish& wish) {
  if (const Transcript found = transcript_in(text); !found.turns.empty()) {
    for (const Turn& each : found.turns) conversation.add(each.role, each.kind, each.text);
  } else {
    conversation.add(Role::user, Kind::prose, without_instruction(text, asked_at, wish));
  }
}

std::size_t spoken_bytes(const Conversation& conversation) {
  std::size_t out = 0;
  for (const Turn& turn : conversation.turns) out += turn.role == Role::system ? 0 : turn.text.size();
  return out;
}

/// Takes turn `turn`, which asks for the job at `at`, out of what is to be worked on.
void take_out(Conversation& conversation, std::size_t turn, std::size_t at, const Wish& wish) {
  const Turn asking = conversation.turns[turn];
  const std::size_t others = spoken_bytes(conversation) - (asking.role == Role::system ? 0 : asking.text.size());
  conversation.remove(turn);
  if (asking.role == Role::system) return;
  if (others == 0 || (others < asking.text.size() && asking.text.size() > longest_instruction))
    return unpack(conversation, asking.text, at, wish);
  // "Done, it runs since 10:20. Please summarise this chat, with ...": what comes before the asking belongs to the
  // conversation.
  const bool addressed =
      hash(asking.text.substr(0, 4)) == hash("you ") || hash(asking.text.substr(0, 5)) == hash("your ");
  if (asking.role == Role::user && asking.text.size() < reach && !addressed)
    conversation.add(asking.role, asking.kind, asking.text.substr(0, at));
}

/// One user's message may be the material without asking anything: a system message does.
void unpack_lone_message(Conversation& conversation) {
  if (conversation.turns.size() != 1) return;
  const Transcript found = transcript_in(conversation.turns[0].text);
  if (found.turns.empty()) return;
  conversation.remove(0);
  for (const Turn& each : found.turns) conversation.add(each.role, each.kind, each.text);
}

std::optional<Job> ask(Conversation& conversation, const Wish& wish) {
  auto& turns = conversation.turns;
  if (turns.empty()) return std::nullopt;
  if (turns.back().role == Role::user || turns.back().role == Role::system) {
    if (const auto asked = asked_in(turns.back().text, wish)) {
      take_out(conversation, turns.size() - 1, asked->at, wish);
      return asked->job;
    }
  }
  for (std::size_t i = 0; i < turns.size() && turns[i].role == Role::system; ++i) {
    // A long system message is an agent's, which may speak of summaries among many other things.
    if (turns[i].text.size() > 2 * reach) continue;
    if (const auto asked = asked_in(turns[i].text, wish); asked && !wish.tools) {
      take_out(conversation, i, asked->at, wish);
      unpack_lone_message(conversation);
      return asked->job;
    }
  }
  return std::nullopt;
}

bool is_history(const Conversation& conversation, const Wish& wish, const Settings& settings) {
  if (wish.tools) return false;
  const bool nobody_asks = conversation.messages > 1 && conversation.turns.back().role != Role::user;
  return nobody_asks || static_cast<std::int64_t>(conversation.messages) >= settings.min_messages;
}

Order refused(std::string why) { return {Job::refused, std::move(why)}; }

std::optional<Job> job_of(Conversation& conversation, const Wish& wish, const Settings& settings) {
  const auto asked = ask(conversation, wish);
  if (settings.task == Task::compress) return Job::compress;
  if (settings.task == Task::title) return Job::title;
  if (asked) return asked;
  if (!conversation.turns.empty() && is_history(conversation, wish, settings)) return Job::compress;
  return std::nullopt;
}

}  // namespace

Order take_order(Conversation& conversation, const Wish& wish, const Settings& settings) {
  if (wish.tool_required) return refused("extractive can't call tools, and this request requires it");
  if (wish.json) return refused("extractive answers in plain text, and this request requires JSON");
  if (wish.many_choices) return refused("extractive gives one choice, and this request wants several");
  const auto job = job_of(conversation, wish, settings);
  if (!job)
    return refused(
        "extractive is no language model: it compresses or titles a conversation when the last message or the system "
        "message asks for it");
  if (conversation.turns.empty()) {
    return refused(wish.images ? "extractive reads text only, and there is none in this conversation"
                               : "there is no conversation to work on in this request");
  }
  return {*job, {}};
}

}  // namespace belay::extractive
