/* SPDX-License-Identifier: 0BSD
 *
 * The layout of 1.0 on LP64, asserted: a compiler flag that changes it fails in the author's build with a sentence.
 * Made by sdk/cmake/abi-layout from the headers; there is nothing to read here.
 */
#ifndef BELAY_LAYOUT_H
#define BELAY_LAYOUT_H

#include "belay/entry.h"

#if defined(__cplusplus)
#define BELAY_ASSERT_(name, truth, sentence) static_assert(truth, sentence)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define BELAY_ASSERT_(name, truth, sentence) _Static_assert(truth, sentence)
#else
#define BELAY_ASSERT_(name, truth, sentence) typedef char belay_layout_of_##name[(truth) ? 1 : -1]
#endif
#define BELAY_SIZE(type, bytes) \
   BELAY_ASSERT_(type, sizeof(type) == (bytes), "belay ABI: " #type " must have " #bytes " bytes; which compiler flag changed that?")
#define BELAY_AT(type, field, bytes) \
   BELAY_ASSERT_(type##_##field, offsetof(type, field) == (bytes), "belay ABI: " #type "." #field " must stand at " #bytes "; which compiler flag moved it?")

BELAY_SIZE(belay_str, 16);
BELAY_AT(belay_str, ptr, 0); BELAY_AT(belay_str, len, 8);

BELAY_SIZE(belay_bytes, 16);
BELAY_AT(belay_bytes, ptr, 0); BELAY_AT(belay_bytes, len, 8);

BELAY_SIZE(belay_text, 16);
BELAY_AT(belay_text, ptr, 0); BELAY_AT(belay_text, cap, 8); BELAY_AT(belay_text, len, 12);

BELAY_SIZE(belay_error, 24);
BELAY_AT(belay_error, size, 0); BELAY_AT(belay_error, code, 4); BELAY_AT(belay_error, text, 8);

BELAY_SIZE(belay_field, 40);
BELAY_AT(belay_field, name, 0); BELAY_AT(belay_field, value, 16); BELAY_AT(belay_field, flags, 32); BELAY_AT(belay_field, reserved, 36);

BELAY_SIZE(belay_fields, 16);
BELAY_AT(belay_fields, at, 0); BELAY_AT(belay_fields, count, 8); BELAY_AT(belay_fields, stride, 12);

BELAY_SIZE(belay_field_sink, 24);
BELAY_AT(belay_field_sink, size, 0); BELAY_AT(belay_field_sink, flags, 4); BELAY_AT(belay_field_sink, host, 8);
BELAY_AT(belay_field_sink, emit, 16);

BELAY_SIZE(belay_byte_sink, 24);
BELAY_AT(belay_byte_sink, size, 0); BELAY_AT(belay_byte_sink, flags, 4); BELAY_AT(belay_byte_sink, host, 8);
BELAY_AT(belay_byte_sink, emit, 16);

BELAY_SIZE(belay_host, 96);
BELAY_AT(belay_host, size, 0); BELAY_AT(belay_host, abi_major, 4); BELAY_AT(belay_host, abi_minor, 8); BELAY_AT(belay_host, flags, 12);
BELAY_AT(belay_host, name, 16); BELAY_AT(belay_host, version, 32); BELAY_AT(belay_host, log, 48); BELAY_AT(belay_host, mono_ns, 56);
BELAY_AT(belay_host, unix_ms, 64); BELAY_AT(belay_host, cancelled, 72); BELAY_AT(belay_host, cancel_fd, 80);
BELAY_AT(belay_host, get_extension, 88);

BELAY_SIZE(belay_member, 32);
BELAY_AT(belay_member, name, 0); BELAY_AT(belay_member, value, 16);

BELAY_SIZE(belay_request, 128);
BELAY_AT(belay_request, size, 0); BELAY_AT(belay_request, flags, 4); BELAY_AT(belay_request, operation, 8);
BELAY_AT(belay_request, wire, 24); BELAY_AT(belay_request, canonical_version, 40); BELAY_AT(belay_request, member_count, 44);
BELAY_AT(belay_request, members, 48); BELAY_AT(belay_request, member_stride, 56); BELAY_AT(belay_request, required_count, 60);
BELAY_AT(belay_request, required, 64); BELAY_AT(belay_request, model, 72); BELAY_AT(belay_request, body, 88);
BELAY_AT(belay_request, request_id, 104); BELAY_AT(belay_request, deadline_ns, 120);

BELAY_SIZE(belay_credential, 72);
BELAY_AT(belay_credential, size, 0); BELAY_AT(belay_credential, flags, 4); BELAY_AT(belay_credential, id, 8);
BELAY_AT(belay_credential, type, 24); BELAY_AT(belay_credential, generation, 40); BELAY_AT(belay_credential, expires_unix_ms, 48);
BELAY_AT(belay_credential, fields, 56);

BELAY_SIZE(belay_http_writer, 48);
BELAY_AT(belay_http_writer, size, 0); BELAY_AT(belay_http_writer, flags, 4); BELAY_AT(belay_http_writer, host, 8);
BELAY_AT(belay_http_writer, line, 16); BELAY_AT(belay_http_writer, header, 24); BELAY_AT(belay_http_writer, body, 32);
BELAY_AT(belay_http_writer, body_as_given, 40);

BELAY_SIZE(belay_head, 24);
BELAY_AT(belay_head, size, 0); BELAY_AT(belay_head, status, 4); BELAY_AT(belay_head, headers, 8);

BELAY_SIZE(belay_usage, 56);
BELAY_AT(belay_usage, size, 0); BELAY_AT(belay_usage, flags, 4); BELAY_AT(belay_usage, prompt, 8); BELAY_AT(belay_usage, completion, 16);
BELAY_AT(belay_usage, cached, 24); BELAY_AT(belay_usage, cache_write, 32); BELAY_AT(belay_usage, reasoning, 40);
BELAY_AT(belay_usage, audio, 48);

BELAY_SIZE(belay_event, 72);
BELAY_AT(belay_event, size, 0); BELAY_AT(belay_event, type, 4); BELAY_AT(belay_event, flags, 8); BELAY_AT(belay_event, index, 12);
BELAY_AT(belay_event, a, 16); BELAY_AT(belay_event, b, 32); BELAY_AT(belay_event, num, 48); BELAY_AT(belay_event, usage, 56);
BELAY_AT(belay_event, failure, 64);

BELAY_SIZE(belay_sink, 24);
BELAY_AT(belay_sink, size, 0); BELAY_AT(belay_sink, flags, 4); BELAY_AT(belay_sink, host, 8); BELAY_AT(belay_sink, emit, 16);

BELAY_SIZE(belay_failure, 112);
BELAY_AT(belay_failure, size, 0); BELAY_AT(belay_failure, kind, 4); BELAY_AT(belay_failure, status, 8); BELAY_AT(belay_failure, flags, 12);
BELAY_AT(belay_failure, headers, 16); BELAY_AT(belay_failure, body, 32); BELAY_AT(belay_failure, code, 48);
BELAY_AT(belay_failure, type, 64); BELAY_AT(belay_failure, message, 80); BELAY_AT(belay_failure, parameter, 96);

BELAY_SIZE(belay_classification, 88);
BELAY_AT(belay_classification, size, 0); BELAY_AT(belay_classification, reason, 4); BELAY_AT(belay_classification, scope, 8);
BELAY_AT(belay_classification, flags, 12); BELAY_AT(belay_classification, retry_after_ms, 16);
BELAY_AT(belay_classification, reset_unix_ms, 24); BELAY_AT(belay_classification, affordable_tokens, 32);
BELAY_AT(belay_classification, message, 40); BELAY_AT(belay_classification, parameter, 56); BELAY_AT(belay_classification, rename, 72);

BELAY_SIZE(belay_refresh_in, 112);
BELAY_AT(belay_refresh_in, size, 0); BELAY_AT(belay_refresh_in, cause, 4); BELAY_AT(belay_refresh_in, ctx, 8);
BELAY_AT(belay_refresh_in, id, 16); BELAY_AT(belay_refresh_in, type, 32); BELAY_AT(belay_refresh_in, failed_generation, 48);
BELAY_AT(belay_refresh_in, fields, 56); BELAY_AT(belay_refresh_in, expires_unix_ms, 72); BELAY_AT(belay_refresh_in, failure, 80);
BELAY_AT(belay_refresh_in, deadline_ns, 88); BELAY_AT(belay_refresh_in, cancel, 96); BELAY_AT(belay_refresh_in, flags, 104);
BELAY_AT(belay_refresh_in, attempt, 108);

BELAY_SIZE(belay_refresh_out, 40);
BELAY_AT(belay_refresh_out, size, 0); BELAY_AT(belay_refresh_out, outcome, 4); BELAY_AT(belay_refresh_out, flags, 8);
BELAY_AT(belay_refresh_out, reserved, 12); BELAY_AT(belay_refresh_out, expires_unix_ms, 16);
BELAY_AT(belay_refresh_out, refresh_after_unix_ms, 24); BELAY_AT(belay_refresh_out, retry_after_ms, 32);

BELAY_SIZE(belay_model, 40);
BELAY_AT(belay_model, id, 0); BELAY_AT(belay_model, context, 16); BELAY_AT(belay_model, max_output, 24); BELAY_AT(belay_model, caps, 32);
BELAY_AT(belay_model, reserved, 36);

BELAY_SIZE(belay_descriptor, 192);
BELAY_AT(belay_descriptor, size, 0); BELAY_AT(belay_descriptor, caps, 4); BELAY_AT(belay_descriptor, type, 8);
BELAY_AT(belay_descriptor, name, 24); BELAY_AT(belay_descriptor, vendor, 40); BELAY_AT(belay_descriptor, version, 56);
BELAY_AT(belay_descriptor, license, 72); BELAY_AT(belay_descriptor, homepage, 88); BELAY_AT(belay_descriptor, config_schema, 104);
BELAY_AT(belay_descriptor, default_base_url, 120); BELAY_AT(belay_descriptor, operations, 136); BELAY_AT(belay_descriptor, wires, 144);
BELAY_AT(belay_descriptor, credential_types, 152); BELAY_AT(belay_descriptor, operation_count, 160);
BELAY_AT(belay_descriptor, wire_count, 164); BELAY_AT(belay_descriptor, credential_type_count, 168);
BELAY_AT(belay_descriptor, model_count, 172); BELAY_AT(belay_descriptor, models, 176); BELAY_AT(belay_descriptor, model_stride, 184);
BELAY_AT(belay_descriptor, reserved, 188);

BELAY_SIZE(belay_config, 80);
BELAY_AT(belay_config, size, 0); BELAY_AT(belay_config, flags, 4); BELAY_AT(belay_config, ctx, 8); BELAY_AT(belay_config, name, 16);
BELAY_AT(belay_config, base_url, 32); BELAY_AT(belay_config, options, 48); BELAY_AT(belay_config, model, 64);

BELAY_SIZE(belay_provider_api, 96);
BELAY_AT(belay_provider_api, size, 0); BELAY_AT(belay_provider_api, flags, 4); BELAY_AT(belay_provider_api, create, 8);
BELAY_AT(belay_provider_api, destroy, 16); BELAY_AT(belay_provider_api, begin, 24); BELAY_AT(belay_provider_api, build_request, 32);
BELAY_AT(belay_provider_api, on_response_head, 40); BELAY_AT(belay_provider_api, on_body_chunk, 48);
BELAY_AT(belay_provider_api, finish, 56); BELAY_AT(belay_provider_api, end, 64); BELAY_AT(belay_provider_api, classify_error, 72);
BELAY_AT(belay_provider_api, refresh_credentials, 80); BELAY_AT(belay_provider_api, get_extension, 88);

BELAY_SIZE(belay_hello, 24);
BELAY_AT(belay_hello, size, 0); BELAY_AT(belay_hello, abi_major, 4); BELAY_AT(belay_hello, abi_minor, 8); BELAY_AT(belay_hello, flags, 12);
BELAY_AT(belay_hello, host, 16);

BELAY_SIZE(belay_plugin, 96);
BELAY_AT(belay_plugin, size, 0); BELAY_AT(belay_plugin, abi_major, 4); BELAY_AT(belay_plugin, abi_minor, 8);
BELAY_AT(belay_plugin, min_host_minor, 12); BELAY_AT(belay_plugin, flags, 16); BELAY_AT(belay_plugin, provider_count, 20);
BELAY_AT(belay_plugin, id, 24); BELAY_AT(belay_plugin, version, 40); BELAY_AT(belay_plugin, hash, 56);
BELAY_AT(belay_plugin, descriptor, 72); BELAY_AT(belay_plugin, api, 80); BELAY_AT(belay_plugin, shutdown, 88);

#endif
