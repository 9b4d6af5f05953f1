// `belay credential refresh`: runs the plugin's hook now.
#include "base/utf8.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "lists.hpp"
#include "open.hpp"
#include "table.hpp"

namespace belay::cli {
namespace {

using credentials::RefreshOutcome;

constexpr Option options[] = {{"--json", "", "one JSON object per credential and line"}};

constexpr Operand operands[] = {{"PROVIDER[#ID]", "all credentials of a provider, or one", true, Offer::credential}};

constexpr Example examples[] = {{"belay credential refresh openrouter#main", "does the login still work?"}};

struct Row {
  std::string id;
  credentials::RefreshResult result;
};

bool good(RefreshOutcome outcome) {
  return outcome == RefreshOutcome::refreshed || outcome == RefreshOutcome::unchanged ||
         outcome == RefreshOutcome::not_applicable;
}

std::string as_table(const std::string& provider, const std::vector<Row>& rows, const Screen& screen) {
  Table table({{"credential", 12}, {"outcome", 0}, {"generation", 0, Side::right}, note("note")});
  for (const Row& row : rows) {
    std::string remark = row.result.message;
    if (row.result.retry_after)
      remark += (remark.empty() ? "" : "; ") + ("try again in " + format_duration(*row.result.retry_after));
    table.add({provider + "#" + row.id,
               {std::string(to_string(row.result.outcome)), good(row.result.outcome) ? Ink::good : Ink::bad},
               std::to_string(row.result.generation),
               {remark, Ink::dim}});
  }
  return table.text(screen);
}

std::string as_json(const std::string& provider, const std::vector<Row>& rows) {
  std::string lines;
  for (const Row& row : rows) {
    json::Buffer buffer;
    json::Writer to(buffer);
    to.StartObject();
    write_text(to, "provider", provider);
    write_text(to, "id", row.id);
    write_text(to, "outcome", to_string(row.result.outcome));
    json::key(to, "generation"), to.Uint64(row.result.generation);
    json::key(to, "retry_after_ms");
    if (row.result.retry_after) {
      to.Int64(row.result.retry_after->count());
    } else {
      to.Null();
    }
    write_text(to, "message", row.result.message);
    to.EndObject();
    lines += line_of(buffer);
  }
  return lines;
}

int run(const Arguments& arguments, Console& console) {
  const std::string what = *arguments.operand(0);
  const std::string provider = what.substr(0, what.find('#'));
  const auto runtime = open_runtime(arguments, console);
  if (!runtime) return exit_usage;
  std::vector<std::string> ids;
  if (provider.size() < what.size()) {
    ids.push_back(what.substr(provider.size() + 1));
  } else if (const auto* settings = runtime->settings().provider(provider)) {
    for (const auto& credential : settings->pool.credentials) ids.push_back(credential.id);
    if (ids.empty()) {
      complain(console,
               "credential refresh: provider \"" + printable(provider) + "\" is keyless, there is nothing to refresh");
      return exit_usage;
    }
  } else {
    ids.emplace_back();  // the runtime knows how to say what it does not know
  }
  std::vector<Row> rows;
  bool all_good = true;
  for (const std::string& id : ids) {
    auto result = runtime->refresh(provider, id);
    if (!result) {
      complain(console, "credential refresh: " + result.error().message);
      return exit_usage;
    }
    all_good &= good(result->outcome);
    rows.push_back({id, *std::move(result)});
  }
  const int printed =
      print(console, arguments.has("--json") ? as_json(provider, rows) : as_table(provider, rows, console.out));
  if (printed != exit_answered) return printed;
  return all_good ? exit_answered : exit_failed;
}

}  // namespace

const Command credential_refresh_command{
    .name = "credential refresh",
    .summary = "run a plugin's refresh hook now",
    .about =
        "Exit code 0 when each credential was refreshed, was still good or is of a kind that can't be refreshed; 3 "
        "otherwise. Sources "
        "are read again first, so a key that was replaced in its file is taken up here too.",
    .options = options,
    .operands = operands,
    .examples = examples,
    .run = run};

}  // namespace belay::cli
