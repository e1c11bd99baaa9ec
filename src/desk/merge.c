/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "attendance.h"
#include "dossier.h"
#include "deed.h"
#include "folk.h"
#include "merge.h"
#include "personal.h"
#include "sister.h"
#include "roster.h"
#include "store/outbox.h"

#define MAY_MERGE (ROLE_CLERK | ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE | ROLE_PROJECT_MANAGER)
#define ROWS 32
#define PROJECTS 64
#define CYCLE "merge"
#define REGISTRATION "person.add"

/* --- side by side -------------------------------------------------------------------------------------- */

/* What is laid side by side. Neither birth date nor age, so that the numbers may show their first six. */
static const enum field_id shown[] = {
	F_NAME,	     F_DOC_TYPE,    F_NUMBER,	 F_SEX,		  F_NATION,	     F_ADDRESS,
	F_AUTHORITY, F_VALID_FROM,  F_VALID_TO,	 F_PHONE,	  F_TRADE,	     F_COMPANY,
	F_TEAM,	     F_BANK_NUMBER, F_EDUCATION, F_LOCAL_ADDRESS, F_EMERGENCY_PHONE,
};

static enum alike alike(const char *a, const char *b)
{
	return !a[0] || !b[0] ? ALIKE_ONE : strcmp(a, b) ? ALIKE_DIFFERENT : ALIKE_SAME;
}

static int side(struct desk *d, const struct record *r, enum field_id id, char *out, size_t size,
		struct err *e)
{
	if (id != F_NUMBER)
		return file_show_masked(d, r, id, out, size, e);
	text_mask(out, size, record_get(r, id), 6, 4);
	return 0;
}

static int compare(struct desk *d, const struct record *a, const struct record *b, struct compared *rows,
		   size_t *n, struct err *e)
{
	*n = 0;
	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		const char *in_a = record_get(a, shown[i]), *in_b = record_get(b, shown[i]);
		struct compared *row = &rows[*n];

		if (!in_a[0] && !in_b[0])
			continue;
		row->field = shown[i];
		row->alike = alike(in_a, in_b);
		if (side(d, a, shown[i], row->a, sizeof(row->a), e) ||
		    side(d, b, shown[i], row->b, sizeof(row->b), e))
			return -1;
		++*n;
	}
	return 0;
}

int desk_person_compare(struct desk *d, int64_t a, int64_t b, struct compared rows[FIELD_COUNT], size_t *n,
			struct err *e)
{
	struct record ra, rb;
	struct folk fa, fb;
	int rc = -1;

	if (desk_may_in_project(d, ROLES_WITH_KEY, e) || folk_open(d, a, &fa, e) || folk_open(d, b, &fb, e))
		return -1;
	record_init(&ra);
	record_init(&rb);
	if (folk_record(d, &fa, &ra, e) == 0 && folk_record(d, &fb, &rb, e) == 0)
		rc = compare(d, &ra, &rb, rows, n, e);
	record_release(&ra);
	record_release(&rb);
	return rc;
}

/* --- who may be the same ------------------------------------------------------------------------------- */

struct finding_alike {
	struct desk *d;
	int64_t person;
	struct roster_row *rows;
	size_t cap, n;
};

