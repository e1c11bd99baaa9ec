/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/terms.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "desk_private.h"
#include "domain/base64.h"
#include "domain/lifecycle.h"
#include "folk.h"
#include "store/fact.h"
#include "store/site.h"
#include "store/terms.h"

#define MAY_ERASE (ROLE_PROJECT_MANAGER | ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE)
#define MAY_SETTLE (MAY_ERASE | ROLE_CLERK)
#define YEARS_MOST 30
#define SETTLED "wages.settled"

static const struct {
	const char *name, *word, *setting, *rule;
	int fallback;
} kinds[TERM_KINDS] = {
	[TERM_FACTS] = {"facts", N_("用工和工资资料"), "keep.facts", "limits.keep_facts_years", 3},
	[TERM_PICTURES] = {"pictures", N_("考勤照片"), "keep.pictures", "limits.keep_pictures_years", 2},
};

const char *term_name(enum term_kind kind)
{
	return kinds[kind].name;
}

const char *term_word(enum term_kind kind)
{
	return _(kinds[kind].word);
}

bool term_parse(const char *name, enum term_kind *out)
{
	for (size_t i = 0; i < TERM_KINDS; i++)
		if (!strcmp(kinds[i].name, name)) {
			*out = (enum term_kind)i;
			return true;
		}
	return false;
}

/* --- what is due --------------------------------------------------------------------------------------- */

static date_t years_on(date_t d, int years)
{
	int y, m, day;
	date_t out;

	date_to_ymd(d, &y, &m, &day);
	if (date_from_ymd(y + years, m, day, &out))
		return out;
	return date_from_ymd(y + years, 3, 1, &out) ? out : DATE_NONE; /* of 29 February */
}

static int years_of(struct desk *d, enum term_kind kind, struct term *t, struct err *e)
{
	char text[16];

	if (db_setting_get(d->store, d->project.id, kinds[kind].setting, text, sizeof(text), e))
		return -1;
	t->least = (int)profile_number(d->profile, kinds[kind].rule, kinds[kind].fallback);
	t->years = text[0] ? atoi(text) : t->least;
	if (t->years < t->least)
		t->years = t->least;
	return 0;
}

static int completed_on(struct desk *d, date_t *out, struct err *e)
{
	enum project_state state;
	struct db_fact f;
	int64_t fact;

	*out = DATE_NONE;
	if (desk_project_state(d, &state, e))
		return -1;
	if (state != PROJECT_COMPLETED && state != PROJECT_SUPERVISION_ENDED)
		return 0;
	if (db_fact_latest(d->store, "project", d->project.id, "complete", &fact, e))
		return -1;
	if (!fact)
		return 0;
	if (db_fact_get(d->store, fact, &f, e))
		return -1;
	*out = f.on != DATE_NONE ? f.on : date_of_ms(f.at_ms);
	return 0;
}

static int settled_on(struct desk *d, date_t *out, struct err *e)
{
	char text[DATE_TEXT];

	if (db_setting_get(d->store, d->project.id, SETTLED, text, sizeof(text), e))
		return -1;
	if (!date_parse(text, out))
		*out = DATE_NONE;
	return 0;
}

static int facts_term(struct desk *d, struct term *t, struct err *e)
{
	date_t from;

	if (completed_on(d, &t->completed_on, e) || settled_on(d, &t->settled_on, e))
		return -1;
	if (t->completed_on == DATE_NONE || t->settled_on == DATE_NONE)
		return 0;
	from = t->completed_on > t->settled_on ? t->completed_on : t->settled_on;
	t->due_on = years_on(from, t->years);
	return t->due_on <= date_today() ? db_terms_people(d->store, d->project.id, &t->n, e) : 0;
}

static int pictures_term(struct desk *d, struct term *t, struct err *e)
{
	t->due_on = years_on(date_today(), -t->years);
	return db_terms_pictures(d->store, d->project.id, date_begin_ms(t->due_on), &t->n, e);
}

static int term_of(struct desk *d, enum term_kind kind, struct term *t, struct err *e)
{
	*t = (struct term){.completed_on = DATE_NONE, .settled_on = DATE_NONE, .due_on = DATE_NONE};
	if (years_of(d, kind, t, e))
		return -1;
	return kind == TERM_FACTS ? facts_term(d, t, e) : pictures_term(d, t, e);
}

