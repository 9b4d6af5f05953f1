#include "drive/hook_call.hpp"

#include <vector>

#include "drive/call.hpp"
#include "drive/loan.hpp"
#include "drive/test_host.hpp"

namespace belay::conform {
namespace {

struct AnsweringSink {
  const FieldAnswer& answer;
  Refreshed& got;
  belay_field_sink raw{sizeof(belay_field_sink), 0, this, emit};

  static belay_status emit(void* host, belay_str name, belay_str value, std::uint32_t flags) {
    const HostCode host_code;
    auto& self = *static_cast<AnsweringSink*>(host);
    self.got.emitted.push_back({std::string(view(name)), std::string(view(value)), (flags & BELAY_SECRET) != 0});
    return self.answer(self.got.emitted.size() - 1, view(name), view(value));
  }
};

}  // namespace

Refreshed call_hook(const Subject& subject, belay_instance* instance, const Cassette& tape, const FieldAnswer& answer, std::int64_t deadline_ms) {
  Loan loan;
  std::vector<belay_field> fields;
  for (const CassetteField& field : tape.fields) fields.push_back({loan.str(field.name), loan.str(field.value), field.secret ? BELAY_SECRET : 0, 0});
  auto& host = the_host();
  const std::int64_t deadline = host.now_ns() + deadline_ms * 1'000'000;
  const TestHost::RefreshContext context(host, deadline);

  belay_refresh_in in{};
  in.size = sizeof in;
  in.cause = BELAY_CAUSE_REJECTED;
  in.ctx = context.get();
  in.id = loan.str(tape.credential_id);
  in.type = loan.str(tape.credential_type);
  in.failed_generation = tape.refresh ? tape.refresh->generation : 1;
  in.fields = {loan.array(fields), static_cast<std::uint32_t>(fields.size()), sizeof(belay_field)};
  in.expires_unix_ms = tape.expires_unix_ms;
  in.deadline_ns = deadline;
  in.cancel = host.cancel();
  in.attempt = 1;

  Refreshed got;
  got.out = {sizeof got.out, BELAY_FAILED_TRANSIENT, 0, 0, 0, 0, -1};
  AnsweringSink sink{answer, got};
  const Called called = call_plugin("refresh_credentials", Where::refresh, 512, [&](belay_error* error) {
    return subject.api->refresh_credentials(instance, &in, &got.out, &sink.raw, error);
  });
  got.status = called.status;
  got.error = called.text;
  return got;
}

}  // namespace belay::conform
