/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Registers that the region's profile declares (I1–I3, I5): which there are, the entries of one, and the form of an entry. Columns, lines, checks
 * and paper are the profile's; nothing here knows a register by name.
 */
#include "desk/books.h"

#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/export.h"
#include "dialog.h"
#include "form.h"
#include "list.h"
#include "paper_one.h"
#include "screen_list.h"

#define CELLS 8
#define EMPTY N_("还没有登记；按 a 登记")

static bool any_has_row(const void *state)
{
	return list_has_row(state);
}

static void any_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
}

static void any_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static void any_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

/* --- which there are ----------------------------------------------------------------------------------------------- */

struct shelf {
	struct list list; /* first */
	int64_t person;   /* 0: everybody's */
	char name[NAME_TEXT];
};
struct shelf_row {
	int64_t id;
	char name[32], title[64], source[192];
	bool people;
};

static int shelf_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	const struct shelf *s = owner;
	const struct profile *p = desk_profile(ui_desk(ui));
	const struct book *books = NULL;
	size_t all = p ? profile_books(p, &books) : 0;
	struct shelf_row *row = rows;

	(void)anchor;
	(void)next;
	(void)e;
	*n = 0;
	*more = false;
	for (size_t i = 0; i < all && *n < cap; i++) {
		if (s->person && books[i].people)
			continue;
		row[*n] = (struct shelf_row){.id = (int64_t)i + 1, .people = books[i].people};
		text_copy(row[*n].name, sizeof(row->name), books[i].name);
		text_copy(row[*n].title, sizeof(row->title), _(books[i].title));
		text_copy(row[(*n)++].source, sizeof(row->source), books[i].source);
	}
	return 0;
}

static int64_t shelf_id(const void *row)
{
	return ((const struct shelf_row *)row)->id;
}

static void col_title(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct shelf_row *)row)->title);
}

static void col_source(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct shelf_row *)row)->source);
}

static const struct column shelf_columns[] = {
	{.heading = N_("登记簿"), .width = 20, .text = col_title, .name = true},
	{.heading = N_("依据"), .width = 40, .text = col_source},
};

static const struct list_source shelf_source = {.row_size = sizeof(struct shelf_row), .load = shelf_load, .id = shelf_id,
	.columns = shelf_columns, .n_columns = ARRAY_LEN(shelf_columns), .empty = N_("本地区规则没有登记簿")};

static int shelf_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct shelf *s = state;
	const struct books_arg *a = arg;

	(void)ui;
	(void)e;
	list_init(&s->list, &shelf_source, s);
	s->person = a ? a->person : 0;
	text_copy(s->name, sizeof(s->name), a ? a->name : "");
	return 0;
}

static void shelf_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	(void)ui;
	text_copy(out, size, ((const struct shelf *)state)->name);
}

static enum reaction act_shelf_open(struct ui *ui, void *state)
{
	struct shelf *s = state;
	const struct shelf_row *row = list_selected(ui, &s->list);

	if (row)
		ui_push(ui, &book_screen, &(struct books_arg){.book = row->name, .person = s->person, .name = s->name});
	return STAY;
}

static const struct action shelf_actions[] = {
	{K_ENTER, 0, "open", N_("打开"), N_("打开选中的登记簿"), act_shelf_open, NEEDS_ROW},
};

const struct screen_ops books_screen = {
	.name = "books",
	.title = N_("登记簿"),
	.state_size = sizeof(struct shelf),
	.open = shelf_open,
	.heading = shelf_heading,
	.draw = any_draw,
	.event = any_event,
	.close = any_close,
	.has_row = any_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = shelf_actions,
	.n_actions = ARRAY_LEN(shelf_actions),
	.shared = list_move_actions,
	.n_shared = LIST_MOVE_ACTIONS,
};

/* --- the entries of one ---------------------------------------------------------------------------------------------- */

