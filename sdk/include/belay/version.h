/* SPDX-License-Identifier: 0BSD
 *
 * belay plugin ABI: its version, and the twenty rules by which it grows. Read this page first.
 *
 * The ABI has a major and a minor number. A host of major 1 drives every plugin of major 1, older and newer, from the freeze on. Until
 * then these headers are a release candidate: BELAY_ABI_DRAFT is not 0 and a plugin runs only in a host built from the same headers
 * (BELAY_ABI_HASH); any other is refused with one sentence.
 *
 *   P1   What is released is frozen: names, slots, types, thread tags, ownership, meaning.
 *   P2   Structs grow only at their end. Each begins with its byte size; a reader asks BELAY_HAS() before it touches a field. What has no
 *        size (belay_str, belay_bytes, belay_text, belay_fields) never grows. `reserved` fields and flag bits without a name are 0 and unread.
 *   P3   A table of the other side is never copied by assignment; copy the smaller of both sizes into zeroed memory.
 *   P4   In an out-struct the caller sets `size`; the callee writes no byte beyond it.
 *   P5   Arrays come with a count and a stride; step by the stride, never by sizeof. (Arrays of belay_str have a count alone: it never grows.)
 *   P6   A set of values that goes from host to plugin says what an unknown one means; one that goes from plugin to host may be appended to.
 *   P7   A new function is a new optional slot at the end; NULL means absent.
 *   P8   A removed function keeps its slot, which is then NULL.
 *   P9   Extension ids are "belay.name/N" and fixed from their first draft on; others use reverse DNS ("org.example.name/1").
 *   P10  What is deprecated stays for four minor releases and two years at least.
 *   P11  A plugin that uses drafts says so and runs only in the host it was built for.
 *   P12  No memory changes owner. What is passed in is `borrowed` until the function returns; what a plugin has to say is `emitted` into a
 *        sink of the host, which copies before it returns. Tables, descriptors and their texts are `static` until the process ends. Handles
 *        are `opaque` to the side that did not make them. There is no free() in this ABI.
 *   P13  Nothing is thrown and nothing jumps across the line; a plugin catches everything and returns a status.
 *   P14  A text is UTF-8 with a length and no terminator; bytes are bytes.
 *   P15  A plugin exports one symbol, belay_plugin_entry_v1, and imports none of the host; its libraries are linked into it and hidden.
 *   P16  A plugin is never unmapped; it may not count on destructors at exit.
 *   P17  A plugin leaves the process alone: no fork, exec, signals, locale, environment, working directory, umask, limits, stdio.
 *   P18  A plugin starts threads only with BELAY_CAP_OWN_THREADS and ends them in destroy().
 *   P19  A plugin opens no socket and no file unless it has its own transport. The host does all I/O and holds all credentials.
 *   P20  A secret goes only where the interface marks it as one; never into a URL, a log line, an error text or an event.
 *
 * Who may be called when, in square brackets at the end of each function's comment:
 *   [control]    one call at a time per module, any thread. May take milliseconds; does no I/O.
 *   [exchange]   one call at a time per exchange, any thread; different exchanges run in parallel. Never blocks, below 1 ms per call.
 *   [refresh]    one call at a time per credential, beside everything else. May block until its deadline; obeys its cancel.
 *   [transport]  one call per exchange on a thread of the host. May block; obeys its cancel.
 *   [any]        at any time, from any thread, in parallel.
 */
#ifndef BELAY_VERSION_H
#define BELAY_VERSION_H

#define BELAY_ABI_MAJOR 1
#define BELAY_ABI_MINOR 0

/* Number of the release candidate; 0 once the ABI is frozen. */
#define BELAY_ABI_DRAFT 1

/* For people: "1.0-rc1", "1.0". */
#define BELAY_STRINGIZE_(x) #x
#define BELAY_STRINGIZE(x) BELAY_STRINGIZE_(x)
#define BELAY_ABI_NUMBER BELAY_STRINGIZE(BELAY_ABI_MAJOR) "." BELAY_STRINGIZE(BELAY_ABI_MINOR)
#if BELAY_ABI_DRAFT
#define BELAY_ABI_NAME BELAY_ABI_NUMBER "-rc" BELAY_STRINGIZE(BELAY_ABI_DRAFT)
#else
#define BELAY_ABI_NAME BELAY_ABI_NUMBER
#endif

/* SHA-256 over the other headers of this folder, sorted by name (sdk/cmake/abi-hash prints it, a test compares). Only drafts look at it. */
#define BELAY_ABI_HASH "08fb055de80afe6228be596cf18cf90493d7abe597e5c262ca98e07496219411"

#endif
