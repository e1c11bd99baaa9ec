/* SPDX-License-Identifier: GPL-3.0-or-later */
/* F1: what just went wrong, the focused field, and every key of the screen below, all from the rows. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "form.h"
#include "screen_list.h"

#define HELP_CEILING 65536

struct help { struct buf text; int scroll, lines, height; };

/* A line is "heading", "\ttext", or "\tkeys\ttext": what follows a key is wrapped beside it, not under it. */
static void action_text(struct help *h, const struct action *a)
{
	char key[32], key2[32] = "";

	keys_name(a->key, key, sizeof(key));
	if (a->key2)
		keys_name(a->key2, key2, sizeof(key2));
	buf_addf(&h->text, "\t%s%s%s\t%s\n", key, key2[0] ? " / " : "", key2, _(a->help));
}

static void rows_text(struct ui *ui, struct help *h, const struct help_arg *of, const struct action *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ui_action_applies(ui, of->ops, of->state, &rows[i]) || (rows[i].needs & (NEEDS_ROW | NEEDS_CARD)))
			action_text(h, &rows[i]);
}

/* A key that the screen has for itself is told once, as the screen means it. */
static bool has_key(const struct screen_ops *ops, int key)
{
	for (size_t i = 0; i < ops->n_actions; i++)
		if (ops->actions[i].key == key || ops->actions[i].key2 == key)
			return true;
	return false;
}

static void error_text(struct ui *ui, struct help *h)
{
	const struct err *e = ui_last_error(ui);

	if (e->code == ERR_NONE)
		return;
	buf_addf(&h->text, "%s\n\t%s\n", _("刚才的提示"), err_sentence(e->code));
	if (err_advice(e->code)[0])
		buf_addf(&h->text, "\t%s%s\n", _("怎么办："), err_advice(e->code));
	if (e->detail[0])
		buf_addf(&h->text, "\t%s%s (%s)\n", _("详情："), e->detail, err_name(e->code));
	buf_adds(&h->text, "\n");
}

static void field_text(struct help *h, const struct help_arg *of)
{
	const struct sheet *s = of->state;
	const struct form_line *l;

	if (of->ops->shared != form_actions || !s->n)
		return;
	l = &s->line[s->focus];
	buf_addf(&h->text, "%s\n\t%s\n", _(l->label), l->help ? _(l->help) : "");
	if (l->finding[0])
		buf_addf(&h->text, "\t%s\n", l->finding);
	buf_adds(&h->text, "\n");
}

static int help_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct help *h = state;
	const struct help_arg *of = arg;

	buf_init(&h->text, HELP_CEILING);
	field_text(h, of);
	error_text(ui, h);
	buf_addf(&h->text, "%s%s\n", _("按键："), _(of->ops->title));
	rows_text(ui, h, of, of->ops->actions, of->ops->n_actions);
	rows_text(ui, h, of, of->ops->shared, of->ops->n_shared);
	buf_addf(&h->text, "\n%s\n", _("各画面通用"));
	for (size_t i = 0; i < ui_global_actions_size; i++)
		if (!has_key(of->ops, ui_global_actions[i].key))
			rows_text(ui, h, of, &ui_global_actions[i], 1);
	buf_addf(&h->text, "\n%s\n\t%s\n", _("身份证"),
		 _("把身份证放到读卡器上：没有登记过的打开登记表，登记过的打开档案。正在填写时读到的卡会等候，不影响已填的内容。"));
	return h->text.failed ? err_set(e, ERR_MEMORY, "help") : 0;
}

static void help_close(struct ui *ui, void *state)
{
	(void)ui;
	buf_release(&((struct help *)state)->text);
}

#define KEY_COLUMN 2
#define TEXT_COLUMN 22

struct help_drawing { struct canvas *c; struct area a; int first, col; unsigned attr; };

static void help_line(void *arg, int index, const char *text, size_t n)
{
	struct help_drawing *d = arg;
	char line[1024];
	int y = d->first + index;

	if (y < 0 || y >= d->a.height)
		return;
	text_format(line, sizeof(line), "%.*s", (int)n, text);
	canvas_text(d->c, d->a.row + y, d->a.col + d->col, d->a.width - d->col, d->attr, line);
}

/* One line of the text from row d->first on; returns the rows it takes. */
static int help_entry(struct help_drawing *d, const char *line)
{
	const char *text = line[0] == '\t' ? strchr(line + 1, '\t') : NULL;
	char key[80];
	int rows;

	d->attr = line[0] == '\t' ? ATTR_PLAIN : ATTR_BOLD;
	d->col = text ? KEY_COLUMN : line[0] == '\t' ? KEY_COLUMN : 0;
	if (text) {
		text_format(key, sizeof(key), "%.*s", (int)(text - line - 1), line + 1);
		help_line(d, 0, key, strlen(key));
		d->col = TEXT_COLUMN;
	}
	line = text ? text + 1 : line[0] == '\t' ? line + 1 : line;
	rows = canvas_wrap(line, d->a.width - d->col - 1, help_line, d);
	return rows ? rows : 1;
}

static void help_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct help *h = state;
	struct help_drawing d = {.c = c, .a = a, .first = -h->scroll};
	char line[1024];

	(void)ui;
	for (const char *p = h->text.data; *p;) {
		size_t n = strcspn(p, "\n");

		text_format(line, sizeof(line), "%.*s", (int)n, p);
		d.first += help_entry(&d, line);
		p += n + (p[n] != '\0');
	}
	h->height = a.height;
	h->lines = d.first + h->scroll;
	canvas_cursor(c, a.row, a.col);
}

static void help_scroll(struct help *h, int by)
{
	h->scroll += by;
	if (h->scroll > h->lines - h->height)
		h->scroll = h->lines - h->height;
	if (h->scroll < 0)
		h->scroll = 0;
}

static enum reaction act_down(struct ui *ui, void *state)
{
	(void)ui;
	help_scroll(state, 1);
	return STAY;
}

static enum reaction act_up(struct ui *ui, void *state)
{
	(void)ui;
	help_scroll(state, -1);
	return STAY;
}

static enum reaction act_page_down(struct ui *ui, void *state)
{
	(void)ui;
	help_scroll(state, ((struct help *)state)->height - 1);
	return STAY;
}

static enum reaction act_page_up(struct ui *ui, void *state)
{
	(void)ui;
	help_scroll(state, 1 - ((struct help *)state)->height);
	return STAY;
}

static enum reaction act_close(struct ui *ui, void *state)
{
	(void)ui;
	(void)state;
	return CLOSE;
}

static const struct action actions[] = {
	{K_DOWN, K_CTRL('n'), "down", N_("下一行"), N_("往下一行"), act_down, 0},
	{K_UP, K_CTRL('p'), "up", N_("上一行"), N_("往上一行"), act_up, 0},
	{K_PAGE_DOWN, ' ', "page_down", N_("下一页"), N_("下一页"), act_page_down, 0},
	{K_PAGE_UP, K_CTRL('b'), "page_up", NULL, N_("上一页"), act_page_up, 0},
	{K_ESC, K_F1, "close", N_("返回"), N_("关闭帮助"), act_close, 0},
};

const struct screen_ops help_screen = {
	.name = "help",
	.title = N_("帮助"),
	.state_size = sizeof(struct help),
	.open = help_open,
	.draw = help_draw,
	.close = help_close,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
};

enum reaction ui_help(struct ui *ui, void *state)
{
	struct help_arg of = {.ops = ui_top(ui), .state = state};

	if (of.ops != &help_screen)
		ui_push(ui, &help_screen, &of);
	return STAY;
}
