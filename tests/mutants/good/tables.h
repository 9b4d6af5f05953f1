/* SPDX-License-Identifier: 0BSD
 *
 * The tables, the export and the note. Everything in them is a macro that a mutant may define before it includes this.
 */
#ifndef GOOD_TABLES_H
#define GOOD_TABLES_H

#include "failures.h"
#include "renewal.h"
#include "slots.h"

/* ---- the provider's table */
#ifndef CREATE
#define CREATE good_create
#endif
#ifndef DESTROY
#define DESTROY good_destroy
#endif
#ifndef BEGIN
#define BEGIN good_begin
#endif
#ifndef BUILD_REQUEST
#define BUILD_REQUEST good_build_request
#endif
#ifndef ON_RESPONSE_HEAD
#define ON_RESPONSE_HEAD good_on_response_head
#endif
#ifndef ON_BODY_CHUNK
#define ON_BODY_CHUNK good_on_body_chunk
#endif
#ifndef FINISH
#define FINISH good_finish
#endif
#ifndef END
#define END good_end
#endif
#ifndef CLASSIFY_ERROR
#define CLASSIFY_ERROR good_classify_error
#endif
#ifndef REFRESH_CREDENTIALS
#define REFRESH_CREDENTIALS good_refresh_credentials
#endif
#ifndef GET_EXTENSION
#define GET_EXTENSION NULL
#endif

/* ---- the descriptor */
#ifndef MODULE_ID
#define MODULE_ID "dev.belay.mutant"
#endif
#ifndef MODULE_VERSION
#define MODULE_VERSION "1.0.0"
#endif
#ifndef CAPS
#define CAPS (BELAY_CAP_STREAM | BELAY_CAP_TOOLS | BELAY_CAP_REASONING | BELAY_CAP_KEYLESS)
#endif
#ifndef TYPE
#define TYPE "mutant"
#endif
#ifndef NAME
#define NAME "Mutant"
#endif
#ifndef VENDOR
#define VENDOR "belay"
#endif
#ifndef VERSION
#define VERSION MODULE_VERSION
#endif
#ifndef SCHEMA
#define SCHEMA "{\"type\":\"object\",\"properties\":{\"path\":{\"type\":\"string\",\"pattern\":\"^/\",\"default\":\"/chat/completions\"}},\"additionalProperties\":false}"
#endif
#ifndef BASE_URL
#define BASE_URL "https://api.mutant.example/v1"
#endif
static const belay_str operations[] = {STATIC_TEXT("chat")};
static const belay_str wires[] = {STATIC_TEXT("openai.chat/1")};
static const belay_str credential_types[] = {STATIC_TEXT("api_key"), STATIC_TEXT("oauth2"), STATIC_TEXT("exec")};
#ifndef MODELS
#define MODELS models
static const belay_model models[] = {{STATIC_TEXT("m1"), 128000, 4096, BELAY_CAP_STREAM | BELAY_CAP_TOOLS, 0}, {STATIC_TEXT("m2"), -1, -1, BELAY_CAP_STREAM, 0}};
#endif
#ifndef MODEL_STRIDE
#define MODEL_STRIDE sizeof(belay_model)
#endif
#ifndef ABOUT_CONST
#define ABOUT_CONST const
#endif

static ABOUT_CONST belay_descriptor about = {
   .size = sizeof(belay_descriptor),
   .caps = CAPS,
   .type = STATIC_TEXT(TYPE),
   .name = STATIC_TEXT(NAME),
   .vendor = STATIC_TEXT(VENDOR),
   .version = STATIC_TEXT(VERSION),
   .license = STATIC_TEXT("0BSD"),
   .config_schema = STATIC_TEXT(SCHEMA),
   .default_base_url = STATIC_TEXT(BASE_URL),
   .operations = operations,
   .wires = wires,
   .credential_types = credential_types,
   .operation_count = 1,
   .wire_count = 1,
   .credential_type_count = 3,
   .model_count = 2,
   .models = MODELS,
   .model_stride = MODEL_STRIDE,
};

static const belay_provider_api api = {
   .size = sizeof(belay_provider_api),
   .create = CREATE,
   .destroy = DESTROY,
   .begin = BEGIN,
   .build_request = BUILD_REQUEST,
   .on_response_head = ON_RESPONSE_HEAD,
   .on_body_chunk = ON_BODY_CHUNK,
   .finish = FINISH,
   .end = END,
   .classify_error = CLASSIFY_ERROR,
   .refresh_credentials = REFRESH_CREDENTIALS,
   .get_extension = GET_EXTENSION,
};

/* ---- the module */
GOOD const belay_descriptor *good_descriptor_at(uint32_t index) { return index == 0 ? &about : NULL; }
GOOD const belay_provider_api *good_api_at(uint32_t index) { return index == 0 ? &api : NULL; }

#ifndef DESCRIPTOR_AT
#define DESCRIPTOR_AT good_descriptor_at
#endif
#ifndef API_AT
#define API_AT good_api_at
#endif
#ifndef PROVIDER_COUNT
#define PROVIDER_COUNT 1
#endif
#ifndef SHUTDOWN
#define SHUTDOWN NULL
#endif

static const belay_plugin plugin = {
   .size = sizeof(belay_plugin),
   .abi_major = BELAY_ABI_MAJOR,
   .abi_minor = BELAY_ABI_MINOR,
   .flags = BELAY_ABI_DRAFT != 0 ? BELAY_PLUGIN_DRAFT : 0,
   .provider_count = PROVIDER_COUNT,
   .id = STATIC_TEXT(MODULE_ID),
   .version = STATIC_TEXT(MODULE_VERSION),
   .hash = STATIC_TEXT(BELAY_ABI_HASH),
   .descriptor = DESCRIPTOR_AT,
   .api = API_AT,
   .shutdown = SHUTDOWN,
};

GOOD belay_status good_entry(const belay_hello *hello, const belay_plugin **out, belay_error *error) {
   if (hello->abi_major != BELAY_ABI_MAJOR) return fail(error, BELAY_ERR_UNSUPPORTED, "this plugin speaks belay ABI 1.0");
   if (host == NULL) host = hello->host;
   *out = &plugin;
   return BELAY_OK;
}

/* A mutant with an entry of its own defines OWN_ENTRY, and belay_plugin_entry_v1 after this. */
#ifndef OWN_ENTRY
belay_status belay_plugin_entry_v1(const belay_hello *hello, const belay_plugin **out, belay_error *error) { return good_entry(hello, out, error); }
#endif

#ifndef NOTE
#define NOTE "{\"id\":\"" MODULE_ID "\",\"name\":\"Mutant\",\"version\":\"" MODULE_VERSION "\",\"vendor\":\"belay\",\"types\":[\"" TYPE "\"]}"
#endif
#ifndef OWN_NOTE
BELAY_NOTE(NOTE);
#endif

#endif
