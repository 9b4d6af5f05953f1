#include "sight/trace_context.hpp"

#include <gtest/gtest.h>

namespace belay::gateway {
namespace {

constexpr std::string_view good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceContext, ContinuesTheCallersTrace) {
  const auto context = trace_context(good);
  EXPECT_EQ(context.trace, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(context.parent, "00f067aa0ba902b7");
  EXPECT_EQ(context.span.size(), 16u);
  EXPECT_NE(context.span, context.parent);
  EXPECT_TRUE(context.sampled);
  EXPECT_FALSE(trace_context("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00").sampled);
  EXPECT_TRUE(trace_context("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03").sampled);
  EXPECT_EQ(trace_context("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later").parent, "00f067aa0ba902b7");
}

TEST(TraceContext, BeginsANewOneOtherwise) {
  for (const std::string bad : {"", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
                                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.later"}) {
    const auto context = trace_context(bad);
    EXPECT_EQ(context.parent, "") << bad;
    EXPECT_EQ(context.trace.size(), 32u) << bad;
    EXPECT_NE(context.trace, "4bf92f3577b34da6a3ce929d0e0e4736") << bad;
  }
  EXPECT_NE(trace_context("").trace, trace_context("").trace);
}

}  // namespace
}  // namespace belay::gateway
