/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "books.h"

#include <stdlib.h>
#include <string.h>

#include "announce.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "book_find.h"
#include "book_training.h"
#include "folk.h"
#include "json_out.h"
#include "paper_lines.h"
#include "store/book.h"
#include "store/outbox.h"

#define BODY_MAX 16384
#define ROWS 32

/* --- which ------------------------------------------------------------------------------------------------ */

int book_of(struct desk *d, const char *name, const struct book **out, struct err *e)
{
	*out = profile_book(d->profile, name);
	return *out ? 0 : err_set(e, ERR_NO_SUCH, _("本地区规则没有“%s”这个登记簿"), name);
}

static int finding(struct book_finding *f, int field, const char *sentence, struct err *e)
{
	f->field = field;
	text_copy(f->sentence, sizeof(f->sentence), sentence);
	return err_set(e, ERR_FINDINGS, "%s", sentence);
}

/* --- values ------------------------------------------------------------------------------------------------- */

static const char *expected(enum particular_kind kind)
{
	static const struct {
		enum particular_kind kind;
		const char *words;
	} all[] = {{PARTICULAR_DATE, N_("应是日期，例如 2026-03-08")},	   {PARTICULAR_AMOUNT, N_("应是数字，例如 36.5")},
		   {PARTICULAR_PHONE, N_("应是手机号码，或带区号的电话")}, {PARTICULAR_YES_NO, N_("应填是或否")},
		   {PARTICULAR_NAME, N_("应是姓名")},			   {PARTICULAR_NUMBER, N_("应是编号")}};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (all[i].kind == kind)
			return _(all[i].words);
	return _("内容不对");
}

bool book_normalise(const struct desk *d, const struct book_field *f, char value[BOOK_VALUE], char *sentence, size_t size)
{
	struct particular row = {.name = f->name, .kind = f->kind, .max_chars = f->max_chars, .codes = f->codes};
	const struct code *said;
	char out[PARTICULAR_TEXT_MAX];

	text_trim(value);
	if (!value[0])
		return true;
	if (f->kind == PARTICULAR_CODE) {
		said = profile_code(d->profile, f->codes, value);
		said = said ? said : profile_code_said(d->profile, f->codes, value);
		text_copy(sentence, size, _("请从列表中选"));
		if (said)
			text_copy(value, BOOK_VALUE, said->code);
		return said != NULL;
	}
	if (text_chars(value) > f->max_chars) {
		text_format(sentence, size, _("最多 %u 个字"), f->max_chars);
		return false;
	}
	text_copy(sentence, size, expected(f->kind));
	if (!particular_normalise(&row, value, out))
		return false;
	text_copy(value, BOOK_VALUE, out);
	wipe(out, sizeof(out));
	return true;
}

void desk_book_show(const struct desk *d, const struct book_field *f, const char *value, char *out, size_t size)
{
	if (f->kind == PARTICULAR_CODE)
		text_copy(out, size, value[0] ? desk_code_word(d, f->codes, value) : "");
	else if (f->kind == PARTICULAR_YES_NO)
		text_copy(out, size, !value[0] ? "" : value[0] == '1' ? _("是") : _("否"));
	else if (f->kind == PARTICULAR_PHONE)
		text_mask(out, size, value, 3, 4); /* S5 */
	else
		text_copy(out, size, value);
}

static int write_body(const struct book *b, const struct book_entry *entry, struct buf *out, struct err *e)
{
	json_out_open(out);
	for (size_t i = 0; i < b->n; i++)
		json_out_text(out, b->field[i].name, entry->value[i]);
	json_out_close(out);
	return out->failed ? err_set(e, ERR_TOO_LARGE, "entry") : 0;
}

