/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/credit_code.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"

#define PLACES 17
#define BASE 31

static const char set[] = "0123456789ABCDEFGHJKLMNPQRTUWXY"; /* GB 32100-2015, table 1: the place is the value */

static int value_of(char c)
{
	const char *at = c ? strchr(set, c) : NULL;

	return at ? (int)(at - set) : -1;
}

/* GB 32100-2015, annex: weight of place i is 3^(i-1) mod 31; check value = 31 - sum mod 31, 31 counting as 0. */
char credit_code_check_digit(const char *first17)
{
	int sum = 0, weight = 1;

	for (int i = 0; i < PLACES; i++) {
		int value = value_of(first17[i]);

		if (value < 0)
			return '\0';
		sum += value * weight;
		weight = weight * 3 % BASE;
	}
	return set[(BASE - sum % BASE) % BASE];
}

bool credit_code_valid(const char *code)
{
	char check = strnlen(code, PLACES + 2) == PLACES + 1 ? credit_code_check_digit(code) : '\0';

	return check != '\0' && code[PLACES] == check;
}

bool credit_code_normalise(const char *typed, char out[CREDIT_CODE_TEXT])
{
	char copy[128], code[CREDIT_CODE_TEXT];
	size_t n = 0;

	if (!text_copy(copy, sizeof(copy), typed))
		return false;
	text_narrow(copy);
	for (const char *s = copy; *s; s++) {
		char c = *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s;

		if (c == ' ' || c == '\t')
			continue;
		if (n == PLACES + 1 || value_of(c) < 0)
			return false;
		code[n++] = c;
	}
	if (n != PLACES + 1)
		return false;
	code[n] = '\0';
	memcpy(out, code, sizeof(code));
	return true;
}
