// THRD: what the thread tags promise.
#include "checks/threads.hpp"

#include "checks/checks.hpp"

namespace belay::conform {
namespace {

constexpr Check checks[] = {
    {.id = "THRD-01",
     .group = Group::threads,
     .severity = Severity::must,
     .title = "exchanges in parallel give what they give one after the other",
     .rules = "[exchange] provider.h",
     .explain =
         "What each exchange writes and emits is noted while it is alone. Then sixteen of them are interleaved call by call on one instance, in an order of the "
         "seed, and then sixteen threads run them at once, again and again, in small pieces. All must come to the same. A failing plugin keeps a buffer, a "
         "parser or the current exchange in a static or in the instance. (Built with -fsanitize=thread, together with the tool, this check finds races that "
         "happened to do no harm.)",
     .run = parallel_equals_serial,
     .limit = std::chrono::seconds(40)},
    {.id = "THRD-02",
     .group = Group::threads,
     .severity = Severity::must,
     .title = "an exchange may be moved to another thread between two calls",
     .rules = "[exchange] version.h",
     .explain =
         "Each call of an exchange is made by another thread than the one before; so the calls of an instance. The result must be that of one thread. A host "
         "moves work to whichever thread is free. A failing plugin keeps its place in a thread_local variable, or owns a lock from one call to the next.",
     .run = exchanges_move_between_threads},
    {.id = "THRD-03",
     .group = Group::threads,
     .severity = Severity::must,
     .title = "classify_error() answers the same from any thread, at any time",
     .rules = "[any] provider.h",
     .explain =
         "classify_error() is pure and [any]: the answers to all recorded failures and one of each usual status are noted, asked for again in another order, "
         "and then from eight threads at once. A failing plugin counts failures, remembers the last one, or writes its answer into a static first.",
     .run = classify_is_concurrent},
    {.id = "THRD-04",
     .group = Group::threads,
     .severity = Severity::must,
     .title = "beside a refresh each request uses the secret it was lent, old or new",
     .rules = "P12 [refresh] [exchange] DESIGN-6.1",
     .explain =
         "The host owns credentials and lends one to each exchange; while a refresh runs, and after it, exchanges with the old and with the new secret go on side "
         "by side (in another process the old one may still serve). During the refresh's own request an exchange is begun, built and ended on another thread and "
         "must not wait for it. Each request must hold the secret of its own exchange and no other. A failing plugin stores the token that it got in the "
         "instance and uses it for all, or holds a lock during its request. Not asked of an own transport, which writes no request.",
     .run = refresh_beside_exchanges},
    {.id = "THRD-05",
     .group = Group::threads,
     .severity = Severity::must,
     .title = "host services are used only where their tags allow it",
     .rules = "[any] [refresh] host.h ext",
     .explain =
         "Every exchange, failure and refresh is run once, and the test host watches from which call each of its services is used and with which ctx: no network "
         "outside of a refresh or login, no file I/O of belay.state/1 in [exchange], no ctx of a refresh that is over. A real host answers CONTRACT to that "
         "and counts it as a fault of the plugin.",
     .run = services_only_where_allowed},
    {.id = "THRD-06",
     .group = Group::threads,
     .severity = Severity::must,
     .title = "no thread survives destroy(), and none is started without saying so",
     .rules = "P18",
     .explain =
         "Threads of the process are counted before create(), in between and after destroy(). In between there may be more only with BELAY_CAP_OWN_THREADS, "
         "afterwards never. A failing plugin detaches a worker instead of joining it in destroy().",
     .run = no_thread_survives},
};

}  // namespace

std::span<const Check> thread_checks() { return checks; }

}  // namespace belay::conform
