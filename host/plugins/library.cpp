#include "library.hpp"

#include <dlfcn.h>
#include <sys/mman.h>

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>
#include <optional>
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
/// dlerror(). The loader knows the image by its address, people know the file by its path.
std::string last_error(const Image& image, const std::string& path) {
  const char* raw = ::dlerror();
  std::string why = raw != nullptr ? printable(raw) : std::string("the dynamic loader gave no reason");
  for (auto at = why.find(image.address()); at != std::string::npos; at = why.find(image.address(), at + path.size()))
    why.replace(at, image.address().size(), path);
  return why;
}

/// The image's own device and inode, as /proc/self/maps prints them.
std::optional<std::string> inode_of(const Image& image) {
  constexpr std::size_t some = 1;
  void* memory = ::mmap(nullptr, some, PROT_READ, MAP_PRIVATE, image.descriptor(), 0);
  if (memory == MAP_FAILED) return std::nullopt;
  auto inode = mapped_inode(memory);
  ::munmap(memory, some);
  return inode;
}

}  // namespace

Result<belay_plugin_entry_fn> map_library(Image& image, const std::string& path,
                                          const std::vector<std::string>& beside) {
  std::error_code failed;
  for (const auto& needed : beside) {
    boost::dll::shared_library(needed, mode, failed);
    if (failed) return fail("needs " + needed + ", which cannot be mapped: " + last_error(image, path));
  }
  boost::dll::shared_library library;
  library.load(image.address(), mode, failed);
  if (failed) return fail("cannot be mapped: " + last_error(image, path));
  image.stay_open();
  if (!library.has(BELAY_ENTRY_SYMBOL)) return fail("does not export " BELAY_ENTRY_SYMBOL);
  const belay_plugin_entry_fn entry = &library.get<std::remove_pointer_t<belay_plugin_entry_fn>>(BELAY_ENTRY_SYMBOL);

  const auto wanted = inode_of(image);
  if (wanted && mapped_inode(reinterpret_cast<const void*>(entry)) != wanted)
    return fail("is not what the dynamic loader has mapped for it");
  return entry;
}

}  // namespace belay::plugins
