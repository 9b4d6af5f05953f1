// `belay man FOLDER`: writes every manual page there; used when belay is built.
#include "base/file.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "man.hpp"

namespace belay::cli {
namespace {

constexpr Operand operands[] = {{"FOLDER", "where the pages go", true, Offer::folder}};

int run(const Arguments& arguments, Console& console) {
  for (const std::string& name : manual_pages()) {
    const auto written = write_file(*arguments.operand(0) + "/" + name + ".1", manual_page(name), 0644, Durable::no);
    if (!written) {
      complain(console, "man: " + written.error().message);
      return exit_internal;
    }
  }
  return exit_answered;
}

}  // namespace

const Command man_command{.name = "man",
                          .summary = "writes the manual pages",
                          .about = "",
                          .options = {},
                          .operands = operands,
                          .examples = {},
                          .hidden = true,
                          .run = run};

}  // namespace belay::cli
