// Asks every worker on its own loop, and goes on when all have answered, on the loop of the last one.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "base/loop.hpp"
#include "sight/sight.hpp"

namespace belay::gateway::sight {

struct Seat {
  Loop* loop;
  SightWorker* worker;
};

template <typename Part, typename Ask, typename Then>
void gather(const std::vector<Seat>& seats, Ask ask, Then then) {
  struct Table {
    Table(std::size_t seats, Ask ask, Then then)
        : parts(seats), left(seats), ask(std::move(ask)), then(std::move(then)) {}
    std::vector<Part> parts;
    std::atomic<std::size_t> left;
    Ask ask;
    Then then;
  };
  auto table = std::make_shared<Table>(seats.size(), std::move(ask), std::move(then));
  for (std::size_t i = 0; i < seats.size(); ++i) {
    SightWorker* const worker = seats[i].worker;
    seats[i].loop->post([table, worker, i] {
      table->parts[i] = table->ask(worker->impl());
      if (table->left.fetch_sub(1, std::memory_order_acq_rel) == 1) table->then(std::move(table->parts));
    });
  }
}

}  // namespace belay::gateway::sight
