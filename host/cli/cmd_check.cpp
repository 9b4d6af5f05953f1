// `belay check`: is everything as it should be, before a call depends on it?
#include <algorithm>

#include "check_view.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "open.hpp"
#include "status_view.hpp"

namespace belay::cli {
namespace {

constexpr Option options[] = {
    {"--probe", "", "also make one tiny call to every target (costs a few tokens each)"},
    {"--json", "", "the same as one JSON object"},
};

constexpr Example examples[] = {
    {"belay check", "after every change of the configuration"},
    {"belay check --probe", "does every account really answer?"},
};

constexpr std::string_view probe_body =
    R"({"messages":[{"role":"user","content":"Answer with the word ok."}],"max_tokens":16})";
constexpr Millis probe_deadline{60'000};

/// Every target that a call could reach by name, once: the default model of each provider, and what the routes name
/// beside it.
std::vector<std::string> targets_of(const runtime::Settings& settings) {
  std::vector<std::string> targets;
  const auto add = [&](const std::string& provider, const std::string& model) {
    const std::string target = model.empty() ? provider : provider + "/" + model;
    if (std::find(targets.begin(), targets.end(), target) == targets.end()) targets.push_back(target);
  };
  const auto default_model = [&](const std::string& provider) {
    const auto* found = settings.provider(provider);
    return found != nullptr ? found->model : std::string();
  };
  for (const auto& route : settings.routes) {
    for (const auto& entry : route.targets)
      add(entry.provider, entry.model.empty() ? default_model(entry.provider) : entry.model);
  }
  for (const auto& provider : settings.providers) {
    const bool named = std::any_of(targets.begin(), targets.end(), [&](const std::string& target) {
      return target.starts_with(provider.name + "/") || target == provider.name;
    });
    if (!provider.model.empty() || !named) add(provider.name, provider.model);
  }
  return targets;
}

/// All at once: each has its own deadline, and one that hangs holds up nobody.
std::vector<Probe> probe_all(runtime::Runtime& runtime) {
  std::vector<std::pair<std::string, std::future<runtime::CallResult>>> calls;
  for (const std::string& target : targets_of(runtime.settings())) {
    runtime::CallRequest request;
    request.body = probe_body;
    request.target = target;
    request.deadline = probe_deadline;
    calls.emplace_back(target, runtime.async_call(std::move(request)));
  }
  std::vector<Probe> probes;
  for (auto& [target, call] : calls) {
    runtime::CallResult result = call.get();
    probes.push_back({target, std::move(result.trace), result.ok() ? "" : result.error});
  }
  return probes;
}

/// A route that nothing can serve is an error; a single target without a credential is a warning, the others are there
/// for that.
void look_at_routes(runtime::Runtime& runtime, CheckReport& report) {
  for (const auto& route : runtime.settings().routes) {
    const auto explanation = runtime.explain(route.name, std::nullopt);
    if (!explanation) {
      report.errors.push_back("route " + route.name + ": " + explanation.error().message);
      continue;
    }
    const bool usable = std::any_of(explanation->targets.begin(), explanation->targets.end(), [](const auto& target) {
      return target.included || target.state.starts_with("held");
    });
    if (!usable)
      report.errors.push_back("route " + route.name + ": none of its targets can be asked (belay explain --route " +
                              route.name + " says why)");
  }
}

void look_at_credentials(CheckReport& report) {
  for (const auto& credential : report.credentials) {
    if (credential.availability == credentials::Availability::missing) {
      report.warnings.push_back("credential " + credential.provider + "#" + credential.id +
                                " is missing: " + credential.why);
    }
    if (needs_a_person(credential) && !credential.last_message.empty())
      report.warnings.push_back("credential " + credential.provider + "#" + credential.id + ": " +
                                credential.last_message);
  }
}

void look_at_everything(runtime::Runtime& runtime, CheckReport& report) {
  report.settings = &runtime.settings();
  for (const auto& [provider, problem] : runtime.check_providers()) {
    const std::string place = "provider." + provider + ": ";
    report.errors.push_back(problem.starts_with(place) ? problem : place + problem);
  }
  report.plugins = runtime.registry().files();
  for (const auto& file : report.plugins) {
    if (file.state == plugins::FileState::refused)
      report.warnings.push_back("plugin file " + file.path + " is not used: " + file.why);
  }
  report.credentials = runtime.status().credentials;
  look_at_credentials(report);
  look_at_routes(runtime, report);
  if (report.settings->providers.empty())
    report.errors.emplace_back(
        "no provider is configured: describe one in $XDG_CONFIG_HOME/belay/belay.toml or give --config FILE");
}

int show(const CheckReport& report, const Arguments& arguments, const Console& console) {
  const int printed = print(console, arguments.has("--json") ? check_json(report) : check_text(report, console.out));
  if (printed != exit_answered) return printed;
  if (!report.good()) return exit_usage;
  return report.answered() ? exit_answered : exit_failed;
}

int run(const Arguments& arguments, Console& console) {
  std::optional<std::filesystem::path> file;
  if (const auto named = arguments.value("--config")) file = *named;
  config::Loaded loaded = config::load(config::process_environment(), file);
  CheckReport report;
  report.files = loaded.settings.files;
  for (const Diagnostic& warning : loaded.warnings) report.warnings.push_back(warning.text());
  for (const Diagnostic& error : loaded.errors) report.errors.push_back(error.text());
  if (!report.good()) return show(report, arguments, console);

  const auto runtime = open_runtime(std::move(loaded.settings), arguments, console, Plugins::tried);
  if (!runtime) return exit_usage;
  look_at_everything(*runtime, report);
  if (report.good() && arguments.has("--probe")) report.probes = probe_all(*runtime);
  return show(report, arguments, console);
}

}  // namespace

const Command check_command{
    .name = "check",
    .summary = "validates configuration, plugins and credentials; --probe calls every target once",
    .about =
        "Reads everything a call would read, tries and loads the plugins, checks each provider's options against its plugin, and "
        "shows where each "
        "credential's secrets come from and may go. Exit code 2 with errors; with --probe 3 when a target did not "
        "answer.",
    .options = options,
    .operands = {},
    .examples = examples,
    .run = run};

}  // namespace belay::cli
