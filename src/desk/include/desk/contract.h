/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Contracts (D9; JM-1 2.9, JM-5 2.12.2; labour contracts and written work agreements, GB18 第八条): rows of their own beside the employment, one
 * after the other. The employment's contract fields always say what the one in force that ends last says; entry asks for one (L1).
 *
 * States are CYCLE_CONTRACT's. Our clock ends none: a contract whose day has passed is listed as 已到期 until it is renewed, ended or
 * dissolved, or the employment's end takes it along. The contract that a registration brings is uploaded with the employment; whatever
 * is done to it by itself sends it first.
 */
#ifndef DESK_CONTRACT_H
#define DESK_CONTRACT_H

#include "base/buf.h"
#include "desk/desk.h"
#include "domain/lifecycle.h"

#define CONTRACT_WARN_DAYS 30                  /* 将到期: so many days ahead */
#define CONTRACT_SCAN_MAX (10 * 1024 * 1024)   /* bytes of a scan */

struct contract_new {
	int64_t person;          /* adding: whose */
	const char *kind;        /* code of contract_kinds */
	date_t starts_on, ends_on; /* ends_on DATE_NONE: no day agreed, for work until it is done, where the profile does not insist (D3) */
	const char *unit;        /* code of contract_units; NULL or "": none */
	int64_t price;           /* fen a unit; -1: none */
	bool draft;              /* not signed yet */
	int64_t renews;          /* the contract before; 0: none. One that has passed its day ends with the signing */
};
struct contract_finding { const char *field; /* "kind", "starts_on", "ends_on", "unit", "price" */ enum severity severity; char sentence[200]; };
struct contract_findings { struct contract_finding item[8]; size_t n; };
int desk_contract_check(struct desk *d, const struct contract_new *c, struct contract_findings *out, struct err *e);
/* One transaction. ERR_FINDINGS: *findings (may be NULL) says what; the detail is the first sentence. ERR_FORBIDDEN: nobody's employer. */
int desk_contract_add(struct desk *d, const struct contract_new *c, struct contract_findings *findings, int64_t *id, struct err *e);
/* Kind, dates, unit and price of one that is drafted or in force: a fact that supersedes. person, draft, renews are not looked at. */
int desk_contract_edit(struct desk *d, int64_t id, const struct contract_new *c, struct contract_findings *findings, struct err *e);
/* EVENT_CONTRACT_SIGN, END or TERMINATE. ERR_FORBIDDEN with why and what would allow it as its detail. warning (200 bytes, may be NULL):
 * what to see to next, "" nothing. */
int desk_contract_act(struct desk *d, int64_t id, enum event event, date_t on, const char *note, char *warning, struct err *e);

/* The scan: one PDF. desk_contract_read_file() opens a file that the clerk names with the clerk's own rights. ERR_SCAN_FORMAT, ERR_SCAN_LARGE; ERR_SCAN_PLATFORM from
 * desk_contract_set_scan(): the platform's interface takes none of this size. */
int desk_contract_read_file(const char *path, struct buf *out, struct err *e);
int desk_contract_set_scan(struct desk *d, int64_t id, const void *pdf, size_t n, struct err *e);
int desk_contract_open_scan(struct desk *d, int64_t id, struct buf *out, struct err *e); /* recorded first; ERR_NO_SUCH: there is none */

enum contract_filter { CONTRACTS_IN_FORCE, CONTRACTS_EXPIRING, CONTRACTS_EXPIRED, CONTRACTS_DRAFTED, CONTRACTS_OVER, CONTRACT_FILTER_COUNT };
const char *contract_filter_word(enum contract_filter f); /* 在期 …, translated */
const char *contract_filter_name(enum contract_filter f); /* "expiring": command line */
/* 在期 is what is in force and whose day has not passed; 将到期 is a part of it. */
struct contract_row {
	int64_t id; char uid[UID_TEXT]; int64_t person; char name[NAME_TEXT], company[NAME_TEXT], project[NAME_TEXT];
	enum contract_state state; char kind[16], kind_word[64]; date_t starts_on, ends_on; char unit[16], unit_word[32];
	bool has_price, has_scan; int64_t renews;
	int days_left;           /* to the last day; negative: past; INT_MAX: no day agreed */
	char says[64];           /* translated: 在期, 还有 12 天, 已过 3 天, 到期终止 … */
};
struct contract_query {
	enum contract_filter filter;
	int64_t participant;     /* 0: all of the project; an account that acts for one sees that one's only */
	int64_t person;          /* set: this person's, of every project, newest first; the filter is not looked at */
	date_t after_due; int64_t after_id; /* of the last row of the page before */
};
struct contract_page { struct contract_row *row; size_t cap, n; date_t last_due; int64_t last_id; bool more; };
int desk_contracts(struct desk *d, const struct contract_query *q, struct contract_page *page, struct err *e);
/* The row, and with it the price (fen, -1 none), which is recorded as an opening of the form. */
int desk_contract_get(struct desk *d, int64_t id, struct contract_row *out, struct err *e);
int desk_contract_price(struct desk *d, int64_t id, int64_t *out, struct err *e);
int desk_contract_counts(struct desk *d, int64_t *expiring, int64_t *expired, struct err *e); /* no further than 1000 */

#endif
