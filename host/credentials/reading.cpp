#include "reading.hpp"

#include <unistd.h>

#include <cstdlib>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "command.hpp"
#include "expiry.hpp"

namespace belay::credentials {
namespace {

constexpr std::size_t most_bytes = 256u << 10;

/// Without the one newline that editors and `echo` leave at the end.
std::string_view cut_newline(std::string_view text) {
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return text;
}

Result<Secret> read_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return fail("environment variable " + name + " is not set");
  if (*value == '\0') return fail("environment variable " + name + " is empty");
  return Secret(value);
}

Result<Secret> from_output(const std::string& who, Result<CommandOutput> output) {
  if (!output) return fail(who + " " + output.error().message);
  Result<Secret> value = Secret(cut_newline(output->text));
  wipe(output->text.data(), output->text.size());
  if (output->status != 0) return fail(who + " ended with status " + std::to_string(output->status));
  if (value->empty()) return fail(who + " printed nothing");
  return value;
}

// The Secret Service is asked through its own command-line tool: no D-Bus stack in this process, and the tool unlocks
// the keyring as the desktop does.
Result<Secret> read_keyring(const Source& source, Millis limit, const CancelToken& cancel) {
  const std::size_t slash = source.place.find('/');
  auto output = run_command(
      {"secret-tool", "lookup", "service", source.place.substr(0, slash), "account", source.place.substr(slash + 1)},
      limit, cancel, most_bytes);
  if (!output) {
    if (output.error().message.find(errno_text(ENOENT)) == std::string::npos)
      return fail("secret-tool " + output.error().message);
    return fail("there is no Secret Service to ask for " + source.shown() +
                ": the program secret-tool (package libsecret-tools) is not installed");
  }
  if (output->status != 0) {
    const bool bus = std::getenv("DBUS_SESSION_BUS_ADDRESS") != nullptr;
    return fail(bus ? "the Secret Service has no secret for " + source.shown()
                    : "there is no Secret Service to ask for " + source.shown() + ": no D-Bus session here");
  }
  return from_output("secret-tool", std::move(output));
}

}  // namespace

bool runs_program(const Source& source) {
  return source.kind == Source::Kind::exec || source.kind == Source::Kind::keyring;
}

std::string path_of(const Source& source) {
  const char* home = std::getenv("HOME");
  return source.place.rfind("~/", 0) == 0 && home != nullptr ? home + source.place.substr(1) : source.place;
}

SourceReader::~SourceReader() {
  for (auto& [path, content] : files_) {
    if (content) wipe(content->data(), content->size());
  }
}

const Result<std::string>& SourceReader::content_of(const Source& source) {
  const std::string path = path_of(source);
  const auto known = files_.find(path);
  return known != files_.end() ? known->second : files_.emplace(path, read_file(path, most_bytes)).first->second;
}

Result<Secret> SourceReader::read_from_file(const Source& source) {
  const Result<std::string>& content = content_of(source);
  if (!content) return content.error();
  if (source.pointer.empty()) {
    const std::string_view text = cut_newline(*content);
    if (text.empty()) return fail(source.shown() + " is empty");
    return Secret(text);
  }
  const auto document = json::parse(*content);
  if (!document) return document.error().within(source.place);
  const json::Value* member = json::at(*document, source.pointer);
  if (member == nullptr || !member->IsString()) return fail(source.place + " has no text at " + source.pointer);
  if (member->GetStringLength() == 0) return fail(source.shown() + " is empty");
  return Secret(json::view(*member));
}

std::optional<UnixMs> SourceReader::expiry_of(const Source& source) {
  if (source.kind != Source::Kind::file || source.pointer.empty()) return std::nullopt;
  const Result<std::string>& content = content_of(source);
  const auto document = content ? json::parse(*content) : Result<json::Document>(content.error());
  return document ? expiry_beside(*document, source.pointer) : std::nullopt;
}

Result<Secret> SourceReader::run(const std::string& who, const std::string& command) {
  return from_output(who, run_command({"/bin/sh", "-c", command}, limit_, cancel_, most_bytes));
}

Result<Secret> SourceReader::read(const Source& source) {
  Result<Secret> value = fail("");
  switch (source.kind) {
    case Source::Kind::env:
      value = read_variable(source.place);
      break;
    case Source::Kind::file:
      value = read_from_file(source);
      break;
    case Source::Kind::exec:
      value = run("the command of " + source.shown(), source.place);
      break;
    case Source::Kind::keyring:
      value = read_keyring(source, limit_, cancel_);
      break;
    case Source::Kind::literal:
      value = source.value.empty() ? Result<Secret>(fail("the literal is empty")) : source.value;
      break;
  }
  if (value && !valid_utf8(value->reveal())) return fail("what " + source.shown() + " gives is no text in UTF-8");
  return value;
}

}  // namespace belay::credentials