struct cells {
	int64_t id, person;
	char cell[CELLS][200];
};
struct pages {
	struct list list; /* first */
	struct list_source source;
	struct column column[CELLS];
	char book[32], title[64], name[NAME_TEXT], text[64]; /* text: what is looked for; "" for all */
	int64_t person, asked; /* asked: an entry under question */
	bool people;
	struct paper_one one;
};

#define CELL(i)                                                                                                                            \
	static void cell_##i(const void *row, char *out, size_t size)                                                                      \
	{                                                                                                                                  \
		text_copy(out, size, ((const struct cells *)row)->cell[i]);                                                                \
	}
CELL(0) CELL(1) CELL(2) CELL(3) CELL(4) CELL(5) CELL(6) CELL(7)
static void (*const cell_text[CELLS])(const void *, char *, size_t) = {cell_0, cell_1, cell_2, cell_3, cell_4, cell_5, cell_6, cell_7};

static void fill_cells(struct ui *ui, const struct book *b, const struct book_entry *entry, struct cells *out)
{
	size_t n = 0;

	*out = (struct cells){.id = entry->id, .person = entry->person};
	if (b->people)
		text_format(out->cell[n++], sizeof(out->cell[0]), _("%lld 人"), (long long)entry->people);
	else
		text_copy(out->cell[n++], sizeof(out->cell[0]), entry->name);
	for (size_t i = 0; i < b->n && n < CELLS; i++)
		if (b->field[i].list)
			desk_book_show(ui_desk(ui), &b->field[i], entry->value[i], out->cell[n++], sizeof(out->cell[0]));
}

static int fetch(struct desk *d, const struct pages *p, int64_t before, struct book_entry *entry, size_t cap, size_t *n, struct err *e)
{
	if (p->text[0])
		return desk_book_find(d, p->book, p->text, before, entry, cap, n, e);
	return desk_book_list(d, p->book, p->person, before, entry, cap, n, e);
}

static int pages_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	const struct pages *p = owner;
	const struct book *b = profile_book(desk_profile(ui_desk(ui)), p->book);
	struct book_entry *entry = calloc(cap, sizeof(*entry));
	int64_t before = 0;
	int rc;

	if (anchor)
		memcpy(&before, anchor, sizeof(before));
	rc = entry && b ? fetch(ui_desk(ui), p, before, entry, cap, n, e) : err_set(e, ERR_MEMORY, "register");
	for (size_t i = 0; !rc && i < *n; i++) {
		fill_cells(ui, b, &entry[i], &((struct cells *)rows)[i]);
		before = entry[i].id;
	}
	if (!rc) {
		memcpy(next, &before, sizeof(before));
		*more = *n == cap;
	}
	if (entry)
		wipe(entry, cap * sizeof(*entry));
	free(entry);
	return rc;
}

static int64_t cells_id(const void *row)
{
	return ((const struct cells *)row)->id;
}

static void pages_says(struct ui *ui, const void *owner, char *out, size_t size)
{
	const struct pages *p = owner;

	(void)ui;
	text_format(out, size, "%s%s%s", p->title, p->name[0] ? "  " : "", p->name);
	if (p->text[0])
		text_format(out + strlen(out), size - strlen(out), _("  查找：%s"), p->text);
}

static void lay_out(struct pages *p, const struct book *b)
{
	size_t n = 0;

	p->column[n] = (struct column){.heading = b->people ? N_("参加") : N_("姓名"), .width = 10, .text = cell_text[n], .name = true};
	n++;
	for (size_t i = 0; i < b->n && n < CELLS; i++)
		if (b->field[i].list) {
			p->column[n] = (struct column){.heading = b->field[i].label, .width = b->field[i].list, .text = cell_text[n]};
			n++;
		}
	p->source = (struct list_source){.row_size = sizeof(struct cells), .load = pages_load, .id = cells_id, .columns = p->column, .n_columns = n,
					 .says = pages_says, .empty = EMPTY};
}

