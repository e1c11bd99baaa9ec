/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "domain/pinyin.h"
#include "profile/profile.h"

#define LABEL_LEAST 10
#define VALUE_WIDTH 24
#define MARKER_WIDTH 2
#define BESIDE_LEAST 16
#define REST_MS 400 /* of the focus in one field, before its help is shown whole */

void form_init(struct sheet *f, const struct form_owner *ops, void *owner)
{
	*f = (struct sheet){.ops = ops, .owner = owner, .height = 10};
}

void form_release(struct sheet *f)
{
	wipe(f->line, sizeof(f->line));
	wipe(f->at_focus, sizeof(f->at_focus));
	edit_wipe(&f->edit);
	f->n = 0;
}

struct form_line *form_add(struct sheet *f, int id, const char *label, const char *help, unsigned max_chars)
{
	struct form_line *l = f->n < FORM_LINES ? &f->line[f->n++] : NULL;

	if (l)
		*l = (struct form_line){.id = id, .label = label, .help = help, .max_chars = max_chars};
	return l;
}

struct form_line *form_find(struct sheet *f, int id)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->line[i].id == id)
			return &f->line[i];
	return NULL;
}

/* --- focus -------------------------------------------------------------------------------------------------------------------------- */

static void enter_line(struct sheet *f, size_t line)
{
	struct form_line *l = &f->line[line];

	f->focus = line;
	edit_set(&f->edit, l->text);
	f->edit.max_chars = l->max_chars;
	f->edit.secret = l->secret;
	text_copy(f->at_focus, sizeof(f->at_focus), l->text);
	f->touched = false;
	f->focus_since = clock_steady_ms();
	f->rested = false;
}

void form_set(struct sheet *f, struct form_line *l, const char *text, const char *value)
{
	text_copy(l->text, sizeof(l->text), text);
	text_copy(l->value, sizeof(l->value), value ? value : "");
	if (l == &f->line[f->focus])
		edit_set(&f->edit, l->text);
}

void form_find_out(struct sheet *f, struct form_line *l, enum severity severity, const char *sentence)
{
	(void)f;
	l->severity = *sentence ? severity : SEVERITY_NONE;
	text_copy(l->finding, sizeof(l->finding), sentence);
}

static bool open_line(const struct sheet *f, size_t i)
{
	return !f->line[i].locked && !f->line[i].hidden;
}

void form_begin(struct sheet *f, int id)
{
	size_t first = f->n;

	for (size_t i = f->n; i-- > 0;)
		if (open_line(f, i) && (id >= 0 ? f->line[i].id == id : !f->line[i].text[0]))
			first = i;
	for (size_t i = 0; first == f->n && i < f->n; i++)
		if (open_line(f, i))
			first = i;
	if (f->n)
		enter_line(f, first < f->n ? first : 0);
}

void form_settle(struct ui *ui, struct sheet *f, struct form_line *l)
{
	struct form_choice *all, one;
	size_t n, fit;
	char sentence[200];

	if (!l->text[0]) {
		l->value[0] = '\0';
		return;
	}
	all = calloc(CHOICES_MAX, sizeof(*all));
	if (!all)
		return;
	n = f->ops->choices(ui, f->owner, f, (size_t)(l - f->line), all, CHOICES_MAX);
	fit = form_resolve(all, n, l->text, &one);
	free(all);
	if (fit == 1) {
		form_set(f, l, one.label, one.value);
		form_find_out(f, l, SEVERITY_NONE, "");
		return;
	}
	l->value[0] = '\0';
	if (fit)
		text_format(sentence, sizeof(sentence), _("有 %zu 项相符：再键入几个字，或按 F4 选择"), fit);
	else
		text_copy(sentence, sizeof(sentence), _("没有这一项：按 F4 从列表选择"));
	form_find_out(f, l, SEVERITY_BLOCK, sentence);
}

void form_leave(struct ui *ui, struct sheet *f)
{
	struct form_line *l = &f->line[f->focus];

	if (!f->n || l->locked)
		return;
	text_copy(l->text, sizeof(l->text), f->edit.text);
	if (l->choice && f->touched && !l->value[0]) /* picked from the list it has its value already */
		form_settle(ui, f, l);
	if (!l->choice || l->value[0] || !l->text[0])
		f->ops->leave(ui, f->owner, f, f->focus);
	f->touched = false;
}

