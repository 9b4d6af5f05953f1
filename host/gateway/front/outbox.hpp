// Outbox: bytes that wait for one client. Its memory is lent by a pool and goes back as soon as nothing waits, so that an idle connection or a held stream has
// none.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace belay::gateway {

/// Strings with room, lent from request to request. [loop thread]
class BufferPool {
 public:
  std::string take();
  void give(std::string buffer);

 private:
  std::vector<std::string> free_;
};

class Outbox {
 public:
  /// Where to append.
  std::string& room(BufferPool& pool);
  [[nodiscard]] bool empty() const { return sent_ == bytes_.size(); }
  [[nodiscard]] std::size_t size() const { return bytes_.size() - sent_; }
  [[nodiscard]] std::string_view waiting() const { return std::string_view(bytes_).substr(sent_); }
  void sent(std::size_t size, BufferPool& pool);
  void drop(BufferPool& pool);

 private:
  std::string bytes_;
  std::size_t sent_ = 0;
  bool lent_ = false;
};

}  // namespace belay::gateway
