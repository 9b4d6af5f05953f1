#include "page.hpp"

#include <array>

#include "base/json.hpp"

namespace belay::gateway::sight {
namespace {

class PageVisit final : public Visit {
 public:
  PageVisit(std::shared_ptr<Answer> answer, std::function<void(std::shared_ptr<Answer>)> ask)
      : answer_(std::move(answer)), ask_(std::move(ask)) {}
  ~PageVisit() override { answer_->forget(); }

  void on_body(std::string) override { ask_(answer_); }
  void on_gone() override { answer_->forget(); }

 private:
  std::shared_ptr<Answer> answer_;
  std::function<void(std::shared_ptr<Answer>)> ask_;
};

}  // namespace

void Answer::send(const std::shared_ptr<Answer>& answer, Page page) {
  answer->home_.post([answer, page = std::move(page)] { answer->send_here(page); });
}

void Answer::send_here(const Page& page) {
  if (reply_ == nullptr) return;
  Reply* const reply = reply_;
  reply_ = nullptr;
  if (sent_) sent_(page.status, page.body.size());
  const std::array<Field, 2> fields = {{{"content-type", page.type}, {"cache-control", "no-store"}}};
  reply->send(page.status, fields, page.body);
}

std::unique_ptr<Visit> page_visit(Loop& home, Reply& reply, Sent sent,
                                  std::function<void(std::shared_ptr<Answer>)> ask) {
  return std::make_unique<PageVisit>(std::make_shared<Answer>(home, reply, std::move(sent)), std::move(ask));
}

Page error_page(int status, std::string_view code, std::string_view message) {
  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  json::key(to, "error");
  to.StartObject();
  json::key(to, "message"), json::str(to, message);
  json::key(to, "type"), json::str(to, "invalid_request_error");
  json::key(to, "code"), json::str(to, code);
  json::key(to, "param"), to.Null();
  to.EndObject();
  to.EndObject();
  return {status, json_type, std::string(json::view(buffer))};
}

}  // namespace belay::gateway::sight
