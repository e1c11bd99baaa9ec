/* SPDX-License-Identifier: GPL-3.0-or-later */
/* employment list, offer, app; contract list, show, add, edit, sign, end, terminate, scan. */
#include "desk/hiring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "commands.h"
#include "desk/contract.h"
#include "desk/people.h"
#include "desk/site.h"

#define PAGE 50

/* --- who waits for whom --- */

static int hiring_filter_of(const char *name, enum hiring_filter *out, struct err *e)
{
	for (int f = 0; name && f < HIRING_FILTER_COUNT; f++)
		if (strcmp(hiring_filter_name((enum hiring_filter)f), name) == 0) {
			*out = (enum hiring_filter)f;
			return 0;
		}
	return name ? err_set(e, ERR_USAGE, "--filter") : 0;
}

static cJSON *hiring_json(const struct hiring_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "person", (double)r->person);
	cJSON_AddStringToObject(o, "uid", r->uid);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "company", r->company);
	cJSON_AddStringToObject(o, "employment", state_name(CYCLE_EMPLOYMENT, r->state));
	cJSON_AddStringToObject(o, "employment_word", state_word(CYCLE_EMPLOYMENT, r->state));
	add_stamp(o, "since", r->since_ms);
	add_stamp(o, "answer_by", r->due_ms);
	cJSON_AddBoolToObject(o, "due", r->due);
	add_date(o, "leaves_on", r->leaves_on);
	cJSON_AddStringToObject(o, "reason", r->reason);
	cJSON_AddStringToObject(o, "app", state_name(CYCLE_APP, (int)r->app.state));
	cJSON_AddNumberToObject(o, "app_working_days", r->app.days);
	cJSON_AddStringToObject(o, "says", r->says);
	cJSON_AddStringToObject(o, "todo", r->todo);
	return o;
}

int run_employment_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"person", N_("编号"), 6},	    {"name", N_("姓名"), 12}, {"employment_word", N_("用工"), 12},
						{"since", N_("起于"), 19}, {"says", N_("等什么"), 30}, {"todo", N_("办法"), 30}};
	struct hiring_query q = {.filter = HIRING_ALL};
	struct hiring_page page = {.cap = PAGE};
	struct listing l;
	int ret;

	if (hiring_filter_of(opt(c, "filter"), &q.filter, e))
		return -1;
	page.row = calloc(PAGE, sizeof(*page.row));
	if (!page.row)
		return err_set(e, ERR_MEMORY, "hiring");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	do {
		ret = desk_hiring(c->desk, &q, &page, e);
		for (size_t i = 0; ret == 0 && i < page.n; i++)
			ret = list_add(&l, hiring_json(&page.row[i]), e);
		q.after = page.last;
	} while (ret == 0 && page.more);
	list_end(&l);
	free(page.row);
	return ret;
}

/* --- an offer by name and document --- */

static int offer_record(struct cli *c, struct record *r, struct err *e)
{
	const char *company = opt(c, "company"), *type = opt(c, "doc-type");
	char uid[UID_TEXT] = "";

	if (!company || !opt(c, "name") || !opt(c, "number"))
		return err_set(e, ERR_USAGE, "%s", _("须有 --name、--number 和 --company"));
	if (ask_participant(c, company, uid, e))
		return -1;
	record_put_typed(r, F_NAME, opt(c, "name"));
	record_put_typed(r, F_NUMBER, opt(c, "number"));
	if (record_set(r, F_DOC_TYPE, type ? type : "01", ORIGIN_TYPED) || record_set(r, F_COMPANY, uid, ORIGIN_TYPED))
		return err_set(e, ERR_MEMORY, "record");
	return desk_complete_record(c->desk, r, e);
}