static int read_body(const struct book *b, const struct buf *body, struct book_entry *out, struct err *e)
{
	cJSON *values = NULL;

	if (!body->len) /* erased when its term was over (S8) */
		return 0;
	if (json_parse(&values, body->data, body->len, BODY_MAX, e))
		return -1;
	for (size_t i = 0; i < b->n; i++) {
		const char *text = json_string(values, b->field[i].name);

		text_copy(out->value[i], BOOK_VALUE, text ? text : "");
	}
	cJSON_Delete(values);
	return 0;
}

/* What makes two entries of a person the same: the key fields, or that there is one. */
static void key_of(const struct book *b, const struct book_entry *entry, char *out, size_t size)
{
	text_format(out, size, "%s", b->once ? b->name : "");
	for (size_t i = 0; i < b->n; i++)
		if (b->field[i].key) {
			desk_append(out, size, "|");
			desk_append(out, size, entry->value[i]);
		}
}

int book_find(struct desk *d, const struct book *b, const struct book_entry *entry, int64_t *id, struct err *e)
{
	char key[1024];

	*id = 0;
	key_of(b, entry, key, sizeof(key));
	return key[0] ? db_book_find(d->store, d->project.id, b->name, entry->person, key, id, e) : 0;
}

/* --- reading -------------------------------------------------------------------------------------------------- */

int book_told(struct desk *d, int64_t id, const struct book **b, struct book_entry *out, struct err *e)
{
	struct db_book_entry row = {0};
	struct buf body;
	int rc;

	buf_init(&body, BODY_MAX);
	row.body = &body;
	rc = db_book_get(d->store, id, &row, e);
	if (!rc && row.project != d->project.id)
		rc = err_set(e, ERR_NO_SUCH, "entry");
	if (!rc && book_of(d, row.book, b, e))
		rc = -1;
	if (!rc) {
		*out = (struct book_entry){.id = row.id, .person = row.person, .people = row.people, .made_ms = row.made_ms};
		text_copy(out->name, sizeof(out->name), row.name);
		rc = read_body(*b, &body, out, e);
	}
	buf_wipe_release(&body);
	return rc;
}

static int load(struct desk *d, const struct book *b, int64_t id, struct book_entry *out, struct err *e)
{
	const struct book *of;
	bool sees = true;

	if (book_told(d, id, &of, out, e) || (out->person && folk_sees(d, out->person, &sees, e)))
		return -1;
	return of == b && sees ? 0 : err_set(e, ERR_NO_SUCH, "entry");
}

int desk_book_get(struct desk *d, const char *book, int64_t id, struct book_entry *out, struct err *e)
{
	const struct book *b;

	return desk_may_in_project(d, 0, e) || book_of(d, book, &b, e) || load(d, b, id, out, e) ? -1 : 0;
}

int desk_book_list(struct desk *d, const char *book, int64_t person, int64_t before, struct book_entry *rows, size_t cap, size_t *n, struct err *e)
{
	const struct book *b;
	int64_t ids[ROWS];
	size_t got;

	*n = 0;
	if (desk_may_in_project(d, 0, e) || book_of(d, book, &b, e))
		return -1;
	do {
		if (db_book_page(d->store, d->project.id, b->name, person, before, ids, ROWS, &got, e))
			return -1;
		for (size_t i = 0; i < got && *n < cap; i++) {
			struct err own = {ERR_NONE};

			before = ids[i];
			if (load(d, b, ids[i], &rows[*n], &own) == 0)
				++*n;
			else if (own.code != ERR_NO_SUCH)
				return err_set(e, own.code, "%s", own.detail);
		}
	} while (got == ROWS && *n < cap);
	return 0;
}

int desk_book_people(struct desk *d, const char *book, int64_t id, int64_t after, int64_t *persons, size_t cap, size_t *n, struct err *e)
{
	struct book_entry *entry = calloc(1, sizeof(*entry));
	int rc = entry ? desk_book_get(d, book, id, entry, e) : err_set(e, ERR_MEMORY, "entry");

	if (!rc)
		rc = db_book_persons(d->store, id, after, persons, cap, n, e);
	if (entry)
		wipe(entry, sizeof(*entry));
	free(entry);
	return rc;
}

