/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sheets of companies, participants, projects, applications (B1, B3, B4, B8, B9): read whole, checked, saved as facts. */
#include "desk/particulars.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "domain/id_number.h"
#include "folk.h"
#include "json_out.h"
#include "personal.h"
#include "sheets.h"

#define BODY_MAX 65536

/* --- the values that are columns ----------------------------------------------------------------------- */

static void set_date(struct particulars *p, const char *name, date_t on)
{
	char text[DATE_TEXT];

	date_format(on, text);
	particulars_set(p, name, text);
}

static date_t get_date(const struct particulars *p, const char *name)
{
	date_t on;

	return date_parse(particulars_get(p, name), &on) ? on : DATE_NONE;
}

#define TAKE(to, p, name) text_copy((to), sizeof(to), particulars_get((p), (name)))

void sheet_of_company(const struct db_company *c, struct particulars *p)
{
	particulars_set(p, "credit_code", c->credit_code);
	particulars_set(p, "name", c->name);
	particulars_set(p, "short_name", c->short_name);
	particulars_set(p, "area_code", c->area_code);
	set_date(p, "registered_on", c->registered_on);
	set_date(p, "on_platform_since", c->on_platform_since);
}

void sheet_to_company(const struct particulars *p, struct db_company *c)
{
	TAKE(c->credit_code, p, "credit_code");
	TAKE(c->name, p, "name");
	TAKE(c->short_name, p, "short_name");
	TAKE(c->area_code, p, "area_code");
	c->registered_on = get_date(p, "registered_on");
	c->on_platform_since = get_date(p, "on_platform_since");
}

void sheet_of_participant(const struct db_participant *m, struct particulars *p)
{
	particulars_set(p, "credit_code", m->credit_code);
	particulars_set(p, "company", m->company_name);
	particulars_set(p, "type", m->type);
	particulars_set(p, "manager_name", m->manager_name);
	particulars_set(p, "manager_phone", m->manager_phone);
}

void sheet_to_participant(const struct particulars *p, struct db_participant *m)
{
	TAKE(m->type, p, "type");
	TAKE(m->manager_name, p, "manager_name");
	TAKE(m->manager_phone, p, "manager_phone");
}

/* --- checking ------------------------------------------------------------------------------------------ */

bool desk_sheet_required(const struct desk *d, enum sheet_of s, const struct particular *row)
{
	char key[64];

	if (row->flags & PARTICULAR_NEEDED)
		return true;
	text_format(key, sizeof(key), "required.%s.%s", sheet_of_name(s), row->name);
	return d->profile && profile_flag(d->profile, key, false);
}

bool desk_sheet_choice(const struct desk *d, const struct particular *row, size_t i, struct sheet_choice *out)
{
	const struct code *codes;
	size_t n;

	if (!row->codes || !d->profile)
		return false;
	if (strcmp(row->codes, "project_states") == 0) { /* the words of the life cycle */
		if (i + 1 >= (size_t)lifecycle_state_count(CYCLE_PROJECT))
			return false;
		text_copy(out->code, sizeof(out->code), state_name(CYCLE_PROJECT, (int)i + 1));
		text_copy(out->word, sizeof(out->word), state_word(CYCLE_PROJECT, (int)i + 1));
		text_copy(out->name, sizeof(out->name), out->word);
		out->short_name[0] = '\0';
		return true;
	}
	n = profile_codes(d->profile, row->codes, &codes);
	if (i >= n)
		return false;
	text_copy(out->code, sizeof(out->code), codes[i].code);
	text_copy(out->word, sizeof(out->word), code_word(&codes[i]));
	text_copy(out->name, sizeof(out->name), codes[i].name);
	text_copy(out->short_name, sizeof(out->short_name), codes[i].short_name);
	return true;
}

/* By its code or its words; the value becomes the code. */
static bool resolve_code(const struct desk *d, const struct particular *row, char *value)
{
	struct sheet_choice c;

	for (size_t i = 0; desk_sheet_choice(d, row, i, &c); i++)
		if (strcmp(value, c.code) == 0 || strcmp(value, c.word) == 0 || strcmp(value, c.name) == 0 || strcmp(value, c.short_name) == 0) {
			text_copy(value, PARTICULAR_TEXT_MAX, c.code);
			return true;
		}
	return false;
}

