// JSON Schema draft-04 of [provider.NAME.options]; the host checks them against it before it makes an instance.
#pragma once

#include <string_view>

namespace belay::openai {

inline constexpr std::string_view options_schema = R"({
  "$schema": "http://json-schema.org/draft-04/schema#",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "max_tokens_name": {
      "description": "What the server calls the output cap; the caller's is renamed to it.",
      "enum": ["max_tokens", "max_completion_tokens"]
    },
    "drop": {
      "description": "Members of the request that the server does not take; they are never sent.",
      "type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": true, "maxItems": 64
    },
    "auth_header": {
      "description": "The header that carries the secret. authorization (the default) gets 'Bearer SECRET', any other, such as api-key, the bare secret.",
      "type": "string", "pattern": "^[A-Za-z0-9-]{1,64}$"
    },
    "query": {
      "description": "Parameters added to every URL, such as api-version. Never a secret.",
      "type": "object", "additionalProperties": {"type": "string"}
    },
    "stream_usage": {
      "description": "Ask for the usage at the end of a stream when the caller has not said whether it is wanted.",
      "type": "boolean"
    },
    "organization": {"description": "Sent as OpenAI-Organization.", "type": "string", "minLength": 1},
    "project": {"description": "Sent as OpenAI-Project.", "type": "string", "minLength": 1},
    "chat_path": {"description": "Below base_url; /chat/completions by default.", "type": "string", "minLength": 1},
    "embeddings_path": {"description": "Below base_url; /embeddings by default.", "type": "string", "minLength": 1},
    "models_path": {"description": "Below base_url; /models by default.", "type": "string", "minLength": 1}
  }
})";

}  // namespace belay::openai
