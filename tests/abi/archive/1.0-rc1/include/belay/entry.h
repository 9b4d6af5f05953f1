/* SPDX-License-Identifier: 0BSD
 *
 * The one exported function, and the note by which a host knows a plugin before any of its code runs.
 */
#ifndef BELAY_ENTRY_H
#define BELAY_ENTRY_H

#include "belay/host.h"
#include "belay/provider.h"
#include "belay/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a plugin gets first. */
typedef struct belay_hello {
   uint32_t size;
   uint32_t abi_major;   /* the host's */
   uint32_t abi_minor;
   uint32_t flags;
   const belay_host *host; /* `static` */
} belay_hello;

#define BELAY_PLUGIN_DRAFT 1u /* belay_plugin.flags and the note's: built against a draft; `hash` is looked at */

/* What it answers. `static`. */
typedef struct belay_plugin {
   uint32_t size;
   uint32_t abi_major;       /* built against */
   uint32_t abi_minor;
   uint32_t min_host_minor;  /* a host below it cannot run this plugin */
   uint32_t flags;
   uint32_t provider_count;
   belay_str id;             /* reverse DNS: "org.example.acme"; equal to the note's */
   belay_str version;        /* semantic version of the module; equal to the note's */
   belay_str hash;           /* BELAY_ABI_HASH */
   /* Both `static`; index below provider_count, else NULL. [any] */
   const belay_descriptor *(*descriptor)(uint32_t index);
   const belay_provider_api *(*api)(uint32_t index);
   /* Called at most once, at a tidy end of the process, after every destroy(); may be NULL. [control] */
   void (*shutdown)(void);
} belay_plugin;

/* Says who the module is. May be called more than once and by more than one host in a process; gives the same table each time.
 * Returns OK and sets *out; BELAY_ERR_UNSUPPORTED with a text when the host's major is not the plugin's. [control] */
typedef belay_status (*belay_plugin_entry_fn)(const belay_hello *hello, const belay_plugin **out, belay_error *error);

#define BELAY_ENTRY_SYMBOL "belay_plugin_entry_v1"

#if defined(_WIN32)
#error "belay plugins are ELF shared objects"
#else
#define BELAY_EXPORT __attribute__((visibility("default")))
#endif

/* To be defined by each plugin. */
BELAY_EXPORT belay_status belay_plugin_entry_v1(const belay_hello *hello, const belay_plugin **out, belay_error *error);

/* The ELF note: owner "BELAY", type 1, then four little-endian words (abi major, abi minor, min host minor, flags), 64 characters of
 * BELAY_ABI_HASH, and a JSON object that fills the rest:
 *     {"id":"org.example.acme","name":"Acme","version":"1.2.0","vendor":"Example","types":["acme"],"origins":["https://api.acme.example"]}
 * `origins` lists where, beside the configured base URL, its secrets may be sent; it may be left out.
 *
 * Place once at file level:  BELAY_NOTE("{\"id\":\"org.example.acme\", ...}")   or let belay_add_plugin() make it.
 * `json` is a C string literal without raw newlines. */
#define BELAY_NOTE_OWNER "BELAY"
#define BELAY_NOTE_TYPE 1
#define BELAY_NOTE_MIN(json, min_host_minor)                                                                                          \
   __asm__(".pushsection .note.belay,\"a\",%note\n"                                                                                   \
           ".balign 4\n"                                                                                                              \
           ".long 6, 2f-1f, " BELAY_STRINGIZE(BELAY_NOTE_TYPE) "\n"                                                                   \
           ".asciz \"" BELAY_NOTE_OWNER "\"\n"                                                                                        \
           ".balign 4\n"                                                                                                              \
           "1: .long " BELAY_STRINGIZE(BELAY_ABI_MAJOR) ", " BELAY_STRINGIZE(BELAY_ABI_MINOR) ", " BELAY_STRINGIZE(min_host_minor) ", " \
           "(" BELAY_STRINGIZE(BELAY_ABI_DRAFT) " != 0) & 1\n"                                                                             \
           ".ascii \"" BELAY_ABI_HASH "\"\n"                                                                                          \
           ".ascii " BELAY_STRINGIZE(json) "\n"                                                                                       \
           "2: .balign 4\n"                                                                                                           \
           ".popsection\n")
/* What a plugin that counts on something newer than 1.0 says before it includes this, or by belay_add_plugin(MIN_HOST_MINOR 1). */
#ifndef BELAY_MIN_HOST_MINOR
#define BELAY_MIN_HOST_MINOR 0
#endif
#define BELAY_NOTE(json) BELAY_NOTE_MIN(json, BELAY_MIN_HOST_MINOR)

#ifdef __cplusplus
}
#endif

#endif
