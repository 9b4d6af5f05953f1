// Errors of the gateway itself.
#include "own_error.hpp"

#include <gtest/gtest.h>

#include "endpoint.hpp"

namespace belay::gateway {
namespace {

TEST(OwnError, HasTheShapeOfItsWireAndSaysWhoseItIs) {
  EXPECT_EQ(own_error(chat_wire, 401, "auth_rejected", "no \"key\"", "01J"),
            R"({"error":{"type":"authentication_error","message":"no \"key\"","param":null,"code":"auth_rejected","source":"gateway"}})");
  EXPECT_EQ(own_error(messages_wire, 429, "rate_limited", "slow down", "01J"),
            R"({"type":"error","error":{"type":"rate_limit_error","message":"slow down","code":"rate_limited","source":"gateway"},"request_id":"01J"})");
}

TEST(OwnError, NamesTheKindByStatus) {
  for (const auto& [status, type] : {std::pair{400, "invalid_request_error"}, {403, "permission_error"}, {404, "not_found_error"}, {405, "invalid_request_error"}, {413, "request_too_large"}, {503, "api_error"}}) {
    EXPECT_NE(own_error(chat_wire, status, "x", "y", "").find(std::string("\"type\":\"") + type), std::string::npos) << status;
  }
}

}  // namespace
}  // namespace belay::gateway
