// check: META-09
// The default that its schema names is one that it refuses.
#define SCHEMA "{\"type\":\"object\",\"properties\":{\"path\":{\"type\":\"string\",\"default\":\"chat/completions\"}},\"additionalProperties\":false}"
#include "good/tables.h"