void form_focus(struct ui *ui, struct sheet *f, size_t line)
{
	size_t n = f->n;
	int id = line < n ? f->line[line].id : -1;

	form_leave(ui, f);
	if (f->n != n) { /* leaving may have rebuilt the form */
		form_begin(f, id);
		return;
	}
	if (line < f->n)
		enter_line(f, line);
}

bool form_focus_first_block(struct ui *ui, struct sheet *f)
{
	(void)ui;
	for (size_t i = 0; i < f->n; i++)
		if (f->line[i].severity == SEVERITY_BLOCK && open_line(f, i)) {
			enter_line(f, i);
			return true;
		}
	return false;
}

static size_t neighbour(const struct sheet *f, int by)
{
	size_t at = f->focus;

	for (size_t i = 0; i < f->n; i++) {
		at = (at + f->n + (size_t)(by + (int)f->n)) % f->n;
		if (open_line(f, at))
			return at;
	}
	return f->focus;
}

/* --- choices -------------------------------------------------------------------------------------------------------------------------- */

static int key_fits(void *arg, enum search_kind kind, const char *key)
{
	const char *query = arg;

	(void)kind;
	return strncmp(key, query, strlen(query)) == 0;
}

void form_choice_of_code(struct form_choice *out, const struct code *code)
{
	text_copy(out->value, sizeof(out->value), code->code);
	text_copy(out->label, sizeof(out->label), code_word(code));
	text_copy(out->also, sizeof(out->also), strcmp(code_word(code), code->name) ? code->name : "");
}

bool form_choice_fits(const struct form_choice *c, const char *typed)
{
	char query[SEARCH_KEY_SIZE];

	if (!*typed || !strncmp(c->value, typed, strlen(typed)) || strcasestr(c->label, typed) || strstr(c->also, typed))
		return true;
	if (search_query(typed, query, sizeof(query)) == QUERY_EMPTY)
		return false;
	return search_keys(c->label, key_fits, query) != 0 || (c->also[0] && search_keys(c->also, key_fits, query) != 0);
}

static bool exact(const struct form_choice *c, const char *typed)
{
	return !strcmp(c->value, typed) || !strcasecmp(c->label, typed) || !strcmp(c->also, typed);
}

/* Does the code, the word, its pinyin or their initials begin with what was typed? */
static bool begins(const struct form_choice *c, const char *typed)
{
	struct pinyin_reading reading[4];
	char query[SEARCH_KEY_SIZE];
	size_t n;

	if (!strncmp(c->value, typed, strlen(typed)) || !strncasecmp(c->label, typed, strlen(typed)))
		return true;
	if (c->also[0] && !strncmp(c->also, typed, strlen(typed)))
		return true;
	if (search_query(typed, query, sizeof(query)) != QUERY_LETTERS)
		return false;
	n = pinyin_readings(c->also[0] ? c->also : c->label, reading, ARRAY_LEN(reading));
	for (size_t i = 0; i < n; i++)
		if (!strncmp(reading[i].full, query, strlen(query)) || !strncmp(reading[i].initials, query, strlen(query)))
			return true;
	return false;
}

static size_t fitting(const struct form_choice *choices, size_t n, const char *typed, bool (*fits)(const struct form_choice *, const char *),
		      struct form_choice *out)
{
	size_t fit = 0;

	for (size_t i = 0; i < n; i++)
		if (fits(&choices[i], typed) && !fit++)
			*out = choices[i];
	return fit;
}

size_t form_resolve(const struct form_choice *choices, size_t n, const char *typed, struct form_choice *out)
{
	char text[EDIT_TEXT];
	size_t fit;

	text_copy(text, sizeof(text), typed);
	text_narrow(text);
	text_trim(text);
	if (fitting(choices, n, text, exact, out))
		return 1;
	fit = fitting(choices, n, text, begins, out); /* these come before what only has it somewhere inside */
	return fit ? fit : fitting(choices, n, text, form_choice_fits, out);
}

/* --- layout and drawing ------------------------------------------------------------------------------------------------------------------- */

static int mark_width(void)
{
	return text_width(_("沿用")) + 1;
}

/* Locked lines are many and short: their labels have a column of their own. */
static int label_width(const struct sheet *f, bool locked)
{
	int most = LABEL_LEAST - 2;

	for (size_t i = 0; i < f->n; i++) {
		int w = text_width(_(f->line[i].label)) + (f->line[i].required && !locked ? 1 : 0);

		most = f->line[i].locked == locked && w > most ? w : most;
	}
	return most + 2;
}

