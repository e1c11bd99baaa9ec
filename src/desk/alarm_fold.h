/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Private to the desk's alarms: the fold from facts to rows. Each kind is a function that adds its rows
 * (alarm_posts.c, alarm_site.c, alarm_people.c); alarm.c runs them in order, joins what is recorded, and
 * sorts.
 */
#ifndef DESK_ALARM_FOLD_H
#define DESK_ALARM_FOLD_H

#include "alarm.h"
#include "domain/post_rate.h"
#include "post.h"

struct folding {
	struct desk *d;
	const struct alarm_query *q;
	struct alarm_set *set;
	size_t room, of_kind;
	bool full, failed; /* enough of this kind; no memory */
	enum alarm_kind kind;
	date_t today;
	struct post_world *w; /* NULL: the account sees no posts */
	struct post_row *post;
	size_t posts;
	struct db_alarm *record;
	size_t records;
};

/* A new row of this kind, with its number; NULL: alarm_none(). */
struct alarm_row *alarm_add(struct folding *f, enum alarm_kind kind, const char *subject, int month,
			    struct err *e);
/* What alarm_add() gave no row for: 0, enough of this kind; -1, no memory. */
int alarm_none(const struct folding *f);
void alarm_due(const struct folding *f, struct alarm_row *r, date_t on); /* it stands from this day on */
int alarm_limit(const struct folding *f, const char *key); /* of the profile; 0: the region has none */
int alarm_month(struct month m);			   /* yyyymm */

typedef int alarm_step(struct folding *f, struct err *e);
alarm_step alarm_rates, alarm_vacancies, alarm_supervisors, alarm_duties, alarm_credit;	  /* alarm_posts.c */
alarm_step alarm_outages, alarm_devices, alarm_matches, alarm_associations, alarm_clocks; /* alarm_site.c */
alarm_step alarm_leaves, alarm_contracts, alarm_certificates, alarm_trainings, alarm_apps,
	alarm_cards; /* alarm_people.c */

#endif
