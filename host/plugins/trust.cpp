#include "trust.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <deque>
#include <filesystem>
#include <system_error>

#include "base/file.hpp"

namespace belay::plugins {
namespace {

constexpr int most_links = 40;

void push_front(std::deque<std::string>& steps, const std::filesystem::path& path) {
  std::vector<std::string> parts;
  for (const auto& part : path) {
    if (!part.empty() && part != "/") parts.push_back(part.string());
  }
  steps.insert(steps.begin(), parts.begin(), parts.end());
}

std::string owner_text(uid_t owner) {
  return owner == 0 ? "root" : owner == ::geteuid() ? "the caller" : "user " + std::to_string(owner);
}

/// Why others than root and the caller could exchange what is at `path`.
std::optional<std::string> exposed(const std::string& path, const struct stat& info) {
  const bool folder = S_ISDIR(info.st_mode);
  const std::string what = std::string(folder                  ? "the folder "
                                       : S_ISLNK(info.st_mode) ? "the link "
                                                               : "the file ") +
                           path;
  if (info.st_uid != 0 && info.st_uid != ::geteuid())
    return what + " belongs to " + owner_text(info.st_uid) + " (it must belong to root or to user " +
           std::to_string(::geteuid()) + ")";
  if (S_ISLNK(info.st_mode)) return std::nullopt;  // a link has no mode of its own
  if (folder && (info.st_mode & S_ISVTX) != 0) return std::nullopt;
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return what + " is writable by " + ((info.st_mode & S_IWOTH) != 0 ? "everybody" : "its group") + " (chmod go-w " +
           path + ")";
  }
  if (!folder && (info.st_mode & (S_ISUID | S_ISGID)) != 0)
    return what + " is set-user-ID or set-group-ID (chmod ug-s " + path + ")";
  return std::nullopt;
}

/// One walk from / to the file, as the kernel does it.
class Walk {
 public:
  explicit Walk(Trust trust) : strict_(trust != Trust::any) {}

  Result<std::string> to(const std::string& path) {
    push_front(steps_, std::filesystem::path(path));
    if (auto why = look("/")) return fail(*why);
    while (!steps_.empty()) {
      const std::string step = steps_.front();
      steps_.pop_front();
      if (step == ".") continue;
      if (step == "..") {
        here_ = here_.parent_path();
        continue;
      }
      const auto next = here_ / step;
      if (auto why = look(next.string())) return fail(*why);
      if (!S_ISLNK(info_.st_mode)) {
        here_ = next;
      } else if (auto followed = follow(next.string()); !followed) {
        return followed.error();
      }
    }
    return here_.string();
  }
  [[nodiscard]] const struct stat& last() const { return info_; }

 private:
  std::optional<std::string> look(const std::string& path) {
    if (::lstat(path.c_str(), &info_) != 0) return "cannot be read: " + path + ": " + errno_text(errno);
    if (!strict_) return std::nullopt;
    auto why = exposed(path, info_);
    if (why) *why = "is not trusted: " + *why;
    return why;
  }

  Result<void> follow(const std::string& link) {
    char target[PATH_MAX];
    const ssize_t size = ::readlink(link.c_str(), target, sizeof target);
    if (size <= 0 || ++links_ > most_links)
      return fail("cannot be read: " + link + ": " + errno_text(size <= 0 ? errno : ELOOP));
    const std::filesystem::path to(std::string(target, static_cast<std::size_t>(size)));
    if (to.is_absolute()) here_ = "/";
    push_front(steps_, to);
    return {};
  }

  const bool strict_;
  int links_ = 0;
  std::filesystem::path here_ = "/";
  std::deque<std::string> steps_;
  struct stat info_ {};
};

}  // namespace

Result<Provenance> provenance_of(const std::string& path, Trust trust) {
  if (trust == Trust::signed_)
    return fail(
        "is not trusted: trust = \"signed\" is not among what this build can check (right would be \"packaged\" or "
        "\"listed\")");
  std::error_code failed;
  const auto absolute = std::filesystem::absolute(path, failed);
  if (failed) return fail("cannot be read: " + failed.message());
  Walk walk(trust);
  auto real = walk.to(absolute.string());
  if (!real) return real.error();
  if (trust == Trust::any) return Provenance{std::move(*real), "not asked for (trust = any)"};
  return Provenance{std::move(*real), "owner " + owner_text(walk.last().st_uid) + ", not writable by others"};
}

std::optional<std::string> listed_refusal(const std::string& sha256, const std::vector<std::string>& allowed,
                                          const std::string& type) {
  if (std::find(allowed.begin(), allowed.end(), sha256) != allowed.end()) return std::nullopt;
  return "is not trusted: its sha256 " + sha256 + " is not in [plugins." + type + "] sha256, which lists " +
         std::to_string(allowed.size());
}

}  // namespace belay::plugins
