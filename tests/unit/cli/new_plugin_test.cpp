#include "new_plugin.hpp"

#include <gtest/gtest.h>

#include "processes.hpp"

namespace belay::cli {
namespace {

TEST(NewPlugin, NamesAreProviderTypes) {
  for (const char* name : {"a", "my-llm", "llm2"}) EXPECT_TRUE(check_plugin_name(name)) << name;
  for (const char* name : {"", "My", "2llm", "-a", "a-", "a_b", "../a", "a b", "ä"})
    EXPECT_FALSE(check_plugin_name(name)) << name;
  EXPECT_TRUE(check_plugin_name(std::string(64, 'a')));
  EXPECT_FALSE(check_plugin_name(std::string(65, 'a')));
}

TEST(NewPlugin, TheNameIsSpelledAsItsPlaceWants) {
  EXPECT_EQ(renamed("acme_begin(struct acme*)", "my-llm", Kind::code), "my_llm_begin(struct my_llm*)");
  EXPECT_EQ(renamed("class AcmeProvider", "my-llm", Kind::code), "class MyLlmProvider");
  EXPECT_EQ(renamed("#define ACME_LIMIT", "my-llm", Kind::code), "#define MY_LLM_LIMIT");
  EXPECT_EQ(renamed("type = \"acme\"; \"a \\\" acme\"", "my-llm", Kind::code), "type = \"my-llm\"; \"a \\\" my-llm\"");
  EXPECT_EQ(renamed("belay_add_plugin(acme SOURCES acme.c)", "my-llm", Kind::text),
            "belay_add_plugin(my-llm SOURCES my-llm.c)");
  EXPECT_EQ(renamed("nothing here", "my-llm", Kind::text), "nothing here");
}

TEST(NewPlugin, EveryFileIsCopiedUnderItsNewName) {
  const Folder folder;
  (void)folder.with("from/acme.c", "int acme;\n");
  (void)folder.with("from/tests/acme_test.txt", "acme\n");

  const auto made = copy_template(Template{{folder.path("from")}, {}}, folder.path("my-llm"), "my-llm");

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(*made, (std::vector<std::string>{"my-llm.c", "tests/my-llm_test.txt"}));
  EXPECT_EQ(content_of(folder.path("my-llm/my-llm.c")), "int my_llm;\n");
  EXPECT_EQ(content_of(folder.path("my-llm/tests/my-llm_test.txt")), "my-llm\n");
}

TEST(NewPlugin, ALanguageComesOnTopOfWhatAllShare) {
  const Folder folder;
  (void)folder.with("common/README.md", "# acme\n");
  (void)folder.with("rust/Cargo.toml", "name = \"acme\"\nbelay = { path = \"@BELAY_RUST@\" }\n");
  (void)folder.with("rust/src/lib.rs", "impl Provider for Acme { const KIND: &str = \"acme\"; }\n");

  const auto made = copy_template(Template{{folder.path("common"), folder.path("rust")}, "/opt/acme/share/belay/rust"},
                                  folder.path("my-llm"), "my-llm");

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(*made, (std::vector<std::string>{"Cargo.toml", "README.md", "src/lib.rs"}));
  EXPECT_EQ(content_of(folder.path("my-llm/Cargo.toml")),
            "name = \"my-llm\"\nbelay = { path = \"/opt/acme/share/belay/rust\" }\n");
  EXPECT_EQ(content_of(folder.path("my-llm/src/lib.rs")),
            "impl Provider for MyLlm { const KIND: &str = \"my-llm\"; }\n");
}

TEST(NewPlugin, WhatExistsIsNotTouched) {
  const Folder folder;
  (void)folder.with("from/acme.c", "");
  (void)folder.with("there/mine.c", "mine");

  const auto made = copy_template(Template{{folder.path("from")}, {}}, folder.path("there"), "there");

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message, "cannot make " + folder.path("there") + ": it exists already");
  EXPECT_EQ(content_of(folder.path("there/mine.c")), "mine");
}

TEST(NewPlugin, NothingIsLeftOfACopyThatFailed) {
  const Folder folder;
  const auto made = copy_template(Template{{folder.path("nowhere")}, {}}, folder.path("made"), "made");
  ASSERT_FALSE(made);
  EXPECT_FALSE(std::filesystem::exists(folder.path("made")));
}

}  // namespace
}  // namespace belay::cli
