/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A new data key under way (desk/rekey.h): the new recovery code, to be copied down, and how far the sealing anew has come. One group a turn of the
 * loop: the screen stays live, and leaving it loses nothing, because runner and later sessions go on.
 */
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/rekey.h"
#include "dialog.h"
#include "screen_list.h"

struct rekeying {
	char code[RECOVERY_CODE_TEXT]; /* "": going on with one that was begun before */
	bool unattended_ended, done, stopped;
	struct rekey_preview preview;
	int64_t resealed;
};

static int rekey_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct rekeying *r = state;

	if (desk_rekey_preview(ui_desk(ui), &r->preview, e))
		return -1;
	if (!r->preview.under_way && desk_rekey(ui_desk(ui), arg, r->code, &r->unattended_ended, e))
		return -1;
	ui_wake(ui, clock_steady_ms());
	return 0;
}

static void progress_words(const struct rekeying *r, char *out, size_t size)
{
	text_format(out, size, r->done ? _("已换完，重新加密 %lld 项。") : r->stopped ? _("停下了，已重新加密 %lld 项；再打开接着换。")
										      : _("正在重新加密，已完成 %lld 项；离开这里也不要紧，会接着换。"),
		    (long long)r->resealed);
}

static void rekey_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	const struct rekeying *r = state;
	char text[300 + REKEY_LEFT_OUT * 64];
	int row = a.row + 1, width = a.width - 4;

	(void)ui;
	progress_words(r, text, sizeof(text));
	row += canvas_paragraph(c, row, a.col + 2, 2, width, ATTR_BOLD, text) + 1;
	canvas_cursor(c, a.row + 1, a.col + 2);
	if (r->code[0]) {
		row += canvas_paragraph(c, row, a.col + 2, 1, width, ATTR_PLAIN, _("新的恢复码：")) + 1;
		row += canvas_paragraph(c, row, a.col + 4, 2, width - 2, ATTR_BOLD, r->code) + 1;
		row += canvas_paragraph(c, row, a.col + 2, 3, width, ATTR_PLAIN,
					_("请现在抄写并由单位保管，离开这里以后不再显示。旧的恢复码只能打开以前的备份。")) + 1;
	}
	if (r->unattended_ended)
		row += canvas_paragraph(c, row, a.col + 2, 2, width, ATTR_YELLOW, _("无人值守上传已停止，要重新运行 shiming sync --unattended-key")) + 1;
	if (!r->code[0] || !r->preview.n)
		return;
	text_copy(text, sizeof(text), _("要重设口令才能登录的帐号："));
	for (size_t i = 0; i < r->preview.n; i++)
		text_format(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? _("、") : "", r->preview.left_out[i]);
	canvas_paragraph(c, row, a.col + 2, a.row + a.height - row, width, ATTR_YELLOW, text);
}

static void step(struct ui *ui, struct rekeying *r)
{
	struct rekey_progress now;
	struct err e = {0};

	if (desk_rekey_step(ui_desk(ui), &now, &e)) {
		r->stopped = true;
		ui_fail_why(ui, &e);
		return;
	}
	if (now.resealed > r->resealed)
		r->resealed = now.resealed;
	r->done = !now.under_way;
	if (r->done)
		ui_changed(ui);
	else
		ui_wake(ui, clock_steady_ms());
}

static void rekey_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct rekeying *r = state;

	if (ev->kind == UI_EVENT_TICK && !r->done && !r->stopped)
		step(ui, r);
}

static void leave(struct ui *ui, const struct rekeying *r)
{
	if (!r->done)
		ui_say(ui, SAY_INFO, "%s", _("还没有换完：上传程序会接着换，也可以再打开这里"));
}

static void copied(struct ui *ui, void *owner, int answer, const char *input)
{
	(void)input;
	if (answer != 1)
		return;
	leave(ui, owner);
	ui_pop_state(ui, owner);
}

/* The code is nowhere else: one key too many must not cost it. */
static enum reaction act_back(struct ui *ui, void *state)
{
	struct rekeying *r = state;

	if (r->code[0]) {
		dialog_ask(ui, &(struct dialog_arg){.title = N_("恢复码"), .text = _("恢复码抄好了吗？离开以后不再显示，要再换一次密钥才有新的。"),
						    .button = {N_("还没抄"), N_("抄好了")}, .n_buttons = 2, .done = copied, .owner = r});
		return STAY;
	}
	leave(ui, r);
	return CLOSE;
}

static const struct action actions[] = {
	{K_ESC, 0, "back", N_("返回"), N_("返回；恢复码不再显示"), act_back, 0},
};

const struct screen_ops rekey_screen = {
	.name = "rekey",
	.title = N_("更换数据密钥"),
	.state_size = sizeof(struct rekeying),
	.open = rekey_open,
	.draw = rekey_draw,
	.event = rekey_event,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
};
