/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What falls due when, what it costs, what mends it (F9): all alarms on one screen, those that fall due first
 * first. Enter opens what mends the selected one; what the platform has said of it is written down with a.
 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/alarm.h"
#include "dialog.h"
#include "form.h"
#include "list.h"
#include "screen_list.h"

#define MOST 500 /* rows a kind */
#define DETAIL_ROWS 4

enum shown { SHOW_OPEN, SHOW_STANDING, SHOW_COMING, SHOW_OVER, SHOW_COUNT };
static const char *const shown_words[SHOW_COUNT] = {N_("未办结"), N_("已到期"), N_("将到期"), N_("已结束")};

struct alarms {
	struct list list; /* first */
	struct alarm_set set;
	enum shown shown;
	struct alarm_row asked;
	enum event event;
};

static bool wanted(const struct alarms *s, const struct alarm_row *r)
{
	switch (s->shown) {
	case SHOW_STANDING:
		return r->standing == ALARM_STANDS;
	case SHOW_COMING:
		return r->standing == ALARM_COMES;
	case SHOW_OVER:
		return r->standing == ALARM_OVER;
	default:
		return r->standing != ALARM_OVER;
	}
}

static int alarms_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n,
		       void *next, bool *more, struct err *e)
{
	const struct alarm_query q = {.most = MOST, .people = true, .over = true};
	struct alarms *s = owner;
	struct alarm_row *out = rows;
	size_t from = 0;

	if (anchor)
		memcpy(&from, anchor, sizeof(from));
	if (!from) {
		desk_alarms_free(&s->set);
		if (desk_alarms(ui_desk(ui), &q, &s->set, e))
			return -1;
	}
	for (*n = 0; from < s->set.n && *n < cap; from++)
		if (wanted(s, &s->set.row[from]))
			out[(*n)++] = s->set.row[from];
	memcpy(next, &from, sizeof(from));
	*more = from < s->set.n;
	return 0;
}

static int64_t alarms_id(const void *row)
{
	return ((const struct alarm_row *)row)->id;
}

static void col_due(const void *row, char *out, size_t size)
{
	const struct alarm_row *r = row;
	char on[DATE_TEXT];

	date_format(r->due_on, on);
	text_copy(out, size, on);
}

static void col_standing(const void *row, char *out, size_t size)
{
	const struct alarm_row *r = row;

	if (r->record)
		text_copy(out, size, state_word(CYCLE_ALARM, (int)r->state));
	else
		text_copy(out, size, r->standing == ALARM_STANDS ? _("已到期") : _("将到期"));
}

static unsigned attr_standing(const void *row)
{
	const struct alarm_row *r = row;

	return r->standing == ALARM_STANDS ? ATTR_RED : r->standing == ALARM_COMES ? ATTR_YELLOW : 0;
}

static void col_kind(const void *row, char *out, size_t size)
{
	text_copy(out, size, alarm_kind_word(((const struct alarm_row *)row)->kind));
}

static void col_who(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct alarm_row *)row)->who);
}

static void col_what(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct alarm_row *)row)->what);
}

static const struct column columns[] = {
	{.heading = N_("到期"), .width = 11, .text = col_due},
	{.heading = N_("状态"), .width = 9, .text = col_standing, .attr = attr_standing},
	{.heading = N_("种类"), .width = 13, .text = col_kind},
	{.heading = N_("谁"), .width = 18, .text = col_who, .name = true},
	{.heading = N_("情况"), .width = 25, .text = col_what},
};

static const struct list_source source = {.row_size = sizeof(struct alarm_row),
					  .load = alarms_load,
					  .id = alarms_id,
					  .columns = columns,
					  .n_columns = ARRAY_LEN(columns),
					  .empty = N_("没有要办的预警")};

static int alarms_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct alarms *s = state;

	(void)ui;
	(void)arg;
	(void)e;
	list_init(&s->list, &source, s);
	return 0;
}

static void alarms_close(struct ui *ui, void *state)
{
	struct alarms *s = state;

	(void)ui;
	if (s->list.src)
		list_release(state);
	desk_alarms_free(&s->set);
}

static void draw_detail(const struct alarm_row *r, struct canvas *c, struct area a)
{
	char text[sizeof(r->who) + sizeof(r->what) + sizeof(r->cost) + 200];

	text_format(text, sizeof(text), _("%s  %s\n后果：%s\n回车：%s"), r->who, r->what,
		    r->cost[0] ? r->cost : "－", alarm_remedy_word(r->remedy));
	canvas_paragraph(c, a.row, a.col + 2, a.height, a.width - 4, 0, text);
}

static void alarms_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct alarms *s = state;
	int detail = a.height > DETAIL_ROWS + 6 ? DETAIL_ROWS : 0;
	const struct alarm_row *r;

	list_draw(ui, &s->list, c, (struct area){a.row, a.col, a.height - detail, a.width}, true);
	r = list_selected(ui, &s->list);
	if (r && detail)
		draw_detail(r, c, (struct area){a.row + a.height - detail, a.col, detail, a.width});
	if (s->set.unchecked)
		ui_hint(ui, SAY_WARN, _("一天多没有和平台核对过时钟：到期的日子按本机日期算"));
	else if (s->set.cut)
		ui_hint(ui, SAY_INFO, _("有的种类太多，只列最早到期的 500 条"));
}

static void alarms_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct alarms *s = state;
	char today[DATE_TEXT];

	(void)ui;
	date_format(s->set.today, today);
	text_format(out, size, "%s%s  %s", _("筛选："), _(shown_words[s->shown]),
		    s->set.row || s->set.n ? today : "");
}

static void alarms_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static bool alarms_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- what mends it
 * ----------------------------------------------------------------------------------------------------------------------
 */

