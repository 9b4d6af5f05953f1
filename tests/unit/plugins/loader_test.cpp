// Every fixture that may not run, and the sentence that says why; and what the registry does with good and bad files
// side by side.
#include <unistd.h>

#include <algorithm>

#include "base/hash.hpp"
#include "belay/version.h"
#include "fixtures.hpp"
#include "module.hpp"

namespace belay::plugins {
namespace {

struct Refusal {
  const char* type;
  const char* sentence;
};

std::ostream& operator<<(std::ostream& out, const Refusal& refusal) { return out << refusal.type; }

class RefusedFixture : public testing::TestWithParam<Refusal> {};

std::string test_name(const testing::TestParamInfo<Refusal>& info) {
  std::string name = info.param.type;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

TEST_P(RefusedFixture, SaysWhy) {
  const auto descriptor = fixtures().descriptor(GetParam().type);

  ASSERT_FALSE(descriptor);
  EXPECT_EQ(descriptor.error().message, "plugin " + fixture_file(GetParam().type) + " " + GetParam().sentence);
}

// Seen without mapping the file.
const Refusal before_mapping[] = {
    {"no-note", "has no BELAY note, so it is no belay plugin (build it with belay_add_plugin() or BELAY_NOTE())"},
    {"abi-major-2", "speaks belay ABI 2.0, this host speaks 1.0"},
    {"min-host-minor-7", "needs a host of belay ABI 1.7 or later, this host speaks 1.0"},
    {"note-not-json",
     "has a BELAY note whose text is no JSON: line 1, column 26: Missing a comma or '}' after an object member"},
    {"note-without-types", "has a BELAY note without a provider type in \"types\""},
    {"note-bad-id", "has a BELAY note whose id \"Fixture\" is not reverse DNS (right would be \"org.example.acme\")"},
    {"note-bad-origin",
     "has a BELAY note with the origin \"https://a.example/v1\" (right would be \"https://api.example.org\" or "
     "\"https://*.example.org\")"},
    {"two-notes", "has two BELAY notes"},
    {"no-entry", "does not export belay_plugin_entry_v1 (define it with BELAY_EXPORT, or use BELAY_PROVIDER)"},
    {"two-exports",
     "exports 2 symbols, among them \"leaked\"; only belay_plugin_entry_v1 may be seen (link with the SDK's "
     "plugin.map)"},
    {"runpath", "looks for libraries in \"/opt/elsewhere\" (its run path may only be $ORIGIN)"},
    {"exec-stack", "asks for an executable stack (link it with -z noexecstack)"},
    {"text-relocations", "has text relocations (compile it with -fPIC)"},
};
INSTANTIATE_TEST_SUITE_P(BeforeMapping, RefusedFixture, testing::ValuesIn(before_mapping), test_name);

const Refusal entries[] = {
    {"entry-fails", "refused to start in its entry function: the licence ran out"},
    {"entry-returns-null", "has an entry function that answered OK and gave no table"},
    {"entry-error-overrun",
     "cannot be used: plugin org.belay.fixture 1.2.0 broke its contract in belay_plugin_entry_v1(): it wrote beyond "
     "the room for its error text"},
};
INSTANTIATE_TEST_SUITE_P(Entry, RefusedFixture, testing::ValuesIn(entries), test_name);

const Refusal tables[] = {
    {"note-id-differs", "has the id \"org.belay.fixture\" in its note and \"org.belay.other\" in its table"},
    {"note-version-differs", "has the version \"1.2.0\" in its note and \"1.3.0\" in its table"},
    {"note-types-differ", "has the types \"note-types-differ\" in its note and \"something-else\" in its table"},
    {"table-major-2", "speaks belay ABI 2.0, this host speaks 1.0"},
    {"table-min-host-minor-7", "needs a host of belay ABI 1.7 or later, this host speaks 1.0"},
    {"size-too-small", "has a belay_plugin of 88 bytes, ABI 1.0 has 96"},
    {"no-providers", "has 0 providers, between 1 and 64 are possible"},
    {"second-provider-missing", "has no descriptor for one of its providers"},
    {"no-descriptor-function", "has a table without the function descriptor"},
    {"api-null", "has no api table for provider \"api-null\""},
    {"api-too-small", "has a belay_provider_api of 88 bytes, ABI 1.0 has 96"},
    {"missing-slot-create", "has provider \"missing-slot-create\" without the slot create"},
    {"missing-slot-destroy", "has provider \"missing-slot-destroy\" without the slot destroy"},
    {"missing-slot-begin", "has provider \"missing-slot-begin\" without the slot begin"},
    {"missing-slot-build-request", "has provider \"missing-slot-build-request\" without the slot build_request"},
    {"missing-slot-on-response-head",
     "has provider \"missing-slot-on-response-head\" without the slot on_response_head"},
    {"missing-slot-on-body-chunk", "has provider \"missing-slot-on-body-chunk\" without the slot on_body_chunk"},
    {"missing-slot-finish", "has provider \"missing-slot-finish\" without the slot finish"},
    {"missing-slot-end", "has provider \"missing-slot-end\" without the slot end"},
    {"missing-slot-classify-error", "has provider \"missing-slot-classify-error\" without the slot classify_error"},
    {"missing-slot-refresh-credentials",
     "has provider \"missing-slot-refresh-credentials\" without the slot refresh_credentials"},
    {"own-transport-without-run",
     "has provider \"own-transport-without-run\" with BELAY_CAP_OWN_TRANSPORT and without belay.transport/1"},
    {"own-transport-run-null", "has a table belay.transport/1 whose function is NULL"},
    {"own-transport-with-http-slot",
     "has provider \"own-transport-with-http-slot\" with its own transport and an HTTP slot finish (it must be NULL)"},
    {"transport-without-cap",
     "has provider \"transport-without-cap\" with belay.transport/1 and without BELAY_CAP_OWN_TRANSPORT"},
};
INSTANTIATE_TEST_SUITE_P(Tables, RefusedFixture, testing::ValuesIn(tables), test_name);

const Refusal descriptors[] = {
    {"descriptor-too-small", "has a belay_descriptor of 184 bytes, ABI 1.0 has 192"},
    {"bad-type",
     "has a descriptor whose type \"Bad Type\" is no provider type (right would be lower case letters, digits and "
     "dashes, 64 at most)"},
    {"name-missing", "has a descriptor of \"name-missing\" without name"},
    {"name-with-control-bytes",
     "has a descriptor of \"name-with-control-bytes\" whose name is no UTF-8 or holds control characters"},
    {"name-not-utf8", "has a descriptor of \"name-not-utf8\" whose name is no UTF-8 or holds control characters"},
    {"bad-version",
     "has a descriptor of \"bad-version\" whose version \"v1\" is not a semantic version (right would be \"1.2.0\")"},
    {"bad-base-url", "has a descriptor of \"bad-base-url\" whose default_base_url is no http or https URL"},
    {"bad-wire", "has a descriptor of \"bad-wire\" with an entry of wires that is none: \"openai.chat\""},
    {"schema-not-json",
     "has a descriptor of \"schema-not-json\" whose config_schema is no JSON: line 1, column 9: Invalid value"},
    {"schema-not-object", "has a descriptor of \"schema-not-object\" whose config_schema is no JSON object"},
    {"model-twice", "has a descriptor of \"model-twice\" that lists the model \"m1\" twice"},
    {"model-stride-small",
     "has a descriptor of \"model-stride-small\" whose models have a stride of 32 bytes, ABI 1.0 has 40"},
    {"model-context-zero",
     "has a descriptor of \"model-context-zero\" with the model \"m1\" whose limits are neither positive nor -1"},
};
INSTANTIATE_TEST_SUITE_P(Descriptors, RefusedFixture, testing::ValuesIn(descriptors), test_name);

std::string draft_sentence() {
  return "is built against draft abababababab of belay ABI 1.0, this host against draft " +
         std::string(BELAY_ABI_HASH).substr(0, 12) + " (build it again with this host's SDK)";
}

TEST(Loader, AnotherDraftIsRefusedByItsNote) {
  EXPECT_THAT(fixtures().why_not("draft-hash-other"), testing::HasSubstr(draft_sentence()));
}

TEST(Loader, AnotherDraftIsRefusedByItsTable) {
  const auto descriptor = fixtures().descriptor("table-hash-other");

  ASSERT_FALSE(descriptor);
  EXPECT_THAT(descriptor.error().message, testing::HasSubstr(draft_sentence()));
}

TEST(Loader, MissingSymbolIsFoundWhenMapping) {
  const auto descriptor = fixtures().descriptor("undefined-symbol");

  ASSERT_FALSE(descriptor);
  EXPECT_THAT(descriptor.error().message, testing::AllOf(testing::HasSubstr("cannot be mapped"),
                                                         testing::HasSubstr("undefined symbol: nobody_defines_this")));
}

TEST(Loader, GoodPluginIsDescribed) {
  const auto descriptor = fixtures().descriptor("good");

  ASSERT_TRUE(descriptor) << descriptor.error().message;
  EXPECT_EQ((*descriptor)->type, "good");
  EXPECT_EQ((*descriptor)->license, "0BSD");
  EXPECT_TRUE((*descriptor)->speaks("openai.chat/1"));
  EXPECT_FALSE((*descriptor)->speaks("openai.chat/2"));
  ASSERT_EQ((*descriptor)->models.size(), 2u);
  EXPECT_EQ((*descriptor)->models[0].context, 200000);
  EXPECT_EQ((*descriptor)->models[1].context, std::nullopt);
}

TEST(Loader, LibrariesBesideThePluginAreAllowed) {
  EXPECT_TRUE(fixtures().descriptor("runpath-origin"));
  EXPECT_NE(instance_of("needs-beside"), nullptr);
}

TEST(Loader, NothingIsMappedBeforeItIsNeeded) {
  TempDir dir;
  const auto bytes = bytes_of(fixture_file("good")) + "x";  // others may have mapped the fixture itself
  dir.put("good.so", bytes);
  const Registry registry(settings_for({dir.path()}), services());

  ASSERT_EQ(registry.files().size(), 1u);
  EXPECT_EQ(registry.files()[0].state, FileState::usable);
  EXPECT_EQ(registry.note_of("good")->id, "org.belay.fixture");
  EXPECT_EQ(Module::of(to_hex(sha256(bytes))), nullptr);
}

TEST(Loader, DescriptorsOutliveTheRegistry) {
  TempDir dir;
  dir.put_fixture("good");
  const Descriptor* descriptor = nullptr;
  {
    Registry registry(settings_for({dir.path()}), services());
    descriptor = *registry.descriptor("good");
  }

  EXPECT_EQ(descriptor->type, "good");
}

TEST(Loader, FileThatTurnedBadAfterTheScanIsNotMapped) {
  TempDir dir;
  dir.put_fixture("good");
  Registry registry(settings_for({dir.path()}), services());
  std::filesystem::rename(dir.put("new", bytes_of(fixture_file("no-note"))), dir / "good.so");

  const auto descriptor = registry.descriptor("good");

  ASSERT_FALSE(descriptor);
  EXPECT_THAT(descriptor.error().message, testing::HasSubstr("has no BELAY note"));
  EXPECT_EQ(registry.files()[0].state, FileState::refused);
}

TEST(Registry, FileGoesByItsType) {
  TempDir dir;
  dir.put("other.so", bytes_of(fixture_file("good")));
  const Registry registry(settings_for({dir.path()}), services());

  EXPECT_EQ(registry.files()[0].why, "is named \"other.so\", but serves the type \"good\" (name it good.so)");
}

TEST(Registry, FirstFolderWinsAndTheOtherIsReported) {
  TempDir first, second;
  first.put_fixture("good");
  second.put_fixture("good");
  const Registry registry(settings_for({first.path(), second.path()}), services());
  const auto files = registry.files();

  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].state, FileState::usable);
  EXPECT_EQ(files[1].state, FileState::shadowed);
  EXPECT_EQ(files[1].why, "\"good\" is served by " + first / "good.so");
}

TEST(Registry, RefusedFileDoesNotShadowAGoodOne) {
  TempDir first, second;
  first.put("good.so", "no plugin");
  second.put_fixture("good");
  Registry registry(settings_for({first.path(), second.path()}), services());

  EXPECT_EQ(registry.files()[0].why, "is no ELF file");
  EXPECT_TRUE(registry.descriptor("good"));
}

TEST(Registry, DisabledTypeIsNotServed) {
  TempDir dir;
  dir.put_fixture("good");
  auto settings = settings_for({dir.path()});
  settings.policies["good"].enabled = false;
  settings.policies["good"].place = "belay.toml:12";
  Registry registry(settings, services());

  EXPECT_EQ(registry.files()[0].state, FileState::disabled);
  EXPECT_EQ(registry.descriptor("good").error().message,
            "plugin \"good\" is switched off: [plugins.good] enabled = false at belay.toml:12");
}

TEST(Registry, FileMayServeSomeOfItsTypes) {
  TempDir dir;
  dir.put_fixture("two-types");
  auto settings = settings_for({dir.path()});
  settings.policies["two-types"].enabled = false;
  Registry registry(settings, services());

  EXPECT_EQ(registry.files()[0].state, FileState::usable);
  EXPECT_EQ(registry.files()[0].why, "[plugins.two-types] enabled = false");
  EXPECT_FALSE(registry.descriptor("two-types"));
  ASSERT_TRUE(registry.descriptor("two-types-b"));
  EXPECT_EQ((*registry.descriptor("two-types-b"))->type, "two-types-b");
}

TEST(Registry, BadFilesDoNotStopGoodOnes) {
  const auto files = fixtures().files();

  EXPECT_GE(
      std::count_if(files.begin(), files.end(), [](const auto& file) { return file.state == FileState::refused; }), 10);
  for (const auto* type : {"good", "own-transport", "with-login"}) EXPECT_TRUE(fixtures().descriptor(type)) << type;
}

TEST(Registry, IsolationThatCannotBeHadIsAnError) {
  TempDir dir;
  dir.put_fixture("good");
  auto settings = settings_for({dir.path()});
  settings.policies["good"].isolation = Isolation::process;
  settings.policies["good"].place = "belay.toml:12";
  Registry registry(settings, services());

  EXPECT_EQ(registry.descriptor("good").error().message,
            "plugin " + dir / "good.so" +
                " can't be run as configured: [plugins.good] isolation = \"process\" is not something that this "
                "build can do (right would be \"in-process\") at belay.toml:12");
}

TEST(Registry, UnknownTypeNamesTheLikelyOneAndTheFolders) {
  TempDir dir;
  dir.put_fixture("good");
  const Registry registry(settings_for({dir.path(), "/nonexistent"}), services());

  EXPECT_EQ(registry.why_not("goood"), "no plugin serves the type \"goood\" (did you mean \"good\"?); looked in " +
                                           dir.path() + ", /nonexistent (No such file or directory)");
}

TEST(Inspect, GoodFileIsShownInFull) {
  std::vector<Descriptor> descriptors;
  const auto report = Registry::inspect(fixture_file("good"), settings_for({}), &descriptors);

  EXPECT_EQ(report.state, FileState::loaded) << report.why;
  EXPECT_EQ(report.note->version, "1.2.0");
  ASSERT_EQ(descriptors.size(), 1u);
  EXPECT_EQ(descriptors[0].type, "good");
}

TEST(Inspect, BadFileSaysWhyAndStillShowsItsNote) {
  const auto report = Registry::inspect(fixture_file("min-host-minor-7"), settings_for({}), nullptr);

  EXPECT_EQ(report.state, FileState::refused);
  EXPECT_EQ(report.why, "needs a host of belay ABI 1.7 or later, this host speaks 1.0");
  EXPECT_EQ(report.note->types, std::vector<std::string>{"min-host-minor-7"});
}

}  // namespace
}  // namespace belay::plugins
