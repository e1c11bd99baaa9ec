/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing what a record says into the file: the person's part, the employment's, the assignment's. Inside the
 * use case's transaction. */
#ifndef DESK_PERSONAL_H
#define DESK_PERSONAL_H

#include "folk.h"

/* What a record names of this project; id 0: nothing, or not of this project. */
struct record_site {
	struct db_participant participant;
	struct db_team team;
};
int record_check(struct desk *d, const struct record *r, struct findings *out, struct record_site *site,
		 struct err *e);

/* D3: the day on which the works are planned to be done; DATE_NONE: not known. */
int project_completion(struct desk *d, date_t *out, struct err *e);

/* D2: the labels of what registering still needs, "" nothing. */
int register_missing(struct desk *d, const struct folk *f, char *out, size_t size, struct err *e);

struct personal {
	struct desk *d;
	const struct record *r;
	struct db_person *person; /* id, uid and name are filled by personal_insert() */
	bool theirs;		  /* the values came from the platform, which knew our operations up to `base` */
	int64_t base;
	bool again; /* report even where nothing changed: the platform is to have what stands here */
};
int personal_insert(struct personal *p, struct err *e);
/* Name, document, phone and sealed fields as the record says. ERR_DUPLICATE: the number is somebody else's.
 */
int personal_update(struct personal *p, struct err *e);
/*
 * The fact and the operation for the person's part as it stands now: the first in this project is "register"
 * and person.add; where the file says something else than the last fact did, a fact that supersedes it, sent
 * as person.add as long as the platform has taken none, else as person.amend; where nothing changed, nothing.
 * *fact: the one that what follows needs. The same on the line of every other project that told of the person itself and where he works (D5);
 * what this platform said (theirs) is news there.
 */
int personal_report(struct personal *p, int64_t *fact, struct err *e);
/* Calls for every other project but that one in which the person works and which told of him on its own line (`told`); that project is the
 * current one meanwhile. */
typedef int personal_line(struct desk *d, const struct db_fact *told, void *arg, struct err *e);
int personal_other_lines(struct desk *d, struct db_person *person, int64_t but, personal_line *each, void *arg, struct err *e);
/* The person is told anew in that project although his own fields say the same: where its wire tells of a worker as a whole, has a call for
 * `kind`, and has told of him already. */
int personal_retell(struct desk *d, struct db_person *person, int64_t project, const char *kind, struct err *e);

int employment_take(struct db_employment *m, const struct record *r, const struct db_participant *p);
int employment_fields_save(struct desk *d, int64_t employment, const struct record *r, struct err *e);

/* The employment's part of a record into the file: row, fields, contract, the superseding fact and its operation. */
struct employment_change {
	struct desk *d;
	const struct record *r;
	struct folk *folk;			/* its employment is changed, here and in the file */
	const struct db_participant *participant;
	int64_t person_fact;			/* what must be told first; 0: what stands of the person */
	bool theirs;				/* as in struct personal */
	int64_t base;
};
int employment_amend(struct employment_change *c, int64_t *fact, struct err *e);
/* A new assignment of this person to a team: drafted, and what the profile lets follow. Loads *f anew. ERR_FORBIDDEN with the sentence
 * when the profile allows no further one (D5). */
int assignment_begin(struct desk *d, struct folk *f, const struct db_team *team, bool leader, struct err *e);

/* Moves an open assignment to another team of its participant; f->assignment is as stored then. What the platform has already is told where it can be. */
int assignment_move(struct desk *d, struct folk *f, const struct db_team *team, const char *note, struct err *e);
/* Its trade is another one: what the platform has heard of the assignment is corrected there, where the dialect has a place for it; what has not
 * left says so by itself. In the assignment's project. */
int assignment_trade_told(struct desk *d, const struct db_assignment *a, struct err *e);
/* Marks the assignment, whose team this is, as its leader's or no more: row, fact, and what is told of it; the team's own row is the caller's. */
int assignment_leads(struct desk *d, struct folk *f, const struct db_team *team, bool leads, struct err *e);
/* The same of whoever leads the team now. */
int team_leader_gone(struct desk *d, const struct db_team *team, struct err *e);
/* Makes a member of the team its leader, and nobody else (C6). ERR_FORBIDDEN with the sentence. */
int team_lead(struct desk *d, int64_t team, int64_t person, struct err *e);

/* The person's record, changed by `edit`, as desk_amend() would take it; in a transaction when `write`. ERR_FINDINGS as there. */
struct amend_edit {
	int (*edit)(struct record *r, void *arg);
	void *arg;
};
int amend_edited(struct desk *d, int64_t person, const struct amend_edit *edit, bool write, struct findings *findings, int *changed,
		 struct err *e);

/*
 * A correction: a fact that supersedes `fact` (0: none to correct), same event, and its operation. Operations
 * of the chain that were not sent, or were refused, are superseded; one that was accepted or is on its way
 * makes this one an amendment.
 */
struct correction {
	const char *cycle, *event, *add_kind,
		*amend_kind; /* amend_kind NULL: what the platform has taken cannot be amended there */
	int64_t subject, person, fact;
	const char *uid, *title, *body;
	const int64_t *needs;
	size_t n_needs;
	/* The platform says so itself, knowing our operations up to `base`: a fact of its own, reported only where an operation of ours has
	 * told it the former value since, or will. */
	bool theirs;
	int64_t base;
};
enum sent { SENT_NEVER, SENT_REFUSED, SENT_ON_ITS_WAY, SENT_TAKEN };
/* How far the operations of a fact and of those it superseded have come. *reported: there was one at all. */
int correction_sent(struct desk *d, int64_t fact, enum sent *out, bool *reported, struct err *e);
/* In a file that has been taken over: did an operation of the chain leave since, made from what the file said then? It stood as sent by the
 * newer copy, was looked up, not found and sent anew, so it may have told of corrections whose own operations never left. */
int correction_told_anew(struct desk *d, int64_t fact, bool *yes, struct err *e);
int correction_write(struct desk *d, const struct correction *c, int64_t *fact, struct err *e);

#endif
