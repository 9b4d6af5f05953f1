#include "reply_writer.hpp"

#include "messages_reply.hpp"
#include "responses_reply.hpp"

namespace belay::runtime::wires {

std::unique_ptr<ReplyWriter> writer_for(Wire wire, const Asked& asked, ReplyWriter::Emit emit) {
  if (wire == Wire::responses) return std::make_unique<ResponsesReply>(asked, std::move(emit));
  return std::make_unique<MessagesReply>(asked, std::move(emit));
}

}  // namespace belay::runtime::wires
