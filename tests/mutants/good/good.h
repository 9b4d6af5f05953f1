/* SPDX-License-Identifier: 0BSD
 *
 * A good provider: an upstream that speaks OpenAI's Chat Completions. Everything but its tables; those are in tables.h.
 */
#include "failures.h"
#include "renewal.h"
#include "slots.h"
