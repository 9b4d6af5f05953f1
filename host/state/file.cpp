// The file backend. DIR/AREA/NAME.json is one record, DIR/version the shared page, DIR/salt the salt, DIR/locks and
// DIR/leases are empty files whose bytes are locked. Nothing else is in DIR, and any belay process may be killed at any
// moment.
#include <algorithm>

#include "backends.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "folder.hpp"
#include "key.hpp"
#include "page.hpp"
#include "state/lock.hpp"

namespace belay::state {
namespace {

namespace fs = std::filesystem;

/// How long a change waits for another change of the same record; those take milliseconds, so whoever holds the lock
/// longer is stopped.
constexpr std::chrono::seconds record_lock_limit{10};
constexpr std::size_t salt_bytes = 32;

class FileLease final : public Lease {
 public:
  explicit FileLease(Fd held) : held_(std::move(held)) {}

 private:
  Fd held_;
};

class FileState final : public State {
 public:
  static Result<std::unique_ptr<State>> open(const fs::path& dir) {
    auto folder = Folder::open(dir);
    if (!folder) return folder.error();
    auto state = std::unique_ptr<FileState>(new FileState(std::move(*folder)));
    if (auto begun = state->begin(); !begun) return begun.error().within("state " + dir.string());
    return std::unique_ptr<State>(std::move(state));
  }

  [[nodiscard]] std::uint64_t version() const override { return page_->version(); }
  [[nodiscard]] std::uint64_t version(std::string_view area) const override { return page_->version(area); }
  std::uint64_t count(std::string_view name, std::uint64_t by) override { return page_->count(name, by); }
  [[nodiscard]] const std::string& salt() const override { return salt_; }
  [[nodiscard]] bool shared() const override { return true; }

  Result<std::optional<std::string>> get(std::string_view key) override {
    auto path = record_path(key);
    return path ? read_record(*path) : path.error();
  }

  Result<std::vector<std::pair<std::string, std::string>>> list(std::string_view prefix) override {
    std::vector<std::pair<std::string, std::string>> records;
    const auto area = area_of_prefix(prefix);
    if (!area) return area.error();
    const auto names = folder_.list(std::string(*area));
    if (!names) return names.error();
    for (const std::string& name : *names) {
      auto key = key_of(*area, name);
      if (!key || !key->starts_with(prefix)) continue;
      auto record = read_record(std::string(*area) + '/' + name);
      if (!record) return record.error();
      if (*record) records.emplace_back(std::move(*key), std::move(**record));  // else erased meanwhile
    }
    std::sort(records.begin(), records.end());
    return records;
  }

  Result<void> put(std::string_view key, std::string_view value, Durable durable) override {
    auto path = record_path(key);
    if (!path) return path.error();
    if (auto fits = check_record(key, value); !fits) return fits;
    auto lock = lock_record(*path);
    if (!lock) return lock.error();
    return write_record(*path, area_of(key), value, durable);
  }

  Result<void> erase(std::string_view key) override {
    auto path = record_path(key);
    if (!path) return path.error();
    auto lock = lock_record(*path);
    if (!lock) return lock.error();
    return erase_record(*path, area_of(key), Durable::no);
  }

  Result<std::optional<std::string>> update(std::string_view key, const Change& change, Durable durable) override {
    auto path = record_path(key);
    if (!path) return path.error();
    auto lock = lock_record(*path);
    if (!lock) return lock.error();
    auto old = read_record(*path);
    if (!old) return old.error();
    std::optional<std::string> fresh = change(*old);
    if (fresh == *old) return fresh;
    if (!fresh) {
      if (auto erased = erase_record(*path, area_of(key), durable); !erased) return erased.error();
      return fresh;
    }
    if (auto fits = check_record(key, *fresh); !fits) return fits.error();
    if (auto written = write_record(*path, area_of(key), *fresh, durable); !written) return written.error();
    return fresh;
  }

  Result<std::unique_ptr<Lease>> lease(std::string_view name, MonoTime until, const CancelToken& cancel) override {
    auto held = lock("leases", name, until, cancel);
    if (!held) return held.error().within("lease of " + std::string(name));
    return std::unique_ptr<Lease>(new FileLease(std::move(*held)));
  }

