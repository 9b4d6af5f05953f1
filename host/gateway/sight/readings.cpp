#include "readings.hpp"

namespace belay::gateway::sight {
namespace {

constexpr Millis fresh{1'000};

std::vector<runtime::Explanation> explain_all(runtime::Runtime& runtime) {
  std::vector<runtime::Explanation> out;
  const auto add = [&](const std::string& route) {
    if (auto explained = runtime.explain(route, std::nullopt)) out.push_back(std::move(*explained));
  };
  for (const auto& route : runtime.settings().routes) add(route.name);
  add("auto");  // an error where no provider has a credential: then there is no such route
  return out;
}

}  // namespace

void Readings::use(std::shared_ptr<runtime::Runtime> runtime) {
  {
    std::lock_guard lock(mutex_);
    std::swap(runtime_, runtime);
  }
  // The old one must not be kept alive by what was read from it. A reading that is under way is waited for.
  std::scoped_lock both(status_.mutex, routes_.mutex);
  status_.of.reset();
  routes_.of.reset();
}

std::shared_ptr<runtime::Runtime> Readings::runtime() const {
  std::lock_guard lock(mutex_);
  return runtime_;
}

template <typename T, typename Read>
std::shared_ptr<const T> Readings::cached(Cached<T>& cache, Read read) {
  std::lock_guard lock(cache.mutex);
  auto runtime = this->runtime();
  const MonoTime now = system_clock().mono();
  if (!cache.value || cache.of != runtime || now - cache.at >= fresh) {
    cache.value = std::make_shared<const T>(read(*runtime));
    cache.of = std::move(runtime);
    cache.at = system_clock().mono();
  }
  return cache.value;
}

std::shared_ptr<const runtime::Status> Readings::status() {
  return cached(status_, [](runtime::Runtime& runtime) { return runtime.status(); });
}

std::shared_ptr<const std::vector<runtime::Explanation>> Readings::routes() { return cached(routes_, explain_all); }

}  // namespace belay::gateway::sight
