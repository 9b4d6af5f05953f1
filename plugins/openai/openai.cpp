// The provider type `openai`: servers that speak OpenAI's Chat Completions, Embeddings and Models.
#include "address.hpp"
#include "belay/cpp/error_body.hpp"
#include "belay/plugin.hpp"
#include "exchange.hpp"
#include "options.hpp"
#include "options_schema.hpp"

namespace sdk = belay::sdk;

namespace belay::openai {

class OpenAi {
 public:
  static constexpr sdk::About about = {.type = "openai",
                                       .name = "OpenAI-compatible",
                                       .vendor = "belay",
                                       .version = BELAY_MODULE_VERSION,
                                       .license = "Apache-2.0",
                                       .caps = BELAY_CAP_STREAM | BELAY_CAP_TOOLS | BELAY_CAP_VISION |
                                               BELAY_CAP_JSON_SCHEMA | BELAY_CAP_REASONING | BELAY_CAP_EMBEDDINGS |
                                               BELAY_CAP_MODELS | BELAY_CAP_KEYLESS,
                                       .operations = {"chat", "embeddings", "models"},
                                       .wires = {"openai.chat/1"},
                                       .credential_types = {"api_key", "oauth2", "exec"},
                                       .config_schema = options_schema};

  explicit OpenAi(const sdk::Config& config) {
    if (config.base_url().empty())
      throw sdk::Error(BELAY_ERR_CONFIG, "base_url is missing; right would be \"https://api.openai.com/v1\"");
    account_.options = read_options(config.options());
    const auto& options = account_.options;
    account_.chat_url = address(config.base_url(), options.chat_path, options);
    account_.embeddings_url = address(config.base_url(), options.embeddings_path, options);
    account_.models_url = address(config.base_url(), options.models_path, options);
    // Who debugs a request that is not what the caller wrote finds this line.
    if (const auto what = changes(options); !what.empty())
      sdk::log(config.ctx(), BELAY_LOG_INFO, "by its options this provider " + what);
  }

  class Exchange : public openai::Exchange {
   public:
    Exchange(OpenAi& provider, sdk::Request request, sdk::Credential credential)
        : openai::Exchange(provider.account_, request, credential) {}
  };

  sdk::Classification classify_error(const sdk::Failure& failure) const { return sdk::classify_by_words(failure); }
  sdk::Refreshed refresh_credentials(const sdk::Refresh& in, sdk::FieldSink& sink) {
    return sdk::default_refresh(in, sink);
  }

 private:
  Account account_;
};

}  // namespace belay::openai

BELAY_PROVIDER(belay::openai::OpenAi)
