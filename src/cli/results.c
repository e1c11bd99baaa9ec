/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbox results, whole, by-hand, done, send, give-up: upload results by kind and what is missing. */
#include "desk/results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"

#define PAGE 64

int run_outbox_results(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"area_word", N_("种类"), 12}, {"refused", N_("退回"), 8},
						{"unknown", N_("待查"), 8},    {"open", N_("未办完"), 8},
						{"accepted", N_("已确认"), 8}};
	struct area_row rows[UPLOAD_AREAS];
	struct listing l;
	int ret = 0;

	if (desk_upload_areas(c->desk, rows, e))
		return -1;
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	for (size_t i = 0; ret == 0 && i < UPLOAD_AREAS; i++) {
		cJSON *o = cJSON_CreateObject();

		cJSON_AddStringToObject(o, "area", upload_area_name(rows[i].area));
		cJSON_AddStringToObject(o, "area_word", rows[i].word);
		cJSON_AddNumberToObject(o, "refused", (double)rows[i].refused);
		cJSON_AddNumberToObject(o, "unknown", (double)rows[i].unknown);
		cJSON_AddNumberToObject(o, "open", (double)rows[i].open);
		cJSON_AddNumberToObject(o, "accepted", (double)rows[i].accepted);
		ret = list_add(&l, o, e);
	}
	list_end(&l);
	return ret;
}

static cJSON *missing_json(const struct missing_row *m)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "name", m->name);
	cJSON_AddStringToObject(o, "why", m->why);
	return o;
}

static int add_missing(struct cli *c, cJSON *list, struct err *e)
{
	struct missing_row rows[PAGE];
	enum part_of_whole part = WHOLE_PARTICIPANTS;
	int64_t after = 0;
	bool more = true;
	size_t n = 0;

	while (more) {
		if (desk_missing(c->desk, part, after, rows, PAGE, &n, &more, e))
			return -1;
		for (size_t i = 0; i < n; i++)
			cJSON_AddItemToArray(list, missing_json(&rows[i]));
		if (n) {
			part = rows[n - 1].part;
			after = rows[n - 1].id;
		}
	}
	return 0;
}

static void print_part(const cJSON *one)
{
	const char *word = json_string(one, "part_word");

	if (json_bool(one, "with_records", false))
		printf(_("%s：随所属的记录上传；另有 %lld 件平台接口不接收，须在平台网页上传\n"), word, (long long)json_int(one, "by_hand", 0));
	else
		printf(_("%s：%lld / %lld\n"), word, (long long)json_int(one, "confirmed", 0), (long long)json_int(one, "of", 0));
}

static void print_whole(const cJSON *o)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, json_get(o, "parts"))
		print_part(one);
	printf("%s\n", json_bool(o, "complete", false) ? _("项目已完整上传") : _("项目还没有完整上传："));
	cJSON_ArrayForEach(one, json_get(o, "missing"))
		printf("  %s  %s\n", json_string(one, "name"), json_string(one, "why"));
}

int run_outbox_whole(struct cli *c, struct err *e)
{
	struct whole parts[WHOLE_PARTS];
	bool complete;
	cJSON *o, *list;

	if (desk_whole(c->desk, parts, &complete, e))
		return -1;
	o = cJSON_CreateObject();
	cJSON_AddBoolToObject(o, "complete", complete);
	list = cJSON_AddArrayToObject(o, "parts");
	for (size_t i = 0; i < WHOLE_PARTS; i++) {
		cJSON *p = cJSON_CreateObject();

		cJSON_AddStringToObject(p, "part_word", parts[i].word);
		cJSON_AddNumberToObject(p, "confirmed", (double)parts[i].n);
		cJSON_AddNumberToObject(p, "of", (double)parts[i].of);
		cJSON_AddNumberToObject(p, "needed", (double)parts[i].needed);
		cJSON_AddNumberToObject(p, "bytes_left", (double)parts[i].bytes);
		cJSON_AddBoolToObject(p, "with_records", parts[i].with_records);
		cJSON_AddNumberToObject(p, "by_hand", (double)parts[i].by_hand);
		cJSON_AddItemToArray(list, p);
	}
	if (add_missing(c, cJSON_AddArrayToObject(o, "missing"), e)) {
		cJSON_Delete(o);
		return -1;
	}
	if (c->json)
		return print_object(o, e);
	print_whole(o);
	cJSON_Delete(o);
	return 0;
}

