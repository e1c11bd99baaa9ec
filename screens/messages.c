/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages (decisions that arrived), and the drafts that are kept. */
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "dialog.h"
#include "list.h"
#include "screen_list.h"

static bool has_row(const void *state)
{
	return list_has_row(state);
}

static void draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
}

static void event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static void release(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

/* --- messages -------------------------------------------------------------------------------------------------------------------------- */

static int messages_load(struct ui *ui, void *owner, int64_t id, void *rows, size_t cap, size_t *n, struct err *e)
{
	(void)owner;
	return desk_messages(ui_desk(ui), id, rows, cap, n, e);
}

static int64_t message_id(const void *row)
{
	return ((const struct message_row *)row)->id;
}

static void col_when(const void *row, char *out, size_t size)
{
	char stamp[STAMP_TEXT];

	stamp_format(((const struct message_row *)row)->at_ms, stamp);
	text_copy(out, size, stamp);
}

static void col_new(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct message_row *)row)->seen ? "" : _("新"));
}

static void col_text(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct message_row *)row)->text);
}

static const struct column message_columns[] = {
	{.heading = N_("时间"), .width = 20, .text = col_when},
	{.heading = "", .width = 4, .text = col_new},
	{.heading = N_("内容"), .width = 50, .text = col_text, .name = true},
};

static const struct list_source message_source = {.row_size = sizeof(struct message_row), .behind = messages_load, .id = message_id,
	.columns = message_columns, .n_columns = ARRAY_LEN(message_columns), .empty = N_("还没有消息：平台和本人的答复会出现在这里")};

static int messages_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &message_source, state);
	return 0;
}

static enum reaction act_open(struct ui *ui, void *state)
{
	const struct message_row *m = list_selected(ui, state);

	if (m && m->person)
		ui_push(ui, &person_screen, &m->person);
	return STAY;
}

static enum reaction act_seen(struct ui *ui, void *state)
{
	const struct message_row *newest = list_row(ui, state, 0);
	struct err e = {0};

	if (!newest)
		return STAY;
	if (desk_messages_seen(ui_desk(ui), newest->id, &e))
		ui_fail(ui, &e);
	else
		ui_changed(ui);
	return STAY;
}

static const struct action message_actions[] = {
	{K_ENTER, 0, "open", N_("档案"), N_("打开有关的人的档案"), act_open, NEEDS_ROW},
	{'r', 0, "seen", N_("全部已读"), N_("把全部消息记为已读"), act_seen, NEEDS_ROW},
};

const struct screen_ops messages_screen = {
	.name = "messages",
	.title = N_("消息"),
	.state_size = sizeof(struct list),
	.open = messages_open,
	.draw = draw,
	.event = event,
	.close = release,
	.has_row = has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = message_actions,
	.n_actions = ARRAY_LEN(message_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};

/* --- drafts --------------------------------------------------------------------------------------------------------------------------------- */

struct draft_shown {
	struct draft_row row; /* first: what a column and an action take the row for */
	char about[NAME_TEXT];
};


static int drafts_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	struct draft_shown *shown = rows;
	struct draft_row *list = calloc(cap, sizeof(*list));
	int rc = list ? desk_draft_list(ui_desk(ui), list, cap, n, e) : err_set(e, ERR_MEMORY, "drafts");

	(void)owner;
	(void)anchor;
	(void)next;
	*more = false;
	for (size_t i = 0; !rc && i < *n; i++) {
		shown[i] = (struct draft_shown){.row = list[i]};
		if (list[i].mine && desk_draft_about(ui_desk(ui), list[i].form, shown[i].about, NULL))
			shown[i].about[0] = '\0'; /* its form opens all the same, or says why not */
	}
	free(list);
	return rc;
}

static int64_t draft_id(const void *row)
{
	return ((const struct draft_row *)row)->id;
}

static void col_form(const void *row, char *out, size_t size)
{
	const char *form = ((const struct draft_row *)row)->form;
	struct hire_form_arg hire;
	enum dossier_form_kind kind;
	int64_t person, device;

	if (!strcmp(form, DRAFT_TEAM))
		text_copy(out, size, _("新增班组"));
	else if (!strcmp(form, DRAFT_COMPANY))
		text_copy(out, size, _("新增单位"));
	else if (hire_form_of_draft(form, &hire))
		text_copy(out, size, hire.kind == HIRE_FORM_OFFER ? _("新建聘用") : _("劳动合同"));
	else if (book_form_of_draft(form))
		text_copy(out, size, _("登记簿登记"));
	else if (device_form_of_draft(form, &device))
		text_copy(out, size, _("考勤设备"));
	else if (sheet_draft_word(form))
		text_copy(out, size, sheet_draft_word(form));
	else if (dossier_form_of_draft(form, &kind, &person))
		text_copy(out, size, dossier_form_word(kind));
	else
		text_copy(out, size, strncmp(form, "amend", 5) ? _("登记表") : _("修改资料"));
}

