// A provider for tests that speaks Responses and Messages, and nothing else: it hands requests and replies on as they are.
#include <string>

#include "belay/cpp/error_body.hpp"
#include "belay/cpp/raw_reply.hpp"
#include "belay/plugin.hpp"

namespace sdk = belay::sdk;

class Wired {
 public:
  static constexpr sdk::About about = {.type = "wired",
                                       .name = "Wired",
                                       .vendor = "belay",
                                       .version = BELAY_MODULE_VERSION,
                                       .license = "Apache-2.0",
                                       .caps = BELAY_CAP_STREAM | BELAY_CAP_TOOLS | BELAY_CAP_KEYLESS,
                                       .operations = {"chat", "count_tokens"},
                                       .wires = {"openai.responses/1", "anthropic.messages/1"},
                                       .credential_types = {"api_key"}};

  explicit Wired(const sdk::Config& config) : url_(config.base_url()) {}

  class Exchange {
   public:
    Exchange(const Wired& wired, sdk::Request request, sdk::Credential) : wired_(wired), reply_(request.stream()) {
      if (request.wire().empty()) throw sdk::Error(BELAY_ERR_UNSUPPORTED, "wired takes no canonical requests");
      path_ = "/" + std::string(request.wire()) + "/" + std::string(request.operation());
    }
    sdk::Status build_request(sdk::Writer& writer) {
      writer.line("POST", wired_.url_ + path_).header("content-type", "application/json");
      return writer.body_as_given().status();
    }
    sdk::Status on_response_head(sdk::Head head, sdk::Sink&) { return reply_.head(head); }
    sdk::Status on_body_chunk(std::string_view piece, sdk::Sink& sink) { return reply_.chunk(piece, sink); }
    sdk::Status finish(sdk::Finish how, sdk::Sink& sink) { return reply_.finish(how, sink); }

   private:
    const Wired& wired_;
    std::string path_;
    sdk::RawReply reply_;
  };

  sdk::Classification classify_error(const sdk::Failure& failure) const { return sdk::classify_by_words(failure); }
  sdk::Refreshed refresh_credentials(const sdk::Refresh& in, sdk::FieldSink& sink) { return sdk::default_refresh(in, sink); }

 private:
  std::string url_;
};

BELAY_PROVIDER(Wired)
