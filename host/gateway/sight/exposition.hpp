// Exposition: Prometheus text format 0.0.4.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "histogram.hpp"

namespace belay::gateway::sight {

struct Label {
  std::string_view name, value;
};
using Labels = std::initializer_list<Label>;

class Exposition {
 public:
  enum class Type { counter, gauge, histogram };

  /// Begins a metric; its samples follow.
  void family(std::string_view name, Type type, std::string_view help);
  void sample(Labels labels, std::integral auto value) { sample_text("", labels, {}, std::to_string(value)); }
  void sample(Labels labels, double value);

  template <std::size_t N>
  void histogram(Labels labels, const typename Histogram<N>::Bounds& bounds, const Histogram<N>& counts) {
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < N; ++i) {
      so_far += counts.count(i);
      sample_text("_bucket", labels, number(std::chrono::duration<double>(bounds[i]).count()), std::to_string(so_far));
    }
    so_far += counts.count(N);
    sample_text("_bucket", labels, "+Inf", std::to_string(so_far));
    sample_text("_sum", labels, {}, number(counts.sum_seconds()));
    sample_text("_count", labels, {}, std::to_string(so_far));
  }

  std::string take() { return std::move(text_); }

 private:
  static std::string number(double value);
  /// `le`: of a bucket; empty: none.
  void sample_text(std::string_view suffix, Labels labels, std::string_view le, std::string_view value);
  void label(char before, std::string_view name, std::string_view value);

  std::string text_, name_;
};

}  // namespace belay::gateway::sight
