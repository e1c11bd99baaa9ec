/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What platforms say and what to do about it (F8): the region's prompts, found by any part of their words
 * while typing; the selected one whole beneath; Enter begins its remedy where that is in this program's
 * power. Opened from a refusal it stands at the words of that.
 */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "edit.h"
#include "list.h"
#include "screen_list.h"

#define PROMPTS_MOST 512
#define DETAIL_ROWS 10 /* the longest cause and remedy, in English */

struct prompts {
	struct list list; /* first */
	struct edit search;
	const struct prompt
		*found[PROMPTS_MOST]; /* the profile's; looked for again whenever something changed */
	size_t n;
	int64_t person, outbox; /* whose refusal it is; 0: nobody's */
	char field[32];
};

/* The place in `found` is the row's id and anchor. */
struct prompt_line {
	int64_t id;
	const struct prompt *prompt;
};

/* --- what begins a remedy
 * -------------------------------------------------------------------------------------------------------- */

static void start_roster(struct ui *ui, struct prompts *p, enum roster_filter filter)
{
	if (p->person)
		ui_push(ui, &person_screen, &p->person);
	else
		ui_push(ui, &roster_screen, &(struct roster_arg){.filter = filter});
}

static void begin_roster(struct ui *ui, struct prompts *p)
{
	start_roster(ui, p, ROSTER_ALL);
}

static void begin_confirm(struct ui *ui, struct prompts *p)
{
	start_roster(ui, p, ROSTER_TO_CONFIRM);
}

static void begin_enter(struct ui *ui, struct prompts *p)
{
	start_roster(ui, p, ROSTER_TO_ENTER);
}

static void begin_exit(struct ui *ui, struct prompts *p)
{
	start_roster(ui, p, ROSTER_ON_SITE);
}

static void begin_upload(struct ui *ui, struct prompts *p)
{
	(void)p;
	ui_push(ui, &upload_screen, NULL);
}

static void begin_amend(struct ui *ui, struct prompts *p)
{
	if (p->person)
		ui_push(ui, &register_screen,
			&(struct register_arg){.amend = p->person, .focus = p->field[0] ? p->field : NULL});
	else
		begin_upload(ui, p);
}

static void begin_retry(struct ui *ui, struct prompts *p)
{
	struct err e = {0};

	if (!p->outbox) {
		begin_upload(ui, p);
		return;
	}
	if (desk_outbox_retry(ui_desk(ui), p->outbox, &e)) {
		ui_fail(ui, &e);
		return;
	}
	p->outbox = 0;
	ui_changed(ui);
	ui_say(ui, SAY_DONE, "%s", _("将原样重新上传"));
}

static void begin_teams(struct ui *ui, struct prompts *p)
{
	(void)p;
	ui_push(ui, &teams_screen, NULL);
}

static void begin_participants(struct ui *ui, struct prompts *p)
{
	(void)p;
	ui_push(ui, &participants_screen, NULL);
}

static void begin_messages(struct ui *ui, struct prompts *p)
{
	(void)p;
	ui_push(ui, &messages_screen, NULL);
}

/* What the clerk can see to is a number or name of the project's own sheet. */
static void begin_project(struct ui *ui, struct prompts *p)
{
	(void)p;
	ui_push(ui, &sheet_form_screen, &(struct sheet_form_arg){.sheet = SHEET_PROJECT, .uid = desk_project(ui_desk(ui))->uid});
}

static void begin_posts(struct ui *ui, struct prompts *p)
{
	(void)p;
	ui_push(ui, &posts_screen, NULL);
}

/* Of the person whom it is about, else of whom it may be: the posts say who lacks what. */
static void begin_certificates(struct ui *ui, struct prompts *p)
{
	if (p->person)
		ui_push(ui, &certificates_screen, &p->person);
	else
		begin_posts(ui, p);
}

static void begin_wages(struct ui *ui, struct prompts *p)
{
	(void)p;
	ui_push(ui, &wages_screen, NULL);
}

static const struct remedy {
	const char *action; /* profile/profile.h */
	const char *word;
	void (*begin)(struct ui *ui, struct prompts *p);
} remedies[] = {
	{"roster", N_("打开名册"), begin_roster},
	{"amend", N_("改正资料"), begin_amend},
	{"confirm", N_("办理确认"), begin_confirm},
	{"enter", N_("办理进场"), begin_enter},
	{"exit", N_("办理退场"), begin_exit},
	{"teams", N_("打开班组"), begin_teams},
	{"participants", N_("打开参建单位"), begin_participants},
	{"upload", N_("打开上传"), begin_upload},
	{"retry", N_("重新上传"), begin_retry},
	{"messages", N_("打开消息"), begin_messages},
	{"posts", N_("打开关键岗位"), begin_posts},
	{"certificates", N_("打开证书"), begin_certificates},
	{"wages", N_("打开工资台账"), begin_wages},
	{"project", N_("填项目资料"), begin_project},
};

static const struct remedy *remedy_of(const struct prompt *prompt)
{
	for (size_t i = 0; i < ARRAY_LEN(remedies); i++)
		if (strcmp(remedies[i].action, prompt->action) == 0)
			return &remedies[i];
	return NULL;
}

/* --- the list
 * ------------------------------------------------------------------------------------------------------------------------
 */

static int prompts_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n,
			void *next, bool *more, struct err *e)
{
	struct prompts *p = owner;
	struct prompt_line *line = rows;
	size_t from = 0;

	(void)ui;
	(void)e;
	if (anchor)
		memcpy(&from, anchor, sizeof(from));
	for (*n = 0; from < p->n && *n < cap; from++)
		line[(*n)++] = (struct prompt_line){.id = (int64_t)from + 1, .prompt = p->found[from]};
	memcpy(next, &from, sizeof(from));
	*more = from < p->n;
	return 0;
}