static int say_offered(const struct cli *c, const struct registered *done, struct err *e)
{
	cJSON *o;

	if (!c->json) {
		printf(_("已发起聘用：编号 %lld，%s\n"), (long long)done->person, state_word(CYCLE_EMPLOYMENT, done->employment_state));
		return 0;
	}
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "person", (double)done->person);
	cJSON_AddStringToObject(o, "uid", done->uid);
	cJSON_AddStringToObject(o, "employment", state_name(CYCLE_EMPLOYMENT, done->employment_state));
	return print_object(o, e);
}

int run_employment_offer(struct cli *c, struct err *e)
{
	struct findings f = {.n = 0};
	struct registered done;
	struct record r;
	int ret;

	record_init(&r);
	ret = offer_record(c, &r, e);
	ret = ret ? ret : desk_offer(c->desk, &r, &f, &done, e);
	record_release(&r);
	for (size_t i = 0; ret && i < f.n; i++)
		fprintf(stderr, _("%s：%s\n"), _(field_get(f.item[i].field)->label), f.item[i].sentence);
	return ret ? ret : say_offered(c, &done, e);
}

/* --- registration in the app --- */

static int say_app(const struct cli *c, int64_t person, const struct app_info *info, struct err *e)
{
	cJSON *o;

	if (!c->json) {
		printf(_("手机登记：%s，第 %d 个工作日\n"), state_word(CYCLE_APP, (int)info->state), info->days);
		return 0;
	}
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "person", (double)person);
	cJSON_AddStringToObject(o, "app", state_name(CYCLE_APP, (int)info->state));
	add_date(o, "since", info->since);
	cJSON_AddNumberToObject(o, "app_working_days", info->days);
	cJSON_AddNumberToObject(o, "app_limit", info->limit);
	return print_object(o, e);
}

int run_employment_app(struct cli *c, struct err *e)
{
	static const struct { const char *name; enum event event; } ways[] = {
		{"applied", EVENT_APP_APPLY}, {"done", EVENT_APP_DONE}, {"failed", EVENT_APP_FAIL}};
	const char *state = opt(c, "state");
	enum event event = EVENT_NONE;
	struct app_info info;
	int64_t person;
	date_t on;

	for (size_t i = 0; state && i < ARRAY_LEN(ways); i++)
		if (strcmp(ways[i].name, state) == 0)
			event = ways[i].event;
	if (state && event == EVENT_NONE)
		return err_set(e, ERR_USAGE, "--state");
	if (opt_date(c, "on", &on, e) || ask_person(c, c->argv[0], &person, e) ||
	    (event != EVENT_NONE && desk_app_record(c->desk, person, event, on, e)) || desk_app_info(c->desk, person, &info, e))
		return -1;
	return say_app(c, person, &info, e);
}

/* --- contracts --- */

static cJSON *contract_json(const struct contract_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "contract", (double)r->id);
	cJSON_AddStringToObject(o, "uid", r->uid);
	cJSON_AddNumberToObject(o, "person", (double)r->person);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "company", r->company);
	cJSON_AddStringToObject(o, "project", r->project);
	cJSON_AddStringToObject(o, "state", state_name(CYCLE_CONTRACT, r->state));
	cJSON_AddStringToObject(o, "kind", r->kind);
	cJSON_AddStringToObject(o, "kind_word", r->kind_word);
	add_date(o, "starts_on", r->starts_on);
	add_date(o, "ends_on", r->ends_on);
	cJSON_AddStringToObject(o, "unit", r->unit);
	cJSON_AddStringToObject(o, "unit_word", r->unit_word);
	cJSON_AddBoolToObject(o, "has_price", r->has_price);
	cJSON_AddBoolToObject(o, "has_scan", r->has_scan);
	cJSON_AddNumberToObject(o, "renews", (double)r->renews);
	cJSON_AddStringToObject(o, "says", r->says);
	return o;
}

static int contract_filter_of(const char *name, enum contract_filter *out, struct err *e)
{
	for (int f = 0; name && f < CONTRACT_FILTER_COUNT; f++)
		if (strcmp(contract_filter_name((enum contract_filter)f), name) == 0) {
			*out = (enum contract_filter)f;
			return 0;
		}
	return name ? err_set(e, ERR_USAGE, "--filter") : 0;
}

