// FUZZ: what no upstream should send, and what no host usually does.
#include "checks/fuzz.hpp"

#include "checks/checks.hpp"

namespace belay::conform {
namespace {

constexpr Check checks[] = {
    {.id = "FUZZ-01",
     .group = Group::fuzz,
     .severity = Severity::must,
     .title = "ten thousand random replies do not break it",
     .rules = "P13 event.h",
     .explain =
         "Heads and bodies made from the seed go through exchanges: bytes, words that parsers know in no order, JSON that is valid and nonsense, event streams of "
         "all these; in pieces of any size, ended in any way, one in ten stopped by the sink, and some as failures to classify_error(). Every piece ends at a page "
         "that may not be touched. Whatever comes, statuses must be of the ABI, events must obey the grammar, texts must be UTF-8, and a reply that was "
         "taken until finish() must have come to an end. The breadcrumb of a crash has the number of the iteration; the same seed comes to it again. Not asked of "
         "an own transport.",
     .run = random_replies,
     .limit = std::chrono::seconds(60)},
    {.id = "FUZZ-02",
     .group = Group::fuzz,
     .severity = Severity::must,
     .title = "recorded replies and requests, mutated, do not break it",
     .rules = "P13 event.h request.h",
     .explain =
         "Recorded bodies after bits were flipped, pieces dropped, repeated, moved and spliced in from other recordings, numbers made large: four thousand of them, "
         "judged as in FUZZ-01. One in four changes the caller's request instead (as long as it stays a JSON object, which a host guarantees). This gets deeper into "
         "a parser than random bytes. A failing plugin believes a count, an index or a type that upstream told it.",
     .run = mutated_cassettes,
     .limit = std::chrono::seconds(60)},
    {.id = "FUZZ-03",
     .group = Group::fuzz,
     .severity = Severity::must,
     .title = "deep nesting, huge lines, a million events: bounded time and memory",
     .rules = "P13 [exchange]",
     .explain =
         "JSON nested 96 and 100,000 levels deep, in bodies, in events, in failures; a line of 64 MiB that never ends; a million events of a few bytes; a body "
         "of 64 MiB. They may be refused. They may not crash (a recursive parser runs out of stack), nor take more than ten seconds of processor time or three "
         "times the body and 16 MiB of memory. For an own transport a deep and a large request.",
     .run = extreme_replies,
     .limit = std::chrono::seconds(120)},
    {.id = "FUZZ-04",
     .group = Group::fuzz,
     .severity = Severity::must,
     .title = "repeated, huge and binary headers do not break it",
     .rules = "P5 P13 P14",
     .explain =
         "Heads and failures with headers that are empty, repeated, huge, no UTF-8, cut in the middle of a character; each value ends at a page that may not be "
         "touched, since texts of the ABI have a length and no terminator; fields come with a stride that is larger than the struct. A failing plugin calls "
         "strlen(), atoi() or strstr() on a value, or steps by sizeof.",
     .run = hostile_headers},
    {.id = "FUZZ-05",
     .group = Group::fuzz,
     .severity = Severity::must,
     .title = "random legal sequences of calls come to the same results",
     .rules = "provider.h [exchange]",
     .explain =
         "A model of the interface knows which calls are legal now: up to four instances and eight exchanges in all states, ended early or not, refreshes and "
         "classifications in between, instances destroyed and made anew. Twenty thousand calls of the seed's choosing are made. Exchanges that come to their "
         "end must come to what they come to alone. A failing plugin counts on an order that only its own tests have.",
     .run = random_call_sequences,
     .limit = std::chrono::seconds(60)},
    {.id = "FUZZ-06",
     .group = Group::fuzz,
     .severity = Severity::must,
     .title = "unusual configurations and spoiled notes are refused or taken",
     .rules = "P13 P14 provider.h",
     .explain =
         "create() gets options made from the plugin's own schema, at its limits (only what the host's check lets through, which a plugin may count on); base URLs and "
         "models of all kinds; and "
         "belay.state/1 gives back notes that somebody spoiled (each key that the plugin wrote, with rubbish in it). A refusal must have a text of UTF-8; an "
         "instance that was made must be able to begin, build and end an exchange.",
     .run = hostile_configurations,
     .limit = std::chrono::seconds(60)},
};

}  // namespace

std::span<const Check> fuzz_checks() { return checks; }

}  // namespace belay::conform
