// From what a person typed and piped to one request body.
//
// Standard input that is a JSON object with `messages` is the request; any other text is the user's message. TEXT
// beside either is said last: `git diff | belay call "write the commit message"`, `belay call "now shorter" <
// conversation.json`. Text that begins like JSON but is no such object is a message like any other (a file that is to
// be explained), except broken JSON that has a "messages" member: that was meant to be a request, and sending it as
// text would hide the mistake.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"

namespace belay::cli {

struct Request {
  std::string body;                  ///< a JSON object with `messages`
  std::optional<std::string> model;  ///< the request's own
  bool stream = false;               ///< whether the body asks for a stream
};

/// What becomes of a request's own wish for a stream.
enum class Stream { as_asked, never };

/// The error is one sentence with the place in standard input.
Result<Request> build_request(const std::optional<std::string>& text, std::optional<std::string> input, Stream stream);

}  // namespace belay::cli