static void col_about(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct draft_shown *)row)->about);
}

static void col_whose(const void *row, char *out, size_t size)
{
	const struct draft_row *d = row;

	text_copy(out, size, d->mine ? _("您本人") : d->display);
}

static void col_kept(const void *row, char *out, size_t size)
{
	char stamp[STAMP_TEXT];

	stamp_format(((const struct draft_row *)row)->at_ms, stamp);
	text_copy(out, size, stamp);
}

static const struct column draft_columns[] = {
	{.heading = N_("表"), .width = 18, .text = col_form},
	{.heading = N_("对象"), .width = 20, .text = col_about, .name = true},
	{.heading = N_("谁的"), .width = 12, .text = col_whose},
	{.heading = N_("最后填写"), .width = 20, .text = col_kept},
};

static const struct list_source draft_source = {.row_size = sizeof(struct draft_shown), .load = drafts_load, .id = draft_id, .columns = draft_columns,
	.n_columns = ARRAY_LEN(draft_columns), .empty = N_("没有草稿")};

static int drafts_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &draft_source, state);
	return 0;
}

static const struct draft_row *mine(struct ui *ui, void *state)
{
	const struct draft_row *d = list_selected(ui, state);

	if (d && d->mine)
		return d;
	if (d)
		ui_say(ui, SAY_INFO, _("这是 %s 的草稿，由其本人登录后继续"), d->display);
	return NULL;
}

/* A lesson of many opens with the people who are marked; its draft knows them not. */
static void continue_dossier(struct ui *ui, enum dossier_form_kind kind, int64_t person)
{
	if (person)
		ui_push(ui, &dossier_form_screen, &(struct dossier_form_arg){.kind = kind, .persons = &person, .n = 1});
	else if (!ui_push(ui, &roster_screen, NULL))
		ui_say(ui, SAY_INFO, "%s", _("标记参加培训的人，再按“培训”，接着填"));
}

static enum reaction act_continue(struct ui *ui, void *state)
{
	const struct draft_row *d = mine(ui, state);
	char form[sizeof(d->form)];
	struct hire_form_arg hire;
	enum dossier_form_kind kind;
	int64_t person, device;

	if (!d)
		return STAY;
	text_copy(form, sizeof(form), d->form);
	ui_pop_state(ui, state);
	if (!strcmp(form, DRAFT_TEAM))
		ui_push(ui, &site_form_screen, &(struct site_form_arg){.kind = SITE_FORM_TEAM});
	else if (!strcmp(form, DRAFT_COMPANY))
		ui_push(ui, &site_form_screen, &(struct site_form_arg){.kind = SITE_FORM_COMPANY});
	else if (hire_form_of_draft(form, &hire))
		ui_push(ui, &hire_form_screen, &hire);
	else if (book_form_of_draft(form))
		ui_push(ui, &book_form_screen, &(struct book_form_arg){.draft_form = form});
	else if (device_form_of_draft(form, &device))
		ui_push(ui, &device_form_screen, device ? &device : NULL);
	else if (sheet_draft_word(form))
		ui_push(ui, &sheet_form_screen, &(struct sheet_form_arg){.draft_form = form});
	else if (dossier_form_of_draft(form, &kind, &person))
		continue_dossier(ui, kind, person);
	else
		ui_push(ui, &register_screen, &(struct register_arg){.draft = true, .draft_form = form});
	return STAY;
}

static void dropped(struct ui *ui, void *owner, int answer, const char *input)
{
	const struct draft_row *d = list_selected(ui, owner);
	struct err e = {0};

	(void)input;
	if (answer != 1 || !d || !d->mine)
		return;
	if (desk_draft_drop(ui_desk(ui), d->form, &e))
		ui_fail(ui, &e);
	ui_changed(ui);
}

static enum reaction act_drop(struct ui *ui, void *state)
{
	if (mine(ui, state))
		dialog_ask(ui, &(struct dialog_arg){.title = N_("丢弃草稿"), .text = _("丢弃这份草稿？丢弃后不能找回。"), .button = {N_("保留"), N_("丢弃")},
						    .n_buttons = 2, .done = dropped, .owner = state});
	return STAY;
}

static const struct action draft_actions[] = {
	{K_ENTER, 0, "continue", N_("继续填写"), N_("打开这份草稿，接着填"), act_continue, NEEDS_ROW},
	{'d', K_DELETE, "drop", N_("丢弃"), N_("丢弃这份草稿；再确认一次"), act_drop, NEEDS_ROW},
};

const struct screen_ops drafts_screen = {
	.name = "drafts",
	.title = N_("草稿"),
	.state_size = sizeof(struct list),
	.open = drafts_open,
	.draw = draw,
	.event = event,
	.close = release,
	.has_row = has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = draft_actions,
	.n_actions = ARRAY_LEN(draft_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
