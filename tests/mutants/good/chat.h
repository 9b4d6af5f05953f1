/* SPDX-License-Identifier: 0BSD
 *
 * One event of a Chat Completions stream, or one whole completion, as events of the ABI: for callers of another wire.
 */
#ifndef GOOD_CHAT_H
#define GOOD_CHAT_H

#include "exchange.h"

#define MOST_TOOLS 256u

/* An event that has neither choices nor usage nor an error: of a kind that came later. */
#ifndef ON_UNKNOWN_EVENT
#define ON_UNKNOWN_EVENT(x) ((void)(x), BELAY_OK)
#endif

typedef struct reading {
   exchange *x;
   const belay_json *json;
   const belay_json_doc *doc;
} reading;

GOOD belay_json_value at(const reading *r, const belay_json_value *from, belay_str pointer) {
   belay_json_value value = {sizeof value, 0, NULL, {NULL, 0}, 0, 0};
   r->json->get(r->doc, from, pointer, &value);
   return value;
}

GOOD belay_str string_at(const reading *r, const belay_json_value *from, belay_str pointer) {
   const belay_json_value value = at(r, from, pointer);
   return value.type == BELAY_JSON_STRING ? value.string : (belay_str){NULL, 0};
}

GOOD void say_text(exchange *x, uint32_t type, belay_str text) {
   belay_event event = event_of(type);
   event.a = text;
   if (text.len != 0) say(x, &event);
}

GOOD void start(const reading *r) {
   belay_event event = event_of(BELAY_EVENT_MESSAGE_START);
   if (r->x->started) return;
   r->x->started = 1;
   event.a = string_at(r, NULL, TEXT("/id"));
   event.b = string_at(r, NULL, TEXT("/model"));
   say(r->x, &event);
}

/* Which of our calls a piece belongs to; as many as there are: a new one. */
GOOD uint32_t tool_index(const exchange *x, const belay_json_value *index) {
   const uint32_t count = (uint32_t)(x->tools.len / sizeof(int64_t));
   const int64_t *theirs = (const int64_t *)(const void *)x->tools.at;
   uint32_t i;
   if (index->type != BELAY_JSON_NUMBER) return count != 0 ? count - 1 : 0;
   for (i = 0; i < count && theirs[i] != index->integer; ++i) {
   }
   return i;
}

GOOD belay_status on_tool(const reading *r, const belay_json_value *call) {
   exchange *x = r->x;
   const belay_json_value index = at(r, call, TEXT("/index"));
   const uint32_t count = (uint32_t)(x->tools.len / sizeof(int64_t)), ours = tool_index(x, &index);
   belay_event event;
   if (ours == count) {
      const int64_t theirs = index.type == BELAY_JSON_NUMBER ? index.integer : (int64_t)ours;
      if (count == MOST_TOOLS) return say_no_reply(x, BELAY_FAILURE_INVALID, TEXT(""));
      if (!push(&x->tools, &theirs, sizeof theirs)) return BELAY_ERR_INTERNAL;
      event = event_of(BELAY_EVENT_TOOL_BEGIN);
      event.index = ours;
      event.a = string_at(r, call, TEXT("/id"));
      event.b = string_at(r, call, TEXT("/function/name"));
      say(x, &event);
   }
   event = event_of(BELAY_EVENT_TOOL_ARGS);
   event.index = ours;
   event.a = string_at(r, call, TEXT("/function/arguments"));
   if (event.a.len != 0) say(x, &event);
   return BELAY_OK;
}

GOOD void count_usage(const reading *r, const belay_json_value *usage, belay_str place, int64_t *most) {
   const belay_json_value value = at(r, usage, place);
   if (value.type == BELAY_JSON_NUMBER && value.integer > *most) *most = value.integer;
}

GOOD void on_usage(const reading *r, const belay_json_value *usage) {
   belay_usage *sum = &r->x->usage;
   belay_event event = event_of(BELAY_EVENT_USAGE);
   count_usage(r, usage, TEXT("/prompt_tokens"), &sum->prompt);
   count_usage(r, usage, TEXT("/completion_tokens"), &sum->completion);
   count_usage(r, usage, TEXT("/prompt_tokens_details/cached_tokens"), &sum->cached);
   count_usage(r, usage, TEXT("/completion_tokens_details/reasoning_tokens"), &sum->reasoning);
   event.usage = sum;
   start(r);
   say(r->x, &event);
}

