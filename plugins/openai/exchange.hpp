// One exchange with an OpenAI-compatible server: which URL, headers and body go out, and which of three readers takes
// the reply.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "belay/cpp/raw_reply.hpp"
#include "belay/plugin.hpp"
#include "chat_events.hpp"
#include "options.hpp"
#include "result.hpp"

namespace belay::openai {

/// What all exchanges of one instance share; never changes.
struct Account {
  Options options;
  std::string chat_url, embeddings_url, models_url;
};

class Exchange {
 public:
  /// Throws sdk::Error: UNSUPPORTED for an unknown operation or wire, CREDENTIAL for a credential without a secret that
  /// a header can carry.
  Exchange(const Account& account, sdk::Request request, sdk::Credential credential);

  sdk::Status build_request(sdk::Writer& writer);
  sdk::Status on_response_head(sdk::Head head, sdk::Sink& sink);
  sdk::Status on_body_chunk(std::string_view piece, sdk::Sink& sink);
  sdk::Status finish(sdk::Finish how, sdk::Sink& sink);

 private:
  /// A caller of the same wire gets what came; one of another wire gets events; embeddings and models are one result.
  using Reader = std::variant<sdk::RawReply, ChatEvents, ResultReader>;
  static Reader reader_for(const sdk::Request& request);

  void write_credential(sdk::Writer& writer) const;

  const Account& account_;
  const sdk::Request request_;
  const sdk::Credential credential_;
  Reader reader_;
};

}  // namespace belay::openai
