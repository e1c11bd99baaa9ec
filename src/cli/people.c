/* SPDX-License-Identifier: GPL-3.0-or-later */
/* person list, show, add, edit. */
#include "desk/people.h"
#include "desk/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"
#include "desk/site.h"

#define PAGE 100
#define HISTORY 50
#define JSON_MAX 65536

static const char *const filters[ROSTER_FILTER_COUNT] = {
	[ROSTER_ALL] = "all",
	[ROSTER_WAITING_CONSENT] = "waiting-consent",
	[ROSTER_TO_SUBMIT] = "to-submit",
	[ROSTER_TO_CONFIRM] = "to-confirm",
	[ROSTER_TO_ENTER] = "to-enter",
	[ROSTER_ON_SITE] = "on-site",
	[ROSTER_EXITED] = "exited",
	[ROSTER_REFUSED] = "refused",
};

/* --- list ------------------------------------------------------------------------------------------------------------------- */

static const char *mark(const struct roster_row *r)
{
	return r->refused ? _("退回") : r->waiting ? _("待传") : "";
}

static cJSON *row_json(const struct roster_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "person", (double)r->person);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "tail", r->tail);
	cJSON_AddStringToObject(o, "company", r->company);
	cJSON_AddStringToObject(o, "team", r->team);
	cJSON_AddStringToObject(o, "trade", r->trade);
	cJSON_AddStringToObject(o, "employment", state_name(CYCLE_EMPLOYMENT, r->employment));
	cJSON_AddStringToObject(o, "employment_word", roster_employment_word(r));
	cJSON_AddStringToObject(o, "assignment", state_name(CYCLE_ASSIGNMENT, r->assignment));
	cJSON_AddStringToObject(o, "assignment_word", state_word(CYCLE_ASSIGNMENT, r->assignment));
	cJSON_AddBoolToObject(o, "manual", r->manual);
	cJSON_AddBoolToObject(o, "waiting", r->waiting);
	cJSON_AddBoolToObject(o, "refused", r->refused);
	cJSON_AddStringToObject(o, "upload_word", mark(r));
	return o;
}

static int filter_of(const char *name, enum roster_filter *out, struct err *e)
{
	for (size_t i = 0; i < ROSTER_FILTER_COUNT; i++)
		if (strcmp(filters[i], name) == 0) {
			*out = (enum roster_filter)i;
			return 0;
		}
	return err_set(e, ERR_USAGE, "--filter");
}

/* CD 3.3.5: who holds a health card, and who does not. */
static int by_book(struct cli *c, struct roster_query *q, struct err *e)
{
	const char *with = opt(c, "with"), *without = opt(c, "without"), *book = with ? with : without, *says = opt(c, "says");

	if (with && without)
		return err_set(e, ERR_USAGE, "--with, --without");
	if (book && !profile_book(desk_profile(c->desk), book))
		return err_set(e, ERR_USAGE, "%s", with ? "--with" : "--without");
	if (says && (!with || !text_copy(q->says, sizeof(q->says), says)))
		return err_set(e, ERR_USAGE, "--says");
	q->without = without != NULL;
	text_copy(q->book, sizeof(q->book), book ? book : "");
	return 0;
}

int roster_query_of(struct cli *c, struct roster_query *q, long *limit, struct err *e)
{
	const char *text = opt(c, "search"), *filter = opt(c, "filter"), *team = opt(c, "team");
	char uid[UID_TEXT];
	struct team_row *row;
	int ret;

	if (text && !text_copy(q->text, sizeof(q->text), text))
		return err_set(e, ERR_USAGE, "--search");
	if ((filter && filter_of(filter, &q->filter, e)) || by_book(c, q, e))
		return -1;
	if (!opt_number(c, "limit", 1, 10000000, limit))
		return err_set(e, ERR_USAGE, "--limit");
	if (!team)
		return 0;
	if (ask_team(c, team, NULL, uid, e))
		return -1;
	row = calloc(1, sizeof(*row));
	if (!row)
		return err_set(e, ERR_MEMORY, "team");
	ret = desk_team_get(c->desk, uid, row, e);
	q->team = row->id;
	free(row);
	return ret;
}

int run_person_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
		{"person", N_("编号"), 6},  {"name", N_("姓名"), 12},           {"tail", N_("证号尾"), 6},
		{"team", N_("班组"), 14},   {"trade", N_("工种"), 10},          {"employment_word", N_("用工"), 10},
		{"assignment_word", N_("分配"), 8}, {"upload_word", N_("上传"), 4}};
	struct roster_query q = {.filter = ROSTER_ALL};
	struct roster_page page = {.cap = PAGE};
	struct listing l;
	long limit = 10000000;
	int ret;

	if (roster_query_of(c, &q, &limit, e))
		return -1;
	page.row = calloc(PAGE, sizeof(*page.row));
	if (!page.row)
		return err_set(e, ERR_MEMORY, "roster");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	do {
		ret = desk_roster(c->desk, &q, &page, e);
		for (size_t i = 0; ret == 0 && i < page.n && limit > 0; i++, limit--)
			ret = list_add(&l, row_json(&page.row[i]), e);
		q.after = page.last;
	} while (ret == 0 && page.more && page.n && limit > 0);
	list_end(&l);
	free(page.row);
	return ret;
}

