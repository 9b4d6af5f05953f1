// The two hooks that renew a credential: refresh_credentials() and belay.login/1's login(). Same rules for what they
// emit.
#include <algorithm>
#include <thread>

#include "answer.hpp"
#include "base/secret.hpp"
#include "base/utf8.hpp"
#include "host_table.hpp"
#include "instance.hpp"
#include "words.hpp"

namespace belay::plugins {
namespace {

constexpr std::size_t most_fields = 64, longest_value = 64u << 10;

/// Takes the fields that a hook emits. A secret is known to scrub() from here on, so that no text of the hook can tell
/// it.
class FieldTaker {
 public:
  FieldTaker(FaultLatch& latch, std::string_view function) : latch_(latch), function_(function) {}
  ~FieldTaker() { forget(); }
  FieldTaker(const FieldTaker&) = delete;
  FieldTaker& operator=(const FieldTaker&) = delete;

  [[nodiscard]] const belay_field_sink* raw() const { return &raw_; }
  [[nodiscard]] bool empty() const { return fields_.empty(); }
  std::vector<EmittedField> take() { return std::exchange(fields_, {}); }
  void forget() {
    for (auto& field : fields_) wipe(field.value.data(), field.value.size());
    fields_.clear();
  }

 private:
  static belay_status emit(void* host, belay_str name, belay_str value, std::uint32_t flags) {
    auto& self = *static_cast<FieldTaker*>(host);
    if (self.latch_.latched()) return BELAY_STOP;
    if (self.thread_ != std::this_thread::get_id()) return self.breach("it emitted a field from another thread");
    if (!readable(name) || !field_name(view(name)))
      return self.breach(
          "it emitted a field whose name is none (right would be lower case letters, digits and underscores)");
    if (!readable(value) || value.len > longest_value || !valid_utf8(view(value)))
      return self.breach("it emitted a field whose value is no UTF-8 or has more than 64 KiB");
    self.add(std::string(view(name)), view(value), (flags & BELAY_SECRET) != 0);
    return self.fields_.size() > most_fields ? self.breach("it emitted more than 64 fields") : BELAY_OK;
  }

  void add(std::string name, std::string_view value, bool secret) {
    if (secret) known_.emplace_back(value);
    const auto same =
        std::find_if(fields_.begin(), fields_.end(), [&](const auto& field) { return field.name == name; });
    if (same == fields_.end()) {
      fields_.push_back({std::move(name), std::string(value), secret});
    } else {
      wipe(same->value.data(), same->value.size());
      same->value = value;
      same->secret = secret;
    }
  }

  belay_status breach(std::string_view what) {
    latch_.latch(function_, what);
    return BELAY_ERR_CONTRACT;
  }

  FaultLatch& latch_;
  const std::string_view function_;
  const std::thread::id thread_ = std::this_thread::get_id();
  std::vector<EmittedField> fields_;
  std::vector<Secret> known_;
  belay_field_sink raw_{sizeof(belay_field_sink), 0, this, emit};
};

/// The outcome that counts, with its fields: what an error, an unknown outcome or one other than REFRESHED emitted does
/// not.
void read_outcome(const Answer& answer, bool emitted, belay_refresh_out& out) {
  if (!answer.ok() || out.outcome < BELAY_REFRESHED || out.outcome > BELAY_REFRESH_CANCELLED)
    out.outcome = BELAY_FAILED_TRANSIENT;
  if (answer.status == Status::cancelled) out.outcome = BELAY_REFRESH_CANCELLED;
  if (out.outcome == BELAY_REFRESHED && !emitted) out.outcome = BELAY_UNCHANGED;  // nothing new to try a request with
  if (out.expires_unix_ms < -1) out.expires_unix_ms = 0;
  if (out.refresh_after_unix_ms < 0) out.refresh_after_unix_ms = 0;
  if (out.retry_after_ms < -1) out.retry_after_ms = -1;
}

/// Runs one hook: `body(in, out, sink, error)`.
template <class Body>
Answer run_hook(LiveInstance& instance, std::string_view function, belay_refresh_in in, belay_refresh_out& out,
                std::vector<EmittedField>& fields, RefreshServices& services, Body&& body) {
  Context context = instance.context();
  context.hook = &services;
  context.thread = std::this_thread::get_id();
  const ContextHandle handle(std::move(context));
  const belay_cancel cancel{services.cancel()};
  in.size = sizeof in;
  in.ctx = handle.raw();
  in.cancel = &cancel;
  out = {sizeof out, BELAY_FAILED_TRANSIENT, 0, 0, 0, 0, -1};
  fields.clear();

  FieldTaker taker(instance.latch(), function);
  std::string told;
  Answer answer = call(instance.latch(), function, CallKind::refresh, [&](belay_error* error) {
    const belay_text room = error->text;
    const belay_status status = body(&in, &out, taker.raw(), error);
    // Also with OK: why it did not work, or what a person must do.
    if (status >= 0) told = scrub(printable({room.ptr, std::min(error->text.len, room.cap)}));
    return status;
  });
  if (out.size != sizeof out) {
    instance.latch().latch(function, "it wrote over the size of its belay_refresh_out");
    answer = fault_answer(instance.latch());
    out = {sizeof out, BELAY_FAILED_TRANSIENT, 0, 0, 0, 0, -1};
  }
  read_outcome(answer, !taker.empty(), out);
  if (answer.ok()) answer = {Status::ok, out.outcome == BELAY_REFRESHED ? std::string() : std::move(told)};
  if (out.outcome == BELAY_REFRESHED) fields = taker.take();
  return answer;
}

belay_status show_prompt(void* host, belay_str url, belay_str code, std::int64_t expires_unix_ms) {
  if (!readable(url) || !readable(code)) return BELAY_ERR_CONTRACT;
  const auto& prompt = *static_cast<const Prompt*>(host);
  return prompt(printable(view(url)), printable(view(code)), expires_unix_ms) ? BELAY_OK : BELAY_STOP;
}

}  // namespace

Answer refresh_hook(LiveInstance& instance, belay_refresh_in in, belay_refresh_out& out,
                    std::vector<EmittedField>& fields, RefreshServices& services) {
  return run_hook(
      instance, "refresh_credentials", in, out, fields, services,
      [&](const belay_refresh_in* given, belay_refresh_out* to, const belay_field_sink* sink, belay_error* error) {
        return instance.api().refresh_credentials(instance.handle, given, to, sink, error);
      });
}

Answer login_hook(LiveInstance& instance, belay_refresh_in in, const Prompt& prompt, belay_refresh_out& out,
                  std::vector<EmittedField>& fields, RefreshServices& services) {
  // The prompt only ever reads it.
  const belay_prompt raw{sizeof raw, 0, const_cast<Prompt*>(&prompt), show_prompt};
  return run_hook(
      instance, "login", in, out, fields, services,
      [&](const belay_refresh_in* given, belay_refresh_out* to, const belay_field_sink* sink, belay_error* error) {
        return instance.provider.login->login(instance.handle, given, &raw, to, sink, error);
      });
}

}  // namespace belay::plugins
