/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is known of a company, a participant, a project, an application: one row a field, the thread through form, store, wire and
 * command line, as domain/field.h is for people (B1, B3, B4, B8, B9).
 *
 * A value is canonical text (dates YYYY-MM-DD, amounts as decimal text, yes "1" and no "0"), "" when nothing is known. What is
 * required besides PARTICULAR_NEEDED the profile says: flag "required.SHEET.NAME". Pure.
 */
#ifndef DOMAIN_PARTICULARS_H
#define DOMAIN_PARTICULARS_H

#include <stdbool.h>
#include <stddef.h>

enum sheet_of { SHEET_COMPANY, SHEET_PARTICIPANT, SHEET_PROJECT, SHEET_APPLICATION, SHEET_OF_COUNT };

enum particular_kind {
	PARTICULAR_TEXT,
	PARTICULAR_NAME,     /* of a person */
	PARTICULAR_CODE,     /* a code of the profile's table `codes` */
	PARTICULAR_NUMBER,   /* an identifier: letters, digits, - _ . and brackets; blanks removed */
	PARTICULAR_AMOUNT,   /* decimal, not negative, at most four decimals */
	PARTICULAR_DATE,
	PARTICULAR_PHONE,
	PARTICULAR_EMAIL,
	PARTICULAR_AREA,     /* six digits */
	PARTICULAR_CREDIT,   /* GB 32100 */
	PARTICULAR_DOCUMENT, /* a document number; its type is another row */
	PARTICULAR_POSITION, /* longitude,latitude in degrees */
	PARTICULAR_YES_NO
};

enum particular_flags {
	PARTICULAR_NEEDED = 1 << 0, /* in every region */
	PARTICULAR_FIXED = 1 << 1,  /* not changed once the thing exists */
	PARTICULAR_MASKED = 1 << 2, /* personal: masked in views and prints (S5) */
	PARTICULAR_CLEAR = 1 << 3   /* a column of its own, not sealed: names, codes, dates (DESIGN 5) */
};

struct particular {
	const char *name;  /* "legal_representative" */
	const char *wire;  /* name in the body of an operation; NULL: not sent */
	const char *label; /* Chinese msgid */
	const char *help;  /* Chinese msgid: what is expected */
	const char *group; /* msgid of the heading that begins here; NULL: goes on */
	enum particular_kind kind;
	unsigned max_chars;
	unsigned flags;    /* enum particular_flags */
	const char *codes;
};

#define PARTICULARS_MAX 40
#define PARTICULAR_TEXT_MAX 512 /* bytes of a value and NUL */

struct particulars {
	enum sheet_of sheet;
	char value[PARTICULARS_MAX][PARTICULAR_TEXT_MAX]; /* by the row's place; wiped by the owner: some are personal */
};

const char *sheet_of_name(enum sheet_of s); /* "company" */
size_t particulars_rows(enum sheet_of s, const struct particular **rows);
int particulars_index(enum sheet_of s, const char *name); /* -1: no such row */
const char *particulars_get(const struct particulars *p, const char *name); /* "" for what is not there */
void particulars_set(struct particulars *p, const char *name, const char *canonical); /* an unknown name changes nothing */
/* What was typed as it is stored. false: not of the row's kind; out then has the text as typed, trimmed. Codes are not looked up here. */
bool particular_normalise(const struct particular *row, const char *typed, char out[PARTICULAR_TEXT_MAX]);
/* As it is shown where others can look on: masked where the row says so. */
void particular_show(const struct particular *row, const char *canonical, char *out, size_t size);

#endif
