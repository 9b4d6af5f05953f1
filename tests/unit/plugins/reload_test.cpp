// A plugin file that is replaced while what it was before serves: what a registry makes of it that is told of the one
// before. Trials run in a real child.
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.hpp"
#include "fixtures.hpp"
#include "module.hpp"

namespace belay::plugins {
namespace {

namespace fs = std::filesystem;

constexpr auto type = "reloaded";

std::string build(const std::string& name) { return bytes_of(FIXTURES "/builds/" + name + ".so"); }

std::string maps() {
  std::ifstream file("/proc/self/maps");  // no regular file
  return {std::istreambuf_iterator<char>(file), {}};
}

class MemoryQuarantine final : public Quarantine {
 public:
  std::map<std::string, TrialEnd> known;
  std::optional<TrialEnd> find(const std::string& sha256) override {
    const auto found = known.find(sha256);
    return found == known.end() ? std::nullopt : std::optional(found->second);
  }
  void put(const std::string& sha256, const std::string&, const TrialEnd& end) override { known[sha256] = end; }
  void release(const std::string&) override { known.clear(); }
};

/// Tries it in a child of this process; counts how often.
struct ForkedTrial {
  int count = 0;
  TrialEnd operator()(int image, const std::string& path, const std::vector<Trial>& trials) {
    ++count;
    int ends[2];
    if (::pipe(ends) != 0) return {Tried::unfinished, "no pipe"};
    const Fd read_end(ends[0]);
    Fd write_end(ends[1]);
    const pid_t child = ::fork();
    if (child == 0) {
      const auto end = try_image(image, path, trials, services(), [](std::string_view) {});
      if (!end) (void)!::write(write_end.get(), end.error().message.data(), end.error().message.size());
      ::_exit(end ? 0 : 77);
    }
    write_end.reset();
    char text[500];
    const ssize_t size = ::read(read_end.get(), text, sizeof text);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
      return {Tried::refused, std::string(text, static_cast<std::size_t>(std::max<ssize_t>(size, 0)))};
    return {Tried::broke, "crashed when it was tried"};
  }
};

class Reload : public testing::Test {
 protected:
  void put(const std::string& bytes) { fs::rename(dir_.put("fresh", bytes), file_); }

  /// The registry of the next generation; asked for the type, as a runtime does that has a provider of it.
  Registry& next(LoaderSettings settings) {
    RegistryOptions options;
    options.try_out = [this](int image, const std::string& path, const std::vector<Trial>& trials) {
      return trial_(image, path, trials);
    };
    options.trials = {{type, config_}, {"another", config_}};
    options.quarantine = &quarantine_;
    options.before = generations_.empty() ? nullptr : generations_.back().get();
    generations_.push_back(std::make_unique<Registry>(std::move(settings), services(), std::move(options)));
    instances_.push_back(nullptr);
    if (auto made = generations_.back()->make(type, config_)) instances_.back() = std::move(*made);
    return *generations_.back();
  }
  Registry& next() { return next(settings_for({dir_.path()})); }

  static TypeStatus status(const Registry& registry) { return registry.types().at(0); }
  static std::string version(const Registry& registry) { return status(registry).version; }

  /// Whether the instance still does its work.
  static bool answers(Instance& instance) {
    const auto request = request_of();
    std::unique_ptr<Exchange> exchange;
    OutgoingRequest written;
    return instance.begin(request, nullptr, exchange).ok() && exchange->build_request(written).ok() && !written.url.empty();
  }

