/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialog.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "edit.h"

#define DIALOG_WIDTH 56
#define ON_INPUT (-1) /* focus: the field */

struct dialog {
	struct dialog_arg a;
	char text[1200], word[64], word2[64], label[120];
	struct edit input;
	int focus;       /* index of a button, ON_INPUT: the field */
	int answer;
};

static bool has_input(const struct dialog *d)
{
	return d->label[0] != '\0';
}

static int dialog_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct dialog *d = state;

	(void)ui;
	(void)e;
	d->a = *(const struct dialog_arg *)arg;
	text_copy(d->text, sizeof(d->text), d->a.text ? d->a.text : "");
	text_copy(d->word, sizeof(d->word), d->a.word ? d->a.word : "");
	text_copy(d->word2, sizeof(d->word2), d->a.word2 ? d->a.word2 : "");
	if (d->a.input_label)
		text_copy(d->label, sizeof(d->label), _(d->a.input_label));
	else if (d->word[0]) /* the word stands where it is to be typed */
		text_format(d->label, sizeof(d->label), _("请键入“%s”"), d->word);
	d->input.max_chars = d->a.input_chars ? (size_t)d->a.input_chars : 100;
	d->focus = has_input(d) ? ON_INPUT : d->a.focus;
	return 0;
}

static void dialog_close(struct ui *ui, void *state)
{
	(void)ui;
	edit_wipe(&((struct dialog *)state)->input);
}

/* --- drawing ----------------------------------------------------------------------------------------------------------------------- */

static void horizontal(struct canvas *c, int row, int col, int width, bool fine, const char *left, const char *right)
{
	canvas_text(c, row, col, 1, ATTR_PLAIN, fine ? left : "+");
	for (int x = 1; x < width - 1; x++)
		canvas_text(c, row, col + x, 1, ATTR_PLAIN, fine ? "─" : "-");
	canvas_text(c, row, col + width - 1, 1, ATTR_PLAIN, fine ? right : "+");
}

struct area dialog_frame(struct canvas *c, struct area a, int width, int height, const char *title)
{
	bool fine = text_width("─") == 1;
	int outer_width = width + 4 < a.width ? width + 4 : a.width, outer_height = height + 2 < a.height ? height + 2 : a.height;
	int row = a.row + (a.height - outer_height) / 2, col = a.col + (a.width - outer_width) / 2;

	canvas_blank(c, row, col, outer_height, outer_width);
	horizontal(c, row, col, outer_width, fine, "┌", "┐");
	horizontal(c, row + outer_height - 1, col, outer_width, fine, "└", "┘");
	for (int y = row + 1; y < row + outer_height - 1; y++) {
		canvas_text(c, y, col, 1, ATTR_PLAIN, fine ? "│" : "|");
		canvas_text(c, y, col + outer_width - 1, 1, ATTR_PLAIN, fine ? "│" : "|");
	}
	canvas_text(c, row, col + 2, 1, ATTR_PLAIN, " ");
	col += canvas_cut(c, row, col + 3, outer_width - 6, ATTR_BOLD, title) + 3;
	canvas_text(c, row, col, 1, ATTR_PLAIN, " ");
	col = a.col + (a.width - outer_width) / 2;
	return (struct area){row + 1, col + 2, outer_height - 2, outer_width - 4};
}

static void draw_buttons(const struct dialog *d, struct canvas *c, int row, int col, int width)
{
	int x = col;

	for (int i = 0; i < d->a.n_buttons; i++) {
		char label[80];
		bool on = d->focus == i;

		text_format(label, sizeof(label), on ? "[%s]" : " %s ", _(d->a.button[i]));
		if (on)
			canvas_cursor(c, row, x);
		x += canvas_text(c, row, x, col + width - x, on ? ATTR_BOLD : ATTR_PLAIN, label) + 2;
	}
}

static void dialog_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct dialog *d = state;
	int width = DIALOG_WIDTH < a.width - 4 ? DIALOG_WIDTH : a.width - 4, lines = canvas_wrap(d->text, width, NULL, NULL);
	struct area in = dialog_frame(c, a, width, lines + 2 + (has_input(d) ? 2 : 0), _(d->a.title));
	int row = in.row + canvas_paragraph(c, in.row, in.col, in.height - 2, in.width, ATTR_PLAIN, d->text);

	(void)ui;
	if (has_input(d)) {
		int used = canvas_text(c, row + 1, in.col, in.width, ATTR_PLAIN, d->label) + 1;

		row += 2;
		for (int x = used; x < in.width; x++)
			canvas_text(c, row - 1, in.col + x, 1, ATTR_PLAIN, "_");
		edit_draw(&d->input, c, row - 1, in.col + used, in.width - used, ATTR_PLAIN, d->focus == ON_INPUT);
	}
	draw_buttons(d, c, row + 1, in.col, in.width);
}

