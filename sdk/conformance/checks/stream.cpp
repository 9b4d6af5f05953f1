// STRM-01 .. 14: what a plugin makes of a reply, however it comes.
#include "checks/stream.hpp"

#include "checks/checks.hpp"

namespace belay::conform {
namespace {

using namespace std::chrono_literals;

constexpr Check checks[] = {
    {"STRM-01", Group::stream, Severity::must, "one piece and byte by byte give the same events, the recorded ones", "P12 provider.h event.h",
     "Each cassette with a 2xx reply is played in one piece and then one byte a call; after merging deltas both must give the same events, and their text, "
     "reasoning, tools and stop must be what the cassette expects. Networks cut replies anywhere: a parser that looks for an event inside one piece works on "
     "loopback and loses text in production. Usual faults: parsing each piece on its own, keeping only the last piece, comparing with a whole line that has not "
     "come yet.",
     strm_01},
    {"STRM-02", Group::stream, Severity::must, "every way to cut a reply gives the same events", "provider.h",
     "Each cassette is played cut in two at every byte (of long replies at 1500 places chosen by the seed), in pieces of 2, 3, 5 and 7 bytes, and at random "
     "places; the events must be those of one piece. It finds what byte by byte hides: state that is only wrong when a piece ends just behind a colon, a blank "
     "line, or the first of two line ends.",
     strm_02, 60s},
    {"STRM-03", Group::stream, Severity::must, "cuts inside characters, CRLF and escapes don't show", "P14 provider.h",
     "The replies are written anew with CRLF line ends, with characters of two to four bytes, and with every character as \\uXXXX escapes (surrogate pairs for the "
     "large ones), and are cut inside each of these. Events and text must be those of the uncut reply. Usual faults: decoding UTF-8 or escapes a piece at a time, "
     "taking CR and LF of one line end for two, dropping half a surrogate pair.",
     strm_03, 60s},
    {"STRM-04", Group::stream, Severity::must, "events obey the grammar, with exactly one terminal event", "event.h",
     "Every cassette's events, in one piece, byte by byte and for an empty body, are read by the grammar at the top of belay/event.h: MESSAGE_START first and "
     "once, tool calls balanced by index, RAW alone and only where the request's wire is the plugin's, USAGE with numbers, ERROR with a failure, one of STOP, ERROR, "
     "RESULT (or RAW) by the end of finish() and nothing after it. The host drops a plugin that breaks it for the rest of the process.",
     strm_04},
    {"STRM-05", Group::stream, Severity::must, "every text of an event is valid UTF-8, in whole characters", "P14 event.h",
     "Replies with characters of two to four bytes, and with bytes that are no UTF-8 at all inside the answer, come one byte a call. Each text of each event has to "
     "be whole UTF-8: a plugin carries half a character over to the next piece, and replaces or refuses bytes that are none. RAW is exempt, it is upstream's own.",
     strm_05},
    {"STRM-06", Group::stream, Severity::must, "tool calls are those of the cassette, their arguments whole JSON", "event.h",
     "The pieces of each call's arguments in tool-stream (and every cassette with expect.tools), put together by index, must be the recorded arguments; id and name "
     "too. Usual faults: mixing up calls that interleave, losing the first or last piece, parsing and writing arguments anew.",
     strm_06},
    {"STRM-07", Group::stream, Severity::must, "usage never falls and ends as recorded", "event.h",
     "No count of a USAGE event may be below one told before, none below -1, and the last one must be the cassette's. USAGE is the total so far, not a difference; "
     "prompt includes what was read from and written to a cache, completion includes reasoning.",
     strm_07},
    {"STRM-08", Group::stream, Severity::must, "comments, pings, CR line ends and a byte order mark are read", "event.h",
     "Streams are written as other servers and proxies write them (WHATWG HTML 9.2.6 allows all of it; that a last blank line is missing it does not, and "
     "servers do it) and must give the same events, in one piece and byte by byte. Usual faults: splitting at \\n\\n, taking a comment for data, a JSON error for "
     "the byte order mark, losing the last event.",
     strm_08},
    {"STRM-09", Group::stream, Severity::must, "a truncated reply ends with ERROR, never with a clean stop", "provider.h DESIGN 4.1",
     "The cassettes named truncated, and every whole one cut off in its first half, end with finish(TRUNCATED). What comes then is an ERROR event: half an answer "
     "that looks whole is the worst thing that a gateway can deliver. Usual faults: emitting STOP in finish() whatever it was told, or in end().",
     strm_09},
    {"STRM-10", Group::stream, Severity::must, "an error inside a 200 reply is told as an error", "event.h failure.h DESIGN 4.1",
     "The cassettes named mid-stream-error must give an ERROR event (or, raw, an event that the host reads as an error), after the text that came before it, and no "
     "STOP. Servers can't change the status once a stream runs; they write the error into it. Usual faults: skipping what has no choices, and stopping cleanly.",
     strm_10},
    {"STRM-11", Group::stream, Severity::should, "the unstreamed and the streamed reply give the same message", "event.h",
     "ok and ok-stream (and ok.X beside ok-stream.X) are recordings of one answer: text, reasoning, tools and stop must be equal. It finds two parsers of which one "
     "was forgotten.",
     strm_11},
    {"STRM-12", Group::stream, Severity::must, "events of types that upstream adds later are skipped", "P6 event.h",
     "Events with an unknown name, an unknown type, an id, a retry time and an unknown field stand between the recorded ones; the events must be the same (a raw "
     "reply may hand them on). Providers add event types without notice; a plugin that fails on one is down that day.",
     strm_12},
    {"STRM-13", Group::stream, Severity::must, "no memory of a piece is kept after the call", "P12",
     "Pieces are borrowed until the call returns. They are lent in exact-size copies that are overwritten with 0xA5 and freed afterwards, and the events must be "
     "those of a run in which they stay as they are. Usual fault: a view into the piece kept for the next call.",
     strm_13},
    {"STRM-14", Group::stream, Severity::must, "bytes after the end mark are ignored", "event.h",
     "Behind the event that ends a reply come another event, garbage, a second end mark and an error; nothing of it may show. Applies to streams whose reply is over "
     "before the connection is: [DONE], message_stop and the like.",
     strm_14},
};

}  // namespace

std::span<const Check> stream_checks() { return checks; }

}  // namespace belay::conform
