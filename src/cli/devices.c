/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device: the register, who is on which device, whom devices have collected. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"
#include "desk/device.h"

#define PAGE 32

static cJSON *device_json(const struct device_row *r)
{
	cJSON *o = cJSON_CreateObject();
	char handed[48];

	cJSON_AddStringToObject(o, "uid", r->uid);
	cJSON_AddStringToObject(o, "serial", r->serial);
	cJSON_AddStringToObject(o, "kind", r->kind);
	cJSON_AddStringToObject(o, "kind_word", device_word(DEVICE_KINDS, r->kind));
	cJSON_AddStringToObject(o, "place", r->place);
	cJSON_AddStringToObject(o, "model", r->model);
	cJSON_AddStringToObject(o, "method", r->method);
	cJSON_AddStringToObject(o, "biometric", r->biometric);
	cJSON_AddStringToObject(o, "way", r->way);
	cJSON_AddStringToObject(o, "maker", r->maker);
	cJSON_AddBoolToObject(o, "allowed", r->allowed);
	add_stamp(o, "heard", r->heard_ms);
	cJSON_AddStringToObject(o, "silence", device_silence_name(r->silence));
	cJSON_AddStringToObject(o, "silence_word", r->allowed ? device_silence_word(r->silence) : _("未获准"));
	cJSON_AddNumberToObject(o, "people", (double)r->people);
	cJSON_AddNumberToObject(o, "done", (double)r->done);
	cJSON_AddNumberToObject(o, "failed", (double)r->failed);
	text_format(handed, sizeof(handed), "%lld/%lld", (long long)r->done, (long long)r->people);
	cJSON_AddStringToObject(o, "handed", handed);
	return o;
}

int run_device_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"serial", N_("序列号"), 20},  {"kind_word", N_("种类"), 8}, {"silence_word", N_("情况"), 10},
						{"heard", N_("最近联系"), 19}, {"handed", N_("已下发"), 9},  {"place", N_("安装位置"), 20}};
	struct device_row *rows = calloc(PAGE, sizeof(*rows));
	struct listing l;
	int64_t after = 0;
	size_t n = PAGE;
	int ret = 0;

	if (!rows)
		return err_set(e, ERR_MEMORY, "devices");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	while (ret == 0 && n == PAGE) {
		ret = desk_device_list(c->desk, after, rows, PAGE, &n, e);
		for (size_t i = 0; ret == 0 && i < n; i++) {
			after = rows[i].id;
			ret = list_add(&l, device_json(&rows[i]), e);
		}
	}
	list_end(&l);
	free(rows);
	return ret;
}

static struct device_new words_of(const struct cli *c, const char *serial)
{
	return (struct device_new){.kind = opt(c, "kind"),
				   .serial = serial,
				   .maker = opt(c, "maker"),
				   .place = opt(c, "place"),
				   .model = opt(c, "model"),
				   .method = opt(c, "method"),
				   .biometric = opt(c, "biometric"),
				   .way = opt(c, "way")};
}

int run_device_add(struct cli *c, struct err *e)
{
	struct device_new n = words_of(c, c->argv[0]);
	char uid[UID_TEXT];

	if (desk_device_add(c->desk, &n, uid, e))
		return -1;
	if (c->json)
		printf("{\"uid\":\"%s\"}\n", uid);
	else
		puts(_("已登记设备，允许接入"));
	return 0;
}

static int said(const struct cli *c, const char *sentence)
{
	if (!c->json)
		puts(sentence);
	return 0;
}

int run_device_edit(struct cli *c, struct err *e)
{
	struct device_new n = words_of(c, opt(c, "serial"));
	struct device_row r;

	if (desk_device_by_serial(c->desk, c->argv[0], &r, e) || desk_device_edit(c->desk, r.id, &n, e))
		return -1;
	return said(c, _("已修改"));
}

int run_device_allow(struct cli *c, struct err *e)
{
	bool allow = strcmp(c->command->verb, "allow") == 0;
	struct device_row r;

	if (desk_device_by_serial(c->desk, c->argv[0], &r, e) || desk_device_allow(c->desk, r.id, allow, e))
		return -1;
	return said(c, allow ? _("已允许接入") : _("已停止接入"));
}

int run_device_withdraw(struct cli *c, struct err *e)
{
	struct device_row r;

	if (desk_device_by_serial(c->desk, c->argv[0], &r, e) || desk_device_withdraw(c->desk, r.id, e))
		return -1;
	return said(c, _("已撤下，不再接入"));
}

/* --- pushes ---------------------------------------------------------------------------------------------------------------------- */

