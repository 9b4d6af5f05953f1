#include "checks/performance_bodies.hpp"

#include <optional>

namespace belay::conform {
namespace {

/// What is repeated, found once; the same again at other sizes.
struct Growing {
  std::string name;
  std::function<std::optional<Cassette>(std::size_t)> make;
};

std::optional<Growing> streamed(const Case& c, const Subject& plugin, const Materials& all) {
  for (const auto& one : all) {
    if (!one->tape.stream) continue;
    const BareAccount account(c, plugin, one->lent);
    if (!grown_stream(plugin, account.get(), *one, 1000)) continue;
    return Growing{one->tape.name, [&c, &plugin, tape = one->tape](std::size_t size) {
                     const Material again(tape);
                     const BareAccount own(c, plugin, again.lent);
                     return grown_stream(plugin, own.get(), again, size);
                   }};
  }
  return std::nullopt;
}

std::optional<Growing> unstreamed(const Materials& all) {
  for (const auto& one : all) {
    if (!grown_body(one->tape, 10)) continue;
    return Growing{one->tape.name, [tape = one->tape](std::size_t size) { return grown_body(tape, size); }};
  }
  return std::nullopt;
}

}  // namespace

Materials large_replies(const Case& c, const Subject& plugin, std::size_t size) {
  const Materials all = whole_replies(c, plugin);
  Materials large;
  for (const auto& found : {streamed(c, plugin, all), unstreamed(all)}) {
    if (!found) continue;
    if (auto tape = found->make(size)) large.push_back(std::make_unique<Material>(std::move(*tape)));
  }
  if (large.empty()) c.not_applicable("none of its replies can be made longer");
  return large;
}

std::vector<GrowingBody> growing_bodies(const Case& c, const Subject& plugin) {
  const Materials all = whole_replies(c, plugin);
  std::vector<GrowingBody> bodies;
  if (const auto found = streamed(c, plugin, all)) {
    bodies.push_back({"many events of " + found->name, [make = found->make](std::size_t size) { return make(size).value(); }});
    bodies.push_back({"one long line of " + found->name, [make = found->make](std::size_t size) {
                        Cassette tape = make(1).value();
                        tape.reply->body.insert(0, ": " + std::string(size, 'x') + "\n\n");
                        return tape;
                      }});
  }
  if (const auto found = unstreamed(all))
    bodies.push_back({"a long body of " + found->name, [make = found->make](std::size_t size) { return make(size).value(); }});
  if (bodies.empty()) c.not_applicable("none of its replies can be made longer");
  return bodies;
}

}  // namespace belay::conform
