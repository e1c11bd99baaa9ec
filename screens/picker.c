/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of a field's values: typing narrows it by code, words, pinyin or initials. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/site.h"
#include "dialog.h"
#include "form.h"

#define PICKER_WIDTH 50

struct picker {
	struct form_choice *all;
	size_t n;
	size_t *fit;      /* indexes of those that fit what is typed */
	size_t n_fit, selected, top, height;
	const char *title;
	struct edit typed;
	picker_done *done;
	void *owner;
};

static void narrow(struct picker *p)
{
	char text[EDIT_TEXT];

	text_copy(text, sizeof(text), p->typed.text);
	text_narrow(text);
	text_trim(text);
	p->n_fit = p->selected = p->top = 0;
	for (size_t i = 0; i < p->n; i++)
		if (form_choice_fits(&p->all[i], text))
			p->fit[p->n_fit++] = i;
}

static int picker_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct picker *p = state;
	const struct picker_arg *a = arg;

	(void)ui;
	p->all = a->choices;
	p->n = a->n;
	p->title = a->title;
	p->done = a->done;
	p->owner = a->owner;
	p->height = 10;
	p->fit = calloc(a->n ? a->n : 1, sizeof(*p->fit));
	if (!p->fit)
		return err_set(e, ERR_MEMORY, "list of values");
	edit_set(&p->typed, a->typed);
	narrow(p);
	return 0;
}

static void picker_close(struct ui *ui, void *state)
{
	struct picker *p = state;

	(void)ui;
	free(p->all);
	free(p->fit);
}

static void draw_choices(struct picker *p, struct canvas *c, struct area in)
{
	for (size_t i = 0; i < p->height && p->top + i < p->n_fit; i++) {
		const struct form_choice *at = &p->all[p->fit[p->top + i]];
		bool on = p->top + i == p->selected;
		int y = in.row + 1 + (int)i;

		if (on)
			canvas_text(c, y, in.col, 2, ATTR_PLAIN, ui_marker());
		/* uids say nothing to anybody; codes can be typed */
		canvas_cut(c, y, in.col + 2, 8, ATTR_PLAIN, strlen(at->value) < 8 ? at->value : "");
		canvas_cut(c, y, in.col + (strlen(at->value) < 8 ? 10 : 2), in.width - 10, on ? ATTR_BOLD : ATTR_PLAIN, at->label);
	}
	if (!p->n_fit)
		canvas_text(c, in.row + 1, in.col + 2, in.width - 2, ATTR_PLAIN, p->n ? _("没有相符的") : _("列表是空的：请先在班组画面添加"));
}

static void picker_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct picker *p = state;
	size_t most = (size_t)(a.height - 3), want = p->n ? p->n : 1;
	struct area in;
	int used;

	(void)ui;
	p->height = want < most ? want : most;
	if (p->selected >= p->top + p->height)
		p->top = p->selected - p->height + 1;
	if (p->selected < p->top)
		p->top = p->selected;
	in = dialog_frame(c, a, PICKER_WIDTH, (int)p->height + 1, _(p->title));
	used = canvas_text(c, in.row, in.col, in.width, ATTR_PLAIN, _("找：")) + 1;
	draw_choices(p, c, in);
	edit_draw(&p->typed, c, in.row, in.col + used, in.width - used, ATTR_PLAIN, true);
}

static enum reaction act_pick(struct ui *ui, void *state)
{
	struct picker *p = state;
	struct form_choice choice;
	picker_done *done = p->done;
	void *owner = p->owner;

	if (!p->n_fit)
		return STAY;
	choice = p->all[p->fit[p->selected]];
	ui_pop_state(ui, p);
	done(ui, owner, &choice);
	return STAY;
}

static void move(struct picker *p, long by)
{
	long to = (long)p->selected + by;

	if (p->n_fit)
		p->selected = to < 0 ? 0 : to >= (long)p->n_fit ? p->n_fit - 1 : (size_t)to;
}

static enum reaction act_down(struct ui *ui, void *state)
{
	(void)ui;
	move(state, 1);
	return STAY;
}

static enum reaction act_up(struct ui *ui, void *state)
{
	(void)ui;
	move(state, -1);
	return STAY;
}

static enum reaction act_page_down(struct ui *ui, void *state)
{
	(void)ui;
	move(state, (long)((struct picker *)state)->height);
	return STAY;
}

static enum reaction act_page_up(struct ui *ui, void *state)
{
	(void)ui;
	move(state, -(long)((struct picker *)state)->height);
	return STAY;
}

static enum reaction act_back(struct ui *ui, void *state)
{
	(void)ui;
	(void)state;
	return CLOSE;
}

static enum reaction picker_key(struct ui *ui, void *state, int key)
{
	struct picker *p = state;
	bool changed = false;

	(void)ui;
	if (!edit_key(&p->typed, key, &changed))
		return NOT_MINE;
	if (changed)
		narrow(p);
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, K_TAB, "pick", N_("选定"), N_("选定这一项，回到表格的下一项"), act_pick, 0},
	{K_DOWN, K_CTRL('n'), "down", N_("移动"), N_("下一项"), act_down, 0},
	{K_UP, K_CTRL('p'), "up", NULL, N_("上一项"), act_up, 0},
	{K_PAGE_DOWN, K_CTRL('f'), "page_down", NULL, N_("下一页"), act_page_down, 0},
	{K_PAGE_UP, K_CTRL('b'), "page_up", NULL, N_("上一页"), act_page_up, 0},
	{K_ESC, 0, "back", N_("返回"), N_("不选，返回"), act_back, 0},
};

const struct screen_ops picker_screen = {
	.name = "values",
	.title = N_("可选列表"),
	.state_size = sizeof(struct picker),
	.open = picker_open,
	.draw = picker_draw,
	.key = picker_key,
	.close = picker_close,
	.typing = form_typing,
	.flags = SCREEN_OVERLAY,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
};

/* --- teams ---------------------------------------------------------------------------------------------- */

#define TEAMS_MOST 500

void picker_of_teams(struct ui *ui, picker_done *done, void *owner)
{
	struct team_row *rows = calloc(TEAMS_MOST, sizeof(*rows));
	struct form_choice *all = calloc(TEAMS_MOST, sizeof(*all));
	struct err e = {0};
	size_t n = 0;

	if (!rows || !all)
		err_set(&e, ERR_MEMORY, "teams");
	if (e.code != ERR_NONE || desk_team_list(ui_desk(ui), rows, TEAMS_MOST, &n, &e)) {
		ui_fail(ui, &e);
		free(all);
		free(rows);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		text_copy(all[i].value, sizeof(all[i].value), rows[i].uid);
		text_format(all[i].label, sizeof(all[i].label), "%s · %s", rows[i].name, rows[i].company);
	}
	free(rows);
	ui_push(ui, &picker_screen, &(struct picker_arg){.title = N_("分配到班组"), .choices = all, .n = n, .typed = "", .done = done, .owner = owner});
}
