/* SPDX-License-Identifier: 0BSD
 *
 * refresh_credentials(): RFC 6749 section 6 by itself over belay.http/1 for oauth2; the host's belay.refresh/1 for the rest.
 */
#ifndef GOOD_RENEWAL_H
#define GOOD_RENEWAL_H

#include "belay/ext/http.h"
#include "belay/ext/refresh.h"
#include "chat.h"

#define TOKEN_REPLY_LIMIT (256u << 10)

/* What a form holds as it is (WHATWG URL 5.2); what may be part of a header. */
#ifndef FORM_PLAIN
#define FORM_PLAIN(c) \
   (((c) >= 'a' && (c) <= 'z') || ((c) >= 'A' && (c) <= 'Z') || ((c) >= '0' && (c) <= '9') || (c) == '-' || (c) == '.' || (c) == '_' || (c) == '~')
#endif
#ifndef FITS_HEADER
#define FITS_HEADER(token) is_printable(token)
#endif

typedef struct token_reply {
   int32_t status;
   int64_t retry_after_ms;
   buffer body;
   int too_large;
} token_reply;

GOOD int64_t seconds_of(belay_str text) {
   int64_t value = 0;
   uint64_t i;
   if (text.len == 0 || text.len > 8) return -1;
   for (i = 0; i < text.len; ++i) {
      if (text.ptr[i] < '0' || text.ptr[i] > '9') return -1;
      value = value * 10 + (text.ptr[i] - '0');
   }
   return value;
}

GOOD belay_status take_head(void *plugin, int32_t status, belay_fields headers) {
   token_reply *reply = plugin;
   const int64_t seconds = seconds_of(field_value(headers, "retry-after"));
   reply->status = status;
   reply->retry_after_ms = seconds < 0 ? -1 : seconds * 1000;
   return BELAY_OK;
}

GOOD belay_status take_body(void *plugin, belay_bytes piece) {
   token_reply *reply = plugin;
   reply->too_large = reply->too_large || reply->body.len + piece.len > TOKEN_REPLY_LIMIT;
   if (reply->too_large) return BELAY_STOP;
   return push(&reply->body, piece.ptr, (size_t)piece.len) ? BELAY_OK : BELAY_ERR_INTERNAL;
}

/* name=value in application/x-www-form-urlencoded; nothing where there is no value. */
GOOD int push_form(buffer *form, const char *name, belay_str value) {
   static const char hex[] = "0123456789ABCDEF";
   uint64_t i;
   int ok = 1;
   if (value.len == 0) return 1;
   if (form->len != 0) ok = push(form, "&", 1);
   ok = ok && push(form, name, strlen(name)) && push(form, "=", 1);
   for (i = 0; ok && i < value.len; ++i) {
      const unsigned char c = (unsigned char)value.ptr[i];
      const char escaped[3] = {'%', hex[c >> 4], hex[c & 15]};
      ok = FORM_PLAIN(c) ? push(form, &c, 1) : push(form, escaped, 3);
   }
   return ok;
}

GOOD belay_status ask_for_token(const belay_http *http, const belay_refresh_in *in, token_reply *reply, belay_error *error) {
   const belay_field headers[] = {{STATIC_TEXT("content-type"), STATIC_TEXT("application/x-www-form-urlencoded"), 0, 0},
                                  {STATIC_TEXT("accept"), STATIC_TEXT("application/json"), 0, 0}};
   const belay_http_reply to = {sizeof to, 0, reply, take_head, take_body};
   belay_http_request request = {sizeof request, BELAY_SECRET, STATIC_TEXT("POST"), {NULL, 0}, {headers, 2, sizeof(belay_field)}, {NULL, 0}};
   belay_status status = BELAY_ERR_INTERNAL;
   buffer form = {NULL, 0, 0};
   request.url = field_value(in->fields, "token_url");
   if (push_form(&form, "grant_type", TEXT("refresh_token")) && push_form(&form, "refresh_token", field_value(in->fields, "refresh_token")) &&
       push_form(&form, "client_id", field_value(in->fields, "client_id")) &&
       push_form(&form, "client_secret", field_value(in->fields, "client_secret")) && push_form(&form, "scope", field_value(in->fields, "scope"))) {
      request.body = (belay_bytes){(const uint8_t *)form.at, form.len};
      status = http->perform(in->ctx, &request, &to, error);
   }
   if (form.at != NULL) memset(form.at, 0, form.len);
   drop(&form);
   return status;
}

/* What a person reads; never the description, which may hold anything. */
GOOD belay_status refused(belay_refresh_out *out, uint32_t outcome, belay_error *error, const char *sentence) {
   out->outcome = outcome;
   return fail(error, BELAY_OK, sentence);
}