static int add_alike(struct finding_alike *l, int64_t person, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_member m;

	if (person == l->person || l->n == l->cap)
		return 0;
	for (size_t i = 0; i < l->n; i++)
		if (l->rows[i].person == person)
			return 0;
	if (db_member_get(l->d->store, l->d->project.id, person, &m, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	if (folk_in_scope(l->d, m.participant))
		roster_row_out(l->d, &m, &l->rows[l->n++]);
	return 0;
}

static int alike_by_phone(struct finding_alike *l, struct err *e)
{
	char phone[64];
	int64_t ids[ROWS];
	size_t n = 0;
	int rc;

	if (db_field_load(l->d->store, OWNER_PERSON, l->person, F_PHONE, phone, sizeof(phone), e))
		return -1;
	rc = phone[0] ? db_persons_by_phone(l->d->store, phone, ids, ROWS, &n, e) : 0;
	wipe(phone, sizeof(phone));
	for (size_t i = 0; !rc && i < n; i++)
		rc = add_alike(l, ids[i], e);
	return rc;
}

static int alike_by_name(struct finding_alike *l, const char *name, struct err *e)
{
	struct roster_query q = {.filter = ROSTER_ALL};
	struct roster_row rows[ROWS];
	struct roster_page page = {.row = rows, .cap = ROWS};

	text_copy(q.text, sizeof(q.text), name);
	if (desk_roster(l->d, &q, &page, e))
		return -1;
	for (size_t i = 0; i < page.n; i++)
		if (strcmp(rows[i].name, name) == 0 && add_alike(l, rows[i].person, e))
			return -1;
	return 0;
}

int desk_person_alike(struct desk *d, int64_t person, struct roster_row *rows, size_t cap, size_t *n,
		      struct err *e)
{
	struct finding_alike l = {.d = d, .person = person, .rows = rows, .cap = cap};
	struct folk f;

	if (desk_may_in_project(d, 0, e) || folk_open(d, person, &f, e) || alike_by_phone(&l, e) ||
	    alike_by_name(&l, f.person.name, e))
		return -1;
	*n = l.n;
	return 0;
}

static int born(struct desk *d, int64_t person, char out[DATE_TEXT], struct err *e)
{
	return db_field_load(d->store, OWNER_PERSON, person, F_BIRTH, out, DATE_TEXT, e);
}

/* The same phone, or the same name and birth date: offered to be looked at. */
int merge_offer_alike(struct desk *d, int64_t person, const char *name, int64_t *other, struct err *e)
{
	struct roster_row rows[ROWS];
	char own[DATE_TEXT], theirs[DATE_TEXT];
	size_t n = 0, by_phone;
	struct finding_alike l = {.d = d, .person = person, .rows = rows, .cap = ROWS};

	*other = 0;
	if (alike_by_phone(&l, e))
		return -1;
	by_phone = l.n;
	if (alike_by_name(&l, name, e) || born(d, person, own, e))
		return -1;
	for (n = 0; n < l.n && !*other; n++) {
		if (n >= by_phone && (born(d, rows[n].person, theirs, e) || !own[0]))
			return own[0] ? -1 : 0;
		if (n < by_phone || strcmp(own, theirs) == 0)
			*other = rows[n].person;
	}
	wipe(own, sizeof(own));
	wipe(theirs, sizeof(theirs));
	return *other ? db_offer_add(d->store, d->project.id, person, *other, false, e) : 0;
}

/* --- may they become one? ------------------------------------------------------------------------------ */

/* The projects in which the person has an employment or an assignment that is not over; out: 2 * ROWS. */
static int open_projects(struct desk *d, int64_t person, int64_t *projects, size_t *n, struct err *e)
{
	struct db_employment rows[ROWS];
	struct db_assignment under[ROWS];
	size_t got;

	if (db_employment_list(d->store, person, rows, ROWS, &got, e))
		return -1;
	*n = 0;
	for (size_t i = 0; i < got; i++)
		if (!lifecycle_final(CYCLE_EMPLOYMENT, rows[i].state))
			projects[(*n)++] = rows[i].project;
	if (db_assignment_list(d->store, person, under, ROWS, &got, e))
		return -1;
	for (size_t i = 0; i < got; i++)
		if (!lifecycle_final(CYCLE_ASSIGNMENT, under[i].state))
			projects[(*n)++] = under[i].project;
	return 0;
}

static int judge(struct desk *d, const struct folk *kept, const struct folk *gone, struct err *e)
{
	int64_t a[2 * ROWS], b[2 * ROWS];
	size_t n_a, n_b;

	if (kept->person.id == gone->person.id)
		return err_set(e, ERR_FORBIDDEN, "%s", _("这是同一份档案"));
	if (kept->person.merged_into || gone->person.merged_into)
		return err_set(e, ERR_FORBIDDEN, "%s", _("其中一份档案已经并入别人"));
	if (open_projects(d, kept->person.id, a, &n_a, e) ||
	    open_projects(d, gone->person.id, b, &n_b, e))
		return -1;
	for (size_t i = 0; i < n_a; i++)
		for (size_t j = 0; j < n_b; j++)
			if (a[i] == b[j])
				return err_set(e, ERR_FORBIDDEN, "%s",
					       _("两份档案在同一个项目上都有聘用；先撤回或结束多余的那一份，"
						 "再合并"));
	return 0;
}

/* --- what the one that stays lacks --------------------------------------------------------------------- */

/* Names of the fields that were filled in: the body of the fact, and what undoing empties again. */
static int fill_in(struct desk *d, int64_t kept, int64_t gone, cJSON *filled, struct err *e)
{
	struct record has, other;
	const enum field_id *fields;
	size_t n = folk_person_fields(&fields);
	int rc = -1;

	record_init(&has);
	record_init(&other);
	if (db_fields_load(d->store, OWNER_PERSON, kept, &has, e) ||
	    db_fields_load(d->store, OWNER_PERSON, gone, &other, e))
		goto out;
	for (size_t i = 0; i < n; i++) {
		if (record_get(&has, fields[i])[0] || !record_get(&other, fields[i])[0])
			continue;
		if (record_set(&has, fields[i], record_get(&other, fields[i]), other.origin[fields[i]])) {
			err_set(e, ERR_MEMORY, "record");
			goto out;
		}
		cJSON_AddItemToArray(filled, cJSON_CreateString(field_get(fields[i])->name));
	}
	rc = db_fields_save(d->store, OWNER_PERSON, kept, &has, fields, n, e);
out:
	record_release(&has);
	record_release(&other);
	return rc;
}

/* Only what still says the same is emptied: a later correction stays. */
static int empty_again(struct desk *d, const struct db_merge *m, const cJSON *filled, struct err *e)
{
	struct record has, other;
	const enum field_id *fields;
	size_t n = folk_person_fields(&fields);
	const cJSON *name;
	int rc = -1;

	record_init(&has);
	record_init(&other);
	if (db_fields_load(d->store, OWNER_PERSON, m->kept, &has, e) ||
	    db_fields_load(d->store, OWNER_PERSON, m->gone, &other, e))
		goto out;
	cJSON_ArrayForEach(name, filled)
	{
		const struct field *f = field_by_name(cJSON_IsString(name) ? name->valuestring : "");

		if (f && strcmp(record_get(&has, f->id), record_get(&other, f->id)) == 0 &&
		    record_set(&has, f->id, "", ORIGIN_NONE)) {
			err_set(e, ERR_MEMORY, "record");
			goto out;
		}
	}
	rc = db_fields_save(d->store, OWNER_PERSON, m->kept, &has, fields, n, e);
out:
	record_release(&has);
	record_release(&other);
	return rc;
}

/* --- lists of every project ---------------------------------------------------------------------------- */

/* Whoever has nothing in a project stands in none of its lists. */
static int refresh_or_drop(struct desk *d, void *arg, struct err *e)
{
	int64_t person = *(int64_t *)arg;
	struct folk f;

	if (folk_load(d, person, &f, e) || attendance_refold(d, person, e))
		return -1;
	return f.employment.id || f.assignment.id ? folk_refresh(d, person, true, e)
						  : db_member_drop(d->store, d->project.id, person, e);
}

struct projects {
	int64_t id[PROJECTS];
	size_t n;
};

static int refresh_all(struct desk *d, const struct projects *p, int64_t person, struct err *e)
{
	for (size_t i = 0; i < p->n; i++)
		if (sister_do(d, p->id[i], refresh_or_drop, &person, e))
			return -1;
	return 0;
}

static int phone_index(struct desk *d, int64_t person, struct err *e)
{
	char phone[64];
	int rc;

	if (db_field_load(d->store, OWNER_PERSON, person, F_PHONE, phone, sizeof(phone), e))
		return -1;
	rc = db_phone_set(d->store, person, phone, e);
	wipe(phone, sizeof(phone));
	return rc;
}

/* --- what the platform need not hear ------------------------------------------------------------------- */

int merge_stands_for_both(struct desk *d, const struct db_outbox *registration, struct db_outbox *out, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_outbox row;
	struct db_person kept;

	*out = (struct db_outbox){.id = 0};
	if (!registration->person || db_person_get(d->store, registration->person, &kept, e))
		return registration->person ? -1 : 0;
	if (!strcmp(kept.uid, registration->subject))
		return 0;
	if (db_outbox_of_subject(d->store, d->project.id, kept.uid, REGISTRATION, &row, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	if (row.state != OUTBOX_WITHDRAWN && row.state != OUTBOX_SUPERSEDED)
		*out = row;
	return 0;
}

int merge_lay_down(struct desk *d, const char *gone_uid, int64_t stands, struct err *e)
{
	struct db_outbox rows[DB_OUTBOX_ABOUT];
	size_t n;

	if (db_outbox_about(d->store, d->project.id, gone_uid, rows, DB_OUTBOX_ABOUT, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!db_outbox_is_here(&rows[i]))
			continue;
		if (db_outbox_state(d->store, rows[i].id, rows[i].state, OUTBOX_WITHDRAWN, e) ||
		    db_outbox_rest_on(d->store, rows[i].fact, stands, e))
			return -1;
	}
	return 0;
}

/* Where the one that stays is refused itself, neither stands for the other: a human decides. */
static int needless(struct desk *d, void *arg, struct err *e)
{
	const char *gone_uid = arg;
	struct err own = {ERR_NONE};
	struct db_outbox row, kept;

	if (db_outbox_of_subject(d->store, d->project.id, gone_uid, REGISTRATION, &row, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	if (!db_outbox_is_here(&row))
		return 0;
	if (merge_stands_for_both(d, &row, &kept, e))
		return -1;
	return kept.id && kept.state != OUTBOX_REJECTED ? merge_lay_down(d, gone_uid, kept.fact, e) : 0;
}

static int lay_down_everywhere(struct desk *d, const struct projects *p, char *gone_uid, struct err *e)
{
	for (size_t i = 0; i < p->n; i++)
		if (sister_do(d, p->id[i], needless, gone_uid, e))
			return -1;
	return 0;
}

/* --- what the platform is to hear ---------------------------------------------------------------------- */

/* The one that stays says more, or less again, than the platform has been told in this project. What has not left tells it by itself. */
static int tell_anew(struct desk *d, void *arg, struct err *e)
{
	struct db_person *kept = arg;
	struct personal p = {.d = d, .person = kept};
	enum sent sent = SENT_NEVER;
	int64_t fact, ignored;
	struct db_fact told;
	bool reported;

	if (db_fact_latest(d->store, "person", kept->id, "register", &fact, e))
		return -1;
	if (!fact)
		return 0;
	if (db_fact_get(d->store, fact, &told, e) || correction_sent(d, fact, &sent, &reported, e))
		return -1;
	return told.project == d->project.id && sent >= SENT_ON_ITS_WAY ? personal_report(&p, &ignored, e) : 0;
}

static int tell_anew_everywhere(struct desk *d, const struct projects *p, int64_t person, struct err *e)
{
	struct db_person kept;

	if (db_person_get(d->store, person, &kept, e))
		return -1;
	for (size_t i = 0; i < p->n; i++)
		if (sister_do(d, p->id[i], tell_anew, &kept, e))
			return -1;
	return 0;
}

/* --- making one ---------------------------------------------------------------------------------------- */

static int merge_fact(struct desk *d, const struct folk *kept, int64_t gone, const char *reason,
		      int64_t *fact, struct err *e)
{
	struct db_fact row = {.project = d->project.id,
			      .cycle = CYCLE,
			      .event = "merge",
			      .authority = "desk",
			      .subject = gone,
			      .person = kept->person.id,
			      .account = d->session.account,
			      .at_ms = clock_now_ms(),
			      .on = date_today(),
			      .true_on = DATE_NONE};
	cJSON *filled = cJSON_CreateArray();
	char *body = NULL;
	int rc = -1;

	text_copy(row.actor, sizeof(row.actor), actor_name(deed_actor(d, CYCLE_EMPLOYMENT)));
	text_copy(row.note, sizeof(row.note), reason);
	if (filled && fill_in(d, kept->person.id, gone, filled, e) == 0) {
		body = cJSON_PrintUnformatted(filled);
		rc = body ? db_fact_insert(d->store, &row, body, fact, e) : err_set(e, ERR_MEMORY, "merge");
	}
	cJSON_free(body);
	cJSON_Delete(filled);
	return rc;
}

static int merge_rows(struct desk *d, int64_t a, int64_t b, const char *reason, struct err *e)
{
	struct projects was, is;
	struct folk kept, gone;
	int64_t fact;

	if (folk_open(d, a, &kept, e) || folk_open(d, b, &gone, e) || judge(d, &kept, &gone, e) ||
	    db_projects_of_person(d->store, b, is.id, PROJECTS, &is.n, e) ||
	    db_projects_of_person(d->store, a, was.id, PROJECTS, &was.n, e) ||
	    merge_fact(d, &kept, b, reason, &fact, e) || db_merge_do(d->store, a, b, fact, NULL, e) ||
	    db_offer_settle(d->store, d->project.id, a, b, fact, e) || lay_down_everywhere(d, &is, gone.person.uid, e) || tell_anew_everywhere(d, &was, a, e) ||
	    refresh_all(d, &was, a, e) || refresh_all(d, &is, a, e))
		return -1;
	return dossier_audit(d, "merge", a, gone.person.uid, reason, e);
}

int desk_person_merge(struct desk *d, int64_t kept, int64_t gone, const char *reason, struct err *e)
{
	if (desk_may_in_project(d, MAY_MERGE, e))
		return -1;
	if (!reason || !reason[0])
		return err_set(e, ERR_FINDINGS, "%s", _("请写明原因"));
	return store_begin(d->store, e) ? -1 : store_end(d->store, merge_rows(d, kept, gone, reason, e), e);
}

/* --- taking apart -------------------------------------------------------------------------------------- */

static int filled_of(struct desk *d, int64_t fact, cJSON **out, struct err *e)
{
	struct buf body;
	int rc;

	buf_init(&body, 16384);
	rc = db_fact_body(d->store, fact, &body, e);
	if (!rc)
		rc = json_parse(out, body.data ? body.data : "[]", body.data ? body.len : 2, 16384, e);
	buf_wipe_release(&body);
	return rc;
}

/* What went out, or was laid down, may have gone out or been laid down as the other's; what still waits goes out as its own. */
static bool told_as_another(enum outbox_state state)
{
	static const bool may_be[OUTBOX_STATE_COUNT] = {[OUTBOX_SENDING] = true, [OUTBOX_UNKNOWN] = true, [OUTBOX_WAITING] = true,
							 [OUTBOX_ACCEPTED] = true, [OUTBOX_WITHDRAWN] = true};

	return may_be[state];
}

/* What waited for the other's registration in its stead (merge_lay_down()). */
static int rest_on_own(struct desk *d, const struct db_merge *m, int64_t own_fact, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_outbox row;
	struct db_person kept;

	if (db_outbox_rest_first(d->store, m->gone, own_fact, e) || db_person_get(d->store, m->kept, &kept, e))
		return -1;
	if (db_outbox_of_subject(d->store, d->project.id, kept.uid, REGISTRATION, &row, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	return db_outbox_rest_free(d->store, m->gone, row.fact, e);
}

/* While the files were one, its registration was sent with the other's number, or laid down as the other's: the platform is told of it as it is,
 * before what else is to go of it. */
static int registered_again(struct desk *d, void *arg, struct err *e)
{
	const struct db_merge *m = arg;
	struct operation op = {.kind = REGISTRATION, .person = m->gone};
	struct err own = {ERR_NONE};
	struct db_outbox row;
	struct db_person p;
	struct db_fact end;

	if (db_person_get(d->store, op.person, &p, e))
		return -1;
	if (db_outbox_of_subject(d->store, d->project.id, p.uid, op.kind, &row, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	if (deed_chain_end(d, row.fact, &end, e))
		return -1;
	if (!told_as_another(row.state) || end.reversed_by)
		return 0;
	op.fact = row.fact;
	op.uid = p.uid;
	op.title = p.name;
	return deed_queue(d, &op, e) || rest_on_own(d, m, op.fact, e) ? -1 : 0;
}

static int tell_of(struct desk *d, const struct projects *p, struct db_merge *m, struct err *e)
{
	for (size_t i = 0; i < p->n; i++)
		if (sister_do(d, p->id[i], registered_again, m, e))
			return -1;
	return 0;
}

static int undo_rows(struct desk *d, int64_t person, const char *reason, int64_t *gone, struct err *e)
{
	struct dossier_fact fact = {.cycle = CYCLE, .event = "unmerge", .note = reason};
	struct projects p;
	struct db_merge m;
	struct folk f;
	cJSON *filled = NULL;
	int64_t made;
	int rc = -1;

	if (folk_open(d, person, &f, e) || db_merge_latest(d->store, f.person.id, &m, e))
		return -1;
	if (m.kept != f.person.id)
		return err_set(e, ERR_FORBIDDEN, "%s", _("此档案已并入别人，请在那份档案上取消合并"));
	fact.person = m.kept;
	fact.subject = m.gone;
	fact.reverses = m.fact;
	if (filled_of(d, m.fact, &filled, e) ||
	    db_projects_of_person(d->store, m.kept, p.id, PROJECTS, &p.n, e) ||
	    dossier_fact(d, &fact, &made, e) || empty_again(d, &m, filled, e) ||
	    db_merge_undo(d->store, &m, made, e) || phone_index(d, m.kept, e) || phone_index(d, m.gone, e))
		goto out;
	*gone = m.gone;
	rc = tell_of(d, &p, &m, e) || tell_anew_everywhere(d, &p, m.kept, e) || refresh_all(d, &p, m.kept, e) || refresh_all(d, &p, m.gone, e) ||
	     dossier_audit(d, "unmerge", m.kept, "", reason, e);
out:
	cJSON_Delete(filled);
	return rc ? -1 : 0;
}

int desk_person_unmerge(struct desk *d, int64_t person, const char *reason, int64_t *gone, struct err *e)
{
	if (desk_may_in_project(d, MAY_MERGE, e))
		return -1;
	if (!reason || !reason[0])
		return err_set(e, ERR_FINDINGS, "%s", _("请写明原因"));
	return store_begin(d->store, e) ? -1 : store_end(d->store, undo_rows(d, person, reason, gone, e), e);
}

/* --- pairs --------------------------------------------------------------------------------------------- */

static int two_rows(struct desk *d, int64_t a, int64_t b, const char *reason, struct err *e)
{
	struct dossier_fact fact = {
		.cycle = CYCLE, .event = "two", .note = reason, .person = a, .subject = b};
	struct folk f;
	int64_t made;

	if (folk_open(d, a, &f, e) || folk_open(d, b, &f, e) || dossier_fact(d, &fact, &made, e) ||
	    db_offer_settle(d->store, d->project.id, a, b, made, e))
		return -1;
	return dossier_audit(d, "merge", a, "two", reason, e);
}

int desk_person_two(struct desk *d, int64_t a, int64_t b, const char *reason, struct err *e)
{
	if (desk_may_in_project(d, MAY_MERGE, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, two_rows(d, a, b, reason, e), e);
}

static void offer_out(const struct db_offer *o, struct offer_row *out)
{
	*out = (struct offer_row){.id = o->id, .person = o->person, .other = o->other, .platform = o->platform, .at_ms = o->made_ms};
	text_copy(out->name, sizeof(out->name), o->name);
	text_copy(out->other_name, sizeof(out->other_name), o->other_name);
}

int desk_merge_offers(struct desk *d, int64_t before, struct offer_row *rows, size_t cap, size_t *n,
		      struct err *e)
{
	struct db_offer got[ROWS];
	size_t count = 0, n_got = 0;
	bool one, two;

	if (desk_may_in_project(d, 0, e))
		return -1;
	do {
		if (db_offer_page(d->store, d->project.id, before, got, ROWS, &n_got, e))
			return -1;
		for (size_t i = 0; i < n_got && count < cap; i++) {
			before = got[i].id;
			if (folk_sees(d, got[i].person, &one, e) || folk_sees(d, got[i].other, &two, e))
				return -1;
			if (one && two)
				offer_out(&got[i], &rows[count++]);
		}
	} while (n_got == ROWS && count < cap);
	*n = count;
	return 0;
}
