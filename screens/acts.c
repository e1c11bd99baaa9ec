/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One act for one person or for all that are marked: first who can and who cannot, why, and what would allow it; then, confirmed, one
 * transaction for those who can (U11). The safe button has the focus; more than ten people need a typed word (U4).
 */
#include <stdlib.h>
#include <string.h>

#include "base/held.h"
#include "base/i18n.h"
#include "base/text.h"
#include "dialog.h"
#include "form.h"
#include "list.h"
#include "members.h"
#include "screen_list.h"

#define WORD_ABOVE 10

struct acting {
	struct list list;        /* first */
	enum event event;
	int64_t *persons;
	size_t n, able;
	struct verdict *verdict; /* n; sorted: who cannot first, then those with a warning */
	char value[UID_TEXT], value_name[NAME_TEXT]; /* of an alteration; "": an event */
	enum alteration_kind alter;
	int64_t successor;       /* of a leader who goes; 0: nobody */
	date_t on, true_on;      /* DATE_NONE: now; nothing else */
	char note[200];          /* the reason, kept with the fact; "" none */
};

static bool altering(const struct acting *a)
{
	return a->value[0] != '\0';
}

static const struct { const char *word, *name; } alterations[] = {
	[ALTER_TEAM] = {N_("分配班组"), "team"}, [ALTER_TRADE] = {N_("改工种"), "trade"}, [ALTER_WAGE] = {N_("改工资"), "wage"},
};

static const char *what(const struct acting *a)
{
	return altering(a) ? _(alterations[a->alter].word) : event_word(a->event);
}

/* --- the verdicts ------------------------------------------------------------------------------------------------------------------------- */

static int rank(const struct verdict *v)
{
	return !v->can ? 0 : v->warning[0] ? 1 : 2;
}

static int by_rank(const void *a, const void *b)
{
	return rank(a) - rank(b);
}

static struct alteration alteration_of(const struct acting *a)
{
	return (struct alteration){.kind = a->alter, .value = a->value, .persons = a->persons, .n = a->n, .note = a->note[0] ? a->note : NULL};
}

static struct act act_of(const struct acting *a)
{
	return (struct act){.event = a->event, .persons = a->persons, .n = a->n, .on = a->on, .note = a->note[0] ? a->note : NULL, .true_on = a->true_on,
			    .successor = a->successor};
}

static int preview(struct ui *ui, struct acting *a, struct err *e)
{
	struct alteration alter = alteration_of(a);
	struct act act = act_of(a);

	if (altering(a) ? desk_alter_preview(ui_desk(ui), &alter, a->verdict, &a->able, e) : desk_preview(ui_desk(ui), &act, a->verdict, &a->able, e))
		return -1;
	qsort(a->verdict, a->n, sizeof(*a->verdict), by_rank);
	return 0;
}

static int acts_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	const struct acting *a = owner;
	size_t from = 0;

	(void)ui;
	(void)e;
	if (anchor)
		memcpy(&from, anchor, sizeof(from));
	*n = a->n - from < cap ? a->n - from : cap;
	memcpy(rows, a->verdict + from, *n * sizeof(*a->verdict));
	from += *n;
	memcpy(next, &from, sizeof(from));
	*more = from < a->n;
	return 0;
}

static int64_t acts_id(const void *row)
{
	return ((const struct verdict *)row)->person;
}

static void col_name(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct verdict *)row)->name);
}

static void col_can(const void *row, char *out, size_t size)
{
	const struct verdict *v = row;

	text_copy(out, size, !v->can ? _("不能") : v->warning[0] ? _("能，注意") : _("能办"));
}

static void verdict_text(const struct verdict *v, char *out, size_t size)
{
	if (v->can)
		text_copy(out, size, v->warning);
	else
		text_format(out, size, "%s%s%s", v->why, v->would[0] ? _("；") : "", v->would);
}

static void col_why(const void *row, char *out, size_t size)
{
	verdict_text(row, out, size);
}

