// REQ-01 .. 06: what a plugin makes of a request.
#include "checks/request.hpp"

#include "checks/checks.hpp"

namespace belay::conform {
namespace {

constexpr Check checks[] = {
    {"REQ-01", Group::request, Severity::must, "the same input gives the same bytes, those of the cassette", "provider.h",
     "Each request is built three times, in two instances, with clocks that stand still and random numbers that go on; method, URL, headers and body must be the "
     "same each time, and equal to what the cassette says was sent. The host retries, and compares; caches and signatures break on requests that differ. Usual "
     "faults: hash maps printed in their order, a boundary or id made up per request, uninitialised memory.",
     req_01},
    {"REQ-02", Group::request, Severity::must, "URL and headers are legal, whatever the input", "request.h DESIGN 5",
     "Models, credential ids and secrets with CR, LF, control bytes, spaces and foreign characters: the plugin either builds a legal request or refuses with a "
     "status. A line end that gets through is a header of the caller's making. (The host refuses it too, and drops a plugin that tried.) Headers that are the "
     "host's, such as Content-Length, may not be written.",
     req_02},
    {"REQ-03", Group::request, Severity::must, "secrets stand in headers marked BELAY_SECRET only", "P20 request.h",
     "Every secret field of the credential becomes a unique value, which is then searched in URL, body, unmarked headers, error texts, events, log lines and notes, "
     "also in base64, percent-encoded and backwards. The host redacts what is marked; what is not ends up in logs of proxies. Usual faults: the key as a query "
     "parameter, a debug line, an error text that quotes the request.",
     req_03},
    {"REQ-04", Group::request, Severity::must, "unusual characters, nothing, 1 MiB, 10,000 messages get through", "P14 request.h",
     "The body is written anew with such messages; the request must be built, its body be JSON, and the texts be in it unchanged. An empty request may be refused "
     "with a sentence. Usual faults: fixed buffers, quadratic copying, escaping that knows ASCII only.",
     req_04},
    {"REQ-05", Group::request, Severity::must, "unknown members are ignored, what must not be ignored is refused", "P6 request.h",
     "A member that no version knows stands in the body: it may be ignored or handed on. When the host lists it as required it must be sent, or begin() or "
     "build_request() must answer BELAY_ERR_UNSUPPORTED, so that another target is asked instead. An operation that the plugin does not do is refused by begin().",
     req_05},
    {"REQ-06", Group::request, Severity::must, "what a writer refuses with is returned, nothing more is written", "request.h provider.h",
     "The writer refuses its first call, then its second, and so on. build_request() must return that status and stop writing. A plugin that goes on sends half a "
     "request or hides from the host why it was refused.",
     req_06},
};

}  // namespace

std::span<const Check> request_checks() { return checks; }

}  // namespace belay::conform
