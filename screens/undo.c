/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was done, newest first, each to be taken back whole (U4): what has not left the box. What was sent says which way back there is and
 * opens it for the same people. The safe button has the focus; more than ten people need a typed word.
 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/undo.h"
#include "dialog.h"
#include "list.h"
#include "screen_list.h"

#define WORD_ABOVE 10

struct undoing {
	struct list list; /* first */
	bool all;         /* everybody's work, not only one's own */
	int64_t act;      /* the one that is asked about */
};

static int undo_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	const struct undoing *u = owner;
	const struct undo_row *row = rows;
	int64_t before = 0;

	if (anchor)
		memcpy(&before, anchor, sizeof(before));
	if (desk_undo_list(ui_desk(ui), !u->all, before, rows, cap, n, more, e))
		return -1;
	if (*n)
		before = row[*n - 1].act;
	memcpy(next, &before, sizeof(before));
	return 0;
}

static int64_t undo_id(const void *row)
{
	return ((const struct undo_row *)row)->act;
}

static void col_when(const void *row, char *out, size_t size)
{
	char stamp[STAMP_TEXT];

	stamp_format(((const struct undo_row *)row)->at_ms, stamp);
	text_copy(out, size, strlen(stamp) > 5 ? stamp + 5 : stamp); /* the year goes without saying */
}

static void col_what(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct undo_row *)row)->what);
}

static void title_of(const struct undo_row *r, char *out, size_t size)
{
	if (r->people > 1)
		text_format(out, size, _("%s等 %d 人"), r->title, (int)r->people);
	else
		text_copy(out, size, r->title);
}

static void col_who(const void *row, char *out, size_t size)
{
	title_of(row, out, size);
}

static void col_by(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct undo_row *)row)->by);
}

static void col_can(const void *row, char *out, size_t size)
{
	const struct undo_row *r = row;

	text_copy(out, size, r->state == UNDO_POSSIBLE ? _("可撤销") : r->why);
}

static unsigned attr_can(const void *row)
{
	return ((const struct undo_row *)row)->state == UNDO_POSSIBLE ? ATTR_GREEN : ATTR_DIM;
}

static const struct column columns[] = {
	{.heading = N_("时间"), .width = 16, .text = col_when},
	{.heading = N_("办理"), .width = 14, .text = col_what},
	{.heading = N_("对象"), .width = 20, .text = col_who, .name = true},
	{.heading = N_("办理人"), .width = 14, .drop = 90, .text = col_by},
	{.heading = N_("能否撤销"), .width = 24, .text = col_can, .attr = attr_can},
};

static const struct list_source source = {.row_size = sizeof(struct undo_row), .load = undo_load, .id = undo_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns), .empty = N_("还没有办理过什么")};

static int undo_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct undoing *u = state;

	(void)ui;
	(void)arg;
	(void)e;
	list_init(&u->list, &source, u);
	return 0;
}

static void undo_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	(void)ui;
	text_copy(out, size, ((const struct undoing *)state)->all ? _("所有人办理的") : _("自己办理的"));
}

/* Below the list: why the selected one stays, and what would go instead. */
static void undo_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct undoing *u = state;
	struct area rows = {a.row, a.col, a.height - 3, a.width};
	const struct undo_row *r;
	char text[500];

	list_draw(ui, &u->list, c, rows, true);
	r = list_selected(ui, &u->list);
	if (!r || r->state == UNDO_POSSIBLE)
		return;
	text_format(text, sizeof(text), "%s%s%s", r->why, r->would[0] ? _("；") : "", r->would);
	canvas_paragraph(c, a.row + a.height - 2, a.col + 2, 2, a.width - 4, ATTR_PLAIN, text);
}

static void undo_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static void undo_close(struct ui *ui, void *state)
{
	(void)ui;
	if (((struct list *)state)->src)
		list_release(state);
}

static bool undo_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- actions ------------------------------------------------------------------------------------------------------------------------------ */

