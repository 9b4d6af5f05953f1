#include "drive/subject.hpp"

#include <dlfcn.h>

#include "check.hpp"
#include "drive/loan.hpp"
#include "run/child.hpp"

namespace belay::conform {
namespace {

bool contains(const belay_str* list, std::uint32_t count, std::string_view word) {
  for (std::uint32_t i = 0; i < count; ++i) {
    if (view(list[i]) == word) return true;
  }
  return false;
}

const belay_plugin* greet(const Case& self, EntryFunction entry, TestHost& host) {
  const belay_plugin* module = nullptr;
  char room[512];
  belay_error error{sizeof error, 0, {room, sizeof room, 0}};
  const belay_hello hello = host.hello();
  belay_status status = BELAY_ERR_INTERNAL;
  {
    const TestHost::Inside inside(Where::control, BELAY_ENTRY_SYMBOL);
    status = entry(&hello, &module, &error);
  }
  self.require(status == BELAY_OK && module != nullptr, "the entry function answers OK and gives its table",
               "status " + std::to_string(status) + ": " + std::string(room, std::min<std::size_t>(error.text.len, sizeof room)));
  self.require(BELAY_HAS(module, belay_plugin, api) && module->descriptor != nullptr && module->api != nullptr, "its table is that of ABI 1.0",
               "it says size " + std::to_string(module->size));
  return module;
}

/// The provider of that type, or the first.
void pick_provider(const Case& self, Subject& subject, std::string_view type) {
  const TestHost::Inside inside(Where::control, "descriptor");
  for (std::uint32_t i = 0; i < subject.module->provider_count; ++i) {
    const belay_descriptor* descriptor = subject.module->descriptor(i);
    if (descriptor == nullptr || (!type.empty() && view(descriptor->type) != type)) continue;
    subject.index = i;
    subject.descriptor = descriptor;
    subject.api = subject.module->api(i);
    break;
  }
  self.require(subject.descriptor != nullptr && subject.api != nullptr,
               type.empty() ? std::string("the module has a provider") : "the module has a provider of type " + std::string(type),
               "it has " + std::to_string(subject.module->provider_count) + " provider(s), none of them that");
}

void load_cassettes(const Case& self, Subject& subject, const std::string& folder) {
  if (folder.empty()) return;
  auto all = read_cassettes(folder);
  self.require(all.ok(), "the cassettes can be read", all.ok() ? std::string() : all.error().message);
  const auto type = view(subject.descriptor->type);
  for (auto& cassette : *all) {
    if (cassette.provider.empty() || cassette.provider == type) subject.cassettes.push_back(std::move(cassette));
  }
}

}  // namespace

EntryFunction map_plugin(const Case& self, const std::string& path) {
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* why = ::dlerror();
    self.fail("it loads with RTLD_NOW and RTLD_LOCAL", why != nullptr ? why : "dlopen failed without a word");
  }
  void* entry = ::dlsym(library, BELAY_ENTRY_SYMBOL);
  self.require(entry != nullptr, "it exports " BELAY_ENTRY_SYMBOL, "it does not");
  return reinterpret_cast<EntryFunction>(entry);
}

bool Subject::speaks(std::string_view wire) const { return contains(descriptor->wires, descriptor->wire_count, wire); }
bool Subject::does(std::string_view operation) const { return contains(descriptor->operations, descriptor->operation_count, operation); }

const Cassette* Subject::cassette(std::string_view name) const {
  for (const auto& each : cassettes) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

std::vector<const Cassette*> Subject::cassettes_of(std::string_view name) const {
  std::vector<const Cassette*> out;
  for (const auto& each : cassettes) {
    const bool more = each.name.size() > name.size() && std::string_view(each.name).starts_with(name) && each.name[name.size()] == '.';
    if (each.name == name || more) out.push_back(&each);
  }
  return out;
}

std::unique_ptr<Subject> open_subject(const Case& self, const ChildSetup& setup) {
  auto subject = std::make_unique<Subject>();
  subject->path = setup.plugin;
  subject->host.seed = setup.seed;
  subject->module = greet(self, map_plugin(self, setup.plugin), subject->host);
  pick_provider(self, *subject, setup.provider);
  load_cassettes(self, *subject, setup.cassettes);
  return subject;
}

}  // namespace belay::conform
