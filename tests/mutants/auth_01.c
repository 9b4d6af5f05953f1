// check: AUTH-01
// Puts the tokens into the form as they are: a plus becomes a blank, an ampersand ends the value.
#define FORM_PLAIN(c) ((c) != 0)
#include "good/good.h"

#include "good/tables.h"
