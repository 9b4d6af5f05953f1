// check: META-02
// Its note was forgotten when the version changed.
#define NOTE "{\"id\":\"dev.belay.mutant\",\"name\":\"Mutant\",\"version\":\"0.9.0\",\"vendor\":\"belay\",\"types\":[\"mutant\"]}"
#include "good/tables.h"