/* --- show --------------------------------------------------------------------------------------------------------------------- */

static cJSON *history_json(const struct history_row *h)
{
	cJSON *o = cJSON_CreateObject();
	char at[STAMP_TEXT], on[DATE_TEXT];

	stamp_format(h->at_ms, at);
	date_format(h->on, on);
	cJSON_AddNumberToObject(o, "fact", (double)h->fact);
	cJSON_AddStringToObject(o, "at", at);
	cJSON_AddStringToObject(o, "on", on);
	cJSON_AddStringToObject(o, "cycle", cycle_name(h->cycle));
	cJSON_AddStringToObject(o, "event", event_name(h->event));
	cJSON_AddStringToObject(o, "event_word", h->what);
	cJSON_AddStringToObject(o, "by", h->by);
	cJSON_AddStringToObject(o, "actor", actor_name(h->actor));
	cJSON_AddBoolToObject(o, "superseded", h->superseded);
	cJSON_AddBoolToObject(o, "reversed", h->reversed);
	cJSON_AddStringToObject(o, "upload", h->upload);
	cJSON_AddStringToObject(o, "note", h->note);
	return o;
}

static int add_history(struct cli *c, int64_t person, cJSON *to, struct err *e)
{
	struct history_row *rows = calloc(HISTORY, sizeof(*rows));
	size_t n = 0;
	int64_t before = 0;
	int ret = rows ? 0 : err_set(e, ERR_MEMORY, "history");

	while (ret == 0) {
		ret = desk_person_history(c->desk, person, before, rows, HISTORY, &n, e);
		for (size_t i = 0; ret == 0 && i < n; i++)
			cJSON_AddItemToArray(to, history_json(&rows[i]));
		if (ret || n < HISTORY)
			break;
		before = rows[n - 1].fact;
	}
	free(rows);
	return ret;
}

static cJSON *file_json(const struct person_file *f)
{
	cJSON *o = row_json(&f->row), *fields;
	char entered[DATE_TEXT], exited[DATE_TEXT];

	date_format(f->entered_on, entered);
	date_format(f->exited_on, exited);
	cJSON_AddStringToObject(o, "uid", f->uid);
	fields = cJSON_AddObjectToObject(o, "fields");
	for (int i = 0; i < FIELD_COUNT; i++)
		if (*f->masked[i])
			cJSON_AddStringToObject(fields, field_get((enum field_id)i)->name, f->masked[i]);
	if (f->age >= 0)
		cJSON_AddNumberToObject(o, "age", f->age);
	cJSON_AddBoolToObject(o, "expired", f->expired);
	cJSON_AddStringToObject(o, "entered_on", entered);
	cJSON_AddStringToObject(o, "exited_on", exited);
	cJSON_AddStringToObject(o, "refusal", f->refusal);
	return o;
}

static void print_line(const char *label, const char *value)
{
	if (!*value)
		return;
	printf("%s%*s", label, text_width(label) < 20 ? 20 - text_width(label) : 1, "");
	print_text(stdout, value);
	fputs("\n", stdout);
}

static void print_file(const struct person_file *f, const cJSON *history)
{
	const cJSON *h;
	char day[DATE_TEXT];

	for (int i = 0; i < FIELD_COUNT; i++)
		print_line(_(field_get((enum field_id)i)->label), f->masked[i]);
	print_line(_("用工"), roster_employment_word(&f->row));
	print_line(_("分配"), state_word(CYCLE_ASSIGNMENT, f->row.assignment));
	date_format(f->entered_on, day);
	print_line(_("进场日期"), day);
	date_format(f->exited_on, day);
	print_line(_("退场日期"), day);
	print_line(_("录入方式"), f->manual ? _("手工录入") : _("读卡"));
	print_line(_("上传"), mark(&f->row));
	print_line(_("退回原因"), f->refusal);
	fputs("\n", stdout);
	cJSON_ArrayForEach(h, history) {
		printf("%s  %s  ", json_string(h, "at"), json_string(h, "event_word"));
		print_text(stdout, json_string(h, "by"));
		printf("  %s\n", json_bool(h, "reversed", false) ? _("已撤销") : json_bool(h, "superseded", false) ? _("已更正") : "");
	}
}

