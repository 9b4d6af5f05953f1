/* SPDX-License-Identifier: 0BSD
 *
 * The provider that every mutant is, but for one fault. It fails nothing.
 */
#include "good/tables.h"