GOOD belay_status on_token_error(belay_str code, belay_refresh_out *out, belay_error *error) {
   if (IS(code, "interaction_required") || IS(code, "login_required") || IS(code, "consent_required"))
      return refused(out, BELAY_NEEDS_INTERACTION, error, "the token endpoint wants a person to log in");
   if (IS(code, "temporarily_unavailable") || IS(code, "server_error") || IS(code, "slow_down"))
      return refused(out, BELAY_FAILED_TRANSIENT, error, "the token endpoint cannot answer now");
   return refused(out, BELAY_FAILED_PERMANENT, error, "the token endpoint refused the login for good");
}

GOOD int is_usable(belay_str token) { return token.len != 0 && FITS_HEADER(token); }

GOOD belay_status emit_tokens(const reading *r, belay_refresh_out *out, const belay_field_sink *sink, belay_error *error) {
   const belay_str access = string_at(r, NULL, TEXT("/access_token"));
   const belay_json_value next = at(r, NULL, TEXT("/refresh_token")), lifetime = at(r, NULL, TEXT("/expires_in"));
   const int rotated = next.type != BELAY_JSON_ABSENT && next.type != BELAY_JSON_NULL;
   const int64_t seconds = lifetime.type == BELAY_JSON_STRING ? seconds_of(lifetime.string) : lifetime.integer;
   if (!is_usable(access) || (rotated && (next.type != BELAY_JSON_STRING || !is_usable(next.string))))
      return refused(out, BELAY_FAILED_TRANSIENT, error, "the token endpoint answered without a usable token");
   if (sink->emit(sink->host, TEXT("secret"), access, BELAY_SECRET) != BELAY_OK ||
       (rotated && sink->emit(sink->host, TEXT("refresh_token"), next.string, BELAY_SECRET) != BELAY_OK))
      return refused(out, BELAY_FAILED_TRANSIENT, error, "the host did not take the new tokens");
   if (seconds > 0) out->expires_unix_ms = host->unix_ms() + (seconds < 315360000 ? seconds : 315360000) * 1000;
   out->outcome = BELAY_REFRESHED;
   return BELAY_OK;
}

GOOD belay_status read_token_reply(const token_reply *reply, belay_refresh_out *out, const belay_field_sink *sink, belay_error *error) {
   reading r = {NULL, service(TEXT(BELAY_JSON_ID)), NULL};
   belay_json_doc *doc = NULL;
   belay_status status;
   belay_json_value code;
   out->retry_after_ms = reply->retry_after_ms;
   if (reply->too_large || (reply->status >= 300 && reply->status < 400) || reply->status >= 500 || reply->status == 429 || reply->status == 408)
      return refused(out, BELAY_FAILED_TRANSIENT, error, "the token endpoint does not answer as one");
   if (r.json != NULL) doc = r.json->parse(text_of(&reply->body), NULL);
   if (doc == NULL) return refused(out, BELAY_FAILED_TRANSIENT, error, "the token endpoint answered with something that is no JSON");
   r.doc = doc;
   code = at(&r, NULL, TEXT("/error"));
   if (code.type == BELAY_JSON_OBJECT) code = at(&r, &code, TEXT("/code"));
   if (code.type == BELAY_JSON_STRING) {
      status = on_token_error(code.string, out, error);
   } else if (reply->status == 200) {
      status = emit_tokens(&r, out, sink, error);
   } else {
      status = refused(out, BELAY_FAILED_TRANSIENT, error, "the token endpoint refused without saying why");
   }
   r.json->release(doc);
   return status;
}

GOOD belay_status renew_login(const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink, belay_error *error) {
   const belay_http *http = service(TEXT(BELAY_HTTP_ID));
   token_reply reply;
   belay_status status;
   memset(&reply, 0, sizeof reply);
   reply.retry_after_ms = -1;
   if (http == NULL || service(TEXT(BELAY_JSON_ID)) == NULL)
      return refused(out, BELAY_FAILED_TRANSIENT, error, "this host lacks belay.http/1 or belay.json/1");
   if (field_value(in->fields, "refresh_token").len == 0)
      return refused(out, BELAY_NEEDS_INTERACTION, error, "there is no refresh token; a person must log in");
   status = ask_for_token(http, in, &reply, error);
   if (status == BELAY_ERR_CANCELLED) {
      out->outcome = BELAY_REFRESH_CANCELLED;
   } else if (status != BELAY_OK) {
      out->outcome = BELAY_FAILED_TRANSIENT; /* with the host's text */
   } else {
      fail(error, BELAY_OK, "");
      read_token_reply(&reply, out, sink, error);
   }
   if (reply.body.at != NULL) memset(reply.body.at, 0, reply.body.len);
   drop(&reply.body);
   return BELAY_OK;
}

GOOD belay_status good_refresh_credentials(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out, const belay_field_sink *sink,
                                           belay_error *error) {
   const belay_refresh *generic = service(TEXT(BELAY_REFRESH_ID));
   (void)instance;
   if (IS(in->type, "oauth2")) return renew_login(in, out, sink, error);
   if (generic != NULL) return generic->refresh(in, out, sink, error);
   out->outcome = BELAY_NOT_APPLICABLE;
   return BELAY_OK;
}

#endif
