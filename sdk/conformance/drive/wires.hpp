// The wires that this tool can read by itself: openai.chat/1, openai.responses/1, anthropic.messages/1.
#pragma once

#include <string_view>

#include "drive/message.hpp"

namespace belay::conform {

bool knows_wire(std::string_view wire);
/// One whole event of a stream, or a whole body; events of a wire that is not known say nothing.
void read_wire(MessageMaker&, std::string_view wire, const json::Value& root, std::string_view data);

}  // namespace belay::conform