enum wrong { WRONG_MISSING, WRONG_SHAPE };

static void block(struct sheet_findings *out, int i, enum wrong wrong, const struct particular *row)
{
	struct sheet_finding *f = &out->item[out->n++];

	f->row = i;
	f->severity = SEVERITY_BLOCK;
	if (wrong == WRONG_MISSING)
		text_format(f->sentence, sizeof(f->sentence), _("请填写%s：%s"), _(row->label), _(row->help));
	else
		text_format(f->sentence, sizeof(f->sentence), _("%s不对：%s"), _(row->label), _(row->help));
}

/* A manager's identity card has its check character like anybody's (A9). */
static bool document_wrong(const struct particulars *p, const struct particular *row, const char *value)
{
	return row->kind == PARTICULAR_DOCUMENT && strcmp(particulars_get(p, "manager_doc_type"), "01") == 0 &&
	       id_number_faults(value, date_today());
}

static void check_row(struct desk *d, struct particulars *p, const struct particular *row, int i, struct sheet_findings *out)
{
	char typed[PARTICULAR_TEXT_MAX];
	bool good;

	text_copy(typed, sizeof(typed), p->value[i]);
	good = particular_normalise(row, typed, p->value[i]);
	wipe(typed, sizeof(typed));
	if (!p->value[i][0]) {
		if (desk_sheet_required(d, p->sheet, row))
			block(out, i, WRONG_MISSING, row);
		return;
	}
	if (good && row->kind == PARTICULAR_CODE)
		good = resolve_code(d, row, p->value[i]);
	if (!good || document_wrong(p, row, p->value[i]))
		block(out, i, WRONG_SHAPE, row);
}

bool desk_sheet_check(struct desk *d, struct particulars *p, struct sheet_findings *out)
{
	const struct particular *rows = NULL;
	size_t n = particulars_rows(p->sheet, &rows);

	out->n = 0;
	for (size_t i = 0; i < n; i++)
		check_row(d, p, &rows[i], (int)i, out);
	for (size_t i = 0; i < out->n; i++)
		if (out->item[i].severity == SEVERITY_BLOCK)
			return false;
	return true;
}

/* --- one sheet and its subject ------------------------------------------------------------------------- */

struct subject_of {
	struct desk *d;
	enum sheet_of sheet;
	int64_t id; /* 0: a new one */
	char uid[UID_TEXT];
	struct db_company company; /* the library's; of a participant: its company */
	struct db_participant participant;
	struct db_project project;
	struct db_application application;
};

static int find_company(struct subject_of *o, const char *uid, struct err *e)
{
	if (db_company_by_uid(o->d->store, uid, &o->company, e))
		return -1;
	o->id = o->company.id;
	return 0;
}

static int find_participant(struct subject_of *o, const char *uid, struct err *e)
{
	if (participant_here(o->d, uid, &o->participant, e) || db_company_get(o->d->store, o->participant.company, &o->company, e))
		return -1;
	o->id = o->participant.id;
	return 0;
}

static int find_project(struct subject_of *o, const char *uid, struct err *e)
{
	if (strcmp(uid, o->d->project.uid))
		return err_set(e, ERR_NO_SUCH, "not the current project");
	if (db_project_by_uid(o->d->store, uid, &o->project, e))
		return -1;
	o->id = o->project.id;
	return 0;
}

static int find_application(struct subject_of *o, const char *uid, struct err *e)
{
	if (db_application_by_uid(o->d->store, uid, &o->application, e))
		return -1;
	if (o->application.project != o->d->project.id)
		return err_set(e, ERR_NO_SUCH, "application of another project");
	o->id = o->application.id;
	return 0;
}

static int (*const finders[SHEET_OF_COUNT])(struct subject_of *, const char *, struct err *) = {
	[SHEET_COMPANY] = find_company,
	[SHEET_PARTICIPANT] = find_participant,
	[SHEET_PROJECT] = find_project,
	[SHEET_APPLICATION] = find_application,
};

