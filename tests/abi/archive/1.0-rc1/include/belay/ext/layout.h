/* SPDX-License-Identifier: 0BSD
 *
 * The same as belay/layout.h for what is in this folder. Made by sdk/cmake/abi-layout from the headers.
 */
#ifndef BELAY_EXT_LAYOUT_H
#define BELAY_EXT_LAYOUT_H

#include "belay/ext/http.h"
#include "belay/ext/json.h"
#include "belay/ext/login.h"
#include "belay/ext/random.h"
#include "belay/ext/refresh.h"
#include "belay/ext/secret.h"
#include "belay/ext/state.h"
#include "belay/ext/transport.h"
#include "belay/layout.h"

BELAY_SIZE(belay_http_request, 72);
BELAY_AT(belay_http_request, size, 0); BELAY_AT(belay_http_request, flags, 4); BELAY_AT(belay_http_request, method, 8);
BELAY_AT(belay_http_request, url, 24); BELAY_AT(belay_http_request, headers, 40); BELAY_AT(belay_http_request, body, 56);

BELAY_SIZE(belay_http_reply, 32);
BELAY_AT(belay_http_reply, size, 0); BELAY_AT(belay_http_reply, flags, 4); BELAY_AT(belay_http_reply, plugin, 8);
BELAY_AT(belay_http_reply, head, 16); BELAY_AT(belay_http_reply, body, 24);

BELAY_SIZE(belay_http, 16);
BELAY_AT(belay_http, size, 0); BELAY_AT(belay_http, flags, 4); BELAY_AT(belay_http, perform, 8);

BELAY_SIZE(belay_json_value, 48);
BELAY_AT(belay_json_value, size, 0); BELAY_AT(belay_json_value, type, 4); BELAY_AT(belay_json_value, node, 8);
BELAY_AT(belay_json_value, string, 16); BELAY_AT(belay_json_value, integer, 32); BELAY_AT(belay_json_value, number, 40);

BELAY_SIZE(belay_json, 136);
BELAY_AT(belay_json, size, 0); BELAY_AT(belay_json, flags, 4); BELAY_AT(belay_json, parse, 8); BELAY_AT(belay_json, release, 16);
BELAY_AT(belay_json, get, 24); BELAY_AT(belay_json, element, 32); BELAY_AT(belay_json, writer, 40); BELAY_AT(belay_json, begin, 48);
BELAY_AT(belay_json, end, 56); BELAY_AT(belay_json, name, 64); BELAY_AT(belay_json, string, 72); BELAY_AT(belay_json, integer, 80);
BELAY_AT(belay_json, real, 88); BELAY_AT(belay_json, boolean, 96); BELAY_AT(belay_json, null, 104); BELAY_AT(belay_json, raw, 112);
BELAY_AT(belay_json, text, 120); BELAY_AT(belay_json, release_writer, 128);

BELAY_SIZE(belay_prompt, 24);
BELAY_AT(belay_prompt, size, 0); BELAY_AT(belay_prompt, flags, 4); BELAY_AT(belay_prompt, host, 8); BELAY_AT(belay_prompt, show, 16);

BELAY_SIZE(belay_login, 16);
BELAY_AT(belay_login, size, 0); BELAY_AT(belay_login, flags, 4); BELAY_AT(belay_login, login, 8);

BELAY_SIZE(belay_random, 16);
BELAY_AT(belay_random, size, 0); BELAY_AT(belay_random, flags, 4); BELAY_AT(belay_random, fill, 8);

BELAY_SIZE(belay_refresh, 16);
BELAY_AT(belay_refresh, size, 0); BELAY_AT(belay_refresh, flags, 4); BELAY_AT(belay_refresh, refresh, 8);

BELAY_SIZE(belay_secret, 16);
BELAY_AT(belay_secret, size, 0); BELAY_AT(belay_secret, flags, 4); BELAY_AT(belay_secret, read, 8);

BELAY_SIZE(belay_state, 24);
BELAY_AT(belay_state, size, 0); BELAY_AT(belay_state, flags, 4); BELAY_AT(belay_state, get, 8); BELAY_AT(belay_state, put, 16);

BELAY_SIZE(belay_transport, 16);
BELAY_AT(belay_transport, size, 0); BELAY_AT(belay_transport, flags, 4); BELAY_AT(belay_transport, run, 8);

#endif
