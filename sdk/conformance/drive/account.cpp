// Instances: create() and destroy().
#include "check.hpp"
#include "drive/call.hpp"
#include "drive/play.hpp"

namespace belay::conform {
namespace {

belay_config* lend_config(Loan& loan, const Cassette& cassette, const CreateOptions& options) {
  belay_config config{};
  config.size = sizeof config;
  config.ctx = the_host().ctx();
  config.name = loan.str("conform");
  config.base_url = loan.str(options.base_url.value_or(cassette.base_url));
  config.options = loan.str(options.options.value_or(cassette.options));
  config.model = loan.str(options.model.value_or(cassette.model));
  return loan.object(config);
}

struct Made {
  Created created;
  belay_instance* instance = nullptr;
};

Made make(Subject& subject, const Cassette& cassette, const CreateOptions& options) {
  Made made;
  Loan loan;
  const belay_config* config = lend_config(loan, cassette, options);
  auto* const untouched = reinterpret_cast<belay_instance*>(the_host().ctx());  // no plugin can make this address up
  belay_instance* instance = untouched;
  const Called came = call_plugin("create", Where::control, options.error_room,
                                  [&](belay_error* error) { return subject.api->create(config, &instance, error); }, options.fail_allocation);
  made.created = {came.status, came.status != BELAY_OK && instance != untouched, came.allocation_failed, came.error, came.threw, came.room_breach};
  if (came.status == BELAY_OK && instance != untouched) made.instance = instance;
  return made;
}

void unmake(Subject& subject, belay_instance* instance) {
  call_plugin("destroy", Where::control, std::nullopt, [&](belay_error*) { return subject.api->destroy(instance), BELAY_OK; });
}

}  // namespace

Account::Account(const Case& self, Subject& subject, const Cassette& cassette) : subject_(subject) {
  const Made made = make(subject, cassette, {});
  instance_ = made.instance;
  const auto& created = made.created;
  self.require(created.threw.empty(), "create() throws nothing", created.threw);
  self.require(created.status == BELAY_OK && instance_ != nullptr, "create() takes the configuration of cassette " + cassette.name,
               "status " + std::to_string(created.status) + (created.error.empty() ? std::string() : ": " + created.error));
}

Account::~Account() {
  if (instance_ != nullptr) unmake(subject_, instance_);
}

Created try_create(Subject& subject, const Cassette& cassette, const CreateOptions& options) {
  const Made made = make(subject, cassette, options);
  if (made.instance != nullptr) unmake(subject, made.instance);
  return made.created;
}

}  // namespace belay::conform
