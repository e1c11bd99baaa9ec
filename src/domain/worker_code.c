/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/worker_code.h"

#include <string.h>

#include "base/uid.h"

#define PREFIX "SM"
#define DIGITS 16
#define BASE 32

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static int value_of(char c)
{
	const char *at;

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

/* Luhn's sum, modulo the base: finds every single mistake and neighbours exchanged. */
static int check_value(const char *text)
{
	int sum = 0, factor = 2;

	for (int i = DIGITS - 1; i >= 0; i--) {
		int product = factor * value_of(text[i]);

		sum += product / BASE + product % BASE;
		factor = factor == 2 ? 1 : 2;
	}
	return (BASE - sum % BASE) % BASE;
}

void worker_code_new(char out[WORKER_CODE_TEXT])
{
	unsigned char random[DIGITS];

	random_bytes(random, sizeof(random));
	memcpy(out, PREFIX, 2);
	for (int i = 0; i < DIGITS; i++)
		out[2 + i] = digits[random[i] % BASE]; /* 256 is a multiple of 32: no digit is likelier */
	out[2 + DIGITS] = digits[check_value(out + 2)];
	out[3 + DIGITS] = '\0';
}

static bool same_letter(char typed, char wanted)
{
	return typed == wanted || typed == wanted - 'A' + 'a';
}

bool worker_code_read(const char *typed, char out[WORKER_CODE_TEXT])
{
	char read[WORKER_CODE_TEXT] = PREFIX;
	size_t n = 0;

	for (; *typed; typed++) {
		if (*typed == ' ' || *typed == '-' || *typed == '\t')
			continue;
		if (n == WORKER_CODE_TEXT - 1)
			return false;
		if (n < 2 ? !same_letter(*typed, PREFIX[n]) : value_of(*typed) < 0)
			return false;
		if (n >= 2)
			read[n] = digits[value_of(*typed)];
		n++;
	}
	if (n != WORKER_CODE_TEXT - 1 || read[2 + DIGITS] != digits[check_value(read + 2)])
		return false;
	read[n] = '\0';
	memcpy(out, read, sizeof(read));
	return true;
}
