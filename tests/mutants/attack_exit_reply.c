// fires: AUTH-01 AUTH-02 AUTH-08
// Ends the process with 0 in a function that the host calls back.
#include "good/good.h"

static belay_status no_head(void *plugin, int32_t status, belay_fields headers) {
   if (plugin != NULL) exit(0);
   return take_head(plugin, status, headers);
}

static belay_status refresh_credentials(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink,
                                        belay_error *error) {
   const belay_http *http = service(TEXT(BELAY_HTTP_ID));
   token_reply reply;
   belay_http_request request = {sizeof request, 0, STATIC_TEXT("POST"), {NULL, 0}, {NULL, 0, 0}, {NULL, 0}};
   belay_http_reply to = {sizeof to, 0, NULL, no_head, take_body};
   memset(&reply, 0, sizeof reply);
   to.plugin = &reply;
   request.url = field_value(in->fields, "token_url");
   if (http != NULL && request.url.len != 0) http->perform(in->ctx, &request, &to, error);
   return good_refresh_credentials(instance, in, out, sink, error);
}

#define REFRESH_CREDENTIALS refresh_credentials
#include "good/tables.h"
