// LIFE: from create() to the end of the process.
#include "checks/lifecycle.hpp"

#include "checks/checks.hpp"

namespace belay::conform {
namespace {

constexpr Check checks[] = {
    {.id = "LIFE-01",
     .group = Group::lifecycle,
     .severity = Severity::must,
     .title = "create() and destroy() a thousand times leave no memory behind",
     .rules = "P12 provider.h",
     .explain =
         "Instances are made and destroyed a thousand times with one configuration. After a warm-up what is allocated must no longer grow: a host that "
         "reloads its configuration does this for years. The tool's own malloc() counts what the plugin allocates and frees; under a sanitizer or valgrind, "
         "which find leaks themselves, the thousand rounds are only run. A failing plugin usually forgets a text or table that create() copied.",
     .run = create_and_destroy_do_not_grow},
    {.id = "LIFE-02",
     .group = Group::lifecycle,
     .severity = Severity::must,
     .title = "a configuration that create() refuses gets a sentence, and *out stays as it was",
     .rules = "provider.h DESIGN-6",
     .explain =
         "create() is given configurations that some plugins cannot use: no base URL, one that is none, one of another protocol, one with a line break, one of a "
         "megabyte. (Options are left alone: the host has checked them against the schema, and a plugin may count on that.) Taking them is allowed. A refusal must "
         "be a negative status, carry a text that names `base_url`, and leave *out untouched; an OK must set it. After every refusal a good configuration must still "
         "work. A failing plugin usually sets *out to a half-made instance before it looks at the configuration, or says nothing to the person who has to "
         "correct it. Where everything is taken the question does not arise.",
     .run = bad_configurations_are_refused},
    {.id = "LIFE-03",
     .group = Group::lifecycle,
     .severity = Severity::must,
     .title = "many instances with different configurations do not share state",
     .rules = "provider.h",
     .explain =
         "Sixteen instances differ in base URL, name and default model. What each of them writes (or, with a transport of its own, answers) while it is alone "
         "is noted; then all are made and asked in a shuffled order, and must do the same. A failing plugin keeps its configuration in a static variable, and "
         "sends one account's requests to the address of another.",
     .run = instances_do_not_share},
    {.id = "LIFE-04",
     .group = Group::lifecycle,
     .severity = Severity::must,
     .title = "destroy() right after create(), end() right after begin()",
     .rules = "provider.h",
     .explain =
         "The shortest lives there are, in ten rounds and several at once: an instance that never had an exchange, an exchange that never got further than "
         "begin(). The host does that when a caller goes away early. A failing plugin frees in end() what only build_request() allocates.",
     .run = nothing_but_ends},
    {.id = "LIFE-05",
     .group = Group::lifecycle,
     .severity = Severity::must,
     .title = "end() may come in every state of the exchange",
     .rules = "provider.h",
     .explain =
         "Each exchange is ended after begin(), after build_request(), after the head, after the first piece, in the middle of the body, after the last "
         "piece without finish(), and after finish() with every argument, an unknown one too; finish(FAILED) must not emit. Nothing may crash, and statuses "
         "must be of the ABI. An own transport is ended before and after run(), and after a run that was cancelled beforehand. A failing plugin counts on "
         "finish() to release what it holds, or on on_response_head() to have prepared it.",
     .run = ends_in_every_state},
    {.id = "LIFE-06",
     .group = Group::lifecycle,
     .severity = Severity::must,
     .title = "create() opens no file and no socket",
     .rules = "P19 provider.h",
     .explain =
         "create() and destroy() run on a thread whose calls into the kernel are filtered (seccomp): opening files, looking at them, sockets, new processes "
         "are turned away and named here. The host creates instances while it reads its configuration and must not hang on a disk or a name server. A failing "
         "plugin reads a key file, a certificate store or the time zone in create(). Not asked where the kernel has no filters.",
     .run = create_does_no_io},
    {.id = "LIFE-07",
     .group = Group::lifecycle,
     .severity = Severity::must,
     .title = "a host without any optional service is tolerated",
     .rules = "P7 P9 P10 host.h",
     .explain =
         "The plugin is loaded into a host whose get_extension() knows nothing at all. Entry must succeed; create(), every exchange, classify_error() and "
         "refresh_credentials() may fail, with a status, but must not crash. An old or small host is like that, and a later one that dropped what was long deprecated (P10). A failing plugin calls through the pointer that "
         "it got without looking whether it is NULL.",
     .run = host_services_may_be_absent,
     .own_host = true},
    {.id = "LIFE-08",
     .group = Group::lifecycle,
     .severity = Severity::must,
     .title = "after the last destroy() and shutdown() the process exits as it wants to",
     .rules = "P16 entry.h",
     .explain =
         "In a process of its own everything is used once and ended, shutdown() is called where there is one, and the process leaves by exit(), so that "
         "destructors and atexit() functions run. It must come to the status that it gave within ten seconds. A failing plugin has static objects whose destructors need "
         "something that is gone by then, waits for a thread that never ends, or exits with a status of its own.",
     .run = process_ends_tidily,
     .limit = std::chrono::seconds(30)},
    {.id = "LIFE-09",
     .group = Group::lifecycle,
     .severity = Severity::must,
     .title = "what the host lends is not written to",
     .rules = "P3 P12",
     .explain =
         "The host's table, hello, configuration, request with its index of members, credential, reply heads, pieces and failures all lie on pages that are "
         "read-only during the calls. A write is caught and told with the function in which it happened. A failing plugin decodes escapes in place, cuts a "
         "text with a NUL, or wipes a secret that is not its own.",
     .run = what_is_lent_is_not_written_to,
     .own_host = true},
    {.id = "LIFE-10",
     .group = Group::lifecycle,
     .severity = Severity::must,
     .title = "after a cancelled refresh and destroy() no callback comes",
     .rules = "P12 P18 refresh.h",
     .explain =
         "A refresh is cancelled while its request is under way; when the hook has returned, the instance is destroyed. For a while after that nothing may "
         "reach the host any more: no emitted field, no log line, no request. (An own thread that goes on is such a case.) A failing plugin leaves the work to "
         "a thread of its own and returns before that has ended, or keeps the sink.",
     .run = nothing_comes_after_destroy},
};

}  // namespace

std::span<const Check> lifecycle_checks() { return checks; }

}  // namespace belay::conform