static int64_t prompts_id(const void *row)
{
	return ((const struct prompt_line *)row)->id;
}

static void col_match(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct prompt_line *)row)->prompt->match);
}

static void col_remedy(const void *row, char *out, size_t size)
{
	const struct remedy *r = remedy_of(((const struct prompt_line *)row)->prompt);

	text_copy(out, size, r ? _(r->word) : _("到平台或由本人办理"));
}

static const struct column columns[] = {
	{.heading = N_("平台的提示"), .width = 54, .text = col_match, .name = true},
	{.heading = N_("回车"), .width = 22, .text = col_remedy},
};

static const struct list_source source = {
	.row_size = sizeof(struct prompt_line),
	.load = prompts_load,
	.id = prompts_id,
	.columns = columns,
	.n_columns = ARRAY_LEN(columns),
	.empty = N_("没有哪条提示有这几个字。少键入几个字再找；提示的原文在上传页")};

static void look(struct ui *ui, struct prompts *p)
{
	const struct profile *profile = desk_profile(ui_desk(ui));

	p->n = profile ? profile_prompts(profile, p->search.text, p->found, PROMPTS_MOST) : 0;
}

static void find(struct ui *ui, struct prompts *p)
{
	look(ui, p);
	list_restart(ui, &p->list);
}

/* --- the screen
 * ------------------------------------------------------------------------------------------------------------------------
 */

/* A platform's whole sentence finds what it contains; where it finds nothing all are shown. */
static int prompts_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct prompts *p = state;
	const struct prompts_arg *a = arg;

	(void)e;
	list_init(&p->list, &source, p);
	p->search.max_chars = 150;
	if (a) {
		p->person = a->person;
		p->outbox = a->outbox;
		text_copy(p->field, sizeof(p->field), a->field ? a->field : "");
		edit_set(&p->search, a->words ? a->words : "");
	}
	find(ui, p);
	if (p->n || !p->search.text[0])
		return 0;
	edit_set(&p->search, "");
	find(ui, p);
	return 0;
}

static void prompts_close(struct ui *ui, void *state)
{
	(void)ui;
	if (((struct prompts *)state)->list.src)
		list_release(state);
}

static void prompts_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct profile *profile = desk_profile(ui_desk(ui));

	text_format(out, size, _("%s  %zu 条"), profile ? _(profile_title(profile)) : "",
		    ((const struct prompts *)state)->n);
}

static void draw_detail(const struct prompt *prompt, struct canvas *c, struct area a)
{
	char text[sizeof(prompt->cause) + sizeof(prompt->remedy) + sizeof(prompt->source) + 64];

	text_format(text, sizeof(text), _("原因：%s\n办法：%s\n出处：%s"), _(prompt->cause), _(prompt->remedy),
		    prompt->source);
	canvas_paragraph(c, a.row, a.col + 2, a.height, a.width - 4, 0, text);
}

static void prompts_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct prompts *p = state;
	int detail = a.height > DETAIL_ROWS + 6 ? DETAIL_ROWS : a.height / 3;
	struct area rows = {a.row + 1, a.col, a.height - 2 - detail, a.width};
	const struct prompt_line *line;
	int used;

	list_draw(ui, &p->list, c, rows, false);
	line = list_selected(ui, &p->list);
	if (line)
		draw_detail(line->prompt, c,
			    (struct area){a.row + a.height - detail, a.col, detail, a.width});
	used = canvas_text(c, a.row, a.col, a.width, ATTR_PLAIN, _("找：")) + 1;
	edit_draw(&p->search, c, a.row, a.col + used, a.width - used, ATTR_PLAIN, true);
}

static void prompts_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct prompts *p = state;

	if (ev->kind != UI_EVENT_CHANGED)
		return;
	look(ui, p); /* where she is reading, she stays */
	list_reload(ui, &p->list);
}

static enum reaction prompts_key(struct ui *ui, void *state, int key)
{
	struct prompts *p = state;
	bool changed = false;

	if (!edit_key(&p->search, key, &changed))
		return NOT_MINE;
	if (changed)
		find(ui, p);
	return STAY;
}

static bool prompts_typing(const void *state)
{
	(void)state;
	return true;
}

static bool prompts_has_row(const void *state)
{
	return list_has_row(state);
}

static enum reaction act_begin(struct ui *ui, void *state)
{
	const struct prompt_line *line = list_selected(ui, state);
	const struct remedy *r = line ? remedy_of(line->prompt) : NULL;

	if (r)
		r->begin(ui, state);
	else if (line)
		ui_say(ui, SAY_INFO, "%s", _("这一条要到平台上或由本人办理，请照“办法”去做"));
	return STAY;
}

static enum reaction act_back(struct ui *ui, void *state)
{
	struct prompts *p = state;

	if (!p->search.text[0])
		return CLOSE;
	edit_set(&p->search, "");
	find(ui, p);
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "begin", N_("去办"), N_("开始选中一条的办法：打开要办的画面"), act_begin, NEEDS_ROW},
	{K_ESC, 0, "back", N_("返回"), N_("先清除键入的文字，再按返回上一画面"), act_back, 0},
};

const struct screen_ops prompts_screen = {
	.name = "prompts",
	.title = N_("平台提示"),
	.state_size = sizeof(struct prompts),
	.open = prompts_open,
	.heading = prompts_heading,
	.draw = prompts_draw,
	.key = prompts_key,
	.event = prompts_event,
	.close = prompts_close,
	.typing = prompts_typing,
	.has_row = prompts_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
