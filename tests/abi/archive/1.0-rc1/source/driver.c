/* A host in one file: loads a plugin and calls everything that a host calls, by the rules of belay/version.h. Prints what came back, so that two of these
 * programs, or two plugins, can be compared. Its binary of a release is kept (archive/) and must drive every later plugin.
 *
 *     driver PLUGIN.so            exit 0: driven to the end; 1: refused or broke the ABI, and why
 *
 * Compiled against grown headers (tests/abi/grow) with -DGROWN it is the host of a later minor.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "belay/ext/refresh.h"
#include "belay/plugin.h"

#define TEXT(literal) ((belay_str){literal, sizeof(literal) - 1})
static char said[512];
static belay_error *fresh_error(void) {
   static belay_error error;
   memset(&error, 0, sizeof error);
   error.size = sizeof error;
   error.text.ptr = said;
   error.text.cap = sizeof said;
   return &error;
}
static void show(const char *what, belay_status status, const belay_error *error) {
   printf("%s: %d%s%.*s\n", what, (int)status, error->text.len != 0 ? " " : "", (int)error->text.len, said);
}
static void broke(const char *what) {
   printf("broken: %s\n", what);
   exit(1);
}

/* What the host offers. */
static void host_log(belay_ctx *ctx, uint32_t level, belay_str message) { (void)ctx, (void)level, (void)message; }
static int64_t mono_ns(void) {
   struct timespec now;
   clock_gettime(CLOCK_MONOTONIC, &now);
   return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
static int64_t unix_ms(void) { return (int64_t)time(NULL) * 1000; }
static int32_t cancelled(const belay_cancel *cancel) { return (void)cancel, 0; }
static int32_t cancel_fd(const belay_cancel *cancel) { return (void)cancel, -1; }
static belay_status refresh(const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink, belay_error *error) {
   (void)in, (void)error;
   out->outcome = BELAY_REFRESHED;
   out->expires_unix_ms = 4102444800000;
   return sink->emit(sink->host, TEXT("secret"), TEXT("fresh"), BELAY_SECRET);
}
static const belay_refresh refresh_service = {sizeof(belay_refresh), 0, refresh};
static const void *get_extension(belay_str id) {
   return id.len == strlen(BELAY_REFRESH_ID) && memcmp(id.ptr, BELAY_REFRESH_ID, id.len) == 0 ? &refresh_service : NULL;
}
#ifdef GROWN
static int64_t grown(void) { return 11; }
#endif

/* Where a plugin's words go. */
static belay_status on_line(void *host, belay_str method, belay_str url) {
   (void)host;
   return printf("  line %.*s %.*s\n", (int)method.len, method.ptr, (int)url.len, url.ptr), BELAY_OK;
}
static belay_status on_header(void *host, belay_str name, belay_str value, uint32_t flags) {
   (void)host;
   return printf("  header %.*s: %.*s%s\n", (int)name.len, name.ptr, (int)value.len, value.ptr, flags & BELAY_SECRET ? " (secret)" : ""), BELAY_OK;
}
static belay_status on_body(void *host, belay_bytes piece) { return (void)host, printf("  body of %d bytes\n", (int)piece.len), BELAY_OK; }
static belay_status as_given(void *host) { return (void)host, printf("  body as given\n"), BELAY_OK; }
static const belay_http_writer writer = {.size = sizeof writer, .line = on_line, .header = on_header, .body = on_body, .body_as_given = as_given};

static belay_status on_event(void *host, const belay_event *event) {
   (void)host;
   if (event->size < offsetof(belay_event, failure) + sizeof event->failure) broke("an event is shorter than 1.0 says");
   printf("  event %u \"%.*s\" \"%.*s\"", event->type, (int)event->a.len, event->a.len ? event->a.ptr : "", (int)event->b.len, event->b.len ? event->b.ptr : "");
   if (event->failure != NULL) printf(" failure kind %u status %d", event->failure->kind, event->failure->status);
   return printf("\n"), BELAY_OK;
}
static const belay_sink sink = {.size = sizeof sink, .emit = on_event};
static belay_status on_field(void *host, belay_str name, belay_str value, uint32_t flags) { return on_header(host, name, value, flags); }
static const belay_field_sink fields = {.size = sizeof fields, .emit = on_field};

static belay_field secret[1];
static belay_credential credential;
static belay_member members[2];
static belay_request request;

static void fill_inputs(void) {
   secret[0].name = TEXT("secret");
   secret[0].value = TEXT("sk-driver");
   secret[0].flags = BELAY_SECRET;
   credential.size = sizeof credential;
   credential.id = TEXT("main");
   credential.type = TEXT("api_key");
   credential.generation = 1;
   credential.fields = (belay_fields){secret, 1, sizeof secret[0]};
   request.size = sizeof request;
   request.wire = TEXT("openai.chat/1");
   request.body = TEXT("{\"model\":\"m1\",\"messages\":[]}");
   members[0].name = TEXT("model");
   members[0].value = (belay_str){request.body.ptr + 9, 4};
   members[1].name = TEXT("messages");
   members[1].value = (belay_str){request.body.ptr + 25, 2};
   request.members = members;
   request.member_count = 2;
   request.member_stride = sizeof members[0];
   request.model = TEXT("m1");
   request.request_id = TEXT("driver-1");
   request.deadline_ns = mono_ns() + 60000000000;
}

/* One exchange; `body` comes in pieces of three bytes. */
static void exchange(const belay_provider_api *api, belay_instance *instance, const char *what, const char *operation, uint32_t flags, const char *body,
                     uint32_t how) {
   belay_exchange *x = NULL;
   belay_error *error = fresh_error();
   belay_field type[1];
   belay_head head;
   size_t at, len = strlen(body);
   memset(type, 0, sizeof type);
   memset(&head, 0, sizeof head);
   request.operation = (belay_str){operation, strlen(operation)};
   request.flags = flags;
   show(what, api->begin(instance, &request, &credential, &x, error), error);
   if (x == NULL) return;
   error = fresh_error();
   show("  build_request", api->build_request(x, &writer, error), error);
   type[0].name = TEXT("content-type");
   type[0].value = flags & BELAY_REQUEST_STREAM ? TEXT("text/event-stream") : TEXT("application/json");
   head.size = sizeof head;
   head.status = 200;
   head.headers = (belay_fields){type, 1, sizeof type[0]};
   error = fresh_error();
   if (how != BELAY_FINISH_FAILED) show("  on_response_head", api->on_response_head(x, &head, &sink, error), error);
   for (at = 0; at < len && how != BELAY_FINISH_FAILED; at += 3) {
      belay_bytes piece = {(const uint8_t *)body + at, len - at < 3 ? len - at : 3};
      belay_status status = api->on_body_chunk(x, piece, &sink, fresh_error());
      if (status != BELAY_OK) printf("  on_body_chunk: %d\n", (int)status);
   }
   error = fresh_error();
   show("  finish", api->finish(x, how, &sink, error), error);
   api->end(x);
}

static void ask_hooks(const belay_provider_api *api, belay_instance *instance) {
   char room[3][64];
   belay_failure failure;
   belay_classification verdict;
   belay_refresh_in in;
   belay_refresh_out out;
   belay_error *error = fresh_error();
   memset(&failure, 0, sizeof failure);
   memset(&verdict, 0, sizeof verdict);
   memset(&in, 0, sizeof in);
   memset(&out, 0, sizeof out);
   failure.size = sizeof failure;
   failure.kind = BELAY_FAILURE_STATUS;
   failure.status = 429;
   failure.body = (belay_bytes){(const uint8_t *)"{}", 2};
   verdict.size = sizeof verdict;
   verdict.retry_after_ms = verdict.reset_unix_ms = verdict.affordable_tokens = -1;
   verdict.message = (belay_text){room[0], 64, 0};
   verdict.parameter = (belay_text){room[1], 64, 0};
   verdict.rename = (belay_text){room[2], 64, 0};
   printf("classify_error: %d reason %u scope %u\n", (int)api->classify_error(instance, &failure, &verdict), verdict.reason, verdict.scope);

   in.size = sizeof in;
   in.cause = BELAY_CAUSE_REJECTED;
   in.id = credential.id;
   in.type = credential.type;
   in.failed_generation = 1;
   in.fields = credential.fields;
   in.failure = &failure;
   in.deadline_ns = request.deadline_ns;
   in.attempt = 1;
   out.size = sizeof out;
   out.retry_after_ms = -1;
   show("refresh_credentials", api->refresh_credentials(instance, &in, &out, &fields, error), error);
   printf("  outcome %u expires %lld\n", out.outcome, (long long)out.expires_unix_ms);
   if (api->get_extension != NULL && api->get_extension(TEXT("org.example.none/1")) != NULL) broke("an extension that nobody has");
}

static void drive(const belay_provider_api *api) {
   belay_config config;
   belay_instance *instance = NULL;
   belay_error *error = fresh_error();
   memset(&config, 0, sizeof config);
   config.size = sizeof config;
   config.name = TEXT("acme");
   config.options = TEXT("{}");
   config.model = TEXT("m1");
   show("create without base_url", api->create(&config, &instance, error), error);
   config.base_url = TEXT("https://api.acme.example/v1");
   error = fresh_error();
   show("create", api->create(&config, &instance, error), error);
   if (instance == NULL) broke("no instance");
#ifdef GROWN
   if (BELAY_HAS(api, belay_provider_api, warm_up) && api->warm_up != NULL) fprintf(stderr, "warm_up: %d\n", (int)api->warm_up(instance));
#endif
   exchange(api, instance, "an operation of later", "of-later", 0, "", BELAY_FINISH_FAILED);
   exchange(api, instance, "stream", "chat", BELAY_REQUEST_STREAM, "data: {\"a\":\"\xC3\xA4\"}\n\nevent: b\r\ndata: {}\r\n\r\ndata: [DONE]\n\n", BELAY_FINISH_COMPLETE);
   exchange(api, instance, "whole", "chat", 0, "{\"choices\":[]}", BELAY_FINISH_COMPLETE);
   exchange(api, instance, "cut", "chat", BELAY_REQUEST_STREAM, "data: {\"a\":1}\n\ndata: {", BELAY_FINISH_TRUNCATED);
   exchange(api, instance, "refused", "chat", 0, "", BELAY_FINISH_FAILED);
   exchange(api, instance, "an end of later", "chat", 0, "{\"a\":1}", 77);
   ask_hooks(api, instance);
   api->destroy(instance);
}

int main(int argc, char **argv) {
   static belay_host host;
   belay_hello hello;
   const belay_plugin *plugin = NULL;
   belay_error *error = fresh_error();
   belay_plugin_entry_fn entry;
   void *file, *symbol;
   uint32_t i;
   if (argc != 2) return fprintf(stderr, "usage: driver PLUGIN.so\n"), 2;
   host.size = sizeof host;
   host.abi_major = BELAY_ABI_MAJOR;
   host.abi_minor = BELAY_ABI_MINOR;
   host.name = TEXT("driver");
   host.version = TEXT("1.0.0");
   host.log = host_log;
   host.mono_ns = mono_ns;
   host.unix_ms = unix_ms;
   host.cancelled = cancelled;
   host.cancel_fd = cancel_fd;
   host.get_extension = get_extension;
#ifdef GROWN
   host.grown = grown;
#endif
   file = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
   symbol = file != NULL ? dlsym(file, BELAY_ENTRY_SYMBOL) : NULL;
   if (symbol == NULL) return printf("broken: %s\n", dlerror()), 1;
   memcpy(&entry, &symbol, sizeof entry);

   memset(&hello, 0, sizeof hello);
   hello.size = sizeof hello;
   hello.abi_major = BELAY_ABI_MAJOR + 1;
   hello.host = &host;
   if (entry(&hello, &plugin, error) != BELAY_ERR_UNSUPPORTED || error->text.len == 0) broke("it greets a host of another major");
   hello.abi_major = BELAY_ABI_MAJOR;
   hello.abi_minor = BELAY_ABI_MINOR;
   if (entry(&hello, &plugin, fresh_error()) != BELAY_OK || plugin == NULL) broke("it does not greet");
   if (!BELAY_HAS(plugin, belay_plugin, shutdown) || plugin->abi_major != BELAY_ABI_MAJOR) broke("its table is not one of this major");
   fprintf(stderr, "abi %u.%u in a host of %u.%u\n", plugin->abi_major, plugin->abi_minor, (unsigned)BELAY_ABI_MAJOR, (unsigned)BELAY_ABI_MINOR);
   if (plugin->min_host_minor > BELAY_ABI_MINOR)
      return printf("refused: it needs a host of ABI %u.%u, this one is %u.%u\n", plugin->abi_major, plugin->min_host_minor, (unsigned)BELAY_ABI_MAJOR,
                    (unsigned)BELAY_ABI_MINOR), 1;
   fill_inputs();
   printf("module %.*s %.*s\n", (int)plugin->id.len, plugin->id.ptr, (int)plugin->version.len, plugin->version.ptr);
   for (i = 0; i < plugin->provider_count; ++i) {
      const belay_descriptor *about = plugin->descriptor(i);
      const belay_provider_api *api = plugin->api(i);
      if (about == NULL || !BELAY_HAS(about, belay_descriptor, model_stride) || api == NULL || !BELAY_HAS(api, belay_provider_api, get_extension))
         broke("a table is shorter than 1.0 says");
      printf("provider %.*s caps %u wires %u models %u\n", (int)about->type.len, about->type.ptr, about->caps, about->wire_count, about->model_count);
      drive(api);
   }
   if (plugin->descriptor(i) != NULL || plugin->api(i) != NULL) broke("it has more providers than it says");
   if (plugin->shutdown != NULL) plugin->shutdown();
   printf("driven\n");
   return 0;
}
