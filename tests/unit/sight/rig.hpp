// Rig: a Sight over real loops and a real runtime, and the ways into it that a gateway has.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "live.hpp"
#include "sight/sight.hpp"

namespace belay::gateway::test {

/// What a client of a page got.
struct Got {
  int status = 0;
  std::string type, body;

  [[nodiscard]] json::Document json() const;
};

class Rig {
 public:
  using Make = std::function<std::unique_ptr<Visit>(Sight&, Reply&)>;

  explicit Rig(runtime::Settings settings, SightSettings how = {}, std::size_t workers = 2);
  ~Rig();

  /// Makes the visit on worker `i`'s loop, and waits for its reply.
  Got page(std::size_t i, const Make& make);
  Got metrics(std::size_t i = 0);
  Got status(std::size_t i = 0);
  Got trace(const std::string& id, std::size_t i = 0, Whose whose = {});
  Got traces(const std::string& query = "", std::size_t i = 0, Whose whose = {});

  /// Runs `job` on worker `i`'s loop and waits for it.
  void on_loop(std::size_t i, const std::function<void(SightWorker&)>& job);
  void ended(std::size_t i, const RequestRecord& record);
  /// A whole call on worker `i`, told to its sight as a gateway would.
  runtime::CallResult call(std::size_t i, runtime::CallRequest request, const std::string& key = "",
                           const std::string& traceparent = "");

  std::shared_ptr<runtime::Loops> loops;
  std::shared_ptr<runtime::Runtime> runtime;
  std::unique_ptr<Sight> sight;
};

/// A folder of its own for the files of one test.
class Folder {
 public:
  Folder();
  ~Folder();
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/// The value of one series in the text of /metrics: "belay_calls_in_flight", "belay_x_total{a=\"b\"}".
double value_of(const std::string& metrics, const std::string& series);

std::string content_of(const std::string& path);

}  // namespace belay::gateway::test
