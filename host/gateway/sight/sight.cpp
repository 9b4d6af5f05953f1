#include "sight/sight.hpp"

#include "base/secret.hpp"
#include "base/workers.hpp"
#include "gather.hpp"
#include "metrics_text.hpp"
#include "page.hpp"
#include "provider_facts.hpp"
#include "readings.hpp"
#include "reloads.hpp"
#include "status_page.hpp"
#include "trace_pages.hpp"
#include "worker.hpp"

namespace belay::gateway {

using namespace sight;
namespace {

constexpr std::size_t reader_threads = 4;

ExportSettings export_settings(const SightSettings& settings) {
  return {settings.otlp_endpoint.empty() ? "" : settings.otlp_endpoint + "/v1/traces", settings.otlp_headers,
          settings.export_timeout, settings.export_backoff};
}

RecorderSettings recorder_settings(const SightSettings& settings, const runtime::Settings& configured) {
  return {settings.service_name, !settings.otlp_endpoint.empty(), settings.batch_spans, settings.batch_wait,
          providers_of(configured)};
}

std::size_t share(std::size_t all, std::size_t workers) { return (all + workers - 1) / workers; }

}  // namespace

/// In the order in which it ends, the last one first: readers, the recorder, the workers, the exporter.
struct Sight::Impl {
  std::shared_ptr<runtime::Loops> loops;
  SightSettings settings;  // of use() and open(), which don't run at once
  Reloads reloads;
  UnixMs started = system_clock().unix_ms();
  std::shared_ptr<SpanExport> exporter;
  std::mutex names_mutex;
  std::shared_ptr<const Names> names;  // under names_mutex
  std::unique_ptr<Recorder> recorder;
  std::vector<std::unique_ptr<SightWorker>> workers;
  std::vector<Seat> seats;
  std::unique_ptr<Readings> readings;
  std::unique_ptr<Workers> readers;

