/* SPDX-License-Identifier: 0BSD
 *
 * The functions of the provider's table that are not in failures.h and renewal.h.
 */
#ifndef GOOD_SLOTS_H
#define GOOD_SLOTS_H

#include "reply.h"
#include "request.h"

/* http or https, a host, and nothing that is not of a URL. */
GOOD int is_base_url(belay_str url) {
   uint64_t i, scheme = 0;
   if (url.len > 8 && memcmp(url.ptr, "https://", 8) == 0) scheme = 8;
   if (url.len > 7 && memcmp(url.ptr, "http://", 7) == 0) scheme = 7;
   if (scheme == 0 || url.ptr[scheme] == '/' || url.ptr[scheme] == ':') return 0;
   for (i = 0; i < url.len; ++i) {
      if ((unsigned char)url.ptr[i] <= 0x20 || (unsigned char)url.ptr[i] >= 0x7F || strchr("\"<>\\^`{|}?#@", url.ptr[i]) != NULL) return 0;
   }
   return 1;
}

/* The option "path", or what it is by default; ptr NULL: it makes no sense. */
GOOD belay_str path_of(const reading *r) {
   const belay_json_value path = at(r, NULL, TEXT("/path"));
   uint64_t i;
   if (path.type == BELAY_JSON_ABSENT) return TEXT("/chat/completions");
   if (path.type != BELAY_JSON_STRING || path.string.len == 0 || path.string.ptr[0] != '/') return (belay_str){NULL, 0};
   for (i = 0; i < path.string.len; ++i) {
      if ((unsigned char)path.string.ptr[i] <= 0x20 || (unsigned char)path.string.ptr[i] >= 0x7F || strchr("\"<>\\^`{|}?#", path.string.ptr[i]) != NULL)
         return (belay_str){NULL, 0};
   }
   return path.string;
}

GOOD belay_status make_account(const belay_config *config, belay_str path, belay_instance **out, belay_error *error) {
   account *one = calloc(1, sizeof *one);
   if (one == NULL || !push_text(&one->url, config->base_url) || !push_text(&one->url, path)) {
      if (one != NULL) drop(&one->url);
      free(one);
      return fail(error, BELAY_ERR_INTERNAL, "out of memory");
   }
   *out = (belay_instance *)one;
   return BELAY_OK;
}

GOOD belay_status good_create(const belay_config *config, belay_instance **out, belay_error *error) {
   reading r = {NULL, service(TEXT(BELAY_JSON_ID)), NULL};
   belay_json_doc *doc;
   belay_str path;
   belay_status status;
   if (!is_base_url(config->base_url)) return fail(error, BELAY_ERR_CONFIG, "base_url is missing or none; right would be \"https://api.good.example/v1\"");
   if (r.json == NULL) return fail(error, BELAY_ERR_UNSUPPORTED, "this provider needs a host with belay.json/1");
   doc = r.json->parse(config->options, NULL);
   if (doc == NULL) return fail(error, BELAY_ERR_CONFIG, "options is no JSON object");
   r.doc = doc;
   path = path_of(&r);
   status = path.ptr == NULL ? fail(error, BELAY_ERR_CONFIG, "options.path is no path; right would be \"/chat/completions\"") : make_account(config, path, out, error);
   r.json->release(doc);
   return status;
}

GOOD void good_destroy(belay_instance *instance) {
   account *one = (account *)instance;
   drop(&one->url);
   free(one);
}

/* Raw is what it came as; of a canonical body a member that must not be ignored must be known. */
GOOD const char *not_supported(const belay_request *request) {
   uint32_t i;
   if (!IS(request->operation, "chat")) return "this provider does chat alone";
   if (request->wire.len != 0) return IS(request->wire, "openai.chat/1") ? NULL : "this provider takes openai.chat/1 and canonical requests";
   if (service(TEXT(BELAY_JSON_ID)) == NULL) return "canonical requests need a host with belay.json/1";
   for (i = 0; i < request->required_count; ++i) {
      if (!is_known_member(request->required[i])) return "a member of the request that must not be ignored is not known here";
   }
   return NULL;
}

GOOD belay_status good_begin(belay_instance *instance, const belay_request *request, const belay_credential *credential, belay_exchange **out,
                             belay_error *error) {
   const char *why = not_supported(request);
   exchange *x;
   if (why != NULL) return fail(error, BELAY_ERR_UNSUPPORTED, why);
   if (credential != NULL && field_value(credential->fields, "secret").len == 0)
      return fail(error, BELAY_ERR_CREDENTIAL, "the credential has no field \"secret\"");
   x = calloc(1, sizeof *x);
   if (x == NULL) return fail(error, BELAY_ERR_INTERNAL, "out of memory");
   x->owner = (const account *)instance;
   x->request = request;
   x->credential = credential;
   x->raw = request->wire.len != 0;
   x->usage.size = sizeof x->usage;
   x->usage.prompt = x->usage.completion = x->usage.cached = x->usage.cache_write = x->usage.reasoning = x->usage.audio = -1;
   *out = (belay_exchange *)x;
   return BELAY_OK;
}

GOOD belay_status good_build_request(belay_exchange *handle, const belay_http_writer *writer, belay_error *error) {
   const exchange *x = self(handle);
   belay_status status = write_line(x, writer);
   if (status == BELAY_OK) status = writer->header(writer->host, TEXT("content-type"), TEXT("application/json"), 0);
   if (status == BELAY_OK && x->credential != NULL) status = write_secret(x, writer, error);
   return status == BELAY_OK ? write_body(x, writer) : status;
}

GOOD belay_status good_on_response_head(belay_exchange *handle, const belay_head *head, const belay_sink *sink, belay_error *error) {
   exchange *x = self(handle);
   (void)sink;
   (void)error;
   x->status = head->status;
   x->declared_events = is_event_stream(field_value(head->headers, "content-type"));
   return BELAY_OK;
}

GOOD belay_status good_on_body_chunk(belay_exchange *handle, belay_bytes piece, const belay_sink *sink, belay_error *error) {
   const belay_status status = reply_chunk(self(handle), piece, sink);
   if (status == BELAY_ERR_PROTOCOL) return fail(error, status, "the reply or one of its events is too large");
   return status < 0 ? fail(error, status, "out of memory") : status;
}

GOOD belay_status good_finish(belay_exchange *handle, uint32_t how, const belay_sink *sink, belay_error *error) {
   const belay_status status = reply_finish(self(handle), how, sink);
   return status < 0 ? fail(error, status, "out of memory") : status;
}

GOOD void good_end(belay_exchange *handle) {
   reply_free(self(handle));
   free(handle);
}

#endif
