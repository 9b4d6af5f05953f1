// Replies handed on as raw events: told apart by their look, the same for every cut, never a clean end for what was
// cut.
#include "belay/cpp/raw_reply.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "driver.hpp"

namespace {

using belay::driver::Event;
using belay::sdk::Finish;
using Events = std::vector<Event>;

belay_status keep(void* to, const belay_event* event) {
  Event seen{event->type,
             event->index,
             std::string(belay::sdk::view(event->a)),
             std::string(belay::sdk::view(event->b)),
             event->num,
             0,
             0,
             {}};
  if (event->failure != nullptr) {
    seen.failure_kind = event->failure->kind;
    seen.failure_status = event->failure->status;
    seen.failure_body = belay::sdk::view(event->failure->body);
  }
  static_cast<Events*>(to)->push_back(std::move(seen));
  return BELAY_OK;
}

struct Server {
  bool asked_for_stream = true;
  std::string content_type = "text/event-stream";
  Finish how = Finish::complete;
};

Events relayed(const std::string& body, const std::vector<std::size_t>& cuts, const Server& server) {
  Events events;
  const belay_sink raw{sizeof raw, 0, &events, keep};
  belay::sdk::Sink sink(&raw);
  belay::sdk::RawReply reply(server.asked_for_stream);
  const belay_field header{belay::sdk::str("content-type"), belay::sdk::str(server.content_type), 0, 0};
  const belay_head head{sizeof head, 200, {&header, 1, sizeof header}};
  EXPECT_TRUE(reply.head(belay::sdk::Head(&head)).ok());
  std::size_t at = 0;
  for (std::size_t i = 0; i <= cuts.size(); ++i) {
    const std::size_t end = i < cuts.size() ? cuts[i] : body.size();
    std::string piece = body.substr(at, end - at);
    EXPECT_TRUE(reply.chunk(piece, sink).ok());
    piece.assign(piece.size(), '#');
    at = end;
  }
  EXPECT_TRUE(reply.finish(server.how, sink).ok());
  return events;
}

/// With every single cut, and byte by byte, the events are the same.
Events for_every_cut(const std::string& body, const Server& server = {}) {
  const Events whole = relayed(body, {}, server);
  std::vector<std::size_t> bytes;
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    EXPECT_EQ(relayed(body, {cut}, server), whole) << "cut at " << cut << " of " << body;
    if (cut > 0 && cut < body.size()) bytes.push_back(cut);
  }
  EXPECT_EQ(relayed(body, bytes, server), whole) << "byte by byte: " << body;
  return whole;
}

Event raw(std::string data, std::string name = {}) {
  return {BELAY_EVENT_RAW, 0, std::move(data), std::move(name), 0, 0, 0, {}};
}
Event error(std::uint32_t kind, std::string body = {}) {
  return {BELAY_EVENT_ERROR, 0, {}, {}, 0, kind, 200, std::move(body)};
}

TEST(RawReply, EventsOfAStreamEndWithItsEndMark) {
  EXPECT_EQ(for_every_cut("data: {\"a\":1}\n\n: ping\n\ndata: {\"b\":2}\n\ndata: [DONE]\n\ndata: {\"late\":1}\n\n"),
            (Events{raw("{\"a\":1}"), raw("{\"b\":2}"), raw("[DONE]")}));
}

TEST(RawReply, LineEndsMarksAndMissingBlankLinesMakeNoDifference) {
  const Events expected{raw("{\"a\":1}"), raw("[DONE]")};
  for (const auto* body : {"data: {\"a\":1}\r\n\r\ndata: [DONE]\r\n\r\n", "data: {\"a\":1}\r\rdata: [DONE]\r\r",
                           "\xEF\xBB\xBF"
                           "data: {\"a\":1}\n\ndata: [DONE]\n\n",
                           "\n\n: hello\n\ndata: {\"a\":1}\n\ndata: [DONE]", "data:{\"a\":1}\n\ndata:[DONE] \n\n",
                           "data\n\ndata: {\"a\":1}\n\ndata: [DONE]\n"}) {
    EXPECT_EQ(for_every_cut(body), expected);
  }
}

