/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audit list, audit verify. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"
#include "desk/audit.h"
#include "desk/upkeep.h"

#define PAGE 64
#define ACCOUNTS 200

static int account_of(struct cli *c, const char *name, int64_t *out, struct err *e)
{
	struct account_row *rows = calloc(ACCOUNTS, sizeof(*rows));
	size_t n = 0;
	int ret;

	if (!rows)
		return err_set(e, ERR_MEMORY, "accounts");
	ret = desk_account_list(c->desk, rows, ACCOUNTS, &n, e);
	*out = 0;
	for (size_t i = 0; ret == 0 && i < n; i++)
		if (!strcmp(rows[i].name, name))
			*out = rows[i].id;
	free(rows);
	return ret == 0 && !*out ? err_set(e, ERR_NOT_FOUND, "--account %s", name) : ret;
}

static int query_of(struct cli *c, struct audit_query *q, long *limit, struct err *e)
{
	const char *account = opt(c, "account");

	*q = (struct audit_query){.day = DATE_NONE};
	*limit = 100;
	if (!opt_number(c, "limit", 1, 10000000, limit))
		return err_set(e, ERR_USAGE, "--limit");
	if (opt_date(c, "day", &q->day, e))
		return -1;
	text_copy(q->action, sizeof(q->action), opt(c, "action") ? opt(c, "action") : "");
	text_copy(q->object_uid, sizeof(q->object_uid), opt(c, "object") ? opt(c, "object") : "");
	return account ? account_of(c, account, &q->account, e) : 0;
}

static cJSON *row_json(const struct audit_row *r)
{
	cJSON *o = cJSON_CreateObject();
	char stamp[STAMP_TEXT];

	stamp_format(r->at_ms, stamp);
	cJSON_AddNumberToObject(o, "id", (double)r->id);
	cJSON_AddStringToObject(o, "at", stamp);
	cJSON_AddStringToObject(o, "who", r->who);
	cJSON_AddStringToObject(o, "action", r->action);
	cJSON_AddStringToObject(o, "action_word", r->action_word);
	cJSON_AddStringToObject(o, "object", r->object);
	cJSON_AddStringToObject(o, "object_uid", r->object_uid);
	cJSON_AddStringToObject(o, "about", r->about);
	cJSON_AddStringToObject(o, "result", r->result);
	cJSON_AddStringToObject(o, "detail", r->detail);
	cJSON_AddStringToObject(o, "note", r->note);
	return o;
}

int run_audit_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"at", N_("时间"), 19}, {"who", N_("谁"), 14}, {"action_word", N_("做了什么"), 18},
						{"about", N_("对谁"), 18}, {"result", N_("结果"), 10}};
	struct audit_row *rows = calloc(PAGE, sizeof(*rows));
	struct audit_query q;
	struct listing l;
	size_t n = 0;
	long limit;
	int ret = -1;

	if (!rows)
		return err_set(e, ERR_MEMORY, "audit");
	if (query_of(c, &q, &limit, e))
		goto out;
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	do {
		ret = desk_audit_list(c->desk, &q, rows, limit < PAGE ? (size_t)limit : PAGE, &n, e);
		for (size_t i = 0; ret == 0 && i < n; i++)
			ret = list_add(&l, row_json(&rows[i]), e);
		limit -= (long)n;
		q.before = n ? rows[n - 1].id : 0;
	} while (ret == 0 && n == PAGE && limit > 0);
	list_end(&l);
out:
	free(rows);
	return ret;
}

int run_audit_verify(struct cli *c, struct err *e)
{
	struct audit_report r;
	cJSON *o;

	if (desk_audit_verify(c->desk, &r, e))
		return -1;
	if (c->json) {
		o = cJSON_CreateObject();
		cJSON_AddBoolToObject(o, "sound", r.sound);
		cJSON_AddNumberToObject(o, "rows", (double)r.rows);
		cJSON_AddStringToObject(o, "head", r.head);
		cJSON_AddNumberToObject(o, "fault", (double)r.fault);
		cJSON_AddStringToObject(o, "what", r.what);
		return print_object(o, e) ? -1 : !r.sound;
	}
	if (r.sound)
		printf(_("操作日志完整：%lld 条，最后一条的摘要 %s\n"), (long long)r.rows, r.head);
	else
		printf(_("操作日志被改动过：从第 %lld 条起不符（%s）\n"), (long long)r.fault, r.what);
	return !r.sound;
}
