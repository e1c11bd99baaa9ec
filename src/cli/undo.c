/* SPDX-License-Identifier: GPL-3.0-or-later */
/* undo list, undo take-back. */
#include "desk/undo.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"

#define PAGE 50

static const char *const states[] = {
	[UNDO_POSSIBLE] = "possible", [UNDO_DONE] = "done", [UNDO_SENT] = "sent", [UNDO_OTHERS] = "others", [UNDO_OLD] = "old", [UNDO_NEVER] = "never",
};

static cJSON *row_json(const struct undo_row *r)
{
	cJSON *o = cJSON_CreateObject();
	char at[STAMP_TEXT];

	stamp_format(r->at_ms, at);
	cJSON_AddNumberToObject(o, "act", (double)r->act);
	cJSON_AddStringToObject(o, "at", at);
	cJSON_AddStringToObject(o, "what", r->what);
	cJSON_AddStringToObject(o, "name", r->title);
	cJSON_AddNumberToObject(o, "people", (double)r->people);
	cJSON_AddStringToObject(o, "by", r->by);
	cJSON_AddStringToObject(o, "undo", states[r->state]);
	cJSON_AddStringToObject(o, "why", r->why);
	cJSON_AddStringToObject(o, "would", r->would);
	cJSON_AddStringToObject(o, "reverse", r->reverse == EVENT_NONE ? "" : event_name(r->reverse));
	return o;
}

int run_undo_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"act", N_("编号"), 6},	 {"at", N_("时间"), 19}, {"what", N_("办理"), 12}, {"name", N_("对象"), 14},
						{"people", N_("人数"), 4}, {"by", N_("办理人"), 12}, {"why", N_("不能撤销的原因"), 20}};
	struct undo_row *rows = calloc(PAGE, sizeof(*rows));
	struct listing l;
	long limit = 200;
	int64_t before = 0;
	bool more = true;
	size_t n;
	int ret = 0;

	if (!rows)
		return err_set(e, ERR_MEMORY, "undo");
	if (!opt_number(c, "limit", 1, 10000000, &limit)) {
		free(rows);
		return err_set(e, ERR_USAGE, "--limit");
	}
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	while (ret == 0 && more && limit > 0) {
		ret = desk_undo_list(c->desk, !opt(c, "all"), before, rows, PAGE, &n, &more, e);
		for (size_t i = 0; ret == 0 && i < n && limit > 0; i++, limit--)
			ret = list_add(&l, row_json(&rows[i]), e);
		before = ret == 0 && n ? rows[n - 1].act : before;
	}
	list_end(&l);
	free(rows);
	return ret;
}

/* The act's number, or the newest of one's own that can be taken back. */
static int which_act(struct cli *c, int64_t *out, struct err *e)
{
	struct undo_row row;
	int64_t before = 0;
	bool more = true;
	size_t n;
	char *end;

	if (c->argc) {
		*out = strtoll(c->argv[0], &end, 10);
		return *end || *out <= 0 ? err_set(e, ERR_USAGE, "%s", c->argv[0]) : 0;
	}
	while (more) {
		if (desk_undo_list(c->desk, true, before, &row, 1, &n, &more, e))
			return -1;
		if (n && row.state == UNDO_POSSIBLE) {
			*out = row.act;
			return 0;
		}
		before = n ? row.act : before;
	}
	return err_set(e, ERR_NO_SUCH, NULL);
}

int run_undo_take_back(struct cli *c, struct err *e)
{
	struct undo_row row;
	int64_t act = 0;

	if (which_act(c, &act, e) || desk_undo(c->desk, act, e) || desk_undo_get(c->desk, act, &row, e))
		return -1;
	if (c->json)
		return print_object(row_json(&row), e);
	printf(_("已撤销：%s，%s，共 %d 人\n"), row.what, row.title, (int)row.people);
	return 0;
}
