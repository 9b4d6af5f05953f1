/* Nearly nothing behind the line, so that the line is what is measured: one exchange in one allocation, each piece of the body one TEXT event. */
#include <stdlib.h>

#include "belay/plugin.h"

#define STATIC_TEXT(literal) {literal, sizeof(literal) - 1}
#define TEXT(literal) ((belay_str){literal, sizeof(literal) - 1})

typedef struct exchange {
   const belay_request *request;
   const belay_credential *credential;
} exchange;

static int account; /* the one instance, which has nothing to remember */

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   (void)config, (void)error;
   *out = (belay_instance *)&account;
   return BELAY_OK;
}
static void destroy(belay_instance *instance) { (void)instance; }

static belay_status begin(belay_instance *instance, const belay_request *request, const belay_credential *credential, belay_exchange **out, belay_error *error) {
   exchange *x = malloc(sizeof *x);
   (void)instance, (void)error;
   if (x == NULL) return BELAY_ERR_INTERNAL;
   x->request = request;
   x->credential = credential;
   *out = (belay_exchange *)x;
   return BELAY_OK;
}

static belay_status build_request(belay_exchange *handle, const belay_http_writer *to, belay_error *error) {
   const exchange *x = (const exchange *)handle;
   (void)error;
   if (to->line(to->host, TEXT("POST"), TEXT("https://api.example/v1/chat/completions")) != BELAY_OK) return BELAY_ERR_INTERNAL;
   if (to->header(to->host, TEXT("content-type"), TEXT("application/json"), 0) != BELAY_OK) return BELAY_ERR_INTERNAL;
   if (to->header(to->host, TEXT("authorization"), x->credential->fields.at->value, BELAY_SECRET) != BELAY_OK) return BELAY_ERR_INTERNAL;
   return to->body_as_given(to->host);
}
static belay_status on_response_head(belay_exchange *handle, const belay_head *head, const belay_sink *sink, belay_error *error) {
   (void)handle, (void)head, (void)sink, (void)error;
   return BELAY_OK;
}
static belay_status on_body_chunk(belay_exchange *handle, belay_bytes piece, const belay_sink *sink, belay_error *error) {
   belay_event event = {.size = sizeof event, .type = BELAY_EVENT_TEXT, .a = {(const char *)piece.ptr, piece.len}};
   (void)handle, (void)error;
   return sink->emit(sink->host, &event);
}
static belay_status finish(belay_exchange *handle, uint32_t how, const belay_sink *sink, belay_error *error) {
   belay_event event = {.size = sizeof event, .type = BELAY_EVENT_STOP, .num = BELAY_STOPPED_END};
   (void)handle, (void)how, (void)error;
   return sink->emit(sink->host, &event);
}
static void end(belay_exchange *handle) { free(handle); }
static belay_status classify_error(belay_instance *instance, const belay_failure *failure, belay_classification *out) {
   (void)instance, (void)failure, (void)out;
   return BELAY_OK;
}
static belay_status refresh_credentials(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink, belay_error *error) {
   (void)instance, (void)in, (void)sink, (void)error;
   out->outcome = BELAY_NOT_APPLICABLE;
   return BELAY_OK;
}

static const belay_str operations[] = {STATIC_TEXT("chat")};
static const belay_descriptor about = {.size = sizeof(belay_descriptor), .caps = BELAY_CAP_STREAM, .type = STATIC_TEXT("boundary"), .name = STATIC_TEXT("Boundary"),
                                       .vendor = STATIC_TEXT("tests"), .version = STATIC_TEXT(BELAY_MODULE_VERSION), .license = STATIC_TEXT("0BSD"),
                                       .operations = operations, .operation_count = 1};
static const belay_provider_api api = {.size = sizeof(belay_provider_api), .create = create, .destroy = destroy, .begin = begin, .build_request = build_request,
                                       .on_response_head = on_response_head, .on_body_chunk = on_body_chunk, .finish = finish, .end = end,
                                       .classify_error = classify_error, .refresh_credentials = refresh_credentials};
static const belay_descriptor *descriptor_at(uint32_t index) { return index == 0 ? &about : NULL; }
static const belay_provider_api *api_at(uint32_t index) { return index == 0 ? &api : NULL; }
static const belay_plugin plugin = {.size = sizeof(belay_plugin), .abi_major = BELAY_ABI_MAJOR, .abi_minor = BELAY_ABI_MINOR,
                                    .flags = BELAY_ABI_DRAFT != 0 ? BELAY_PLUGIN_DRAFT : 0, .provider_count = 1, .id = STATIC_TEXT(BELAY_MODULE_ID),
                                    .version = STATIC_TEXT(BELAY_MODULE_VERSION), .hash = STATIC_TEXT(BELAY_ABI_HASH), .descriptor = descriptor_at, .api = api_at};

belay_status belay_plugin_entry_v1(const belay_hello *hello, const belay_plugin **out, belay_error *error) {
   (void)hello, (void)error;
   *out = &plugin;
   return BELAY_OK;
}