int run_person_show(struct cli *c, struct err *e)
{
	struct person_file *f = calloc(1, sizeof(*f));
	cJSON *object = NULL, *history = cJSON_CreateArray();
	int64_t person;
	int ret = -1;

	if (!f || !history) {
		err_set(e, ERR_MEMORY, "person");
		goto out;
	}
	if (ask_person(c, c->argv[0], &person, e) || desk_person_file(c->desk, person, f, e) || add_history(c, person, history, e))
		goto out;
	if (!c->json) {
		print_file(f, history);
		ret = 0;
		goto out;
	}
	object = file_json(f);
	cJSON_AddItemToObject(object, "history", history);
	history = NULL;
	ret = print_object(object, e);
out:
	cJSON_Delete(history);
	if (f)
		wipe(f, sizeof(*f));
	free(f);
	return ret;
}

/* --- add and edit --------------------------------------------------------------------------------------------------------------- */

/* A word of the profile's table for its code, the code itself otherwise: people type 钢筋工, programs 020. */
static const char *code_of_word(const struct profile *p, const struct field *f, const char *word)
{
	const struct code *code = p ? profile_code_said(p, f->codes, word) : NULL;

	return code ? code->code : word;
}

static int put_value(struct cli *c, struct record *r, const struct field *f, const char *typed, struct err *e)
{
	char uid[UID_TEXT];

	switch (*typed ? f->kind : FIELD_TEXT) {
	case FIELD_COMPANY:
		if (ask_participant(c, typed, uid, e))
			return -1;
		typed = uid;
		break;
	case FIELD_TEAM:
		if (ask_team(c, typed, record_get(r, F_COMPANY), uid, e))
			return -1;
		typed = uid;
		break;
	case FIELD_CODE:
		typed = code_of_word(desk_profile(c->desk), f, typed);
		break;
	default:
		break;
	}
	record_put_typed(r, f->id, typed); /* what is not of the field's kind stays as typed: the desk's check says so */
	return 0;
}

/* F_COMPANY comes before F_TEAM in the table: the team is looked for in its company. */
static int put_options(struct cli *c, struct record *r, struct err *e)
{
	for (int i = 0; i < FIELD_COUNT; i++) {
		const char *typed = opt(c, c->field_option[i]);

		if (typed && put_value(c, r, field_get((enum field_id)i), typed, e))
			return -1;
	}
	return 0;
}

/* Whatever a file says of where a value came from: it was typed. Only the reader makes a card (A4). */
static int put_json(struct cli *c, struct record *r, const cJSON *values, struct err *e)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, values) {
		const struct field *f = field_by_name(item->string);

		if (!f)
			return err_set(e, ERR_USAGE, _("没有“%s”这个字段"), item->string);
		if (!cJSON_IsString(item))
			return err_set(e, ERR_USAGE, _("“%s”应是文字"), f->name);
		if (put_value(c, r, f, item->valuestring, e))
			return -1;
	}
	return 0;
}

static int put_file(struct cli *c, struct record *r, const char *path, struct err *e)
{
	const cJSON *values;
	cJSON *json = NULL;
	struct buf text;
	int ret = -1;

	buf_init(&text, JSON_MAX);
	if (ask_read_file(path, JSON_MAX, &text, e) || json_parse(&json, text.data ? text.data : "", text.len, JSON_MAX, e))
		goto out;
	values = json_get(json, "values");
	if (!cJSON_IsObject(json))
		err_set(e, ERR_USAGE, "--from-json");
	else
		ret = put_json(c, r, cJSON_IsObject(values) ? values : json, e);
out:
	cJSON_Delete(json);
	buf_wipe_release(&text);
	return ret;
}

static int put_card(struct cli *c, struct record *r, struct err *e)
{
	struct card_event *ev = calloc(1, sizeof(*ev));
	int ret;

	if (!ev)
		return err_set(e, ERR_MEMORY, "card");
	ret = card_read_one(c, ev, e);
	if (ret == 0 && record_from_card(r, &ev->card))
		ret = err_set(e, ERR_MEMORY, "card");
	card_event_wipe(ev);
	free(ev);
	return ret;
}

static void print_findings(const struct findings *all)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct finding *f = &all->item[i];

		fprintf(stderr, _("%s %s：%s"), f->severity == SEVERITY_BLOCK ? _("须改正") : _("提醒"), _(field_get(f->field)->label),
			f->sentence);
		fprintf(stderr, *f->source ? " [%s]\n" : "\n", f->source);
	}
}

