/* SPDX-License-Identifier: 0BSD
 *
 * The layout of 1.0 on LP64, asserted: a compiler flag that changes it fails in the author's build with a sentence.
 */
#ifndef BELAY_LAYOUT_H
#define BELAY_LAYOUT_H

#include "belay/entry.h"

#if defined(__cplusplus)
#define BELAY_LAYOUT(type, bytes) static_assert(sizeof(type) == (bytes), "belay ABI: " #type " must have " #bytes " bytes; which compiler flag changed that?")
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define BELAY_LAYOUT(type, bytes) _Static_assert(sizeof(type) == (bytes), "belay ABI: " #type " must have " #bytes " bytes; which compiler flag changed that?")
#else
#define BELAY_LAYOUT(type, bytes) typedef char belay_layout_of_##type[sizeof(type) == (bytes) ? 1 : -1]
#endif

BELAY_LAYOUT(belay_str, 16);
BELAY_LAYOUT(belay_bytes, 16);
BELAY_LAYOUT(belay_text, 16);
BELAY_LAYOUT(belay_error, 24);
BELAY_LAYOUT(belay_field, 40);
BELAY_LAYOUT(belay_fields, 16);
BELAY_LAYOUT(belay_field_sink, 24);
BELAY_LAYOUT(belay_byte_sink, 24);
BELAY_LAYOUT(belay_usage, 56);
BELAY_LAYOUT(belay_event, 72);
BELAY_LAYOUT(belay_sink, 24);
BELAY_LAYOUT(belay_member, 32);
BELAY_LAYOUT(belay_request, 128);
BELAY_LAYOUT(belay_credential, 72);
BELAY_LAYOUT(belay_http_writer, 48);
BELAY_LAYOUT(belay_head, 24);
BELAY_LAYOUT(belay_failure, 112);
BELAY_LAYOUT(belay_classification, 88);
BELAY_LAYOUT(belay_refresh_in, 112);
BELAY_LAYOUT(belay_refresh_out, 40);
BELAY_LAYOUT(belay_host, 96);
BELAY_LAYOUT(belay_model, 40);
BELAY_LAYOUT(belay_descriptor, 192);
BELAY_LAYOUT(belay_config, 80);
BELAY_LAYOUT(belay_provider_api, 96);
BELAY_LAYOUT(belay_hello, 24);
BELAY_LAYOUT(belay_plugin, 96);

#endif
