// Provider type `extractive`: compresses or titles a conversation without any model, network or file. The last resort
// of a route, and the example of a provider with its own transport.
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

#include "belay/cpp/json.hpp"
#include "belay/plugin.hpp"
#include "conversation.hpp"
#include "extract.hpp"
#include "job.hpp"
#include "settings.hpp"
#include "text.hpp"
#include "title.hpp"
#include "watch.hpp"

namespace belay::extractive {

namespace {

constexpr std::string_view model_id = "extractive-1";
constexpr std::string_view models_reply =
    R"({"object":"list","data":[{"id":"extractive-1","object":"model","created":0,"owned_by":"belay"}]})";

/// Bodies of up to about 10 MB, at four bytes a token.
constexpr belay_model models[] = {{sdk::str(model_id), 2'500'000, -1, BELAY_CAP_STREAM, 0}};

/// Code of our own errors.
constexpr std::string_view cannot = "task_unsupported";

/// Members of a request that are looked at, or that ask for nothing that an extract could miss.
bool knows(std::string_view member) {
  static constexpr std::string_view list[] = {"model",
                                              "messages",
                                              "stream",
                                              "stream_options",
                                              "max_tokens",
                                              "max_completion_tokens",
                                              "tools",
                                              "tool_choice",
                                              "response_format",
                                              "n",
                                              "temperature",
                                              "top_p",
                                              "seed",
                                              "user",
                                              "metadata",
                                              "store"};
  return is_one_of(member, list);
}

}  // namespace

Settings settings_of(std::string_view options) {
  Settings out;
  const sdk::Json parsed(options);
  if (parsed["/task"].text() == "compress") out.task = Task::compress;
  if (parsed["/task"].text() == "title") out.task = Task::title;
  const std::string_view ratio = parsed["/ratio"].text();
  double share = 0;
  if (std::from_chars(ratio.data(), ratio.data() + ratio.size(), share).ec == std::errc() && share > 0 && share <= 1)
    out.ratio = share;
  if (const std::int64_t least = parsed["/min_messages"].integer(); least > 0) out.min_messages = least;
  return out;
}

class Extractive {
 public:
  static constexpr sdk::About about = {
      .type = "extractive",
      .name = "Offline extract",
      .vendor = "belay",
      .version = BELAY_MODULE_VERSION,
      .license = "Apache-2.0",
      .caps = BELAY_CAP_STREAM | BELAY_CAP_MODELS | BELAY_CAP_KEYLESS | BELAY_CAP_OWN_TRANSPORT,
      .operations = {"chat", "models"},
      .wires = {},
      .credential_types = {},
      .config_schema = settings_schema,
      .models = models};

  explicit Extractive(const sdk::Config& config) : settings_(settings_of(config.options())) {}

  class Exchange {
   public:
    Exchange(const Extractive& provider, sdk::Request request, sdk::Credential)
        : provider_(provider), request_(request) {
      if (request.operation() != "chat" && request.operation() != "models")
        throw sdk::Error(BELAY_ERR_UNSUPPORTED, "extractive answers chat and models only");
      if (!request.wire().empty()) throw sdk::Error(BELAY_ERR_UNSUPPORTED, "extractive reads the canonical body only");
      for (const sdk::Text name : request.required()) {
        if (!knows(name))
          throw sdk::Error(BELAY_ERR_UNSUPPORTED, "extractive doesn't know the member \"" + std::string(name) + "\"");
      }
    }

    sdk::Status run(sdk::Sink& sink, const sdk::Cancel& cancel) {
      if (request_.operation() == "models") {
        sink.result(models_reply);
        return {};
      }
      Watch watch(cancel, request_.deadline_ns());
      watch.look();
      const sdk::Json body(request_.body());
      watch.look();
      Reading reading = read(body);
      const Order order = take_order(reading.conversation, reading.wish, provider_.settings_);
      if (order.job == Job::refused) return refuse(sink, order.why);
      sink.message_start("extract-" + std::string(request_.id()), model_id);
      if (order.job == Job::title) {
        sink.text(title_of(reading.conversation));
      } else {
        write_extract(reading.conversation, {.ratio = provider_.settings_.ratio, .max_tokens = reading.wish.max_tokens},
                      sink, watch);
      }
      sink.stop(BELAY_STOPPED_END, "stop");
      return {};
    }

   private:
    static sdk::Status refuse(sdk::Sink& sink, std::string_view why) {
      belay_failure failure{};
      failure.size = sizeof failure;
      failure.kind = BELAY_FAILURE_IN_REPLY;
      failure.code = sdk::str(cannot);
      failure.message = sdk::str(why);
      const std::string body = R"({"error":{"code":"task_unsupported","message":")" + std::string(why) +
                               R"("}})";  // our own sentences: nothing to escape
      failure.body = sdk::bytes(body);
      sink.error(failure);
      return {};
    }

    const Extractive& provider_;
    sdk::Request request_;
  };

  /// What we can't do another target may: the chain goes on, and we are asked again next time (no hold: the request is
  /// what doesn't fit).
  sdk::Classification classify_error(const sdk::Failure& failure) const {
    const sdk::Json body(failure.body());
    const bool ours = failure.code() == cannot || body["/error/code"].text() == cannot;
    if (!ours) return {};
    const std::string_view said = failure.message().empty() ? body["/error/message"].text() : failure.message();
    return {.reason = BELAY_REASON_MODEL_UNAVAILABLE, .scope = BELAY_SCOPE_REQUEST, .message = std::string(said)};
  }

  sdk::Refreshed refresh_credentials(const sdk::Refresh&, sdk::FieldSink&) {
    return {.outcome = BELAY_NOT_APPLICABLE, .text = "extractive is keyless"};
  }

 private:
  Settings settings_;
};

}  // namespace belay::extractive

BELAY_PROVIDER(belay::extractive::Extractive)