 private:
  explicit FileState(Folder folder) : folder_(std::move(folder)) {}

  /// Page, salt, and the traces of killed processes.
  Result<void> begin() {
    const auto held = lock_record("salt");
    if (!held) return held.error();
    auto page_file = folder_.touch("version");
    if (!page_file) return page_file.error();
    auto page = Page::in_file(*page_file, folder_.path() / "version");
    if (!page) return page.error();
    page_ = std::move(*page);
    if (auto known = read_or_make_salt(); !known) return known;
    sweep();
    page_->everything_changed();  // whoever was killed between a rename and its version bump
    return {};
  }

  Result<void> read_or_make_salt() {
    auto found = folder_.read("salt", 4096);
    if (!found) return found.error();
    if (!*found) {
      *found = to_hex(random_bytes(salt_bytes)) + "\n";
      if (auto written = folder_.write("salt", **found, Durable::yes); !written) return written;
    }
    const std::string& text = **found;
    const bool sound = text.size() == 2 * salt_bytes + 1 && text.back() == '\n' &&
                       text.find_first_not_of("0123456789abcdef") == text.size() - 1;
    if (!sound) {
      return fail((folder_.path() / "salt").string() +
                  " is damaged; put back a copy, or remove the whole folder and log in again");
    }
    salt_ = text.substr(0, 2 * salt_bytes);
    return {};
  }

  /// Removes what writers left behind that were killed between making a file and renaming it. A living one holds its
  /// record's lock. What can't be looked at or removed stays: the next writer of that record overwrites it.
  void sweep() const {
    static const std::string ending = Folder::temporary("");
    const auto areas = folder_.list("");
    if (!areas) return;
    for (const std::string& area : *areas) {
      if (!is_area(area)) continue;
      const auto names = folder_.list(area);
      if (!names) continue;
      for (const std::string& name : *names) {
        if (!name.ends_with(ending)) continue;
        const std::string record = area + '/' + name.substr(0, name.size() - ending.size());
        const auto held = lock("locks", record, std::chrono::steady_clock::now(), CancelToken{});
        if (held) (void)folder_.remove(area + '/' + name, Durable::no);
      }
    }
  }

  /// `file` is "locks" or "leases"; its bytes stand for names.
  [[nodiscard]] Result<Fd> lock(const char* file, std::string_view name, MonoTime until,
                                const CancelToken& cancel) const {
    auto opened = folder_.touch(file);
    return opened ? lock_byte(std::move(*opened), lock_byte_of(name), until, cancel) : opened.error();
  }

  [[nodiscard]] Result<Fd> lock_record(const std::string& path) const {
    auto held = lock("locks", path, std::chrono::steady_clock::now() + record_lock_limit, CancelToken{});
    return held ? std::move(held) : held.error().within((folder_.path() / path).string());
  }

  [[nodiscard]] Result<std::optional<std::string>> read_record(const std::string& path) const {
    auto record = folder_.read(path, max_record_bytes);
    if (!record || !*record) return record;
    if (auto parsed = json::parse(**record); !parsed) {
      return fail("the state file " + (folder_.path() / path).string() + " is damaged: " + parsed.error().message +
                  "; put back a copy, or remove it to forget what it held");
    }
    return record;
  }

  Result<void> write_record(const std::string& path, std::string_view area, std::string_view value, Durable durable) {
    auto written = folder_.write(path, value, durable);
    page_->changed(area);  // also when only the sync of the folder failed: the rename may have happened
    return written;
  }

  Result<void> erase_record(const std::string& path, std::string_view area, Durable durable) {
    const auto removed = folder_.remove(path, durable);
    if (!removed || *removed) page_->changed(area);
    return removed ? Result<void>{} : removed.error();
  }

  const Folder folder_;
  std::unique_ptr<Page> page_;
  std::string salt_;
};

}  // namespace

Result<std::unique_ptr<State>> open_file_state(const fs::path& dir) { return FileState::open(dir); }

}  // namespace belay::state
