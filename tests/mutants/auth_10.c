// check: AUTH-10
// Tells the log about the new tokens, with the tokens.
#include "good/good.h"

typedef struct talker {
   const belay_field_sink *to;
   belay_ctx *ctx;
} talker;

static belay_status tell(void *plugin, belay_str name, belay_str value, uint32_t flags) {
   const talker *self = plugin;
   buffer line = {NULL, 0, 0};
   if (push(&line, "got ", 4) && push_text(&line, name) && push(&line, " ", 1) && push_text(&line, value)) host->log(self->ctx, BELAY_LOG_DEBUG, text_of(&line));
   drop(&line);
   return self->to->emit(self->to->host, name, value, flags);
}

static belay_status renew(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink, belay_error *error) {
   talker talking = {sink, in->ctx};
   const belay_field_sink through = {sizeof through, 0, &talking, tell};
   return good_refresh_credentials(instance, in, out, &through, error);
}

#define REFRESH_CREDENTIALS renew
#include "good/tables.h"