static cJSON *hand_json(const struct outbox_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", (double)r->id);
	cJSON_AddStringToObject(o, "kind_word", r->kind_word);
	cJSON_AddStringToObject(o, "kind", r->kind);
	cJSON_AddStringToObject(o, "subject", r->subject);
	cJSON_AddStringToObject(o, "why", r->reason);
	return o;
}

int run_outbox_by_hand(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"id", N_("编号"), 6}, {"kind_word", N_("事项"), 16}, {"subject", N_("对象"), 20}, {"kind", N_("种类"), 20}};
	struct outbox_page page = {.cap = PAGE, .row = calloc(PAGE, sizeof(*page.row))};
	int64_t after = 0;
	struct listing l;
	int ret = 0;

	if (!page.row)
		return err_set(e, ERR_MEMORY, "outbox");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	do {
		ret = desk_by_hand(c->desk, after, &page, e);
		for (size_t i = 0; ret == 0 && i < page.n; i++)
			ret = list_add(&l, hand_json(&page.row[i]), e);
		after = page.last_id;
	} while (ret == 0 && page.more && page.n);
	list_end(&l);
	free(page.row);
	return ret;
}

int run_outbox_done_kind(struct cli *c, struct err *e)
{
	int64_t n;

	if (desk_by_hand_count(c->desk, c->argv[0], INT64_MAX, &n, e) || desk_by_hand_done_kind(c->desk, c->argv[0], n, &n, e))
		return -1;
	if (c->json)
		printf("{\"kind\":\"%s\",\"done\":%lld}\n", c->argv[0], (long long)n);
	else
		printf(_("%lld 条已记为在平台页面办完\n"), (long long)n);
	return 0;
}

static int id_of(const char *word, int64_t *out, struct err *e)
{
	if (!text_is_digits(word) || strlen(word) > 15)
		return err_set(e, ERR_USAGE, "%s", _("这里应是 outbox list 第一列的编号"));
	*out = strtoll(word, NULL, 10);
	return 0;
}

int run_outbox_done(struct cli *c, struct err *e)
{
	int64_t id = 0;

	if (id_of(c->argv[0], &id, e) || desk_by_hand_done(c->desk, id, c->argc > 1 ? c->argv[1] : "", e))
		return -1;
	if (c->json)
		printf("{\"done\":%lld}\n", (long long)id);
	else
		printf("%s\n", _("已记为在平台页面办完"));
	return 0;
}

int run_outbox_send(struct cli *c, struct err *e)
{
	int64_t id = 0;

	if (id_of(c->argv[0], &id, e) || desk_outbox_send_one(c->desk, id, e))
		return -1;
	if (c->json)
		printf("{\"sent_now\":%lld}\n", (long long)id);
	else
		printf("%s\n", _("不再等候，随时上传；上传后就不能再撤回"));
	return 0;
}

int run_outbox_give_up(struct cli *c, struct err *e)
{
	struct given_up done;
	int64_t id = 0;

	if (id_of(c->argv[0], &id, e) || desk_outbox_give_up(c->desk, id, &done, e))
		return -1;
	if (c->json)
		printf("{\"given_up\":%lld,\"withdrawn\":%lld}\n", (long long)id, (long long)done.withdrawn);
	else
		printf(_("%s。不再上传的：%lld 条\n"), done.says, (long long)done.withdrawn);
	return 0;
}
