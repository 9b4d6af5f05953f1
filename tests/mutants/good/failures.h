/* SPDX-License-Identifier: 0BSD
 *
 * What a failure means: a small table of statuses and codes. What is not in it the host reads by its own.
 */
#ifndef GOOD_FAILURES_H
#define GOOD_FAILURES_H

#include "chat.h"

typedef struct meaning {
   int32_t status;   /* 0: any */
   const char *code; /* NULL: any */
   uint32_t reason;
} meaning;

static const meaning meanings[] = {
   {0, "insufficient_quota", BELAY_REASON_QUOTA_EXHAUSTED},
   {0, "rate_limit_exceeded", BELAY_REASON_RATE_LIMITED},
   {0, "invalid_api_key", BELAY_REASON_AUTH_REJECTED},
   {0, "context_length_exceeded", BELAY_REASON_CONTEXT_TOO_LONG},
   {0, "server_error", BELAY_REASON_SERVER_ERROR},
   {401, NULL, BELAY_REASON_AUTH_REJECTED},
   {402, NULL, BELAY_REASON_QUOTA_EXHAUSTED},
   {403, NULL, BELAY_REASON_PERMISSION_DENIED},
   {404, NULL, BELAY_REASON_MODEL_UNAVAILABLE},
   {429, NULL, BELAY_REASON_RATE_LIMITED},
   {500, NULL, BELAY_REASON_SERVER_ERROR},
   {503, NULL, BELAY_REASON_OVERLOADED},
};

GOOD uint32_t meaning_of(int32_t status, belay_str code) {
   size_t i;
   for (i = 0; i < sizeof meanings / sizeof *meanings; ++i) {
      const meaning *m = &meanings[i];
      if (m->code != NULL ? code.len == strlen(m->code) && memcmp(code.ptr, m->code, (size_t)code.len) == 0 : m->status == status) return m->reason;
   }
   return BELAY_REASON_UNKNOWN;
}

GOOD belay_status good_classify_error(belay_instance *instance, const belay_failure *failure, belay_classification *out) {
   reading r = {NULL, service(TEXT(BELAY_JSON_ID)), NULL};
   belay_json_doc *doc = r.json == NULL ? NULL : r.json->parse((belay_str){(const char *)failure->body.ptr, failure->body.len}, NULL);
   belay_str code = failure->code, message = failure->message;
   (void)instance;
   if (failure->kind != BELAY_FAILURE_STATUS && failure->kind != BELAY_FAILURE_IN_REPLY) {
      if (doc != NULL) r.json->release(doc);
      return BELAY_OK;
   }
   r.doc = doc;
   if (doc != NULL && code.len == 0) code = string_at(&r, NULL, TEXT("/error/code"));
   if (doc != NULL && message.len == 0) message = string_at(&r, NULL, TEXT("/error/message"));
   out->reason = meaning_of(failure->kind == BELAY_FAILURE_STATUS ? failure->status : 0, code);
   put_text(&out->message, message);
   if (doc != NULL) r.json->release(doc);
   return BELAY_OK;
}

#endif
