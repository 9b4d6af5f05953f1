// `belay plugins new NAME`: a plugin project to begin with.
#include "commands.hpp"
#include "config/load.hpp"
#include "exit_code.hpp"
#include "new_plugin.hpp"

namespace belay::cli {
namespace {

constexpr Option options[] = {
    {"--lang", "LANGUAGE", "the language it is written in (default: cpp)", Offer::choices, "c cpp"}};

constexpr Operand operands[] = {{"NAME", "the provider type: what `plugin =` in a configuration will say", true}};

constexpr Example examples[] = {
    {"belay plugins new my-llm --lang c", "a folder my-llm with a provider in C that builds as it is"}};

int refuse(const Console& console, const std::string& sentence) {
  complain(console, "plugins new: " + sentence);
  return exit_usage;
}

std::string what_next(const std::string& name, const std::vector<std::string>& files) {
  std::string text = "made " + name + ":\n";
  for (const std::string& file : files) text += "  " + name + "/" + file + "\n";
  text += "\nbuild it, then look at it:\n";
  text += "  cmake -S " + name + " -B " + name + "/build && cmake --build " + name + "/build\n";
  text += "  belay plugins inspect " + name + "/build/" + name + ".so\n";
  return text;
}

int run(const Arguments& arguments, Console& console) {
  const std::string name = *arguments.operand(0);
  if (auto good = check_plugin_name(name); !good) return refuse(console, good.error().message);
  const std::string language = arguments.value("--lang").value_or("cpp");
  const auto from =
      (config::process_environment().program_dir / ".." / "share" / "belay" / "template" / language).lexically_normal();
  std::error_code problem;
  if (!std::filesystem::is_directory(from, problem)) {
    return refuse(console, "there is no template in " + from.string() +
                               ": it comes with belay's SDK, install that beside this program");
  }
  const auto made = copy_template(from, name, name);
  if (!made) return refuse(console, made.error().message);
  return print(console, what_next(name, *made));
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