static int pages_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct pages *p = state;
	const struct books_arg *a = arg;
	const struct book *b = desk_profile(ui_desk(ui)) ? profile_book(desk_profile(ui_desk(ui)), a->book) : NULL;

	if (!b)
		return err_set(e, ERR_NO_SUCH, "%s", a->book);
	text_copy(p->book, sizeof(p->book), b->name);
	text_copy(p->title, sizeof(p->title), _(b->title));
	text_copy(p->name, sizeof(p->name), a->name ? a->name : "");
	p->person = a->person;
	p->people = b->people;
	lay_out(p, b);
	list_init(&p->list, &p->source, p);
	return 0;
}

static void pages_close(struct ui *ui, void *state)
{
	struct pages *p = state;

	(void)ui;
	if (p->list.src)
		list_release(&p->list);
}

static void pages_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	pages_says(ui, state, out, size);
}

/* --- an entry's form, paper, end ----------------------------------------------------------------------------------------- */

static void open_form(struct ui *ui, const struct pages *p, int64_t person, int64_t id)
{
	ui_push(ui, &book_form_screen, &(struct book_form_arg){.book = p->book, .person = person, .id = id});
}

static enum reaction act_edit(struct ui *ui, void *state)
{
	struct pages *p = state;
	const struct cells *row = list_selected(ui, &p->list);

	if (row)
		open_form(ui, p, row->person, row->id);
	return STAY;
}

/* One person by what the roster finds; more than one or none is said. */
static bool one_person(struct ui *ui, const char *word, int64_t *out, char *sentence, size_t size)
{
	struct roster_row rows[2];
	struct roster_query q = {.filter = ROSTER_ALL};
	struct roster_page page = {.row = rows, .cap = 2};
	struct err e = {0};

	text_copy(q.text, sizeof(q.text), word);
	if (!word[0] || desk_roster(ui_desk(ui), &q, &page, &e) || page.n != 1) {
		text_format(sentence, size, page.n > 1 ? _("“%s”不止一个人，写证件号码或后四位") : _("名册里没有“%s”"), word);
		return false;
	}
	*out = rows[0].person;
	return true;
}

static void person_named(struct ui *ui, void *owner, int answer, const char *input)
{
	struct pages *p = owner;
	char sentence[200];
	int64_t person;

	if (answer != 1)
		return;
	if (one_person(ui, input, &person, sentence, sizeof(sentence)))
		open_form(ui, p, person, 0);
	else
		ui_say(ui, SAY_ERROR, "%s", sentence);
}

static enum reaction act_add(struct ui *ui, void *state)
{
	struct pages *p = state;

	if (p->people || p->person) {
		open_form(ui, p, p->person, 0);
		return STAY;
	}
	dialog_ask(ui, &(struct dialog_arg){.title = N_("登记"), .text = _("姓名、拼音、证件号码或后四位。"), .button = {N_("返回"), N_("登记")},
					    .n_buttons = 2, .focus = 1, .input_label = N_("谁的"), .input_chars = 40, .input_needed = true,
					    .done = person_named, .owner = p});
	return STAY;
}

static enum reaction act_import(struct ui *ui, void *state)
{
	struct pages *p = state;

	if (p->people)
		ui_say(ui, SAY_INFO, "%s", _("这个登记簿一条记一次多人参加的事，不能按人导入"));
	else
		ui_push(ui, &sheet_import_screen, &(struct sheet_import_arg){.form = p->book, .title = p->title});
	return STAY;
}

static void searched(struct ui *ui, void *owner, int answer, const char *input)
{
	struct pages *p = owner;

	if (answer != 1)
		return;
	text_copy(p->text, sizeof(p->text), input);
	p->source.empty = p->text[0] ? N_("没有找到；按 / 换个说法，不填为全部") : EMPTY;
	list_restart(ui, &p->list);
}

