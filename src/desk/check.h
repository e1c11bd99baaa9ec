/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checking a record: pure. What is known besides the record stands in struct check_context; the desk fills it
 * from the file.
 *
 * Findings come in form order (the order of enum field_id), the blocking ones of a field before its warnings.
 * No sentence holds what was typed.
 */
#ifndef DESK_CHECK_H
#define DESK_CHECK_H

#include "desk/people.h"

struct check_context {
	const struct profile *profile;
	date_t today;
	date_t completion;	  /* the project's planned completion (D3); DATE_NONE: unknown */
	bool team_known;	  /* the record's team is one of this project */
	bool company_known;	  /* the record's company takes part in this project */
	bool company_general;	  /* … as its general contractor */
	const char *team_kind;	  /* "worker", "management", "other"; "" when unknown */
	const char *other_trade;  /* code of the trade that the person has on another project; NULL, "": none */
	const char *team_company; /* uid of the participant that owns the team; "" when unknown */
};

void check_record(const struct check_context *c, const struct record *r, struct findings *out);
/* Does this record, as it stands, have to say this? The same that check_record() blocks for. */
bool check_requires(const struct profile *p, const struct record *r, enum field_id field);
/* One more that stops saving, in its place of the form order. */
void check_refuse(struct findings *f, enum field_id field, const char *rule, const char *source, const char *sentence);
/* One more that is only told. */
void check_warn(struct findings *f, enum field_id field, const char *rule, const char *sentence);
bool check_blocks(const struct findings *f);
#endif
