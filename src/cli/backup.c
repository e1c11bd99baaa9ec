/* SPDX-License-Identifier: GPL-3.0-or-later */
/* backup, restore. */
#include <stdio.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"
#include "desk/upkeep.h"

#define SECRET_MAX 1024

static int say_backup(const struct cli *c, const struct backup *b, const char *words, struct err *e)
{
	char stamp[STAMP_TEXT];
	cJSON *o;

	stamp_format(b->made_ms, stamp);
	if (!c->json) {
		printf(_("%s：%s（%s 的数据，%lld KiB）\n"), words, b->path, stamp, (long long)((b->bytes + 1023) / 1024));
		return 0;
	}
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "path", b->path);
	cJSON_AddStringToObject(o, "made", stamp);
	cJSON_AddNumberToObject(o, "bytes", (double)b->bytes);
	return print_object(o, e);
}

int run_backup(struct cli *c, struct err *e)
{
	struct backup b;

	if (opt(c, "check"))
		return desk_backup_check(c->desk, c->argv[0], &b, e)
			       ? -1
			       : say_backup(c, &b, _("备份完好"), e);
	if (desk_backup(c->desk, c->argv[0], &b, e))
		return -1;
	return say_backup(c, &b, _("已备份并读回核对，恢复时要用恢复码，或任何一个帐号此时的口令"), e);
}

static int way_in(struct cli *c, struct desk_restore *r, char *secret, struct err *e)
{
	if (opt(c, "recovery") || opt(c, "recovery-file")) {
		r->recovery_code = secret;
		return ask_secret(opt(c, "recovery-file"), _("恢复码："), secret, SECRET_MAX, e);
	}
	if (!c->user || !*c->user)
		return err_set(e, ERR_USAGE, "%s", _("请用 --user 或 SHIMING_USER 指定帐号，或用 --recovery 凭恢复码打开"));
	r->account = c->user;
	r->password = secret;
	return ask_secret(c->password_file, _("口令："), secret, SECRET_MAX, e);
}

int run_restore(struct cli *c, struct err *e)
{
	struct desk_restore r = {.dir = c->dir, .path = c->argv[0]};
	char secret[SECRET_MAX];
	struct backup b;
	int ret;

	ret = way_in(c, &r, secret, e) || desk_restore(&r, &b, e) ? -1 : 0;
	wipe(secret, sizeof(secret));
	if (ret)
		return -1;
	return say_backup(c, &b, _("已恢复，请登录核对，再接上平台"), e);
}