/* Locked lines stand two in a row where both are short; the others have a row each, since findings stand beside them. */
static void lay_out(struct sheet *f, struct area a)
{
	int row = -1, half = a.width / 2, label = label_width(f, true);
	bool pair = false; /* the right half of the current row is free */

	for (size_t i = 0; i < f->n; i++) {
		struct form_line *l = &f->line[i];
		bool small = l->locked && text_width(l->text) <= half - label - MARKER_WIDTH - 1;

		if (l->hidden)
			continue;
		if (l->group) {
			row += i ? 2 : 1;
			pair = false;
		}
		if (small && pair) {
			l->col = half;
			pair = false;
		} else {
			row++;
			l->col = 0;
			pair = small;
		}
		l->row = row;
		l->width = l->locked ? (small ? half : a.width) - label - MARKER_WIDTH - 1 : VALUE_WIDTH;
	}
	f->rows = row + 1;
}

static void keep_visible(struct sheet *f)
{
	const struct form_line *l = &f->line[f->focus];
	int top = l->group && l->row ? l->row - 1 : l->row; /* the heading above stays with its first field */

	if (top < f->scroll)
		f->scroll = top;
	if (l->row >= f->scroll + f->height)
		f->scroll = l->row - f->height + 1;
	if (f->scroll + f->height > f->rows)
		f->scroll = f->rows > f->height ? f->rows - f->height : 0;
}

static unsigned finding_attr(const struct form_line *l)
{
	return l->severity == SEVERITY_BLOCK ? ATTR_RED : l->severity == SEVERITY_WARN ? ATTR_YELLOW : ATTR_DIM;
}

static void draw_value(struct sheet *f, struct canvas *c, const struct form_line *l, int y, int x, int width)
{
	bool focused = l == &f->line[f->focus];

	if (l->locked) {
		canvas_cut(c, y, x, width, ATTR_PLAIN, l->text);
		return;
	}
	for (int i = 0; i < width; i++)
		canvas_text(c, y, x + i, 1, ATTR_PLAIN, "_");
	if (focused)
		edit_draw(&f->edit, c, y, x, width, ATTR_PLAIN, true);
	else if (l->secret)
		edit_draw(&(struct edit){.secret = true}, c, y, x, width, ATTR_PLAIN, false);
	else
		canvas_cut(c, y, x, width, ATTR_PLAIN, l->text);
}

static void draw_beside(const struct form_line *l, struct canvas *c, int y, int x, int width)
{
	char text[220] = "";

	if (width < BESIDE_LEAST) /* a narrow window: a flag here, the sentence in the status line */
		text_copy(text, sizeof(text), l->severity == SEVERITY_BLOCK ? "!" : l->severity == SEVERITY_WARN ? "~" : "");
	else if (l->severity != SEVERITY_NONE)
		text_format(text, sizeof(text), "%s%s", l->severity == SEVERITY_BLOCK ? "! " : "~ ", l->finding);
	else
		text_copy(text, sizeof(text), l->help ? _(l->help) : "");
	canvas_cut(c, y, x, width, finding_attr(l), text);
}

static void draw_line(struct sheet *f, struct canvas *c, struct area a, struct form_line *l)
{
	int label = label_width(f, l->locked);
	int y = a.row + l->row - f->scroll, x = a.col + l->col, w;

	if (l == &f->line[f->focus] && !l->locked)
		canvas_text(c, y, x, MARKER_WIDTH, ATTR_PLAIN, ui_marker());
	else if (l->locked && l->severity != SEVERITY_NONE) /* nothing can be typed here: the sentence stands in the status line */
		canvas_text(c, y, x, 1, finding_attr(l), l->severity == SEVERITY_BLOCK ? "!" : "~");
	x += MARKER_WIDTH;
	w = canvas_cut(c, y, x, label - 1, ATTR_PLAIN, _(l->label));
	if (l->required && !l->locked)
		canvas_text(c, y, x + w, 1, ATTR_BOLD, "*");
	x += label;
	draw_value(f, c, l, y, x, l->width);
	if (l->locked)
		return;
	x += l->width + 1;
	if (l->mark)
		canvas_text(c, y, x, mark_width() - 1, ATTR_DIM, l->mark);
	x += mark_width();
	draw_beside(l, c, y, x, a.col + a.width - x);
}

