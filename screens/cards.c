/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Practice: putting a made-up card on the simulated reader, and taking it off. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "dialog.h"
#include "screen_list.h"

#define CARDS_WIDTH 70

struct cards { size_t selected, top, height; };

static int cards_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct cards *s = state;

	(void)arg;
	(void)e;
	s->height = 10;
	s->selected = ui_placed_card(ui) >= 0 ? (size_t)ui_placed_card(ui) : 0;
	return 0;
}

static void cards_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct cards *s = state;
	const struct screens_options *o = ui_options(ui);
	size_t most = (size_t)(a.height - 2);
	struct area in;

	s->height = o->n_cards < most ? o->n_cards : most;
	if (s->selected >= s->top + s->height)
		s->top = s->selected - s->height + 1;
	if (s->selected < s->top)
		s->top = s->selected;
	in = dialog_frame(c, a, CARDS_WIDTH < a.width - 4 ? CARDS_WIDTH : a.width - 4, (int)s->height, _("练习用的身份证（都是虚构的）"));
	for (size_t i = s->top; i < o->n_cards && i < s->top + s->height; i++) {
		int y = in.row + (int)(i - s->top), x = in.col + 2;

		if (i == s->selected) {
			canvas_text(c, y, in.col, 2, ATTR_PLAIN, ui_marker());
			canvas_cursor(c, y, in.col);
		}
		x += canvas_cut(c, y, x, in.width - 14, i == s->selected ? ATTR_BOLD : 0, o->card[i].label);
		if ((int)i == ui_placed_card(ui))
			canvas_text(c, y, x + 2, in.width, ATTR_PLAIN, _("在读卡器上"));
	}
}

static bool placed(struct ui *ui, int index)
{
	struct err e = {0};

	if (!ui_place_card(ui, index, &e))
		return true;
	ui_fail(ui, &e);
	return false;
}

static enum reaction act_place(struct ui *ui, void *state)
{
	struct cards *s = state;

	if (!placed(ui, (int)s->selected))
		return STAY;
	ui_say(ui, SAY_INFO, _("已放上：%s"), ui_options(ui)->card[s->selected].label);
	return CLOSE;
}

static enum reaction act_remove(struct ui *ui, void *state)
{
	(void)state;
	if (!placed(ui, -1))
		return STAY;
	ui_say(ui, SAY_INFO, "%s", _("已拿开身份证"));
	return CLOSE;
}

static enum reaction act_down(struct ui *ui, void *state)
{
	struct cards *s = state;

	if (s->selected + 1 < ui_options(ui)->n_cards)
		s->selected++;
	return STAY;
}

static enum reaction act_up(struct ui *ui, void *state)
{
	struct cards *s = state;

	(void)ui;
	if (s->selected)
		s->selected--;
	return STAY;
}

static enum reaction act_back(struct ui *ui, void *state)
{
	(void)ui;
	(void)state;
	return CLOSE;
}

static const struct action actions[] = {
	{K_ENTER, 0, "place", N_("放上"), N_("把选中的身份证放到读卡器上；原来的先拿开"), act_place, 0},
	{K_DELETE, '-', "remove", N_("拿开"), N_("把身份证从读卡器上拿开"), act_remove, 0},
	{K_DOWN, K_CTRL('n'), "down", N_("移动"), N_("下一张"), act_down, 0},
	{K_UP, K_CTRL('p'), "up", NULL, N_("上一张"), act_up, 0},
	{K_ESC, K_F9, "back", N_("返回"), N_("返回"), act_back, 0},
};

const struct screen_ops cards_screen = {
	.name = "cards",
	.title = N_("放卡"),
	.state_size = sizeof(struct cards),
	.open = cards_open,
	.draw = cards_draw,
	.flags = SCREEN_OVERLAY,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
};
