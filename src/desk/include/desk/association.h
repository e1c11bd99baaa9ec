/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Teams of labour subcontractors (C4, C7; CD 3.2.8–3.3.3): asked for by the full name of a company that has logged in to the platform,
 * with the contract attached; confirmed or refused by that company, here where the account acts for it, else by a message; ended by
 * the own company alone, with a paper attached. Members wait until it is confirmed. A team that exists can be associated later.
 *
 * Days are counted, nothing is done when they run out (DESIGN 6): limits.association_days after a team stopped being own or
 * associated an alarm is due, limits.association_credit_days later it costs credit. Asking again does not begin the days anew.
 */
#ifndef DESK_ASSOCIATION_H
#define DESK_ASSOCIATION_H

#include "base/buf.h"
#include "desk/site.h"

#define ASSOCIATION_FILE_MAX (10 * 1024 * 1024)

/* A file that a clerk names, opened with the clerk's own rights (DESIGN 5); PDF, JPEG or PNG by its first bytes, whatever its name.
 * ERR_EVIDENCE_FORMAT, ERR_NOT_FOUND, ERR_NO_PERMISSION; no path in the detail. The caller wipes out. */
int desk_evidence_read(const char *path, struct buf *out, const char **mime, struct err *e);

struct association {
	const char *team_uid;
	const char *company;     /* asking: the labour subcontractor's full name */
	const void *evidence;    /* asking, unbinding: the attachment; NULL: none, which is refused */
	size_t evidence_bytes;
	const char *mime;
	date_t on;               /* DATE_NONE: today */
	const char *note;        /* may be NULL */
};
int desk_association_ask(struct desk *d, const struct association *a, struct err *e);
int desk_association_unbind(struct desk *d, const struct association *a, struct err *e);
int desk_association_answer(struct desk *d, const char *team_uid, bool confirm, const char *note, struct err *e);

/* Teams with this relation and a subcontractor, by name: TEAM_REQUESTED, TEAM_ASSOCIATED, TEAM_UNBOUND. after NULL: from the start. */
int desk_association_list(struct desk *d, enum team_state relation, const struct team_row *after, struct team_row *rows, size_t cap,
			  size_t *n, struct err *e);
/* The days that run for a team since `since` (team_row.unassociated_on); DATE_NONE in both: none run. */
struct association_days { date_t alarm_on, credit_on; };
struct association_days desk_association_days(const struct desk *d, date_t since);
struct association_due { int64_t teams; struct association_days first; }; /* teams counted no further than 1000 */
int desk_association_due(struct desk *d, struct association_due *out, struct err *e); /* teams 0 where the region has no associations */

#endif
