#include "checks/metadata.hpp"

#include "checks/checks.hpp"

namespace belay::conform {
namespace {

constexpr Check checks[] = {
    {.id = "META-01",
     .group = Group::metadata,
     .severity = Severity::must,
     .title = "mandatory texts are there, readable, without control characters",
     .rules = "P12 P14 provider.h",
     .explain =
         "Reads every text of the module's table and of all descriptors: set where the header says so, at most 400 bytes, UTF-8, one line; versions are semantic "
         "versions, a default base URL is http or https, at least one operation, words of the right form. They are shown to people and compared by programs. "
         "Usually a field was added to the struct's initialiser in the wrong place, or a length counts the terminator.",
     .run = texts_are_whole},
    {.id = "META-02",
     .group = Group::metadata,
     .severity = Severity::must,
     .title = "note and tables say the same",
     .rules = "P11 entry.h",
     .explain =
         "Compares the ELF note, by which a host knows the file before any of it runs, with what the entry gives: id, version, ABI numbers, draft flag and header hash, "
         "provider types. A host refuses a plugin that says one thing before and another after. Usually the version was raised in one place only: use "
         "BELAY_MODULE_ID and BELAY_MODULE_VERSION, which belay_add_plugin() defines from the same words.",
     .run = note_and_tables_agree},
    {.id = "META-03",
     .group = Group::metadata,
     .severity = Severity::must,
     .title = "ids have their form, are unique in the file and the same each time",
     .rules = "P1 entry.h provider.h",
     .explain =
         "The module's id is reverse DNS, provider types are lower case letters, digits and dashes, no type comes twice; a fresh copy of the file, loaded anew, says "
         "the same. Configurations and holds are kept by these names. Usually a type was given in capitals, or is made from something of the machine.",
     .run = names_have_their_form},
    {.id = "META-04",
     .group = Group::metadata,
     .severity = Severity::must,
     .title = "the schema of the options is JSON Schema draft-04, without secrets",
     .rules = "DESIGN-6 P20 provider.h",
     .explain =
         "Parses config_schema and checks each keyword by draft-04's own rules: types, properties, required, enum, limits, patterns, local references. Options hold no secrets: "
         "the host owns credentials, so a property called token, password, secret or api_key is refused. Usual faults: keywords of later drafts (const, "
         "exclusiveMinimum with a number, an empty required), a trailing comma.",
     .run = schema_is_one},
    {.id = "META-05",
     .group = Group::metadata,
     .severity = Severity::must,
     .title = "models have ids of their own and sensible limits",
     .rules = "P5 P14 provider.h",
     .explain =
         "Steps through the models by their stride, which is at least 1.0's size and keeps the alignment: each id set and unique, context and max_output positive or -1. "
         "Usually 0 was written for `not known`, or the stride was left 0.",
     .run = models_are_whole},
    {.id = "META-06",
     .group = Group::metadata,
     .severity = Severity::must,
     .title = "declared abilities match what is there",
     .rules = "P7 P8 provider.h",
     .explain =
         "Every slot up to refresh_credentials is set, except that a plugin with its own transport has NULL in the four HTTP slots and belay.transport/1 with a run; without the "
         "capability there is no such ability. embeddings and models are operations exactly where the capability says so; streams and tools belong to chat; a plugin that is "
         "not keyless names credential types. A host plans by these bits and calls the slots without asking again.",
     .run = caps_match_slots},
    {.id = "META-07",
     .group = Group::metadata,
     .severity = Severity::must,
     .title = "unknown and misspelt abilities give NULL",
     .rules = "P9 P14 provider.h",
     .explain =
         "Asks get_extension() for ids that no plugin has, for known ones with something behind them, cut short, in capitals, with another number, and for very long ones; texts end "
         "at an unmapped page and have no terminator. A table for the wrong id would be called with the wrong idea of it. Usually strcmp or strncmp on a text that "
         "is not terminated, or a comparison of a prefix.",
     .run = unknown_abilities},
    {.id = "META-08",
     .group = Group::metadata,
     .severity = Severity::must,
     .title = "tables stay where and as they are",
     .rules = "P3 P12 entry.h",
     .explain =
         "Takes the addresses and bytes of all tables, descriptors, their arrays and texts, uses the plugin (create, an exchange, classify_error, a refresh, destroy), and compares. "
         "Asks for a provider beyond the last, which is NULL. Hosts keep these pointers until the process ends. Usually a descriptor is built in a static buffer at each "
         "call, or points into an object that goes.",
     .run = tables_stay},
    {.id = "META-09",
     .group = Group::metadata,
     .severity = Severity::should,
     .title = "the options' defaults are accepted by create()",
     .rules = "provider.h",
     .explain =
         "Makes options of the schema's `default` values, which is {} where it has none, and gives them to create(). Where the schema requires members without a default the question "
         "does not arise. Usually create() wants a member that the schema calls optional, so that `plugin = ...` alone is refused with a text about "
         "something nobody wrote.",
     .run = defaults_are_accepted},
};

}  // namespace

std::span<const Check> metadata_checks() { return checks; }

}  // namespace belay::conform
