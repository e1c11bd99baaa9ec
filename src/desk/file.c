/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The person's file: every field masked, history, whole record and single fields on demand and on record (A7,
 * A11, S4, S5). */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/export.h"
#include "desk/upload.h"
#include "dossier.h"
#include "folk.h"
#include "roster.h"
#include "store/dossier.h"
#include "store/fact.h"
#include "store/outbox.h"

/* How each kind is masked: what stays visible at both ends (S5: birth and age stand on the same view, so of a
 * number only the tail). */
static void mask(const struct field *f, const char *shown, char *out, size_t size)
{
	size_t head = 0, tail = 0;

	switch (f->kind) {
	case FIELD_PHONE:
		head = 3;
		tail = 4;
		break;
	case FIELD_DOCUMENT:
	case FIELD_BANK_CARD:
		tail = 4;
		break;
	case FIELD_MONEY:
		text_copy(out, size, "****"); /* how many digits there are says as much as they do */
		return;
	default:
		if (f->id == F_PERMIT_NUMBER)
			tail = 3;
		else
			head = 6;
		break;
	}
	text_mask(out, size, shown, head, tail);
}

static int site_word(struct desk *d, enum field_id id, const char *uid, char *out, size_t size, struct err *e)
{
	struct db_participant p;
	struct db_team t;

	if (id == F_COMPANY) {
		if (db_participant_by_uid(d->store, uid, &p, e))
			return -1;
		text_copy(out, size, p.short_name[0] ? p.short_name : p.company_name);
	} else {
		if (db_team_by_uid(d->store, uid, &t, e))
			return -1;
		text_copy(out, size, t.name);
	}
	return 0;
}

/* As a clerk reads it, not masked. */
int file_show(struct desk *d, const struct record *r, enum field_id id, char *out, size_t size,
		struct err *e)
{
	const struct field *f = field_get(id);
	const char *value = record_get(r, id);

	if ((id == F_COMPANY || id == F_TEAM) && value[0])
		return site_word(d, id, value, out, size, e);
	if (f->kind == FIELD_CODE)
		text_copy(out, size, desk_code_word(d, f->codes, value));
	else
		record_show(r, id, out, size);
	return 0;
}

int file_show_masked(struct desk *d, const struct record *r, enum field_id id, char *out, size_t size,
		     struct err *e)
{
	char whole[NAME_TEXT];
	int rc = file_show(d, r, id, whole, sizeof(whole), e);

	if (!rc && whole[0] && (field_get(id)->flags & FIELD_MASKED))
		mask(field_get(id), whole, out, size);
	else if (!rc)
		text_copy(out, size, whole);
	wipe(whole, sizeof(whole));
	return rc;
}

