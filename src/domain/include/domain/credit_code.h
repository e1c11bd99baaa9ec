/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Unified social credit codes of legal persons (GB 32100-2015): 1 registering authority, 1 kind, 6 region, 9 organisation (GB 11714,
 * itself 8 and a check character), 1 check character. Characters are digits and capitals without I, O, S, V, Z. Pure.
 */
#ifndef DOMAIN_CREDIT_CODE_H
#define DOMAIN_CREDIT_CODE_H

#include <stdbool.h>

#define CREDIT_CODE_TEXT 19 /* 18 characters and NUL */

/* The check character for the first 17; '\0' when one of them is not in the set or there are fewer. */
char credit_code_check_digit(const char *first17);
bool credit_code_valid(const char *code); /* 18 characters of the set and the check character agrees */
/* What was typed as it is stored: blanks and full-width forms removed, capitals. false, out untouched: not 18 characters of the set. */
bool credit_code_normalise(const char *typed, char out[CREDIT_CODE_TEXT]);

#endif
