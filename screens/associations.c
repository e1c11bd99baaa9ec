/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Teams and labour subcontractors (C4, C7): waiting, associated, unbound, with the days that run. Asked for and ended with a file attached;
 * answered by the subcontractor, here where the account acts for it.
 */
#include "associations.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/association.h"
#include "desk/upkeep.h"
#include "dialog.h"
#include "form.h"
#include "list.h"
#include "screen_list.h"

#define PATH_CHARS 300
#define COMPANIES_MOST 500

/* --- asking and unbinding: the company is chosen, the file is named ------------------------------------------------------------------------ */

static void related(struct ui *ui, struct association_ask *q, const char *path)
{
	struct association a = {.team_uid = q->team_uid, .company = q->company, .on = DATE_NONE};
	struct err e = {0};
	struct buf file;
	int rc;

	buf_init(&file, ASSOCIATION_FILE_MAX * 4 + 4096);
	rc = desk_evidence_read(path, &file, &a.mime, &e);
	a.evidence = file.data;
	a.evidence_bytes = file.len;
	if (!rc)
		rc = q->unbind ? desk_association_unbind(ui_desk(ui), &a, &e) : desk_association_ask(ui_desk(ui), &a, &e);
	buf_wipe_release(&file);
	if (rc) {
		ui_fail_why(ui, &e);
		return;
	}
	if (q->unbind)
		ui_say(ui, SAY_DONE, _("班组“%s”已解除关联"), q->team);
	else
		ui_say(ui, SAY_DONE, _("已向%s申请关联班组“%s”，等对方确认"), q->company, q->team);
	ui_changed(ui);
}

static void file_named(struct ui *ui, void *owner, int answer, const char *input)
{
	if (answer == 1)
		related(ui, owner, input);
}

static void ask_file(struct ui *ui, struct association_ask *q)
{
	char text[NAME_TEXT * 2 + 100];

	if (q->unbind)
		text_format(text, sizeof(text), _("班组“%s”解除关联，不必对方确认。附上解除关联的材料（PDF、JPEG 或 PNG）。"), q->team);
	else
		text_format(text, sizeof(text), _("班组“%s”向%s申请关联。附上劳务合同（PDF、JPEG 或 PNG）。"), q->team, q->company);
	dialog_ask(ui, &(struct dialog_arg){.title = q->unbind ? N_("解除关联") : N_("申请关联"), .text = text,
					    .button = {N_("不办"), N_("办理")}, .n_buttons = 2, .focus = 0, .input_label = N_("文件"),
					    .input_chars = PATH_CHARS, .input_needed = true, .done = file_named, .owner = q});
}

static void company_picked(struct ui *ui, void *owner, const struct form_choice *choice)
{
	struct association_ask *q = owner;

	text_copy(q->company, sizeof(q->company), choice->label);
	ask_file(ui, q);
}

/* Companies of the library that have logged in to the platform, by their full names. */
static size_t partners(struct ui *ui, struct form_choice *out, size_t cap)
{
	struct company_row page[16];
	char after[24] = "";
	size_t got, n = 0;

	do {
		if (desk_company_list(ui_desk(ui), after, page, ARRAY_LEN(page), &got, NULL))
			return n;
		for (size_t i = 0; i < got && n < cap; i++) {
			text_copy(after, sizeof(after), page[i].credit_code);
			if (page[i].on_platform_since == DATE_NONE)
				continue;
			text_copy(out[n].value, sizeof(out[n].value), page[i].credit_code);
			text_copy(out[n++].label, sizeof(out[0].label), page[i].name);
		}
	} while (got == ARRAY_LEN(page) && n < cap);
	return n;
}