  TempDir dir_;
  const std::string file_ = dir_ / "reloaded.so";
  const InstanceConfig config_{"main", "http://127.0.0.1:9/v1", "{}", "m1"};
  MemoryQuarantine quarantine_;
  ForkedTrial trial_;
  std::vector<std::unique_ptr<Registry>> generations_;
  std::vector<std::unique_ptr<Instance>> instances_;
};

TEST_F(Reload, ARenameBringsTheNewBuildAndTheOldOneServesItsOwn) {
  put(build("first"));
  EXPECT_EQ(version(next()), "1.0.0");
  put(build("second"));

  const auto& fresh = next();

  EXPECT_EQ(version(fresh), "2.0.0");
  EXPECT_EQ(status(fresh).state, TypeState::serving);
  EXPECT_EQ(status(fresh).sha256, to_hex(sha256(build("second"))));
  EXPECT_NE(fresh.build_of(type), generations_[0]->build_of(type));
  EXPECT_EQ(version(*generations_[0]), "1.0.0");
  for (const auto& instance : instances_) EXPECT_TRUE(answers(*instance));
}

TEST_F(Reload, WhatIsOverwrittenInPlaceGoesOnServing) {
  put(build("first"));
  next();

  std::ofstream(file_, std::ios::binary) << std::string(100, '?');  // shorter, so that a mapping of it would be cut off

  EXPECT_TRUE(answers(*instances_[0]));
  const auto& fresh = next();
  EXPECT_EQ(version(fresh), "1.0.0");
  EXPECT_EQ(status(fresh).state, TypeState::kept);
  EXPECT_EQ(status(fresh).why, file_ + " is no ELF file");
  EXPECT_TRUE(answers(*instances_[1]));
}

TEST_F(Reload, OverwritingInPlaceBringsTheNewBuild) {
  put(build("first"));
  next();
  std::ofstream(file_, std::ios::binary) << build("second");

  EXPECT_EQ(version(next()), "2.0.0");
  EXPECT_TRUE(answers(*instances_[0]));
}

TEST_F(Reload, SameBytesAreMappedAndTriedOnce) {
  put(build("first"));
  const auto* before = *next().descriptor(type);
  put(build("first"));
  TempDir elsewhere;
  elsewhere.put("reloaded.so", build("first"));

  EXPECT_EQ(*next().descriptor(type), before);
  EXPECT_EQ(*next(settings_for({elsewhere.path()})).descriptor(type), before);
  EXPECT_LE(trial_.count, 1);  // none, when another test of this process has mapped them already
}

TEST_F(Reload, AFileThatWentAwayLeavesTheOldOneServing) {
  put(build("first"));
  next();
  fs::remove(file_);

  const auto& fresh = next();

  EXPECT_EQ(status(fresh).state, TypeState::kept);
  EXPECT_EQ(status(fresh).why, file_ + " is gone");
  EXPECT_EQ(fresh.note_of(type)->version, "1.0.0");
  EXPECT_TRUE(answers(*instances_[1]));
  EXPECT_EQ(version(next()), "1.0.0") << "also in the generation after that";
}

TEST_F(Reload, AFileThatCrashesLeavesTheOldOneServingAndIsNotTriedAgain) {
  put(build("first"));
  next();
  put(build("crashing"));
  const auto& fresh = next();
  const int tried = trial_.count;

  EXPECT_EQ(status(fresh).state, TypeState::kept);
  EXPECT_EQ(status(fresh).why, file_ + " crashed when it was tried");
  EXPECT_TRUE(answers(*instances_[1]));
  EXPECT_THAT(status(next()).why, testing::HasSubstr("(it is tried again when its bytes change)"));
  EXPECT_EQ(trial_.count, tried);
  Registry listed(settings_for({dir_.path()}), services(), {.quarantine = &quarantine_, .hash_all = true});
  EXPECT_EQ(listed.files()[0].state, FileState::refused);
  EXPECT_EQ(listed.files()[0].why, "crashed when it was tried");

  put(build("second") + "x");  // bytes that no other test has mapped
  EXPECT_EQ(version(next()), "2.0.0");
  EXPECT_EQ(trial_.count, tried + 1);
  EXPECT_TRUE(quarantine_.known.empty());
}

TEST_F(Reload, AFileThatRefusesTheOptionsIsTriedAgain) {
  put(build("first"));
  next();
  put(build("refusing"));

  const auto& fresh = next();

  EXPECT_EQ(version(fresh), "1.0.0");
  EXPECT_THAT(status(fresh).why, testing::HasSubstr("wants a region since 4.0"));
  const int tried = trial_.count;
  next();
  EXPECT_EQ(trial_.count, tried + 1);
}

TEST_F(Reload, WithNothingBeforeABadFileServesNothing) {
  put(build("crashing"));

  const auto& fresh = next();

  EXPECT_EQ(status(fresh).state, TypeState::refused);
  EXPECT_EQ(instances_[0], nullptr);
  EXPECT_EQ(fresh.build_of(type), 0u);
}

TEST_F(Reload, WhatIsSwitchedOffIsNotKept) {
  put(build("first"));
  next();
  auto settings = settings_for({dir_.path()});
  settings.policies[type].enabled = false;

  EXPECT_EQ(status(next(settings)).state, TypeState::refused);
}

TEST_F(Reload, WhatIsKeptMustBeListedWhereOnlyListedOnesMayRun) {
  const auto hash = to_hex(sha256(build("first")));
  auto settings = settings_for({dir_.path()}, Trust::listed);
  settings.policies[type].sha256 = {hash};
  put(build("first"));
  ASSERT_EQ(status(next(settings)).state, TypeState::serving);
  put(build("second"));

  const auto& kept = next(settings);
  settings.policies[type].sha256 = {std::string(64, '0')};
  const auto& refused = next(settings);

  EXPECT_EQ(status(kept).state, TypeState::kept);
  EXPECT_THAT(status(kept).why, testing::HasSubstr("is not trusted"));
  EXPECT_EQ(status(refused).state, TypeState::refused);
}

TEST_F(Reload, WhatWasNotCheckedForTrustIsNotKeptWhereTrustIsAskedFor) {
  put(build("first"));
  next();
  fs::remove(file_);

  EXPECT_EQ(status(next(settings_for({dir_.path()}, Trust::packaged))).state, TypeState::refused);
}

TEST(Builds, AreMappedUpToALimitAndThenTheLastOneServesUntilARestart) {
  TempDir dir;
  const auto image = bytes_of(fixture_file("often-replaced"));
  std::unique_ptr<Registry> before;
  std::string last;
  for (std::size_t i = 0; i <= Module::most_builds; ++i) {
    last = image + std::string(i + 1, '\0');
    dir.put("often-replaced.so", last);
    RegistryOptions options;
    options.before = before.get();
    auto fresh = std::make_unique<Registry>(settings_for({dir.path()}), services(), std::move(options));
    ASSERT_TRUE(fresh->descriptor("often-replaced")) << i;
    EXPECT_EQ(fresh->types()[0].state, i < Module::most_builds ? TypeState::serving : TypeState::kept) << i;
    before = std::move(fresh);
  }

  const auto status = before->types()[0];
  EXPECT_TRUE(status.restart_needed);
  EXPECT_THAT(status.why, testing::HasSubstr("restart belay to use it"));
  EXPECT_EQ(status.sha256, to_hex(sha256(image + std::string(Module::most_builds, '\0'))));
}

TEST(Mapping, CarriesTheNameAndTheHashOfItsPlugin) {
  ASSERT_TRUE(fixtures().descriptor("good"));

  const auto hash = to_hex(sha256(bytes_of(fixture_file("good"))));
  EXPECT_THAT(maps(), testing::HasSubstr("memfd:org.belay.fixture-" + hash.substr(0, 12)));
}

}  // namespace
}  // namespace belay::plugins
