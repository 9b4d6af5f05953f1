#include "plugin_trial.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "lists.hpp"
#include "writing.hpp"

namespace belay::cli {
namespace {

using plugins::Tried;
using plugins::TrialEnd;

/// An open file without a name, positioned at its start.
Fd file_of(const std::string& text) {
  Fd file(memfd_create("belay-trial", MFD_CLOEXEC));
  if (!file || write_all(file.get(), text) != Written::whole || lseek(file.get(), 0, SEEK_SET) != 0) return {};
  return file;
}

enum class Heard { end, limit, left };

/// What the child tells, until its last line, its end, the limit, or until nobody waits any more.
Heard listen(int fd, int leaving, MonoTime until, std::string& text) {
  char piece[4096];
  const auto whole = [&text] {
    return text.ends_with('\n') && (text.starts_with("good\n") || text.find("\ngood\n") != std::string::npos ||
                                    text.starts_with("bad ") || text.find("\nbad ") != std::string::npos);
  };
  while (!whole() && text.size() < (1U << 20)) {
    const auto left = std::chrono::ceil<Millis>(until - system_clock().mono());
    if (left <= Millis(0)) return Heard::limit;
    pollfd watched[2] = {{fd, POLLIN, 0}, {leaving, POLLIN, 0}};
    if (poll(watched, 2, static_cast<int>(left.count())) <= 0) continue;
    if (watched[0].revents == 0) return Heard::left;
    const ssize_t got = read(fd, piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    text.append(piece, static_cast<std::size_t>(got));
  }
  return Heard::end;
}

/// What it told before it told no more.
struct Told {
  std::string step;
  bool good = false;
  std::string bad;
};

Told read_told(std::string_view text) {
  Told told;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.starts_with("step ")) told.step = "while " + printable(line.substr(5));
    if (line.starts_with("bad ")) told.bad = printable(line.substr(4));
    told.good = told.good || line == "good";
  }
  return told;
}

/// "exit code 1", "SIGSEGV"
std::string end_in_words(int status) {
  if (!WIFSIGNALED(status)) return "exit code " + std::to_string(WEXITSTATUS(status));
  const char* name = sigabbrev_np(WTERMSIG(status));
  return name != nullptr ? "SIG" + std::string(name) : "signal " + std::to_string(WTERMSIG(status));
}

std::string ended_by(int status) {
  return (WIFSIGNALED(status) ? "crashed when it was tried (" : "ended the process that tried it (") + end_in_words(status) + ")";
}

TrialEnd unfinished(std::string why) { return {Tried::unfinished, std::move(why)}; }

}  // namespace

std::string encode(const TrialRequest& request) {
  json::Buffer buffer;
  json::Writer to(buffer);
  to.StartObject();
  write_text(to, "path", request.path);
  json::key(to, "trials"), to.StartArray();
  for (const auto& trial : request.trials) {
    to.StartObject();
    write_text(to, "type", trial.type);
    write_text(to, "name", trial.config.name);
    write_text(to, "base_url", trial.config.base_url);
    write_text(to, "options", trial.config.options);
    write_text(to, "model", trial.config.model);
    to.EndObject();
  }
  to.EndArray();
  to.EndObject();
  return std::string(json::view(buffer));
}

Result<TrialRequest> decode_trial(std::string_view text) {
  const auto document = json::parse(text);
  if (!document) return document.error();
  const auto* trials = document->IsObject() ? json::find(*document, "trials") : nullptr;
  if (trials == nullptr || !trials->IsArray()) return fail("this is nothing to be tried");
  TrialRequest request;
  request.path = json::string_at(*document, "path").value_or("");
  for (const auto& one : trials->GetArray()) {
    if (!one.IsObject()) return fail("this is nothing to be tried");
    const auto word = [&one](std::string_view name) { return std::string(json::string_at(one, name).value_or("")); };
    request.trials.push_back({word("type"), {word("name"), word("base_url"), word("options"), word("model")}});
  }
  return request;
}

TrialEnd try_in_child(const TrialChild& child, int image, const TrialRequest& request) {
  const Fd question = file_of(encode(request));
  int ends[2] = {-1, -1};
  if (!question || pipe2(ends, O_CLOEXEC) != 0) return unfinished("could not be tried: " + errno_text(errno));
  const Fd answer(ends[0]);
  Fd result(ends[1]);
  const pid_t pid = spawn_apart(child.program, {image, question.get(), result.get()});
  if (pid < 0) return unfinished("could not be tried: " + errno_text(errno));
  result.reset();  // so that the pipe ends when the child does
  std::string text;
  const Heard heard = listen(answer.get(), child.leaving, system_clock().mono() + child.limit, text);
  const Told told = read_told(text);
  if (heard != Heard::end || told.good || !told.bad.empty()) kill(-pid, SIGKILL);  // and whatever the plugin has started
  const int status = reap(pid);
  if (heard == Heard::left) return unfinished("could not be tried to the end");
  if (heard == Heard::limit) {
    return {Tried::broke, "hung when it was tried: nothing came of it within " + format_duration(child.limit) + (told.step.empty() ? "" : " " + told.step)};
  }
  // Nothing of the plugin runs before the first word: this says something of the child (a program that runs ours in another way, no memory), not of the plugin.
  if (text.empty()) return unfinished("could not be tried: the child that was to do it ended at once (" + end_in_words(status) + ")");
  if (told.good) return {};
  if (!told.bad.empty()) return {Tried::refused, told.bad};
  return {Tried::broke, ended_by(status) + " " + told.step};
}

plugins::TryOut try_out_with(TrialChild child) {
  return [child = std::move(child)](int image, const std::string& path, const std::vector<plugins::Trial>& trials) {
    return try_in_child(child, image, {path, trials});
  };
}

}  // namespace belay::cli