void association_ask(struct ui *ui, struct association_ask *q, const struct team_row *team, bool unbind)
{
	struct form_choice *all;
	size_t n;

	text_copy(q->team_uid, sizeof(q->team_uid), team->uid);
	text_copy(q->team, sizeof(q->team), team->name);
	q->unbind = unbind;
	if (unbind) {
		text_copy(q->company, sizeof(q->company), team->partner);
		ask_file(ui, q);
		return;
	}
	all = calloc(COMPANIES_MOST, sizeof(*all));
	n = all ? partners(ui, all, COMPANIES_MOST) : 0;
	if (n) {
		ui_push(ui, &picker_screen, &(struct picker_arg){.title = N_("劳务单位"), .choices = all, .n = n, .typed = "", .done = company_picked, .owner = q});
		return;
	}
	free(all);
	ui_say(ui, SAY_WARN, "%s", _("企业库里没有登录过平台的单位：先在企业库里填写该单位的“已登录平台”"));
}

/* --- the list ------------------------------------------------------------------------------------------------------------------------------- */

struct associations {
	struct list list; /* first */
	enum team_state relation;
	struct association_ask ask;
	bool confirm; /* what is being asked about */
};

static int associations_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more,
			     struct err *e)
{
	const struct associations *s = owner;
	struct team_row after = {.id = 0}, *row = rows;

	if (anchor) {
		memcpy(&after.id, anchor, sizeof(after.id));
		text_copy(after.name, sizeof(after.name), (const char *)anchor + sizeof(after.id));
	}
	if (desk_association_list(ui_desk(ui), s->relation, anchor ? &after : NULL, row, cap, n, e))
		return -1;
	if (*n) {
		memcpy(next, &row[*n - 1].id, sizeof(after.id));
		text_copy((char *)next + sizeof(after.id), LIST_ANCHOR - sizeof(after.id), row[*n - 1].name);
	}
	*more = *n == cap;
	return 0;
}

static int64_t association_id(const void *row)
{
	return ((const struct team_row *)row)->id;
}

static void col_team(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct team_row *)row)->name);
}

static void col_partner(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct team_row *)row)->partner);
}

static void col_own(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct team_row *)row)->company);
}

static void col_since(const void *row, char *out, size_t size)
{
	const struct team_row *t = row;
	char on[DATE_TEXT];

	date_format(t->unassociated_on, on);
	if (t->unassociated_on == DATE_NONE)
		text_copy(out, size, "");
	else
		text_format(out, size, _("%s 起 %d 天"), on, (int)(date_today() - t->unassociated_on));
}

static const struct column columns[] = {
	{.heading = N_("班组"), .width = 16, .text = col_team, .name = true},
	{.heading = N_("劳务单位"), .width = 26, .text = col_partner},
	{.heading = N_("施工单位"), .width = 14, .text = col_own},
	{.heading = N_("未关联"), .width = 21, .text = col_since},
};

static const struct list_source source = {.row_size = sizeof(struct team_row), .load = associations_load, .id = association_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns), .empty = N_("没有这种关联：在班组列表按 l 申请，按 f 看别的")};

static int associations_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct associations *s = state;

	(void)ui;
	(void)arg;
	(void)e;
	s->relation = TEAM_REQUESTED;
	list_init(&s->list, &source, s);
	return 0;
}

static void associations_close(struct ui *ui, void *state)
{
	(void)ui;
	if (((struct associations *)state)->list.src)
		list_release(state);
}

static void associations_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	const struct team_row *t = list_selected(ui, state);
	struct association_days days = desk_association_days(ui_desk(ui), t ? t->unassociated_on : DATE_NONE);
	char alarm[DATE_TEXT], credit[DATE_TEXT], text[200];

	list_draw(ui, state, c, a, true);
	if (days.alarm_on == DATE_NONE)
		return;
	date_format(days.alarm_on, alarm);
	date_format(days.credit_on, credit);
	text_format(text, sizeof(text), _("%s 前没有完成关联产生预警；%s 前仍没有，扣施工单位信用分"), alarm, credit);
	ui_hint(ui, date_today() >= days.alarm_on ? SAY_ERROR : SAY_WARN, text);
}

static void associations_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	(void)ui;
	text_format(out, size, "%s%s", _("筛选："), state_word(CYCLE_TEAM, ((const struct associations *)state)->relation));
}

