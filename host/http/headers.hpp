// HeaderLines: request headers in the form libcurl wants them, built once and used again while callers send the same
// set.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "curl.hpp"
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
};

}  // namespace belay::http
