// SPDX-License-Identifier: 0BSD
//
// Server-sent events (WHATWG HTML 9.2.6) for providers, as a push parser: pieces go in, cut anywhere; whole events come
// out, the same ones for every cut. LF, CRLF and CR line ends, a byte order mark, comments and unknown fields are
// handled as the standard says. It differs in one point: finish() dispatches an event whose blank line never came,
// since servers forget it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace belay::sse {

/// One dispatched event. Views are valid during the callback.
struct Event {
  std::string_view name;  ///< "" when not named
  std::string_view data;  ///< data lines joined by \n
};

enum class Step {
  ok,
  stopped,    ///< the callback said false; nothing comes any more
  too_large,  ///< an event outgrew the limit; nothing comes any more
};

class Parser {
 public:
  /// `limit`: bytes that one unfinished event may hold.
  explicit Parser(std::size_t limit = std::size_t{16} << 20) : limit_(limit) {}

  /// Calls `on_event(const Event&) -> bool` for each event that `piece` completes. An event with one data line that
  /// lies whole in `piece` is not copied. Linear in the bytes, whatever the cut. [one thread at a time]
  template <class OnEvent>
  Step feed(std::string_view piece, OnEvent&& on_event) {
    if (state_ != Step::ok) return state_;
    skip_mark(piece);
    if (after_cr_ && !piece.empty()) {
      if (piece.front() == '\n') piece.remove_prefix(1);
      after_cr_ = false;
    }
    // Where the next LF and CR are; each is looked for again only once it was passed, so that a piece is scanned once
    // for each.
    std::size_t at = 0, next_lf = piece.find('\n'), next_cr = piece.find('\r');
    while (state_ == Step::ok && at < piece.size()) {
      const std::size_t end = next_lf < next_cr ? next_lf : next_cr;
      if (end == std::string_view::npos) break;
      const std::string_view text = piece.substr(at, end - at);
      at = end + 1;
      if (end == next_cr) {
        if (at == piece.size()) after_cr_ = true;
        if (at == next_lf) ++at;
        next_cr = piece.find('\r', at);
      }
      if (next_lf < at) next_lf = piece.find('\n', at);
      take_line(text, on_event);
    }
    if (state_ != Step::ok) return state_;
    keep(piece.substr(at));
    return state_;
  }

  /// The reply ended: dispatches what is complete but for its line end or blank line.
  template <class OnEvent>
  Step finish(OnEvent&& on_event) {
    if (state_ != Step::ok) return state_;
    if (!line_.empty()) take_line({}, on_event);
    if (state_ == Step::ok) take_line({}, on_event);
    return state_;
  }

 private:
  static constexpr std::string_view mark = "\xEF\xBB\xBF";

  void skip_mark(std::string_view& piece) {
    while (mark_seen_ < mark.size() && !piece.empty()) {
      if (piece.front() != mark[mark_seen_]) {
        // Not a mark after all; what looked like its beginning was text.
        line_.assign(mark.substr(0, mark_seen_));
        mark_seen_ = mark.size();
        return;
      }
      piece.remove_prefix(1);
      ++mark_seen_;
    }
  }

  /// `text` is the rest of a line, without its end.
  template <class OnEvent>
  void take_line(std::string_view text, OnEvent& on_event) {
    if (line_.empty()) {
      if (text.empty()) {
        dispatch(on_event);
      } else {
        field(text, false);
      }
      return;
    }
    line_.append(text);
    if (grown(line_.size())) {
      field(line_, true);
      line_.clear();
    }
  }

  /// `passing`: the text is in line_, which is about to be cleared.
  void field(std::string_view text, bool passing) {
    const std::size_t colon = text.find(':');
    if (colon == 0) return;  // a comment
    const std::string_view name = text.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (name == "data") {
      add_data(value, passing);
    } else if (name == "event") {
      name_.assign(value);
    }
  }

  void add_data(std::string_view value, bool passing) {
    if (!any_data_ && !passing) {
      any_data_ = true;
      view_ = value;
      return;
    }
    own_view();
    if (any_data_) data_.push_back('\n');
    any_data_ = true;
    if (grown(data_.size() + value.size())) data_.append(value);
  }

  /// The data so far is a view into a piece that will be gone: copies it.
  void own_view() {
    if (view_.data() == nullptr) return;
    data_.assign(view_);
    view_ = {};
  }

  void keep(std::string_view rest) {
    if (grown(line_.size() + rest.size() + data_.size() + view_.size())) {
      own_view();
      line_.append(rest);
    }
  }

  template <class OnEvent>
  void dispatch(OnEvent& on_event) {
    if (any_data_) {
      const Event event{name_, view_.data() != nullptr ? view_ : std::string_view(data_)};
      if (!on_event(event)) state_ = Step::stopped;
    }
    any_data_ = false;
    view_ = {};
    data_.clear();
    name_.clear();
  }

  bool grown(std::size_t size) {
    if (size > limit_) state_ = Step::too_large;
    return state_ == Step::ok;
  }

  std::size_t limit_;
  std::string line_;  // of an unfinished line: what came in earlier pieces
  std::string data_;  // of the unfinished event, unless view_ has it
  std::string name_;
  std::string_view view_;      // data of the unfinished event while it is one line of the current piece
  std::size_t mark_seen_ = 0;  // bytes of a byte order mark; mark.size(): that question is settled
  bool any_data_ = false;
  bool after_cr_ = false;  // the last piece ended in CR: an LF now belongs to it
  Step state_ = Step::ok;
};

}  // namespace belay::sse
