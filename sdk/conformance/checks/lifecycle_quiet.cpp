// LIFE-06, 09: what a plugin leaves alone: files and networks while it is made, and memory that is not its own.
#include "base/utf8.hpp"
#include "checks/lifecycle.hpp"
#include "drive/bare.hpp"
#include "drive/fault_trap.hpp"
#include "drive/greet.hpp"
#include "drive/material.hpp"
#include "drive/syscall_trap.hpp"
#include "drive/test_host.hpp"

namespace belay::conform {

/// Catches: a file, a socket or a process of create() or destroy().
void create_does_no_io(Case& c) {
  const Subject& plugin = c.plugin();
  for (const auto& one : material(c, plugin)) {
    c.doing("create() with the configuration of " + one->tape.name);
    const auto tried = outside_calls([&] {
      belay_instance* instance = nullptr;
      const TestHost::Inside inside(Where::control, "create");
      if (plugin.api->create(one->lent.config(), &instance, nullptr) >= 0 && instance != nullptr) plugin.api->destroy(instance);
    });
    if (!tried) c.not_applicable("this kernel has no filters for system calls");
    std::string calls;
    for (const std::string& call : *tried) calls += (calls.empty() ? "" : ", ") + printable(call);
    c.require(tried->empty(), "create() and destroy() open no file, no socket and no process", "it called " + calls);
  }
}

namespace {

/// The words for a crash: what was written to, in which function.
void forbid_writes(const Case& c, const std::string& function, const std::function<void()>& body) {
  const auto touched = forbidden_touch(body);
  if (!touched) return;
  const bool null = reinterpret_cast<std::uintptr_t>(*touched) < 4096;
  c.fail("what the host lends is only read", function + (null ? " crashed at a NULL pointer" : " wrote to (or read beyond) memory that the host had lent"));
}

/// The host's table and hello, on read-only pages for as long as the process lives: a plugin keeps pointers to the table.
const belay_hello& sealed_hello(const TestHost& host) {
  auto* table = new Guarded<belay_host>(*host.table());
  table->bytes().read_only();
  belay_hello hello = host.hello();
  hello.host = table->get();
  auto* sealed = new Guarded<belay_hello>(hello);
  sealed->bytes().read_only();
  return *sealed->get();
}

void sealed_http(BareExchange& exchange, const CassetteReply& reply, EventTape& tape, const Case& c) {
  belay_status status = BELAY_OK;
  forbid_writes(c, "build_request()", [&] { status = exchange.build(silent_writer()); });
  if (status < 0 || reply.status / 100 != 2) return;
  LentHead head(reply);
  head.seal();
  forbid_writes(c, "on_response_head()", [&] { status = tape.as_host(exchange.head(head.head(), tape)); });
  for (std::size_t at = 0; status == BELAY_OK && at < reply.body.size(); at += 1000) {
    GuardedBytes piece(std::string_view(reply.body).substr(at, 1000));
    piece.read_only();
    forbid_writes(c, "on_body_chunk()", [&] { status = tape.as_host(exchange.chunk(lend_bytes(piece.view()), tape)); });
  }
  if (status == BELAY_OK) forbid_writes(c, "finish()", [&] { exchange.finish(BELAY_FINISH_COMPLETE, tape); });
}

void sealed_exchange(const Case& c, const Subject& plugin, belay_instance* instance, Material& one) {
  EventTape tape(one.tape, EventTape::Keep::numbers);
  std::optional<BareExchange> exchange;
  forbid_writes(c, "begin()", [&] { exchange.emplace(plugin, instance, one.lent); });
  if (!exchange->begun()) return;
  if (plugin.own_transport()) {
    forbid_writes(c, "run()", [&] { exchange->run(tape, nullptr); });
  } else {
    sealed_http(*exchange, one.reply(), tape, c);
  }
  forbid_writes(c, "end()", [&] { exchange->end(); });
}

void sealed_refresh(const Case& c, Subject& plugin, belay_instance* instance, const Cassette& tape) {
  TestHost& host = the_host();
  host.network = [](const NetworkRequest&) {
    CassetteReply reply;
    reply.status = 200;
    reply.headers = {{"content-type", "application/json"}};
    reply.body = R"({"access_token":"at-sealed","token_type":"bearer","expires_in":3600})";
    return reply;
  };
  if (tape.refresh) host.sources = tape.refresh->sources;
  const std::int64_t deadline = host.table()->mono_ns() + std::int64_t{5'000'000'000};
  const TestHost::RefreshContext context(host, deadline);
  LentRefresh lent(tape, context.get(), deadline);
  lent.seal();
  const belay_field_sink sink{sizeof sink, 0, nullptr, [](void*, belay_str, belay_str, std::uint32_t) -> belay_status { return BELAY_OK; }};
  belay_refresh_out out{sizeof out, BELAY_FAILED_TRANSIENT, 0, 0, 0, 0, -1};
  ErrorRoom error;
  forbid_writes(c, "refresh_credentials()", [&] {
    const TestHost::Inside inside(Where::refresh, "refresh_credentials");
    plugin.api->refresh_credentials(instance, lent.in(), &out, &sink, &error.error);
  });
}

}  // namespace

/// Catches: a write to anything that the host lent.
void what_is_lent_is_not_written_to(Case& c) {
  Subject plugin;
  forbid_writes(c, "belay_plugin_entry_v1()", [&] { greet(c, plugin, sealed_hello(plugin.host)); });
  const Materials all = material(c, plugin);
  for (const auto& one : all) {
    c.doing("" + one->tape.name + " from read-only pages");
    one->lent.seal();
    belay_instance* instance = nullptr;
    forbid_writes(c, "create()", [&] {
      const TestHost::Inside inside(Where::control, "create");
      plugin.api->create(one->lent.config(), &instance, nullptr);
    });
    if (instance == nullptr) continue;
    sealed_exchange(c, plugin, instance, *one);
    if (one == all.front()) {
      for (const CassetteReply& reply : failures(plugin)) {
        LentFailure failure(reply);
        failure.seal();
        ClassificationRoom room;
        forbid_writes(c, "classify_error()", [&] {
          const TestHost::Inside inside(Where::any, "classify_error");
          plugin.api->classify_error(instance, failure.get(), &room.out);
        });
      }
      for (const Cassette* tape : refreshes(plugin)) sealed_refresh(c, plugin, instance, *tape);
      if (refreshes(plugin).empty()) sealed_refresh(c, plugin, instance, one->tape);
    }
    forbid_writes(c, "destroy()", [&] {
      const TestHost::Inside inside(Where::control, "destroy");
      plugin.api->destroy(instance);
    });
  }
}

}  // namespace belay::conform