static void confirmed(struct ui *ui, void *owner, int answer, const char *input)
{
	struct undoing *u = owner;
	struct err e = {0};

	(void)input;
	if (answer != 1)
		return;
	if (desk_undo(ui_desk(ui), u->act, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, "%s", _("已撤销，恢复为办理以前的样子"));
	ui_changed(ui);
}

static enum reaction act_undo(struct ui *ui, void *state)
{
	struct undoing *u = state;
	const struct undo_row *r = list_selected(ui, &u->list);
	char who[NAME_TEXT + 40], text[NAME_TEXT + 200];
	struct dialog_arg ask = {.title = N_("撤销"), .text = text, .button = {N_("不撤销"), N_("撤销")}, .n_buttons = 2, .done = confirmed, .owner = u};

	if (!r)
		return STAY;
	if (r->state != UNDO_POSSIBLE) {
		ui_say(ui, SAY_WARN, "%s%s%s", r->why, r->would[0] ? _("；") : "", r->would);
		return STAY;
	}
	u->act = r->act;
	title_of(r, who, sizeof(who));
	text_format(text, sizeof(text), _("撤销：%s，%s。整批一起恢复为办理以前的样子，还没有上传的不再上传。"), r->what, who);
	if (r->people > WORD_ABOVE) {
		ask.word = _("撤销");
		ask.word2 = "undo";
	}
	dialog_ask(ui, &ask);
	return STAY;
}

/* All whom it concerned; the caller frees. */
static int64_t *persons_of(struct ui *ui, const struct undo_row *r, size_t *n, struct err *e)
{
	int64_t *ids = malloc((size_t)(r->people ? r->people : 1) * sizeof(*ids)), after = 0;
	size_t got = 1;

	*n = 0;
	if (!ids) {
		err_set(e, ERR_MEMORY, "persons");
		return NULL;
	}
	while (got && *n < (size_t)r->people) {
		if (desk_undo_persons(ui_desk(ui), r->act, after, ids + *n, (size_t)r->people - *n, &got, e)) {
			free(ids);
			return NULL;
		}
		*n += got;
		after = *n ? ids[*n - 1] : 0;
	}
	return ids;
}

static enum reaction act_reverse(struct ui *ui, void *state)
{
	const struct undo_row *r = list_selected(ui, state);
	struct err e = {0};
	struct acts_arg a;
	int64_t *ids;

	if (!r)
		return STAY;
	if (r->reverse == EVENT_NONE) {
		ui_say(ui, SAY_WARN, "%s", r->state == UNDO_POSSIBLE ? _("还没有上传，直接撤销即可") : _("没有可在这里办理的相反手续"));
		return STAY;
	}
	a = (struct acts_arg){.event = r->reverse};
	ids = persons_of(ui, r, &a.n, &e);
	a.persons = ids;
	if (!ids)
		ui_fail(ui, &e);
	else if (a.n)
		ui_push(ui, &acts_screen, &a);
	free(ids);
	return STAY;
}

static enum reaction act_all(struct ui *ui, void *state)
{
	struct undoing *u = state;

	u->all = !u->all;
	list_restart(ui, &u->list);
	return STAY;
}

static enum reaction act_people(struct ui *ui, void *state)
{
	const struct undo_row *r = list_selected(ui, state);
	int64_t person;
	size_t n = 0;
	struct err e = {0};

	if (!r)
		return STAY;
	if (desk_undo_persons(ui_desk(ui), r->act, 0, &person, 1, &n, &e))
		ui_fail(ui, &e);
	else if (n)
		ui_push(ui, &person_screen, &person);
	return STAY;
}

static const struct action actions[] = {
	{K_F2, K_CTRL('s'), "undo", N_("撤销"), N_("撤销选中的一次办理，整批一起；再确认一次"), act_undo, NEEDS_ROW},
	{'r', 0, "reverse", N_("相反手续"), N_("已经上传的：为同一批人办理相反的手续，例如进场的办退场"), act_reverse, NEEDS_ROW},
	{K_ENTER, 0, "open", N_("档案"), N_("打开第一个人的档案"), act_people, NEEDS_ROW},
	{'a', 0, "all", N_("所有人"), N_("连同别人办理的一起列出，或只列自己的"), act_all, 0},
};

const struct screen_ops undo_screen = {
	.name = "undo",
	.title = N_("撤销"),
	.state_size = sizeof(struct undoing),
	.open = undo_open,
	.heading = undo_heading,
	.draw = undo_draw,
	.event = undo_event,
	.close = undo_close,
	.has_row = undo_has_row,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
