/* SPDX-License-Identifier: 0BSD
 *
 * A provider in C: an upstream that speaks OpenAI's Chat Completions, streamed or not. Rename acme, and change what is different at yours.
 */
#include "acme.h"

#include <stdlib.h>
#include <string.h>

#include "belay/ext/json.h"
#include "belay/ext/refresh.h"

static const belay_host *host; /* the first one of the process */

typedef struct acme {
   buffer url;
} acme;

typedef struct exchange {
   const acme *provider;
   const belay_credential *credential;
   reply reply;
} exchange;

/* Writes a sentence where the host wants to have it. */
static belay_status fail(belay_error *error, belay_status status, const char *sentence) {
   if (error != NULL && error->text.ptr != NULL) {
      size_t len = strlen(sentence);
      error->text.len = len < error->text.cap ? (uint32_t)len : error->text.cap;
      memcpy(error->text.ptr, sentence, error->text.len);
   }
   return status;
}

static belay_status create(const belay_config *config, belay_instance **out, belay_error *error) {
   acme *provider;
   if (config->base_url.len == 0) return fail(error, BELAY_ERR_CONFIG, "base_url is missing; right would be \"https://api.acme.example/v1\"");
   provider = calloc(1, sizeof *provider);
   if (provider == NULL || !push(&provider->url, config->base_url.ptr, config->base_url.len) || !push(&provider->url, "/chat/completions", 17)) {
      if (provider != NULL) free(provider->url.at);
      free(provider);
      return fail(error, BELAY_ERR_INTERNAL, "out of memory");
   }
   *out = (belay_instance *)provider;
   return BELAY_OK;
}

static void destroy(belay_instance *instance) {
   acme *provider = (acme *)instance;
   free(provider->url.at);
   free(provider);
}

static belay_status begin(belay_instance *instance, const belay_request *request, const belay_credential *credential, belay_exchange **out,
                          belay_error *error) {
   exchange *x;
   if (!IS(request->operation, "chat")) return fail(error, BELAY_ERR_UNSUPPORTED, "acme answers chat only");
   if (!IS(request->wire, "openai.chat/1")) return fail(error, BELAY_ERR_UNSUPPORTED, "acme takes openai.chat/1 only");
   x = calloc(1, sizeof *x);
   if (x == NULL) return fail(error, BELAY_ERR_INTERNAL, "out of memory");
   x->provider = (const acme *)instance;
   x->credential = credential;
   x->reply.streamed = (request->flags & BELAY_REQUEST_STREAM) != 0;
   *out = (belay_exchange *)x;
   return BELAY_OK;
}

static void end(belay_exchange *handle) {
   exchange *x = (exchange *)handle;
   reply_free(&x->reply);
   free(x);
}

/* A line end in a secret (of a key file, say) would begin another header. */
static int has_control(belay_str text) {
   uint64_t i;
   for (i = 0; i < text.len; ++i) {
      const unsigned char c = (unsigned char)text.ptr[i];
      if ((c < 0x20 && c != '\t') || c == 0x7f) return 1;
   }
   return 0;
}

/* "Bearer " and the credential's field "secret". */
static belay_status write_secret(const belay_credential *credential, const belay_http_writer *writer, belay_error *error) {
   const char *field = (const char *)credential->fields.at;
   uint32_t i;
   for (i = 0; i < credential->fields.count; ++i, field += credential->fields.stride) {
      const belay_field *candidate = (const belay_field *)(const void *)field;
      if (IS(candidate->name, "secret")) {
         buffer value = {NULL, 0, 0};
         belay_status status = BELAY_ERR_INTERNAL;
         if (has_control(candidate->value)) return fail(error, BELAY_ERR_CREDENTIAL, "the header authorization would have a control character in it");
         if (push(&value, "Bearer ", 7) && push(&value, candidate->value.ptr, candidate->value.len)) {
            status = writer->header(writer->host, TEXT("authorization"), (belay_str){value.at, value.len}, BELAY_SECRET);
         }
         if (value.at != NULL) memset(value.at, 0, value.len);
         free(value.at);
         return status;
      }
   }
   return fail(error, BELAY_ERR_CREDENTIAL, "the credential has no field \"secret\"");
}

static belay_status build_request(belay_exchange *handle, const belay_http_writer *writer, belay_error *error) {
   const exchange *x = (const exchange *)handle;
   belay_status status = writer->line(writer->host, TEXT("POST"), (belay_str){x->provider->url.at, x->provider->url.len});
   if (status == BELAY_OK) status = writer->header(writer->host, TEXT("content-type"), TEXT("application/json"), 0);
   if (status == BELAY_OK && x->credential != NULL) status = write_secret(x->credential, writer, error);
   return status == BELAY_OK ? writer->body_as_given(writer->host) : status;
}

static belay_status on_response_head(belay_exchange *handle, const belay_head *head, const belay_sink *sink, belay_error *error) {
   (void)sink;
   (void)error;
   ((exchange *)handle)->reply.status = head->status;
   return BELAY_OK;
}

