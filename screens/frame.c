/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frame around every screen: header, title, status line, footer. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "ui_private.h"

#define TITLE_ROW 1
#define CONTENT_ROW 2
#define FOOTER_MOST 2

/* --- header ---------------------------------------------------------------------------------------------------------------------- */

static int64_t unsent(const struct outbox_counts *c)
{
	return c->state[OUTBOX_HELD] + c->state[OUTBOX_READY] + c->state[OUTBOX_SENDING] + c->state[OUTBOX_WAITING] + c->state[OUTBOX_UNKNOWN];
}

/* The line in a word, while it is not fine; the upload screen says the rest. */
static const char *line_word(const struct line_state *line)
{
	if (line->paused)
		return _("已暂停 · ");
	switch (line->trouble) {
	case ERR_NONE:
	case ERR_NET_NOT_CONFIGURED:
		return "";
	case ERR_NET_OFFLINE:
	case ERR_NET_SERVER:
	case ERR_NET_SLOW_DOWN:
		return _("离线 · ");
	default:
		return _("上传受阻 · ");
	}
}

static void header_right(struct ui *ui, char *out, size_t size)
{
	char line[64];

	/* transport in clear is named whatever else the line is (DESIGN 9) */
	text_format(line, sizeof(line), "%s%s", ui->line.plain ? _("明文 · ") : "", line_word(&ui->line));
	text_format(out, size, _("%s · %s待传 %lld · 退回 %lld"), reader_link_word(&ui->reader), line, (long long)unsent(&ui->counts),
		    (long long)ui->counts.state[OUTBOX_REJECTED]);
}

static unsigned header_attr(const struct ui *ui)
{
	if (ui->counts.state[OUTBOX_REJECTED])
		return ATTR_RED;
	return unsent(&ui->counts) ? ATTR_YELLOW : ATTR_GREEN;
}

static void draw_header(struct ui *ui, struct canvas *c)
{
	const struct session *s = desk_session(ui->desk);
	const struct project *p = desk_project(ui->desk);
	char who[NAME_TEXT + 8], right[200] = "";
	int width, col;

	if (!s->account || (ui->depth && (ui_top(ui)->flags & SCREEN_NO_LOGIN) && !(ui_top(ui)->flags & SCREEN_OVERLAY))) {
		canvas_text(c, 0, 0, c->cols, ATTR_BOLD, _("实名"));
		return;
	}
	header_right(ui, right, sizeof(right));
	width = text_width(right);
	/* where the three do not fit beside what is unsent, the project's name gives way */
	text_format(who, sizeof(who), " · %s", s->display);
	col = canvas_text(c, 0, 0, c->cols, ATTR_PLAIN, _("实名"));
	col += canvas_text(c, 0, col, c->cols, ATTR_PLAIN, " · ");
	col += canvas_cut(c, 0, col, c->cols - width - 2 - text_width(who) - col, ATTR_PLAIN, p ? p->name : _("没有项目"));
	canvas_cut(c, 0, col, c->cols - width - 2 - col, ATTR_PLAIN, who);
	canvas_text(c, 0, c->cols - width, width, header_attr(ui), right);
}

/* --- footer ---------------------------------------------------------------------------------------------------------------------- */

/* kept: columns that the rows of every screen (help, back, quit) need at the end. */
struct footer { struct ui *ui; struct canvas *c; int row, col, line, kept; };

static void short_key(const struct ui *ui, const struct action *a, char *out, size_t size)
{
	int key = a->key;

	if (a->key2 && key >= K_F1 && key <= K_F12 && !term_has_function_keys(ui->term))
		key = a->key2;
	if (key > 0 && key < 0x20)
		text_format(out, size, "^%c", key + '@');
	else if (key == K_BACKTAB)
		text_copy(out, size, "S-Tab");
	else
		keys_name(key, out, size);
}

/* A screen's rows stand in the order of their weight: those for which there is no room beside what every screen has are under F1 only. */
static bool footer_room(const struct footer *f, int need)
{
	int cols = term_canvas(f->ui->term)->cols, end = f->col ? f->col + 2 + need : need, line = f->line;

	if (end >= cols) {
		end = need;
		line++;
	}
	return line + 1 < FOOTER_MOST || (line + 1 == FOOTER_MOST && end + 2 + f->kept < cols);
}

/* canvas NULL: only the place is counted. */
static void footer_action(struct footer *f, const struct entry *at, const struct action *a)
{
	char key[24];
	int need, cols = term_canvas(f->ui->term)->cols;

	if (!a->word || !ui_action_applies(f->ui, at->ops, at->state, a))
		return;
	short_key(f->ui, a, key, sizeof(key));
	need = text_width(key) + 1 + text_width(_(a->word));
	if (f->kept && !footer_room(f, need))
		return;
	if (f->col && f->col + 2 + need >= cols) {
		f->line++;
		f->col = 0;
	}
	if (f->col)
		f->col += 2;
	if (f->c && f->line < FOOTER_MOST) {
		canvas_text(f->c, f->row + f->line, f->col, cols - f->col, ATTR_BOLD, key);
		canvas_text(f->c, f->row + f->line, f->col + text_width(key) + 1, cols - f->col, ATTR_PLAIN, _(a->word));
	}
	f->col += need;
}

