/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/phone.h"

#include <string.h>

#include "base/text.h"

#define MOBILE_DIGITS 11

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits_at(const char *s)
{
	size_t n = 0;

	while (digit(s[n]))
		n++;
	return n;
}

bool phone_is_mobile(const char *phone)
{
	return digits_at(phone) == MOBILE_DIGITS && phone[MOBILE_DIGITS] == '\0' && phone[0] == '1' && phone[1] >= '3';
}

/* Length of the area code: 010 and 02x have three places, all others four. 0: none begins here. */
static size_t area_code(const char *s)
{
	if (s[0] != '0' || !digit(s[1]) || s[1] == '0' || !digit(s[2]))
		return 0;
	if (s[1] == '1' || s[1] == '2')
		return s[1] == '2' || s[2] == '0' ? 3 : 0;
	return digit(s[3]) ? 4 : 0;
}

bool phone_valid(const char *phone)
{
	size_t area = area_code(phone), n;

	if (phone_is_mobile(phone))
		return true;
	if (area == 0 || phone[area] != '-')
		return false;
	phone += area + 1;
	n = digits_at(phone);
	if (n < 7 || n > 8 || phone[0] < '2')
		return false;
	if (phone[n] == '\0')
		return true;
	return phone[n] == '-' && digits_at(phone + n + 1) >= 1 && digits_at(phone + n + 1) <= 5 &&
	       phone[n + 1 + digits_at(phone + n + 1)] == '\0';
}

/* What people write between digits disappears; hyphens stay only where `hyphens` says so. */
static bool squeeze(const char *typed, bool hyphens, char *out, size_t size)
{
	char copy[128];
	size_t n = 0;

	if (!text_copy(copy, sizeof(copy), typed))
		return false;
	text_narrow(copy);
	for (const char *s = copy; *s; s++) {
		if (strchr(" \t()", *s) || (*s == '-' && !hyphens))
			continue;
		if (n + 1 == size)
			return false;
		out[n++] = *s;
	}
	out[n] = '\0';
	return true;
}

static const char *without_country(const char *s)
{
	static const char *const prefixes[] = {"+86", "0086", "86"};

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		size_t n = strlen(prefixes[i]);

		if (strncmp(s, prefixes[i], n) == 0 && phone_is_mobile(s + n))
			return s + n;
	}
	return s;
}

bool phone_normalise(const char *typed, char out[PHONE_TEXT])
{
	char all[64], plain[64], fixed[80];
	const char *mobile;
	size_t area;

	if (!squeeze(typed, true, all, sizeof(all)) || !squeeze(typed, false, plain, sizeof(plain)))
		return false;
	mobile = without_country(plain);
	if (phone_is_mobile(mobile))
		return text_copy(out, PHONE_TEXT, mobile);
	area = area_code(all);
	if (area == 0)
		return false;
	text_format(fixed, sizeof(fixed), "%.*s-%s", (int)area, all, all + area + (all[area] == '-'));
	if (strlen(fixed) >= PHONE_TEXT || !phone_valid(fixed))
		return false;
	return text_copy(out, PHONE_TEXT, fixed);
}

bool bank_card_normalise(const char *typed, char out[BANK_CARD_TEXT])
{
	char plain[64];
	size_t n;

	if (!squeeze(typed, false, plain, sizeof(plain)) || !text_is_digits(plain))
		return false;
	n = strlen(plain);
	return n >= 12 && n <= BANK_CARD_TEXT - 1 && text_copy(out, BANK_CARD_TEXT, plain);
}

bool bank_card_luhn(const char *digits)
{
	size_t n = strlen(digits);
	int sum = 0;

	if (n == 0 || !text_is_digits(digits))
		return false;
	for (size_t i = 0; i < n; i++) {
		int d = digits[n - 1 - i] - '0';

		if (i % 2 == 1)
			d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	return sum % 10 == 0;
}
