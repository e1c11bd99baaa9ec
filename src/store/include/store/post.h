/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seats of key posts, who held them, what is filed about them (F3–F5); alarms as the platform has said them
 * (F4, F6, C7). */
#ifndef STORE_POST_H
#define STORE_POST_H

#include "base/dates.h"
#include "base/uid.h"
#include "domain/lifecycle.h"
#include "domain/post_rate.h"
#include "store/store.h"

struct db_post {
	int64_t id, project;
	char uid[UID_TEXT];
	char post[16];
	int seat;
	enum post_state state;
	int64_t person, proposed; /* 0: nobody */
	date_t since;
	char name[256], proposed_name[256]; /* read only */
};
int db_post_insert(struct store *s, const struct db_post *p, int64_t *id,
		   struct err *e); /* uid "": a new one; ERR_DUPLICATE: the seat is there */
int db_post_get(struct store *s, int64_t id, struct db_post *out, struct err *e);
int db_post_by_uid(struct store *s, const char *uid, struct db_post *out, struct err *e);
int db_post_seat(struct store *s, int64_t project, const char *post, int seat, struct db_post *out,
		 struct err *e); /* id 0: none */
int db_post_list(struct store *s, int64_t project, struct db_post *rows, size_t cap, size_t *n,
		 struct err *e);
/* A seat of the project that this person holds or is under review for; id 0: none. */
int db_post_of_person(struct store *s, int64_t project, int64_t person, struct db_post *out, struct err *e);
/* from: what the caller saw; ERR_CONFLICT when it is something else by now. Holder and proposed become these.
 */
int db_post_state(struct store *s, const struct db_post *p, enum post_state from, struct err *e);

int db_tenure_begin(struct store *s, int64_t post, int64_t person, date_t on, struct err *e);
int db_tenure_end(struct store *s, int64_t post, date_t on,
		  struct err *e); /* the open one, if there is one */
int db_tenures(struct store *s, int64_t post, struct tenure *rows, size_t cap, size_t *n,
	       struct err *e); /* oldest first */

struct db_filing {
	int64_t id, project, post; /* post 0: devices off, every post */
	char uid[UID_TEXT];
	date_t from, to;
	int devices, covered;
	int64_t fact;
};
int db_filing_insert(struct store *s, const struct db_filing *f, int64_t *id, struct err *e);
int db_filing_get(struct store *s, int64_t id, struct db_filing *out,
		  struct err *e); /* ERR_NO_SUCH when it is removed */
int db_filing_remove(struct store *s, int64_t id, int64_t fact,
		     struct err *e); /* ERR_CONFLICT: removed already */
int db_filing_list(struct store *s, int64_t project, date_t since, struct db_filing *rows, size_t cap,
		   size_t *n, struct err *e); /* that end on `since` or later */

struct db_alarm {
	int64_t id, project;
	char uid[UID_TEXT];
	char kind[24], subject[UID_TEXT];
	int month;
	enum alarm_state state;
	date_t since, raised_on;
};
int db_alarm_insert(struct store *s, const struct db_alarm *a, int64_t *id,
		    struct err *e); /* uid "": a new one */
int db_alarm_get(struct store *s, int64_t id, struct db_alarm *out, struct err *e);
int db_alarm_by_uid(struct store *s, const char *uid, struct db_alarm *out, struct err *e);
int db_alarm_find(struct store *s, const struct db_alarm *like, struct db_alarm *out,
		  struct err *e); /* same project, kind, subject, month; id 0: none */
int db_alarm_state(struct store *s, int64_t id, enum alarm_state from, enum alarm_state to, date_t on,
		   struct err *e);
int db_alarm_list(struct store *s, int64_t project, int64_t after, struct db_alarm *rows, size_t cap,
		  size_t *n, struct err *e); /* by id */

#endif
