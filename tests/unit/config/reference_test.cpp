// config/belay.toml is the documentation of every setting: it must say what is true, all of it, and nothing else.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "readers.hpp"
#include "toml.hpp"
#include "world.hpp"

namespace belay::config {
namespace {

using testing::IsEmpty;

std::string as_it_is() {
  std::ifstream file(std::filesystem::path(BELAY_CONFIG_DIR) / "belay.toml");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// With every setting taken out of its comment: those are the lines where no space follows the '#'.
std::vector<std::string> lines_with_settings() {
  std::vector<std::string> lines;
  std::istringstream text(as_it_is());
  for (std::string line; std::getline(text, line);) {
    const bool setting = line.size() > 1 && line[0] == '#' && (line[1] == '[' || (line[1] >= 'a' && line[1] <= 'z'));
    lines.push_back(setting ? line.substr(1) : line);
  }
  return lines;
}

/// "key = value" with nothing that says it is only an example.
bool states_a_default(const std::string& line) {
  const std::size_t key = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_");
  return key > 0 && key != std::string::npos && line.compare(key, 3, " = ") == 0 && !line.ends_with("# (example)");
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

/// The machine that the file describes: the packaged service.
class Reference : public testing::Test {
 protected:
  Reference() {
    world_.write("more/empty.toml", "");
    std::filesystem::create_directories(world_.presets().parent_path());
    std::filesystem::create_directory_symlink(std::filesystem::path(BELAY_CONFIG_DIR) / "presets", world_.presets());
    world_.set("STATE_DIRECTORY", "/var/lib/belay");
  }
  Environment packaged() const {
    Environment environment = world_.environment();
    environment.system_dir = world_.root() / "usr/share/belay";  // where the presets are
    environment.program_dir = "/usr/bin";
    return environment;
  }
  Loaded load_text(const std::string& text) const { return config::load(packaged(), world_.write("belay.toml", text)); }

  World world_;
};

TEST_F(Reference, ChangesNothingAsItIs) {
  const Loaded loaded = load_text(as_it_is());

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_EQ(dump(loaded.settings), dump(load_text("").settings));
}

TEST_F(Reference, LoadsWithEverySettingTakenOutOfItsComment) {
  const Loaded loaded = load_text(joined(lines_with_settings()));

  EXPECT_THAT(texts(loaded.errors), IsEmpty());
  EXPECT_EQ(loaded.settings.providers.size(), 1u);
  EXPECT_EQ(loaded.settings.routes.size(), 1u);
}

TEST_F(Reference, EveryLineThatStatesADefaultMayBeDeleted) {
  const auto lines = lines_with_settings();
  const std::string whole = dump(load_text(joined(lines)).settings);
  std::size_t defaults = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!states_a_default(lines[i])) continue;
    auto without = lines;
    without[i].clear();
    EXPECT_EQ(dump(load_text(joined(without)).settings), whole) << "this is not the default: " << lines[i];
    ++defaults;
  }
  EXPECT_GE(defaults, 30u);
}

/// Every key path of a tree, names of one's own choice replaced by '*' as readers name their patterns.
void paths_of(const Node& table, const std::string& at, std::set<std::string>& to) {
  static const std::set<std::string> named = {"plugins", "provider", "route", "provider.*.models"};
  static const std::set<std::string> free = {"provider.*.options", "provider.*.headers", "route.*.params",
                                             "route.*.on"};
  for (const Node& member : table.items) {
    const std::string path = named.contains(at) ? at + ".*" : at.empty() ? member.key : at + "." + member.key;
    to.insert(path);
    if (free.contains(path)) continue;
    if (member.kind == Node::Kind::table) paths_of(member, path, to);
    if (member.kind != Node::Kind::array) continue;
    for (const Node& item : member.items) {
      if (item.kind == Node::Kind::table) paths_of(item, path, to);
    }
  }
}

TEST_F(Reference, ShowsEveryKeyThatTheReadersKnow) {
  Report report;
  AskedKeys asked;
  Reading reading{report, &asked};
  const auto root = parse_toml(joined(lines_with_settings()), report.name("belay.toml"), report);
  ASSERT_TRUE(root);
  std::set<std::string> shown;
  paths_of(*root, "", shown);

  read_settings(*root, packaged(), true, reading);

  // An exec credential may also be written as a source, which the text says.
  for (const std::string& key : asked) EXPECT_TRUE(shown.contains(key)) << key << " is read but not documented";
  EXPECT_GE(asked.size(), 70u);
}

}  // namespace
}  // namespace belay::config
