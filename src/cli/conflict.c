/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conflict list, take: fields that were changed here and on the platform. */
#include "desk/conflict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"

#define PAGE 64

static cJSON *conflict_json(const struct conflict *c)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", (double)c->id);
	cJSON_AddStringToObject(o, "about", c->about);
	cJSON_AddStringToObject(o, "name", c->name);
	cJSON_AddStringToObject(o, "field", c->field);
	cJSON_AddStringToObject(o, "field_word", _(c->label));
	cJSON_AddStringToObject(o, "base", c->base);
	cJSON_AddStringToObject(o, "mine", c->mine);
	cJSON_AddStringToObject(o, "theirs", c->theirs);
	cJSON_AddBoolToObject(o, "locked", c->locked);
	return o;
}

int run_conflict_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"id", N_("编号"), 6}, {"name", N_("对象"), 12}, {"field_word", N_("内容项"), 16},
						{"base", N_("原来"), 18}, {"mine", N_("这里"), 18}, {"theirs", N_("平台"), 18}};
	struct conflict *rows = calloc(PAGE, sizeof(*rows));
	int64_t after = 0;
	struct listing l;
	bool more = true;
	size_t n = 0;
	int ret = 0;

	if (!rows)
		return err_set(e, ERR_MEMORY, "conflicts");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	while (ret == 0 && more) {
		ret = desk_conflict_page(c->desk, after, rows, PAGE, &n, &more, e);
		for (size_t i = 0; ret == 0 && i < n; i++) {
			ret = list_add(&l, conflict_json(&rows[i]), e);
			after = rows[i].id;
		}
	}
	list_end(&l);
	free(rows);
	return ret;
}

static int ids_of(const struct cli *c, int64_t *ids, struct err *e)
{
	for (int i = 1; i < c->argc; i++) {
		if (!text_is_digits(c->argv[i]) || strlen(c->argv[i]) > 15)
			return err_set(e, ERR_USAGE, "%s", _("这里应是 conflict list 第一列的编号"));
		ids[i - 1] = strtoll(c->argv[i], NULL, 10);
	}
	return 0;
}

int run_conflict_take(struct cli *c, struct err *e)
{
	bool mine = !strcmp(c->argv[0], "mine");
	int64_t *ids;
	size_t done;
	int ret;

	if (!mine && strcmp(c->argv[0], "theirs"))
		return err_set(e, ERR_USAGE, "%s", _("先写 mine（用这里的）或 theirs（用平台的），再写编号"));
	ids = calloc((size_t)c->argc, sizeof(*ids));
	if (!ids)
		return err_set(e, ERR_MEMORY, "conflicts");
	ret = ids_of(c, ids, e);
	if (!ret)
		ret = desk_conflict_choose(c->desk, ids, (size_t)c->argc - 1, mine ? CONFLICT_MINE : CONFLICT_THEIRS, &done, e);
	if (!ret && c->json)
		printf("{\"taken\":%zu,\"left\":%zu}\n", done, (size_t)c->argc - 1 - done);
	else if (!ret)
		printf(_("已选定 %zu 项，留下 %zu 项\n"), done, (size_t)c->argc - 1 - done);
	free(ids);
	return ret;
}