/* --- beginning ------------------------------------------------------------------------------------------------- */

/* I2: only who is of the project, and where the book says so, only who was read from a card. */
static int may_stand(struct desk *d, const struct book *b, int64_t person, struct folk *f, struct book_finding *found, struct err *e)
{
	if (folk_open(d, person, f, e))
		return -1;
	if (!f->assignment.id && !f->employment.id)
		return finding(found, -1, _("项目上没有此人"), e);
	if (b->verified && f->person.manual)
		return finding(found, -1, _("此人没有完成实名认证（手工录入），先读卡"), e);
	return 0;
}

static int fill(struct desk *d, const struct book *b, const struct folk *f, struct book_entry *out, struct err *e)
{
	struct record r;
	int rc;

	record_init(&r);
	rc = folk_record(d, f, &r, e);
	for (size_t i = 0; !rc && i < b->n; i++) {
		const struct field *from = b->field[i].fill[0] ? field_by_name(b->field[i].fill) : NULL;

		if (from)
			text_copy(out->value[i], BOOK_VALUE, record_get(&r, from->id));
	}
	record_release(&r);
	return rc;
}

static void fill_today(const struct book *b, struct book_entry *out)
{
	char today[DATE_TEXT];

	date_format(date_today(), today);
	for (size_t i = 0; i < b->n; i++)
		if (b->field[i].kind == PARTICULAR_DATE && b->field[i].required && !out->value[i][0])
			text_copy(out->value[i], BOOK_VALUE, today);
}

int desk_book_begin(struct desk *d, const char *book, int64_t person, struct book_entry *out, struct err *e)
{
	const struct book *b;
	struct book_finding found;
	struct folk f;

	*out = (struct book_entry){.person = person};
	if (desk_may_in_project(d, BOOKS_MAY, e) || book_of(d, book, &b, e))
		return -1;
	if (b->people != (person == 0))
		return err_set(e, ERR_USAGE, "%s", b->people ? _("这个登记簿一条记一次多人参加的事") : _("先选这一条是谁的"));
	if (person) {
		if (may_stand(d, b, person, &f, &found, e) || fill(d, b, &f, out, e))
			return -1;
		text_copy(out->name, sizeof(out->name), f.person.name);
	}
	fill_today(b, out);
	return 0;
}

/* --- saving ------------------------------------------------------------------------------------------------------ */

static int say(struct desk *d, const struct db_book_entry *row, const char *event, int64_t supersedes, const char *note, int64_t *id, struct err *e)
{
	struct db_fact fact = {.project = d->project.id, .subject = row->id, .person = row->person, .account = d->session.account,
			       .at_ms = clock_now_ms(), .on = date_today(), .true_on = DATE_NONE, .supersedes = supersedes};
	int rc;

	text_copy(fact.cycle, sizeof(fact.cycle), "book");
	text_copy(fact.event, sizeof(fact.event), event);
	text_copy(fact.actor, sizeof(fact.actor), actor_name(deed_actor(d, CYCLE_EMPLOYMENT)));
	text_copy(fact.authority, sizeof(fact.authority), "desk");
	text_copy(fact.note, sizeof(fact.note), note ? note : "");
	rc = db_fact_insert(d->store, &fact, row->body ? row->body->data : NULL, id, e);
	wipe(fact.note, sizeof(fact.note));
	return rc;
}

static int fact_of(struct desk *d, const struct db_book_entry *row, const char *event, const char *note, int64_t *id, struct err *e)
{
	int64_t supersedes;

	/* After a taking-back the standing fact is not the row's. */
	return db_fact_latest(d->store, "book", row->id, NULL, &supersedes, e) ? -1 : say(d, row, event, supersedes, note, id, e);
}

static int keep_people(struct desk *d, const struct book *b, int64_t entry, const int64_t *persons, size_t n, struct book_finding *found,
		       struct err *e)
{
	struct folk f;

