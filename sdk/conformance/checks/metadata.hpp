// The checks of what a plugin says of itself; metadata.cpp has the table.
#pragma once

#include <functional>

#include "check.hpp"
#include "drive/subject.hpp"

namespace belay::conform {

/// All providers of the module, not only the one under test; fails the check where a descriptor or api is missing.
void each_provider(Case&, const std::function<void(const belay_descriptor&, const belay_provider_api&)>& visit);

void texts_are_whole(Case&);       // META-01
void note_and_tables_agree(Case&); // META-02
void names_have_their_form(Case&); // META-03
void schema_is_one(Case&);         // META-04
void models_are_whole(Case&);      // META-05
void caps_match_slots(Case&);      // META-06
void unknown_abilities(Case&);     // META-07
void tables_stay(Case&);           // META-08
void defaults_are_accepted(Case&); // META-09

}  // namespace belay::conform