static const struct action *own_row(const struct screen_ops *ops, int key)
{
	for (size_t i = 0; i < ops->n_actions; i++)
		if (ops->actions[i].key == key || ops->actions[i].key2 == key)
			return &ops->actions[i];
	return NULL;
}

/* The screen's own rows and its kind's, then the global ones; going back stands among these, whoever does it. */
static void footer_part(struct footer *f, const struct entry *at, const struct action *rows, size_t n, bool typing)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].key != K_ESC && (!typing || !key_is_text(rows[i].key)))
			footer_action(f, at, &rows[i]);
}

static void footer_everywhere(struct footer *f, const struct entry *at)
{
	const struct screen_ops *ops = at->ops;

	for (size_t i = 0; i < ui_global_actions_size; i++) {
		const struct action *own = own_row(ops, ui_global_actions[i].key);

		if (!own && ui_global_actions[i].key == K_ESC && f->ui->depth <= 2 && !(ops->flags & SCREEN_OVERLAY))
			continue; /* the first screen: there is nothing to go back to */
		if (!own)
			footer_action(f, at, &ui_global_actions[i]);
		else if (own->key == ui_global_actions[i].key) /* as its second key it stands elsewhere */
			footer_action(f, at, own);
	}
}

static void footer_rows(struct footer *f, const struct entry *at)
{
	bool typing = at->ops->typing && at->ops->typing(at->state);
	struct footer measured = {.ui = f->ui};

	footer_everywhere(&measured, at);
	f->kept = measured.col;
	footer_part(f, at, at->ops->actions, at->ops->n_actions, typing);
	footer_part(f, at, at->ops->shared, at->ops->n_shared, typing);
	f->kept = 0;
	footer_everywhere(f, at);
}

int frame_footer_height(struct ui *ui)
{
	struct footer f = {.ui = ui};

	if (!ui->depth)
		return 1;
	footer_rows(&f, ui_entry(ui));
	return f.line + 1 < FOOTER_MOST ? f.line + 1 : FOOTER_MOST;
}

/* --- status line ------------------------------------------------------------------------------------------------------------------ */

static void draw_status(struct ui *ui, struct canvas *c, int row)
{
	static const unsigned attrs[] = {
		[SAY_INFO] = ATTR_PLAIN, [SAY_DONE] = ATTR_GREEN, [SAY_WARN] = ATTR_YELLOW, [SAY_ERROR] = ATTR_RED};

	if (ui->status[0])
		canvas_cut(c, row, 0, c->cols, attrs[ui->status_kind], ui->status);
	else if (ui->hint[0])
		canvas_cut(c, row, 0, c->cols, attrs[ui->hint_kind], ui->hint);
}

/* --- the screens ------------------------------------------------------------------------------------------------------------------ */

static void draw_title(struct ui *ui, struct canvas *c, const struct entry *at)
{
	char heading[NAME_TEXT] = "";
	int used = canvas_text(c, TITLE_ROW, 0, c->cols, ATTR_BOLD, _(at->ops->title));

	if (at->ops->heading)
		at->ops->heading(ui, at->state, heading, sizeof(heading));
	if (heading[0])
		canvas_cut(c, TITLE_ROW, used + 2, c->cols - used - 2, ATTR_PLAIN, heading);
}

static void draw_screens(struct ui *ui, struct canvas *c, int footer)
{
	struct area a = {CONTENT_ROW, 0, c->rows - CONTENT_ROW - footer - 1, c->cols};
	size_t first = ui->depth;

	while (first > 0 && (ui->stack[first - 1].ops->flags & SCREEN_OVERLAY))
		first--;
	if (first)
		first--;
	for (size_t i = first; i < ui->depth; i++) {
		const struct entry *at = &ui->stack[i];

		if (!(at->ops->flags & SCREEN_OVERLAY))
			draw_title(ui, c, at);
		at->ops->draw(ui, at->state, c, a);
	}
}

static void draw_too_small(struct canvas *c)
{
	canvas_paragraph(c, 0, 0, c->rows, c->cols, ATTR_PLAIN, _("窗口太小：请放大到至少 60 列 16 行；内容都在，没有丢失"));
	canvas_cursor(c, 0, 0);
}

/* Everything above the footer, whose height comes back: drawing loads rows, and what can be done with them stands in the footer. */
static int draw_above(struct ui *ui, struct canvas *c)
{
	int footer, tries = 0;

	do {
		footer = frame_footer_height(ui);
		canvas_clear(c);
		ui->hint[0] = '\0';
		draw_header(ui, c);
		draw_screens(ui, c, footer);
	} while (frame_footer_height(ui) != footer && !tries++);
	return footer;
}

void frame_draw(struct ui *ui, struct canvas *c)
{
	int footer;
	struct footer f;

	canvas_clear(c);
	if (c->rows < MIN_ROWS || c->cols < MIN_COLS) {
		draw_too_small(c);
		return;
	}
	if (!ui->depth)
		return;
	footer = draw_above(ui, c);
	f = (struct footer){.ui = ui, .c = c, .row = c->rows - footer};
	draw_status(ui, c, c->rows - footer - 1);
	footer_rows(&f, ui_entry(ui));
	if (c->cursor_row < 0)
		canvas_cursor(c, c->rows - footer - 1, 0);
}
