// check: FUZZ-05
// A refresh while a reply is being read makes the plugin lose its place.
#include "good/good.h"

static int replies, lost;

static belay_status head_seen(belay_exchange *handle, const belay_head *head, const belay_sink *sink, belay_error *error) {
   __atomic_add_fetch(&replies, 1, __ATOMIC_RELAXED);
   return good_on_response_head(handle, head, sink, error);
}

static belay_status refresh(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink,
                            belay_error *error) {
   if (__atomic_load_n(&replies, __ATOMIC_RELAXED) > 0) __atomic_store_n(&lost, 1, __ATOMIC_RELAXED);
   return good_refresh_credentials(instance, in, out, sink, error);
}

static belay_status chunk(belay_exchange *handle, belay_bytes piece, const belay_sink *sink, belay_error *error) {
   if (__atomic_load_n(&lost, __ATOMIC_RELAXED)) return fail(error, BELAY_ERR_INTERNAL, "lost its place");
   return good_on_body_chunk(handle, piece, sink, error);
}

static void end(belay_exchange *handle) {
   if (self(handle)->status != 0) __atomic_sub_fetch(&replies, 1, __ATOMIC_RELAXED);
   good_end(handle);
}

#define ON_RESPONSE_HEAD head_seen
#define REFRESH_CREDENTIALS refresh
#define ON_BODY_CHUNK chunk
#define END end
#include "good/tables.h"
