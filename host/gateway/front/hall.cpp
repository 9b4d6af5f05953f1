#include "hall.hpp"

namespace belay::gateway {

Hall::Hall(Loop& loop_of_it, std::shared_ptr<const FrontSettings> settings_now, Service& service_of_it, Doorkeeper& keeper)
    : loop(loop_of_it), settings(std::move(settings_now)), service(service_of_it), doorkeeper(keeper), scratch(new char[scratch_size]),
      turn_(std::make_shared<Turn>(Turn{this})) {}

Hall::~Hall() {
  turn_->hall = nullptr;
  for (auto& connection : connections) connection.server_ends();
}

Connection& Hall::welcome(Fd fd, const Connection::Entry& entry) {
  connections.emplace_front(*this, std::move(fd), entry);
  connections.front().start(connections.begin());
  return connections.front();
}

void Hall::remember(Connection& connection) {
  remembered_.push_back(&connection);
  if (turn_->asked) return;
  turn_->asked = true;
  loop.at_turn_end([turn = turn_] {
    turn->asked = false;
    if (turn->hall != nullptr) turn->hall->end_turn();
  });
}

void Hall::end_turn() {
  settling_.swap(remembered_);
  for (Connection* connection : settling_) {
    if (connection->settle() == Connection::Settled::gone) connections.erase(connection->place());
  }
  settling_.clear();
}

}  // namespace belay::gateway
