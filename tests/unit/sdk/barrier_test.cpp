// No exception crosses the line (P13): each function of a provider that throws gives its documented failure value.
// Called through the tables, like a host.
#include "belay/plugin.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "belay/ext/login.h"
#include "driver.hpp"

namespace {

namespace sdk = belay::sdk;

/// Where the provider below throws, and what.
struct Trap {
  std::string where;
  std::string what;
} trap;

void spring(const char* where) {
  if (trap.where != where) return;
  if (trap.what == "error") throw sdk::Error(BELAY_ERR_CONFIG, "options.x is wrong");
  if (trap.what == "memory") throw std::bad_alloc();
  if (trap.what == "number") throw 42;
  throw std::runtime_error("a bug");
}

class Thrower {
 public:
  static constexpr sdk::About about = {
      .type = "thrower", .name = "Thrower", .vendor = "tests", .version = "1.0.0", .license = "0BSD"};

  explicit Thrower(const sdk::Config&) { spring("create"); }
  ~Thrower() noexcept(false) { spring("destroy"); }

  class Exchange {
   public:
    Exchange(Thrower&, sdk::Request, sdk::Credential) { spring("begin"); }
    ~Exchange() noexcept(false) { spring("end"); }
    sdk::Status build_request(sdk::Writer&) { return spring("build_request"), sdk::Status(); }
    sdk::Status on_response_head(sdk::Head, sdk::Sink&) { return spring("on_response_head"), sdk::Status(); }
    sdk::Status on_body_chunk(std::string_view piece, sdk::Sink& sink) {
      spring("on_body_chunk");
      sink.text(piece);
      return {};
    }
    sdk::Status finish(sdk::Finish, sdk::Sink&) { return spring("finish"), sdk::Status(); }
  };

  sdk::Classification classify_error(const sdk::Failure&) const {
    return spring("classify_error"), sdk::Classification{.reason = BELAY_REASON_OVERLOADED};
  }
  sdk::Refreshed refresh_credentials(const sdk::Refresh&, sdk::FieldSink& sink) {
    sink.emit_secret("secret", "new");
    spring("refresh_credentials");
    return {.outcome = BELAY_REFRESHED, .text = "renewed"};
  }
  sdk::Refreshed login(const sdk::Refresh&, sdk::Prompt&, sdk::FieldSink&) {
    return spring("login"), sdk::Refreshed{.outcome = BELAY_REFRESHED};
  }
  static const void* extension(std::string_view) { return spring("extension"), &about; }
};

}  // namespace

BELAY_MODULE("test.thrower", "1.0.0", Thrower)