static int beside_width(const struct sheet *f, const struct form_line *l, struct area a)
{
	return a.width - l->col - MARKER_WIDTH - label_width(f, l->locked) - l->width - 1 - mark_width();
}

/*
 * What was cut beside the focused field stands whole in the status line: a finding at once; what is expected, once the focus has rested,
 * so that going quickly from field to field over a slow line does not pay for sentences that nobody reads (QUALITY P3).
 */
static void say_whole(struct ui *ui, const struct sheet *f, struct area a)
{
	const struct form_line *l = &f->line[f->focus];
	int width = beside_width(f, l, a);

	if (ui_top_state(ui) != f)
		return;
	if (l->severity != SEVERITY_NONE) {
		if (l->locked || width < BESIDE_LEAST || text_width(l->finding) + 2 > width)
			ui_hint(ui, l->severity == SEVERITY_BLOCK ? SAY_ERROR : SAY_WARN, l->finding);
	} else if (f->rested && l->help && !l->locked && (width < BESIDE_LEAST || text_width(_(l->help)) > width)) {
		ui_hint(ui, SAY_INFO, _(l->help));
	}
}

void form_tick(struct ui *ui, struct sheet *f, int64_t now)
{
	if (f->rested || ui_top_state(ui) != f)
		return;
	if (now - f->focus_since >= REST_MS)
		f->rested = true;
	else
		ui_wake(ui, f->focus_since + REST_MS);
}

static bool row_shown(const struct sheet *f, int row)
{
	return row >= f->scroll && row < f->scroll + f->height;
}

void form_draw(struct ui *ui, struct sheet *f, struct canvas *c, struct area a)
{
	f->height = a.height;
	lay_out(f, a);
	keep_visible(f);
	for (size_t i = 0; i < f->n; i++) {
		struct form_line *l = &f->line[i];

		if (l->hidden)
			continue;
		if (l->group && row_shown(f, l->row - 1))
			canvas_text(c, a.row + l->row - 1 - f->scroll, a.col, a.width, ATTR_BOLD, _(l->group));
		if (row_shown(f, l->row))
			draw_line(f, c, a, l);
	}
	if (f->n && f->line[f->focus].locked)
		canvas_cursor(c, a.row, a.col);
	if (f->n)
		say_whole(ui, f, a);
	if (f->scroll != f->drawn_scroll && abs(f->scroll - f->drawn_scroll) < a.height)
		ui_scrolled(ui, a.row, a.row + a.height - 1, f->scroll - f->drawn_scroll);
	f->drawn_scroll = f->scroll;
}

/* --- keys ------------------------------------------------------------------------------------------------------------------------------------ */

static void told(struct ui *ui, struct sheet *f)
{
	f->touched = true;
	text_copy(f->line[f->focus].text, EDIT_TEXT, f->edit.text);
	f->line[f->focus].value[0] = '\0'; /* the text decides again, on leaving */
	if (f->ops->typed)
		f->ops->typed(ui, f->owner, f);
}

enum reaction form_key(struct ui *ui, struct sheet *f, int key)
{
	bool changed = false;

	if (!f->n || f->line[f->focus].locked)
		return NOT_MINE;
	if (f->line[f->focus].choice && !f->touched && key_is_text(key))
		edit_set(&f->edit, ""); /* another value is meant, not more of this word; F7 brings it back */
	if (!edit_key(&f->edit, key, &changed))
		return NOT_MINE;
	if (changed)
		told(ui, f);
	return STAY;
}

bool form_typing(const void *state)
{
	(void)state;
	return true;
}

/* The screens that share these rows have the form as the first member of their state. */
static struct sheet *form_of(void *state)
{
	return state;
}

static enum reaction act_next(struct ui *ui, void *state)
{
	struct sheet *f = form_of(state);

	if (f->n)
		form_focus(ui, f, neighbour(f, 1));
	return STAY;
}

static enum reaction act_previous(struct ui *ui, void *state)
{
	struct sheet *f = form_of(state);

	if (f->n)
		form_focus(ui, f, neighbour(f, -1));
	return STAY;
}

static void page(struct ui *ui, struct sheet *f, int by)
{
	int want = f->line[f->focus].row + by * (f->height - 1);
	size_t best = f->focus;

	for (size_t i = 0; i < f->n; i++)
		if (open_line(f, i) && abs(f->line[i].row - want) < abs(f->line[best].row - want))
			best = i;
	form_focus(ui, f, best);
}

