/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alarms of people: leaving (D6), contracts (D9), certificates (L2), training (L1), registration in the app (D12), identity documents (A9). */
#include "alarm_fold.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/contract.h"
#include "desk/hiring.h"
#include "dossier.h"
#include "hiring.h"
#include "store/watch.h"

#define PAGE 64

int alarm_leaves(struct folding *f, struct err *e)
{
	struct hiring_query q = {.filter = HIRING_LEAVING};
	struct hiring_page page = {.cap = PAGE};
	int rc = -1;

	page.row = calloc(PAGE, sizeof(*page.row));
	if (!page.row)
		return err_set(e, ERR_MEMORY, "alarms");
	do {
		if (desk_hiring(f->d, &q, &page, e))
			goto out;
		for (size_t i = 0; i < page.n; i++) {
			const struct hiring_row *h = &page.row[i];
			struct alarm_row *r = h->due_ms ? alarm_add(f, WATCH_LEAVE, h->uid, 0, e) : NULL;

			if (!r)
				continue;
			text_copy(r->who, sizeof(r->who), h->name);
			text_copy(r->what, sizeof(r->what), h->says);
			text_copy(r->cost, sizeof(r->cost), _("过时不答复，本人可以自行离职"));
			r->person = h->person;
			alarm_due(f, r, date_of_ms(h->due_ms));
			r->standing = h->due ? ALARM_STANDS : ALARM_COMES;
		}
		q.after = page.last;
	} while (page.more && !f->full);
	rc = 0;
out:
	wipe(page.row, PAGE * sizeof(*page.row));
	free(page.row);
	return rc;
}

static int contracts_of(struct folding *f, enum contract_filter filter, struct contract_page *page,
			struct err *e)
{
	struct contract_query q = {.filter = filter};

	do {
		if (desk_contracts(f->d, &q, page, e))
			return -1;
		for (size_t i = 0; i < page->n; i++) {
			const struct contract_row *c = &page->row[i];
			struct alarm_row *r = alarm_add(f, WATCH_CONTRACT, c->uid, 0, e);

			if (!r)
				return alarm_none(f);
			text_copy(r->who, sizeof(r->who), c->name);
			text_format(r->what, sizeof(r->what), "%s %s", c->kind_word, c->says);
			text_copy(r->cost, sizeof(r->cost), _("没有合同不能进场；在场的须续签"));
			r->person = c->person;
			alarm_due(f, r, c->ends_on + 1);
		}
		q.after_due = page->last_due;
		q.after_id = page->last_id;
	} while (page->more);
	return 0;
}

int alarm_contracts(struct folding *f, struct err *e)
{
	struct contract_page page = {.cap = PAGE};
	int rc;

	page.row = calloc(PAGE, sizeof(*page.row));
	if (!page.row)
		return err_set(e, ERR_MEMORY, "alarms");
	rc = contracts_of(f, CONTRACTS_EXPIRED, &page, e) || contracts_of(f, CONTRACTS_EXPIRING, &page, e)
		     ? -1
		     : 0;
	free(page.row);
	return rc;
}

int alarm_certificates(struct folding *f, struct err *e)
{
	struct certificate_row *rows = calloc(PAGE, sizeof(*rows)), last;
	bool first = true;
	size_t n = 0;
	int rc = -1;

	if (!rows)
		return err_set(e, ERR_MEMORY, "alarms");
	do {
		if (desk_certificate_due(f->d, first ? NULL : &last, rows, PAGE, &n, e))
			goto out;
		for (size_t i = 0; i < n; i++) {
			char subject[UID_TEXT];
			struct alarm_row *r;

			last = rows[i];
			first = false;
			text_format(subject, sizeof(subject), "certificate:%lld", (long long)rows[i].id);
			r = alarm_add(f, WATCH_CERTIFICATE, subject, 0, e);
			if (!r)
				break;
			text_copy(r->who, sizeof(r->who), rows[i].name);
			text_format(r->what, sizeof(r->what),
				    rows[i].standing == CERTIFICATE_LAPSED ? _("%s 已过有效期")
									   : _("%s 快到期"),
				    rows[i].kind);
			text_copy(r->cost, sizeof(r->cost), _("没有有效证书不得上岗；期满前申请延期复核"));
			r->person = rows[i].person;
			alarm_due(f, r, rows[i].valid_to + 1);
		}
	} while (n == PAGE && !f->full);
	rc = 0;
out:
	wipe(rows, PAGE * sizeof(*rows));
	free(rows);
	return rc;
}

