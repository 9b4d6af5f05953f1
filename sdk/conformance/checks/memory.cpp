// MEM: what a plugin takes it gives back, and what is not its own it leaves as it was.
#include "checks/memory.hpp"

#include "checks/checks.hpp"

namespace belay::conform {
namespace {

constexpr Check checks[] = {
    {.id = "MEM-01",
     .group = Group::memory,
     .severity = Severity::must,
     .title = "nothing leaks",
     .rules = "P12",
     .explain =
         "Everything is done in rounds: instances made and refused, exchanges ended well, early, stopped and refused, failures classified, credentials "
         "refreshed. From the third round on as many blocks must be free as were allocated. The tool defines malloc() itself, and a program's names come before "
         "libc's, so what the plugin and its libraries allocate is counted in any build, without a rebuild of the plugin; what it keeps once for all (a table "
         "made at first use) is no leak. Built with AddressSanitizer the tool asks LeakSanitizer instead, with the plugin still mapped; under valgrind "
         "(`valgrind belay-conform FILE.so --in-process --only MEM-01`) that does the finding. A failing plugin usually forgets a buffer on the way out of an "
         "error, or a document of belay.json/1.",
     .run = nothing_leaks},
    {.id = "MEM-02",
     .group = Group::memory,
     .severity = Severity::must,
     .title = "the heap stays flat over ten thousand exchanges",
     .rules = "P12 provider.h",
     .explain =
         "Ten thousand exchanges and as many classifications on one instance; from the thousandth on what is allocated may not grow with their number. What "
         "is freed by destroy() at last is no leak, but a gateway's instances live for months. A failing plugin keeps a list, a history or a cache without a "
         "bound in the instance.",
     .run = heap_stays_flat,
     .limit = std::chrono::seconds(60)},
    {.id = "MEM-03",
     .group = Group::memory,
     .severity = Severity::must,
     .title = "descriptors, threads, mappings and files are the same before and after",
     .rules = "P18 P19",
     .explain =
         "What the process has open, its threads, the files it has mapped and what lies in its folder are compared before the first create() and after the last "
         "destroy(). A failing plugin leaves a socket, a log file, an eventfd, a worker or a temporary file behind.",
     .run = holdings_are_given_back},
    {.id = "MEM-04",
     .group = Group::memory,
     .severity = Severity::must,
     .title = "signals, locale, environment, working directory and the like are left alone",
     .rules = "P17",
     .explain =
         "Before the library is mapped, and after everything was done with it, these are compared: signal handlers, mask and stack, locale of process and thread, "
         "working directory, umask, environment, rounding mode and floating point control, limits, priority, thread name, flags of stdin, stdout and stderr. They "
         "belong to the program, and to the other plugins in it. A failing plugin ignores SIGPIPE for its own sockets, sets LC_NUMERIC to print a number, or "
         "links a library that does.",
     .run = process_state_stays,
     .own_host = true},
    {.id = "MEM-05",
     .group = Group::memory,
     .severity = Severity::should,
     .title = "nothing is printed, and stdin, stdout and stderr stay open",
     .rules = "P17 host.h",
     .explain =
         "stdout and stderr lead to a file of the check from before the library is mapped until after the last destroy(); it must be empty then, and the three "
         "descriptors must lead where they led. Lines for people go through belay_host.log(), which knows secrets and limits. A failing plugin has a printf() left "
         "from its author's debugging.",
     .run = stdio_is_left_alone,
     .own_host = true},
    {.id = "MEM-06",
     .group = Group::memory,
     .severity = Severity::should,
     .title = "an allocation that fails is survived",
     .rules = "P13",
     .explain =
         "create(), exchanges, classify_error() and refresh_credentials() are repeated, and each time one allocation of the plugin's fails: the first, the second, "
         "and so on (all up to the hundredth, then some of the seed's choosing). Nothing may crash or throw; what comes back is a status, or the same as without "
         "a failure; and afterwards the same instance must work as before. Under a sanitizer or valgrind the allocator is theirs, and the question is not asked. A "
         "failing C plugin uses what malloc() gave unseen; a C++ one lacks the barrier around a function.",
     .run = failed_allocations_are_survived},
};

}  // namespace

std::span<const Check> memory_checks() { return checks; }

}  // namespace belay::conform
