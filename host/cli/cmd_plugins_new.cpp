// `belay plugins new NAME`: a plugin project to begin with.
#include "commands.hpp"
#include "config/load.hpp"
#include "exit_code.hpp"
#include "new_plugin.hpp"

namespace belay::cli {
namespace {

constexpr Option options[] = {
    {"--lang", "LANGUAGE", "the language it is written in (default: cpp)", Offer::choices, "c cpp rust"},
    {"--in", "DIR", "where the folder is made (default: here)", Offer::folder}};

constexpr Operand operands[] = {{"NAME", "the provider type: what `plugin =` in a configuration will say", true}};

constexpr Example examples[] = {
    {"belay plugins new my-llm --lang rust", "a folder my-llm with a provider in Rust that builds as it is"}};

int refuse(const Console& console, const std::string& sentence) {
  complain(console, "plugins new: " + sentence);
  return exit_usage;
}

std::string what_next(const std::filesystem::path& project, const std::string& name,
                      const std::vector<std::string>& files) {
  const std::string at = project.string();
  std::string text = "made " + at + ":\n";
  for (const std::string& file : files) text += "  " + (project / file).string() + "\n";
  text += "\nbuild it, prove it, look at it, call it:\n";
  text += "  cd " + at + "\n";
  text += "  cmake -B build && cmake --build build\n";
  text += "  ctest --test-dir build\n";
  text += "  belay plugins inspect build/" + name + ".so\n";
  text += "  belay call --config belay.toml --target " + name + " \"Hello\"\n";
  return text;
}

int run(const Arguments& arguments, Console& console) {
  const std::string name = *arguments.operand(0);
  if (auto good = check_plugin_name(name); !good) return refuse(console, good.error().message);
  const std::string language = arguments.value("--lang").value_or("cpp");
  const auto share = (config::process_environment().program_dir / ".." / "share" / "belay").lexically_normal();
  const Template from{{share / "template" / "common", share / "template" / language}, share / "rust"};
  std::error_code problem;
  for (const auto& folder : from.folders) {
    if (std::filesystem::is_directory(folder, problem)) continue;
    return refuse(console, "there is no template in " + folder.string() +
                               ": it comes with belay's SDK, install that beside this program");
  }
  const auto project = std::filesystem::path(arguments.value("--in").value_or(".")) / name;
  const auto made = copy_template(from, project.lexically_normal(), name);
  if (!made) return refuse(console, made.error().message);
  return print(console, what_next(project.lexically_normal(), name, *made));
}

}  // namespace

const Command plugins_new_command{
    .name = "plugins new",
    .summary = "a new plugin project from the SDK's template",
    .about =
        "Makes a folder NAME with a provider that builds and passes conformance as it is, to be changed from there.",
    .options = options,
    .operands = operands,
    .examples = examples,
    .run = run};

}  // namespace belay::cli