/* D12: so many working days is usual. */
int alarm_apps(struct folding *f, struct err *e)
{
	int64_t usual = profile_number(f->d->profile, "limits.app_registration_days", 0);
	struct db_watch rows[PAGE];
	bool sees;
	size_t n;

	if (!usual)
		return 0;
	if (db_watch_apps(f->d->store, f->d->project.id, rows, PAGE, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		int days = date_working_days(rows[i].on, f->today);
		struct alarm_row *r;

		if (folk_sees(f->d, rows[i].person, &sees, e))
			return -1;
		if (!sees || days <= usual)
			continue;
		r = alarm_add(f, WATCH_APP, rows[i].uid, 0, e);
		if (!r)
			return alarm_none(f);
		text_copy(r->who, sizeof(r->who), rows[i].name);
		text_format(r->what, sizeof(r->what), _("手机登记已 %d 个工作日，一般 %d 个工作日以内"), days,
			    (int)usual);
		r->person = rows[i].person;
		alarm_due(f, r, f->today);
	}
	return 0;
}

/* L1: of those who wait for entry. On site training does not lapse. */
static int training_row(struct folding *f, const struct db_watch *w, struct err *e)
{
	date_t days = (date_t)profile_number(f->d->profile, "limits.training_days", 365), worked,
	       since = w->on;
	struct alarm_row *r;
	char subject[UID_TEXT];
	bool sees;

	if (w->on == DATE_NONE || w->on + days >= f->today)
		return 0;
	if (folk_sees(f->d, w->person, &sees, e) || dossier_worked(f->d, w->person, f->today, &worked, e))
		return -1;
	if (worked != DATE_NONE && worked > since)
		since = worked;
	if (!sees || since + days >= f->today)
		return 0;
	text_format(subject, sizeof(subject), "training:%lld", (long long)w->person);
	r = alarm_add(f, WATCH_TRAINING, subject, 0, e);
	if (!r)
		return alarm_none(f);
	text_copy(r->who, sizeof(r->who), w->name);
	text_format(r->what, sizeof(r->what), _("安全培训超过 %d 天没有上岗，进场前须重新培训"), (int)days);
	text_copy(r->cost, sizeof(r->cost), _("不能进场"));
	r->person = w->person;
	alarm_due(f, r, since + days + 1);
	return 0;
}

/* Looks through the people of one list, a page after the other. */
static int people_of(struct folding *f, enum roster_filter view,
		     int (*page)(struct store *s, int64_t project, unsigned view,
				 struct db_watch_cursor *after, struct db_watch *rows, size_t cap, size_t *n,
				 struct err *e),
		     int (*each)(struct folding *f, const struct db_watch *w, struct err *e), struct err *e)
{
	struct db_watch_cursor after = {.person = 0};
	struct db_watch *rows;
	size_t n = 0;
	int rc = 0;

	if (!f->q->people || !f->d->session.has_key)
		return 0;
	rows = calloc(PAGE, sizeof(*rows));
	if (!rows)
		return err_set(e, ERR_MEMORY, "alarms");
	do {
		rc = page(f->d->store, f->d->project.id, view, &after, rows, PAGE, &n, e);
		for (size_t i = 0; !rc && i < n; i++)
			rc = each(f, &rows[i], e);
	} while (!rc && n == PAGE);
	wipe(rows, PAGE * sizeof(*rows));
	free(rows);
	return rc;
}

int alarm_trainings(struct folding *f, struct err *e)
{
	return people_of(f, ROSTER_TO_ENTER, db_watch_trainings, training_row, e);
}

static int card_row(struct folding *f, const struct db_watch *w, struct err *e)
{
	struct alarm_row *r;
	bool sees;

	if (w->on == DATE_NONE || w->on == DATE_LONG_TERM || w->on >= f->today)
		return 0;
	if (folk_sees(f->d, w->person, &sees, e))
		return -1;
	r = sees ? alarm_add(f, WATCH_CARD, w->uid, 0, e) : NULL;
	if (!r)
		return sees ? alarm_none(f) : 0;
	text_copy(r->who, sizeof(r->who), w->name);
	text_copy(r->what, sizeof(r->what), _("证件已过有效期：请本人换证后重新读卡"));
	r->person = w->person;
	alarm_due(f, r, w->on + 1);
	return 0;
}

int alarm_cards(struct folding *f, struct err *e)
{
	return people_of(f, ROSTER_ON_SITE, db_watch_cards, card_row, e);
}
