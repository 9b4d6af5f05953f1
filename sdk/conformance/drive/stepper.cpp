#include "drive/stepper.hpp"

#include "base/utf8.hpp"
#include "drive/test_host.hpp"

namespace belay::conform {

Stepper::Stepper(const Subject& subject, belay_instance* instance, const Material& material, std::size_t piece)
    : subject_(subject), instance_(instance), material_(material), reply_(material.reply()), piece_(piece), events_(material.tape, EventTape::Keep::transcript) {}

const char* Stepper::next() const {
  static constexpr const char* names[] = {"begin", "build_request", "on_response_head", "on_body_chunk", "finish", "run", "end", "nothing"};
  return names[static_cast<std::size_t>(next_)];
}

Stepper::Next Stepper::settle(belay_status status, Next good) {
  if (events_.as_host(status) == BELAY_OK) return good;
  statuses_ += std::string(next()) + " " + std::to_string(status) + " " + printable(exchange_->error.text()) + "\n";
  return Next::end;
}

Stepper::Next Stepper::after_begin() {
  if (!exchange_->begun()) {
    statuses_ += "begin " + std::to_string(exchange_->begin_status) + "\n";
    return Next::nothing;
  }
  return subject_.own_transport() ? Next::run : Next::build;
}

Stepper::Next Stepper::after_chunk() {
  const std::string_view piece = std::string_view(reply_.body).substr(at_, piece_);
  const belay_status status = exchange_->chunk(window_.put(piece), events_);
  window_.spoil();
  at_ += piece.size();
  return settle(status, at_ < reply_.body.size() ? Next::chunk : Next::finish);
}

bool Stepper::step() {
  switch (next_) {
    case Next::begin:
      exchange_.emplace(subject_, instance_, material_.lent);
      next_ = after_begin();
      break;
    case Next::build:
      next_ = settle(exchange_->build(request_.writer()), reply_.status / 100 == 2 ? Next::head : Next::finish);
      break;
    case Next::head: {
      const LentHead head(reply_);
      next_ = settle(exchange_->head(head.head(), events_), reply_.body.empty() ? Next::finish : Next::chunk);
      break;
    }
    case Next::chunk: next_ = after_chunk(); break;
    case Next::finish: {
      const std::uint32_t how = reply_.status / 100 != 2 ? BELAY_FINISH_FAILED : reply_.truncated ? BELAY_FINISH_TRUNCATED : BELAY_FINISH_COMPLETE;
      next_ = settle(exchange_->finish(how, events_), Next::end);
      break;
    }
    case Next::run: next_ = settle(exchange_->run(events_, nullptr), Next::end); break;
    case Next::end:
      exchange_->end();
      next_ = Next::nothing;
      break;
    case Next::nothing: break;
  }
  return next_ != Next::nothing;
}

std::string result_of(const Subject& subject, belay_instance* instance, const Material& material, std::size_t piece) {
  Stepper stepper(subject, instance, material, piece);
  stepper.to_the_end();
  return stepper.result();
}

}  // namespace belay::conform
