// What to drive a plugin with where any exchange will do: its cassettes, or, when it has none, an exchange made up from its descriptor with replies in the
// shapes of the wires that we know. Checks of lifecycle, threads, memory and robustness need no more.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "check.hpp"
#include "drive/bare.hpp"
#include "drive/cassette.hpp"
#include "drive/lent.hpp"
#include "drive/subject.hpp"

namespace belay::conform {

/// A cassette and what is lent for it.
struct Material {
  explicit Material(Cassette recorded, const LentChanges& changes = {}) : tape(std::move(recorded)), lent(tape, changes) {}
  Cassette tape;
  Lent lent;
  [[nodiscard]] CassetteReply reply() const { return tape.reply.value_or(CassetteReply{}); }
};
using Materials = std::vector<std::unique_ptr<Material>>;

/// Exchanges of all kinds: whole replies, errors, cut ones. Never empty.
Materials material(const Case&, const Subject&);
/// Those of them that end well, or what the descriptor gave; never empty.
Materials whole_replies(const Case&, const Subject&);
/// A made-up exchange for the first operation and wire of the descriptor.
Cassette invented(const Subject&, bool stream);
/// Cassettes with a refresh; empty when there are none.
std::vector<const Cassette*> refreshes(const Subject&);
/// Replies that are no success: the cassettes' and one of each usual status.
std::vector<CassetteReply> failures(const Subject&);

/// The cassette with its streamed body blown up to at least `size` bytes by repeating one of its inner events, the first one that the plugin takes twice as
/// it takes it once; nullopt when there is no stream or none of its events can be repeated.
std::optional<Cassette> grown_stream(const Subject&, belay_instance*, const Material&, std::size_t size);
/// The cassette with the text of its unstreamed body blown up; nullopt when its text does not stand in the body as it is.
std::optional<Cassette> grown_body(const Cassette&, std::size_t size);

/// The blocks of an event stream, each with the blank line that ends it.
std::vector<std::string> stream_blocks(std::string_view body);

/// Once through everything with one instance of each configuration: create, all exchanges, all refreshes, classify_error, destroy. What came is dropped.
void exercise(const Case&, Subject&, const Materials&);

}  // namespace belay::conform
