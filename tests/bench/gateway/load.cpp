// The load of tests/bench/gateway/run: one thread, one epoll, and every reply is looked at. Prints one JSON object.
//
//   bench_gateway_load requests --port P --request FILE --expect TEXT [--connections C] [--count N | --seconds S]   closed loop on kept connections
//   bench_gateway_load streams  --port P --request FILE --connections N --chunks K    N streams at once; the delay of each chunk since the mock wrote it
//   bench_gateway_load hold     --port P --request FILE --connections N               opens N streams, prints "held", keeps them until stdin ends
#include <algorithm>
#include <fstream>
#include <sstream>

#include "load.hpp"

namespace belay::bench {

double quantile(std::vector<std::int64_t>& ns, double part) {
  if (ns.empty()) return 0;
  const auto at = ns.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(ns.size() - 1));
  std::nth_element(ns.begin(), at, ns.end());
  return static_cast<double>(*at) / 1000.0;
}

namespace {

std::string content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  if (!(out << in.rdbuf())) die("cannot read " + file);
  return std::move(out).str();
}

Order read_order(int count, char** words) {
  Order order;
  for (int i = 2; i + 1 < count; i += 2) {
    const std::string name = words[i], value = words[i + 1];
    if (name == "--port") order.port = std::stoi(value);
    else if (name == "--request") order.request = content_of(value);
    else if (name == "--expect") order.expect = value;
    else if (name == "--connections") order.connections = std::stoi(value);
    else if (name == "--count") order.count = std::stol(value);
    else if (name == "--seconds") order.seconds = std::stod(value);
    else if (name == "--chunks") order.chunks = std::stoi(value);
    else die("unknown option " + name);
  }
  if (order.port == 0 || order.request.empty()) die("--port and --request are needed");
  return order;
}

}  // namespace
}  // namespace belay::bench

int main(int count, char** words) {
  using namespace belay::bench;
  const std::string kind = count > 1 ? words[1] : "";
  const Order order = read_order(count, words);
  raise_descriptor_limit();
  if (kind == "requests") return run_requests(order);
  if (kind == "streams") return run_streams(order);
  if (kind == "hold") return run_hold(order);
  die("requests, streams or hold");
}
