/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clear_out.h"

#include "base/i18n.h"
#include "base/text.h"
#include "dialog.h"

#define MANY 10 /* more people than that need a typed word (U4) */

static struct clear_out what(const struct clearing *c, date_t on)
{
	return (struct clear_out){.scope = c->scope, .uid = c->uid, .on = on};
}

static void held_up(struct ui *ui, const struct clear_out_view *v)
{
	ui_say(ui, SAY_ERROR, _("有 %lld 人不能退场，没有办理任何一项；%s：%s，%s"), (long long)v->held_up, v->name, v->why, v->would);
}

static void clear(struct ui *ui, struct clearing *c, date_t on)
{
	struct clear_out out = what(c, on);
	struct clear_out_view v;
	struct err e = {0};

	if (desk_clear_out_preview(ui_desk(ui), &out, &v, &e)) {
		ui_fail_why(ui, &e);
	} else if (v.held_up) {
		held_up(ui, &v);
	} else if (desk_clear_out(ui_desk(ui), &out, &v, &e)) {
		ui_fail_why(ui, &e);
	} else {
		ui_say(ui, SAY_DONE, _("已退场：%lld 人、%lld 个班组、%lld 个参建单位"), (long long)v.people, (long long)v.teams,
		       (long long)v.participants);
		ui_changed(ui);
	}
}

static void agreed(struct ui *ui, void *owner, int answer, const char *input)
{
	(void)input;
	if (answer == 1)
		clear(ui, owner, DATE_NONE);
}

static void dated(struct ui *ui, void *owner, int answer, const char *input)
{
	date_t on = DATE_NONE;

	if (answer != 1)
		return;
	if (input[0] && (!date_parse(input, &on) || on == DATE_LONG_TERM))
		ui_say(ui, SAY_ERROR, "%s", _("日期不对：例如 2026-11-20，不填为今天"));
	else
		clear(ui, owner, on);
}

/* A few: the date may be named. Many: the word must be typed, and the date is today. */
static void ask(struct ui *ui, struct clearing *c, const struct clear_out_view *v)
{
	char text[NAME_TEXT + 300];
	struct dialog_arg a = {.title = N_("全部退场"), .text = text, .button = {N_("不办"), N_("全部退场")}, .n_buttons = 2, .focus = 0, .owner = c};

	text_format(text, sizeof(text), _("%s：%lld 人、%lld 个班组、%lld 个参建单位按人员、班组、单位的顺序一次退场。"), c->name,
		    (long long)v->people, (long long)v->teams, (long long)v->participants);
	if (v->people > MANY) {
		a.word = _("退场");
		a.word2 = "exit";
		a.done = agreed;
	} else {
		a.input_label = N_("日期");
		a.input_chars = 10;
		a.done = dated;
	}
	dialog_ask(ui, &a);
}

void clear_out_ask(struct ui *ui, struct clearing *c, enum clear_scope scope, const char *uid, const char *name)
{
	struct clear_out_view v;
	struct clear_out out;
	struct err e = {0};

	c->scope = scope;
	text_copy(c->uid, sizeof(c->uid), uid);
	text_copy(c->name, sizeof(c->name), name);
	out = what(c, DATE_NONE);
	if (desk_clear_out_preview(ui_desk(ui), &out, &v, &e))
		ui_fail_why(ui, &e);
	else if (v.held_up)
		held_up(ui, &v);
	else if (!v.people && !v.teams && !v.participants)
		ui_say(ui, SAY_INFO, _("%s：没有在场的人员、班组和单位"), name);
	else
		ask(ui, c, &v);
}
