#include "console.hpp"

#include <cerrno>

#include "base/file.hpp"
#include "base/utf8.hpp"
#include "exit_code.hpp"
#include "lists.hpp"
#include "writing.hpp"

namespace belay::cli {

void complain(const Console& console, std::string_view sentence) {
  std::string line = paint(console.err, Ink::bad, "belay:");
  line += ' ';
  line += printable(sentence);
  line += '\n';
  (void)write_all(console.err.fd, line);
}

void tell(const Console& console, std::string_view sentence) {
  (void)write_all(console.err.fd, paint(console.err, Ink::dim, "belay: " + printable(sentence)) + "\n");
}

void complain(const Console& console, const Diagnostics& problems) {
  std::string lines;
  for (const Diagnostic& problem : problems) lines += printable(problem.text()) + "\n";
  (void)write_all(console.err.fd, lines);
  complain(console, "the configuration has " + counted(problems.size(), "problem") + ", nothing was done");
}

int print(const Console& console, std::string_view text) {
  const Written written = write_all(console.out.fd, text);
  const int code = errno;
  if (written == Written::failed) complain(console, "cannot write to standard output: " + errno_text(code));
  return written == Written::whole ? exit_answered : exit_internal;
}

}  // namespace belay::cli
