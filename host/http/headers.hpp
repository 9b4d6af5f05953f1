// HeaderLines: checked request headers, in the form libcurl wants them, built once and used again while callers send
// the same set.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "curl.hpp"
#include "direct/request_head.hpp"
#include "http/client.hpp"

namespace belay::http {

class HeaderLines {
 public:
  /// Refuses names that are no HTTP token and values with control characters. The error names the header, never its
  /// value.
  static Result<std::shared_ptr<HeaderLines>> build(const Request& request);
  ~HeaderLines();
  HeaderLines(const HeaderLines&) = delete;
  HeaderLines& operator=(const HeaderLines&) = delete;

  /// True when build(request) would give the same lines.
  [[nodiscard]] bool serves(const Request& request) const;
  /// Valid as long as this object; libcurl only reads it.
  [[nodiscard]] curl_slist* list() { return nodes_.data(); }

  struct Field {
    std::string_view name, value;
  };
  /// Those of the caller that are sent, in order. Views into this object.
  [[nodiscard]] std::vector<Field> fields() const;
  /// Whether the caller sends one of that (lower-case) name.
  [[nodiscard]] bool has(std::string_view name) const;
  /// The caller asks for codings himself.
  [[nodiscard]] bool asks_for_coding() const;

  /// Whether a header may have that value.
  static bool allows(std::string_view value);

  /// The same headers as direct connections send them; kept while the method stays the same.
  std::shared_ptr<const RequestHead> head(const Request& request, const Address& address);

 private:
  struct Line {
    std::size_t begin, name, size;
  };
  HeaderLines() = default;
  void add(std::string_view name, std::string_view separator, std::string_view value);
  void link();

  std::string text_;  // all lines, each ended by NUL; wiped, since it holds credentials
  std::vector<Line> lines_;
  std::size_t sent_ = 0;  // the first ones are the caller's, the others our own
  unsigned own_ = 0;
  std::vector<curl_slist> nodes_;
  std::shared_ptr<const RequestHead> head_;
};

}  // namespace belay::http
