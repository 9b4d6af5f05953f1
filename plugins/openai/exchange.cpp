#include "exchange.hpp"

#include "body.hpp"

namespace belay::openai {
namespace {

constexpr std::string_view own_wire = "openai.chat/1";

void check_credential(const sdk::Credential& credential) {
  if (!credential || !credential.secret().empty()) return;
  const std::string whose = "credential \"" + std::string(credential.id()) + "\" ";
  if (credential.fields().find("certificate")) {
    throw sdk::Error(BELAY_ERR_CREDENTIAL, whose +
                                               "is a client certificate and key, and this provider sends its secret in "
                                               "a header; its command must print a token");
  }
  if (credential.fields().find("access_key_id")) {
    throw sdk::Error(
        BELAY_ERR_CREDENTIAL,
        whose + "is an AWS access key, and this provider sends one token in a header; its command must print a token");
  }
  throw sdk::Error(BELAY_ERR_CREDENTIAL, whose + "has no field \"secret\"");
}

}  // namespace

Exchange::Reader Exchange::reader_for(const sdk::Request& request) {
  const auto operation = request.operation();
  if (!request.wire().empty() && request.wire() != own_wire) {
    throw sdk::Error(BELAY_ERR_UNSUPPORTED, "this provider takes the wire openai.chat/1 and canonical requests, not " +
                                                std::string(request.wire()));
  }
  if (operation == "chat") {
    if (request.wire().empty()) return ChatEvents(request.stream());
    return sdk::RawReply(request.stream());
  }
  if (operation == "embeddings") return ResultReader(ResultReader::Kind::embeddings);
  if (operation == "models") return ResultReader(ResultReader::Kind::models);
  throw sdk::Error(BELAY_ERR_UNSUPPORTED,
                   "this provider does chat, embeddings and models, not " + std::string(operation));
}

Exchange::Exchange(const Account& account, sdk::Request request, sdk::Credential credential)
    : account_(account), request_(request), credential_(credential), reader_(reader_for(request)) {
  check_credential(credential);
}

void Exchange::write_credential(sdk::Writer& writer) const {
  if (!credential_) return;
  const auto& header = account_.options.auth_header;
  if (header == "authorization") {
    writer.secret_header(header, "Bearer " + std::string(credential_.secret()));
  } else {
    writer.secret_header(header, credential_.secret());
  }
}

sdk::Status Exchange::build_request(sdk::Writer& writer) {
  const bool models = request_.operation() == "models";
  const bool chat = request_.operation() == "chat";
  writer.line(models ? "GET" : "POST", models ? account_.models_url
                                       : chat ? account_.chat_url
                                              : account_.embeddings_url);
  if (!models) writer.header("content-type", "application/json");
  writer.header("accept", chat && request_.stream() ? "text/event-stream" : "application/json");
  if (!account_.options.organization.empty()) writer.header("openai-organization", account_.options.organization);
  if (!account_.options.project.empty()) writer.header("openai-project", account_.options.project);
  write_credential(writer);
  return models ? writer.status() : write_body(request_, account_.options, writer);
}

sdk::Status Exchange::on_response_head(sdk::Head head, sdk::Sink&) {
  return std::visit([&](auto& reader) { return reader.head(head); }, reader_);
}

sdk::Status Exchange::on_body_chunk(std::string_view piece, sdk::Sink& sink) {
  return std::visit([&](auto& reader) { return reader.chunk(piece, sink); }, reader_);
}

sdk::Status Exchange::finish(sdk::Finish how, sdk::Sink& sink) {
  return std::visit([&](auto& reader) { return reader.finish(how, sink); }, reader_);
}

}  // namespace belay::openai
