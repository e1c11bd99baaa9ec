/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/rekey.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk_private.h"
#include "store/rekey.h"
#include "store/terms.h"

static int audit(struct desk *d, const char *action, const char *detail, struct err *e)
{
	return desk_audit(d, &(struct audit_entry){.action = action, .object = "file", .detail = detail}, e);
}

int desk_rekey_preview(struct desk *d, struct rekey_preview *out, struct err *e)
{
	struct db_account rows[REKEY_LEFT_OUT];
	struct db_rekey now;
	size_t n;

	if (desk_may_manage_accounts(d, e) || desk_may(d, 0, true, e) || db_rekey_left_out(d->store, rows, REKEY_LEFT_OUT, &n, e) ||
	    db_rekey_state(d->store, &now, e))
		return -1;
	*out = (struct rekey_preview){.n = n, .under_way = now.under_way};
	for (size_t i = 0; i < n; i++)
		text_copy(out->left_out[i], sizeof(out->left_out[i]), rows[i].name);
	return 0;
}

int desk_rekey(struct desk *d, const char *word, char code[RECOVERY_CODE_TEXT], bool *unattended_ended, struct err *e)
{
	struct db_rekey now;
	int last;

	_Static_assert(RECOVERY_CODE_TEXT == RECOVERY_TEXT, "one code");
	if (desk_may_manage_accounts(d, e) || desk_may(d, 0, true, e) || db_rekey_state(d->store, &now, e))
		return -1;
	if (now.under_way)
		return err_set(e, ERR_FORBIDDEN, "%s", _("数据密钥正在更换，还没有完成；完成后才能再换"));
	if (!word || strcmp(word, REKEY_WORD))
		return err_set(e, ERR_KEY_WORD, NULL);
	if (store_begin(d->store, e))
		return -1;
	last = db_rekey_begin(d->store, code, unattended_ended, e) || audit(d, "rekey", *unattended_ended ? "unattended ended" : "", e) ? -1 : 0;
	last = store_end(d->store, last, e);
	if (last)
		wipe(code, RECOVERY_CODE_TEXT);
	return last;
}

/* One group; with the last one its record. */
static int one_group(struct desk *d, bool *more, struct err *e)
{
	struct db_rekey now;
	char detail[40];

	if (db_rekey_state(d->store, &now, e) || !now.under_way) /* another session may have done the last one */
		return now.under_way ? -1 : 0;
	if (db_rekey_step(d->store, more, e) || *more)
		return *more ? 0 : -1;
	text_format(detail, sizeof(detail), "values=%lld", (long long)now.resealed);
	return audit(d, "rekey_done", detail, e);
}

#define LOG_VALUES 4096 /* so many are written before the log begins anew */

/* What was sealed before goes out of the log too, in the end. */
static int tidy_log(struct desk *d, const struct db_rekey *before, const struct db_rekey *now, struct err *e)
{
	bool clean;

	if (!now->under_way)
		return store_wipe_log(d->store, &clean, e);
	return now->resealed / LOG_VALUES != before->resealed / LOG_VALUES ? store_short_log(d->store, e) : 0;
}

int desk_rekey_step(struct desk *d, struct rekey_progress *out, struct err *e)
{
	struct db_rekey before, now;
	bool more = false;
	int last;

	*out = (struct rekey_progress){.under_way = false};
	if (desk_may(d, 0, true, e) || db_rekey_state(d->store, &before, e))
		return -1;
	if (!before.under_way)
		return 0;
	if (store_begin(d->store, e))
		return -1;
	last = one_group(d, &more, e);
	if (store_end(d->store, last, e) || db_rekey_state(d->store, &now, e) || tidy_log(d, &before, &now, e))
		return -1;
	*out = (struct rekey_progress){.under_way = more, .resealed = more ? now.resealed : before.resealed};
	return 0;
}

bool desk_key_lost(struct desk *d)
{
	struct err e = {ERR_NONE};

	return db_key_fresh(d->store, &e) && e.code == ERR_KEY_CHANGED;
}
