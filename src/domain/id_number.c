/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/id_number.h"

#include <string.h>

#include "base/text.h"

static const char *const sex_names[] = {
	[ID_SEX_UNKNOWN] = "unknown",
	[ID_SEX_MALE] = "male",
	[ID_SEX_FEMALE] = "female",
	[ID_SEX_UNSTATED] = "unstated",
};

const char *id_sex_name(enum id_sex sex)
{
	return (size_t)sex < ARRAY_LEN(sex_names) ? sex_names[sex] : sex_names[ID_SEX_UNKNOWN];
}

bool id_sex_from_name(const char *name, enum id_sex *out)
{
	for (size_t i = 0; i < ARRAY_LEN(sex_names); i++) {
		if (strcmp(sex_names[i], name) == 0) {
			*out = (enum id_sex)i;
			return true;
		}
	}
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool all_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!is_digit(s[i]))
			return false;
	}
	return true;
}

static bool is_old_foreigner(const char *s)
{
	for (size_t i = 0; i < 3; i++) {
		if (s[i] < 'A' || s[i] > 'Z')
			return false;
	}
	return all_digits(s + 3, 12);
}

static bool has_18_places(const char *s)
{
	return strlen(s) == 18 && all_digits(s, 17) && (is_digit(s[17]) || s[17] == 'X');
}

static int two_digits(const char *s)
{
	return (s[0] - '0') * 10 + (s[1] - '0');
}

enum id_number_kind id_number_kind_of(const char *number)
{
	if (strlen(number) == 15 && is_old_foreigner(number))
		return ID_NUMBER_FOREIGNER_OLD;
	if (!has_18_places(number))
		return ID_NUMBER_NONE;
	if (number[0] == '9')
		return ID_NUMBER_FOREIGNER;
	if (number[0] == '8')
		return ID_NUMBER_HMT;
	return ID_NUMBER_CITIZEN;
}

char id_number_check_digit(const char *first17)
{
	static const int weights[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = 0;

	for (size_t i = 0; i < ARRAY_LEN(weights); i++) {
		if (!is_digit(first17[i]))
			return '\0';
		sum += (first17[i] - '0') * weights[i];
	}
	return "10X98765432"[sum % 11];
}

bool id_number_check_digit_ok(const char *number18)
{
	return has_18_places(number18) && number18[17] == id_number_check_digit(number18);
}

/* Blanks of any width out, narrow, letters upper case. false: longer than any number is. */
static bool squeeze(const char *typed, char out[ID_NUMBER_TEXT])
{
	char narrow[128];
	size_t n = 0;

	if (!text_copy(narrow, sizeof(narrow), typed))
		return false;
	text_narrow(narrow);
	for (const char *p = narrow; *p; p++) {
		if (*p == ' ' || *p == '\t')
			continue;
		if (n == ID_NUMBER_TEXT - 1)
			return false;
		out[n++] = (*p >= 'a' && *p <= 'z') ? (char)(*p - 'a' + 'A') : *p;
	}
	out[n] = '\0';
	return true;
}

bool id_number_normalise(const char *typed, char out[ID_NUMBER_TEXT])
{
	char s[ID_NUMBER_TEXT], full[ID_NUMBER_TEXT];

	if (!squeeze(typed, s))
		return false;
	if (id_number_kind_of(s) != ID_NUMBER_NONE) {
		memcpy(out, s, strlen(s) + 1);
		return true;
	}
	if (strlen(s) != 15 || !all_digits(s, 15))
		return false;
	memcpy(full, s, 6);
	memcpy(full + 6, "19", 2);
	memcpy(full + 8, s + 6, 9);
	full[17] = id_number_check_digit(full);
	full[18] = '\0';
	memcpy(out, full, sizeof(full));
	return true;
}

bool id_number_birth(const char *number18, date_t *out)
{
	const char *b = number18 + 6;

	if (!has_18_places(number18))
		return false;
	return date_from_ymd(two_digits(b) * 100 + two_digits(b + 2), two_digits(b + 4), two_digits(b + 6), out);
}

enum id_sex id_number_sex(const char *number18)
{
	if (!has_18_places(number18))
		return ID_SEX_UNKNOWN;
	return (number18[16] - '0') % 2 ? ID_SEX_MALE : ID_SEX_FEMALE;
}

bool id_number_region_ok(const char *number)
{
	static const char provinces[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
					"50 51 52 53 54 61 62 63 64 65 71 81 82 83 91";
	char two[3];

	if (strlen(number) < 2 || !all_digits(number, 2))
		return false;
	memcpy(two, number, 2);
	two[2] = '\0';
	return strstr(provinces, two) != NULL;
}

/* A foreigner's number of 2023 has its province behind the leading 9. */
static bool region_plausible(const char *number, enum id_number_kind kind)
{
	return id_number_region_ok(kind == ID_NUMBER_FOREIGNER ? number + 1 : number) || id_number_region_ok(number);
}

unsigned id_number_faults(const char *number, date_t today)
{
	enum id_number_kind kind = id_number_kind_of(number);
	unsigned faults = 0;
	date_t born;

	if (kind == ID_NUMBER_NONE)
		return ID_NUMBER_FAULT_SHAPE;
	if (kind == ID_NUMBER_FOREIGNER_OLD)
		return 0;
	if (!id_number_check_digit_ok(number))
		faults |= ID_NUMBER_FAULT_DIGIT;
	if (!id_number_birth(number, &born) || (today != DATE_NONE && born > today))
		faults |= ID_NUMBER_FAULT_BIRTH;
	if (!region_plausible(number, kind))
		faults |= ID_NUMBER_FAULT_REGION;
	return faults;
}
