#include "check.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "base/utf8.hpp"
#include "drive/subject.hpp"
#include "run/child.hpp"
#include "run/crumb.hpp"

namespace belay::conform {
namespace {

constexpr std::size_t longest_shown = 600;

/// Fit for one line of a report.
std::string shown(std::string_view text) {
  const std::string clean = printable(text);
  return clean.size() <= longest_shown ? clean : std::string(cut_utf8(clean, longest_shown - 3)) + "...";
}

}  // namespace

struct Case::State {
  std::unique_ptr<Subject> subject;
  std::mt19937_64 random;
  std::vector<std::pair<std::string, std::string>> measured;
};

std::string_view to_string(Group group) {
  static constexpr std::array<std::string_view, 12> names = {"load",   "metadata", "lifecycle", "threads", "request", "stream",
                                                             "errors", "refresh",  "cancel",    "memory",  "fuzz",    "performance"};
  return names[static_cast<std::size_t>(group)];
}

std::uint64_t seed_of(std::uint64_t run_seed, std::string_view id) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a: the same everywhere, for ever
  const auto mix = [&hash](unsigned char byte) { hash = (hash ^ byte) * 0x100000001b3u; };
  for (int shift = 0; shift < 64; shift += 8) mix(static_cast<unsigned char>(run_seed >> shift));
  for (const char c : id) mix(static_cast<unsigned char>(c));
  return hash;
}

Case::Case(const Check& of, const ChildSetup& with) : check(of), setup(with), state_(new State) {
  state_->random.seed(seed_of(with.seed, of.id));
  note_doing(of.id);
}

Case::~Case() { delete state_; }

Subject& Case::plugin() {
  if (!state_->subject) state_->subject = open_subject(*this, setup);
  return *state_->subject;
}

void Case::tear_down() { state_->subject.reset(); }

const std::vector<std::pair<std::string, std::string>>& Case::measures() const { return state_->measured; }

void Case::fail(std::string expected, std::string observed) const { throw CheckFailed(shown(expected), shown(observed)); }

void Case::require(bool good, std::string_view expected, std::string_view observed) const {
  if (!good) fail(std::string(expected), std::string(observed));
}

void Case::skip_missing(std::string cassette) const {
  if (setup.certify) fail("a cassette \"" + cassette + "\": a certified plugin brings one", "there is none");
  throw CheckSkipped("no cassette \"" + shown(cassette) + "\"");
}

void Case::not_applicable(std::string why) const { throw CheckNotApplicable(shown(why)); }

std::mt19937_64& Case::random() { return state_->random; }

void Case::measured(std::string_view name, std::string value) {
  for (auto& one : state_->measured) {
    if (one.first != name) continue;
    one.second = shown(value);
    return;
  }
  state_->measured.emplace_back(name, shown(value));
}

void Case::doing(std::string_view what) {
  // Without allocating: a check that counts or breaks allocations says what it does too.
  std::array<char, 1024> line;
  std::size_t used = 0;
  for (const std::string_view text : {check.id, std::string_view(": "), what}) {
    const std::size_t size = std::min(text.size(), line.size() - used);
    std::copy_n(text.data(), size, line.data() + used);
    used += size;
  }
  note_doing({line.data(), used});
}

}  // namespace belay::conform
