// SPDX-License-Identifier: 0BSD
//
// A provider in C++20: an upstream that speaks OpenAI's Chat Completions, streamed or not. Rename Acme, and change what
// is different at yours.
#include <string>
#include <string_view>

#include "belay/cpp/error_body.hpp"
#include "belay/cpp/raw_reply.hpp"
#include "belay/plugin.hpp"

namespace sdk = belay::sdk;

class Acme {
 public:
  static constexpr sdk::About about = {.type = "acme",
                                       .name = "Acme",
                                       .vendor = "Example",
                                       .version = BELAY_MODULE_VERSION,
                                       .license = "0BSD",
                                       .caps = BELAY_CAP_STREAM | BELAY_CAP_TOOLS | BELAY_CAP_KEYLESS,
                                       .operations = {"chat"},
                                       .wires = {"openai.chat/1"},
                                       .credential_types = {"api_key", "oauth2", "exec"}};

  explicit Acme(const sdk::Config& config) : url_(std::string(config.base_url()) + "/chat/completions") {
    if (config.base_url().empty())
      throw sdk::Error(BELAY_ERR_CONFIG, "base_url is missing; right would be \"https://api.acme.example/v1\"");
  }

  class Exchange {
   public:
    Exchange(const Acme& acme, sdk::Request request, sdk::Credential credential)
        : acme_(acme), credential_(credential), reply_(request.stream()) {
      if (request.operation() != "chat") throw sdk::Error(BELAY_ERR_UNSUPPORTED, "acme answers chat only");
      if (request.wire() != "openai.chat/1") throw sdk::Error(BELAY_ERR_UNSUPPORTED, "acme takes openai.chat/1 only");
    }

    sdk::Status build_request(sdk::Writer& writer) {
      writer.line("POST", acme_.url_).header("content-type", "application/json");
      if (credential_) writer.secret_header("authorization", "Bearer " + std::string(credential_.secret()));
      return writer.body_as_given().status();
    }

    sdk::Status on_response_head(sdk::Head head, sdk::Sink&) { return reply_.head(head); }
    sdk::Status on_body_chunk(std::string_view piece, sdk::Sink& sink) { return reply_.chunk(piece, sink); }
    sdk::Status finish(sdk::Finish how, sdk::Sink& sink) { return reply_.finish(how, sink); }

   private:
    const Acme& acme_;
    sdk::Credential credential_;
    sdk::RawReply reply_;
  };

  /// The words of OpenAI's shape are known (belay/words.hpp); say first what only this upstream's mean.
  sdk::Classification classify_error(const sdk::Failure& failure) const {
    sdk::Classification out = sdk::classify_by_words(failure);
    if (sdk::read_error(failure.body()).code == "acme_out_of_credits") out.reason = BELAY_REASON_QUOTA_EXHAUSTED;
    return out;
  }

  sdk::Refreshed refresh_credentials(const sdk::Refresh& in, sdk::FieldSink& sink) {
    return sdk::default_refresh(in, sink);
  }

 private:
  std::string url_;
};

BELAY_PROVIDER(Acme)
