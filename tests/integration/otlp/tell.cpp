// Two calls through a real runtime, told to a collector: tell ORIGIN. The first falls back after a refused key, the
// second one is streamed and belongs to a trace of its caller.
#include <cstdio>

#include "rig.hpp"
#include "upstream.hpp"

int main(int argc, char** argv) {
  using namespace belay;
  using test::Upstream;
  using test::UpstreamReply;
  using test::UpstreamRequest;
  if (argc != 2) return 2;
  Upstream dead([](const UpstreamRequest&) {
    return UpstreamReply::json(401, R"({"error":{"message":"Incorrect API key provided"}})");
  });
  Upstream good([](const UpstreamRequest& request) {
    return request.body.find("\"stream\":true") == std::string::npos
               ? UpstreamReply::completion("pong")
               : UpstreamReply::stream().content("po").content("ng").end();
  });
  gateway::SightSettings how;
  how.otlp_endpoint = argv[1];
  how.service_name = "gateway-of-the-test";
  gateway::test::Rig rig(runtime::test::settings_of({runtime::test::keyed("p", dead.origin(), "sk-dead-123456"),
                                                     runtime::test::keyed("c", good.origin(), "sk-good-123456")}),
                         how);
  const auto first = rig.call(0, runtime::test::ask("ping"), "ci");
  const auto second =
      rig.call(1, runtime::test::ask("ping", true), "ci", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  rig.sight->flush(Millis(20'000));
  std::printf("%s\n%s\n%s\n", first.trace.id.c_str(), second.trace.id.c_str(), good.origin().c_str());
  return first.ok() && second.ok() ? 0 : 1;
}
