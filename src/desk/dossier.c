/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dossier.h"
#include "elsewhere.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "folk.h"
#include "announce.h"

#define MAY_KEEP                                                                                             \
	(ROLE_CLERK | ROLE_SUBCONTRACTOR_CLERK | ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE |               \
	 ROLE_PROJECT_MANAGER)
#define MAY_MARK (ROLE_CLERK | ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE | ROLE_PROJECT_MANAGER)
#define MAY_OVERRIDE (ROLE_PROJECT_MANAGER | ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE)
#define ROWS 32
#define TRAINING_DAYS 365
#define WARN_DAYS 90

/* --- facts and audit ----------------------------------------------------------------------------------- */

int dossier_fact(struct desk *d, const struct dossier_fact *f, int64_t *id, struct err *e)
{
	struct db_fact row = {.project = d->project.id,
			      .subject = f->subject,
			      .person = f->person,
			      .account = f->platform ? 0 : d->session.account,
			      .at_ms = clock_now_ms(),
			      .on = date_today(),
			      .true_on = DATE_NONE,
			      .reverses = f->reverses,
			      .supersedes = f->supersedes};
	int rc;

	text_copy(row.cycle, sizeof(row.cycle), f->cycle);
	text_copy(row.event, sizeof(row.event), f->event);
	text_copy(row.actor, sizeof(row.actor),
		  actor_name(f->platform ? ACTOR_PLATFORM : deed_actor(d, CYCLE_EMPLOYMENT)));
	text_copy(row.authority, sizeof(row.authority), f->platform ? "platform" : "desk");
	text_copy(row.note, sizeof(row.note), f->note ? f->note : "");
	rc = db_fact_insert(d->store, &row, NULL, id, e);
	wipe(row.note, sizeof(row.note));
	return rc;
}

int dossier_audit(struct desk *d, const char *action, int64_t person, const char *detail, const char *note,
		  struct err *e)
{
	struct db_person p;

	if (db_person_get(d->store, person, &p, e))
		return -1;
	return desk_audit(
		d,
		&(struct audit_entry){
			.action = action, .object = "person", .uid = p.uid, .detail = detail, .note = note},
		e);
}

static int refuse(struct err *e, const char *sentence)
{
	return err_set(e, ERR_FINDINGS, "%s", sentence);
}

static bool known_code(const struct desk *d, const char *table, const char *code)
{
	return code && profile_code(d->profile, table, code);
}

static bool said(const char *text)
{
	return text && text[0];
}

/* --- training ------------------------------------------------------------------------------------------ */