static void findings_json(cJSON *to, const struct findings *all)
{
	cJSON *list = cJSON_AddArrayToObject(to, "findings");

	for (size_t i = 0; i < all->n; i++) {
		const struct finding *f = &all->item[i];
		cJSON *o = cJSON_CreateObject();

		cJSON_AddStringToObject(o, "field", field_get(f->field)->name);
		cJSON_AddStringToObject(o, "severity", f->severity == SEVERITY_BLOCK ? "block" : "warn");
		cJSON_AddStringToObject(o, "rule", f->rule);
		cJSON_AddStringToObject(o, "sentence", f->sentence);
		cJSON_AddStringToObject(o, "source", f->source);
		cJSON_AddItemToArray(list, o);
	}
}

static int print_registered(const struct cli *c, const struct registered *r, const struct findings *all, struct err *e)
{
	cJSON *o;

	if (!c->json) {
		printf(_("已登记：编号 %lld，%s，%s\n"), (long long)r->person, state_word(CYCLE_EMPLOYMENT, r->employment_state),
		       state_word(CYCLE_ASSIGNMENT, r->assignment_state));
		return 0;
	}
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "person", (double)r->person);
	cJSON_AddStringToObject(o, "uid", r->uid);
	cJSON_AddStringToObject(o, "employment", state_name(CYCLE_EMPLOYMENT, r->employment_state));
	cJSON_AddStringToObject(o, "assignment", state_name(CYCLE_ASSIGNMENT, r->assignment_state));
	findings_json(o, all);
	return print_object(o, e);
}

/* Refused for its content: the findings are the answer. */
static void say_findings(const struct cli *c, const struct findings *all)
{
	cJSON *o;

	if (!c->json) {
		print_findings(all);
		return;
	}
	o = cJSON_CreateObject();
	findings_json(o, all);
	print_object(o, NULL);
}

int run_person_add(struct cli *c, struct err *e)
{
	struct findings *all = calloc(1, sizeof(*all));
	struct registered done;
	const char *file = opt(c, "from-json");
	struct record r;
	int ret = -1;

	record_init(&r);
	if (!all) {
		err_set(e, ERR_MEMORY, "findings");
		goto out;
	}
	if ((opt(c, "card") && put_card(c, &r, e)) || (file && put_file(c, &r, file, e)) || put_options(c, &r, e) ||
	    desk_complete_record(c->desk, &r, e))
		goto out;
	ret = desk_register(c->desk, &r, all, &done, e);
	if (ret == 0) {
		if (!c->json)
			print_findings(all);
		ret = print_registered(c, &done, all, e);
	} else if (e->code == ERR_FINDINGS) {
		say_findings(c, all);
		ret = 1; /* everything is said */
	}
out:
	record_release(&r);
	free(all);
	return ret;
}

int run_person_merge(struct cli *c, struct err *e)
{
	const char *note = opt(c, "note");
	int64_t kept, gone;

	if (!note || !*note)
		return err_set(e, ERR_USAGE, "--note");
	if (ask_person(c, c->argv[0], &kept, e) || ask_person(c, c->argv[1], &gone, e) ||
	    desk_person_merge(c->desk, kept, gone, note, e))
		return -1;
	if (c->json)
		printf("{\"person\":%lld,\"merged\":%lld}\n", (long long)kept, (long long)gone);
	else
		fputs(_("已合并\n"), stdout);
	return 0;
}

int run_person_unmerge(struct cli *c, struct err *e)
{
	const char *note = opt(c, "note");
	int64_t kept, gone;

	if (!note || !*note)
		return err_set(e, ERR_USAGE, "--note");
	if (ask_person(c, c->argv[0], &kept, e) || desk_person_unmerge(c->desk, kept, note, &gone, e))
		return -1;
	if (c->json)
		printf("{\"person\":%lld,\"apart\":%lld}\n", (long long)kept, (long long)gone);
	else
		printf(_("已分开：编号 %lld\n"), (long long)gone);
	return 0;
}

int run_person_edit(struct cli *c, struct err *e)
{
	struct findings *all = calloc(1, sizeof(*all));
	const char *file = opt(c, "from-json");
	int64_t person;
	int changed = 0, ret = -1;
	struct record r;

	record_init(&r);
	if (!all) {
		err_set(e, ERR_MEMORY, "findings");
		goto out;
	}
	if (ask_person(c, c->argv[0], &person, e) || desk_person_record(c->desk, person, &r, e) || (file && put_file(c, &r, file, e)) ||
	    put_options(c, &r, e))
		goto out;
	ret = desk_amend(c->desk, person, &r, all, &changed, e);
	if (ret && e->code == ERR_FINDINGS) {
		say_findings(c, all);
		ret = 1;
	}
	if (ret == 0 && c->json)
		printf("{\"person\":%lld,\"changed\":%d}\n", (long long)person, changed);
	else if (ret == 0)
		printf(_("已更正 %d 项\n"), changed);
out:
	record_release(&r);
	free(all);
	return ret;
}
