// belay.json/1 as a plugin under test gets it: the host's own, each function marked as a service, so that a document which is never released counts as the
// plugin's and an allocation that is made to fail is never one of ours.
#include "belay/ext/json.h"
#include "drive/allocations.hpp"
#include "drive/services.hpp"
#include "host_table.hpp"

namespace belay::conform {
namespace {

const belay_json& real() { return *static_cast<const belay_json*>(plugins::json_service()); }

template <auto slot>
struct Sheltered;
template <class R, class... A, R (*belay_json::*slot)(A...)>
struct Sheltered<slot> {
  static R call(A... arguments) {
    const ServiceCode shelter;
    return (real().*slot)(arguments...);
  }
};

}  // namespace

const void* sheltered_json() {
  static constexpr belay_json table{
      .size = sizeof table,
      .flags = 0,
      .parse = Sheltered<&belay_json::parse>::call,
      .release = Sheltered<&belay_json::release>::call,
      .get = Sheltered<&belay_json::get>::call,
      .element = Sheltered<&belay_json::element>::call,
      .writer = Sheltered<&belay_json::writer>::call,
      .begin = Sheltered<&belay_json::begin>::call,
      .end = Sheltered<&belay_json::end>::call,
      .name = Sheltered<&belay_json::name>::call,
      .string = Sheltered<&belay_json::string>::call,
      .integer = Sheltered<&belay_json::integer>::call,
      .real = Sheltered<&belay_json::real>::call,
      .boolean = Sheltered<&belay_json::boolean>::call,
      .null = Sheltered<&belay_json::null>::call,
      .raw = Sheltered<&belay_json::raw>::call,
      .text = Sheltered<&belay_json::text>::call,
      .release_writer = Sheltered<&belay_json::release_writer>::call,
  };
  return &table;
}

}  // namespace belay::conform