static int refusal_of(struct desk *d, int64_t person, char *out, size_t size, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_outbox row;

	out[0] = '\0';
	if (db_outbox_refusal(d->store, d->project.id, person, &row, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	text_copy(out, size, row.reason[0] ? row.reason : row.code);
	return 0;
}

static int fill(struct desk *d, const struct folk *f, const struct record *r, bool whole, struct person_file *out,
		struct err *e)
{
	struct situation s;
	struct db_member m;

	if (db_member_get(d->store, d->project.id, f->person.id, &m, e) ||
	    folk_situation(d, f, EVENT_NONE, DATE_NONE, &s, e) ||
	    refusal_of(d, f->person.id, out->refusal, sizeof(out->refusal), e))
		return -1;
	roster_row_out(d, &m, &out->row);
	for (enum field_id id = 0; id < FIELD_COUNT; id++) {
		if ((whole ? file_show : file_show_masked)(d, r, id, out->masked[id], sizeof(out->masked[id]), e))
			return -1;
		out->origin[id] = r->origin[id];
	}
	out->person = f->person.id;
	memcpy(out->uid, f->person.uid, UID_TEXT);
	out->manual = f->person.manual;
	out->age = s.age;
	out->expired = s.valid_to != DATE_NONE && s.valid_to < s.today;
	out->entered_on = f->assignment.entered_on;
	out->exited_on = f->assignment.exited_on;
	return 0;
}

static int load_file(struct desk *d, int64_t person, bool whole, struct person_file *out, struct err *e)
{
	struct person_file file = {.age = -1};
	struct record r;
	struct folk f;
	int rc = -1;

	if (desk_may_in_project(d, 0, e))
		return -1;
	record_init(&r);
	if (folk_open(d, person, &f, e) == 0 && folk_record(d, &f, &r, e) == 0 &&
	    fill(d, &f, &r, whole, &file, e) == 0) {
		*out = file;
		rc = 0;
	}
	record_release(&r);
	wipe(&file, sizeof(file));
	return rc;
}

int desk_person_file(struct desk *d, int64_t person, struct person_file *out, struct err *e)
{
	return load_file(d, person, false, out, e);
}

int desk_export_person(struct desk *d, int64_t person, struct person_file *out, struct err *e)
{
	return load_file(d, person, d->exporting_whole, out, e);
}

/* --- whole, and on record ---------------------------------------------------------------------------- */

#define MAY_OPEN ROLES_WITH_KEY

/* Audited before anything is handed out: what cannot be recorded is not shown. */
static int on_record(struct desk *d, const struct folk *f, const char *action, const char *detail,
		     const char *note, struct err *e)
{
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store,
			 desk_audit(d,
				    &(struct audit_entry){.action = action,
							  .object = "person",
							  .uid = f->person.uid,
							  .detail = detail,
							  .note = note},
				    e),
			 e);
}

int desk_person_record(struct desk *d, int64_t person, struct record *out, struct err *e)
{
	struct record r;
	struct folk f;

	if (desk_may_in_project(d, MAY_OPEN, e) || folk_open(d, person, &f, e))
		return -1;
	record_init(&r);
	if (folk_record(d, &f, &r, e) || on_record(d, &f, "open", "amend form", NULL, e)) {
		record_release(&r);
		return -1;
	}
	record_release(out);
	*out = r;
	return 0;
}

int desk_person_reveal(struct desk *d, int64_t person, enum field_id field, const char *reason, char *out,
		       size_t size, struct err *e)
{
	char whole[NAME_TEXT];
	struct record r;
	struct folk f;
	int rc = -1;

	if (desk_may_in_project(d, MAY_OPEN, e) || folk_open(d, person, &f, e))
		return -1;
	record_init(&r);
	if (folk_record(d, &f, &r, e) == 0 && file_show(d, &r, field, whole, sizeof(whole), e) == 0 &&
	    on_record(d, &f, "reveal", field_get(field)->name, reason, e) == 0) {
		text_copy(out, size, whole);
		rc = 0;
	}
	record_release(&r);
	wipe(whole, sizeof(whole));
	return rc;
}

/* --- history ----------------------------------------------------------------------------------------- */

static int upload_of(struct desk *d, int64_t fact, char *out, size_t size, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_outbox row;

	out[0] = '\0';
	if (db_outbox_by_fact(d->store, fact, &row, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	text_copy(out, size, outbox_state_name(row.state));
	return 0;
}

/* What is no event of a life cycle, in words. Whoever writes facts of a cycle of his own adds its row. */
static const struct {
	const char *cycle, *event, *word;
	const char *codes; /* table of the code that its note is; NULL: the note is a clerk's words */
} other_words[] = {
	{"person", "register", N_("登记"), NULL},
	{"photo", "set", N_("照片"), NULL},
	{"photo", "card_front", N_("证件正面照"), NULL},
	{"photo", "card_back", N_("证件反面照"), NULL},
	{"assignment", "move", N_("换班组"), NULL},
	{"assignment", "leader", N_("指定班组长"), NULL},
	{"training", "add", N_("安全培训"), "training_kinds"},
	{"training", "remove", N_("撤销培训记录"), NULL},
	{"certificate", "add", N_("登记资格证书"), "certificate_kinds"},
	{"certificate", "remove", N_("撤销资格证书"), NULL},
	{"mark", "set", N_("加不宜录用标记"), NULL},
	{"mark", "lift", N_("解除标记"), NULL},
	{"mark", "override", N_("放行"), NULL},
	{"contract", "scan", N_("合同扫描件"), NULL},
	{"filing", "absence", N_("缺勤报备"), NULL},
	{"filing", "outage", N_("设备离线报备"), NULL},
	{"filing", "remove", N_("取消报备"), NULL},
	{"operation", "by_hand", N_("记下平台页面已办"), NULL},
	{"merge", "merge", N_("合并档案"), NULL},
	{"merge", "unmerge", N_("取消合并"), NULL},
	{"merge", "two", N_("确认是两个人"), NULL},
};

static void in_words(const struct desk *d, const struct db_fact *f, struct history_row *out)
{
	text_copy(out->what, sizeof(out->what), event_word(out->event));
	text_copy(out->note, sizeof(out->note), f->note);
	for (size_t i = 0; i < ARRAY_LEN(other_words); i++) {
		if (strcmp(other_words[i].cycle, f->cycle) || strcmp(other_words[i].event, f->event))
			continue;
		text_copy(out->what, sizeof(out->what), _(other_words[i].word));
		if (!other_words[i].codes)
			continue;
		text_copy(out->note, sizeof(out->note),
			  strcmp(f->cycle, "certificate") ? desk_code_word(d, other_words[i].codes, f->note) : dossier_certificate_word(d, f->note));
	}
}

/* An asking shows as the event that was asked for; a person's own data as having been added. */
int history_row_out(struct desk *d, const struct db_fact *f, struct history_row *out, struct err *e)
{
	const char *colon = strchr(f->event, ':');

	*out = (struct history_row){.fact = f->id,
				    .at_ms = f->at_ms,
				    .on = f->on,
				    .superseded = f->superseded_by != 0,
				    .reversed = f->reversed_by != 0};
	if (!cycle_parse(f->cycle, &out->cycle) || !event_parse(colon ? colon + 1 : f->event, &out->event)) {
		out->cycle = CYCLE_COUNT;
		out->event = EVENT_ADD;
	}
	if (!actor_parse(f->actor, &out->actor))
		out->actor = ACTOR_PLATFORM;
	text_copy(out->by, sizeof(out->by), f->by[0] ? f->by : _("平台"));
	in_words(d, f, out);
	return upload_of(d, f->id, out->upload, sizeof(out->upload), e);
}

#define BECAME_MOST 8

/* The next fact of each who became this person; the newest of them goes out. */
struct reading {
	struct db_fact head[BECAME_MOST + 1];
	int64_t person[BECAME_MOST + 1];
	bool more[BECAME_MOST + 1];
	size_t n;
};

static int read_on(struct desk *d, struct reading *r, size_t i, int64_t before, struct err *e)
{
	size_t got;

	if (db_fact_history(d->store, d->project.id, r->person[i], before, &r->head[i], 1, &got, e))
		return -1;
	r->more[i] = got == 1;
	return 0;
}

static int read_begin(struct desk *d, struct reading *r, int64_t person, int64_t before, struct err *e)
{
	r->person[0] = person;
	if (db_merged_into(d->store, person, r->person + 1, BECAME_MOST, &r->n, e))
		return -1;
	r->n++;
	for (size_t i = 0; i < r->n; i++)
		if (read_on(d, r, i, before, e))
			return -1;
	return 0;
}

static size_t newest_of(const struct reading *r)
{
	size_t best = r->n;

	for (size_t i = 0; i < r->n; i++)
		if (r->more[i] && (best == r->n || r->head[i].id > r->head[best].id))
			best = i;
	return best;
}

int desk_person_history(struct desk *d, int64_t person, int64_t before_fact, struct history_row *rows,
			size_t cap, size_t *n, struct err *e)
{
	struct reading r = {.n = 0};
	struct folk f;
	size_t next;

	if (desk_may_in_project(d, 0, e) || folk_open(d, person, &f, e) ||
	    read_begin(d, &r, f.person.id, before_fact, e))
		return -1;
	for (*n = 0; *n < cap && (next = newest_of(&r)) < r.n; ++*n)
		if (history_row_out(d, &r.head[next], &rows[*n], e) || read_on(d, &r, next, r.head[next].id, e))
			return -1;
	return 0;
}