static enum reaction act_search(struct ui *ui, void *state)
{
	dialog_ask(ui, &(struct dialog_arg){.title = N_("查找登记"),
					    .text = _("姓名、拼音、证件号；或登记的内容：文字的一部分，电话全部或后四位，日期。不填为全部。"),
					    .button = {N_("返回"), N_("查找")}, .n_buttons = 2, .focus = 1, .input_label = N_("找："),
					    .input_chars = 20, .done = searched, .owner = state});
	return STAY;
}

/* One person's entries are few: nothing to look for. */
static bool pages_fits(struct ui *ui, const void *state, const struct action *row)
{
	(void)ui;
	return row->run != act_search || !((const struct pages *)state)->person;
}

static void removed(struct ui *ui, void *owner, int answer, const char *input)
{
	struct pages *p = owner;
	struct err e = {0};

	if (answer != 1)
		return;
	if (desk_book_remove(ui_desk(ui), p->book, p->asked, input, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, "%s", _("已删除；按 z 可以撤销"));
	ui_changed(ui);
}

static enum reaction act_remove(struct ui *ui, void *state)
{
	struct pages *p = state;
	const struct cells *row = list_selected(ui, &p->list);
	char text[300];

	if (!row)
		return STAY;
	p->asked = row->id;
	text_format(text, sizeof(text), _("删除这一条：%s  %s  %s"), row->cell[0], row->cell[1], row->cell[2]);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("请确认"), .text = text, .button = {N_("不删"), N_("删除")}, .n_buttons = 2, .focus = 0,
					    .input_label = N_("原因"), .done = removed, .owner = p});
	return STAY;
}

static int put_paper(struct desk *d, const struct paper_one *one, struct office_out *out, struct err *e)
{
	return desk_book_paper(d, one->list, one->id, out, e);
}

static enum reaction act_paper(struct ui *ui, void *state)
{
	struct pages *p = state;
	const struct cells *row = list_selected(ui, &p->list);

	if (!row)
		return STAY;
	p->one = (struct paper_one){.list = p->book, .put = put_paper, .id = row->id};
	paper_one_ask(ui, &p->one);
	return STAY;
}

static enum reaction act_undo(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &undo_screen, NULL);
	return STAY;
}

static const struct action page_actions[] = {
	{K_ENTER, 0, "edit", N_("查看/修改"), N_("打开选中的一条，查看或修改"), act_edit, NEEDS_ROW | NEEDS_KEY},
	{'a', 0, "add", N_("登记"), N_("登记一条新的"), act_add, NEEDS_KEY},
	{'/', K_F3, "search", N_("查找"), N_("按姓名或登记的内容查找"), act_search, NEEDS_KEY | NEEDS_FIT},
	{'i', 0, "import", N_("导入"), N_("从表格导入：先试算，再导入"), act_import, NEEDS_KEY},
	{'x', 0, "remove", N_("删除"), N_("删除选中的一条，可以撤销"), act_remove, NEEDS_ROW},
	{'w', 0, "paper", N_("打印一条"), N_("把选中的一条写成 PDF，打印后签字"), act_paper, NEEDS_ROW | NEEDS_KEY},
	{'z', 0, "undo", NULL, N_("撤销刚才的办理"), act_undo, 0},
};

