#include "progress.hpp"

#include <algorithm>

#include "attempts.hpp"
#include "base/utf8.hpp"
#include "text_width.hpp"
#include "writing.hpp"

namespace belay::cli {
namespace {

constexpr Millis quiet{250};
constexpr Millis frame{100};
constexpr std::string_view wheel_unicode[] = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
constexpr std::string_view wheel_ascii[] = {"|", "/", "-", "\\"};

std::int64_t since(MonoTime start, MonoTime now) { return std::chrono::duration_cast<Millis>(now - start).count(); }

std::string_view wheel(bool unicode, std::int64_t ms) {
  const auto turn = static_cast<std::size_t>(ms / frame.count());
  return unicode ? wheel_unicode[turn % std::size(wheel_unicode)] : wheel_ascii[turn % std::size(wheel_ascii)];
}

}  // namespace

Progress::Progress(const Screen& screen, const Clock& clock)
    : screen_(screen), clock_(clock), start_(clock.mono()), running_since_(start_) {}

void Progress::begins(const fallback::Attempt& attempt) {
  running_ = attempt;
  running_since_ = clock_.mono();
}

void Progress::ended(const fallback::Attempt& attempt) {
  running_.reset();
  running_since_ = clock_.mono();
  ended_.push_back(attempt);
}

std::vector<std::string> Progress::lines(MonoTime now) const {
  std::vector<std::string> lines;
  const std::size_t room = std::max<std::size_t>(screen_.width, 4) - 3;
  const auto add = [&](Ink ink, std::string_view sign, const std::string& text) {
    lines.push_back(paint(screen_, ink, sign) + " " + shortened(printable(text), room, screen_.unicode));
  };
  for (const fallback::Attempt& attempt : ended_) {
    if (!attempt.reason) continue;
    add(Ink::warning, screen_.unicode ? "✗" : "x",
        target_of(attempt) + "  " + happened(attempt) + "  " + then_of(attempt));
  }
  const std::int64_t ms = since(running_since_, now);
  const std::string seconds = std::to_string(ms / 1000) + " s";
  const std::string doing = running_               ? target_of(*running_)
                            : ended_.empty()       ? "choosing"
                            : ended_.back().reason ? "waiting"
                                                   : target_of(ended_.back());  // answered: all but over
  add(Ink::bold, wheel(screen_.unicode, since(start_, now)), doing + "  " + seconds);
  // The oldest lines give way: what scrolled off the screen could not be cleared any more.
  const std::size_t most = std::max<std::size_t>(screen_.height, 2) - 1;
  if (lines.size() > most) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(most));
  return lines;
}

void Progress::draw() {
  const MonoTime now = clock_.mono();
  if (closed_ || !screen_.moves || now - start_ < quiet) return;
  // The cursor rests at the start of the first line, so that a log line that comes between is written there and not
  // lost.
  std::string text = "\r\x1b[J";
  const auto shown = lines(now);
  for (const std::string& line : shown) text += line + "\n";
  text += "\x1b[" + std::to_string(shown.size()) + "A\r";
  drawn_ = true;
  (void)write_all(screen_.fd, text);
}

void Progress::close() {
  if (drawn_ && !closed_) (void)write_all(screen_.fd, "\r\x1b[J");
  closed_ = true;
}

}  // namespace belay::cli
