/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "list.h"

#include <stdlib.h>
#include <string.h>

#include "base/held.h"
#include "base/i18n.h"
#include "base/text.h"
#include "export.h"
#include "screen_list.h"

#define MARKER_WIDTH 2
#define CELL_TEXT 400
#define END_PAGES 256 /* how far one press of End reads ahead */

void list_init(struct list *l, const struct list_source *src, void *owner)
{
	*l = (struct list){.src = src, .owner = owner, .height = 10, .drawn_row = -1};
}

static void drop_pages(struct list *l)
{
	for (size_t i = 0; i < LIST_CACHED; i++)
		l->page[i].loaded = false;
	l->ended = l->failed = false;
	l->total = 0;
}

static void drop_anchors(struct list *l, size_t from)
{
	while (l->anchors > from)
		held_drop(l->anchor[--l->anchors]);
}

void list_release(struct list *l)
{
	for (size_t i = 0; i < LIST_CACHED; i++)
		held_drop(l->page[i].rows);
	drop_anchors(l, 0);
	free(l->anchor);
	free(l->mark);
	*l = (struct list){0};
}

/* --- pages ------------------------------------------------------------------------------------------------------------------------ */

/* Keeps where page `index` begins; NULL for the first. */
static int keep_anchor(struct list *l, size_t index, const void *anchor)
{
	char **grown, *copy = NULL;

	if (index < l->anchors)
		return 0;
	if (anchor) {
		copy = held_new(LIST_ANCHOR);
		if (!copy)
			return -1;
		memcpy(copy, anchor, LIST_ANCHOR);
	}
	if ((l->anchors & 63) == 0) {
		grown = realloc(l->anchor, (l->anchors + 64) * sizeof(*grown));
		if (!grown) {
			held_drop(copy);
			return -1;
		}
		l->anchor = grown;
	}
	l->anchor[l->anchors++] = copy;
	return 0;
}

static struct list_page *cached(struct list *l, size_t index)
{
	for (size_t i = 0; i < LIST_CACHED; i++)
		if (l->page[i].loaded && l->page[i].index == index)
			return &l->page[i];
	return NULL;
}

int list_fetch(struct ui *ui, const struct list_source *src, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more,
	       struct err *e)
{
	int64_t id = 0;

	if (!src->behind)
		return src->load(ui, owner, anchor, rows, cap, n, next, more, e);
	if (anchor)
		memcpy(&id, anchor, sizeof(id));
	if (src->behind(ui, owner, id, rows, cap, n, e))
		return -1;
	if (*n)
		id = src->id((const char *)rows + (*n - 1) * src->row_size);
	memcpy(next, &id, sizeof(id));
	*more = *n == cap;
	return 0;
}

static struct list_page *load_page(struct ui *ui, struct list *l, size_t index)
{
	struct list_page *p = &l->page[l->next_page];
	char next[LIST_ANCHOR] = {0};
	bool more = false;
	size_t n = 0;
	struct err e = {0};

	p->loaded = false;
	if (!p->rows)
		p->rows = held_new(LIST_PAGE * l->src->row_size);
	if (!p->rows) {
		err_set(&e, ERR_MEMORY, "list page");
		goto fail;
	}
	if (list_fetch(ui, l->src, l->owner, l->anchor[index], p->rows, LIST_PAGE, &n, next, &more, &e))
		goto fail;
	if (more && n && keep_anchor(l, index + 1, next)) {
		err_set(&e, ERR_MEMORY, "list anchor");
		goto fail;
	}
	*p = (struct list_page){.index = index, .n = n, .rows = p->rows, .loaded = true};
	if (!more || !n) {
		l->ended = true;
		l->total = index * LIST_PAGE + n;
		drop_anchors(l, index + 1);
	}
	l->next_page = (l->next_page + 1) % LIST_CACHED;
	return p;
fail:
	l->failed = true;
	ui_fail(ui, &e);
	return NULL;
}

