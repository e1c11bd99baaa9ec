/* SPDX-License-Identifier: GPL-3.0-or-later */
/* key rotate. */
#include <stdio.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"
#include "desk/rekey.h"

static int to_the_end(struct cli *c, int64_t *resealed, struct err *e)
{
	struct rekey_progress now;

	do {
		if (desk_rekey_step(c->desk, &now, e))
			return -1;
		if (now.resealed > *resealed)
			*resealed = now.resealed;
	} while (now.under_way);
	return 0;
}

static int say_json(const struct rekey_preview *p, const char *code, bool ended, int64_t resealed, struct err *e)
{
	cJSON *o = cJSON_CreateObject(), *names = cJSON_AddArrayToObject(o, "left_out");

	for (size_t i = 0; i < p->n; i++)
		cJSON_AddItemToArray(names, cJSON_CreateString(p->left_out[i]));
	if (code[0])
		cJSON_AddStringToObject(o, "recovery_code", code);
	else
		cJSON_AddNullToObject(o, "recovery_code");
	cJSON_AddBoolToObject(o, "unattended_ended", ended);
	cJSON_AddNumberToObject(o, "resealed", (double)resealed);
	return print_object(o, e);
}

/* The code before the long work: whoever stops that has it. */
static void say_begun(const struct rekey_preview *p, const char *code, bool ended)
{
	printf(_("新的恢复码：%s\n请抄写并由单位保管，程序不会再显示第二次；旧的恢复码只能打开以前的备份。\n"), code);
	for (size_t i = 0; i < p->n; i++)
		printf(_("帐号 %s 要重设口令才能登录\n"), p->left_out[i]);
	if (ended)
		puts(_("无人值守上传已停止，要重新运行 shiming sync --unattended-key"));
	puts(_("正在用新密钥重新加密，别人可以照常工作……"));
	fflush(stdout);
}

int run_key_rotate(struct cli *c, struct err *e)
{
	char code[RECOVERY_CODE_TEXT] = "";
	struct rekey_preview p;
	int64_t resealed = 0;
	bool ended = false;
	int last;

	if (desk_rekey_preview(c->desk, &p, e) || (!p.under_way && desk_rekey(c->desk, opt(c, "word"), code, &ended, e)))
		return -1;
	if (code[0] && !c->json)
		say_begun(&p, code, ended);
	last = to_the_end(c, &resealed, e);
	if (!last && c->json)
		last = say_json(&p, code, ended, resealed, e);
	else if (!last)
		printf(_("数据密钥已更换，重新加密 %lld 项\n"), (long long)resealed);
	wipe(code, sizeof(code));
	return last;
}