int desk_terms(struct desk *d, struct term out[TERM_KINDS], struct err *e)
{
	if (desk_may_in_project(d, 0, e))
		return -1;
	for (size_t i = 0; i < TERM_KINDS; i++)
		if (term_of(d, (enum term_kind)i, &out[i], e))
			return -1;
	return 0;
}

/* --- settings ------------------------------------------------------------------------------------------ */

static int put_setting(struct desk *d, const char *action, const char *name, const char *value, struct err *e)
{
	int last;

	if (store_begin(d->store, e))
		return -1;
	last = db_setting_set(d->store, d->project.id, name, value, false, e);
	if (!last)
		last = desk_audit(d,
				  &(struct audit_entry){.action = action,
							.object = "project",
							.uid = d->project.uid,
							.detail = value},
				  e);
	return store_end(d->store, last, e);
}

int desk_term_keep(struct desk *d, enum term_kind kind, int years, struct err *e)
{
	char text[16];
	struct term t;

	if (desk_may_in_project(d, MAY_ERASE, e) || years_of(d, kind, &t, e))
		return -1;
	if (years < t.least || years > YEARS_MOST)
		return err_set(e, ERR_FORBIDDEN, _("%s至少保存 %d 年，至多 %d 年"), term_word(kind), t.least,
			       YEARS_MOST);
	text_format(text, sizeof(text), "%d", years);
	return put_setting(d, "keep", kinds[kind].setting, text, e);
}

int desk_term_settled(struct desk *d, date_t on, struct err *e)
{
	char text[DATE_TEXT];

	if (desk_may_in_project(d, MAY_SETTLE, e))
		return -1;
	if (on != DATE_NONE && on > date_today())
		return err_set(e, ERR_FORBIDDEN, "%s", _("工资结清日不能在今天以后"));
	date_format(on, text);
	return put_setting(d, "settled", SETTLED, text, e);
}

/* --- erasing ------------------------------------------------------------------------------------------- */

static void row_out(const struct db_erasure *r, struct erasure_row *out)
{
	*out = (struct erasure_row){.id = r->id,
				    .at_ms = r->at_ms,
				    .people = r->people,
				    .whole = r->whole,
				    .pictures = r->pictures,
				    .values = r->values};
	term_parse(r->kind, &out->kind);
	text_copy(out->digest, sizeof(out->digest), r->digest);
	text_copy(out->by, sizeof(out->by), r->by);
}

/* Judged again inside: another session may have erased meanwhile. */
static int erase_rows(struct desk *d, enum term_kind kind, struct db_erasure *r, struct err *e)
{
	char detail[200];
	struct term t;
	int last;

	if (term_of(d, kind, &t, e))
		return -1;
	if (!t.n)
		return err_set(e, ERR_FORBIDDEN, _("%s没有到期的，什么也没有清除"), term_word(kind));
	last = kind == TERM_FACTS ? db_erase_facts(d->store, r, e)
				  : db_erase_pictures(d->store, date_begin_ms(t.due_on), r, e);
	if (last)
		return -1;
	text_format(detail, sizeof(detail), "%s people=%lld whole=%lld pictures=%lld values=%lld sha256=%s",
		    r->kind, (long long)r->people, (long long)r->whole, (long long)r->pictures,
		    (long long)r->values, r->digest);
	return desk_audit(
		d,
		&(struct audit_entry){
			.action = "erase", .object = "project", .uid = d->project.uid, .detail = detail},
		e);
}

int desk_term_erase(struct desk *d, enum term_kind kind, const char *word, struct erasure_row *out,
		    bool *clean, struct err *e)
{
	struct db_erasure r = {.project = d->project.id, .account = d->session.account};

	if (desk_may_in_project(d, MAY_ERASE, e))
		return -1;
	if (!word || strcmp(word, TERM_WORD))
		return err_set(e, ERR_TERM_WORD, NULL);
	text_copy(r.kind, sizeof(r.kind), term_name(kind));
	text_copy(r.by, sizeof(r.by), d->session.display);
	if (store_begin(d->store, e) || store_end(d->store, erase_rows(d, kind, &r, e), e))
		return -1;
	row_out(&r, out);
	return store_wipe_log(d->store, clean, e);
}

#define PAGE 16

