// LOAD-05 to 07, 09 and 11: the entry function, called in all the ways that hosts have.
#include <algorithm>
#include <chrono>
#include <cstring>

#include "checks/elf_file.hpp"
#include "checks/load.hpp"
#include "drive/call.hpp"
#include "drive/greet.hpp"
#include "drive/guard_page.hpp"
#include "drive/lent.hpp"
#include "drive/material.hpp"
#include "run/child.hpp"
#include "run/sanitized.hpp"

namespace belay::conform {
namespace {

/// What one call of the entry came to.
struct Greeting {
  Called called;
  const belay_plugin* module = nullptr;
};

/// An address that no plugin gives: whether *out was written to.
const belay_plugin* untouched() { return reinterpret_cast<const belay_plugin*>(std::uintptr_t{0x10}); }

Greeting say_hello(EntryFunction entry, const belay_hello* hello, std::optional<std::uint32_t> error_room = 512) {
  Greeting out;
  out.module = untouched();
  out.called = call_plugin(BELAY_ENTRY_SYMBOL, Where::control, error_room, [&](belay_error* error) { return entry(hello, &out.module, error); });
  return out;
}

/// A greeting that must go well.
const belay_plugin* greeted(const Case& self, EntryFunction entry, const belay_hello* hello, const std::string& as) {
  const Greeting greeting = say_hello(entry, hello);
  self.require(greeting.called.threw.empty(), "nothing is thrown (P13)", greeting.called.threw);
  self.require(greeting.called.room_breach.empty(), "the error's text stays within its room", greeting.called.room_breach);
  self.require(greeting.called.status == BELAY_OK && greeting.module != nullptr && greeting.module != untouched(), "the entry answers OK to " + as,
               "status " + std::to_string(greeting.called.status) + " \"" + greeting.called.error + "\"");
  self.require(greeting.module->size >= sizeof(belay_plugin), "a belay_plugin of at least 1.0's size", "its size says " + std::to_string(greeting.module->size));
  return greeting.module;
}

std::string bytes_of(const belay_plugin& module) { return {reinterpret_cast<const char*>(&module), sizeof module}; }

/// Another host of the same ABI in this process.
const belay_hello& second_host() {
  static belay_host host = *the_host().table();
  static const belay_hello hello = [] {
    host.name = lend("other");
    belay_hello out = the_host().hello();
    out.host = &host;
    return out;
  }();
  return hello;
}

/// A longer struct of a newer minor, read-only, with garbage where 1.0 ends. Lives for ever, as hello and host do.
template <class T>
T* grown(T value, std::uint32_t more) {
  value.size = static_cast<std::uint32_t>(sizeof(T)) + more;
  auto* bytes = new GuardedBytes(value.size, 8);
  std::memset(bytes->data(), 0xA5, value.size);
  std::memcpy(bytes->data(), &value, sizeof value);
  bytes->read_only();
  return reinterpret_cast<T*>(bytes->data());
}

/// create() and destroy() with a config on a page of its own, of exactly 1.0's size and longer.
void make_instances(Case& self, const Subject& subject, const belay_config& config) {
  for (const std::uint32_t more : {0u, 64u}) {
    self.doing("create() with a config that is " + std::to_string(more) + " bytes longer than 1.0's");
    belay_config changed = config;
    if (more > 0) changed.flags = 0x80000000u;
    belay_instance* instance = nullptr;
    const Called called = call_plugin("create", Where::control, 512, [&](belay_error* error) { return subject.api->create(grown(changed, more), &instance, error); });
    self.require(called.threw.empty() && called.status == BELAY_OK && instance != nullptr, "create() takes a config of " + std::to_string(sizeof config + more) + " bytes",
                 called.threw + "status " + std::to_string(called.status) + " \"" + called.error + "\"");
    const TestHost::Inside inside(Where::control, "destroy");
    subject.api->destroy(instance);
  }
}

}  // namespace

void entry_again(Case& self) {
  const EntryFunction entry = map_plugin(self, self.setup.plugin);
  const belay_hello hello = the_host().hello();
  const belay_plugin* first = greeted(self, entry, &hello, "the first hello");
  const std::string before = bytes_of(*first);
  self.doing("the second call");
  self.require(greeted(self, entry, &hello, "the second hello") == first, "the same table each time", "the second call gave another one");
  self.doing("the call of another host");
  self.require(greeted(self, entry, &second_host(), "the hello of another host") == first, "the same table for every host", "another host got another one");
  self.require(bytes_of(*first) == before, "the table does not change", "its bytes are others after the later calls");
}

void other_majors(Case& self) {
  const EntryFunction entry = map_plugin(self, self.setup.plugin);
  for (const std::uint32_t major : {2u, 0u, 0xFFFFFFFFu}) {
    belay_hello hello = the_host().hello();
    hello.abi_major = major;
    self.doing("a hello of major " + std::to_string(major));
    const Greeting greeting = say_hello(entry, &hello);
    self.require(greeting.called.threw.empty(), "nothing is thrown (P13)", greeting.called.threw);
    self.require(greeting.called.status == BELAY_ERR_UNSUPPORTED, "BELAY_ERR_UNSUPPORTED to a host of major " + std::to_string(major),
                 "status " + std::to_string(greeting.called.status));
    self.require(greeting.module == untouched(), "*out stays as it was when the entry refuses", "it was written to");
    self.require(!greeting.called.error.empty(), "a text that says why", "there is none");
    self.doing("the same without an error to write to");
    const Greeting silent = say_hello(entry, &hello, std::nullopt);
    self.require(silent.called.status == BELAY_ERR_UNSUPPORTED, "the same answer when `error` is NULL", "status " + std::to_string(silent.called.status));
  }
  self.doing("a hello of 1.0 afterwards");
  const belay_hello hello = the_host().hello();
  greeted(self, entry, &hello, "a host of its own major after others");
}

void other_sizes(Case& self) {
  const EntryFunction entry = map_plugin(self, self.setup.plugin);
  const belay_plugin* first = nullptr;
  for (const std::uint32_t more : {0u, 128u}) {
    self.doing("a host whose tables are " + std::to_string(more) + " bytes longer than 1.0's");
    belay_host host = *the_host().table();
    belay_hello hello = the_host().hello();
    host.abi_minor = hello.abi_minor = BELAY_ABI_MINOR + (more > 0 ? 7 : 0);
    host.flags = hello.flags = more > 0 ? 0x80000000u : 0;
    hello.host = grown(host, more);
    const belay_plugin* module = greeted(self, entry, grown(hello, more), more > 0 ? "a newer minor with longer tables" : "tables of exactly 1.0's size");
    if (first == nullptr) first = module;
    self.require(module == first, "the same table for every host", "a newer host got another one");

    Subject subject;
    greet(self, subject, *grown(hello, more));
    const Material material(invented(subject, false));
    const auto* recorded = subject.cassettes.empty() ? nullptr : &subject.cassettes.front();
    const Lent lent(recorded != nullptr ? *recorded : material.tape);
    make_instances(self, subject, *lent.config());
  }
}

void fast_scan(Case& self) {
  using std::chrono::steady_clock;
  constexpr std::chrono::milliseconds most{sanitized() ? 500 : 100};
  auto fastest = std::chrono::nanoseconds::max();
  for (int i = 0; i < 5; ++i) {
    const std::string copy = copy_of_file(self, "scan-" + std::to_string(i) + ".so");
    const belay_hello hello = the_host().hello();
    const auto start = steady_clock::now();
    const belay_plugin* module = greeted(self, map_plugin(self, copy), &hello, "a hello");
    {
      const TestHost::Inside inside(Where::control, "descriptor");
      for (std::uint32_t n = 0; n < module->provider_count; ++n) {
        self.require(module->descriptor(n) != nullptr && module->api(n) != nullptr, "a descriptor and an api for each provider", "one of them is NULL");
      }
    }
    fastest = std::min<std::chrono::nanoseconds>(fastest, steady_clock::now() - start);
  }
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(fastest).count();
  if (fastest > most) self.fail("below " + std::to_string(most.count()) + " ms", std::to_string(micros / 1000) + " ms, the fastest of five");
}

void two_copies(Case& self) {
  const EntryFunction entries[] = {map_plugin(self, copy_of_file(self, "copy-1.so")), map_plugin(self, copy_of_file(self, "copy-2.so"))};
  self.require(entries[0] != entries[1], "each path has code of its own", "the second path gave the first one's");
  const belay_hello hello = the_host().hello();
  const belay_plugin* modules[2];
  for (int i = 0; i < 2; ++i) modules[i] = greeted(self, entries[i], &hello, i == 0 ? "the first copy's hello" : "the second copy's hello");
  self.require(modules[0] != modules[1], "each copy has a table of its own", "both gave the same one");

  Subject usual;
  greet(self, usual, hello);
  const Cassette tape = usual.cassettes.empty() ? invented(usual, false) : usual.cassettes.front();
  belay_instance* instances[2] = {nullptr, nullptr};
  const Lent lent(tape);
  for (int i = 0; i < 2; ++i) {
    self.doing(std::string("create() of the ") + (i == 0 ? "first" : "second") + " copy");
    const belay_provider_api* api = modules[i]->api(usual.index);
    self.require(api != nullptr, "both copies have the provider", "the second has none");
    const Called called = call_plugin("create", Where::control, 512, [&](belay_error* error) { return api->create(lent.config(), &instances[i], error); });
    self.require(called.threw.empty() && called.status == BELAY_OK && instances[i] != nullptr, "create() goes well in both copies",
                 called.threw + "status " + std::to_string(called.status) + " \"" + called.error + "\" in the " + (i == 0 ? "first" : "second"));
  }
  for (int i = 0; i < 2; ++i) {
    self.doing(std::string("destroy() of the ") + (i == 0 ? "first" : "second") + " copy");
    const TestHost::Inside inside(Where::control, "destroy");
    modules[i]->api(usual.index)->destroy(instances[i]);
  }
}

}  // namespace belay::conform
