// The reply of embeddings and models: collected, checked to be one, and handed on as one RESULT.
#pragma once

#include <string>
#include <string_view>

#include "belay/cpp/sinks.hpp"
#include "belay/cpp/views.hpp"

namespace belay::openai {

class ResultReader {
 public:
  enum class Kind { embeddings, models };
  static constexpr std::size_t limit = std::size_t{64} << 20;

  explicit ResultReader(Kind kind) : kind_(kind) {}

  sdk::Status head(const sdk::Head& head);
  sdk::Status chunk(std::string_view piece, sdk::Sink& sink);
  sdk::Status finish(sdk::Finish how, sdk::Sink& sink);

 private:
  Kind kind_;
  int status_ = 0;
  std::string body_;
};

}  // namespace belay::openai
