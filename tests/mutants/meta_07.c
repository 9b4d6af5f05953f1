// check: META-07
// Takes the beginning of an extension's id for the whole.
#include "belay/ext/login.h"
#include "good/good.h"

static belay_status login(belay_instance *instance, const belay_refresh_in *in, const belay_prompt *prompt, belay_refresh_out *out,
                          const belay_field_sink *sink, belay_error *error) {
   (void)instance, (void)in, (void)prompt, (void)sink;
   out->outcome = BELAY_FAILED_PERMANENT;
   return fail(error, BELAY_OK, "this provider has no login");
}

static const void *get_extension(belay_str id) {
   static const belay_login table = {sizeof table, 0, login};
   return id.len >= sizeof BELAY_LOGIN_ID - 1 && memcmp(id.ptr, BELAY_LOGIN_ID, sizeof BELAY_LOGIN_ID - 1) == 0 ? &table : NULL;
}

#define GET_EXTENSION get_extension
#include "good/tables.h"