static enum reaction act_page_down(struct ui *ui, void *state)
{
	page(ui, state, 1);
	return STAY;
}

static enum reaction act_page_up(struct ui *ui, void *state)
{
	page(ui, state, -1);
	return STAY;
}

static void replace(struct ui *ui, struct sheet *f, const char *text)
{
	edit_set(&f->edit, text);
	told(ui, f);
}

static enum reaction act_clear(struct ui *ui, void *state)
{
	struct sheet *f = form_of(state);

	if (f->n && !f->line[f->focus].locked)
		replace(ui, f, "");
	return STAY;
}

static enum reaction act_restore(struct ui *ui, void *state)
{
	struct sheet *f = form_of(state);

	if (!f->n || f->line[f->focus].locked)
		return STAY;
	if (strcmp(f->edit.text, f->at_focus))
		replace(ui, f, f->at_focus);
	else if (f->ops->restore)
		f->ops->restore(ui, f->owner, f, f->focus);
	return STAY;
}

static enum reaction act_same(struct ui *ui, void *state)
{
	struct sheet *f = form_of(state);

	if (f->n && !f->line[f->focus].locked && f->ops->same)
		f->ops->same(ui, f->owner, f, f->focus);
	return STAY;
}

static void picked(struct ui *ui, void *owner, const struct form_choice *choice)
{
	struct sheet *f = owner;
	struct form_line *l = &f->line[f->focus];

	form_set(f, l, choice->label, choice->value);
	form_find_out(f, l, SEVERITY_NONE, "");
	if (f->ops->typed)
		f->ops->typed(ui, f->owner, f);
	f->touched = true; /* what follows from it is derived on leaving, as if it had been typed */
	form_focus(ui, f, neighbour(f, 1));
}

static enum reaction act_values(struct ui *ui, void *state)
{
	struct sheet *f = form_of(state);
	struct form_line *l = &f->line[f->focus];
	struct form_choice *all;
	size_t n;

	if (!f->n || !l->choice || l->locked) {
		ui_say(ui, SAY_INFO, "%s", _("这一项没有可选的列表，直接键入"));
		return STAY;
	}
	all = calloc(CHOICES_MAX, sizeof(*all));
	if (!all)
		return STAY;
	n = f->ops->choices(ui, f->owner, f, f->focus, all, CHOICES_MAX);
	ui_push(ui, &picker_screen, &(struct picker_arg){.title = l->label, .choices = all, .n = n, .typed = f->touched ? f->edit.text : "",
							  .done = picked, .owner = f});
	return STAY;
}

static enum reaction act_save(struct ui *ui, void *state)
{
	struct sheet *f = form_of(state);

	form_leave(ui, f);
	return f->ops->save(ui, f->owner, f);
}

const struct action form_actions[FORM_ACTIONS] = {
	{K_TAB, K_ENTER, "next", N_("下一项"), N_("到下一项；离开时检查刚填的内容。下箭头、回车也可以"), act_next, 0},
	{K_BACKTAB, K_CTRL('p'), "previous", N_("上一项"), N_("到上一项；上箭头也可以"), act_previous, 0},
	{K_DOWN, K_CTRL('n'), "down", NULL, N_("到下一项"), act_next, 0},
	{K_UP, K_CTRL('w'), "up", NULL, N_("到上一项"), act_previous, 0},
	{K_PAGE_DOWN, K_CTRL('f'), "page_down", NULL, N_("表格的下一页"), act_page_down, 0},
	{K_PAGE_UP, K_CTRL('b'), "page_up", NULL, N_("表格的上一页"), act_page_up, 0},
	{K_F4, K_CTRL('o'), "values", N_("选择"), N_("打开这一项的可选列表；也可以直接键入代码、文字、拼音或拼音首字母"), act_values, 0},
	{K_F5, K_CTRL('y'), "same", N_("同上条"), N_("填入上一条记录的同一项"), act_same, 0},
	{K_F6, K_CTRL('u'), "clear", N_("清空"), N_("清空这一项"), act_clear, 0},
	{K_F7, K_CTRL('r'), "restore", N_("还原"), N_("还原这一项：先回到进入此项时的内容，再按回到表格打开时的内容"), act_restore, 0},
	{K_F2, K_CTRL('s'), "save", N_("保存"), N_("检查并保存，接着办下一个；有必须改正的内容时光标移到第一处"), act_save, 0},
};
