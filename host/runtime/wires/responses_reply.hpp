// Answers in OpenAI's Responses: the `response` object, and the events that tell it piece by piece (API reference, "Streaming events").
#pragma once

#include <vector>

#include "blocks.hpp"
#include "reply_writer.hpp"
#include "write.hpp"

namespace belay::runtime::wires {

class ResponsesReply final : public ReplyWriter, private BlockSink {
 public:
  ResponsesReply(const Asked& asked, Emit emit);
  void on_event(const belay_event& event) override;
  [[nodiscard]] std::string body() const override { return response(status_); }
  [[nodiscard]] std::string so_far() const override { return response("in_progress"); }
  [[nodiscard]] std::int64_t events() const override { return sequence_; }

 private:
  void on_open(const Block& block, std::size_t at) override;
  void on_piece(const Block& block, std::size_t at, std::string_view piece) override;
  void on_close(const Block& block, std::size_t at) override;
  void stop(std::int64_t why);

  /// What one event is about: which member says where in the item it belongs.
  struct Part {
    std::string_view opened, delta, done, closed;   // types of the events
    std::string_view place;                         // "content_index" or "summary_index"
    std::string_view type, text;                    // of the part, and the member of its text
  };
  [[nodiscard]] const Part& part_of(Block::Kind kind) const;
  [[nodiscard]] std::string item(const Block& block, std::size_t at, std::string_view status) const;
  [[nodiscard]] std::string part(const Block& block, std::string_view text) const;
  [[nodiscard]] std::string item_id(const Block& block, std::size_t at) const;
  [[nodiscard]] std::string response(std::string_view status) const;
  void write_usage(Object& to) const;
  void tell_response(std::string_view type, std::string_view status);
  void tell_item(std::string_view type, const Block& block, std::size_t at, std::string_view status);
  /// An event about an item, as far as its place.
  void begin(Object& to, std::string_view type, const Block& block, std::size_t at) const;
  void tell(Object& event, std::string_view text = {});

  const Emit emit_;
  const std::string id_;
  const std::int64_t created_;
  std::string model_, echo_;      // echo_: members of the request that a response shows again
  bool summaries_ = false;        // reasoning is told as its summary, since that was asked for
  Blocks blocks_{*this};
  std::vector<std::string> done_; // items that are closed
  std::string_view status_ = "in_progress", incomplete_;
  std::int64_t sequence_ = 0;
};

}  // namespace belay::runtime::wires