  void tell_workers();
  void settle() const;
  [[nodiscard]] std::shared_ptr<const Names> current_names();
  [[nodiscard]] Readout readout(const std::vector<Counters>& parts);
  void answer_metrics(std::shared_ptr<Answer> answer);
  void answer_status(std::shared_ptr<Answer> answer);
  void answer_trace(std::shared_ptr<Answer> answer, std::string id, Whose whose);
  void answer_traces(std::shared_ptr<Answer> answer, const std::string& query, Whose whose);
};

SightSettings sight_settings(const runtime::GatewaySettings& gateway) {
  SightSettings out;
  out.access_log = gateway.access_log;
  out.otlp_endpoint = gateway.otlp_endpoint;
  for (const auto& [name, value] : gateway.otlp_headers) out.otlp_headers.emplace_back(name, Secret(value));
  out.service_name = gateway.service_name;
  out.traces_kept = static_cast<std::size_t>(std::max<std::int64_t>(gateway.traces, 0));
  return out;
}

std::shared_ptr<const Names> Sight::Impl::current_names() {
  std::lock_guard lock(names_mutex);
  return names;
}

/// What every worker needs of the configuration, on its own thread.
void Sight::Impl::tell_workers() {
  const auto now = current_names();
  const bool log_on = settings.access_log != "off" && !settings.access_log.empty(),
             spans_on = !settings.otlp_endpoint.empty();
  const std::size_t traces = share(settings.traces_kept, workers.size());
  for (const Seat& seat : seats) {
    SightWorker* const worker = seat.worker;
    seat.loop->post([worker, now, log_on, spans_on, traces] {
      worker->impl().names = now;
      worker->impl().log_on = log_on;
      worker->impl().spans_on = spans_on;
      worker->impl().ring.resize(traces);
    });
  }
}

void Sight::Impl::settle() const {
  for (const auto& thread : loops->all()) thread->settle();
}

Result<std::unique_ptr<Sight>> Sight::open(SightSettings settings, std::shared_ptr<runtime::Loops> loops,
                                           std::shared_ptr<runtime::Runtime> runtime) {
  auto log = AccessLog::open(settings.access_log);
  if (!log) return log.error();
  auto impl = std::make_unique<Impl>();
  auto& first = *loops->all().front();
  impl->exporter = std::make_shared<SpanExport>(first.loop(), first.client());
  impl->exporter->use(export_settings(settings));
  impl->names = names_of(runtime->settings(), nullptr);
  impl->recorder = std::make_unique<Recorder>(loops->all().size(), settings.queue, std::move(*log),
                                              recorder_settings(settings, runtime->settings()), impl->exporter);
  for (const auto& thread : loops->all()) {
    auto part = std::make_unique<SightWorker::Impl>(share(settings.traces_kept, loops->all().size()), *impl->recorder,
                                                    impl->workers.size());
    part->names = impl->names;
    impl->workers.push_back(std::make_unique<SightWorker>(std::move(part)));
    impl->seats.push_back({&thread->loop(), impl->workers.back().get()});
  }
  impl->loops = std::move(loops);
  impl->settings = std::move(settings);
  impl->reloads.loaded(runtime->settings().files, impl->started, Loaded::first);
  impl->readings = std::make_unique<Readings>(std::move(runtime));
  impl->readers = std::make_unique<Workers>(reader_threads);
  impl->tell_workers();
  impl->settle();  // so that nothing is missed from the first request on
  return std::unique_ptr<Sight>(new Sight(std::move(impl)));
}

Sight::Sight(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Sight::~Sight() {
  // Calls that outlive it must not come back to it; and what pages have asked the loops is answered before the readers
  // end.
  for (const Seat& seat : impl_->seats) {
    SightWorker* const worker = seat.worker;
    seat.loop->post([worker] { worker->impl().let_go(); });
  }
  impl_->settle();
  impl_->readers.reset();
  impl_->recorder.reset();
  impl_->exporter->close();
  impl_->settle();
}

SightWorker& Sight::worker(std::size_t i) { return *impl_->workers[i]; }

Result<void> Sight::use(SightSettings settings, std::shared_ptr<runtime::Runtime> runtime) {
  std::optional<AccessLog> log;
  if (settings.access_log != impl_->settings.access_log) {
    auto opened = AccessLog::open(settings.access_log);
    if (!opened) return opened.error();
    log = std::move(*opened);
  }
  {
    std::lock_guard lock(impl_->names_mutex);
    impl_->names = names_of(runtime->settings(), impl_->names.get());
  }
  impl_->exporter->use(export_settings(settings));
  impl_->recorder->use(recorder_settings(settings, runtime->settings()), std::move(log));
  impl_->settings = std::move(settings);
  impl_->tell_workers();
  impl_->reloads.loaded(runtime->settings().files, system_clock().unix_ms(), Loaded::again);
  impl_->readings->use(std::move(runtime));
  return {};
}

void Sight::reload_failed(std::string_view why) { impl_->reloads.failed(scrub(why)); }
void Sight::reopen() { impl_->recorder->reopen(); }

void Sight::flush(Millis limit) {
  const MonoTime until = system_clock().mono() + limit;
  impl_->recorder->flush(until);
  impl_->exporter->wait_idle(until);
}

Readout Sight::Impl::readout(const std::vector<Counters>& parts) {
  Readout out;
  for (const auto& part : parts) out.counters.add(part);
  out.workers = parts.size();
  out.recorder = {recorder->lines(), recorder->lines_lost(), exporter->exported(), exporter->refused(),
                  exporter->overflowed()};
  out.reloads = reloads.facts();
  out.process = process_facts();
  return out;
}

void Sight::Impl::answer_metrics(std::shared_ptr<Answer> answer) {
  gather<Counters>(
      seats, [](SightWorker::Impl& worker) { return worker.read(); },
      [this, answer](std::vector<Counters> parts) {
        readers->run([this, answer, parts = std::move(parts)] {
          const auto status = readings->status();
          Answer::send(answer, {200, metrics_type, scrub(metrics_text(readout(parts), *current_names(), *status))});
        });
      });
}

void Sight::Impl::answer_status(std::shared_ptr<Answer> answer) {
  gather<WorkerView>(
      seats, [](SightWorker::Impl& worker) { return worker.view(most_live); },
      [this, answer](std::vector<WorkerView> parts) {
        readers->run([this, answer, parts = std::move(parts)]() mutable {
          StatusView view{system_clock().unix_ms(), started,           reloads.facts(), std::move(parts),
                          readings->status(),       readings->routes()};
          Answer::send(answer, {200, json_type, scrub(status_json(view))});
        });
      });
}

void Sight::Impl::answer_trace(std::shared_ptr<Answer> answer, std::string id, Whose whose) {
  TraceFilter filter;
  filter.id = std::move(id);
  filter.key = std::move(whose);
  filter.limit = 1;
  gather<std::vector<KeptPtr>>(
      seats, [filter](SightWorker::Impl& worker) { return worker.ring.find(filter); },
      [answer, id = filter.id](std::vector<std::vector<KeptPtr>> parts) {
        const auto found = newest_of(std::move(parts), 1);
        if (found.empty()) {
          Answer::send(answer,
                       error_page(404, "not_found",
                                  "no trace \"" + id + "\" is in memory (the last ones are kept: see gateway.traces)"));
        } else {
          Answer::send(answer, {200, json_type, fallback::to_json(found.front()->trace)});
        }
      });
}

void Sight::Impl::answer_traces(std::shared_ptr<Answer> answer, const std::string& query, Whose whose) {
  auto filter = parse_filter(query);
  if (!filter) return Answer::send(answer, error_page(400, "bad_request", filter.error().message));
  filter->key = std::move(whose);
  gather<std::vector<KeptPtr>>(
      seats, [filter = *filter](SightWorker::Impl& worker) { return worker.ring.find(filter); },
      [this, answer, limit = filter->limit](std::vector<std::vector<KeptPtr>> parts) {
        readers->run([answer, limit, parts = std::move(parts)]() mutable {
          Answer::send(answer, {200, json_type, scrub(traces_json(newest_of(std::move(parts), limit)))});
        });
      });
}

std::unique_ptr<Visit> Sight::metrics(std::size_t i, Reply& reply, Sent sent) {
  return page_visit(*impl_->seats[i].loop, reply, std::move(sent),
                    [impl = impl_.get()](std::shared_ptr<Answer> answer) { impl->answer_metrics(std::move(answer)); });
}

std::unique_ptr<Visit> Sight::status(std::size_t i, Reply& reply, Sent sent) {
  return page_visit(*impl_->seats[i].loop, reply, std::move(sent),
                    [impl = impl_.get()](std::shared_ptr<Answer> answer) { impl->answer_status(std::move(answer)); });
}

std::unique_ptr<Visit> Sight::trace(std::size_t i, std::string_view id, Whose whose, Reply& reply, Sent sent) {
  return page_visit(*impl_->seats[i].loop, reply, std::move(sent),
                    [impl = impl_.get(), id = std::string(id), whose = std::move(whose)](
                        std::shared_ptr<Answer> answer) { impl->answer_trace(std::move(answer), id, whose); });
}

std::unique_ptr<Visit> Sight::traces(std::size_t i, std::string_view query, Whose whose, Reply& reply, Sent sent) {
  return page_visit(*impl_->seats[i].loop, reply, std::move(sent),
                    [impl = impl_.get(), query = std::string(query), whose = std::move(whose)](
                        std::shared_ptr<Answer> answer) { impl->answer_traces(std::move(answer), query, whose); });
}

}  // namespace belay::gateway
