#include "result.hpp"

#include "belay/cpp/error_body.hpp"
#include "belay/cpp/json.hpp"

namespace belay::openai {

sdk::Status ResultReader::head(const sdk::Head& head) {
  status_ = head.status();
  return {};
}

sdk::Status ResultReader::chunk(std::string_view piece, sdk::Sink&) {
  if (body_.size() + piece.size() > limit) return {BELAY_ERR_PROTOCOL, "the reply has more than 64 MiB"};
  body_.append(piece);
  return {};
}

sdk::Status ResultReader::finish(sdk::Finish how, sdk::Sink& sink) {
  if (how == sdk::Finish::failed) return {};
  if (how != sdk::Finish::complete) {
    sink.error(BELAY_FAILURE_CUT, status_, body_);
    return {};
  }
  const sdk::Json json(body_);
  const auto data = json["/data"];
  if (sdk::tells_error(json)) {
    sdk::error_in_reply(sink, status_, body_);
  } else if (data.type() == BELAY_JSON_ARRAY ||
             (kind_ == Kind::models && json[""].type() == BELAY_JSON_OBJECT && data.type() == BELAY_JSON_NULL)) {
    sink.result(body_);  // Ollama without models: "data": null
  } else if (kind_ == Kind::models && json[""].type() == BELAY_JSON_ARRAY) {
    sink.result(R"({"object":"list","data":)" + body_ + "}");  // Together and GitHub Models send the bare list
  } else {
    sink.error(BELAY_FAILURE_INVALID, status_, body_);
  }
  return {};
}

}  // namespace belay::openai
