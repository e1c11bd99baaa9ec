/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The platform's own list of people (JM-3 849) as last heard: one row a person and project. */
#ifndef STORE_LISTED_H
#define STORE_LISTED_H

#include "store/store.h"

struct db_listed {
	int64_t person, worker;	 /* the platform's number */
	int64_t since_ms, heard_ms;
	int64_t gone_ms;	 /* not on it any more; 0: on it */
	int64_t asked_ms;	 /* 845: 0 not asked yet */
	char differs[64];	 /* names of fields (domain/field.h) that it has otherwise, with commas */
};
int db_listed_get(struct store *s, int64_t project, int64_t person, struct db_listed *out, struct err *e); /* ERR_NO_SUCH */
/* Heard now: a new one, or one that is back, is to be asked about. */
int db_listed_heard(struct store *s, int64_t project, int64_t person, int64_t worker, int64_t now_ms, struct err *e);
/* Whoever was on it and was not heard at now_ms is off it. */
int db_listed_gone(struct store *s, int64_t project, int64_t now_ms, struct err *e);
int db_listed_unasked(struct store *s, int64_t project, int64_t *persons, size_t cap, size_t *n, struct err *e);
int db_listed_asked(struct store *s, int64_t project, int64_t person, int64_t now_ms, const char *differs, struct err *e);

#endif