static int open_subject(struct desk *d, enum sheet_of s, const char *uid, struct subject_of *o, struct err *e)
{
	*o = (struct subject_of){.d = d, .sheet = s, .company.registered_on = DATE_NONE, .company.on_platform_since = DATE_NONE};
	if (!uid || !uid[0])
		return 0;
	text_copy(o->uid, sizeof(o->uid), uid);
	return finders[s](o, uid, e);
}

static int load(struct subject_of *o, struct particulars *out, struct err *e)
{
	memset(out, 0, sizeof(*out));
	out->sheet = o->sheet;
	if (!o->id)
		return 0;
	if (o->sheet == SHEET_COMPANY)
		sheet_of_company(&o->company, out);
	if (o->sheet == SHEET_PARTICIPANT)
		sheet_of_participant(&o->participant, out);
	if (o->sheet == SHEET_PROJECT && sheet_of_project(o->d, &o->project, out, e))
		return -1;
	if (o->sheet == SHEET_APPLICATION)
		particulars_set(out, "name", o->application.name);
	return db_particulars_load(o->d->store, out, o->id, o->uid, e);
}

static bool holds_personal(const struct particulars *p)
{
	const struct particular *rows = NULL;
	size_t n = particulars_rows(p->sheet, &rows);

	for (size_t i = 0; i < n; i++)
		if ((rows[i].flags & PARTICULAR_MASKED) && p->value[i][0])
			return true;
	return false;
}

/* Recorded before it is handed out: what cannot be recorded is not. */
static int record_opening(struct subject_of *o, struct err *e)
{
	if (store_begin(o->d->store, e))
		return -1;
	return store_end(
		o->d->store,
		desk_audit(o->d, &(struct audit_entry){.action = "open", .object = sheet_of_name(o->sheet), .uid = o->uid}, e), e);
}

int desk_sheet_masked(struct desk *d, enum sheet_of s, const char *uid, struct particulars *out, struct err *e)
{
	const struct particular *rows = NULL;
	size_t n = particulars_rows(s, &rows);
	struct subject_of o;
	char whole[PARTICULAR_TEXT_MAX];

	if (desk_may_in_project(d, 0, e) || open_subject(d, s, uid, &o, e) || load(&o, out, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		text_copy(whole, sizeof(whole), out->value[i]);
		particular_show(&rows[i], whole, out->value[i], sizeof(out->value[i]));
	}
	wipe(whole, sizeof(whole));
	return 0;
}

int desk_sheet(struct desk *d, enum sheet_of s, const char *uid, struct particulars *out, struct err *e)
{
	struct subject_of o;

	if (desk_may_in_project(d, 0, e) || open_subject(d, s, uid, &o, e) || load(&o, out, e))
		return -1;
	if (!holds_personal(out) || record_opening(&o, e) == 0)
		return 0;
	wipe(out, sizeof(*out));
	return -1;
}

/* --- saving -------------------------------------------------------------------------------------------- */

struct saving {
	struct subject_of of;
	struct particulars *now;
	struct particulars before;
	struct site_change how;
	size_t changed;
	struct buf body; /* what changed: JSON, wiped */
};

static void compare(struct saving *s)
{
	const struct particular *rows = NULL;
	size_t n = particulars_rows(s->now->sheet, &rows);

	json_out_open(&s->body);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(s->now->value[i], s->before.value[i]) == 0)
			continue;
		s->changed++;
		json_out_text(&s->body, rows[i].name, s->now->value[i]);
	}
	json_out_close(&s->body);
}

static int correct(struct saving *s, const char *cycle, const char *add, const char *amend, int64_t fact, const char *title,
		   struct err *e)
{
	struct correction c = {.cycle = cycle,
			       .event = event_name(EVENT_ADD),
			       .add_kind = add,
			       .amend_kind = amend,
			       .subject = s->of.id,
			       .fact = fact,
			       .uid = s->of.uid,
			       .title = title,
			       .body = s->body.data,
			       .theirs = s->how.theirs,
			       .base = s->how.base};
	int64_t made;

	return correction_write(s->of.d, &c, &made, e);
}