/* The page, read if need be; pages before it whose end is not known yet are read first. */
static struct list_page *page_at(struct ui *ui, struct list *l, size_t index)
{
	struct list_page *p = cached(l, index);

	if (p || l->failed || (l->ended && index * LIST_PAGE >= l->total))
		return p;
	if (!l->anchors && keep_anchor(l, 0, NULL))
		return NULL;
	while (l->anchors <= index && !l->ended && !l->failed)
		if (!load_page(ui, l, l->anchors - 1))
			return NULL;
	return l->anchors > index ? load_page(ui, l, index) : NULL;
}

const void *list_row(struct ui *ui, struct list *l, size_t i)
{
	struct list_page *p = page_at(ui, l, i / LIST_PAGE);

	return p && i % LIST_PAGE < p->n ? p->rows + (i % LIST_PAGE) * l->src->row_size : NULL;
}

const void *list_selected(struct ui *ui, struct list *l)
{
	return list_row(ui, l, l->selected);
}

bool list_has_row(const struct list *l)
{
	return !l->ended || l->total > 0;
}

/* --- selection ------------------------------------------------------------------------------------------------------------------------ */

/* The nearest row at or before i that exists. */
static size_t existing(struct ui *ui, struct list *l, size_t i)
{
	while (i && !list_row(ui, l, i)) {
		if (l->failed)
			return l->selected;
		i = l->ended ? (l->total ? (i < l->total ? i - 1 : l->total - 1) : 0) : i - 1;
	}
	return i;
}

static void keep_visible(struct list *l)
{
	size_t height = l->height ? l->height : 1;

	if (l->selected < l->top)
		l->top = l->selected;
	if (l->selected >= l->top + height)
		l->top = l->selected - height + 1;
	if (l->ended && l->top + height > l->total)
		l->top = l->total > height ? l->total - height : 0;
}

void list_select(struct ui *ui, struct list *l, size_t i)
{
	l->failed = false;
	l->selected = existing(ui, l, i);
	keep_visible(l);
}

bool list_find_loaded(struct ui *ui, struct list *l, int64_t id)
{
	const void *row;

	for (size_t i = 0; i < LIST_PAGE * LIST_CACHED && (row = list_row(ui, l, i)); i++)
		if (l->src->id(row) == id) {
			list_select(ui, l, i);
			return true;
		}
	return false;
}

void list_reload(struct ui *ui, struct list *l)
{
	const void *row = list_selected(ui, l);
	int64_t id = row && l->src->id ? l->src->id(row) : 0;
	size_t page = l->selected / LIST_PAGE, top = l->top, selected = l->selected;

	drop_pages(l);
	drop_anchors(l, page + 1);
	list_select(ui, l, selected);
	for (size_t i = page * LIST_PAGE; id && i < (page + 1) * LIST_PAGE && (row = list_row(ui, l, i)); i++)
		if (l->src->id(row) == id)
			l->selected = i;
	l->top = top;
	keep_visible(l);
}

void list_restart(struct ui *ui, struct list *l)
{
	drop_pages(l);
	drop_anchors(l, 0);
	l->selected = l->top = 0;
	list_select(ui, l, 0);
}

static void move_by(struct ui *ui, struct list *l, long by)
{
	long to = (long)l->selected + by;

	list_select(ui, l, to < 0 ? 0 : (size_t)to);
}

static void move_page(struct ui *ui, struct list *l, int by)
{
	size_t height = l->height > 1 ? l->height - 1 : 1;
	long to = (long)l->top + by * (long)height;

	move_by(ui, l, by * (long)height);
	/* the window goes with the selection, as long as there is something to show */
	l->top = to < 0 ? 0 : existing(ui, l, (size_t)to);
	keep_visible(l);
}

