// What the request, stream, error and cancel checks share: which cassettes there are to play, and how two plays are compared.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "check.hpp"
#include "drive/play.hpp"
#include "drive/subject.hpp"

namespace belay::conform::replies {

/// Cassettes with a request: all but those of a refresh.
std::vector<const Cassette*> exchanges(const Subject&);
/// Those whose reply is a 2xx one; of a plugin with its own transport all that have a request.
std::vector<const Cassette*> good(const Subject&);
/// Those of a stream, and those of one body, of a plugin that reads HTTP replies.
std::vector<const Cassette*> streams(const Subject&);
std::vector<const Cassette*> bodies(const Subject&);
/// Those whose reply is not 2xx.
std::vector<const Cassette*> refused(const Subject&);

/// Ends the check where the plugin gets no replies in pieces.
void http_only(Case&);
/// As above; ends the check where there is none.
std::vector<const Cassette*> need_streams(Case&);
std::vector<const Cassette*> need_replies(Case&);
/// Any exchange, else an invented one in a wire or canonical form that the plugin takes.
Cassette any_exchange(const Subject&);
/// The same, one for each wire that the chats of the cassettes have ("" too).
std::vector<Cassette> one_of_each_wire(const Subject&);

/// With this body instead of the recorded one.
PlayOptions with_body(const std::string& body, Cuts cuts = {});

/// "cassette ok-stream cut at 118"
std::string place(const Cassette&, std::string_view what = {});

/// Plays one of `good`; ends the check where an exception got out or a call answered with an error.
Played whole(Case&, Account&, const Cassette&, const PlayOptions& = {}, std::string_view what = {});
/// Ends the check where an exception got out.
void no_exception(const Case&, const Played&, const std::string& where);

/// Ends the check where `got` has other events than `wanted` after merging.
void same_events(const Case&, const std::vector<SeenEvent>& wanted, const std::vector<SeenEvent>& got, const std::string& where);
/// Ends the check where text, reasoning or stop are not those of the cassette; the same of the tool calls.
void same_message(const Case&, const Cassette&, const Message&, const std::string& where);
void same_tools(const Case&, const Cassette&, const Message&, const std::string& where);

/// The first `most` of `all`, or as many of them chosen by the check's seed, in order.
std::vector<std::size_t> sample(Case&, std::vector<std::size_t> all, std::size_t most);

}  // namespace belay::conform::replies