static int save_company(struct saving *s, struct err *e)
{
	struct db_company *c = &s->of.company;
	bool made = !s->of.id;
	int64_t fact;

	sheet_to_company(s->now, c);
	if (made) {
		uid_new(c->uid);
		if (company_rows(s->of.d, c, e))
			return -1;
		s->of.id = c->id;
		text_copy(s->of.uid, sizeof(s->of.uid), c->uid);
		return 0;
	}
	if (company_known_here(s->of.d, c, &fact, e) || db_company_update(s->of.d->store, c, e))
		return -1;
	return correct(s, "company", "company.add", "company.amend", fact, c->name, e);
}

static int company_of_participant(struct saving *s, struct err *e)
{
	if (db_company_by_code(s->of.d->store, particulars_get(s->now, "credit_code"), &s->of.company, e))
		return err_set(e, ERR_FINDINGS, "credit_code: not in the library");
	return 0;
}

static int save_participant(struct saving *s, struct err *e)
{
	struct db_participant *p = &s->of.participant;
	struct desk *d = s->of.d;
	int64_t fact;

	sheet_to_participant(s->now, p);
	if (!s->of.id) {
		if (company_of_participant(s, e))
			return -1;
		*p = (struct db_participant){.project = d->project.id,
					     .company = s->of.company.id,
					     .state = SITE_NONE,
					     .entered_on = DATE_NONE,
					     .exited_on = DATE_NONE};
		sheet_to_participant(s->now, p);
		uid_new(p->uid);
		if (participant_rows(d, p, &s->of.company, e))
			return -1;
		s->of.id = p->id;
		text_copy(s->of.uid, sizeof(s->of.uid), p->uid);
		return 0;
	}
	if (db_participant_update(d->store, p, e) ||
	    db_fact_latest(d->store, cycle_name(CYCLE_PARTICIPANT), p->id, event_name(EVENT_ADD), &fact, e))
		return -1;
	return correct(s, cycle_name(CYCLE_PARTICIPANT), "participant.add", "participant.amend", fact, p->company_name, e);
}

int sheet_fact(struct desk *d, const char *cycle, const char *event, int64_t subject, const char *body, int64_t *fact,
	       struct err *e)
{
	struct db_fact row = {.project = d->project.id,
			      .subject = subject,
			      .account = d->session.account,
			      .at_ms = clock_now_ms(),
			      .on = date_today(),
			      .true_on = DATE_NONE};

	text_copy(row.cycle, sizeof(row.cycle), cycle);
	text_copy(row.event, sizeof(row.event), event);
	text_copy(row.actor, sizeof(row.actor), actor_name(deed_actor(d, CYCLE_PROJECT)));
	text_copy(row.authority, sizeof(row.authority), "desk");
	return db_fact_insert(d->store, &row, body, fact, e);
}

static int save_project(struct saving *s, struct err *e)
{
	int64_t fact;

	if (!s->of.id)
		return err_set(e, ERR_USAGE, "a project is made by desk_project_add()");
	return sheet_to_project(s->of.d, s->now, &s->of.project, e) ||
			       sheet_fact(s->of.d, cycle_name(CYCLE_PROJECT), "amend", s->of.id, s->body.data, &fact, e)
		       ? -1
		       : 0;
}

static int begin_application(struct saving *s, struct err *e)
{
	struct db_application *a = &s->of.application;
	struct subject subject = {.cycle = CYCLE_APPLICATION, .state = APPLICATION_NONE};

	a->project = s->of.d->project.id;
	uid_new(a->uid);
	TAKE(a->name, s->now, "name");
	if (db_application_insert(s->of.d->store, a, &a->id, e))
		return -1;
	subject.id = s->of.id = a->id;
	text_copy(s->of.uid, sizeof(s->of.uid), a->uid);
	text_copy(subject.uid, sizeof(subject.uid), a->uid);
	text_copy(subject.title, sizeof(subject.title), a->name);
	return deed_do(s->of.d,
		       &(struct deed){.subject = &subject,
				      .event = EVENT_APPLY,
				      .source = PLAN_DESK,
				      .on = DATE_NONE,
				      .body = s->body.data,
				      .actor = ACTOR_SITE},
		       NULL, e);
}

