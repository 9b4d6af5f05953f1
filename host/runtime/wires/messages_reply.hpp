// Answers in Anthropic's Messages: the `message` object, and the events that tell it block by block (API reference, "Streaming messages").
#pragma once

#include "blocks.hpp"
#include "reply_writer.hpp"
#include "write.hpp"

namespace belay::runtime::wires {

class MessagesReply final : public ReplyWriter, private BlockSink {
 public:
  MessagesReply(const Asked& asked, Emit emit);
  void on_event(const belay_event& event) override;
  [[nodiscard]] std::string body() const override { return message(true); }
  [[nodiscard]] std::int64_t events() const override { return events_; }

 private:
  void on_open(const Block& block, std::size_t at) override;
  void on_piece(const Block& block, std::size_t at, std::string_view piece) override;
  void on_close(const Block& block, std::size_t at) override;
  void stop(const belay_event& event);

  [[nodiscard]] std::string message(bool whole) const;
  [[nodiscard]] std::string block_of(const Block& block, std::size_t at, bool whole) const;
  void write_stop(Object& to, bool whole) const;
  [[nodiscard]] std::string usage(bool whole) const;
  void tell(Object& event, std::string_view text = {});

  const Emit emit_;
  const std::string id_;
  std::string model_, refusal_;
  Blocks blocks_{*this};
  std::string_view stop_reason_;
  std::int64_t events_ = 0;
};

}  // namespace belay::runtime::wires