	if (!b->people || !n)
		return 0;
	if (db_book_persons_clear(d->store, entry, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (may_stand(d, b, persons[i], &f, found, e) || db_book_person_add(d->store, entry, f.person.id, e))
			return -1;
	return 0;
}

/* --- the platform -------------------------------------------------------------------------------------------------- */

/* Facts that must be there first; as many as there are people. */
struct needs {
	int64_t *fact;
	size_t n, room;
};

static int need(struct needs *l, int64_t fact, struct err *e)
{
	if (l->n == l->room) {
		size_t room = l->room ? 2 * l->room : 64;
		int64_t *more = realloc(l->fact, room * sizeof(*more));

		if (!more)
			return err_set(e, ERR_MEMORY, "needs");
		l->fact = more;
		l->room = room;
	}
	l->fact[l->n++] = fact;
	return 0;
}

static int need_of(struct desk *d, int64_t person, struct needs *l, struct err *e)
{
	struct db_outbox there;
	int64_t fact;

	if (announce_need(d, person, &fact, e))
		return -1;
	if (!fact)
		return 0;
	if (db_outbox_by_fact(d->store, fact, &there, e))
		return -1;
	return there.state == OUTBOX_ACCEPTED ? 0 : need(l, fact, e);
}

/* Of those who took part, and whom the platform does not have yet. */
static int needs_of(struct desk *d, const struct db_book_entry *row, struct needs *l, struct err *e)
{
	int64_t persons[ROWS], after = 0, fact;
	size_t got;

	if (row->person)
		return announce_need(d, row->person, &fact, e) || (fact && need(l, fact, e)) ? -1 : 0;
	do {
		if (db_book_persons(d->store, row->id, after, persons, ROWS, &got, e))
			return -1;
		for (size_t i = 0; i < got; i++) {
			after = persons[i];
			if (need_of(d, persons[i], l, e))
				return -1;
		}
	} while (got == ROWS);
	return 0;
}

static int tell_entry(struct desk *d, const struct book *b, const struct db_book_entry *row, bool removed, struct err *e)
{
	char title[NAME_TEXT];
	struct announcing t = {.entity = b->trains ? "training" : "book", .uid = row->uid, .title = title, .fact = row->fact, .person = row->person,
			    .removed = removed};
	struct needs l = {NULL, 0, 0};
	int rc = 0;

	if (b->here)
		return 0;
	text_format(title, sizeof(title), "%s%s%s", row->name, row->name[0] ? " " : "", _(b->title));
	if (!removed)
		rc = needs_of(d, row, &l, e);
	t.needs = l.fact;
	t.n_needs = l.n;
	if (!rc)
		rc = announce(d, &t, e);
	free(l.fact);
	return rc;
}

static int audit(struct desk *d, const char *action, const struct book *b, const char *uid, struct err *e)
{
	return desk_audit(d, &(struct audit_entry){.action = action, .object = "register", .uid = uid, .detail = b->name}, e);
}

static int add(struct desk *d, const struct book *b, struct db_book_entry *row, const char *key, struct err *e)
{
	uid_new(row->uid);
	if (db_book_insert(d->store, row, key, &row->id, e) || fact_of(d, row, "add", NULL, &row->fact, e) ||
	    db_book_update(d->store, row, key, e))
		return -1;
	return audit(d, "book_add", b, row->uid, e);
}

/* I2: what was filled once stays. */
static int fixed_ok(const struct book *b, const struct book_entry *was, const struct book_entry *is, bool *changed, struct book_finding *f,
		    struct err *e)
{
	char sentence[120];

	*changed = false;
	for (size_t i = 0; i < b->n; i++) {
		if (!strcmp(was->value[i], is->value[i]))
			continue;
		*changed = true;
		if (!b->field[i].fixed)
			continue;
		text_format(sentence, sizeof(sentence), _("“%s”初次填报以后不能再改"), _(b->field[i].label));
		return finding(f, (int)i, sentence, e);
	}
	return 0;
}

static int amend(struct desk *d, const struct book *b, const struct book_entry *entry, struct db_book_entry *row, const char *key, bool *changed,
		 struct book_finding *f, struct err *e)
{
	struct book_entry *was = calloc(1, sizeof(*was));
	struct db_book_entry old = {0};
	int rc = was ? load(d, b, entry->id, was, e) : err_set(e, ERR_MEMORY, "entry");

	if (!rc)
		rc = fixed_ok(b, was, entry, changed, f, e);
	if (was)
		wipe(was, sizeof(*was));
	free(was);
	if (rc || !*changed)
		return rc;
	if (db_book_get(d->store, entry->id, &old, e))
		return -1;
	row->id = old.id;
	memcpy(row->uid, old.uid, sizeof(row->uid));
	row->person = old.person;
	if (fact_of(d, row, "amend", NULL, &row->fact, e) || db_book_update(d->store, row, key, e))
		return -1;
	return audit(d, "book_amend", b, row->uid, e);
}

int book_write(struct desk *d, const struct book *b, const struct book_entry *entry, const int64_t *persons, size_t n, int64_t *id, bool *changed,
	       struct book_finding *f, struct err *e)
{
	struct db_book_entry row = {.id = entry->id, .project = d->project.id, .person = entry->person};
	char key[1024];
	struct buf body;
	struct folk who;
	int rc;

	*changed = !entry->id;
	if (entry->person && may_stand(d, b, entry->person, &who, f, e))
		return -1;
	text_copy(row.name, sizeof(row.name), entry->person ? who.person.name : "");
	text_copy(row.book, sizeof(row.book), b->name);
	key_of(b, entry, key, sizeof(key));
	buf_init(&body, BODY_MAX);
	row.body = &body;
	rc = write_body(b, entry, &body, e);
	if (!rc)
		rc = entry->id ? amend(d, b, entry, &row, key, changed, f, e) : add(d, b, &row, key, e);
	if (!rc && *changed)
		rc = book_words_write(d, b, entry, row.id, e);
	if (!rc)
		rc = keep_people(d, b, row.id, persons, n, f, e);
	if (!rc)
		rc = book_lessons_write(d, b, entry, row.id, f, e);
	if (!rc && (*changed || (b->people && n)))
		rc = tell_entry(d, b, &row, false, e);
	buf_wipe_release(&body);
	*id = row.id;
	return rc;
}

static int check(const struct desk *d, const struct book *b, struct book_entry *entry, size_t persons, struct book_finding *f, struct err *e)
{
	char sentence[160];

	for (size_t i = 0; i < b->n; i++) {
		if (!book_normalise(d, &b->field[i], entry->value[i], sentence, sizeof(sentence)))
			return finding(f, (int)i, sentence, e);
		if (b->field[i].required && !entry->value[i][0])
			return finding(f, (int)i, _("必须填写；没有的写“无”"), e);
	}
	if (b->people && !entry->id && !persons)
		return finding(f, -1, _("写明谁参加了"), e);
	return 0;
}

int desk_book_save(struct desk *d, const char *book, const struct book_entry *entry, const int64_t *persons, size_t n, int64_t *id,
		   struct book_finding *f, struct err *e)
{
	struct book_entry *canonical;
	const struct book *b;
	bool changed;
	int rc = -1;

	*f = (struct book_finding){.field = -1};
	if (desk_may_in_project(d, BOOKS_MAY, e) || book_of(d, book, &b, e))
		return -1;
	canonical = malloc(sizeof(*canonical));
	if (!canonical)
		return err_set(e, ERR_MEMORY, "entry");
	*canonical = *entry;
	if (!check(d, b, canonical, n, f, e) && !store_begin(d->store, e))
		rc = store_end(d->store, book_write(d, b, canonical, persons, n, id, &changed, f, e), e);
	wipe(canonical, sizeof(*canonical));
	free(canonical);
	return rc;
}

/* --- deleting ------------------------------------------------------------------------------------------------------ */

static int take_out(struct desk *d, const struct book *b, int64_t id, const char *note, struct err *e)
{
	struct db_book_entry row = {0};
	if (db_book_get(d->store, id, &row, e) || fact_of(d, &row, "remove", note, &row.fact, e) || book_lessons_remove(d, b, id, e) ||
	    db_book_remove(d->store, id, row.fact, e) || db_book_words_drop(d->store, id, e) || tell_entry(d, b, &row, true, e))
		return -1;
	return audit(d, "book_remove", b, row.uid, e);
}

int desk_book_remove(struct desk *d, const char *book, int64_t id, const char *note, struct err *e)
{
	struct book_entry *entry = calloc(1, sizeof(*entry));
	const struct book *b;
	int rc = -1;

	if (!entry)
		return err_set(e, ERR_MEMORY, "entry");
	if (desk_may_in_project(d, BOOKS_MAY, e) || book_of(d, book, &b, e) || load(d, b, id, entry, e))
		goto out;
	if (b->once) {
		err_set(e, ERR_FORBIDDEN, "%s", _("这种登记每人只填一次，不能删除"));
		goto out;
	}
	if (!store_begin(d->store, e))
		rc = store_end(d->store, take_out(d, b, id, note, e), e);
out:
	wipe(entry, sizeof(*entry));
	free(entry);
	return rc;
}

/* --- paper ----------------------------------------------------------------------------------------------------------- */

static int paper_person(struct desk *d, int64_t person, struct office_out *out, struct err *e)
{
	struct db_member m;

	if (db_member_get(d->store, d->project.id, person, &m, e))
		return -1;
	return paper_pair(out, _("姓名"), m.name, e) || paper_pair(out, _("证件尾号"), m.tail, e) || paper_pair(out, _("单位"), m.company_name, e) ||
			       paper_pair(out, _("班组"), m.team_name, e)
		       ? -1
		       : 0;
}

static int paper_people(struct desk *d, int64_t entry, struct office_out *out, struct err *e)
{
	int64_t persons[ROWS], after = 0;
	struct db_member m;
	size_t n;

	do {
		if (db_book_persons(d->store, entry, after, persons, ROWS, &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			after = persons[i];
			if (db_member_get(d->store, d->project.id, persons[i], &m, e) || paper_pair(out, m.name, _("签名："), e))
				return -1;
		}
	} while (n == ROWS);
	return 0;
}

static int paper(struct desk *d, const struct book *b, const struct book_entry *entry, struct office_out *out, struct err *e)
{
	char text[BOOK_VALUE];

	if (paper_begin(d, _(b->print[0] ? b->print : b->title), out, e) || (entry->person && paper_person(d, entry->person, out, e)))
		return -1;
	for (size_t i = 0; i < b->n; i++) {
		desk_book_show(d, &b->field[i], entry->value[i], text, sizeof(text));
		if (paper_pair(out, _(b->field[i].label), text, e))
			return -1;
	}
	wipe(text, sizeof(text));
	if (b->people)
		return paper_people(d, entry->id, out, e);
	return paper_pair(out, "", _("本人签名：                              日期："), e);
}

int desk_book_paper(struct desk *d, const char *book, int64_t id, struct office_out *out, struct err *e)
{
	struct book_entry *entry = calloc(1, sizeof(*entry));
	const struct book *b;
	int rc = -1;

	if (!entry)
		return err_set(e, ERR_MEMORY, "entry");
	if (!desk_may_in_project(d, 0, e) && !book_of(d, book, &b, e) && !load(d, b, id, entry, e))
		rc = paper(d, b, entry, out, e);
	wipe(entry, sizeof(*entry));
	free(entry);
	return rc;
}
