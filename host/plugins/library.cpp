#include "library.hpp"

#include <dlfcn.h>

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>
#include <system_error>
#include <type_traits>

#include "base/utf8.hpp"
#include "mapping.hpp"

namespace belay::plugins {
namespace {

// Boost.DLL passes the bits through to dlopen(). NOW: a missing symbol is found here and not in a call. LOCAL: plugins
// don't see each other. NODELETE: unmapping code under live threads, thread-local destructors or unique symbols ends in
// a crash or does nothing.
constexpr auto mode = static_cast<boost::dll::load_mode::type>(RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);

/// Boost's error codes say "bad file descriptor" for everything; with the error_code overload the truth is still in
/// dlerror().
Error last_error() {
  const char* why = ::dlerror();
  return fail("cannot be mapped: " +
              (why != nullptr ? printable(why) : std::string("the dynamic loader gave no reason")));
}

}  // namespace

Result<belay_plugin_entry_fn> map_library(const ImageFile& file) {
  boost::dll::shared_library library;
  std::error_code failed;
  library.load(file.path(), mode, failed);
  if (failed) return last_error();
  if (!library.has(BELAY_ENTRY_SYMBOL)) return fail("does not export " BELAY_ENTRY_SYMBOL);
  const belay_plugin_entry_fn entry = &library.get<std::remove_pointer_t<belay_plugin_entry_fn>>(BELAY_ENTRY_SYMBOL);

  const auto checked = mapped_inode(file.bytes().data());
  const auto mapped = mapped_inode(reinterpret_cast<const void*>(entry));
  if (checked && mapped != checked) {
    return fail(
        "is not what this process has mapped under that name (the file was replaced; a restart uses the new one)");
  }
  if (!file.unchanged()) return fail("was written to while it was being checked (replace plugin files by a rename)");
  return entry;
}

}  // namespace belay::plugins
