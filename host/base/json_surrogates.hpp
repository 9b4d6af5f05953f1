// Escapes of half a character. The grammar allows "\ud800" alone, Python writes "\udcff" for a byte that is no UTF-8,
// and RapidJSON refuses the one and makes invalid UTF-8 of the other.
#pragma once

#include <cstddef>

namespace belay::json {

/// Makes \ufffd of every \uXXXX in `text` that is a surrogate without its other half. Lengths and places stay.
void replace_lone_surrogates(char* text, std::size_t size);

}  // namespace belay::json
