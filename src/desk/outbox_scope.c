/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which operations an account sees (I6): one that acts for a participant, those of its people, its teams, itself; nothing of others. */
#include <string.h>

#include "base/text.h"
#include "folk.h"
#include "outbox_scope.h"
#include "store/site.h"
#include "store/upload.h"

/* No such thing, or another's: neither is shown. */
static int found(int rc, const struct err *own, struct err *e)
{
	return !rc || own->code == ERR_NO_SUCH ? 0 : err_set(e, own->code, "%s", own->detail);
}

static bool begins(const char *kind, const char *with)
{
	return !strncmp(kind, with, strlen(with));
}

static int sees_thing(struct desk *d, const struct db_outbox *row, bool *sees, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_participant p = {.id = 0};
	struct db_team t = {.participant = 0};
	int rc;

	*sees = false;
	if (begins(row->kind, "team.")) {
		rc = db_team_by_uid(d->store, row->subject, &t, &own);
		*sees = !rc && folk_in_scope(d, t.participant);
	} else if (begins(row->kind, "participant.")) {
		rc = db_participant_by_uid(d->store, row->subject, &p, &own);
		*sees = !rc && folk_in_scope(d, p.id);
	} else if (begins(row->kind, "company.")) {
		rc = db_participant_get(d->store, d->session.participant, &p, &own);
		*sees = !rc && !strcmp(p.company_uid, row->subject);
	} else {
		return 0;
	}
	wipe(p.manager_phone, sizeof(p.manager_phone));
	return found(rc, &own, e);
}

int outbox_sees(struct desk *d, const struct db_outbox *row, bool *sees, struct err *e)
{
	*sees = row->project == d->project.id;
	if (!*sees || !d->session.participant)
		return 0;
	return row->person ? folk_sees(d, row->person, sees, e) : sees_thing(d, row, sees, e);
}

int outbox_open(struct desk *d, int64_t id, struct db_outbox *row, struct err *e)
{
	bool sees;

	if (db_outbox_get(d->store, id, row, e) || outbox_sees(d, row, &sees, e))
		return -1;
	return sees ? 0 : err_set(e, ERR_NO_SUCH, "operation of another project or company");
}

int outbox_counts(struct desk *d, int64_t counts[OUTBOX_STATE_COUNT], struct err *e)
{
	return d->session.participant ? db_outbox_counts_of(d->store, d->project.id, d->session.participant, counts, e)
				      : db_outbox_counts(d->store, d->project.id, counts, e);
}

#define AT_ONCE 32

static int take_seen(struct desk *d, const struct db_outbox *rows, size_t got, struct outbox_page *page, size_t *taken, struct err *e)
{
	bool sees;

	for (*taken = 0; *taken < got && page->n < page->cap; ++*taken) {
		const struct db_outbox *row = &rows[*taken];

		page->last_id = row->id;
		page->last_rank = row->rank;
		if (outbox_sees(d, row, &sees, e) || (sees && outbox_row_out(d, row, &page->row[page->n], e)))
			return -1;
		page->n += sees;
	}
	return 0;
}

int outbox_seen(struct desk *d, const struct outbox_source *from, int after_rank, int64_t after_id, struct outbox_page *page, struct err *e)
{
	struct db_outbox rows[AT_ONCE];
	size_t got, taken;
	bool more = true;
	int rc = 0;

	page->n = 0;
	page->last_id = after_id;
	page->last_rank = after_rank;
	while (!rc && more && page->n < page->cap) {
		if (from->load(d, from, page->last_rank, page->last_id, rows, AT_ONCE, &got, &more, e))
			return -1;
		rc = take_seen(d, rows, got, page, &taken, e);
		more = more || taken < got;
	}
	page->more = more;
	wipe(rows, sizeof(rows));
	return rc;
}