static int save_application(struct saving *s, struct err *e)
{
	int64_t fact;

	if (!s->of.id)
		return begin_application(s, e);
	return db_application_name(s->of.d->store, s->of.id, particulars_get(s->now, "name"), e) ||
			       sheet_fact(s->of.d, cycle_name(CYCLE_APPLICATION), "amend", s->of.id, s->body.data, &fact, e)
		       ? -1
		       : 0;
}

static const struct {
	int (*save)(struct saving *s, struct err *e);
	enum cycle cycle; /* whose first row says who may */
} savers[SHEET_OF_COUNT] = {
	[SHEET_COMPANY] = {save_company, CYCLE_PARTICIPANT},
	[SHEET_PARTICIPANT] = {save_participant, CYCLE_PARTICIPANT},
	[SHEET_PROJECT] = {save_project, CYCLE_PROJECT},
	[SHEET_APPLICATION] = {save_application, CYCLE_APPLICATION},
};

static int save_rows(struct saving *s, struct err *e)
{
	bool made = !s->of.id;

	if (savers[s->of.sheet].save(s, e) || db_particulars_save(s->of.d->store, s->now, s->of.id, s->of.uid, e))
		return -1;
	if (made && (s->of.sheet == SHEET_COMPANY || s->of.sheet == SHEET_PARTICIPANT))
		return 0; /* on record already, as added */
	return desk_audit(s->of.d,
			  &(struct audit_entry){.action = made ? "sheet_add" : "sheet_amend",
						.object = sheet_of_name(s->of.sheet),
						.uid = s->of.uid},
			  e);
}

static int save(struct saving *s, const char *uid, struct err *e)
{
	if (open_subject(s->of.d, s->now->sheet, uid, &s->of, e) || load(&s->of, &s->before, e))
		return -1;
	compare(s);
	if (s->body.failed)
		return err_set(e, ERR_TOO_LARGE, "sheet");
	return s->changed || s->how.again ? save_rows(s, e) : 0;
}

int sheet_read(struct desk *d, enum sheet_of s, const char *uid, struct particulars *out, struct err *e)
{
	struct subject_of o;
	int rc = open_subject(d, s, uid, &o, e) || load(&o, out, e) ? -1 : 0;

	wipe(&o, sizeof(o));
	return rc;
}

int sheet_write(struct desk *d, const char *uid, struct particulars *now, const struct site_change *how, struct err *e)
{
	struct saving s = {.of.d = d, .now = now, .how = *how};
	int rc;

	buf_init(&s.body, BODY_MAX);
	rc = save(&s, uid, e);
	buf_wipe_release(&s.body);
	wipe(&s, sizeof(s));
	return rc;
}

/* What is fixed stands as it was, whatever came in its place. */
static int keep_fixed(struct desk *d, struct particulars *p, const char *uid, struct err *e)
{
	const struct particular *rows = NULL;
	size_t n = particulars_rows(p->sheet, &rows);
	struct particulars was;
	struct subject_of o;
	int rc = open_subject(d, p->sheet, uid, &o, e) || load(&o, &was, e) ? -1 : 0;

	for (size_t i = 0; !rc && i < n; i++)
		if (rows[i].flags & PARTICULAR_FIXED)
			text_copy(p->value[i], sizeof(p->value[i]), was.value[i]);
	wipe(&was, sizeof(was));
	return rc;
}

int desk_sheet_save(struct desk *d, struct particulars *p, char uid[UID_TEXT], struct sheet_findings *findings, size_t *changed,
		    struct err *e)
{
	struct saving s = {.of.d = d, .now = p};
	int rc;

	if (desk_may_in_project(d, site_adders(savers[p->sheet].cycle), e) || (uid[0] && keep_fixed(d, p, uid, e)))
		return -1;
	if (!desk_sheet_check(d, p, findings))
		return err_set(e, ERR_FINDINGS, "%s", "sheet");
	buf_init(&s.body, BODY_MAX);
	rc = store_begin(d->store, e);
	if (!rc)
		rc = store_end(d->store, save(&s, uid, e), e);
	if (!rc && p->sheet == SHEET_PROJECT)
		rc = desk_refresh_project(d, e);
	if (!rc) {
		text_copy(uid, UID_TEXT, s.of.uid);
		*changed = s.changed;
	}
	buf_wipe_release(&s.body);
	wipe(&s, sizeof(s));
	return rc;
}