int desk_erasures(struct desk *d, int64_t before, struct erasure_row *rows, size_t cap, size_t *n,
		  struct err *e)
{
	struct db_erasure page[PAGE];

	if (desk_may_in_project(d, 0, e) ||
	    db_erasure_page(d->store, d->project.id, before, page, cap < PAGE ? cap : PAGE, n, e))
		return -1;
	for (size_t i = 0; i < *n; i++)
		row_out(&page[i], &rows[i]);
	return 0;
}

/* --- a person's own data ------------------------------------------------------------------------------- */

struct collecting {
	cJSON *tables, *row;
	const char *table;
	int64_t number;
};

static cJSON *bytes_json(const void *data, size_t n)
{
	char *text = malloc(BASE64_TEXT(n));
	cJSON *out;

	if (!text)
		return NULL;
	base64_encode(text, data, n);
	out = cJSON_CreateString(text);
	wipe(text, BASE64_TEXT(n));
	free(text);
	return out;
}

static int next_row(struct collecting *c, const struct whole_value *v, struct err *e)
{
	cJSON *rows = cJSON_GetObjectItemCaseSensitive(c->tables, v->table);

	if (!rows)
		rows = cJSON_AddArrayToObject(c->tables, v->table);
	c->row = cJSON_CreateObject();
	if (!rows || !c->row || !cJSON_AddItemToArray(rows, c->row)) {
		cJSON_Delete(c->row);
		return err_set(e, ERR_MEMORY, "person");
	}
	c->number = v->row;
	c->table = cJSON_GetArraySize(rows) ? rows->string : NULL;
	return 0;
}

static int take_value(void *arg, const struct whole_value *v, struct err *e)
{
	struct collecting *c = arg;
	cJSON *value;

	if ((!c->table || strcmp(c->table, v->table) || c->number != v->row) && next_row(c, v, e))
		return -1;
	value = v->text ? cJSON_CreateString(v->text) : bytes_json(v->bytes, v->n);
	if (!value || !cJSON_AddItemToObject(c->row, v->column, value)) {
		cJSON_Delete(value);
		return err_set(e, ERR_MEMORY, "person");
	}
	return 0;
}

static int write_whole(const cJSON *tables, struct buf *out, struct err *e)
{
	char *text = json_text(tables);
	int last;

	if (!text)
		return err_set(e, ERR_MEMORY, "person");
	last = buf_add(out, text, strlen(text)) || buf_add(out, "\n", 1) ? err_set(e, ERR_TOO_LARGE, "person")
									 : 0;
	wipe(text, strlen(text));
	free(text);
	return last;
}

static int whole_rows(struct desk *d, int64_t person, const char *reason, struct buf *out, struct err *e)
{
	struct collecting c = {.tables = cJSON_CreateObject()};
	struct folk f;
	int last = -1;

	if (!c.tables)
		return err_set(e, ERR_MEMORY, "person");
	if (folk_open(d, person, &f, e) == 0 &&
	    db_person_whole(d->store, f.person.id, take_value, &c, e) == 0)
		last = write_whole(c.tables, out, e);
	cJSON_Delete(c.tables);
	if (last)
		return -1;
	return desk_audit(
		d,
		&(struct audit_entry){
			.action = "person_whole", .object = "person", .uid = f.person.uid, .note = reason},
		e);
}

int desk_person_whole(struct desk *d, int64_t person, const char *reason, struct buf *out, struct err *e)
{
	if (desk_may_in_project(d, ROLES_WITH_KEY, e) || desk_may(d, 0, true, e))
		return -1;
	if (!reason || !reason[0])
		return err_set(e, ERR_FINDINGS, "%s", _("请写明原因"));
	return store_begin(d->store, e) ? -1 : store_end(d->store, whole_rows(d, person, reason, out, e), e);
}

/* --- what a person is told ------------------------------------------------------------------------------ */

int desk_notice(struct desk *d, char *out, size_t size, struct err *e)
{
	char text[1024];
	struct term t;

	if (desk_may_in_project(d, 0, e) ||
	    db_setting_get(d->store, d->project.id, "notice", text, sizeof(text), e) ||
	    years_of(d, TERM_FACTS, &t, e))
		return -1;
	text_format(out, size, _("告知：%s保存至工程完工且工资结清后 %d 年。"),
		    text[0] ? text : profile_text(d->profile, "notice", ""), t.years);
	return 0;
}