const struct screen_ops book_screen = {
	.name = "book",
	.title = N_("登记簿"),
	.state_size = sizeof(struct pages),
	.open = pages_open,
	.heading = pages_heading,
	.draw = any_draw,
	.event = any_event,
	.close = pages_close,
	.has_row = any_has_row,
	.fits = pages_fits,
	.flags = SCREEN_TAKES_CARD,
	.actions = page_actions,
	.n_actions = ARRAY_LEN(page_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};

/* --- the form ------------------------------------------------------------------------------------------------------------- */

#define PEOPLE_LINE BOOK_FIELDS
#define PEOPLE_MOST 200
#define DRAFT_MS 1000
#define DRAFT_NAME "book:"

struct entry_form {
	struct sheet sheet; /* first */
	const struct book *book;
	struct book_entry entry;
	char draft[32];
	bool changed, kept, saved; /* typed since the last draft; a draft is stored */
	int64_t kept_at;
};

/* --- drafts: the beginning of the register's name, person and entry; their texts say it whole --------------------------------- */

bool book_form_of_draft(const char *draft)
{
	return !strncmp(draft, DRAFT_NAME, strlen(DRAFT_NAME));
}

static const char *text_of(const struct form_line *l)
{
	return l->choice && l->value[0] ? l->value : l->text;
}

static void keep_draft(struct ui *ui, struct entry_form *m, int64_t now)
{
	struct draft_text texts[DRAFT_TEXTS_MAX];
	char person[24], id[24];
	struct err e = {0};
	size_t n = 0;

	if (!m->changed || m->saved || !desk_session(ui_desk(ui))->has_key)
		return;
	text_format(person, sizeof(person), "%lld", (long long)m->entry.person);
	text_format(id, sizeof(id), "%lld", (long long)m->entry.id);
	texts[n++] = (struct draft_text){"book:name", m->book->name};
	texts[n++] = (struct draft_text){"book:person", person};
	texts[n++] = (struct draft_text){"book:entry", id};
	for (size_t i = 0; i < m->sheet.n && n < DRAFT_TEXTS_MAX; i++)
		texts[n++] = (struct draft_text){m->sheet.line[i].id < PEOPLE_LINE ? m->book->field[m->sheet.line[i].id].name : "book:people",
						 text_of(&m->sheet.line[i])};
	m->kept_at = now;
	if (desk_draft_save_texts(ui_desk(ui), m->draft, texts, n, &e)) {
		ui_fail(ui, &e);
		return;
	}
	m->changed = false;
	m->kept = true;
}

static void drop_draft(struct ui *ui, struct entry_form *m)
{
	struct err e = {0};

	if (m->kept && desk_draft_drop(ui_desk(ui), m->draft, &e))
		ui_fail(ui, &e);
	m->kept = m->changed = false;
}

static void entry_typed(struct ui *ui, void *owner, struct sheet *f)
{
	(void)ui;
	(void)f;
	((struct entry_form *)owner)->changed = true;
}

static size_t entry_choices(struct ui *ui, void *owner, const struct sheet *f, size_t line, struct form_choice *out, size_t cap)
{
	const struct entry_form *m = owner;
	const struct book_field *field = &m->book->field[f->line[line].id];
	const struct code *codes = NULL;
	size_t n;

	if (field->kind == PARTICULAR_YES_NO) {
		text_copy(out[0].value, sizeof(out[0].value), "1");
		text_copy(out[0].label, sizeof(out[0].label), _("是"));
		text_copy(out[1].value, sizeof(out[1].value), "0");
		text_copy(out[1].label, sizeof(out[1].label), _("否"));
		return 2;
	}
	n = profile_codes(desk_profile(ui_desk(ui)), field->codes, &codes);
	for (size_t i = 0; i < n && i < cap; i++)
		form_choice_of_code(&out[i], &codes[i]);
	return n < cap ? n : cap;
}

static void set_line(struct ui *ui, struct entry_form *m, struct form_line *l)
{
	const struct book_field *field = &m->book->field[l->id];
	const char *value = m->entry.value[l->id];
	char shown[BOOK_VALUE];

	if (!l->choice) {
		form_set(&m->sheet, l, value, NULL);
		return;
	}
	desk_book_show(ui_desk(ui), field, value, shown, sizeof(shown));
	form_set(&m->sheet, l, shown, value);
}

static void entry_leave(struct ui *ui, void *owner, struct sheet *f, size_t line)
{
	(void)ui;
	(void)owner;
	form_find_out(f, &f->line[line], SEVERITY_NONE, "");
}

static void entry_restore(struct ui *ui, void *owner, struct sheet *f, size_t line)
{
	if (f->line[line].id < PEOPLE_LINE)
		set_line(ui, owner, &f->line[line]);
}

/* 张三、李四: each one somebody of the roster. false: said at the line. */
static bool who_took_part(struct ui *ui, struct entry_form *m, int64_t *persons, size_t *n)
{
	struct form_line *l = form_find(&m->sheet, PEOPLE_LINE);
	char words[EDIT_TEXT], sentence[200], *rest = words, *word;

	*n = 0;
	if (!l)
		return true;
	text_copy(words, sizeof(words), l->text);
	for (char *c = words; (c = strstr(c, "、")) != NULL;)
		memcpy(c, "   ", 3);
	while ((word = strsep(&rest, " ,;")) != NULL) {
		if (!*word)
			continue;
		if (*n == PEOPLE_MOST || !one_person(ui, word, &persons[*n], sentence, sizeof(sentence))) {
			form_find_out(&m->sheet, l, SEVERITY_BLOCK, sentence);
			return false;
		}
		++*n;
	}
	return true;
}

static void show_finding(struct ui *ui, struct entry_form *m, const struct book_finding *f)
{
	struct form_line *l = form_find(&m->sheet, f->field >= 0 ? f->field : PEOPLE_LINE);

	if (l)
		form_find_out(&m->sheet, l, SEVERITY_BLOCK, f->sentence);
	form_focus_first_block(ui, &m->sheet);
	ui_say(ui, SAY_ERROR, "%s", f->sentence);
}

static enum reaction entry_save(struct ui *ui, void *owner, struct sheet *f)
{
	struct entry_form *m = owner;
	int64_t persons[PEOPLE_MOST], id;
	struct book_finding found = {.field = -1};
	struct err e = {0};
	size_t n;

	for (size_t i = 0; i < f->n; i++)
		if (f->line[i].id < PEOPLE_LINE)
			text_copy(m->entry.value[f->line[i].id], BOOK_VALUE, text_of(&f->line[i]));
	if (!who_took_part(ui, m, persons, &n)) {
		form_focus_first_block(ui, f);
		return STAY;
	}
	if (desk_book_save(ui_desk(ui), m->book->name, &m->entry, persons, n, &id, &found, &e)) {
		if (e.code == ERR_FINDINGS)
			show_finding(ui, m, &found);
		else if (e.code == ERR_DUPLICATE)
			ui_say(ui, SAY_ERROR, "%s", _("这个人已有同样的一条，请在列表里打开它修改"));
		else
			ui_fail_why(ui, &e);
		return STAY;
	}
	drop_draft(ui, m);
	m->saved = true;
	ui_say(ui, SAY_DONE, "%s", _("已保存"));
	ui_changed(ui);
	return CLOSE;
}

static const struct form_owner entry_owner = {
	.leave = entry_leave, .choices = entry_choices, .typed = entry_typed, .restore = entry_restore, .save = entry_save};

static void add_lines(struct ui *ui, struct entry_form *m)
{
	for (size_t i = 0; i < m->book->n; i++) {
		const struct book_field *field = &m->book->field[i];
		struct form_line *l = form_add(&m->sheet, (int)i, field->label, field->help, field->max_chars);

		if (!l)
			break;
		l->choice = field->kind == PARTICULAR_CODE || field->kind == PARTICULAR_YES_NO;
		l->required = field->required;
		l->locked = m->entry.id && field->fixed;
		set_line(ui, m, l);
	}
	if (m->book->people) {
		struct form_line *l = form_add(&m->sheet, PEOPLE_LINE, N_("参加人员"), N_("姓名、拼音或证件后四位，用顿号隔开，例如 张三、李四"), 400);

		if (l)
			l->required = !m->entry.id;
	}
}

/* What the draft is about, then what was typed. */
struct resuming {
	struct ui *ui;
	struct entry_form *m;
	char book[32];
	int64_t person, id;
};

static void take_subject(void *arg, const struct draft_text *text)
{
	struct resuming *r = arg;

	if (!strcmp(text->name, "book:name"))
		text_copy(r->book, sizeof(r->book), text->text);
	else if (!strcmp(text->name, "book:person"))
		r->person = strtoll(text->text, NULL, 10);
	else if (!strcmp(text->name, "book:entry"))
		r->id = strtoll(text->text, NULL, 10);
}

static void take_typed(void *arg, const struct draft_text *text)
{
	struct resuming *r = arg;
	struct entry_form *m = r->m;

	for (size_t i = 0; i < m->sheet.n; i++) {
		struct form_line *l = &m->sheet.line[i];

		if (l->locked || strcmp(text->name, l->id < PEOPLE_LINE ? m->book->field[l->id].name : "book:people"))
			continue;
		if (l->id == PEOPLE_LINE) {
			form_set(&m->sheet, l, text->text, NULL);
			continue;
		}
		text_copy(m->entry.value[l->id], BOOK_VALUE, text->text);
		set_line(r->ui, m, l);
	}
}

static int resume(struct ui *ui, struct entry_form *m, void (*each)(void *, const struct draft_text *), struct resuming *r, struct err *e)
{
	return desk_session(ui_desk(ui))->has_key ? desk_draft_load_texts(ui_desk(ui), m->draft, each, r, &m->kept, e) : 0;
}

static int entry_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct entry_form *m = state;
	const struct book_form_arg *a = arg;
	struct resuming r = {.ui = ui, .m = m, .person = a->person, .id = a->id};
	struct desk *d = ui_desk(ui);

	form_init(&m->sheet, &entry_owner, m);
	if (a->draft_form) {
		text_copy(m->draft, sizeof(m->draft), a->draft_form);
		if (resume(ui, m, take_subject, &r, e))
			return -1;
	} else {
		text_copy(r.book, sizeof(r.book), a->book);
		text_format(m->draft, sizeof(m->draft), DRAFT_NAME "%.10s:%lld:%lld", a->book, (long long)a->person, (long long)a->id);
	}
	m->book = desk_profile(d) ? profile_book(desk_profile(d), r.book) : NULL;
	if (!m->book)
		return err_set(e, ERR_NO_SUCH, "%s", r.book);
	if (r.id ? desk_book_get(d, r.book, r.id, &m->entry, e) : desk_book_begin(d, r.book, r.person, &m->entry, e))
		return -1;
	add_lines(ui, m);
	if (resume(ui, m, take_typed, &r, e))
		return -1;
	if (m->kept)
		ui_say(ui, SAY_INFO, "%s", _("接着上次没有填完的内容"));
	form_begin(&m->sheet, -1);
	return 0;
}

