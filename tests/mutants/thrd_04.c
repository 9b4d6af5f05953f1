// check: THRD-04
// implies: FUZZ-05
// Keeps the token that a refresh got, and sends it in place of the one that an exchange is lent.
#include "good/good.h"

static char kept[256];
static size_t kept_len;

typedef struct listener {
   const belay_field_sink *to;
} listener;

static belay_status listen(void *place, belay_str name, belay_str value, uint32_t flags) {
   const listener *l = place;
   if (IS(name, "secret") && value.len <= sizeof kept) {
      memcpy(kept, value.ptr, (size_t)value.len);
      __atomic_store_n(&kept_len, (size_t)value.len, __ATOMIC_RELEASE);
   }
   return l->to->emit(l->to->host, name, value, flags);
}

static belay_status refresh(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink,
                            belay_error *error) {
   listener us = {sink};
   const belay_field_sink ours = {sizeof ours, 0, &us, listen};
   return good_refresh_credentials(instance, in, out, &ours, error);
}

static belay_status build_request(belay_exchange *handle, const belay_http_writer *writer, belay_error *error) {
   exchange *x = self(handle);
   const belay_credential *lent = x->credential;
   const size_t len = __atomic_load_n(&kept_len, __ATOMIC_ACQUIRE);
   belay_field field = {STATIC_TEXT("secret"), {NULL, 0}, BELAY_SECRET, 0};
   belay_credential own;
   belay_status status;
   if (lent == NULL || len == 0) return good_build_request(handle, writer, error);
   memset(&own, 0, sizeof own);
   own.size = sizeof own;
   field.value = (belay_str){kept, len};
   own.fields = (belay_fields){&field, 1, sizeof field};
   x->credential = &own;
   status = good_build_request(handle, writer, error);
   x->credential = lent;
   return status;
}

#define REFRESH_CREDENTIALS refresh
#define BUILD_REQUEST build_request
#include "good/tables.h"
