// What explain, check, status and plugins print: the facts are there, in both forms, and no line outgrows a terminal.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.hpp"
#include "check_view.hpp"
#include "explain_view.hpp"
#include "plugins_view.hpp"
#include "screens.hpp"
#include "status_view.hpp"
#include "text_width.hpp"

namespace belay::cli {
namespace {

using credentials::Availability;
using credentials::RefreshOutcome;

void expect_fits(const std::string& text, std::size_t width) {
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
    EXPECT_LE(columns(text.substr(at, text.find('\n', at) - at)), width) << text;
}

json::Document document_of(const std::string& line) {
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
  auto parsed = json::parse(line);
  EXPECT_TRUE(parsed) << line;
  return parsed ? *std::move(parsed) : json::Document();
}

std::string text_at(const json::Document& document, std::string_view pointer) {
  const json::Value* value = json::at(document, pointer);
  return value != nullptr ? json::text(*value) : "nothing at " + std::string(pointer);
}

runtime::Explanation explanation() {
  runtime::Explanation made;
  made.route = "compression";
  made.deadline = Millis(300'000);
  made.requests = 9;
  made.targets.push_back({.target = "openrouter/gemini", .plugin = "openai", .cost = "metered", .zone = "us",
                          .state = "held: quota_exhausted, 592 s left", .included = false, .credentials = {"env: held: quota_exhausted, 592 s left"},
                          .origins = {"https://openrouter.ai"}, .on = "", .requests = 6});
  made.targets.push_back({.target = "spare/m1", .plugin = "openai", .cost = "", .zone = "", .state = "in", .included = true,
                          .credentials = {"team: ready", "main: missing: no file"}, .origins = {"http://127.0.0.1:9001"},
                          .on = "capacity, transport", .requests = 9});
  made.reasons.push_back({fallback::Reason::auth_rejected, "refresh once, then the next credential", "next_target: spare/m1", "credential, 10 min"});
  made.reasons.push_back({fallback::Reason::bad_request, "", "give_up", ""});
  return made;
}

TEST(ExplainView, TellsTheChainTheBoundAndWhatEachReasonDoes) {
  EXPECT_EQ(explain_text(explanation(), std::nullopt, pipe_screen()),
            "route compression: 1 of 2 targets would be asked, at most 9 requests in 300 s\n"
            "\n"
            "  #  target             state  plugin  cost     zone  opens for            requests  why, and its credentials\n"
            "  1  openrouter/gemini  held   openai  metered  us                                -  quota_exhausted, 592 s left; env: held\n"
            "  2  spare/m1           in     openai                 capacity, transport         9  team: ready; main: missing: no file\n"
            "\n"
            "  provider    its secrets go only to\n"
            "  openrouter  https://openrouter.ai\n"
            "  spare       http://127.0.0.1:9001\n"
            "\n"
            "  if it fails with  on the target                           then                   what is held\n"
            "  auth_rejected     refresh once, then the next credential  next_target: spare/m1  credential, 10 min\n"
            "  bad_request                                               give_up\n");
}

TEST(ExplainView, CanBeAskedForOneReason) {
  const std::string text = explain_text(explanation(), fallback::Reason::bad_request, pipe_screen());
  EXPECT_NE(text.find("bad_request"), std::string::npos);
  EXPECT_EQ(text.find("auth_rejected"), std::string::npos);
}

TEST(ExplainView, IsAlsoJson) {
  const auto document = document_of(explain_json(explanation(), std::nullopt));
  EXPECT_EQ(text_at(document, "/route"), "\"compression\"");
  EXPECT_EQ(text_at(document, "/requests"), "9");
  EXPECT_EQ(text_at(document, "/targets/0/included"), "false");
  EXPECT_EQ(text_at(document, "/targets/1/cost"), "null");  // undeclared
  EXPECT_EQ(text_at(document, "/targets/1/credentials"), "[\"team: ready\",\"main: missing: no file\"]");
  EXPECT_EQ(text_at(document, "/reasons/0/then"), "\"next_target: spare/m1\"");
}

runtime::Status status() {
  runtime::Status made;
  credentials::Status login;
  login.provider = "spare";
  login.id = "team";
  login.type = "oauth2";
  login.generation = 4;
  login.availability = Availability::refresh;
  login.sources = {"refresh_token: file:/run/secrets/spare#/refresh_token"};
  login.expires = 500'000;
  login.refreshed_at = 400'000;
  login.last_outcome = RefreshOutcome::needs_interaction;
  login.last_message = "consent required";
  made.credentials.push_back(login);
  credentials::Status key;
  key.provider = "main";
  key.id = "env";
  key.type = "api_key";
  key.availability = Availability::missing;
  key.why = "environment variable OPENAI_API_KEY is not set";
  made.credentials.push_back(key);
  made.holds.push_back({"credential", "spare#team", fallback::Reason::auth_rejected, -1, "invalid_grant"});
  made.holds.push_back({"endpoint", "http://127.0.0.1:9001", fallback::Reason::unreachable, 12'000, "connection refused"});
  made.holds.push_back({"target", "spare/m1", fallback::Reason::overloaded, 0, ""});
  return made;
}

TEST(StatusView, TellsStatesHoldsAndWhatAPersonMustDo) {
  const std::string text = status_text(status(), 460'000, pipe_screen());
  for (const char* part : {"spare#team", "refresh needed", "in 40 s", "needs_interaction, 60 s ago", "consent required", "missing",
                           "environment variable OPENAI_API_KEY is not set", "until its secret changes", "12 s", "probe is due",
                           "to do  spare#team: log in again and put the new secret where it is read from (refresh_token: "
                           "file:/run/secrets/spare#/refresh_token)"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  EXPECT_NE(status_text({}, 0, pipe_screen()).find("nothing is held"), std::string::npos);
}

TEST(StatusView, IsAlsoJson) {
  const auto document = document_of(status_json(status()));
  EXPECT_EQ(text_at(document, "/credentials/0/expires"), "\"1970-01-01T00:08:20Z\"");
  EXPECT_EQ(text_at(document, "/credentials/0/last_outcome"), "\"needs_interaction\"");
  EXPECT_EQ(text_at(document, "/credentials/1/expires"), "null");
  EXPECT_EQ(text_at(document, "/holds/0/left_ms"), "null");
  EXPECT_EQ(text_at(document, "/holds/0/until_secret_changes"), "true");
  EXPECT_EQ(text_at(document, "/holds/1/left_ms"), "12000");
}

std::vector<plugins::FileReport> files() {
  plugins::NoteFacts note;
  note.abi_major = 1;
  note.draft = true;
  note.id = "org.belay.openai";
  note.name = "OpenAI";
  note.version = "0.1.0";
  note.types = {"openai"};
  return {{"/p/openai.so", plugins::FileState::usable, note, "owner root, not writable by others", ""},
          {"/p/bad.so", plugins::FileState::refused, std::nullopt, "", "no BELAY note: not a belay plugin"}};
}

TEST(PluginsView, ABadFileSaysWhy) {
  const std::string text = plugins_text(files(), {"/p"}, pipe_screen());
  for (const char* part : {"org.belay.openai", "1.0-draft", "owner root, not writable by others", "no BELAY note: not a belay plugin"})
    EXPECT_NE(text.find(part), std::string::npos) << text;
  EXPECT_EQ(plugins_text({}, {"/p", "/q"}, pipe_screen()), "no plugin file in /p, /q\n");
  const auto document = document_of(plugins_json(files(), {"/p"}));
  EXPECT_EQ(text_at(document, "/plugins/0/note/abi"), "\"1.0-draft\"");
  EXPECT_EQ(text_at(document, "/plugins/1/note"), "null");
}

TEST(PluginsView, InspectShowsWhatAFileCanDo) {
  plugins::Descriptor descriptor;
  descriptor.type = "openai";
  descriptor.caps = BELAY_CAP_STREAM | BELAY_CAP_TOOLS;
  descriptor.wires = {"openai.chat/1"};
  descriptor.models.push_back({"m1", 200'000, 0});
  descriptor.config_schema =
      R"({"properties":{"cap":{"description":"Its name.","enum":["a","b"]},"drop":{"description":"Never sent.","type":"array"}}})";
  const std::string text = inspect_text(files()[0], {descriptor}, pipe_screen());
  for (const char* part : {"org.belay.openai", "stream, tools", "openai.chat/1", "m1", "  cap     \"a\" | \"b\"  Its name.", "  drop    array      Never sent."})
    EXPECT_NE(text.find(part), std::string::npos) << text;
  const auto document = document_of(inspect_json(files()[0], {descriptor}));
  EXPECT_EQ(text_at(document, "/providers/0/capabilities"), "[\"stream\",\"tools\"]");
}

struct Checked {
  runtime::Settings settings;
  CheckReport report;
};

Checked checked() {
  Checked made;
  runtime::ProviderSettings provider;
  provider.name = "main";
  provider.plugin = "openai";
  provider.base_url = "https://api.openai.com/v1";
  made.settings.providers.push_back(provider);
  fallback::RouteSettings route;
  route.name = "r";
  fallback::RouteEntry entry;
  entry.provider = "main";
  route.targets.push_back(entry);
  made.settings.routes.push_back(route);
  made.report.files = {"belay.toml"};
  made.report.plugins = files();
  made.report.credentials = status().credentials;
  made.report.credentials[0].origins = {"https://api.openai.com"};
  return made;
}

TEST(CheckView, EndsWithTheVerdict) {
  auto made = checked();
  made.report.settings = &made.settings;
  EXPECT_TRUE(check_text(made.report, pipe_screen()).ends_with("\nall good: 1 provider, 1 route\n"));

  made.report.warnings.push_back("credential main#env is missing");
  EXPECT_TRUE(check_text(made.report, pipe_screen())
                  .ends_with("\nwarning credential main#env is missing\n\nusable: 1 provider, 1 route, 1 warning\n"));

  made.report.probes.push_back({"main", {}, "401"});
  EXPECT_FALSE(made.report.answered());
  EXPECT_TRUE(check_text(made.report, pipe_screen()).ends_with("not every target answered\n"));

  made.report.errors.push_back("provider main: x");
  EXPECT_TRUE(check_text(made.report, pipe_screen()).ends_with("\n1 error, 1 warning\n"));
}

TEST(CheckView, SaysWhereSecretsComeFromAndMayGo) {
  auto made = checked();
  made.report.settings = &made.settings;
  const std::string text = check_text(made.report, pipe_screen());
  EXPECT_NE(text.find("refresh_token: file:/run/secrets/spare#/refresh_token"), std::string::npos) << text;
  EXPECT_NE(text.find("https://api.openai.com"), std::string::npos) << text;
  const auto document = document_of(check_json(made.report));
  EXPECT_EQ(text_at(document, "/ok"), "true");
  EXPECT_EQ(text_at(document, "/credentials/0/origins"), "[\"https://api.openai.com\"]");
}

TEST(CheckView, ErrorsOfTheConfigurationAreShownWithoutTheRest) {
  CheckReport report;
  report.errors = {"belay.toml:3:7: x: wrong", "belay.toml:4:1: y: wrong"};
  EXPECT_EQ(check_text(report, pipe_screen()),
            "no configuration file was found\n\nerror belay.toml:3:7: x: wrong\nerror belay.toml:4:1: y: wrong\n\n2 errors, 0 warnings\n");
  EXPECT_EQ(text_at(document_of(check_json(report)), "/ok"), "false");
}

TEST(Views, FitEveryTerminal) {
  auto made = checked();
  made.report.settings = &made.settings;
  for (std::size_t width = 30; width < 200; width += 11) {
    expect_fits(explain_text(explanation(), std::nullopt, terminal(width)).substr(90), width);
    expect_fits(plugins_text(files(), {"/p"}, terminal(width)), width);
    expect_fits(status_text({.holds = status().holds, .credentials = {status().credentials[1]}}, 460'000, terminal(width)), width);
  }
}

}  // namespace
}  // namespace belay::cli
