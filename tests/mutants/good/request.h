/* SPDX-License-Identifier: 0BSD
 *
 * The HTTP request: our own wire goes out as it came; of a canonical body the members that this upstream knows, span by span.
 */
#ifndef GOOD_REQUEST_H
#define GOOD_REQUEST_H

#include "exchange.h"

GOOD int is_known_member(belay_str name) {
   static const belay_str known[] = {STATIC_TEXT("model"), STATIC_TEXT("messages"), STATIC_TEXT("stream"), STATIC_TEXT("stream_options"),
      STATIC_TEXT("max_tokens"), STATIC_TEXT("max_completion_tokens"), STATIC_TEXT("temperature"), STATIC_TEXT("top_p"), STATIC_TEXT("stop"),
      STATIC_TEXT("n"), STATIC_TEXT("seed"), STATIC_TEXT("tools"), STATIC_TEXT("tool_choice"), STATIC_TEXT("parallel_tool_calls"),
      STATIC_TEXT("response_format"), STATIC_TEXT("frequency_penalty"), STATIC_TEXT("presence_penalty"), STATIC_TEXT("logit_bias"),
      STATIC_TEXT("logprobs"), STATIC_TEXT("top_logprobs"), STATIC_TEXT("user"), STATIC_TEXT("metadata"), STATIC_TEXT("reasoning_effort")};
   size_t i;
   for (i = 0; i < sizeof known / sizeof *known; ++i) {
      if (known[i].len == name.len && memcmp(known[i].ptr, name.ptr, (size_t)name.len) == 0) return 1;
   }
   return 0;
}

GOOD belay_bytes bytes_of(belay_str text) { return (belay_bytes){(const uint8_t *)text.ptr, text.len}; }

GOOD belay_status write_known_members(const belay_request *request, const belay_http_writer *writer) {
   const char *place = (const char *)request->members;
   belay_status status = writer->body(writer->host, bytes_of(TEXT("{")));
   int first = 1;
   uint32_t i;
   for (i = 0; i < request->member_count && status == BELAY_OK; ++i, place += request->member_stride) {
      const belay_member *member = (const belay_member *)(const void *)place;
      if (!is_known_member(member->name)) continue;
      status = writer->body(writer->host, bytes_of(first ? TEXT("\"") : TEXT(",\"")));
      if (status == BELAY_OK) status = writer->body(writer->host, bytes_of(member->name));
      if (status == BELAY_OK) status = writer->body(writer->host, bytes_of(TEXT("\":")));
      if (status == BELAY_OK) status = writer->body(writer->host, bytes_of(member->value));
      first = 0;
   }
   return status == BELAY_OK ? writer->body(writer->host, bytes_of(TEXT("}"))) : status;
}

GOOD belay_status write_body(const exchange *x, const belay_http_writer *writer) {
   return x->raw ? writer->body_as_given(writer->host) : write_known_members(x->request, writer);
}

/* "Bearer " and the credential's field "secret". */
GOOD belay_status write_secret(const exchange *x, const belay_http_writer *writer, belay_error *error) {
   const belay_str secret = field_value(x->credential->fields, "secret");
   buffer value = {NULL, 0, 0};
   belay_status status = BELAY_ERR_INTERNAL;
   if (!is_printable(secret)) return fail(error, BELAY_ERR_CREDENTIAL, "the credential's field \"secret\" has control characters in it");
   if (push(&value, "Bearer ", 7) && push_text(&value, secret)) {
      status = writer->header(writer->host, TEXT("authorization"), text_of(&value), BELAY_SECRET);
   } else {
      fail(error, status, "out of memory");
   }
   if (value.at != NULL) memset(value.at, 0, value.len);
   drop(&value);
   return status;
}

GOOD belay_status write_line(const exchange *x, const belay_http_writer *writer) {
   return writer->line(writer->host, TEXT("POST"), text_of(&x->owner->url));
}

#endif
