// `belay explain`: what a call would do, without sending anything.
#include "call_choice.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "explain_view.hpp"
#include "open.hpp"

namespace belay::cli {
namespace {

constexpr Option options[] = {
    {"--route", "ROUTE", "this route (default: `default`, else `auto`)", Offer::route},
    {"--target", "PROVIDER[/MODEL]", "this target alone", Offer::target},
    {"--if", "REASON", "only what this failure would lead to", Offer::choices,
     "auth_rejected credential_missing quota_exhausted rate_limited overloaded server_error unreachable timed_out "
     "model_unavailable "
     "permission_denied invalid_reply unsupported_parameter context_too_long request_too_large bad_request "
     "content_refused plugin_fault "
     "deadline_exceeded cancelled"},
    {"--json", "", "the same as one JSON object"},
};

constexpr Example examples[] = {
    {"belay explain --route compression", "the chain as it stands now: who is in, who is held, who is skipped and why"},
    {"belay explain --if quota_exhausted", "what happens when the first account is out of credits"},
};

int run(const Arguments& arguments, Console& console) {
  auto settings = load_settings(arguments, console);
  if (!settings) return exit_usage;
  const auto choice = choose(*settings, {arguments.value("--route"), arguments.value("--target"), std::nullopt});
  if (!choice) {
    complain(console, "explain: " + choice.error().message);
    return exit_usage;
  }
  const auto runtime = open_runtime(*std::move(settings), arguments, console);
  if (!runtime) return exit_usage;
  const auto explanation = runtime->explain(choice->route, choice->target);
  if (!explanation) {
    complain(console, "explain: " + explanation.error().message);
    return exit_usage;
  }
  const auto word = arguments.value("--if");
  const auto only = word ? fallback::parse_reason(*word) : std::nullopt;
  return print(console, arguments.has("--json") ? explain_json(*explanation, only)
                                                : explain_text(*explanation, only, console.out));
}

}  // namespace

const Command explain_command{.name = "explain",
                              .summary = "the chain that would be walked, and what each failure would do",
                              .about =
                                  "Sends nothing. Shows every target of the chain in order with the reason why it is "
                                  "in, held or skipped, where its secrets "
                                  "may go, the upper bound of requests for one call, and what each kind of failure "
                                  "would lead to on the first target.",
                              .options = options,
                              .operands = {},
                              .examples = examples,
                              .run = run};

}  // namespace belay::cli
