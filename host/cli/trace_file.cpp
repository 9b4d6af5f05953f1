#include "trace_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.hpp"
#include "writing.hpp"

namespace belay::cli {
namespace {

bool special(const std::string& path) {
  struct stat facts {};
  return stat(path.c_str(), &facts) == 0 && !S_ISREG(facts.st_mode) && !S_ISDIR(facts.st_mode);
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Error cannot(const std::string& path, int code) {
  return fail("cannot write the trace to " + path + ": " + errno_text(code));
}

}  // namespace

Result<void> check_trace_place(const std::string& where) {
  if (where == "-" || special(where)) return {};
  if (where.empty()) return fail("--trace needs a file name, or - for stderr");
  struct stat facts {};
  if (stat(where.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode)) return cannot(where, EISDIR);
  if (access(folder_of(where).c_str(), W_OK | X_OK) != 0) return cannot(where, errno);
  return {};
}

Result<void> write_trace(const std::string& where, std::string_view json, const Console& console) {
  std::string line(json);
  line += '\n';
  if (where == "-") {
    if (write_all(console.err.fd, line) != Written::whole) return cannot("standard error", errno);
    return {};
  }
  if (!special(where)) {
    auto written = write_file(where, line, 0600, Durable::no);
    if (!written) return written.error().within("cannot write the trace to " + where);
    return {};
  }
  const Fd fd(open(where.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd || write_all(fd.get(), line) != Written::whole) return cannot(where, errno);
  return {};
}

}  // namespace belay::cli