/* --- keys ---------------------------------------------------------------------------------------------------------------------------- */

static bool word_typed(const struct dialog *d)
{
	char typed[EDIT_TEXT];

	text_copy(typed, sizeof(typed), d->input.text);
	text_trim(typed);
	return !strcmp(typed, d->word) || (d->word2[0] && !strcmp(typed, d->word2));
}

static enum reaction choose(struct ui *ui, struct dialog *d, int answer)
{
	dialog_done *done = d->a.done;
	void *owner = d->a.owner;
	char input[DIALOG_INPUT];

	if (answer > 0 && d->word[0] && !word_typed(d)) {
		d->focus = ON_INPUT;
		ui_say(ui, SAY_WARN, _("请先键入“%s”"), d->word);
		return STAY;
	}
	if (answer > 0 && d->a.input_needed && !d->input.text[0]) {
		d->focus = ON_INPUT;
		ui_say(ui, SAY_WARN, _("请先填写：%s"), d->label);
		return STAY;
	}
	text_copy(input, sizeof(input), d->input.text);
	ui_pop_state(ui, d); /* first the dialog, so that done() sees its owner on top */
	if (done)
		done(ui, owner, answer, input);
	wipe(input, sizeof(input));
	return STAY;
}

static enum reaction act_back(struct ui *ui, void *state)
{
	return choose(ui, state, -1);
}

static int places(const struct dialog *d)
{
	return d->a.n_buttons + (has_input(d) ? 1 : 0);
}

static void step(struct dialog *d, int by)
{
	int first = has_input(d) ? 1 : 0, at = d->focus + first;

	d->focus = (at + by + places(d)) % places(d) - first;
}

static enum reaction act_next(struct ui *ui, void *state)
{
	(void)ui;
	step(state, 1);
	return STAY;
}

static enum reaction act_previous(struct ui *ui, void *state)
{
	(void)ui;
	step(state, -1);
	return STAY;
}

/* Whoever has typed something means to go on: the focus goes to the button that takes it, which Enter then presses. With nothing typed it
 * goes to the one that the caller named. */
static enum reaction act_enter(struct ui *ui, void *state)
{
	struct dialog *d = state;

	if (d->focus == ON_INPUT) {
		d->focus = d->input.text[0] && !d->a.focus ? 1 : d->a.focus;
		return STAY;
	}
	return choose(ui, d, d->focus);
}

static enum reaction dialog_key(struct ui *ui, void *state, int key)
{
	struct dialog *d = state;

	(void)ui;
	if (has_input(d) && key_is_text(key)) /* typed at a button it is meant for the field all the same */
		d->focus = ON_INPUT;
	if (d->focus == ON_INPUT)
		return edit_key(&d->input, key, NULL) ? STAY : NOT_MINE;
	if (key == K_LEFT || key == K_RIGHT) {
		step(d, key == K_LEFT ? -1 : 1);
		return STAY;
	}
	return NOT_MINE;
}

static bool dialog_typing(const void *state)
{
	return ((const struct dialog *)state)->focus == ON_INPUT;
}

int dialog_ask(struct ui *ui, const struct dialog_arg *arg)
{
	return ui_push(ui, &dialog_screen, arg);
}

static const struct action actions[] = {
	{K_TAB, K_DOWN, "next", N_("下一个"), N_("移到下一个按钮；左右箭头也可以"), act_next, 0},
	{K_BACKTAB, K_UP, "previous", NULL, N_("移到上一个按钮"), act_previous, 0},
	{K_ENTER, 0, "choose", N_("确定"), N_("按下方括号里的按钮；在输入格里则移到按钮"), act_enter, 0},
	{K_ESC, 0, "back", N_("返回"), N_("不办理，返回"), act_back, 0},
};

const struct screen_ops dialog_screen = {
	.name = "dialog",
	.title = N_("询问"),
	.state_size = sizeof(struct dialog),
	.open = dialog_open,
	.draw = dialog_draw,
	.key = dialog_key,
	.close = dialog_close,
	.typing = dialog_typing,
	.flags = SCREEN_OVERLAY,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
};
