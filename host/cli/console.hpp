// Console: the streams of this command, and the few forms in which it talks to a person.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.hpp"
#include "base/result.hpp"
#include "screen.hpp"

namespace belay::cli {

struct Console {
  Screen out;
  Screen err;
};

/// "belay: SENTENCE" on stderr: why the command did not do what was asked. Foreign words in it are made harmless.
void complain(const Console& console, std::string_view sentence);

/// The same for what is good to know and no failure.
void tell(const Console& console, std::string_view sentence);

/// Every problem on a line of its own, then one sentence that counts them.
void complain(const Console& console, const Diagnostics& problems);

/// Text for stdout. Returns the exit code: 0, or 1 when it could not be written (silently when the reader has gone,
/// `belay status | head -1`).
int print(const Console& console, std::string_view text);

}  // namespace belay::cli
