/* SPDX-License-Identifier: 0BSD
 *
 * A provider: what it is (descriptor) and what it does (api).
 *
 *     create ─┬─ begin ── build_request ── on_response_head ── on_body_chunk* ── finish ── end      one exchange; end() may come at any point
 *             ├─ begin ── belay.transport/1 run ── end                                              one exchange of a plugin with its own transport
 *             ├─ classify_error        (a reply that was not 2xx skips from build_request to finish(FAILED), end and this)
 *             ├─ refresh_credentials
 *             └─ destroy
 */
#ifndef BELAY_PROVIDER_H
#define BELAY_PROVIDER_H

#include "belay/event.h"
#include "belay/failure.h"
#include "belay/host.h"
#include "belay/refresh.h"
#include "belay/request.h"
#include "belay/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* belay_descriptor.caps */
#define BELAY_CAP_STREAM (1u << 0)
#define BELAY_CAP_TOOLS (1u << 1)
#define BELAY_CAP_VISION (1u << 2)
#define BELAY_CAP_JSON_SCHEMA (1u << 3)
#define BELAY_CAP_REASONING (1u << 4)
#define BELAY_CAP_EMBEDDINGS (1u << 5)
#define BELAY_CAP_MODELS (1u << 6)
#define BELAY_CAP_KEYLESS (1u << 7)       /* works without a credential */
#define BELAY_CAP_OWN_TRANSPORT (1u << 8) /* has belay.transport/1 and no HTTP slots */
#define BELAY_CAP_OWN_THREADS (1u << 9)

/* One model with what it can do, where the plugin knows; configuration may say otherwise. */
typedef struct belay_model {
   belay_str id;
   int64_t context;   /* tokens; -1: not known */
   int64_t max_output; /* tokens; -1: not known */
   uint32_t caps;     /* BELAY_CAP_... of this model */
   uint32_t reserved;
} belay_model;

/* `static`. All texts are set unless said otherwise. */
typedef struct belay_descriptor {
   uint32_t size;
   uint32_t caps;
   belay_str type;             /* provider type: "openai"; [a-z][a-z0-9-]*, also the file's name */
   belay_str name;             /* for people: "OpenAI-compatible" */
   belay_str vendor;
   belay_str version;          /* semantic version of the provider */
   belay_str license;          /* SPDX expression */
   belay_str homepage;         /* may be empty */
   belay_str config_schema;    /* JSON Schema draft-04 of [provider.NAME.options]; may be empty: no options */
   belay_str default_base_url; /* may be empty */
   const belay_str *operations; /* "chat", "embeddings", "models" */
   const belay_str *wires;     /* that it takes as they are: "openai.chat/1"; may be none */
   const belay_str *credential_types; /* "api_key", "oauth2", "exec", or its own */
   uint32_t operation_count;
   uint32_t wire_count;
   uint32_t credential_type_count;
   uint32_t model_count;
   const belay_model *models;
   uint32_t model_stride;      /* P5 */
   uint32_t reserved;
} belay_descriptor;

/* What create() gets. `borrowed`. */
typedef struct belay_config {
   uint32_t size;
   uint32_t flags;
   belay_ctx *ctx;             /* for host services as long as the instance lives */
   belay_str name;             /* [provider.NAME] */
   belay_str base_url;         /* without a trailing slash; empty: none configured */
   belay_str options;          /* JSON object, already valid against config_schema */
   belay_str model;            /* default model; may be empty */
} belay_config;

/* finish()'s argument. Treat an unknown one like FAILED. */
#define BELAY_FINISH_COMPLETE 1u   /* the reply came whole */
#define BELAY_FINISH_TRUNCATED 2u  /* the connection ended before the reply did */
#define BELAY_FINISH_CANCELLED 3u
#define BELAY_FINISH_TIMEOUT 4u
#define BELAY_FINISH_FAILED 5u     /* there was no 2xx reply */

/* `static`. Slots up to refresh_credentials are never NULL, except that a plugin with its own transport has NULL in the four HTTP slots
 * (build_request, on_response_head, on_body_chunk, finish). */
typedef struct belay_provider_api {
   uint32_t size;
   uint32_t flags;

   /* Makes an instance from its configuration. No I/O.
    * Returns OK and sets *out, or BELAY_ERR_CONFIG with a text that names the key; *out is then untouched. [control] */
   belay_status (*create)(const belay_config *config, belay_instance **out, belay_error *error);

   /* Ends an instance; all its exchanges have ended, no refresh runs. [control] */
   void (*destroy)(belay_instance *instance);

   /* Starts an exchange. `request` and `credential` are `borrowed` until end(); nothing else is.
    * Returns OK and sets *out, or UNSUPPORTED, CREDENTIAL, INTERNAL; there is no end() then. [exchange] */
   belay_status (*begin)(belay_instance *instance, const belay_request *request, const belay_credential *credential, belay_exchange **out,
                         belay_error *error);

   /* Writes the HTTP request. Called once. The same input gives the same bytes. Returns OK, what a writer refused with, or UNSUPPORTED,
    * CREDENTIAL, INTERNAL with a text: nothing is sent then. [exchange & begun] */
   belay_status (*build_request)(belay_exchange *exchange, const belay_http_writer *writer, belay_error *error);

   /* The head of a 2xx reply. Returns OK or STOP; an error ends the exchange as an invalid reply. [exchange & built] */
   belay_status (*on_response_head)(belay_exchange *exchange, const belay_head *head, const belay_sink *sink, belay_error *error);

   /* The next piece of its body, at most 16 KiB, cut anywhere, even inside a character; `borrowed`. The host waits between pieces where the
    * caller is slow. Returns OK; STOP after the sink said so; an error ends the exchange as an invalid reply. [exchange & head-seen] */
   belay_status (*on_body_chunk)(belay_exchange *exchange, belay_bytes piece, const belay_sink *sink, belay_error *error);

   /* No more comes: `how` is BELAY_FINISH_.... Emits what is still held back; a reply that stopped in the middle is an ERROR event, never
    * a STOP (one whose end was seen already is whole). FAILED: emits nothing. Called at most once. [exchange & built] */
   belay_status (*finish)(belay_exchange *exchange, uint32_t how, const belay_sink *sink, belay_error *error);

   /* Frees the exchange. At any point after begin(); always called. [exchange] */
   void (*end)(belay_exchange *exchange);

   /* Says what a failure means. Pure. `out` is filled in with defaults; leave what is not known.
    * Returns OK; any error leaves the failure to the host's table. [any] */
   belay_status (*classify_error)(belay_instance *instance, const belay_failure *failure, belay_classification *out);

   /* Gets a fresh secret for one credential: see belay/refresh.h. Emits the fields that changed, BELAY_SECRET where they are secrets.
    * Always there: a provider with nothing special to do calls the host's belay.refresh/1 (one line with the SDK).
    * Returns OK with out->outcome set; any error counts as FAILED_TRANSIENT with its text. [refresh] */
   belay_status (*refresh_credentials)(belay_instance *instance, const belay_refresh_in *in, belay_refresh_out *out,
                                       const belay_field_sink *sink, belay_error *error);

   /* An ability of the plugin by id ("belay.transport/1"), `static`; NULL when it lacks it. May be NULL itself. [any] */
   const void *(*get_extension)(belay_str id);
} belay_provider_api;

#ifdef __cplusplus
}
#endif

#endif