static void associations_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static bool associations_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- actions --------------------------------------------------------------------------------------------------------------------------------- */

static enum reaction act_filter(struct ui *ui, void *state)
{
	struct associations *s = state;

	s->relation = s->relation == TEAM_UNBOUND ? TEAM_REQUESTED : s->relation + 1;
	list_restart(ui, &s->list);
	return STAY;
}

static enum reaction act_members(struct ui *ui, void *state)
{
	const struct team_row *t = list_selected(ui, state);

	if (t)
		ui_push(ui, &roster_screen, &(struct roster_arg){.team = t->id, .team_name = t->name});
	return STAY;
}

static void answered(struct ui *ui, void *owner, int answer, const char *input)
{
	struct associations *s = owner;
	struct err e = {0};

	if (answer != 1)
		return;
	if (desk_association_answer(ui_desk(ui), s->ask.team_uid, s->confirm, input, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, s->confirm ? _("已确认关联班组“%s”") : _("已拒绝关联班组“%s”"), s->ask.team);
	ui_changed(ui);
}

static enum reaction ask_answer(struct ui *ui, struct associations *s, bool confirm)
{
	const struct team_row *t = list_selected(ui, &s->list);
	char text[NAME_TEXT * 2 + 100];

	if (!t)
		return STAY;
	text_copy(s->ask.team_uid, sizeof(s->ask.team_uid), t->uid);
	text_copy(s->ask.team, sizeof(s->ask.team), t->name);
	s->confirm = confirm;
	text_format(text, sizeof(text), confirm ? _("%s申请把班组“%s”关联到本单位：确认吗？") : _("%s申请把班组“%s”关联到本单位：拒绝吗？"), t->company, t->name);
	dialog_ask(ui, &(struct dialog_arg){.title = confirm ? N_("确认关联") : N_("拒绝关联"), .text = text, .button = {N_("不办"), N_("办理")},
					    .n_buttons = 2, .focus = 0, .input_label = N_("说明"), .input_needed = !confirm, .done = answered, .owner = s});
	return STAY;
}

static enum reaction act_confirm(struct ui *ui, void *state)
{
	return ask_answer(ui, state, true);
}

static enum reaction act_refuse(struct ui *ui, void *state)
{
	return ask_answer(ui, state, false);
}

static enum reaction act_unbind(struct ui *ui, void *state)
{
	struct associations *s = state;
	const struct team_row *t = list_selected(ui, &s->list);

	if (t)
		association_ask(ui, &s->ask, t, true);
	return STAY;
}

static enum reaction act_again(struct ui *ui, void *state)
{
	struct associations *s = state;
	const struct team_row *t = list_selected(ui, &s->list);

	if (t)
		association_ask(ui, &s->ask, t, false);
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("成员"), N_("打开这个班组的人员名册"), act_members, NEEDS_ROW},
	{'f', 0, "filter", N_("筛选"), N_("依次看待确认、已关联、已解绑的班组"), act_filter, 0},
	{'c', 0, "confirm", N_("确认"), N_("由被申请的劳务单位确认关联"), act_confirm, NEEDS_ROW},
	{'r', 0, "refuse", N_("拒绝"), N_("由被申请的劳务单位拒绝关联，写明原因"), act_refuse, NEEDS_ROW},
	{'u', 0, "unbind", N_("解绑"), N_("解除班组关联，附上材料；不必对方确认"), act_unbind, NEEDS_ROW},
	{'l', 0, "associate", N_("重新申请"), N_("解绑的班组重新向劳务单位申请关联"), act_again, NEEDS_ROW},
};

const struct screen_ops associations_screen = {
	.name = "associations",
	.title = N_("班组关联"),
	.state_size = sizeof(struct associations),
	.open = associations_open,
	.heading = associations_heading,
	.draw = associations_draw,
	.event = associations_event,
	.close = associations_close,
	.has_row = associations_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
