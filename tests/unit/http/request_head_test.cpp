#include "direct/request_head.hpp"

#include <gtest/gtest.h>

#include "address.hpp"

namespace belay::http::test {
namespace {

std::shared_ptr<const RequestHead> head_of(const std::string& url, const Request& request) {
  AddressBook book{ProxyEnvironment{}};
  const auto address = *book.find(url, nullptr);
  return (*address->lines(request))->head(request, *address);
}

Request with(std::string method, std::vector<Header> headers, bool body) {
  Request request;
  request.method = std::move(method);
  request.headers = std::move(headers);
  if (body) request.body = std::make_shared<const std::string>("12345");
  return request;
}

TEST(RequestHead, IsWhatGoesOverTheWire) {
  EXPECT_EQ(head_of("http://api.example.org:8080/v1/chat?x=%20y#part", with("POST", {{"A", " one "}, {"B", ""}}, true))
                ->text(),
            "POST /v1/chat?x=%20y HTTP/1.1\r\nHost: api.example.org:8080\r\nAccept: */*\r\nA: one\r\nB: "
            "\r\nContent-Length: ");
}

TEST(RequestHead, OfARequestWithoutBodyTellsNoLength) {
  EXPECT_EQ(head_of("http://api.example.org", with("GET", {}, false))->text(),
            "GET / HTTP/1.1\r\nHost: api.example.org\r\nAccept: */*\r\n");
  EXPECT_EQ(head_of("http://[::1]:81?q", with("HEAD", {}, false))->text(),
            "HEAD /?q HTTP/1.1\r\nHost: [::1]:81\r\nAccept: */*\r\n");
}

TEST(RequestHead, EndsWithWhatIsOneRequestsAlone) {
  const auto post = head_of("http://h/", with("POST", {}, true)), get = head_of("http://h/", with("GET", {}, false));
  EXPECT_EQ(post->rest(12'345, ""), "12345\r\n\r\n");
  EXPECT_EQ(post->rest(0, "00-ab-cd-01"), "0\r\ntraceparent: 00-ab-cd-01\r\n\r\n");
  EXPECT_EQ(get->rest(0, ""), "\r\n");
  EXPECT_EQ(get->rest(0, "00-ab-cd-01"), "traceparent: 00-ab-cd-01\r\n\r\n");
}

TEST(RequestHead, TellsALengthWhereAServerWouldWaitForOne) {
  EXPECT_TRUE(head_of("http://h/", with("POST", {}, false))->text().ends_with("Content-Length: "));
  EXPECT_TRUE(head_of("http://h/", with("GET", {}, true))->text().ends_with("Content-Length: "));
}

TEST(RequestHead, MovesToAnotherTarget) {
  const auto head = head_of("http://h/a", with("POST", {{"A", "one"}}, true));
  EXPECT_EQ(head->moved_to("/b?c")->text(),
            "POST /b?c HTTP/1.1\r\nHost: h\r\nAccept: */*\r\nA: one\r\nContent-Length: ");
  EXPECT_EQ(head->moved_to("/b")->moved_to("/c")->text(),
            "POST /c HTTP/1.1\r\nHost: h\r\nAccept: */*\r\nA: one\r\nContent-Length: ");
}

TEST(RequestHead, IsKeptForTheNextRequestOfItsKind) {
  AddressBook book{ProxyEnvironment{}};
  const auto address = *book.find("http://h/a", nullptr);
  const Request request = with("POST", {{"A", "one"}}, true);
  const auto head = [&](const Request& asked) { return (*address->lines(asked))->head(asked, *address); };
  const auto first = head(request);
  EXPECT_EQ(head(request), first);
  EXPECT_NE(head(with("PUT", {{"A", "one"}}, true)), first);
  EXPECT_NE(head(with("POST", {{"A", "two"}}, true)), first);
  EXPECT_EQ(head(request)->text(), first->text());
}

}  // namespace
}  // namespace belay::http::test
