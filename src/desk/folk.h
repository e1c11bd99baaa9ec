/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One person in the current project, as the file knows him: the current employment and assignment, the team,
 * the record, and the row of the roster made from them. "Current" is the newest of this project; an employment of
 * another project of the same employer counts here from the first assignment made under it on (D5).
 */
#ifndef DESK_FOLK_H
#define DESK_FOLK_H

#include "deed.h"
#include "store/member.h"
#include "store/person.h"
#include "store/site.h"

/* Numbers of the store's views; the first are enum roster_filter. */
enum view { VIEW_RETURNED = ROSTER_FILTER_COUNT, VIEW_COUNT };

struct folk {
	struct db_person person;
	struct db_employment employment;   /* id 0: none */
	struct db_assignment assignment;   /* id 0: none */
	struct db_team team;		   /* id 0: none; the assignment's */
	struct db_participant participant; /* id 0: none; the team's, else the employment's */
	bool sisters; /* other projects of this box know the person too (sister.h) */
};
int folk_load(struct desk *d, int64_t person, struct folk *out, struct err *e);
/* The same for an account's use: ERR_NO_SUCH for people of another participant than the account acts for (I6). */
int folk_open(struct desk *d, int64_t person, struct folk *out, struct err *e);
/* For lists: is this person any business of the account's? */
int folk_sees(struct desk *d, int64_t person, bool *sees, struct err *e);
bool folk_in_scope(const struct desk *d, int64_t participant);
struct subject folk_employment(const struct folk *f);
struct subject folk_assignment(const struct folk *f);

/* The whole record: person, current document, employment, assignment. record_init() and release are the
 * caller's. */
int folk_record(struct desk *d, const struct folk *f, struct record *r, struct err *e);
/* Another employer that has not let go (D4): its company's name; "" none. participant: of the one that wants
 * to hire. */
int folk_elsewhere(struct desk *d, int64_t person, int64_t company, char *name, size_t size, struct err *e);
/* D5: the code of the trade that the person has on another project of this box; "": on none, or no such person (0). */
int folk_elsewhere_trade(struct desk *d, int64_t person, char *trade, size_t size, struct err *e);
/* All that guards ask about this person and this event. */
int folk_situation(struct desk *d, const struct folk *f, enum event event, date_t on, struct situation *out,
		   struct err *e);

/* The roster's row as facts and outbox now say; search texts too when `renamed`: name, team, company or trade changed. In the use case's
 * transaction, once at its end. */
int folk_refresh(struct desk *d, int64_t person, bool renamed, struct err *e);

/* The rows of the other projects that list the person. */
int folk_refresh_sisters(struct desk *d, int64_t person, bool renamed, struct err *e);

/* Which fields of a record are whose. */
size_t folk_person_fields(const enum field_id **out);	  /* sealed ones of the person */
size_t folk_employment_fields(const enum field_id **out); /* sealed ones of the employment */
enum folk_part { PART_PERSON, PART_EMPLOYMENT, PART_ASSIGNMENT };
enum folk_part folk_part_of(enum field_id field);
/* The fact's body: the values of one part, JSON. Wiped and released by the caller. */
int folk_body(const struct record *r, enum folk_part part, struct buf *out, struct err *e);

/* A fact as the history says it. */
int history_row_out(struct desk *d, const struct db_fact *f, struct history_row *out, struct err *e);
/* One field of a record as the file shows it: words for codes, masked where the field is. */
int file_show(struct desk *d, const struct record *r, enum field_id id, char *out, size_t size, struct err *e); /* whole */
int file_show_masked(struct desk *d, const struct record *r, enum field_id id, char *out, size_t size, struct err *e);

#endif