static void entry_close(struct ui *ui, void *state)
{
	struct entry_form *m = state;

	if (m->book && m->sheet.n)
		keep_draft(ui, m, clock_steady_ms());
	form_release(&m->sheet);
	wipe(&m->entry, sizeof(m->entry));
}

static void entry_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct entry_form *m = state;

	(void)ui;
	text_format(out, size, "%s%s%s", _(m->book->title), m->entry.name[0] ? "  " : "", m->entry.name);
}

static void entry_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	form_draw(ui, state, c, a);
}

static enum reaction entry_key(struct ui *ui, void *state, int key)
{
	return form_key(ui, state, key);
}

static void entry_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct entry_form *m = state;

	if (ev->kind == UI_EVENT_TICK)
		form_tick(ui, &m->sheet, ev->now);
	if (ev->kind == UI_EVENT_LEAVING || (ev->kind == UI_EVENT_TICK && m->changed && ev->now - m->kept_at >= DRAFT_MS))
		keep_draft(ui, m, ev->now);
}

const struct screen_ops book_form_screen = {
	.name = "book_form",
	.title = N_("登记"),
	.state_size = sizeof(struct entry_form),
	.open = entry_open,
	.heading = entry_heading,
	.draw = entry_draw,
	.key = entry_key,
	.event = entry_event,
	.close = entry_close,
	.typing = form_typing,
	.flags = 0,
	.shared = form_actions,
	.n_shared = FORM_ACTIONS,
};
