/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox: what may go now. A row may go when every fact it needs has been accepted, or goes before it. */
#include <stdlib.h>
#include <string.h>

#include "outbox_private.h"

#define MEMORY 4096 /* answers about facts remembered during one selection */

static int by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static bool among(int64_t id, const int64_t *ids, size_t n)
{
	return n && bsearch(&id, ids, n, sizeof(*ids), by_id);
}

static const char reports[] =
	FACT_CHAIN "SELECT o.id, o.state, o.title FROM chain CROSS JOIN outbox o ON o.fact = chain.id";

struct reported {
	bool any, going, met; /* going: one that is neither withdrawn nor superseded */
};

static int look_at_reports(struct store *s, int64_t fact, const int64_t *batch, size_t n, struct reported *r, struct err *e)
{
	struct query q;
	int got = 0;

	*r = (struct reported){false, false, false};
	query_open(&q, s, reports);
	bind_int(&q, fact);
	while (!r->met && (got = query_step(&q, e)) > 0) {
		r->any = true;
		r->going |= col_int(&q, 1) != OUTBOX_WITHDRAWN && col_int(&q, 1) != OUTBOX_SUPERSEDED;
		r->met = col_int(&q, 1) == OUTBOX_ACCEPTED || among(col_int(&q, 0), batch, n);
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

/* What the chain says again after a correction was taken back; *fact 0: nothing. */
static int said_again(struct store *s, int64_t *fact, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   FACT_CHAIN "SELECT f.restates FROM chain CROSS JOIN fact f ON f.id = chain.id WHERE f.restates IS NOT NULL LIMIT 1");
	bind_int(&q, *fact);
	return query_int(&q, fact, 0, e);
}

/* Corrections that were taken back before they left tell of nothing: then what stands again was told by the operation it had at first, or needs
 * none because the platform said it by itself. */
int outbox_need_met(struct store *s, int64_t fact, const int64_t *batch, size_t n, bool *met, struct err *e)
{
	struct reported r;

	if (look_at_reports(s, fact, batch, n, &r, e))
		return -1;
	*met = r.met || !r.any;
	if (*met || r.going)
		return 0;
	if (said_again(s, &fact, e) || (fact && look_at_reports(s, fact, batch, n, &r, e)))
		return -1;
	*met = fact && (r.met || !r.going);
	return 0;
}

/* What was found out about facts: a need once met stays met, one that is not met holds back for this
 * selection. */
struct memory {
	int64_t fact[MEMORY];
	bool met[MEMORY];
};

static int ask(struct store *s, struct memory *m, int64_t fact, const int64_t *ids, size_t n, bool *met,
	       struct err *e)
{
	size_t at = (size_t)fact % MEMORY;

	if (m->fact[at] != fact) {
		if (outbox_need_met(s, fact, ids, n, &m->met[at], e)) {
			m->fact[at] = 0;
			return -1;
		}
		m->fact[at] = fact;
	}
	*met = m->met[at];
	return 0;
}

static int may_go(struct store *s, struct memory *m, int64_t id, const int64_t *ids, size_t n, bool *may,
		  struct err *e)
{
	struct query q;
	int got;

	*may = true;
	query_open(&q, s, "SELECT fact FROM outbox_need WHERE outbox = ?");
	bind_int(&q, id);
	while (*may && (got = query_step(&q, e)) != 0) {
		if (got < 0 || ask(s, m, col_int(&q, 0), ids, n, may, e)) {
			query_close(&q);
			return -1;
		}
	}
	return query_close(&q);
}

static int select_from(struct query *q, struct memory *m, int64_t *ids, size_t cap, size_t *n, struct err *e)
{
	size_t k = 0;
	int got = 0;
	bool may;

	while (k < cap && (got = query_step(q, e)) > 0) {
		int64_t id = col_int(q, 0);

		if (may_go(q->s, m, id, ids, k, &may, e))
			return -1;
		if (may)
			ids[k++] = id;
	}
	if (got < 0)
		return -1;
	*n = k;
	return 0;
}

int db_outbox_select(struct store *s, int64_t project, int64_t *ids, size_t cap, size_t *n, struct err *e)
{
	struct memory *m = calloc(1, sizeof(*m));
	struct query q;
	int last;

	if (!m)
		return err_set(e, ERR_MEMORY, "selection");
	query_open(&q, s, "SELECT id FROM outbox WHERE project = ? AND state = 1 ORDER BY id");
	bind_int(&q, project);
	last = select_from(&q, m, ids, cap, n, e);
	query_close(&q);
	free(m);
	return last;
}

/* --- for people to read
 * ------------------------------------------------------------------------------------------------------------------
 */

static int holder_title(struct store *s, int64_t fact, char *title, size_t size, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s,
		   FACT_CHAIN "SELECT o.title FROM chain CROSS JOIN outbox o ON o.fact = chain.id WHERE "
			      "o.state NOT IN (4, 8) LIMIT 1");
	bind_int(&q, fact);
	got = query_step(&q, e);
	if (got > 0)
		col_text(&q, 0, title, size);
	query_close(&q);
	return got < 0 ? -1 : 0;
}

int db_outbox_waits_for(struct store *s, int64_t id, char *title, size_t size, struct err *e)
{
	struct query q;
	bool met = true;
	int got;

	*title = '\0';
	query_open(&q, s, "SELECT fact FROM outbox_need WHERE outbox = ? ORDER BY fact");
	bind_int(&q, id);
	while (met && (got = query_step(&q, e)) != 0) {
		if (got < 0 || outbox_need_met(s, col_int(&q, 0), NULL, 0, &met, e) ||
		    (!met && holder_title(s, col_int(&q, 0), title, size, e))) {
			query_close(&q);
			return -1;
		}
	}
	return query_close(&q);
}
