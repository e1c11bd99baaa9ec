/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Identity numbers: what can be known of one by looking at it. Pure; nothing here rejects a person, the caller decides.
 *
 * Citizen number (GB 11643-1999): 6 region, 8 birth YYYYMMDD, 3 order (odd male, even female), 1 check digit; weights 2^(18-i)
 * mod 11 for the digit at place i, the sum mod 11 picks from "10X98765432". The numbers of residents of Hong Kong, Macao and
 * Taiwan (region 81, 82, 83) and of foreigners since 2023-12-01 (9, 2 province, 3 country, birth, order, check) have the same
 * places for birth, order and check digit. Foreigners' numbers of 2017 are 3 capital letters and 12 digits. Numbers of 15
 * digits (1989) have a birth year of two digits and no check digit; cards hold 18 only.
 */
#ifndef DOMAIN_ID_NUMBER_H
#define DOMAIN_ID_NUMBER_H

#include <stdbool.h>

#include "base/dates.h"

#define ID_NUMBER_TEXT 19 /* 18 characters and NUL */

/* The order is GB/T 2261.1's where it matters: never stored as a number, always by name. */
enum id_sex { ID_SEX_UNKNOWN, ID_SEX_MALE, ID_SEX_FEMALE, ID_SEX_UNSTATED };

const char *id_sex_name(enum id_sex sex);                   /* "male", "female", "unknown", "unstated": JSON and --json */
bool id_sex_from_name(const char *name, enum id_sex *out);

enum id_number_kind {
	ID_NUMBER_NONE,             /* no identity number known to us */
	ID_NUMBER_CITIZEN,
	ID_NUMBER_HMT,              /* residence permit for Hong Kong, Macao and Taiwan: 81, 82, 83 */
	ID_NUMBER_FOREIGNER,        /* 2023: 18 places, the first is 9 */
	ID_NUMBER_FOREIGNER_OLD,    /* 2017: three letters and twelve digits */
};

/* By shape only: 17 digits and a digit or X; or three capital letters and twelve digits. */
enum id_number_kind id_number_kind_of(const char *number);

/* What was typed as it is stored: blanks and full-width forms removed, letters upper case, 15 digits made 18 (19 inserted
 * after the region, check digit appended). false, out untouched: neither 18 nor 15 places of the right kind. */
bool id_number_normalise(const char *typed, char out[ID_NUMBER_TEXT]);

/* The check digit for the first 17 digits; '\0' when they are not 17 digits. */
char id_number_check_digit(const char *first17);
bool id_number_check_digit_ok(const char *number18);

/* Birth date and sex inside an 18-place number. false / ID_SEX_UNKNOWN: none there (wrong shape, no such day). */
bool id_number_birth(const char *number18, date_t *out);
enum id_sex id_number_sex(const char *number18);

/* Are the first two digits a province, a special administrative region, Taiwan, or 91 (abroad)? The county is not judged:
 * codes that were abolished stay valid for life. */
bool id_number_region_ok(const char *number);

enum id_number_fault {
	ID_NUMBER_FAULT_SHAPE = 1 << 0,    /* not of any known shape: the other checks were not made */
	ID_NUMBER_FAULT_DIGIT = 1 << 1,    /* check digit */
	ID_NUMBER_FAULT_BIRTH = 1 << 2,    /* no such day, or after `today` */
	ID_NUMBER_FAULT_REGION = 1 << 3,   /* no such province */
};

/* All of the above in one; today may be DATE_NONE (then a birth in the future is not noticed). 0: nothing against it. */
unsigned id_number_faults(const char *number, date_t today);

#endif