static const struct {
	enum alarm_remedy remedy;
	const struct screen_ops *screen;
} opens[] = {
	{REMEDY_POSTS, &posts_screen},
	{REMEDY_ASSOCIATIONS, &teams_screen},
	{REMEDY_HIRING, &hiring_screen},
	{REMEDY_CONTRACTS, &contracts_screen},
	{REMEDY_CERTIFICATES, &due_screen},
	{REMEDY_FILINGS, &filings_screen},
	{REMEDY_WAGES, &wages_screen},
	{REMEDY_CONNECTION, &connection_screen},
	{REMEDY_PARTICIPANTS, &participants_screen},
	{REMEDY_DEVICES, &devices_screen},
};

/* A person's own remedy stands at the person. */
static bool of_person(const struct alarm_row *r)
{
	return r->person && (r->remedy == REMEDY_PERSON || r->remedy == REMEDY_CONTRACTS ||
			     r->remedy == REMEDY_CERTIFICATES);
}

static enum reaction act_open(struct ui *ui, void *state)
{
	const struct alarm_row *r = list_selected(ui, state);

	if (!r)
		return STAY;
	if (of_person(r)) {
		if (r->remedy == REMEDY_CONTRACTS)
			ui_push(ui, &contracts_screen,
				&(struct contracts_arg){.person = r->person, .name = r->who});
		else
			ui_push(ui, r->remedy == REMEDY_CERTIFICATES ? &certificates_screen : &person_screen,
				&r->person);
		return STAY;
	}
	for (size_t i = 0; i < ARRAY_LEN(opens); i++)
		if (opens[i].remedy == r->remedy) {
			ui_push(ui, opens[i].screen, r->remedy == REMEDY_POSTS ? r->subject : NULL);
			return STAY;
		}
	ui_push(ui, &prompts_screen, &(struct prompts_arg){.words = alarm_kind_word(r->kind)});
	return STAY;
}

static enum reaction act_filter(struct ui *ui, void *state)
{
	struct alarms *s = state;

	s->shown = (s->shown + 1) % SHOW_COUNT;
	list_restart(ui, &s->list);
	return STAY;
}

static enum reaction act_explain(struct ui *ui, void *state)
{
	const struct alarm_row *r = list_selected(ui, state);

	if (r)
		ui_push(ui, &prompts_screen,
			&(struct prompts_arg){.words = alarm_kind_word(r->kind), .person = r->person});
	return STAY;
}

/* --- what the platform has said
 * ---------------------------------------------------------------------------------------------------------
 */

static void said(struct ui *ui, void *owner, int answer, const char *input)
{
	struct alarms *s = owner;
	struct alarm_act a = {.event = s->event,
			      .kind = s->asked.kind,
			      .subject = s->asked.subject,
			      .month = s->asked.month,
			      .on = DATE_NONE,
			      .note = input};
	struct err e = {0};

	if (answer != 1)
		return;
	if (desk_alarm_act(ui_desk(ui), &a, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, _("已记下：%s"), event_word(s->event));
	ui_changed(ui);
}

static void chosen(struct ui *ui, void *owner, const struct form_choice *choice)
{
	struct alarms *s = owner;
	char text[NAME_TEXT + 100];

	if (!event_parse(choice->value, &s->event))
		return;
	text_format(text, sizeof(text), "%s %s：%s", alarm_kind_word(s->asked.kind), s->asked.who,
		    event_word(s->event));
	dialog_ask(ui, &(struct dialog_arg){.title = N_("平台的预警"),
					    .text = text,
					    .button = {N_("不办"), N_("记下")},
					    .n_buttons = 2,
					    .focus = 0,
					    .input_label = N_("说明"),
					    .done = said,
					    .owner = s});
}

static enum reaction act_said(struct ui *ui, void *state)
{
	struct alarms *s = state;
	const struct alarm_row *r = list_selected(ui, state);
	struct form_choice *choices;
	enum event events[8];
	size_t n;

	if (!r)
		return STAY;
	s->asked = *r;
	n = desk_alarm_possible(ui_desk(ui), r, events, ARRAY_LEN(events));
	choices = n ? calloc(n, sizeof(*choices)) : NULL;
	if (!choices) {
		ui_say(ui, SAY_INFO, "%s", _("这一条没有平台的预警可记；照“回车”去办，办好了自然消失"));
		return STAY;
	}
	for (size_t i = 0; i < n; i++) {
		text_copy(choices[i].value, sizeof(choices[i].value), event_name(events[i]));
		text_copy(choices[i].label, sizeof(choices[i].label), event_word(events[i]));
	}
	ui_push(ui, &picker_screen,
		&(struct picker_arg){.title = N_("平台的预警"),
				     .choices = choices,
				     .n = n,
				     .typed = "",
				     .done = chosen,
				     .owner = s});
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("去办"), N_("打开办这件事的画面"), act_open, NEEDS_ROW},
	{'f', 0, "filter", N_("筛选"), N_("依次看未办结、已到期、将到期、已结束的"), act_filter, 0},
	{'a', 0, "said", N_("平台已…"), N_("记下平台怎么说：预警、取消、计次、扣分、异议和结果"), act_said,
	 NEEDS_ROW},
	{'w', 0, "explain", N_("为什么"), N_("这种预警的原因和办法，不用联网"), act_explain, NEEDS_ROW},
};

const struct screen_ops alarms_screen = {
	.name = "alarms",
	.title = N_("预警"),
	.state_size = sizeof(struct alarms),
	.open = alarms_open,
	.heading = alarms_heading,
	.draw = alarms_draw,
	.event = alarms_event,
	.close = alarms_close,
	.has_row = alarms_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