static int participant_number(struct cli *c, const char *word, int64_t *out, struct err *e)
{
	struct participant_row *rows;
	char uid[UID_TEXT];
	size_t n = 0;
	int ret;

	if (ask_participant(c, word, uid, e))
		return -1;
	rows = calloc(500, sizeof(*rows));
	if (!rows)
		return err_set(e, ERR_MEMORY, "participants");
	ret = desk_participant_list(c->desk, rows, 500, &n, e);
	for (size_t i = 0; ret == 0 && i < n; i++)
		if (strcmp(rows[i].uid, uid) == 0)
			*out = rows[i].id;
	free(rows);
	return ret;
}

int run_contract_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"contract", N_("合同"), 6},	{"name", N_("姓名"), 12},     {"kind_word", N_("合同类型"), 14},
						{"starts_on", N_("起"), 10}, {"ends_on", N_("止"), 10}, {"says", N_("情况"), 12},
						{"company", N_("单位"), 20}};
	struct contract_query q = {.filter = CONTRACTS_IN_FORCE};
	struct contract_page page = {.cap = PAGE};
	const char *person = opt(c, "person"), *company = opt(c, "company");
	struct listing l;
	int ret;

	if (contract_filter_of(opt(c, "filter"), &q.filter, e) || (person && ask_person(c, person, &q.person, e)) ||
	    (company && participant_number(c, company, &q.participant, e)))
		return -1;
	page.row = calloc(PAGE, sizeof(*page.row));
	if (!page.row)
		return err_set(e, ERR_MEMORY, "contracts");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	do {
		ret = desk_contracts(c->desk, &q, &page, e);
		for (size_t i = 0; ret == 0 && i < page.n; i++)
			ret = list_add(&l, contract_json(&page.row[i]), e);
		q.after_due = page.last_due;
		q.after_id = page.last_id;
	} while (ret == 0 && page.more);
	list_end(&l);
	free(page.row);
	return ret;
}

static int contract_named(const struct cli *c, int64_t *out, struct err *e)
{
	char *end;

	*out = strtoll(c->argv[0], &end, 10);
	return *end || *out <= 0 ? err_set(e, ERR_USAGE, "%s", _("合同按编号指定，见 shiming contract list")) : 0;
}

static int show_contract(const struct cli *c, int64_t id, struct err *e)
{
	struct contract_row row;

	if (desk_contract_get(c->desk, id, &row, e))
		return -1;
	if (c->json)
		return print_object(contract_json(&row), e);
	printf(_("合同 %lld：%s，%s，%s\n"), (long long)row.id, row.name, row.kind_word, row.says);
	return 0;
}

int run_contract_show(struct cli *c, struct err *e)
{
	int64_t id;

	return contract_named(c, &id, e) ? -1 : show_contract(c, id, e);
}

/* The code of a table, or its word. */
static const char *code_of(const struct profile *p, const char *table, const char *word)
{
	const struct code *code = p && word ? profile_code_said(p, table, word) : NULL;

	return code ? code->code : word;
}

static int yuan(const char *typed, int64_t *fen, struct err *e)
{
	struct record r;
	bool good;

	record_init(&r);
	good = record_put_typed(&r, F_UNIT_PRICE, typed);
	if (good)
		*fen = strtoll(record_get(&r, F_UNIT_PRICE), NULL, 10);
	record_release(&r);
	return good ? 0 : err_set(e, ERR_USAGE, "--unit-price");
}