static unsigned attr_can(const void *row)
{
	static const unsigned attrs[] = {ATTR_RED, ATTR_YELLOW, ATTR_GREEN};

	return attrs[rank(row)];
}

static const struct column columns[] = {
	{.heading = N_("姓名"), .width = 16, .text = col_name, .name = true},
	{.heading = N_("能否"), .width = 10, .text = col_can, .attr = attr_can},
	{.heading = N_("原因和办法"), .width = 40, .text = col_why},
};

static const struct list_source source = {
	.row_size = sizeof(struct verdict), .load = acts_load, .id = acts_id, .columns = columns, .n_columns = ARRAY_LEN(columns)};

/* --- the screen ------------------------------------------------------------------------------------------------------------------------------ */

static int acts_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct acting *a = state;
	const struct acts_arg *from = arg;

	list_init(&a->list, &source, a);
	a->event = from->event;
	a->on = a->true_on = DATE_NONE;
	a->n = from->n;
	a->alter = from->alter;
	text_copy(a->value, sizeof(a->value), from->value ? from->value : "");
	text_copy(a->value_name, sizeof(a->value_name), from->value_name ? from->value_name : "");
	a->persons = malloc(from->n * sizeof(*a->persons));
	a->verdict = held_new(from->n * sizeof(*a->verdict));
	if (!a->persons || !a->verdict)
		return err_set(e, ERR_MEMORY, "verdicts");
	memcpy(a->persons, from->persons, from->n * sizeof(*a->persons));
	return preview(ui, a, e);
}

static void acts_close(struct ui *ui, void *state)
{
	struct acting *a = state;

	(void)ui;
	if (a->list.src)
		list_release(&a->list);
	free(a->persons);
	held_drop(a->verdict);
}

static void acts_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct acting *a = state;
	char on[DATE_TEXT];
	size_t used;

	(void)ui;
	date_format(a->on == DATE_NONE ? date_today() : a->on, on);
	text_format(out, size, _("%s%s%s  能办 %zu 人，不能办 %zu 人  日期 %s"), what(a), altering(a) ? "：" : "", a->value_name, a->able, a->n - a->able, on);
	if (a->true_on == DATE_NONE)
		return;
	used = strlen(out);
	date_format(a->true_on, on);
	text_format(out + used, size - used, _("  实际 %s"), on);
}

static void acts_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct acting *act = state;
	struct area rows = {a.row, a.col, a.height - 4, a.width};
	const struct verdict *v;
	char text[700];

	list_draw(ui, &act->list, c, rows, true);
	v = list_selected(ui, &act->list);
	if (!v)
		return;
	if (v->can)
		text_copy(text, sizeof(text), v->warning);
	else
		text_format(text, sizeof(text), "%s%s%s", v->why, v->would[0] ? "\n" : "", v->would);
	canvas_paragraph(c, a.row + a.height - 3, a.col + 2, 3, a.width - 4, ATTR_PLAIN, text);
}

static bool acts_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- doing it ----------------------------------------------------------------------------------------------------------------------------------- */

static int act_on_them(struct ui *ui, struct acting *a, size_t *done, struct err *e)
{
	struct alteration alter = alteration_of(a);
	struct act act = act_of(a);

	return altering(a) ? desk_alter(ui_desk(ui), &alter, a->verdict, done, e) : desk_act(ui_desk(ui), &act, a->verdict, done, e);
}

