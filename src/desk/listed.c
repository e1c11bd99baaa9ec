/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The platform's own list of people (JM-3 849, 845): taken down, compared, said. */
#include "listed.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/exchange.h"
#include "folk.h"
#include "store/dossier.h"
#include "store/listed.h"
#include "store/site.h"
#include "wire_private.h"

#define LIST_SEEN "platform.list_seen" /* what the list was, so that the same one again writes nothing */

/* --- 849 ----------------------------------------------------------------------------------------------- */

/* FNV-1a of numbers that say nothing of anybody. */
static void print_of(const struct listed *rows, size_t n, char out[24])
{
	uint64_t h = 1469598103934665603ULL;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < 4; k++)
			h = (h ^ (rows[i].worker >> 8 * k & 0xFF)) * 1099511628211ULL;
	text_format(out, 24, "%zx-%" PRIx64, n, h);
}

static int take_rows(struct desk *d, const struct listed *rows, size_t n, const char *print, struct err *e)
{
	int64_t now = clock_now_ms(), person;

	for (size_t i = 0; i < n; i++) {
		if (db_number_owner(d->store, rows[i].number, &person, e))
			return -1;
		if (person && db_listed_heard(d->store, d->project.id, person, rows[i].worker, now, e))
			return -1;
	}
	return db_listed_gone(d->store, d->project.id, now, e) || db_setting_set(d->store, d->project.id, LIST_SEEN, print, false, e) ? -1 : 0;
}

int desk_take_list(struct desk *d, const struct listed *rows, size_t n, struct err *e)
{
	char print[24], seen[24];

	print_of(rows, n, print);
	if (desk_may_in_project(d, 0, e) || db_setting_get(d->store, d->project.id, LIST_SEEN, seen, sizeof(seen), e))
		return -1;
	if (!n || !strcmp(seen, print))
		return 0;
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store, take_rows(d, rows, n, print, e), e);
}

/* --- 845 ----------------------------------------------------------------------------------------------- */

static int record_of(struct desk *d, int64_t person, struct record *r, struct err *e)
{
	struct folk f;

	return folk_load(d, person, &f, e) || folk_record(d, &f, r, e) ? -1 : 0;
}

int desk_list_unasked(struct desk *d, struct unasked *rows, size_t cap, size_t *n, struct err *e)
{
	int64_t persons[16];
	size_t got;
	int rc = 0;

	*n = 0;
	if (desk_may_in_project(d, 0, e) || db_listed_unasked(d->store, d->project.id, persons, cap < ARRAY_LEN(persons) ? cap : ARRAY_LEN(persons), &got, e))
		return -1;
	for (size_t i = 0; !rc && i < got; i++) {
		struct record r;

		record_init(&r);
		rc = record_of(d, persons[i], &r, e);
		if (!rc) {
			rows[*n].person = persons[i];
			text_copy(rows[*n].number, sizeof(rows[*n].number), record_get(&r, F_NUMBER));
			++*n;
		}
		record_release(&r);
	}
	return rc;
}

/* Names of this wire are cut where they do not fit: what begins alike is the same (JM-3 1.2.6, 30 bytes). */
static bool same_name(const char *ours, const char *theirs)
{
	return theirs[0] && !strncmp(ours, theirs, strlen(theirs));
}

static void note(char *out, size_t size, enum field_id id)
{
	desk_append(out, size, out[0] ? "," : "");
	desk_append(out, size, field_get(id)->name);
}

static void compare(const struct record *r, const struct listed_features *f, char *out, size_t size)
{
	const char *sex = record_get(r, F_SEX);

	out[0] = '\0';
	if (!same_name(record_get(r, F_NAME), f->name))
		note(out, size, F_NAME);
	if ((f->male && !strcmp(sex, "female")) || (f->female && !strcmp(sex, "male")))
		note(out, size, F_SEX);
	if (f->birth != DATE_NONE && record_date(r, F_BIRTH) != DATE_NONE && f->birth != record_date(r, F_BIRTH))
		note(out, size, F_BIRTH);
}

static int take_features(struct desk *d, int64_t person, const struct listed_features *f, struct err *e)
{
	char differs[64] = "";
	struct record r;
	int rc;

	record_init(&r);
	rc = record_of(d, person, &r, e);
	if (!rc && f->known)
		compare(&r, f, differs, sizeof(differs));
	record_release(&r);
	return rc ? -1 : db_listed_asked(d->store, d->project.id, person, clock_now_ms(), differs, e);
}

int desk_take_features(struct desk *d, int64_t person, const struct listed_features *f, struct err *e)
{
	if (desk_may_in_project(d, 0, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, take_features(d, person, f, e), e);
}

/* --- said ---------------------------------------------------------------------------------------------- */

static void say_differs(const char *names, char *out, size_t size)
{
	char all[64], *at = all, *name;
	bool any = false;

	text_copy(all, sizeof(all), names);
	while ((name = strsep(&at, ","))) {
		const struct field *f = field_by_name(name);

		if (!f)
			continue;
		desk_append(out, size, any ? _("、") : _("；平台上与这里不一样的："));
		desk_append(out, size, _(f->label));
		any = true;
	}
}

int listed_words(struct desk *d, const struct db_outbox *row, char *out, size_t size, struct err *e)
{
	struct err own = {ERR_NONE};
	char stamp[STAMP_TEXT];
	struct db_listed l;

	out[0] = '\0';
	if (!row->person || strncmp(row->kind, "person.", 7) || row->state != OUTBOX_ACCEPTED || !wire_speaks(d, "device"))
		return 0;
	if (db_listed_get(d->store, d->project.id, row->person, &l, &own)) {
		text_copy(out, size, _("还不在平台的白名单里：在平台网页上办理进场后才会列入"));
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	}
	stamp_format(l.gone_ms ? l.gone_ms : l.since_ms, stamp);
	text_format(out, size, l.gone_ms ? _("%.16s 起不在平台的白名单里了，此前的工号是 %lld") : _("%.16s 起在平台的白名单里，工号 %lld"), stamp, (long long)l.worker);
	if (!l.gone_ms && l.asked_ms)
		say_differs(l.differs, out, size);
	return 0;
}