static int terms(struct cli *c, struct contract_new *n, struct err *e)
{
	const struct profile *p = desk_profile(c->desk);

	if (opt(c, "kind"))
		n->kind = code_of(p, "contract_kinds", opt(c, "kind"));
	if (opt(c, "unit"))
		n->unit = code_of(p, "contract_units", opt(c, "unit"));
	if ((opt(c, "from") && opt_date(c, "from", &n->starts_on, e)) || (opt(c, "to") && opt_date(c, "to", &n->ends_on, e)))
		return -1;
	return opt(c, "unit-price") ? yuan(opt(c, "unit-price"), &n->price, e) : 0;
}

static int put_scan(struct cli *c, int64_t id, const char *path, struct err *e)
{
	struct buf pdf;
	int ret;

	buf_init(&pdf, CONTRACT_SCAN_MAX + 1);
	ret = desk_contract_read_file(path, &pdf, e);
	ret = ret ? ret : desk_contract_set_scan(c->desk, id, pdf.data, pdf.len, e);
	buf_wipe_release(&pdf);
	return ret;
}

int run_contract_add(struct cli *c, struct err *e)
{
	struct contract_new n = {.starts_on = DATE_NONE, .ends_on = DATE_NONE, .price = -1, .draft = opt(c, "draft") != NULL};
	long renews = 0;
	int64_t id;

	if (!opt_number(c, "renews", 1, 1000000000, &renews))
		return err_set(e, ERR_USAGE, "--renews");
	n.renews = renews;
	if (ask_person(c, c->argv[0], &n.person, e) || terms(c, &n, e) || desk_contract_add(c->desk, &n, NULL, &id, e) ||
	    (opt(c, "scan") && put_scan(c, id, opt(c, "scan"), e)))
		return -1;
	return show_contract(c, id, e);
}

/* What is not given stays as it is. */
int run_contract_edit(struct cli *c, struct err *e)
{
	struct contract_new n = {.price = -1};
	struct contract_row row;
	int64_t id;

	if (contract_named(c, &id, e) || desk_contract_get(c->desk, id, &row, e) || desk_contract_price(c->desk, id, &n.price, e))
		return -1;
	n.kind = row.kind;
	n.unit = row.unit;
	n.starts_on = row.starts_on;
	n.ends_on = row.ends_on;
	if (terms(c, &n, e) || desk_contract_edit(c->desk, id, &n, NULL, e))
		return -1;
	return show_contract(c, id, e);
}

int run_contract_act(struct cli *c, struct err *e)
{
	char warning[200] = "";
	int64_t id;
	date_t on;

	if (contract_named(c, &id, e) || opt_date(c, "on", &on, e) ||
	    desk_contract_act(c->desk, id, c->command->event, on, opt(c, "note"), warning, e))
		return -1;
	if (warning[0])
		fprintf(stderr, "%s\n", warning);
	return show_contract(c, id, e);
}

static int write_scan(struct cli *c, int64_t id, const char *path, struct err *e)
{
	struct buf pdf;
	int fd = STDOUT_FILENO, ret;

	buf_init(&pdf, CONTRACT_SCAN_MAX + 1);
	ret = desk_contract_open_scan(c->desk, id, &pdf, e);
	if (ret == 0 && strcmp(path, "-")) {
		fd = io_open_as_user(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, NULL);
		if (fd < 0)
			ret = errno == EEXIST ? err_set(e, ERR_USAGE, _("文件已存在，不会覆盖：%s"), path) : err_errno(e, path);
	}
	ret = ret ? ret : io_write_all(fd, pdf.data, pdf.len, e);
	if (fd > STDOUT_FILENO && close(fd) && ret == 0)
		ret = err_errno(e, path);
	buf_wipe_release(&pdf);
	return ret;
}

int run_contract_scan(struct cli *c, struct err *e)
{
	const char *file = opt(c, "file"), *out = opt(c, "out");
	int64_t id;

	if (!file == !out)
		return err_set(e, ERR_USAGE, "%s", _("--file 和 --out 须有一个"));
	if (contract_named(c, &id, e))
		return -1;
	return file ? put_scan(c, id, file, e) ? -1 : show_contract(c, id, e) : write_scan(c, id, out, e);
}