static void confirmed(struct ui *ui, void *owner, int answer, const char *input)
{
	struct acting *a = owner;
	size_t done = 0;
	struct err e = {0};
	char word[80];

	(void)input;
	if (answer != 1)
		return;
	if (act_on_them(ui, a, &done, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	text_copy(word, sizeof(word), what(a));
	if (done == a->n) {
		if (done == 1)
			ui_say(ui, SAY_DONE, _("已办理%s：%s"), word, a->verdict[0].name);
		else
			ui_say(ui, SAY_DONE, _("已办理%s：%zu 人"), word, done);
		ui_pop_state(ui, a);
	} else {
		qsort(a->verdict, a->n, sizeof(*a->verdict), by_rank);
		a->able = 0;
		for (size_t i = 0; i < a->n; i++)
			a->able += a->verdict[i].can;
		list_restart(ui, &a->list);
		ui_say(ui, done ? SAY_WARN : SAY_ERROR, _("已办理%s：%zu 人；%zu 人没有办，原因见列表"), word, done, a->n - done);
	}
	ui_changed(ui);
}

static enum reaction act_date(struct ui *ui, void *state);
static enum reaction act_note(struct ui *ui, void *state);

static enum reaction act_do(struct ui *ui, void *state)
{
	struct acting *a = state;
	char text[300];
	struct dialog_arg ask = {.title = N_("请确认"), .text = text, .button = {N_("不办"), N_("办理")}, .n_buttons = 2, .focus = 0, .done = confirmed, .owner = a};

	/* What must be said first is asked for first (D7, D11). */
	if (!altering(a) && a->event == EVENT_RECORD_LEAVING && a->on == DATE_NONE)
		return act_date(ui, state);
	if (!a->able) {
		ui_say(ui, SAY_WARN, "%s", _("没有能办的人；下面是原因和办法"));
		return STAY;
	}
	if (!altering(a) && desk_act_needs_reason(a->event) && !a->note[0])
		return act_note(ui, state);
	if (a->n == 1)
		text_format(text, sizeof(text), _("为 %s 办理%s。"), a->verdict[0].name, what(a));
	else if (a->able == a->n)
		text_format(text, sizeof(text), _("为 %zu 人办理%s。"), a->n, what(a));
	else
		text_format(text, sizeof(text), _("为能办的 %zu 人办理%s；其余 %zu 人不动。"), a->able, what(a), a->n - a->able);
	if (a->able > WORD_ABOVE) {
		ask.word = what(a);
		ask.word2 = altering(a) ? alterations[a->alter].name : event_name(a->event);
	}
	dialog_ask(ui, &ask);
	return STAY;
}

/* What is said of the act has changed, and so may who can. */
static void judge_again(struct ui *ui, struct acting *a)
{
	struct err e = {0};

	if (preview(ui, a, &e))
		ui_fail(ui, &e);
	list_restart(ui, &a->list);
}

static void date_given(struct ui *ui, void *owner, int answer, const char *input)
{
	struct acting *a = owner;
	date_t on;

	if (answer != 1)
		return;
	if (!date_parse(input, &on) || on == DATE_LONG_TERM) {
		ui_say(ui, SAY_WARN, "%s", _("应为日期，如 2026-03-08"));
		return;
	}
	a->on = on;
	judge_again(ui, a);
}

static enum reaction act_date(struct ui *ui, void *state)
{
	struct acting *a = state;

	dialog_ask(ui, &(struct dialog_arg){.title = N_("日期"), .text = _("办理的日期，如 2026-03-08；不改则为今天。"), .button = {N_("不改"), N_("采用")},
					    .n_buttons = 2, .focus = 1, .input_label = N_("日期"), .input_needed = true, .done = date_given, .owner = a});
	return STAY;
}

static void note_given(struct ui *ui, void *owner, int answer, const char *input)
{
	struct acting *a = owner;

	if (answer != 1)
		return;
	text_copy(a->note, sizeof(a->note), input);
	judge_again(ui, a);
	ui_say(ui, SAY_INFO, _("原因：%s"), a->note);
}

static enum reaction act_note(struct ui *ui, void *state)
{
	dialog_ask(ui, &(struct dialog_arg){.title = N_("原因"), .text = _("原因随这次办理一起记录，例如退场、解聘的原因。"), .button = {N_("不填"), N_("采用")},
					    .n_buttons = 2, .focus = 1, .input_label = N_("原因"), .done = note_given, .owner = state});
	return STAY;
}

/* --- recorded afterwards, and who takes over ---------------------------------------------------------------------------------------------------- */

static void true_given(struct ui *ui, void *owner, int answer, const char *input)
{
	struct acting *a = owner;
	date_t on;

	if (answer != 1)
		return;
	if (!date_parse(input, &on) || on == DATE_LONG_TERM) {
		ui_say(ui, SAY_WARN, "%s", _("应为日期，如 2026-03-08"));
		return;
	}
	a->true_on = on;
	judge_again(ui, a);
}

static enum reaction act_true(struct ui *ui, void *state)
{
	struct acting *a = state;

	dialog_ask(ui, &(struct dialog_arg){.title = N_("实际日期"),
					    .text = _("事后补记：手续仍按办理的时刻上传，实际发生的日期另记在本机。须写明原因（F6），并保留印证材料。"),
					    .button = {N_("不填"), N_("采用")}, .n_buttons = 2, .focus = 1, .input_label = N_("日期"), .input_needed = true,
					    .done = true_given, .owner = a});
	return STAY;
}

/* The team whose leader goes with this act; 0: none, or several. */
static int64_t team_without(const struct acting *a)
{
	int64_t team = 0;

	for (size_t i = 0; i < a->n; i++) {
		if (!a->verdict[i].can || !a->verdict[i].leads)
			continue;
		if (team)
			return 0;
		team = a->verdict[i].leads;
	}
	return team;
}

static bool goes(const void *owner, int64_t person)
{
	const struct acting *a = owner;

	for (size_t i = 0; i < a->n; i++)
		if (a->persons[i] == person)
			return true;
	return false;
}

static void successor_picked(struct ui *ui, void *owner, const struct form_choice *choice)
{
	struct acting *a = owner;

	a->successor = members_person(choice);
	ui_say(ui, SAY_INFO, _("办理后由 %s 任班组长"), choice->label);
}

static enum reaction act_successor(struct ui *ui, void *state)
{
	struct acting *a = state;
	int64_t team = team_without(a);

	if (team)
		members_pick(ui, &(struct members){.team = team, .on_site = true, .left_out = goes, .title = N_("接任的班组长"), .done = successor_picked, .owner = a});
	else
		ui_say(ui, SAY_INFO, "%s", _("不止一个班组长离开：请分开办理"));
	return STAY;
}

/* A leader goes with this act: only then is there anybody to succeed. A date may be named where the region lets it. */
static bool acts_fits(struct ui *ui, const void *state, const struct action *row)
{
	const struct acting *a = state;
	const struct profile *p = desk_profile(ui_desk(ui));

	if (row->run == act_successor) {
		for (size_t i = 0; i < a->n; i++)
			if (a->verdict[i].can && a->verdict[i].leads)
				return true;
		return false;
	}
	return !altering(a) && (row->run == act_true || (p && profile_date_rule(p, a->event) == DATE_RULE_SETTABLE));
}

static const struct action actions[] = {
	{K_F2, K_CTRL('s'), "do", N_("办理"), N_("为能办的人办理；再确认一次"), act_do, NEEDS_ROW},
	{K_F6, K_CTRL('u'), "note", N_("原因"), N_("写明原因，随这次办理一起记录"), act_note, 0},
	{K_F7, K_CTRL('w'), "successor", N_("接任"), N_("班组长离开时指定接任的人：同时办理，全班组一起换"), act_successor, NEEDS_FIT},
	{K_F8, K_CTRL('t'), "true_date", N_("实际日期"), N_("事后补记：另记实际发生的日期，不上传"), act_true, NEEDS_FIT},
	{K_F5, K_CTRL('y'), "date", N_("日期"), N_("改办理的日期（地区规则允许时）"), act_date, NEEDS_FIT},
};

const struct screen_ops acts_screen = {
	.name = "acts",
	.title = N_("办理"),
	.state_size = sizeof(struct acting),
	.open = acts_open,
	.heading = acts_heading,
	.draw = acts_draw,
	.close = acts_close,
	.has_row = acts_has_row,
	.fits = acts_fits,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
