// Any bytes as a file of a state folder. The first byte chooses which: a record, the salt, or the version page. Opening
// and reading must never crash, and what is damaged must be an error and stay as it is: never be dropped, repaired or
// taken for something else.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "state/state.hpp"

namespace {

namespace fs = std::filesystem;
using namespace belay;

void must(bool held, const char* what) {
  if (held) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

/// One folder for the whole run, removed at its end. In memory where there is such a place: a disk makes it a hundred
/// times slower.
class Folder {
 public:
  Folder() {
    std::error_code none;
    const fs::path memory = "/dev/shm";
    std::string name =
        ((fs::is_directory(memory, none) ? memory : fs::temp_directory_path()) / "belay-fuzz-XXXXXX").string();
    must(mkdtemp(name.data()) != nullptr, "a temporary folder can be made");
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }
  void put(const char* name, std::string_view content) const {
    std::ofstream(path_ / name, std::ios::binary | std::ios::trunc) << content;
  }
  [[nodiscard]] std::string content_of(const char* name) const {
    std::ifstream file(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  fs::path path_;
};

const Folder& folder() {
  static const Folder instance;
  return instance;
}

Result<std::unique_ptr<state::State>> open_state() { return state::open("file:" + folder().path().string()); }

/// The same bytes through get, list, update and put.
void as_record(state::State& records, std::string_view content) {
  const bool sound = content.size() <= state::max_record_bytes && json::parse(content).ok();
  folder().put("grant/x.json", content);

  const auto got = records.get("grant/x");
  const auto listed = records.list("grant/");
  const auto updated = records.update(
      "grant/x", [](const auto& old) { return old; }, Durable::no);
  must(got.ok() == sound && listed.ok() == sound && updated.ok() == sound,
       "a record is read if and only if it is sound");
  if (sound) {
    must(*got == content && listed->size() == 1 && listed->front().second == content && *updated == content,
         "a sound record is read as it is");
  } else {
    must(got.error().message.find("x.json") != std::string::npos, "the error names the file");
  }
  must(folder().content_of("grant/x.json") == content, "a record that is read stays as it is");

  must(records.put("grant/x", content, Durable::no).ok() == sound, "what can be read can be stored, and nothing else");
  must(folder().content_of("grant/x.json") == content, "a refused record replaces nothing");
  must(records.put("grant/x", "{}", Durable::no).ok() && **records.get("grant/x") == "{}",
       "a damaged record can be replaced");
}

void as_salt(std::string_view content) {
  folder().put("salt", content);
  const auto opened = open_state();
  if (opened) {
    must((*opened)->salt().size() == 64 && content == (*opened)->salt() + "\n",
         "a salt is taken as it is or not at all");
  } else {
    must(opened.error().message.find("salt") != std::string::npos, "the error names the file");
  }
  must(folder().content_of("salt") == content, "a salt is never replaced");
  folder().put("salt", std::string(64, 'a') + "\n");
}

void as_version_page(std::string_view content) {
  folder().put("version", content);
  if (const auto opened = open_state()) {
    const auto before = (*opened)->version("note");
    must((*opened)->put("note/x", "1", Durable::no).ok(), "a record can be stored");
    must((*opened)->version("note") != before, "a change is told");
    (void)(*opened)->count("pool/x", 1);
  } else {
    must(opened.error().message.find("version") != std::string::npos, "the error names the file");
    must(folder().content_of("version") == content, "a foreign page stays as it is");
  }
  fs::remove(folder().path() / "version");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view content(reinterpret_cast<const char*>(data) + 1, size - 1);
  static const auto records = [] {
    auto opened = open_state();
    must(opened.ok() && (*opened)->put("grant/x", "{}", Durable::no).ok(), "a new folder can be used");
    return std::move(*opened);
  }();
  switch (data[0] % 8) {
    case 0:
      as_salt(content);
      break;
    case 1:
      as_version_page(content);
      break;
    default:
      as_record(*records, content);
  }
  return 0;
}
