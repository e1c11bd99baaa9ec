/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random text of the kinds that make columns crooked. */
#ifndef TESTS_SCREENS_TEXTS_H
#define TESTS_SCREENS_TEXTS_H

#include <stddef.h>
#include <stdint.h>

uint32_t texts_random(uint32_t *seed);                  /* xorshift; the seed is printed by the tests that use it */
void texts_make(uint32_t *seed, char *out, size_t size);/* Chinese, Latin, Uyghur names with ·, beyond U+FFFF, combining, ambiguous */

#endif
