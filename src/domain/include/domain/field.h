/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fields of a registration: one row each, the thread through form, record, rule, finding, draft, wire and command line.
 *
 * A field is known by its id in C and by `name` everywhere else (profiles, drafts, --json, command-line options). `wire` is the
 * name in the national data standard (住建部 全国建筑工人管理服务信息平台数据标准, methods as cited in field.c); NULL where the
 * standard has none. What is required is not here: the profile says it, for each form.
 */
#ifndef DOMAIN_FIELD_H
#define DOMAIN_FIELD_H

#include <stdbool.h>
#include <stddef.h>

enum field_kind {
	FIELD_TEXT,     /* any text up to max_chars */
	FIELD_NAME,     /* a person's name: no digits; blanks only in Latin names; · allowed */
	FIELD_DIGITS,   /* digits only */
	FIELD_DOCUMENT, /* a document number; checked by document type */
	FIELD_PHONE,    /* mainland mobile, or a number with area code */
	FIELD_DATE,     /* YYYY-MM-DD, or long-term where `codes` is "long-term" */
	FIELD_MONEY,    /* yuan with at most two decimals on screen, whole fen (decimal text) in the record */
	FIELD_CODE,     /* a code of the table `codes` of the profile (src/profile/codes), shown with its word */
	FIELD_YES_NO,   /* "1" or "0" */
	FIELD_COMPANY,  /* uid of a participant of the project */
	FIELD_TEAM,     /* uid of a team of the project */
	FIELD_BANK_CARD /* 12 to 21 digits, Luhn only warned about */
};

enum field_flags {
	FIELD_FROM_CARD = 1 << 0, /* the card fills it; locked while the record came from a card */
	FIELD_SEALED = 1 << 1,    /* sealed at rest (DESIGN 5) */
	FIELD_MASKED = 1 << 2,    /* masked on screen until shown on demand (A7, S5) */
	FIELD_CARRIED = 1 << 3,   /* carried over from the record before, and marked so (U1, D2) */
};

enum field_group { GROUP_IDENTITY, GROUP_WORK, GROUP_CONTRACT, GROUP_PERSONAL };

enum field_id {
	F_DOC_TYPE, F_NUMBER, F_NAME, F_NAME_LATIN, F_SEX, F_NATION, F_BIRTH, F_ADDRESS, F_AUTHORITY, F_VALID_FROM, F_VALID_TO,
	F_NATIONALITY, F_PERMIT_NUMBER, F_TIMES_ISSUED,
	F_PHONE, F_ROLE, F_TRADE, F_COMPANY, F_TEAM, F_LEADER,
	F_CONTRACT_KIND, F_CONTRACT_FROM, F_CONTRACT_TO, F_EMPLOYMENT_FORM, F_UNIT, F_UNIT_PRICE, F_WAGE_KIND, F_WAGE,
	F_BASE_WAGE, F_PROBATION_WAGE, F_PERFORMANCE_TIMES, F_BANK, F_BANK_NUMBER, F_TRAINED_ON,
	F_EDUCATION, F_POLITICS, F_MARITAL, F_NATIVE_PLACE, F_USUAL_ADDRESS, F_LOCAL_ADDRESS, F_EMERGENCY_NAME, F_EMERGENCY_PHONE, F_UNION_DATE, F_MEDICAL, F_INSURANCE,
	FIELD_COUNT
};

struct field {
	enum field_id id;
	const char *name;   /* "contract_from" */
	const char *wire;   /* "startDate", NULL: not on the wire */
	const char *label;  /* Chinese msgid */
	const char *help;   /* one Chinese sentence: what is expected, with an example */
	enum field_kind kind;
	enum field_group group;
	unsigned flags;     /* enum field_flags */
	unsigned max_chars;
	const char *codes;  /* code table for FIELD_CODE */
};

const struct field *field_get(enum field_id id);
const struct field *field_by_name(const char *name); /* NULL when unknown */
/* The field that a platform's answer names, by the kind of the operation ("person.add": startDate is the document's, "employment.offer":
 * the contract's). NULL when that operation has no such field. */
const struct field *field_by_wire(const char *operation, const char *wire);

#endif