static void move_end(struct ui *ui, struct list *l)
{
	size_t page = l->selected / LIST_PAGE + 1, last = page + END_PAGES;

	while (!l->ended && page < last && page_at(ui, l, page))
		page++;
	list_select(ui, l, l->ended ? (l->total ? l->total - 1 : 0) : page * LIST_PAGE - 1);
}

bool list_key(struct ui *ui, struct list *l, int key)
{
	l->failed = false;
	switch (key) {
	case K_UP:
	case K_CTRL('p'):
		move_by(ui, l, -1);
		return true;
	case K_DOWN:
	case K_CTRL('n'):
		move_by(ui, l, 1);
		return true;
	case K_PAGE_UP:
	case K_CTRL('b'):
		move_page(ui, l, -1);
		return true;
	case K_PAGE_DOWN:
	case K_CTRL('f'):
		move_page(ui, l, 1);
		return true;
	case K_HOME:
	case K_CTRL('a'):
		list_select(ui, l, 0);
		return true;
	case K_END:
	case K_CTRL('e'):
		move_end(ui, l);
		return true;
	default:
		return false;
	}
}

/* --- marks ------------------------------------------------------------------------------------------------------------------------- */

static size_t mark_place(const struct list *l, int64_t id)
{
	size_t low = 0, high = l->marks;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (l->mark[mid] < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool list_marked(const struct list *l, int64_t id)
{
	size_t at = mark_place(l, id);

	return at < l->marks && l->mark[at] == id;
}

void list_mark(struct list *l, int64_t id, bool on)
{
	size_t at = mark_place(l, id);
	bool there = at < l->marks && l->mark[at] == id;
	int64_t *grown;

	if (there == on || (on && l->marks == LIST_MARKS_MAX))
		return;
	if (!on) {
		memmove(&l->mark[at], &l->mark[at + 1], (--l->marks - at) * sizeof(*l->mark));
		return;
	}
	if (l->marks == l->mark_room) {
		grown = realloc(l->mark, (l->mark_room ? l->mark_room * 2 : 64) * sizeof(*grown));
		if (!grown)
			return;
		l->mark = grown;
		l->mark_room = l->mark_room ? l->mark_room * 2 : 64;
	}
	memmove(&l->mark[at + 1], &l->mark[at], (l->marks++ - at) * sizeof(*l->mark));
	l->mark[at] = id;
}

void list_unmark_all(struct list *l)
{
	l->marks = 0;
}

/* Walks the whole query in a buffer of its own: the pages on the screen stay as they are. */
int list_mark_all(struct ui *ui, struct list *l)
{
	char *rows = calloc(LIST_PAGE, l->src->row_size), anchor[LIST_ANCHOR], next[LIST_ANCHOR] = {0};
	size_t n = 0, before = l->marks;
	bool more = true, first = true;
	struct err e = {0};
	int last = -1;

	if (!rows) {
		err_set(&e, ERR_MEMORY, "marks");
		goto out;
	}
	while (more && l->marks < LIST_MARKS_MAX) {
		memcpy(anchor, next, sizeof(anchor));
		memset(next, 0, sizeof(next));
		if (list_fetch(ui, l->src, l->owner, first ? NULL : anchor, rows, LIST_PAGE, &n, next, &more, &e))
			goto out;
		for (size_t i = 0; i < n; i++)
			list_mark(l, l->src->id(rows + i * l->src->row_size), true);
		first = false;
		more = more && n;
	}
	if (before == l->marks)
		list_unmark_all(l);
	last = 0;
out:
	if (last)
		ui_fail(ui, &e);
	if (rows)
		wipe(rows, LIST_PAGE * l->src->row_size);
	free(rows);
	return last;
}

int64_t *list_chosen(struct ui *ui, struct list *l, size_t *n)
{
	const void *row = list_selected(ui, l);
	size_t want = l->marks ? l->marks : (row ? 1 : 0);
	int64_t *ids = want ? malloc(want * sizeof(*ids)) : NULL;

	*n = 0;
	if (!ids)
		return NULL;
	if (l->marks)
		memcpy(ids, l->mark, want * sizeof(*ids));
	else
		ids[0] = l->src->id(row);
	*n = want;
	return ids;
}

/* --- drawing ------------------------------------------------------------------------------------------------------------------------ */

static int column_width(const struct list *l, size_t i, int x, struct area a)
{
	return i + 1 == l->src->n_columns ? a.col + a.width - x : l->src->columns[i].width;
}

static bool shown(const struct column *col, const struct canvas *c)
{
	return !col->drop || c->cols >= col->drop;
}

static int first_column(const struct list *l, struct area a)
{
	return a.col + MARKER_WIDTH + (l->src->can_mark ? 2 : 0);
}

static void draw_headings(const struct list *l, struct canvas *c, struct area a)
{
	int x = first_column(l, a);

	for (size_t i = 0; i < l->src->n_columns; i++) {
		const struct column *col = &l->src->columns[i];
		int width = column_width(l, i, x, a);

		if (!shown(col, c))
			continue;
		canvas_cut(c, a.row, x, width - 1, ATTR_DIM, _(col->heading));
		x += width;
	}
}

static void draw_row(struct list *l, struct canvas *c, struct area a, int y, const void *row, bool selected)
{
	int x = first_column(l, a);
	char text[CELL_TEXT];

	if (selected)
		canvas_text(c, y, a.col, MARKER_WIDTH, ATTR_PLAIN, ui_marker());
	if (l->src->can_mark && list_marked(l, l->src->id(row)))
		canvas_text(c, y, a.col + MARKER_WIDTH, 1, ATTR_PLAIN, "*");
	for (size_t i = 0; i < l->src->n_columns; i++) {
		const struct column *col = &l->src->columns[i];
		int width = column_width(l, i, x, a);

		if (!shown(col, c))
			continue;
		text[0] = '\0';
		col->text(row, text, sizeof(text));
		canvas_cut(c, y, x, width - 1, (col->attr ? col->attr(row) : 0) | (selected && col->name ? ATTR_BOLD : 0), text);
		x += width;
	}
	wipe(text, sizeof(text));
}

static void hint_scroll(struct ui *ui, struct list *l, struct area a)
{
	long moved = (long)l->top - (long)l->drawn_top;

	if (l->drawn_row == a.row && moved && labs(moved) < (long)l->height)
		ui_scrolled(ui, a.row + 1, a.row + (int)l->height, (int)moved);
	l->drawn_top = l->top;
	l->drawn_row = a.row;
}

void list_draw(struct ui *ui, struct list *l, struct canvas *c, struct area a, bool focused)
{
	const void *row;

	l->height = a.height > 1 ? (size_t)a.height - 1 : 1;
	keep_visible(l);
	draw_headings(l, c, a);
	for (size_t i = 0; i < l->height && (row = list_row(ui, l, l->top + i)); i++)
		draw_row(l, c, a, a.row + 1 + (int)i, row, l->top + i == l->selected);
	if (!list_row(ui, l, 0) && l->src->empty)
		canvas_paragraph(c, a.row + 2, a.col + MARKER_WIDTH, a.height - 2, a.width - MARKER_WIDTH * 2, ATTR_PLAIN, _(l->src->empty));
	if (focused)
		canvas_cursor(c, a.row + 1 + (int)(l->selected - l->top), a.col);
	hint_scroll(ui, l, a);
}

void list_hint(struct ui *ui, struct list *l, struct area a)
{
	const void *row = list_selected(ui, l);
	char text[CELL_TEXT], all[CELL_TEXT * 2] = "";
	int x = first_column(l, a);

	for (size_t i = 0; row && i < l->src->n_columns; i++) {
		const struct column *col = &l->src->columns[i];
		int width = column_width(l, i, x, a);

		if (col->drop && a.width < col->drop)
			continue;
		x += width;
		text[0] = '\0';
		col->text(row, text, sizeof(text));
		if (text_width(text) >= width)
			text_format(all + strlen(all), sizeof(all) - strlen(all), "%s%s", all[0] ? " · " : "", text);
	}
	wipe(text, sizeof(text));
	if (all[0] && ui_top_state(ui) == (const void *)l)
		ui_hint(ui, SAY_INFO, all);
	wipe(all, sizeof(all));
}

/* --- shared actions ------------------------------------------------------------------------------------------------------------------ */

/* The screens that share these rows have the list as the first member of their state. */
static struct list *list_of(void *state)
{
	return state;
}

#define MOVE(name, key)                                                                                                                    \
	static enum reaction name(struct ui *ui, void *state)                                                                              \
	{                                                                                                                                  \
		list_key(ui, list_of(state), key);                                                                                         \
		return STAY;                                                                                                               \
	}
MOVE(act_up, K_UP)
MOVE(act_down, K_DOWN)
MOVE(act_page_up, K_PAGE_UP)
MOVE(act_page_down, K_PAGE_DOWN)
MOVE(act_home, K_HOME)
MOVE(act_end, K_END)

static enum reaction act_mark(struct ui *ui, void *state)
{
	struct list *l = list_of(state);
	const void *row = list_selected(ui, l);

	if (!row)
		return STAY;
	list_mark(l, l->src->id(row), !list_marked(l, l->src->id(row)));
	list_key(ui, l, K_DOWN);
	return STAY;
}

static enum reaction act_mark_all(struct ui *ui, void *state)
{
	list_mark_all(ui, list_of(state));
	return STAY;
}

/* Capital letters: `e` is an entry wherever people, teams and participants are listed. */
static enum reaction take_out(struct ui *ui, void *state, bool print)
{
	const struct screen_ops *ops = ui_top(ui);

	ui_push(ui, &export_screen, &(struct export_arg){.list = list_of(state), .name = ops->name, .title = ops->title, .print = print});
	return STAY;
}

static enum reaction act_export(struct ui *ui, void *state)
{
	return take_out(ui, state, false);
}

static enum reaction act_print(struct ui *ui, void *state)
{
	return take_out(ui, state, true);
}

#define MOVES                                                                                                                              \
	{K_DOWN, K_CTRL('n'), "down", NULL, N_("下一行"), act_down, 0}, {K_UP, K_CTRL('p'), "up", NULL, N_("上一行"), act_up, 0},                  \
	{K_PAGE_DOWN, K_CTRL('f'), "page_down", NULL, N_("下一页"), act_page_down, 0},                                                       \
	{K_PAGE_UP, K_CTRL('b'), "page_up", NULL, N_("上一页"), act_page_up, 0}, {K_HOME, K_CTRL('a'), "first", NULL, N_("第一行"), act_home, 0}, \
	{K_END, K_CTRL('e'), "last", NULL, N_("最后一行"), act_end, 0}
#define TAKE_OUT                                                                                                                           \
	{'E', 0, "export", N_("导出"), N_("把这张列表按当前的筛选导出为表格（xlsx、csv）"), act_export, NEEDS_ROW},                             \
	{'P', 0, "print", NULL, N_("把这张列表按当前的筛选打印成 PDF（A4）"), act_print, NEEDS_ROW}

const struct action list_move_actions[LIST_MOVE_ACTIONS] = {MOVES};

const struct action list_actions[LIST_ACTIONS] = {MOVES, TAKE_OUT};

const struct action list_mark_actions[LIST_MARK_ACTIONS] = {
	{' ', 0, "mark", N_("标记"), N_("标记或取消标记这一行；之后的手续对所有标记的人一起办理"), act_mark, NEEDS_ROW},
	{'*', 0, "mark_all", N_("全标"), N_("标记当前筛选出的所有行；已全部标记时则全部取消"), act_mark_all, NEEDS_ROW},
	MOVES,
	TAKE_OUT,
};
