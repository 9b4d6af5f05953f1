/* SPDX-License-Identifier: 0BSD
 *
 * For mutants whose fault is in their events or their request: the good provider speaks to a sink or writer of the mutant's, which speaks to the host's.
 * Included after good.h; a mutant defines what it needs of
 *     EMIT(x, to, event)      belay_status: hands an event (a copy, which it may change) on to the sink `to`
 *     WRITE_HEADER(to, name, value, flags)
 * and gets the slots between_head, between_chunk, between_finish, between_build.
 */
#ifndef GOOD_BETWEEN_H
#define GOOD_BETWEEN_H

#include "good.h"

#ifdef EMIT
typedef struct between {
   exchange *x;
   const belay_sink *to;
} between;

GOOD belay_status between_emit(void *place, const belay_event *event) {
   const between *b = place;
   belay_event copy = *event;
   return EMIT(b->x, b->to, &copy);
}

#define BETWEEN(sink_name, handle, sink)               \
   between between_us = {self(handle), sink};          \
   const belay_sink sink_name = {sizeof(belay_sink), 0, &between_us, between_emit}

GOOD belay_status between_head(belay_exchange *handle, const belay_head *head, const belay_sink *sink, belay_error *error) {
   BETWEEN(ours, handle, sink);
   const belay_status status = good_on_response_head(handle, head, &ours, error);
   self(handle)->sink = NULL;
   return status;
}

GOOD belay_status between_chunk(belay_exchange *handle, belay_bytes piece, const belay_sink *sink, belay_error *error) {
   BETWEEN(ours, handle, sink);
   const belay_status status = good_on_body_chunk(handle, piece, &ours, error);
   self(handle)->sink = NULL;
   return status;
}

GOOD belay_status between_finish(belay_exchange *handle, uint32_t how, const belay_sink *sink, belay_error *error) {
   BETWEEN(ours, handle, sink);
   const belay_status status = good_finish(handle, how, &ours, error);
   self(handle)->sink = NULL;
   return status;
}
#endif

#ifdef WRITE_HEADER
GOOD belay_status between_line(void *to, belay_str method, belay_str url) {
   const belay_http_writer *writer = to;
   return writer->line(writer->host, method, url);
}
GOOD belay_status between_header(void *to, belay_str name, belay_str value, uint32_t flags) {
   const belay_http_writer *writer = to;
   return WRITE_HEADER(writer, name, value, flags);
}
GOOD belay_status between_body(void *to, belay_bytes piece) {
   const belay_http_writer *writer = to;
   return writer->body(writer->host, piece);
}
GOOD belay_status between_as_given(void *to) {
   const belay_http_writer *writer = to;
   return writer->body_as_given(writer->host);
}

GOOD belay_status between_build(belay_exchange *handle, const belay_http_writer *writer, belay_error *error) {
   belay_http_writer ours = {sizeof(belay_http_writer), 0, NULL, between_line, between_header, between_body, between_as_given};
   union { /* the host's writer is only read */
      const belay_http_writer *theirs;
      void *place;
   } to = {writer};
   ours.host = to.place;
   return good_build_request(handle, &ours, error);
}
#endif

#endif