TEST(RawReply, AnObjectIsABodyWhateverWasAskedForOrDeclared) {
  const Events expected{raw("{\"choices\":[]}")};
  EXPECT_EQ(for_every_cut("{\"choices\":[]}", {true, "text/event-stream", Finish::complete}), expected);
  EXPECT_EQ(for_every_cut("{\"choices\":[]}", {true, "application/json", Finish::complete}), expected);
  EXPECT_EQ(for_every_cut(" \r\n{\"choices\":[]}", {false, "application/json", Finish::complete}), expected);
  EXPECT_EQ(for_every_cut("\xEF\xBB\xBF{\"choices\":[]}", {false, "", Finish::complete}), expected);
}

TEST(RawReply, AStreamIsOneThoughNobodyAskedForIt) {
  EXPECT_EQ(for_every_cut("data: {\"a\":1}\n\ndata: [DONE]\n\n",
                          {false, "Text/Event-Stream; charset=utf-8", Finish::complete}),
            (Events{raw("{\"a\":1}"), raw("[DONE]")}));
  EXPECT_EQ(for_every_cut("data: {\"a\":1}\n\n", {true, "text/plain", Finish::complete}), (Events{raw("{\"a\":1}")}));
}

TEST(RawReply, APageIsABody) {
  EXPECT_EQ(for_every_cut("<html>x</html>", {true, "text/html", Finish::complete}), (Events{raw("<html>x</html>")}));
}

TEST(RawReply, NothingIsNoReply) {
  EXPECT_EQ(for_every_cut("", {}), (Events{error(BELAY_FAILURE_INVALID)}));
  EXPECT_EQ(for_every_cut(": ping\n\n: ping\n\n", {}), (Events{error(BELAY_FAILURE_INVALID)}));
  EXPECT_EQ(for_every_cut("  \n", {false, "application/json", Finish::complete}),
            (Events{error(BELAY_FAILURE_INVALID)}));
}

TEST(RawReply, WhatWasCutIsToldSo) {
  for (const auto how : {Finish::truncated, Finish::timeout, Finish::cancelled}) {
    EXPECT_EQ(for_every_cut("data: {\"a\":1}\n\ndata: {\"b\"", {true, "text/event-stream", how}),
              (Events{raw("{\"a\":1}"), error(BELAY_FAILURE_CUT)}));
    EXPECT_EQ(for_every_cut("{\"choices\":[", {false, "application/json", how}),
              (Events{error(BELAY_FAILURE_CUT, "{\"choices\":[")}));
  }
  EXPECT_EQ(for_every_cut("data: {\"a\":1}\n\ndata: [DONE]\n\n", {true, "text/event-stream", Finish::truncated}),
            (Events{raw("{\"a\":1}"), raw("[DONE]")}));
  EXPECT_EQ(for_every_cut("", {true, "text/event-stream", Finish::failed}), Events{});
}

TEST(RawReply, AnEventNamedErrorIsOne) {
  EXPECT_EQ(for_every_cut("data: {\"a\":1}\n\nevent: error\ndata: {\"message\":\"quota\"}\n\ndata: {\"b\":2}\n\n"),
            (Events{raw("{\"a\":1}"), error(BELAY_FAILURE_IN_REPLY, "{\"message\":\"quota\"}")}));
}

TEST(RawReply, EventNamesAreHandedOn) { EXPECT_EQ(for_every_cut("event: x\ndata: {}\n\n"), (Events{raw("{}", "x")})); }

TEST(RawReply, AnEndlessEventIsRefused) {
  Events events;
  const belay_sink into{sizeof into, 0, &events, keep};
  belay::sdk::Sink sink(&into);
  belay::sdk::RawReply reply(true);
  const std::string piece(std::size_t{16} << 10, 'x');
  auto status = reply.chunk("data: ", sink);
  std::size_t fed = 0;
  for (; status.ok() && fed < (std::size_t{32} << 20); fed += piece.size()) status = reply.chunk(piece, sink);

  EXPECT_EQ(status.code, BELAY_ERR_PROTOCOL);
  EXPECT_LE(fed, belay::sdk::ReplyReader::event_limit + piece.size());
  EXPECT_TRUE(events.empty());
}

}  // namespace
