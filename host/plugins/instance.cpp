#include "instance.hpp"

#include <array>

#include "answer.hpp"
#include "base/secret.hpp"
#include "base/utf8.hpp"
#include "schema.hpp"
#include "words.hpp"

namespace belay::plugins {
namespace {

std::string without_trailing_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

Result<AllowedOrigins> origins_of(const Module& module, const Provider& provider, const InstanceConfig& config) {
  AllowedOrigins out{{}, module.note().origins};
  const auto& url = config.base_url.empty() ? provider.descriptor.default_base_url : config.base_url;
  if (url.empty()) return out;
  const auto origin = origin_of(url);
  if (!origin) return fail("provider." + config.name + ".base_url: " + origin.error().message);
  out.own.push_back(*origin);
  return out;
}

/// Memory for the texts of one classification.
class ClassificationRoom {
 public:
  ClassificationRoom() {
    raw_.size = sizeof raw_;
    raw_.reason = BELAY_REASON_UNKNOWN;
    raw_.scope = BELAY_SCOPE_DEFAULT;
    raw_.retry_after_ms = raw_.reset_unix_ms = raw_.affordable_tokens = -1;
    raw_.message = {message_.data(), longest_message, 0};
    raw_.parameter = {parameter_.data(), longest_name, 0};
    raw_.rename = {rename_.data(), longest_name, 0};
  }
  belay_classification* raw() { return &raw_; }

  /// What was written where it may be: texts within their room, the struct itself untouched.
  [[nodiscard]] bool intact() const {
    return raw_.size == sizeof raw_ && intact(raw_.message, message_) && intact(raw_.parameter, parameter_) &&
           intact(raw_.rename, rename_);
  }

  /// What makes no sense is read as not told (P6).
  [[nodiscard]] Classification read() const {
    constexpr std::int64_t longest_wait = std::int64_t{366} * 24 * 3600 * 1000;
    Classification out;
    if (raw_.reason <= BELAY_REASON_CONTENT_REFUSED) out.reason = raw_.reason;
    if (raw_.scope <= BELAY_SCOPE_ENDPOINT) out.scope = raw_.scope;
    if (raw_.retry_after_ms >= 0 && raw_.retry_after_ms <= longest_wait) out.retry_after_ms = raw_.retry_after_ms;
    if (raw_.reset_unix_ms > 0) out.reset_unix_ms = raw_.reset_unix_ms;
    if (raw_.affordable_tokens >= 0) out.affordable_tokens = raw_.affordable_tokens;
    out.message = scrub(printable(text(raw_.message)));
    if (one_line(text(raw_.parameter), parameter_.size())) out.parameter = text(raw_.parameter);
    if (one_line(text(raw_.rename), rename_.size())) out.rename = text(raw_.rename);
    return out;
  }

 private:
  template <class Room>
  static bool intact(const belay_text& text, const Room& room) {
    return text.ptr == room.data() && text.cap == room.size() && text.len <= text.cap;
  }
  static std::string_view text(const belay_text& text) { return {text.ptr, text.len}; }

  static constexpr std::uint32_t longest_message = 2048, longest_name = 256;
  belay_classification raw_{};
  std::array<char, longest_message> message_;
  std::array<char, longest_name> parameter_, rename_;
};

class CheckedInstance final : public Instance {
 public:
  explicit CheckedInstance(std::shared_ptr<LiveInstance> live) : live_(std::move(live)) {}

  [[nodiscard]] const Descriptor& descriptor() const override { return live_->provider.descriptor; }

  Answer begin(const belay_request& request, const belay_credential* credential,
               std::unique_ptr<Exchange>& out) override {
    return begin_exchange(live_, request, credential, out);
  }

  Answer classify(const belay_failure& failure, Classification& out) override {
    out = {};
    ClassificationRoom room;
    Answer answer = call(live_->latch(), "classify_error", CallKind::exchange, [&](belay_error*) {
      return live_->api().classify_error(live_->handle, &failure, room.raw());
    });
    if (!room.intact()) {
      live_->latch().latch("classify_error",
                           "it wrote beyond the room for its texts, or over the struct's own members");
      return fault_answer(live_->latch());
    }
    if (answer.ok()) out = room.read();
    return answer;
  }

  Answer refresh(belay_refresh_in in, belay_refresh_out& out, std::vector<EmittedField>& fields,
                 RefreshServices& services) override {
    return refresh_hook(*live_, in, out, fields, services);
  }
  [[nodiscard]] bool has_login() const override { return live_->provider.login != nullptr; }
  Answer login(belay_refresh_in in, const Prompt& prompt, belay_refresh_out& out, std::vector<EmittedField>& fields,
               RefreshServices& services) override {
    if (!has_login()) return {Status::unsupported, "plugin " + live_->module->who() + " offers no login"};
    return login_hook(*live_, in, prompt, out, fields, services);
  }

  [[nodiscard]] std::optional<std::string> fault() const override {
    return live_->latch().latched() ? std::optional(live_->latch().sentence()) : std::nullopt;
  }

 private:
  const std::shared_ptr<LiveInstance> live_;
};

}  // namespace

LiveInstance::LiveInstance(std::shared_ptr<Module> its_module, const Provider& its_provider, std::string its_name,
                           Services& its_services, AllowedOrigins its_origins)
    : module(std::move(its_module)),
      provider(its_provider),
      name(std::move(its_name)),
      services(its_services),
      origins(std::move(its_origins)),
      context_(context()) {}

Result<std::shared_ptr<LiveInstance>> LiveInstance::create(std::shared_ptr<Module> module, const Provider& provider,
                                                           const InstanceConfig& config, Services& services) {
  auto origins = origins_of(*module, provider, config);
  if (!origins) return origins.error();
  const std::shared_ptr<LiveInstance> live(
      new LiveInstance(std::move(module), provider, config.name, services, std::move(*origins)));

  const std::string base_url = without_trailing_slash(config.base_url);
  const belay_config raw{
      sizeof raw, 0, live->context_.raw(), str(config.name), str(base_url), str(config.options), str(config.model)};
  const std::lock_guard lock(live->module->control());
  belay_instance* handle = nullptr;
  const Answer answer = call(live->latch(), "create", CallKind::control,
                             [&](belay_error* error) { return live->api().create(&raw, &handle, error); });
  if (!answer.ok()) return fail("provider." + config.name + ": " + answer.text);
  if (handle == nullptr) {
    live->latch().latch("create", "it answered OK and gave no instance");
    return fail("provider." + config.name + ": " + live->latch().sentence());
  }
  live->handle = handle;
  return live;
}

LiveInstance::~LiveInstance() {
  if (handle == nullptr) return;
  const std::lock_guard lock(module->control());
  call_to_free(latch(), "destroy", CallKind::control, [&] { api().destroy(handle); });
}

std::unique_ptr<Instance> checked_instance(std::shared_ptr<LiveInstance> instance) {
  return std::make_unique<CheckedInstance>(std::move(instance));
}

Result<std::unique_ptr<Instance>> make_instance(std::shared_ptr<Module> module, const Provider& provider,
                                                const InstanceConfig& config, Services& services) {
  InstanceConfig known = config;
  if (known.options.empty()) known.options = "{}";
  if (auto checked = check_options(provider.descriptor.config_schema, known.options, known.name); !checked)
    return checked.error();
  auto live = LiveInstance::create(std::move(module), provider, known, services);
  if (!live) return live.error();
  return checked_instance(std::move(*live));
}

}  // namespace belay::plugins