static cJSON *push_json(const struct push_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "person", (double)r->person);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "serial", r->serial);
	cJSON_AddStringToObject(o, "place", r->place);
	cJSON_AddStringToObject(o, "state", state_name(CYCLE_PUSH, r->state));
	cJSON_AddStringToObject(o, "state_word", state_word(CYCLE_PUSH, r->state));
	cJSON_AddBoolToObject(o, "told", r->told);
	add_stamp(o, "at", r->at_ms);
	cJSON_AddStringToObject(o, "why", r->why);
	return o;
}

static const struct column push_columns[] = {{"name", N_("姓名"), 12}, {"serial", N_("序列号"), 20}, {"state_word", N_("状态"), 10},
					     {"at", N_("时间"), 19},   {"why", N_("说明"), 30}};

static int pushes_of_person(struct cli *c, const char *word, struct err *e)
{
	struct push_row *rows = calloc(PAGE, sizeof(*rows));
	int64_t person, after = 0;
	struct listing l;
	size_t n = PAGE;
	int ret = rows ? ask_person(c, word, &person, e) : err_set(e, ERR_MEMORY, "pushes");

	list_begin(&l, c, push_columns, ARRAY_LEN(push_columns));
	while (ret == 0 && n == PAGE) {
		ret = desk_push_of_person(c->desk, person, after, rows, PAGE, &n, e);
		for (size_t i = 0; ret == 0 && i < n; i++) {
			after = rows[i].device;
			ret = list_add(&l, push_json(&rows[i]), e);
		}
	}
	list_end(&l);
	free(rows);
	return ret;
}

static int pushes_of_device(struct cli *c, const char *serial, struct err *e)
{
	struct push_row *rows = calloc(PAGE, sizeof(*rows));
	struct push_cursor at = {.id = 0};
	struct device_row device;
	struct listing l;
	bool more = true;
	size_t n;
	int ret = rows ? desk_device_by_serial(c->desk, serial, &device, e) : err_set(e, ERR_MEMORY, "pushes");

	list_begin(&l, c, push_columns, ARRAY_LEN(push_columns));
	while (ret == 0 && more) {
		ret = desk_push_of_device(c->desk, device.id, &at, rows, PAGE, &n, &at, &more, e);
		for (size_t i = 0; ret == 0 && i < n; i++)
			ret = list_add(&l, push_json(&rows[i]), e);
	}
	list_end(&l);
	free(rows);
	return ret;
}

int run_device_pushes(struct cli *c, struct err *e)
{
	if (!opt(c, "person") == !c->argc)
		return err_set(e, ERR_USAGE, "%s", _("给出序列号，或 --person"));
	return opt(c, "person") ? pushes_of_person(c, opt(c, "person"), e) : pushes_of_device(c, c->argv[0], e);
}

/* --- collected persons -------------------------------------------------------------------------------------------------------------- */

static cJSON *collected_json(const struct collected_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", (double)r->id);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "tail", r->tail);
	cJSON_AddStringToObject(o, "serial", r->serial);
	cJSON_AddStringToObject(o, "place", r->place);
	add_stamp(o, "at", r->at_ms);
	cJSON_AddBoolToObject(o, "photo", r->photo);
	cJSON_AddBoolToObject(o, "typed", r->typed);
	cJSON_AddNumberToObject(o, "person", (double)r->person);
	return o;
}

int run_device_collected(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"id", N_("编号"), 6},   {"name", N_("姓名"), 12}, {"tail", N_("证件后四位"), 10},
						{"at", N_("时间"), 19}, {"serial", N_("序列号"), 20}, {"place", N_("安装位置"), 20}};
	struct collected_row *rows = calloc(PAGE, sizeof(*rows));
	struct listing l;
	int64_t after = 0;
	size_t n = PAGE;
	int ret = 0;

	if (!rows)
		return err_set(e, ERR_MEMORY, "collected");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	while (ret == 0 && n == PAGE) {
		ret = desk_collected_list(c->desk, after, rows, PAGE, &n, e);
		for (size_t i = 0; ret == 0 && i < n; i++) {
			after = rows[i].id;
			ret = list_add(&l, collected_json(&rows[i]), e);
		}
	}
	list_end(&l);
	free(rows);
	return ret;
}

int run_device_settle(struct cli *c, struct err *e)
{
	bool take = strcmp(c->command->verb, "take") == 0;
	int64_t person = 0;

	if (!text_is_digits(c->argv[0]) || strlen(c->argv[0]) > 15)
		return err_set(e, ERR_USAGE, "%s", _("这里应是 device collected 第一列的编号"));
	if (take && ask_person(c, c->argv[1], &person, e))
		return -1;
	if (take ? desk_collected_take(c->desk, strtoll(c->argv[0], NULL, 10), person, e) : desk_collected_drop(c->desk, strtoll(c->argv[0], NULL, 10), e))
		return -1;
	return said(c, take ? _("已采用") : _("已搁置"));
}
