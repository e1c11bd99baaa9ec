/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Phone numbers of the mainland and bank cards: shapes, and what was typed made canonical. Pure. */
#ifndef DOMAIN_PHONE_H
#define DOMAIN_PHONE_H

#include <stdbool.h>
#include <stddef.h>

#define PHONE_TEXT 21     /* 20 characters and NUL */
#define BANK_CARD_TEXT 22 /* 21 digits and NUL */

/* A mobile number: 11 digits, 1 and then 3 to 9 (工信部 numbering plan: no 10x, 11x, 12x for subscribers). */
bool phone_is_mobile(const char *phone);
/* Or a fixed one: 0, area code of 2 or 3 more digits, '-', 7 or 8 digits not beginning with 0 or 1, maybe '-' and an extension. */
bool phone_valid(const char *phone);
/* Blanks, full-width forms, brackets and +86 removed; a fixed number gets its '-' after the area code. false, out untouched: neither. */
bool phone_normalise(const char *typed, char out[PHONE_TEXT]);

/* Blanks and hyphens removed. false, out untouched: not 12 to 21 digits. */
bool bank_card_normalise(const char *typed, char out[BANK_CARD_TEXT]);
/* The last digit agrees (ISO/IEC 7812, Luhn). Old cards and passbooks have none: only ever a warning. */
bool bank_card_luhn(const char *digits);

#endif
