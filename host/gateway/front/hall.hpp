// Hall: what all connections of one front share: the loop, the counts, memory that is used by one connection at a time, and the end of the turn. [loop thread]
#pragma once

#include <list>
#include <memory>
#include <vector>

#include "base/loop.hpp"
#include "connection.hpp"
#include "front/front.hpp"
#include "outbox.hpp"
#include "reply_head.hpp"

namespace belay::gateway {

struct Hall {
  /// Told when a connection went away, so that waiting ones may come in.
  class Doorkeeper {
   public:
    virtual ~Doorkeeper() = default;
    virtual void on_left() = 0;
  };

  static constexpr std::size_t scratch_size = 64u << 10;

  Hall(Loop& loop_of_it, std::shared_ptr<const FrontSettings> settings_now, Service& service_of_it, Doorkeeper& keeper);
  ~Hall();
  Hall(const Hall&) = delete;
  Hall& operator=(const Hall&) = delete;

  /// The connection is settled at the end of the turn.
  void remember(Connection& connection);
  Connection& welcome(Fd fd, const Connection::Entry& entry);

  Loop& loop;
  std::shared_ptr<const FrontSettings> settings;
  Service& service;
  Doorkeeper& doorkeeper;
  FrontCounts counts;
  bool draining = false;

  std::unique_ptr<char[]> scratch;  ///< what was just read; its owner copies what it wants to keep
  std::vector<Field> fields;        ///< of the head that is being looked at
  BufferPool pool;
  DateLine date;
  std::list<Connection> connections;

 private:
  /// The loop may hold on to the job for longer than the hall lives.
  struct Turn {
    Hall* hall;
    bool asked = false;
  };
  void end_turn();

  std::shared_ptr<Turn> turn_;
  std::vector<Connection*> remembered_, settling_;
};

}  // namespace belay::gateway