static belay_status on_body_chunk(belay_exchange *handle, belay_bytes piece, const belay_sink *sink, belay_error *error) {
   const belay_status status = reply_chunk(&((exchange *)handle)->reply, piece, sink);
   return status == BELAY_ERR_PROTOCOL ? fail(error, status, "the reply or one of its events is too large") : status;
}

static belay_status finish(belay_exchange *handle, uint32_t how, const belay_sink *sink, belay_error *error) {
   (void)error;
   return reply_finish(&((exchange *)handle)->reply, how, sink);
}

static void copy_text(belay_text *to, belay_str from) {
   size_t len = from.len < to->cap ? from.len : to->cap;
   while (len < from.len && len > 0 && ((unsigned char)from.ptr[len] & 0xC0) == 0x80) --len; /* cut on a character */
   if (len != 0) memcpy(to->ptr, from.ptr, len);
   to->len = (uint32_t)len;
}

/* Says what only this upstream's words mean; what stays UNKNOWN is read by the host, which knows statuses and OpenAI's words. */
static belay_status classify_error(belay_instance *instance, const belay_failure *failure, belay_classification *out) {
   const belay_json *json = host->get_extension(TEXT(BELAY_JSON_ID));
   belay_json_value code = {.size = sizeof code}, message = code;
   belay_json_doc *body;
   (void)instance;
   if (json == NULL) return BELAY_OK;
   body = json->parse((belay_str){(const char *)failure->body.ptr, failure->body.len}, NULL);
   if (body == NULL) return BELAY_OK;
   json->get(body, NULL, TEXT("/error/code"), &code);
   json->get(body, NULL, TEXT("/error/message"), &message);
   if (code.type == BELAY_JSON_STRING && IS(code.string, "acme_out_of_credits")) out->reason = BELAY_REASON_QUOTA_EXHAUSTED;
   if (message.type == BELAY_JSON_STRING) copy_text(&out->message, message.string);
   json->release(body);
   return BELAY_OK;
}

static belay_status refresh_credentials(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink,
                                        belay_error *error) {
   const belay_refresh *refresh = host->get_extension(TEXT(BELAY_REFRESH_ID));
   (void)instance;
   if (refresh != NULL) return refresh->refresh(in, out, sink, error);
   out->outcome = BELAY_NOT_APPLICABLE;
   return BELAY_OK;
}

/* C99 has no constant belay_str from a macro in static storage without braces, hence TEXT's parts here. */
#define STATIC_TEXT(literal) {literal, sizeof(literal) - 1}
static const belay_str operations[] = {STATIC_TEXT("chat")};
static const belay_str wires[] = {STATIC_TEXT("openai.chat/1")};
static const belay_str credential_types[] = {STATIC_TEXT("api_key"), STATIC_TEXT("oauth2"), STATIC_TEXT("exec")};

static const belay_descriptor about = {
   .size = sizeof(belay_descriptor),
   .caps = BELAY_CAP_STREAM | BELAY_CAP_TOOLS | BELAY_CAP_KEYLESS,
   .type = STATIC_TEXT("acme"),
   .name = STATIC_TEXT("Acme"),
   .vendor = STATIC_TEXT("Example"),
   .version = STATIC_TEXT(BELAY_MODULE_VERSION),
   .license = STATIC_TEXT("0BSD"),
   .operations = operations,
   .wires = wires,
   .credential_types = credential_types,
   .operation_count = 1,
   .wire_count = 1,
   .credential_type_count = 3,
};

static const belay_provider_api api = {
   .size = sizeof(belay_provider_api),
   .create = create,
   .destroy = destroy,
   .begin = begin,
   .build_request = build_request,
   .on_response_head = on_response_head,
   .on_body_chunk = on_body_chunk,
   .finish = finish,
   .end = end,
   .classify_error = classify_error,
   .refresh_credentials = refresh_credentials,
};

static const belay_descriptor *descriptor_at(uint32_t index) { return index == 0 ? &about : NULL; }
static const belay_provider_api *api_at(uint32_t index) { return index == 0 ? &api : NULL; }

static const belay_plugin plugin = {
   .size = sizeof(belay_plugin),
   .abi_major = BELAY_ABI_MAJOR,
   .abi_minor = BELAY_ABI_MINOR,
   .min_host_minor = BELAY_MIN_HOST_MINOR,
   .flags = BELAY_ABI_DRAFT != 0 ? BELAY_PLUGIN_DRAFT : 0,
   .provider_count = 1,
   .id = STATIC_TEXT(BELAY_MODULE_ID),
   .version = STATIC_TEXT(BELAY_MODULE_VERSION),
   .hash = STATIC_TEXT(BELAY_ABI_HASH),
   .descriptor = descriptor_at,
   .api = api_at,
};

belay_status belay_plugin_entry_v1(const belay_hello *hello, const belay_plugin **out, belay_error *error) {
   if (hello->abi_major != BELAY_ABI_MAJOR) return fail(error, BELAY_ERR_UNSUPPORTED, "this plugin speaks belay ABI 1.0");
   if (host == NULL) host = hello->host;
   *out = &plugin;
   return BELAY_OK;
}