GOOD int64_t stop_word(belay_str reason) {
   if (IS(reason, "stop")) return BELAY_STOPPED_END;
   if (IS(reason, "length")) return BELAY_STOPPED_LENGTH;
   if (IS(reason, "tool_calls")) return BELAY_STOPPED_TOOLS;
   if (IS(reason, "content_filter")) return BELAY_STOPPED_FILTER;
   return BELAY_STOPPED_OTHER;
}

GOOD void say_stop(exchange *x) {
   belay_event event = event_of(BELAY_EVENT_TOOL_END);
   for (event.index = 0; event.index < x->tools.len / sizeof(int64_t); ++event.index) say(x, &event);
   event = event_of(BELAY_EVENT_STOP);
   event.a = text_of(&x->reason);
   event.num = stop_word(event.a);
   say(x, &event);
   x->over = 1;
}

GOOD belay_status on_choice(const reading *r, const belay_json_value *choice) {
   exchange *x = r->x;
   belay_json_value delta = at(r, choice, TEXT("/delta")), calls;
   const belay_str reason = string_at(r, choice, TEXT("/finish_reason"));
   int64_t i;
   if (delta.type != BELAY_JSON_OBJECT) delta = at(r, choice, TEXT("/message"));
   start(r);
   say_text(x, BELAY_EVENT_REASONING, string_at(r, &delta, TEXT("/reasoning_content")));
   say_text(x, BELAY_EVENT_TEXT, string_at(r, &delta, TEXT("/content")));
   say_text(x, BELAY_EVENT_REFUSAL, string_at(r, &delta, TEXT("/refusal")));
   calls = at(r, &delta, TEXT("/tool_calls"));
   for (i = 0; calls.type == BELAY_JSON_ARRAY && i < calls.integer; ++i) {
      belay_json_value call = {sizeof call, 0, NULL, {NULL, 0}, 0, 0};
      belay_status status;
      r->json->element(r->doc, &calls, (uint64_t)i, NULL, &call);
      status = on_tool(r, &call);
      if (status != BELAY_OK) return status;
   }
   if (reason.len == 0) return BELAY_OK;
   x->whole = 1;
   x->reason.len = 0;
   return push_text(&x->reason, reason) ? BELAY_OK : BELAY_ERR_INTERNAL;
}

GOOD belay_status on_error(const reading *r, const belay_json_value *error, belay_str data) {
   belay_failure failure;
   memset(&failure, 0, sizeof failure);
   failure.kind = BELAY_FAILURE_IN_REPLY;
   failure.body = (belay_bytes){(const uint8_t *)data.ptr, data.len};
   failure.code = string_at(r, error, TEXT("/code"));
   failure.type = string_at(r, error, TEXT("/type"));
   failure.message = error->type == BELAY_JSON_STRING ? error->string : string_at(r, error, TEXT("/message"));
   failure.parameter = string_at(r, error, TEXT("/param"));
   return say_failed(r->x, &failure);
}

GOOD belay_status on_object(const reading *r, belay_str name, belay_str data) {
   const belay_json_value error = at(r, NULL, TEXT("/error")), choice = at(r, NULL, TEXT("/choices/0")), usage = at(r, NULL, TEXT("/usage"));
   belay_status status = BELAY_OK;
   if (IS(name, "error") || (error.type != BELAY_JSON_ABSENT && error.type != BELAY_JSON_NULL)) return on_error(r, &error, data);
   if (choice.type != BELAY_JSON_OBJECT && usage.type != BELAY_JSON_OBJECT) return ON_UNKNOWN_EVENT(r->x);
   if (choice.type == BELAY_JSON_OBJECT) status = on_choice(r, &choice);
   if (status == BELAY_OK && usage.type == BELAY_JSON_OBJECT) on_usage(r, &usage);
   return status != BELAY_OK ? status : r->x->over ? BELAY_STOP : BELAY_OK;
}

/* One event's data, or a whole body. */
GOOD belay_status on_chat(exchange *x, belay_str name, belay_str data) {
   reading r = {x, service(TEXT(BELAY_JSON_ID)), NULL};
   belay_json_doc *doc;
   belay_status status;
   if (IS(data, "[DONE]")) {
      if (x->started) say_stop(x);
      return x->over ? BELAY_STOP : say_no_reply(x, BELAY_FAILURE_INVALID, TEXT(""));
   }
   if (r.json == NULL) return BELAY_ERR_INTERNAL;
   doc = r.json->parse(data, NULL);
   if (doc == NULL) return say_no_reply(x, BELAY_FAILURE_INVALID, data);
   r.doc = doc;
   status = on_object(&r, name, data);
   r.json->release(doc);
   return status;
}

#endif
