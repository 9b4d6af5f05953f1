// The fixtures' folder, read once, and fakes of what the runtime stands behind.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.hpp"
#include "base/secret.hpp"
#include "plugins/registry.hpp"

namespace belay::plugins {

inline std::string text_of(belay_str text) { return text.len == 0 ? std::string() : std::string(text.ptr, text.len); }
inline belay_str lent(std::string_view text) { return {text.data(), text.size()}; }

/// Notes in memory.
struct FakeServices : Services {
  std::map<std::string, std::string> notes;
  Result<std::optional<std::string>> note(std::string_view provider, std::string_view key) override {
    const auto found = notes.find(std::string(provider) + "/" + std::string(key));
    return found == notes.end() ? std::optional<std::string>() : std::optional(found->second);
  }
  Result<void> put_note(std::string_view provider, std::string_view key, std::string_view value) override {
    notes[std::string(provider) + "/" + std::string(key)] = value;
    return {};
  }
};

inline FakeServices& services() {
  static FakeServices only;
  return only;
}

/// Settings for one folder. Trust is what its own tests are about; elsewhere the folder may be as the checkout's umask
/// made it.
inline LoaderSettings settings_for(std::vector<std::string> dirs, Trust trust = Trust::any) {
  LoaderSettings settings;
  settings.dirs = std::move(dirs);
  settings.trust = trust;
  return settings;
}

inline Registry& fixtures() {
  static Registry only(settings_for({FIXTURES}), services());
  return only;
}

inline std::string fixture_file(const std::string& type) { return FIXTURES "/" + type + ".so"; }

inline std::string bytes_of(const std::string& path) {
  auto content = read_file(path, 64u << 20);
  return content ? *content : std::string();
}

/// An empty folder that goes away.
class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "belay-plugins-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TempDir() { std::filesystem::remove_all(path_); }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  [[nodiscard]] std::string path() const { return path_; }
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  std::string put(const std::string& name, std::string_view content, mode_t mode = 0644) const {
    const std::string file = *this / name;
    std::ofstream(file, std::ios::binary) << content;
    std::filesystem::permissions(file, static_cast<std::filesystem::perms>(mode));
    return file;
  }
  /// A copy of a fixture under its own name.
  std::string put_fixture(const std::string& type, mode_t mode = 0644) const {
    return put(type + ".so", bytes_of(fixture_file(type)), mode);
  }

 private:
  std::string path_;
};

/// An instance of a fixture, or a failed test.
inline std::unique_ptr<Instance> instance_of(const std::string& type,
                                             const std::string& base_url = "http://127.0.0.1:9/v1") {
  auto made = fixtures().make(type, {type, base_url, "{}", "m1"});
  EXPECT_TRUE(made) << (made ? "" : made.error().message);
  return made ? std::move(*made) : nullptr;
}

/// A chat in the caller's wire unless said otherwise.
inline belay_request request_of(std::string_view operation = "chat", std::string_view wire = "openai.chat/1") {
  belay_request request{};
  request.size = sizeof request;
  request.operation = lent(operation);
  request.wire = lent(wire);
  request.canonical_version = 1;
  request.member_stride = sizeof(belay_member);
  request.model = lent("m1");
  request.body = lent("{}");
  request.request_id = lent("id-1");
  return request;
}

/// A credential with the one field "secret"; `value` outlives it.
struct LentCredential {
  explicit LentCredential(std::string_view value) : field{lent("secret"), lent(value), BELAY_SECRET, 0} {
    raw.size = sizeof raw;
    raw.id = lent("main");
    raw.type = lent("api_key");
    raw.generation = 1;
    raw.fields = {&field, 1, sizeof field};
  }
  belay_field field;
  belay_credential raw{};
};

/// Remembers events as words: "TEXT hi".
struct Recorder : EventSink {
  std::vector<std::string> seen;
  std::size_t stop_after = SIZE_MAX;  ///< events
  bool on_event(const belay_event& event) override {
    static constexpr const char* names[] = {"?",          "START",     "TEXT",     "REASONING", "REFUSAL",
                                            "TOOL_BEGIN", "TOOL_ARGS", "TOOL_END", "USAGE",     "STOP",
                                            "ERROR",      "PING",      "RAW",      "RESULT"};
    seen.push_back(std::string(names[event.type]) + (event.a.len == 0 ? "" : " " + text_of(event.a)));
    return seen.size() < stop_after;
  }
};

}  // namespace belay::plugins