namespace {

using belay::driver::Events;

class Barrier : public testing::Test {
 protected:
  ~Barrier() override { trap = {}; }
  belay::driver::Plugin plugin{&belay_plugin_entry_v1};
};

struct Kind {
  const char* what;
  belay_status status;
  const char* text;
};
constexpr Kind kinds[] = {{"error", BELAY_ERR_CONFIG, "options.x is wrong"},
                          {"memory", BELAY_ERR_INTERNAL, "out of memory"},
                          {"number", BELAY_ERR_INTERNAL, "the plugin threw something that is no std::exception"},
                          {"bug", BELAY_ERR_INTERNAL, "a bug"}};

TEST_F(Barrier, WhatFailsSaysWhy) {
  for (const auto& kind : kinds) {
    SCOPED_TRACE(kind.what);
    const auto failed = [&](const char* where, auto call) {
      trap = {where, kind.what};
      const belay::driver::Answer answer = call();
      trap = {};
      EXPECT_EQ(answer.status, kind.status) << where;
      EXPECT_EQ(answer.text, kind.text) << where;
    };
    failed("create", [&] { return plugin.make("http://x").created; });
    auto instance = plugin.make("http://x");
    failed("begin", [&] { return instance.begin({}).started; });
    auto exchange = instance.begin({});
    belay::driver::Written written;
    Events events;
    failed("build_request", [&] { return exchange.build(written); });
    failed("on_response_head", [&] { return exchange.head(200, {}, events); });
    failed("on_body_chunk", [&] { return exchange.chunk("x", events); });
    failed("finish", [&] { return exchange.finish(BELAY_FINISH_COMPLETE, events); });
    failed("refresh_credentials", [&] {
      const auto answer = instance.refresh(BELAY_CAUSE_REJECTED, {});
      EXPECT_EQ(answer.out.outcome, BELAY_FAILED_TRANSIENT);
      return answer.answer;
    });
  }
}

TEST_F(Barrier, AClassificationThatThrowsIsLeftToTheHost) {
  auto instance = plugin.make("http://x");
  for (const auto& kind : kinds) {
    trap = {"classify_error", kind.what};
    const auto verdict = instance.classify({});
    EXPECT_EQ(verdict.status, kind.status);
    EXPECT_EQ(verdict.reason, BELAY_REASON_UNKNOWN);
  }
  trap = {};
  EXPECT_EQ(instance.classify({}).reason, BELAY_REASON_OVERLOADED);
}

TEST_F(Barrier, ADestructorThatThrowsIsLogged) {
  belay::driver::host().log.clear();
  {
    auto instance = plugin.make("http://x");
    {
      auto exchange = instance.begin({});
      trap = {"end", "bug"};
    }
    trap = {"destroy", "bug"};
  }

  EXPECT_EQ(belay::driver::host().log, (std::vector<std::string>{"a destructor threw", "a destructor threw"}));
}

TEST_F(Barrier, AnExtensionThatThrowsIsAbsent) {
  EXPECT_NE(plugin.api().get_extension(sdk::str("org.example/1")), nullptr);
  trap = {"extension", "bug"};
  EXPECT_EQ(plugin.api().get_extension(sdk::str("org.example/1")), nullptr);
}

TEST_F(Barrier, ALoginThatThrowsIsATransientFailure) {
  auto* instance = static_cast<belay_instance*>(nullptr);
  const belay_config config{sizeof config, 0, nullptr, {}, {}, {}, {}};
  ASSERT_EQ(plugin.api().create(&config, &instance, nullptr), BELAY_OK);
  const auto* table = static_cast<const belay_login*>(plugin.api().get_extension(sdk::str(BELAY_LOGIN_ID)));
  ASSERT_NE(table, nullptr);
  belay_refresh_in in{};
  in.size = sizeof in;
  belay_refresh_out out{};
  out.size = sizeof out;
  trap = {"login", "bug"};

  EXPECT_EQ(table->login(instance, &in, nullptr, &out, nullptr, nullptr), BELAY_ERR_INTERNAL);
  EXPECT_EQ(out.outcome, BELAY_FAILED_TRANSIENT);
  trap = {};
  plugin.api().destroy(instance);
}

TEST_F(Barrier, AFieldThatTheHostDidNotTakeIsNotRenewed) {
  auto* instance = static_cast<belay_instance*>(nullptr);
  const belay_config config{sizeof config, 0, nullptr, {}, {}, {}, {}};
  ASSERT_EQ(plugin.api().create(&config, &instance, nullptr), BELAY_OK);
  belay_refresh_in in{};
  in.size = sizeof in;
  for (const belay_status taken : {BELAY_OK, BELAY_STOP, BELAY_ERR_CONTRACT}) {
    belay_status answer = taken;
    const belay_field_sink sink{sizeof sink, 0, &answer, [](void* host, belay_str, belay_str, std::uint32_t) {
                                  return *static_cast<belay_status*>(host);
                                }};
    belay_refresh_out out{};
    out.size = sizeof out;
    EXPECT_EQ(plugin.api().refresh_credentials(instance, &in, &out, &sink, nullptr), BELAY_OK);
    EXPECT_EQ(out.outcome, taken == BELAY_OK ? BELAY_REFRESHED : BELAY_FAILED_TRANSIENT) << taken;
  }
  plugin.api().destroy(instance);
}

TEST_F(Barrier, ASinkThatSaidStopIsPassedOnAndHearsNoMore) {
  auto instance = plugin.make("http://x");
  auto exchange = instance.begin({});
  Events events;
  events.stop_at = 0;

  EXPECT_EQ(exchange.chunk("a", events).status, BELAY_STOP);
  EXPECT_EQ(events.seen.size(), 1u);
  EXPECT_EQ(events.after_stop, 0u);
}

TEST_F(Barrier, TheEntryAnswersEveryHello) {
  const belay_plugin* out = nullptr;
  char room[128];
  belay_error error{sizeof error, 0, {room, sizeof room, 0}};
  belay_hello hello{sizeof hello, 2, 0, 0, &belay::driver::host_table()};

  EXPECT_EQ(plugin.entry()(nullptr, &out, &error), BELAY_ERR_CONTRACT);
  EXPECT_EQ(plugin.entry()(&hello, &out, &error), BELAY_ERR_UNSUPPORTED);
  EXPECT_EQ(std::string(room, error.text.len), "the plugin speaks belay ABI 1.0, the host 2.x");
  hello.abi_major = 1;
  hello.host = nullptr;
  EXPECT_EQ(plugin.entry()(&hello, &out, &error), BELAY_ERR_CONTRACT);
  EXPECT_EQ(out, nullptr);
  hello.host = &belay::driver::host_table();
  EXPECT_EQ(plugin.entry()(&hello, &out, nullptr), BELAY_OK);
  const belay_plugin* again = nullptr;
  EXPECT_EQ(plugin.entry()(&hello, &again, nullptr), BELAY_OK);
  EXPECT_EQ(out, again);
}

TEST_F(Barrier, TextsAreCutOnACharacter) {
  char room[8];
  belay_text text{room, 4, 0};
  sdk::put(text, "ab\xC3\xA4\xC3\xB6");
  EXPECT_EQ(std::string(room, text.len), "ab\xC3\xA4");
  text.cap = 3;
  sdk::put(text, "ab\xC3\xA4");
  EXPECT_EQ(std::string(room, text.len), "ab");
  belay_text none{nullptr, 0, 0};
  sdk::put(none, "x");
  EXPECT_EQ(none.len, 0u);
}

}  // namespace
