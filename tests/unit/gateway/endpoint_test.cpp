// What a method and a path ask for.
#include "endpoint.hpp"

#include <gtest/gtest.h>

namespace belay::gateway {
namespace {

TEST(Endpoint, EachWireHasItsPath) {
  struct Row {
    std::string_view path, operation, wire;
  };
  for (const Row& row : {Row{"/v1/chat/completions", "chat", chat_wire}, {"/v1/responses", "chat", responses_wire}, {"/v1/messages", "chat", messages_wire},
                         {"/v1/messages/count_tokens", "count_tokens", messages_wire}, {"/v1/embeddings", "embeddings", chat_wire}}) {
    const Endpoint endpoint = endpoint_of("POST", row.path);
    EXPECT_EQ(endpoint.ask, Ask::call) << row.path;
    EXPECT_EQ(endpoint.operation, row.operation) << row.path;
    EXPECT_EQ(endpoint.wire, row.wire) << row.path;
    EXPECT_EQ(endpoint_of("POST", row.path.substr(3)).wire, row.wire) << "a base URL without /v1";
    const Endpoint got = endpoint_of("GET", row.path);
    EXPECT_EQ(got.ask, Ask::wrong_method);
    EXPECT_EQ(got.allow, "POST");
    EXPECT_EQ(got.wire, row.wire) << "its errors too";
  }
}

TEST(Endpoint, PagesAreRead) {
  EXPECT_EQ(endpoint_of("GET", "/").ask, Ask::page);
  EXPECT_EQ(endpoint_of("GET", "/belay/page/page.css").name, "page.css");
  EXPECT_EQ(endpoint_of("HEAD", "/healthz").ask, Ask::health);
  EXPECT_EQ(endpoint_of("GET", "/readyz").ask, Ask::ready);
  EXPECT_EQ(endpoint_of("GET", "/metrics").ask, Ask::metrics);
  EXPECT_EQ(endpoint_of("GET", "/belay/status").ask, Ask::status);
  EXPECT_EQ(endpoint_of("GET", "/belay/traces").ask, Ask::traces);
  const Endpoint trace = endpoint_of("GET", "/belay/traces/01J0");
  EXPECT_EQ(trace.ask, Ask::trace);
  EXPECT_EQ(trace.name, "01J0");
  EXPECT_EQ(endpoint_of("POST", "/metrics").ask, Ask::wrong_method);
}

TEST(Endpoint, ModelsMayHaveSlashesInTheirNames) {
  EXPECT_EQ(endpoint_of("GET", "/v1/models").ask, Ask::models);
  EXPECT_EQ(endpoint_of("GET", "/models").ask, Ask::models);
  EXPECT_EQ(endpoint_of("GET", "/v1/models/spare/org/m1").name, "spare/org/m1");
}

TEST(Endpoint, NamesAreDecoded) {
  EXPECT_EQ(decoded("mock%2Fgpt%2dmock"), "mock/gpt-mock");
  EXPECT_EQ(decoded("plain/m"), "plain/m");
  for (const char* bad : {"%", "a%2", "%zz", "%2"}) EXPECT_FALSE(decoded(bad)) << bad;
}

TEST(Endpoint, NothingElseIsThere) {
  for (const char* path : {"/v1", "/v1/", "/v2/chat/completions", "/v1/chat/completions/", "/V1/chat/completions", "/v1/completions", "/belay", "/v1/healthz", ""}) {
    EXPECT_EQ(endpoint_of("POST", path).ask, Ask::unknown) << path;
  }
}

}  // namespace
}  // namespace belay::gateway
