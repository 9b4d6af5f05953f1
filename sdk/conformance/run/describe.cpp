#include "run/describe.hpp"

#include "drive/loan.hpp"
#include "drive/subject.hpp"

namespace belay::conform {
namespace {

void describe(Case& self) {
  const Subject& subject = self.plugin();
  self.measured("type", std::string(subject.descriptor->type.ptr, subject.descriptor->type.len));
  self.measured("transport", subject.own_transport() ? "own" : "host");
}

constexpr Check check = {.id = "describe",
                         .group = Group::load,
                         .severity = Severity::must,
                         .title = "the plugin can be loaded and says who it is",
                         .rules = "P15",
                         .explain = "Maps the file, greets it and reads its tables.",
                         .run = describe,
                         .limit = std::chrono::seconds(10)};

}  // namespace

const Check& describe_check() { return check; }

}  // namespace belay::conform
