#include "checks/refresh.hpp"

#include <array>

#include "checks/checks.hpp"

namespace belay::conform {
namespace {

constexpr std::array<Check, 13> checks{{
    {.id = "AUTH-01",
     .group = Group::refresh,
     .severity = Severity::must,
     .title = "what the token endpoint gave is emitted, with its expiry",
     .rules = "P12 P20 refresh.h DESIGN-4.3",
     .explain =
         "refresh_credentials() is called once for each cassette refresh-ok and refresh-rotated, and, where the plugin takes the generic type oauth2, against a token "
         "endpoint that follows RFC 6749 section 6. The outcome must be REFRESHED; each field of the cassette's `emits` must come with its value; the requests must be "
         "as many as recorded and go where they went; expires_unix_ms must be the host's clock plus the lifetime, within five minutes. Two more replies are tried on "
         "oauth2: one without a refresh_token, after which the old one stays, and one for a token whose characters need escaping in a form.\n"
         "The host keeps nothing but what is emitted: a rotated refresh token that a plugin forgets to emit is a login lost at the next refresh. Usual faults: the "
         "access token emitted as \"access_token\" instead of \"secret\", the refresh token emitted empty when the reply has none, a form whose values are not "
         "percent-encoded, a lifetime in seconds taken for milliseconds.",
     .run = auth_01},
    {.id = "AUTH-02",
     .group = Group::refresh,
     .severity = Severity::must,
     .title = "the next exchange sends the new secret, nothing of the old one",
     .rules = "P12 request.h DESIGN-6.1",
     .explain =
         "An exchange is begun with the old credential, the credential is refreshed, and another exchange of the same instance is begun with the next generation and its "
         "new secret. The request that it builds must hold the new secret, nowhere the old one, and be the same byte for byte as what an instance builds that has "
         "never seen the old credential; so plugins that sign instead of sending the secret are judged too.\n"
         "A credential is lent for one exchange. A plugin that keeps a token, or a signing key made from it, in its instance goes on sending what upstream has just "
         "refused, and the one retry after a refresh is wasted. The usual fault is a cache without the generation in its key; the right cure is no cache.",
     .run = auth_02},
    {.id = "AUTH-03",
     .group = Group::refresh,
     .severity = Severity::must,
     .title = "a refused refresh is FAILED_PERMANENT or NEEDS_INTERACTION",
     .rules = "refresh.h DESIGN-4.3",
     .explain =
         "The cassettes refresh-denied must come to their recorded outcome, which is one of these two. On the generic type oauth2, the error codes invalid_grant, "
         "invalid_client, unauthorized_client and invalid_scope must come to one of them, and interaction_required, login_required and consent_required to "
         "NEEDS_INTERACTION.\n"
         "With FAILED_TRANSIENT the host tries again and again with a token that is dead, until the provider locks the account; with NEEDS_INTERACTION it tells a "
         "person what to do and leaves the credential alone until its secret changes. Usual faults: 400 and 401 thrown together with network errors, or the status "
         "looked at and the code in the body not.",
     .run = auth_03},
    {.id = "AUTH-04",
     .group = Group::refresh,
     .severity = Severity::must,
     .title = "a token endpoint in trouble is FAILED_TRANSIENT, with its Retry-After",
     .rules = "refresh.h DESIGN-4.3",
     .explain =
         "Each request of a refresh is answered in turn by 500, 502 with an HTML page, 503, 504 and 429 with and without Retry-After, 200 with an HTML page, and by no "
         "reply at all; then the call is cancelled during its request, and then the deadline passes. The outcome must be FAILED_TRANSIENT (REFRESH_CANCELLED where "
         "cancelled), nothing may be emitted, and retry_after_ms must be what Retry-After says in seconds; a senseless one counts as none. An error status counts as "
         "FAILED_TRANSIENT too, but can't carry a wait.\n"
         "With FAILED_PERMANENT a provider's bad minute, or a hotel's sign-in page, ends a login for good. The usual fault is a plugin that takes everything that is "
         "not 200 for a refusal, or a 200 for a success before it has looked at the body.",
     .run = auth_04},
    {.id = "AUTH-05",
     .group = Group::refresh,
     .severity = Severity::must,
     .title = "a key whose source is unchanged is left alone, without a request",
     .rules = "P19 refresh.h DESIGN-4.3",
     .explain =
         "The hook is called for a credential of type api_key, with several causes, while its source gives the same key as before; then while the source gives another "
         "key; then while it gives nothing. No request may be made. The unchanged key must be UNCHANGED or NOT_APPLICABLE with nothing emitted; the other key may be "
         "adopted (REFRESHED, that key emitted as \"secret\") or left to the host, which re-reads sources itself.\n"
         "REFRESHED for the same key makes the host repeat a request that has just failed, for every call. The usual fault is a plugin that emits what it read without "
         "comparing it with what it was given.",
     .run = auth_05},
    {.id = "AUTH-06",
     .group = Group::refresh,
     .severity = Severity::must,
     .title = "returns within 100 ms of its deadline and of a cancel",
     .rules = "refresh.h version.h DESIGN-4.2",
     .explain =
         "On real clocks: the token endpoint never answers and the deadline passes (the host's network ends the request); it never answers and another thread cancels; "
         "it answers 503 with Retry-After: 30 at once, eight times; it can't be reached, and another thread cancels; and the hook is called when it was cancelled before. "
         "Each must return within 100 ms. Up to six tries are made and the best counts, so that a busy machine is not taken for a slow plugin.\n"
         "Calls wait for a refresh inside their own deadlines, and a process that ends waits for the hook. Usual faults: sleeping out Retry-After or a backoff of its own, "
         "a loop of retries that asks neither the clock nor cancelled(), and blocking before the first look at either.",
     .run = auth_06,
     .limit = std::chrono::seconds(40)},
    {.id = "AUTH-07",
     .group = Group::refresh,
     .severity = Severity::should,
     .title = "what another process has renewed is taken as it is given",
     .rules = "P12 refresh.h DESIGN-4.3",
     .explain =
         "An instance refreshes generation 1; then another process refreshes generation 2, which spends the token that this instance got. The hook is called with the "
         "fields of generation 3 and failed_generation 1 while the token endpoint takes the token of generation 3 alone. The outcome must be REFRESHED, UNCHANGED or "
         "NOT_APPLICABLE; at most one request may be made; no token of generations 1 and 2 may be sent or emitted. A recorded refresh is done twice, the second time "
         "with what the first one emitted.\n"
         "A provider that rotates refresh tokens takes the return of a spent one for a theft and ends every session of the account. The usual fault is a plugin that "
         "remembers the refresh token it got last instead of using the one that it is given.",
     .run = auth_07},
    {.id = "AUTH-08",
     .group = Group::refresh,
     .severity = Severity::must,
     .title = "two processes that share a login refresh it once",
     .rules = "P12 refresh.h DESIGN-4.3",
     .explain =
         "Two processes run the real host's credential store on one state folder, each with the plugin as its hook, and one token endpoint serves both, rotates and "
         "counts. Both meet a 401 at once: one refresh may reach the endpoint, and both must end with generation 2 and the same secret. Then they refresh in turn, each "
         "a credential that the other has renewed in the meantime: every refresh must work, make its own request, and present the token that is good now. Notes of "
         "belay.state/1 are shared as in the real host.\n"
         "The host holds the lock; a plugin breaks the accord only with a memory of its own. Usual faults: electing a leader by a note or a file, a token kept from one "
         "refresh to the next, a rotated token that is not emitted.",
     .run = auth_08,
     .limit = std::chrono::seconds(30)},
    {.id = "AUTH-09",
     .group = Group::refresh,
     .severity = Severity::must,
     .title = "odd lifetimes and clocks give an expiry that makes sense",
     .rules = "refresh.h host.h",
     .explain =
         "The hook is called for credentials that have run out long ago, run out soon, never, or at a time unknown: it must refresh them all, since upstream refused them. "
         "On the generic type oauth2, expires_in is left out, zero, negative, a fraction, a text, an object, and too large for any number: the reply may be refused, or "
         "expires_unix_ms must be 0, -1 or a moment to come. And the host's clock is put years back and forth, with a server whose Date is wrong: a token for 3600 s "
         "must run out 3600 s after what host->unix_ms() says.\n"
         "An expiry in the past makes the host refresh before every call. Usual faults: time() instead of the host's clock, seconds added to milliseconds, an overflow "
         "in a multiplication, and a missing expires_in read as 0 seconds.",
     .run = auth_09},
    {.id = "AUTH-10",
     .group = Group::refresh,
     .severity = Severity::must,
     .title = "no secret in logs, errors, notes, URLs, events, environment",
     .rules = "P20 P19 state.h",
     .explain =
         "Refreshes of many kinds are made: good ones, refused ones, unreachable ones, and replies that hold tokens but are of no use (cut off, in the wrong place, in an "
         "error page). After each, every old and new secret is looked for, as it is, percent-encoded, JSON-escaped and in base64, in log lines, error texts, notes of "
         "belay.state/1, URLs of requests, and fields emitted without BELAY_SECRET; at the end also in the events and the URL of an exchange, in "
         "/proc/self/cmdline and environ, in the environment, and in the files of this process's folder.\n"
         "The host takes out the secrets that it has lent, but a token that the plugin has just got it does not know yet. The usual fault is an error text that quotes the "
         "reply.",
     .run = auth_10},
    {.id = "AUTH-11",
     .group = Group::refresh,
     .severity = Severity::must,
     .title = "a refresh that is cut off leaves the old credential usable",
     .rules = "P12 refresh.h DESIGN-4.3",
     .explain =
         "The hook runs in a process that is ended while a request is under way, and in others that are ended while each field is being emitted. What it noted with "
         "belay.state/1 survives. The next process must be able to begin an exchange with the old credential and, since this token endpoint had not rotated, to refresh "
         "it. Then the sink answers STOP, or refuses, at each field in turn: the outcome may not be REFRESHED.\n"
         "The host notes durably that a request is under way and judges what became of it; a plugin that keeps such a note of its own locks its user out after a crash. "
         "And a host that could not store a field must not be told that all is well: usual fault, the status of emit() is thrown away.",
     .run = auth_11,
     .limit = std::chrono::seconds(40)},
    {.id = "AUTH-12",
     .group = Group::refresh,
     .severity = Severity::must,
     .title = "a refresh asks nobody: no terminal, no browser, no standard input",
     .rules = "P17 P19 DESIGN-4.3",
     .explain =
         "In a process of its own, with something to read on standard input and an environment that looks like a desktop, the hook is called for a refresh that works, "
         "one that needs a login, one that was revoked, one that fails, and for a credential without a login. A seccomp filter turns away and names each attempt to open a "
         "file (/dev/tty), to start a process or program (xdg-open), or to make a socket (D-Bus); standard input must be unread afterwards. A plugin with its own "
         "transport may open files and sockets, but no terminal and no program.\n"
         "A refresh runs in a daemon, in a pipe, in the middle of a call: a prompt there is a hang. NEEDS_INTERACTION with a text is how to ask; belay.login/1 is where "
         "to. The usual fault is a vendor's library that falls back to its own login.",
     .run = auth_12,
     .limit = std::chrono::seconds(40)},
    {.id = "AUTH-13",
     .group = Group::refresh,
     .severity = Severity::must,
     .title = "a hostile reply is a failure, and nothing of it is emitted",
     .rules = "P14 P20 refresh.h",
     .explain =
         "Each request of a refresh is answered by what no token endpoint should send: HTML with status 200, nothing, 1 MiB of blanks, brackets or text, JSON that is no "
         "object, 100000 levels of nesting, NUL, invalid UTF-8, an error object with status 200, redirects to another origin; on the generic type oauth2 also access "
         "tokens of every wrong type, with control characters, of 900 KiB, in a reply that is cut off, or beside an error. The outcome must be a failure, nothing may be "
         "emitted, no redirect may be followed, and a good reply afterwards must work. Where JSON itself leaves the meaning open (one name twice), either reading will "
         "do.\n"
         "Whoever can answer in the token endpoint's place would otherwise put a line break into a header or empty a credential. Usual faults: a search for "
         "\"access_token\" in the text instead of a parser, no look at the type, recursion without a bound.",
     .run = auth_13},
}};

}  // namespace

std::span<const Check> refresh_checks() { return checks; }

}  // namespace belay::conform
