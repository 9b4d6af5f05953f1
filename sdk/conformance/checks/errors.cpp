// ERR-01 .. 06: failures, what they mean, and what gets across the line when something goes wrong.
#include "checks/errors.hpp"

#include "checks/checks.hpp"

namespace belay::conform {
namespace {

constexpr Check checks[] = {
    {"ERR-01", Group::errors, Severity::must, "every recorded error means what the cassette says", "failure.h DESIGN 4.1",
     "classify_error() gets the replies of 401, 402, 403, 429, 500 and every other cassette with expect.reason (errors inside a 200 too). What the plugin leaves "
     "UNKNOWN is filled in by the host's table, as in a real host; together they must give the cassette's reason, scope, times, parameter. The reason decides what "
     "is done next: a quota taken for a rate limit waits in vain, a rate limit taken for a bad key throws a good credential away.",
     err_01},
    {"ERR-02", Group::errors, Severity::must, "Retry-After in every form changes a time and nothing else", "failure.h DESIGN 4.1",
     "The 429 cassette comes with seconds, fractions, dates ahead and past, retry-after-ms, negative numbers, numbers too large, words and nothing. The reason must "
     "stay the same; retry_after_ms is -1 (the host reads the header) or right. Usual faults: a negative or overflowing wait, a date read as seconds.",
     err_02},
    {"ERR-03", Group::errors, Severity::must, "pages, empty bodies, noise and broken JSON get a sane reason", "failure.h DESIGN 4.1",
     "Proxies answer with pages, load balancers with nothing. For each status such bodies must give UNKNOWN or a reason that the status can have without words; "
     "never a crash. Usual faults: a 502 page that makes a key look bad because the parser failed and a default was auth, recursion on brackets.",
     err_03},
    {"ERR-04", Group::errors, Severity::must, "texts stay within their room, whole UTF-8, without secrets", "P4 P14 P20 types.h",
     "create(), begin(), build_request() and classify_error() are made to complain about long foreign words with room for 0 to 511 bytes, and with NULL for the "
     "error. At most `cap` bytes may be written, cut on a character, `ptr` and `cap` left alone; no text may hold the credential. Usual faults: a terminating zero "
     "one byte too far, half a character at the end, snprintf's length taken for what was written.",
     err_04},
    {"ERR-05", Group::errors, Severity::must, "out of memory becomes a status, never an exception", "P13",
     "One allocation of one function fails, each in turn: malloc() gives NULL, operator new throws. The function answers with a status or goes on, end() and "
     "destroy() work, nothing leaves the plugin. With libstdc++ linked statically an exception across the line ends the whole host, even inside a catch.",
     err_05},
    {"ERR-06", Group::errors, Severity::must, "values and flags of a newer host are handled as the headers say", "P6 failure.h request.h provider.h",
     "Failures of unknown kinds are answered UNKNOWN, statuses no server sends get a reason of the ABI, unknown flag bits of request and fields change nothing, "
     "finish() with an unknown value is FAILED and emits nothing. Hosts grow; a plugin of 1.0 runs in all of them.",
     err_06},
};

}  // namespace

std::span<const Check> error_checks() { return checks; }

}  // namespace belay::conform
