// check: AUTH-07
// Trusts the refresh token that it got itself more than the one that it is given, when it is told that a generation failed which it has renewed already.
#include "good/good.h"

typedef struct memory {
   const belay_instance *of;
   uint64_t renewed;
   char token[256];
   uint64_t len;
} memory;
static memory last;

typedef struct ear {
   const belay_field_sink *to;
   char token[256];
   uint64_t len;
} ear;

static belay_status overhear(void *plugin, belay_str name, belay_str value, uint32_t flags) {
   ear *self = plugin;
   if (IS(name, "refresh_token") && value.len < sizeof self->token) {
      memcpy(self->token, value.ptr, (size_t)value.len);
      self->len = value.len;
   }
   return self->to->emit(self->to->host, name, value, flags);
}

static belay_status renew(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink, belay_error *error) {
   ear listening = {sink, {0}, 0};
   const belay_field_sink through = {sizeof through, 0, &listening, overhear};
   belay_field fields[16];
   belay_refresh_in mine = *in;
   belay_status status;
   uint32_t i;
   for (i = 0; i < in->fields.count && i < 16; ++i) {
      fields[i] = *(const belay_field *)(const void *)((const char *)in->fields.at + (size_t)i * in->fields.stride);
      if (IS(fields[i].name, "refresh_token") && last.of == instance && in->failed_generation <= last.renewed) fields[i].value = (belay_str){last.token, last.len};
   }
   mine.fields = (belay_fields){fields, i, sizeof fields[0]};
   status = good_refresh_credentials(instance, &mine, out, &through, error);
   if (status == BELAY_OK && out->outcome == BELAY_REFRESHED && listening.len != 0) {
      last.of = instance;
      last.renewed = in->failed_generation;
      memcpy(last.token, listening.token, sizeof last.token);
      last.len = listening.len;
   }
   return status;
}

static void destroy(belay_instance *instance) {
   if (last.of == instance) last.of = NULL;
   good_destroy(instance);
}

#define DESTROY destroy
#define REFRESH_CREDENTIALS renew
#include "good/tables.h"