static int has_lesson(struct desk *d, int64_t person, const struct training_new *t, bool *has, struct err *e)
{
	struct db_training rows[ROWS];
	size_t n;

	*has = false;
	if (db_training_list(d->store, person, rows, ROWS, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		*has |= rows[i].on == t->on && strcmp(rows[i].kind, t->kind) == 0;
	return 0;
}

static int training_row(struct desk *d, int64_t person, const struct training_new *t, int64_t *id, struct err *e)
{
	struct db_training row = {.project = d->project.id, .person = person, .on = t->on, .hours = t->hours};
	struct dossier_fact fact = {
		.cycle = "training", .event = "add", .person = person, .subject = person, .note = t->kind};

	text_copy(row.kind, sizeof(row.kind), t->kind);
	if (dossier_fact(d, &fact, &row.fact, e))
		return -1;
	return db_training_insert(d->store, &row, id, e);
}

int dossier_lesson_of(struct desk *d, int64_t person, const struct training_new *t, int64_t entry, struct err *e)
{
	int64_t id;
	bool has;

	if (has_lesson(d, person, t, &has, e))
		return -1;
	return has || (training_row(d, person, t, &id, e) == 0 && db_training_link(d->store, id, entry, e) == 0) ? 0 : -1;
}

/* After a taking-back the standing fact is not the row's. */
static int standing_fact(struct desk *d, int64_t fact, int64_t *out, struct err *e)
{
	struct db_fact f;

	do {
		if (db_fact_get(d->store, fact, &f, e))
			return -1;
		*out = fact;
		fact = f.superseded_by;
	} while (fact);
	return 0;
}

/* Superseded, not reversed: taking the change back says the lesson again. */
static int end_lesson(struct desk *d, const struct db_training *t, const char *note, int64_t *fact, struct err *e)
{
	struct dossier_fact f = {.cycle = "training", .event = "remove", .person = t->person, .subject = t->person, .note = note};

	return standing_fact(d, t->fact, &f.supersedes, e) || dossier_fact(d, &f, fact, e) || db_training_remove(d->store, t->id, *fact, e) ? -1 : 0;
}

int dossier_lesson_ends(struct desk *d, const struct db_training *t, struct err *e)
{
	int64_t fact;

	return end_lesson(d, t, NULL, &fact, e);
}

/* A lesson that is no session's is told by itself. */
static int tell_lesson(struct desk *d, int64_t id, const char *name, struct err *e)
{
	struct announcing told = {.entity = "training", .title = name, .n_needs = 1};
	struct db_training t;
	int64_t need;

	if (db_training_get(d->store, id, &t, e) || announce_need(d, t.person, &need, e))
		return -1;
	told.uid = t.uid;
	told.fact = t.fact;
	told.person = t.person;
	told.needs = &need;
	return announce(d, &told, e);
}

static int add_lesson(struct desk *d, int64_t person, const struct training_new *t, bool *has, struct err *e)
{
	struct folk f;
	int64_t id;

	if (folk_open(d, person, &f, e) || has_lesson(d, f.person.id, t, has, e))
		return -1;
	if (*has)
		return 0;
	if (training_row(d, f.person.id, t, &id, e) || tell_lesson(d, id, f.person.name, e))
		return -1;
	return dossier_audit(d, "training", f.person.id, t->kind, NULL, e);
}

static int add_training(struct desk *d, const struct training_new *t, struct err *e)
{
	size_t made = 0;
	bool has;

	for (size_t i = 0; i < t->n; i++) {
		if (add_lesson(d, t->persons[i], t, &has, e))
			return -1;
		made += !has;
	}
	return made ? 0 : refuse(e, _("这一天已有同种培训记录"));
}

static int check_lesson(struct desk *d, const struct training_new *t, struct err *e)
{
	if (desk_may_in_project(d, MAY_KEEP, e))
		return -1;
	if (!known_code(d, "training_kinds", t->kind))
		return refuse(e, _("没有这种培训，请从列表中选"));
	if (t->on == DATE_NONE || t->on == DATE_LONG_TERM || t->on > date_today())
		return refuse(e, _("培训日期应是今天或以前的一天"));
	if (t->hours < 0 || t->hours > 1000)
		return refuse(e, _("学时应在 0 与 1000 之间"));
	return 0;
}

int desk_training_add(struct desk *d, const struct training_new *t, struct err *e)
{
	if (check_lesson(d, t, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, add_training(d, t, e), e);
}

/* A name that does not fit whole is left out. */
static void preview_name(struct training_preview *p, const char *name)
{
	char more[sizeof(p->names)];

	if (p->named + 1 == p->able &&
	    text_format(more, sizeof(more), "%s%s%s", p->names, p->named ? _("、") : "", name)) {
		text_copy(p->names, sizeof(p->names), more);
		p->named++;
	}
}

int desk_training_preview(struct desk *d, const struct training_new *t, struct training_preview *out,
			  struct err *e)
{
	struct folk f;
	bool has;

	*out = (struct training_preview){.able = 0};
	if (check_lesson(d, t, e))
		return -1;
	for (size_t i = 0; i < t->n; i++) {
		if (folk_open(d, t->persons[i], &f, e) || has_lesson(d, f.person.id, t, &has, e))
			return -1;
		out->already += has;
		out->able += !has;
		if (!has)
			preview_name(out, f.person.name);
	}
	return out->able ? 0 : refuse(e, _("这一天已有同种培训记录"));
}

static int remove_training(struct desk *d, int64_t id, const char *note, struct err *e)
{
	struct announcing gone = {.entity = "training", .removed = true};
	struct db_training t;
	struct folk f;

	if (db_training_get(d->store, id, &t, e) || folk_open(d, t.person, &f, e) || end_lesson(d, &t, note, &gone.fact, e))
		return -1;
	gone.uid = t.uid;
	gone.title = f.person.name;
	gone.person = t.person;
	return announce(d, &gone, e) || dossier_audit(d, "training", t.person, "remove", note, e) ? -1 : 0;
}

int desk_training_remove(struct desk *d, int64_t id, const char *note, struct err *e)
{
	if (desk_may_in_project(d, MAY_KEEP, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, remove_training(d, id, note, e), e);
}

int dossier_trained(struct desk *d, int64_t person, date_t *out, struct err *e)
{
	struct db_training t;
	size_t n;

	if (db_training_list(d->store, person, &t, 1, &n, e))
		return -1;
	*out = n ? t.on : DATE_NONE;
	return 0;
}

int dossier_note_training(struct desk *d, int64_t person, date_t on, struct err *e)
{
	struct db_training rows[ROWS];
	size_t n;

	if (on == DATE_NONE)
		return 0;
	if (db_training_list(d->store, person, rows, ROWS, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (rows[i].on == on)
			return 0;
	return training_row(d, person, &(struct training_new){.kind = "basic", .on = on}, NULL, e); /* the employment tells it: trainedOn */
}

int dossier_worked(struct desk *d, int64_t person, date_t today, date_t *out, struct err *e)
{
	struct db_assignment rows[ROWS];
	size_t n;

	if (db_assignment_list(d->store, person, rows, ROWS, &n, e))
		return -1;
	*out = DATE_NONE;
	for (size_t i = 0; i < n; i++) {
		date_t last = rows[i].state == ASSIGNMENT_ON_SITE ? today : rows[i].exited_on;

		if (last != DATE_NONE && (*out == DATE_NONE || last > *out))
			*out = last;
	}
	return 0;
}

int desk_training_list(struct desk *d, int64_t person, struct training_row *rows, size_t cap, size_t *n,
		       struct err *e)
{
	int64_t days = profile_number(d->profile, "limits.training_days", TRAINING_DAYS);
	struct db_training got[ROWS];
	date_t worked;
	struct folk f;

	if (desk_may_in_project(d, 0, e) || folk_open(d, person, &f, e) ||
	    db_training_list(d->store, f.person.id, got, cap < ROWS ? cap : ROWS, n, e) ||
	    dossier_worked(d, f.person.id, date_today(), &worked, e))
		return -1;
	for (size_t i = 0; i < *n; i++) {
		date_t since = worked != DATE_NONE && worked > got[i].on ? worked : got[i].on;

		rows[i] = (struct training_row){.id = got[i].id,
						.on = got[i].on,
						.hours = got[i].hours,
						.lapsed = date_today() - since > days};
		text_copy(rows[i].kind, sizeof(rows[i].kind),
			  desk_code_word(d, "training_kinds", got[i].kind));
	}
	return 0;
}

/* --- certificates -------------------------------------------------------------------------------------- */

const char *dossier_needs(const struct desk *d, const char *trade)
{
	const struct code *c =
		d->profile && trade[0] ? profile_code(d->profile, "trade_classes", trade) : NULL;

	return c ? c->group : "";
}

static int of_kind(struct desk *d, int64_t person, const char *kind, struct db_certificate *out, bool *found,
		   struct err *e)
{
	struct db_certificate rows[ROWS];
	size_t n;

	*found = false;
	if (db_certificate_list(d->store, person, rows, ROWS, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].kind, kind) == 0) {
			*out = rows[i];
			*found = true;
		}
	wipe(rows, n * sizeof(*rows));
	return 0;
}

int dossier_certificate(struct desk *d, int64_t person, const char *kind, date_t *valid_to, struct err *e)
{
	struct db_certificate c;
	bool found;

	if (of_kind(d, person, kind, &c, &found, e))
		return -1;
	*valid_to = found ? c.valid_to : DATE_NONE;
	wipe(&c, sizeof(c));
	return 0;
}

static int put_certificate(struct desk *d, const struct certificate_new *c, int64_t person, struct err *e)
{
	struct db_certificate row = {.person = person, .valid_to = c->valid_to}, old;
	struct dossier_fact fact = {
		.cycle = "certificate", .event = "add", .person = person, .subject = person, .note = c->kind};
	bool found;
	int rc = -1;

	text_copy(row.kind, sizeof(row.kind), c->kind);
	text_copy(row.number, sizeof(row.number), c->number);
	text_copy(row.issuer, sizeof(row.issuer), c->issuer ? c->issuer : "");
	if (of_kind(d, person, c->kind, &old, &found, e))
		return -1;
	fact.supersedes = found ? old.fact : 0;
	if (dossier_fact(d, &fact, &row.fact, e) == 0 &&
	    (!found || db_certificate_remove(d->store, old.id, row.fact, e) == 0) &&
	    db_certificate_insert(d->store, &row, NULL, e) == 0)
		rc = dossier_audit(d, "certificate", person, c->kind, NULL, e);
	wipe(&row, sizeof(row));
	wipe(&old, sizeof(old));
	return rc;
}

int desk_certificate_add(struct desk *d, const struct certificate_new *c, struct err *e)
{
	struct folk f;

	if (desk_may_in_project(d, MAY_KEEP, e) || folk_open(d, c->person, &f, e))
		return -1;
	if (!known_code(d, "certificate_kinds", c->kind) && !known_code(d, "post_certificates", c->kind))
		return refuse(e, _("没有这种证书，请从列表中选"));
	if (!said(c->number) || text_chars(c->number) > 30)
		return refuse(e, _("请填写证书编号，最多 30 个字"));
	if (c->valid_to == DATE_NONE)
		return refuse(e, _("请填写证书有效期的最后一天，或“长期”"));
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store, put_certificate(d, c, f.person.id, e), e);
}

static int remove_certificate(struct desk *d, int64_t id, const char *note, struct err *e)
{
	struct dossier_fact fact = {.cycle = "certificate", .event = "remove", .note = note};
	struct db_certificate c;
	struct folk f;
	int64_t made;

	if (db_certificate_get(d->store, id, &c, e))
		return -1;
	wipe(c.number, sizeof(c.number));
	fact.person = fact.subject = c.person;
	fact.reverses = c.fact;
	if (folk_open(d, c.person, &f, e) || dossier_fact(d, &fact, &made, e) ||
	    db_certificate_remove(d->store, id, made, e))
		return -1;
	return dossier_audit(d, "certificate", c.person, "remove", note, e);
}

int desk_certificate_remove(struct desk *d, int64_t id, const char *note, struct err *e)
{
	if (desk_may_in_project(d, MAY_KEEP, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, remove_certificate(d, id, note, e), e);
}

const char *dossier_certificate_word(const struct desk *d, const char *kind)
{
	return desk_code_word(d, known_code(d, "post_certificates", kind) ? "post_certificates" : "certificate_kinds", kind);
}

static void certificate_out(const struct desk *d, const struct db_certificate *c, struct certificate_row *out)
{
	date_t today = date_today();
	int64_t days = profile_number(d->profile, "limits.certificate_warn_days", WARN_DAYS);

	*out = (struct certificate_row){.id = c->id, .person = c->person, .valid_to = c->valid_to};
	text_copy(out->name, sizeof(out->name), c->name);
	text_copy(out->kind, sizeof(out->kind), dossier_certificate_word(d, c->kind));
	text_mask(out->number, sizeof(out->number), c->number, 0, 4);
	text_copy(out->issuer, sizeof(out->issuer), c->issuer);
	if (c->valid_to < today)
		out->standing = CERTIFICATE_LAPSED;
	else if (c->valid_to != DATE_LONG_TERM && c->valid_to - today <= days)
		out->standing = CERTIFICATE_DUE;
}

int desk_certificate_list(struct desk *d, int64_t person, struct certificate_row *rows, size_t cap, size_t *n,
			  struct err *e)
{
	struct db_certificate got[ROWS];
	struct folk f;

	if (desk_may_in_project(d, 0, e) || folk_open(d, person, &f, e) ||
	    db_certificate_list(d->store, f.person.id, got, cap < ROWS ? cap : ROWS, n, e))
		return -1;
	for (size_t i = 0; i < *n; i++)
		certificate_out(d, &got[i], &rows[i]);
	wipe(got, sizeof(got));
	return 0;
}

int desk_certificate_due(struct desk *d, const struct certificate_row *after, struct certificate_row *rows,
			 size_t cap, size_t *n, struct err *e)
{
	struct db_certificate got[ROWS];
	date_t until, from = after ? after->valid_to : DATE_NONE;
	int64_t id = after ? after->id : 0;
	size_t count = 0, n_got = 0;
	bool sees;
	int rc = 0;

	if (desk_may_in_project(d, 0, e))
		return -1;
	until = date_today() + profile_number(d->profile, "limits.certificate_warn_days", WARN_DAYS);
	do {
		rc = db_certificate_due(d->store, d->project.id, until, from, id, got, ROWS, &n_got, e);
		for (size_t i = 0; !rc && i < n_got && count < cap; i++) {
			from = got[i].valid_to;
			id = got[i].id;
			rc = folk_sees(d, got[i].person, &sees, e);
			if (!rc && sees)
				certificate_out(d, &got[i], &rows[count++]);
		}
		wipe(got, sizeof(got));
	} while (!rc && n_got == ROWS && count < cap);
	*n = count;
	return rc;
}

int desk_certificate_reveal(struct desk *d, int64_t id, const char *reason, char *out, size_t size,
			    struct err *e)
{
	struct db_certificate c;
	struct folk f;
	int rc = -1;

	if (!said(reason))
		return refuse(e, _("请写明原因"));
	if (desk_may_in_project(d, ROLES_WITH_KEY, e) || db_certificate_get(d->store, id, &c, e))
		return -1;
	if (folk_open(d, c.person, &f, e) == 0 && store_begin(d->store, e) == 0)
		rc = store_end(d->store, dossier_audit(d, "reveal", c.person, "certificate", reason, e), e);
	if (!rc)
		text_copy(out, size, c.number);
	wipe(&c, sizeof(c));
	return rc;
}

/* --- marks --------------------------------------------------------------------------------------------- */

static int set_mark(struct desk *d, const struct mark_new *m, struct err *e)
{
	struct db_mark row = {.person = m->person, .until = m->until};
	struct dossier_fact fact = {.cycle = "mark",
				    .event = "set",
				    .person = m->person,
				    .subject = m->person,
				    .note = m->reason};
	int rc = -1;

	text_copy(row.reason, sizeof(row.reason), m->reason);
	text_copy(row.author, sizeof(row.author), d->session.display);
	if (dossier_fact(d, &fact, &row.fact, e) == 0 && db_mark_insert(d->store, &row, NULL, e) == 0)
		rc = dossier_audit(d, "mark", m->person, "set", m->reason, e);
	wipe(&row, sizeof(row));
	return rc;
}

int desk_mark_set(struct desk *d, const struct mark_new *m, struct err *e)
{
	struct folk f;

	if (desk_may_in_project(d, MAY_MARK, e) || folk_open(d, m->person, &f, e))
		return -1;
	if (!said(m->reason) || strlen(m->reason) >= sizeof((struct db_mark){0}.reason))
		return refuse(e, _("请写明原因"));
	if (m->until != DATE_NONE && m->until < date_today())
		return refuse(e, _("截止日期已过"));
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store, set_mark(d, m, e), e);
}

static int mark_of(struct desk *d, int64_t id, struct db_mark *m, struct err *e)
{
	struct folk f;

	return db_mark_get(d->store, d->project.id, id, m, e) || folk_open(d, m->person, &f, e) ? -1 : 0;
}

static int lift_mark(struct desk *d, int64_t id, const char *note, struct err *e)
{
	struct dossier_fact fact = {.cycle = "mark", .event = "lift", .note = note};
	struct db_mark m;
	int64_t made;

	if (mark_of(d, id, &m, e))
		return -1;
	if (m.platform)
		return err_set(e, ERR_FORBIDDEN, "%s",
			       _("平台的标记只能由平台解除；可由有权限的人写明理由后放行"));
	fact.person = fact.subject = m.person;
	fact.reverses = m.fact;
	wipe(m.reason, sizeof(m.reason));
	if (dossier_fact(d, &fact, &made, e) || db_mark_remove(d->store, id, made, e))
		return -1;
	return dossier_audit(d, "mark", m.person, "lift", note, e);
}

int desk_mark_lift(struct desk *d, int64_t id, const char *note, struct err *e)
{
	if (desk_may_in_project(d, MAY_OVERRIDE, e))
		return -1;
	if (!said(note))
		return refuse(e, _("请写明原因"));
	return store_begin(d->store, e) ? -1 : store_end(d->store, lift_mark(d, id, note, e), e);
}

static int override_mark(struct desk *d, int64_t id, const char *reason, struct err *e)
{
	struct dossier_fact fact = {.cycle = "mark", .event = "override", .note = reason};
	struct db_mark m;
	int64_t made;

	if (mark_of(d, id, &m, e))
		return -1;
	fact.person = fact.subject = m.person;
	wipe(m.reason, sizeof(m.reason));
	if (dossier_fact(d, &fact, &made, e) || db_mark_override(d->store, id, d->project.id, made, e))
		return -1;
	return dossier_audit(d, "mark", m.person, "override", reason, e);
}

int desk_mark_override(struct desk *d, int64_t id, const char *reason, struct err *e)
{
	if (desk_may_in_project(d, MAY_OVERRIDE, e))
		return -1;
	if (!said(reason))
		return refuse(e, _("请写明原因"));
	return store_begin(d->store, e) ? -1 : store_end(d->store, override_mark(d, id, reason, e), e);
}

static bool in_force(const struct db_mark *m)
{
	return m->until == DATE_NONE || m->until >= date_today();
}

int dossier_barred(struct desk *d, int64_t person, struct barred *out, struct err *e)
{
	struct db_mark rows[ROWS];
	size_t n;

	*out = (struct barred){.until = DATE_NONE};
	if (!person)
		return 0;
	if (db_mark_list(d->store, d->project.id, person, rows, ROWS, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!in_force(&rows[i]) || out->barred)
			continue;
		out->marked = true;
		out->barred = !rows[i].overridden;
		out->platform = rows[i].platform;
		out->until = rows[i].until;
		text_copy(out->author, sizeof(out->author), rows[i].author);
	}
	wipe(rows, n * sizeof(*rows));
	return 0;
}

void dossier_barred_sentence(const struct barred *b, char *out, size_t size)
{
	char until[DATE_TEXT];

	date_format(b->until, until);
	text_format(out, size, _("有不宜录用标记（%s%s%s）"),
		    b->author[0]  ? b->author
		    : b->platform ? _("平台")
				  : _("本单位"),
		    until[0] ? _("，至 ") : "", until);
}

static void mark_out(const struct db_mark *m, struct mark_row *out)
{
	*out = (struct mark_row){.id = m->id,
				 .person = m->person,
				 .platform = m->platform,
				 .overridden = m->overridden,
				 .over = !in_force(m),
				 .until = m->until,
				 .at_ms = m->made_ms};
	text_copy(out->name, sizeof(out->name), m->name);
	text_copy(out->reason, sizeof(out->reason), m->reason);
	text_copy(out->author, sizeof(out->author), m->author);
}

static int marks_out(struct db_mark *got, size_t n, struct mark_row *rows)
{
	for (size_t i = 0; i < n; i++)
		mark_out(&got[i], &rows[i]);
	wipe(got, n * sizeof(*got));
	return 0;
}

int desk_mark_list(struct desk *d, int64_t person, struct mark_row *rows, size_t cap, size_t *n,
		   struct err *e)
{
	struct db_mark got[ROWS];
	struct folk f;

	if (desk_may_in_project(d, 0, e) || folk_open(d, person, &f, e) ||
	    db_mark_list(d->store, d->project.id, f.person.id, got, cap < ROWS ? cap : ROWS, n, e))
		return -1;
	return marks_out(got, *n, rows);
}

int desk_mark_page(struct desk *d, int64_t before, struct mark_row *rows, size_t cap, size_t *n,
		   struct err *e)
{
	struct db_mark got[ROWS];
	size_t count = 0, n_got = 0;
	bool sees;
	int rc = 0;

	if (desk_may_in_project(d, MAY_MARK, e))
		return -1;
	do {
		rc = db_mark_page(d->store, d->project.id, before, got, ROWS, &n_got, e);
		for (size_t i = 0; !rc && i < n_got && count < cap; i++) {
			before = got[i].id;
			rc = folk_sees(d, got[i].person, &sees, e);
			if (!rc && sees)
				mark_out(&got[i], &rows[count++]);
		}
		wipe(got, sizeof(got));
	} while (!rc && n_got == ROWS && count < cap);
	*n = count;
	return rc;
}

int dossier_told_mark(struct desk *d, const struct told_mark *m, struct err *e)
{
	struct db_mark row = {.person = m->person, .until = m->until, .platform = true};
	struct dossier_fact fact = {
		.cycle = "mark", .event = "set", .person = m->person, .subject = m->person, .note = m->reason, .platform = true};
	int rc = -1;

	text_copy(row.uid, sizeof(row.uid), m->uid);
	text_copy(row.reason, sizeof(row.reason), m->reason);
	text_copy(row.author, sizeof(row.author), m->author);
	if (dossier_fact(d, &fact, &row.fact, e) == 0)
		rc = db_mark_insert(d->store, &row, NULL, e);
	wipe(&row, sizeof(row));
	return rc;
}

int dossier_told_unmark(struct desk *d, int64_t person, const char *note, struct err *e)
{
	struct db_mark rows[ROWS];
	size_t n;

	if (db_mark_list(d->store, d->project.id, person, rows, ROWS, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct dossier_fact fact = {
			.cycle = "mark", .event = "lift", .person = person, .subject = person, .note = note, .reverses = rows[i].fact, .platform = true};
		int64_t made;

		if (rows[i].platform &&
		    (dossier_fact(d, &fact, &made, e) || db_mark_remove(d->store, rows[i].id, made, e)))
			return -1;
	}
	wipe(rows, n * sizeof(*rows));
	return 0;
}

/* --- work history -------------------------------------------------------------------------------------- */

static int work_here(struct desk *d, const struct db_assignment *a, struct work_row *out, struct err *e)
{
	struct db_participant p = {.company_name = ""};
	struct db_team t = {.name = ""};
	struct db_project project;

	if (db_project_get(d->store, a->project, &project, e) ||
	    (a->team && db_team_get(d->store, a->team, &t, e)) ||
	    (a->participant && db_participant_get(d->store, a->participant, &p, e)))
		return -1;
	*out = (struct work_row){.id = a->id, .entered_on = a->entered_on, .exited_on = a->exited_on};
	text_copy(out->project, sizeof(out->project), project.name);
	text_copy(out->status, sizeof(out->status), project.status);
	text_copy(out->contractor, sizeof(out->contractor), p.short_name[0] ? p.short_name : p.company_name);
	text_copy(out->team, sizeof(out->team), t.name);
	text_copy(out->trade, sizeof(out->trade), desk_code_word(d, field_get(F_TRADE)->codes, a->trade));
	text_copy(out->state, sizeof(out->state), state_word(CYCLE_ASSIGNMENT, a->state));
	wipe(p.manager_phone, sizeof(p.manager_phone));
	return 0;
}

/* Both come newest first; what has no day of entry yet is the latest. */
static bool later(const struct db_assignment *a, const struct db_work *w)
{
	return a->entered_on == DATE_NONE || (w->entered_on != DATE_NONE && a->entered_on >= w->entered_on) ||
	       w->entered_on == DATE_NONE;
}

int desk_work_history(struct desk *d, int64_t person, struct work_row *rows, size_t cap, size_t *n,
		      struct err *e)
{
	struct db_assignment here[ROWS];
	struct db_work there[ROWS];
	size_t n_here, n_there, i = 0, k = 0;
	struct folk f;

	if (desk_may_in_project(d, 0, e) || folk_open(d, person, &f, e) ||
	    db_assignment_list(d->store, f.person.id, here, ROWS, &n_here, e) ||
	    db_work_list(d->store, f.person.id, there, ROWS, &n_there, e))
		return -1;
	for (*n = 0; *n < cap && (i < n_here || k < n_there); ++*n) {
		if (i < n_here && (k == n_there || later(&here[i], &there[k]))) {
			if (work_here(d, &here[i++], &rows[*n], e))
				return -1;
		} else {
			work_elsewhere(&there[k++], &rows[*n]);
		}
	}
	return 0;
}

const char *desk_work_older(const struct desk *d)
{
	return d->profile ? profile_text(d->profile, "history.older", "") : "";
}

/* --- what is to be told at once ------------------------------------------------------------------------ */

struct telling {
	struct warning *rows;
	size_t n;
};

static void tell(struct telling *t, bool block, const char *sentence)
{
	if (t->n == WARNINGS_MAX)
		return;
	t->rows[t->n].block = block;
	text_copy(t->rows[t->n].sentence, sizeof(t->rows[t->n].sentence), sentence);
	t->n++;
}

static void tell_by(struct telling *t, const struct desk *d, const char *rule, const char *sentence)
{
	enum severity s = profile_severity(d->profile, rule);

	if (s != SEVERITY_NONE)
		tell(t, s == SEVERITY_BLOCK, sentence);
}

static void tell_age(struct telling *t, const struct desk *d, const struct situation *s, bool female)
{
	int min = (int)profile_number(d->profile, "limits.min_age", 16);
	int max = (int)profile_number(d->profile, female ? "limits.max_age_female" : "limits.max_age_male",
				      female ? 50 : 60);
	char sentence[200];

	if (s->age < 0)
		return;
	text_format(sentence, sizeof(sentence),
		    s->age < min ? _("未满 %d 周岁，不得招用")
				 : _("已满 %d 周岁，超过本地区施工现场用工年龄"),
		    s->age < min ? min : max);
	if (s->age < min)
		tell_by(t, d, "under_age", sentence);
	else if (s->age >= max)
		tell_by(t, d, "over_age", sentence);
}

static void tell_certificate(struct telling *t, const struct desk *d, const struct situation *s)
{
	char sentence[200];

	if (!s->certificate[0])
		return;
	if (s->certificate_to == DATE_NONE) {
		text_format(sentence, sizeof(sentence), _("没有“%s”资格证书"), s->certificate);
		tell_by(t, d, "certificate_missing", sentence);
	} else if (s->certificate_to < s->today) {
		text_format(sentence, sizeof(sentence), _("“%s”资格证书已过有效期"), s->certificate);
		tell_by(t, d, "certificate_lapsed", sentence);
	}
}

static int is_female(struct desk *d, int64_t person, bool *out, struct err *e)
{
	char sex[32];

	if (db_field_load(d->store, OWNER_PERSON, person, F_SEX, sex, sizeof(sex), e))
		return -1;
	*out = strcmp(sex, "female") == 0;
	wipe(sex, sizeof(sex));
	return 0;
}

int desk_person_warnings(struct desk *d, int64_t person, struct warning rows[WARNINGS_MAX], size_t *n,
			 struct err *e)
{
	struct telling t = {.rows = rows};
	char sentence[200];
	struct situation s;
	struct barred b;
	struct folk f;
	bool female;

	if (desk_may_in_project(d, 0, e) || folk_open(d, person, &f, e) ||
	    folk_situation(d, &f, EVENT_NONE, DATE_NONE, &s, e) || dossier_barred(d, f.person.id, &b, e) ||
	    is_female(d, f.person.id, &female, e))
		return -1;
	if (b.marked) {
		dossier_barred_sentence(&b, sentence, sizeof(sentence));
		if (!b.barred)
			desk_append(sentence, sizeof(sentence), _("，本项目已放行"));
		tell(&t, b.barred && profile_severity(d->profile, "do_not_hire") == SEVERITY_BLOCK, sentence);
	}
	tell_age(&t, d, &s, female);
	if (s.valid_to != DATE_NONE && s.valid_to < s.today)
		tell_by(&t, d, "expired_card", _("证件已过有效期"));
	if (s.other_project[0]) { /* D5 */
		text_format(sentence, sizeof(sentence), _("同时在项目“%s”，工种%s"), s.other_project, desk_code_word(d, "trades", s.other_trade));
		tell(&t, false, sentence);
	}
	tell_certificate(&t, d, &s);
	if (f.employment.id && s.trained_on != DATE_NONE && !s.on_site && training_over(&s))
		tell_by(&t, d, "no_training", _("安全培训已超过有效期"));
	*n = t.n;
	return 0;
}
