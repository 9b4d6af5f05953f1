#include "live.hpp"

#include <gtest/gtest.h>

namespace belay::runtime::test {

ProviderSettings provider(const std::string& name, const std::string& origin) {
  ProviderSettings out;
  out.name = name;
  out.plugin = "openai";
  out.base_url = origin + "/v1";
  out.model = "m";
  out.pool.provider = name;
  out.pool.origin = origin;
  return out;
}

ProviderSettings keyed(const std::string& name, const std::string& origin, const std::string& key) {
  ProviderSettings out = provider(name, origin);
  credentials::CredentialSettings credential;
  credential.id = "main";
  credential.type = "api_key";
  credential.sources["source"] = *credentials::parse_source("literal:" + key);
  out.pool.credentials.push_back(std::move(credential));
  return out;
}

Settings settings_of(std::vector<ProviderSettings> providers) {
  Settings out;
  out.state = "memory:";
  out.loader.dirs = {PLUGIN_DIR};
  out.loader.trust = plugins::Trust::any;
  fallback::RouteSettings route;
  route.name = "r";
  for (const auto& provider : providers) route.targets.push_back({.provider = provider.name, .model = {}, .on = {}, .place = {}});
  out.routes.push_back(std::move(route));
  out.providers = std::move(providers);
  return out;
}

std::unique_ptr<Runtime> open(Settings settings, Options options) {
  auto runtime = Runtime::open(std::move(settings), std::move(options));
  if (!runtime) throw std::runtime_error(runtime.error().message);
  return std::move(*runtime);
}

CallRequest ask(const std::string& text, bool stream) {
  CallRequest request;
  request.body = R"({"messages":[{"role":"user","content":)" + json::quoted(text) + "}]}";
  request.route = "r";
  request.stream = stream;
  return request;
}

void Recorder::on_attempt(const fallback::Attempt& attempt) { order.push_back("attempt " + attempt.provider); }
void Recorder::on_verdict(const fallback::Attempt& attempt) { order.push_back("verdict " + std::string(to_string(attempt.verdict))); }
void Recorder::on_commit(const Committed& committed) { order.push_back("commit " + committed.provider); }
bool Recorder::on_event(std::string_view) {
  std::lock_guard lock(mutex_);
  if (events == 0) order.emplace_back("event");
  ++events;
  changed_.notify_all();
  return events < pause_after;
}
void Recorder::on_text(std::string_view piece) { text += piece; }
void Recorder::on_done(const CallResult& result) {
  order.emplace_back("done");
  std::lock_guard lock(mutex_);
  result_ = result;
  done_ = true;
  changed_.notify_all();
}
CallResult Recorder::wait() {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, std::chrono::seconds(30), [this] { return done_; })) throw std::runtime_error("the call does not end");
  return result_;
}
void Recorder::wait_for_events(std::size_t count) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, std::chrono::seconds(30), [&] { return events >= count; })) throw std::runtime_error("no events");
}

}  // namespace belay::runtime::test
