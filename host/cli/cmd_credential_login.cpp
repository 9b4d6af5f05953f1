// `belay credential login`: a device-code login, where a plugin offers one.
#include "base/diagnostic.hpp"
#include "base/utf8.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "no_notes.hpp"
#include "open.hpp"

namespace belay::cli {
namespace {

constexpr Operand operands[] = {{"PROVIDER", "the account to log in to", true, Offer::provider}};

/// Where a provider's secret comes from when there is no login: the way out of the sentence.
std::string where_secrets_come_from(const runtime::ProviderSettings& provider) {
  std::string text;
  for (const auto& credential : provider.pool.credentials) {
    for (const auto& [name, source] : credential.sources) text += (text.empty() ? "" : ", ") + source.shown();
  }
  if (text.empty()) return "it is keyless";
  return "its secret is read from " + text;
}

int run(const Arguments& arguments, Console& console) {
  const auto settings = load_settings(arguments, console);
  if (!settings) return exit_usage;
  const std::string name = *arguments.operand(0);
  const runtime::ProviderSettings* provider = settings->provider(name);
  if (provider == nullptr) {
    std::vector<std::string> known;
    for (const auto& one : settings->providers) known.push_back(one.name);
    const std::string meant = suggest(name, known);
    complain(console, "credential login: unknown provider \"" + printable(name) + "\"" +
                          (meant.empty() ? "" : " (did you mean " + meant + "?)"));
    return exit_usage;
  }
  NoNotes services;
  plugins::Registry registry(settings->loader, services);
  const auto instance =
      registry.make(provider->plugin, {provider->name, provider->base_url, provider->options, provider->model});
  if (!instance) {
    complain(console, "credential login: " + instance.error().message);
    return exit_usage;
  }
  if (!(*instance)->has_login()) {
    complain(console, "credential login: the plugin \"" + provider->plugin + "\" offers no login; " +
                          where_secrets_come_from(*provider));
    return exit_usage;
  }
  complain(console, "credential login: the plugin \"" + provider->plugin +
                        "\" offers a login, which this version of belay can't carry out yet; " +
                        where_secrets_come_from(*provider));
  return exit_usage;
}

}  // namespace

const Command credential_login_command{.name = "credential login",
                                       .summary = "log in with a code on another device, where the plugin offers it",
                                       .about =
                                           "Shows an address and a code, waits for you to enter it there and stores "
                                           "the login. Exit code 2 where a plugin offers no login.",
                                       .options = {},
                                       .operands = operands,
                                       .examples = {},
                                       .run = run};

}  // namespace belay::cli
