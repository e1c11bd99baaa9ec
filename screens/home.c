/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The day: who waits for what, what has not been uploaded and why. Each line opens what it counts. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/alarm.h"
#include "desk/association.h"
#include "desk/contract.h"
#include "desk/conflict.h"
#include "desk/results.h"
#include "desk/device.h"
#include "desk/hiring.h"
#include "list.h"
#include "screen_list.h"

enum target { TO_ROSTER, TO_UPLOAD, TO_MESSAGES, TO_DRAFTS, TO_HIRING, TO_CONTRACTS, TO_ASSOCIATIONS, TO_CONFLICTS, TO_BY_HAND, TO_ALARMS, TO_TEAMS, TO_COLLECTED, TO_NOTHING };

struct home_row { int64_t id; char label[80], count[16], note[300]; enum target target; enum roster_filter filter; enum hiring_filter hiring; enum contract_filter contracts; unsigned attr; };

struct home { struct list list; };

#define HOME_ROWS 24
struct filling { struct home_row *row; size_t n; };

static struct home_row *add(struct filling *f, const char *label, int64_t count, enum target target)
{
	struct home_row *r = &f->row[f->n++];

	*r = (struct home_row){.id = (int64_t)f->n, .target = target};
	text_copy(r->label, sizeof(r->label), label);
	if (count >= 0)
		text_format(r->count, sizeof(r->count), "%lld", (long long)count);
	return r;
}

static void add_people(struct filling *f, enum roster_filter filter, int64_t count, const char *note)
{
	struct home_row *r = add(f, roster_filter_word(filter), count, TO_ROSTER);

	r->filter = filter;
	text_copy(r->note, sizeof(r->note), note);
}

static void confirmed_text(const struct outbox_counts *c, char *out, size_t size)
{
	char stamp[STAMP_TEXT];

	if (!c->confirmed_ms) {
		text_copy(out, size, _("平台还没有确认过"));
		return;
	}
	stamp_format(c->confirmed_ms, stamp);
	text_format(out, size, _("平台最近确认于 %s"), stamp);
}

static void add_upload(struct filling *f, const struct day *day)
{
	const int64_t *n = day->outbox.state;
	int64_t unsent = n[OUTBOX_HELD] + n[OUTBOX_READY] + n[OUTBOX_SENDING] + n[OUTBOX_WAITING] + n[OUTBOX_UNKNOWN];
	struct home_row *r = add(f, _("等候上传的记录"), unsent, TO_UPLOAD);

	if (day->line.trouble != ERR_NONE && unsent)
		text_format(r->note, sizeof(r->note), "%s。%s", err_sentence(day->line.trouble), err_advice(day->line.trouble));
	else
		confirmed_text(&day->outbox, r->note, sizeof(r->note));
	r->attr = unsent ? ATTR_YELLOW : ATTR_GREEN;
	r = add(f, _("被退回的记录"), n[OUTBOX_REJECTED], TO_UPLOAD);
	r->attr = n[OUTBOX_REJECTED] ? ATTR_RED : 0;
	if (n[OUTBOX_REJECTED])
		text_copy(r->note, sizeof(r->note), _("打开看原因，改正后再上传"));
}

static void add_today(struct filling *f, const struct day *day)
{
	struct home_row *r = add(f, _("今天已办"), -1, TO_NOTHING);

	text_format(r->note, sizeof(r->note), _("登记 %lld 人，进场 %lld 人，退场 %lld 人"), (long long)day->registered_today,
		    (long long)day->entered_today, (long long)day->exited_today);
}

/* C7: counted down, never acted on. */
static void add_associations(struct ui *ui, struct filling *f)
{
	struct association_due due;
	char alarm[DATE_TEXT], credit[DATE_TEXT];
	struct home_row *r;

	if (desk_association_due(ui_desk(ui), &due, NULL) || !due.teams)
		return;
	r = add(f, _("未关联的班组"), due.teams, TO_ASSOCIATIONS);
	date_format(due.first.alarm_on, alarm);
	date_format(due.first.credit_on, credit);
	if (date_today() < due.first.alarm_on)
		text_format(r->note, sizeof(r->note), _("最早的 %s 产生预警"), alarm);
	else
		text_format(r->note, sizeof(r->note), _("%s 起预警，%s 起扣信用分"), alarm, credit);
	r->attr = date_today() < due.first.alarm_on ? ATTR_YELLOW : ATTR_RED;
}

static void add_drafts(struct ui *ui, struct filling *f)
{
	struct draft_row row[16];
	size_t n = 0;

	if (!desk_session(ui_desk(ui))->has_key || desk_draft_list(ui_desk(ui), row, ARRAY_LEN(row), &n, NULL) || !n)
		return;
	text_copy(add(f, _("草稿"), (int64_t)n, TO_DRAFTS)->note, sizeof(((struct home_row *)0)->note), _("填了一半的表，打开继续"));
}

/* Where the region has the step: it stands between the person's consent and the first submission, and is done for all of them at once. */
static void add_to_register(struct filling *f, const struct hiring_counts *c)
{
	struct home_row *r;

	if (!c->to_register)
		return;
	r = add(f, hiring_filter_word(HIRING_TO_REGISTER), c->to_register, TO_HIRING);
	r->hiring = HIRING_TO_REGISTER;
	r->attr = ATTR_YELLOW;
	text_copy(r->note, sizeof(r->note), _("本人已同意：打开，标记后按 u 办理用工登记"));
}

static void add_to_submit(struct filling *f, const struct day *day, const struct hiring_counts *c)
{
	char note[200];

	if (c->to_register)
		text_format(note, sizeof(note), _("还没有提交到班组；其中 %lld 人先办用工登记"), (long long)c->to_register);
	else
		text_copy(note, sizeof(note), _("已登记，还没有提交到班组"));
	add_people(f, ROSTER_TO_SUBMIT, day->to_submit, note);
}

/* Only what there is: on most days nobody leaves and nothing runs out. */
static void add_hiring(struct filling *f, const struct hiring_counts *c)
{
	struct home_row *r;
	char stamp[STAMP_TEXT];

	if (c->leaving + c->leaving_on + c->dismissing) {
		r = add(f, _("离职与解聘"), c->leaving + c->leaving_on + c->dismissing, TO_HIRING);
		stamp_format(c->next_due_ms, stamp);
		if (c->leaving)
			text_format(r->note, sizeof(r->note), _("%lld 人申请离职，最早的请在 %.16s 前答复"), (long long)c->leaving, stamp);
		else
			text_copy(r->note, sizeof(r->note), _("定期离职、解聘中的人"));
		r->attr = c->leaving ? ATTR_YELLOW : 0;
	}
	if (c->contracts_expiring + c->contracts_expired) {
		r = add(f, _("合同到期"), c->contracts_expiring + c->contracts_expired, TO_CONTRACTS);
		text_format(r->note, sizeof(r->note), _("已到期 %lld 份，%d 天内到期 %lld 份"), (long long)c->contracts_expired, CONTRACT_WARN_DAYS,
			    (long long)c->contracts_expiring);
		r->contracts = c->contracts_expired ? CONTRACTS_EXPIRED : CONTRACTS_EXPIRING;
		r->attr = c->contracts_expired ? ATTR_RED : ATTR_YELLOW;
	}
}

/* F9: what stands and what falls due, counted as the alarms' own screen does; people's documents and training are looked through there only. */
static int add_alarms(struct ui *ui, struct filling *f, struct err *e)
{
	struct alarm_counts c;
	struct home_row *r;

	if (desk_alarm_counts(ui_desk(ui), &c, e))
		return -1;
	if (!c.stand && !c.come)
		return 0;
	r = add(f, _("预警"), c.stand + c.come, TO_ALARMS);
	text_format(r->note, sizeof(r->note), _("已到期 %lld，将到期 %lld：%s"), (long long)c.stand, (long long)c.come, c.first);
	r->attr = c.stand ? ATTR_RED : ATTR_YELLOW;
	return 0;
}

/* K4: what the platform's interface does not take waits for somebody at its page. */
static int add_by_hand(struct ui *ui, struct filling *f, struct err *e)
{
	struct home_row *r;
	int64_t n;

	if (desk_by_hand_count(ui_desk(ui), NULL, 1000, &n, e))
		return -1;
	if (!n)
		return 0;
	r = add(f, _("平台页面待办"), n, TO_BY_HAND);
	text_copy(r->note, sizeof(r->note), _("接口不接收的，要在平台网页上办；办完在这里记下"));
	r->attr = ATTR_YELLOW;
	return 0;
}

/* What is to be settled with the platform: at its page, and where both sides differ. */
static int add_conflicts(struct ui *ui, struct filling *f, struct err *e)
{
	struct home_row *r;
	int64_t n;

	if (add_by_hand(ui, f, e) || desk_conflict_count(ui_desk(ui), 1000, &n, e))
		return -1;
	if (!n)
		return 0;
	r = add(f, _("两边不一致"), n, TO_CONFLICTS);
	text_copy(r->note, sizeof(r->note), _("这里和平台都改过的内容，选定用哪一边的"));
	r->attr = ATTR_YELLOW;
	return 0;
}

/* Whom devices have collected (H2): nothing comes of them before a clerk has looked. */
static int add_collected(struct ui *ui, struct filling *f, struct err *e)
{
	struct home_row *r;
	int64_t n;

	if (desk_collected_count(ui_desk(ui), 1000, &n, e))
		return -1;
	if (!n)
		return 0;
	r = add(f, _("设备采集的人员"), n, TO_COLLECTED);
	text_copy(r->note, sizeof(r->note), _("设备采集、还没有核对：打开核对后登记，或搁置"));
	r->attr = ATTR_YELLOW;
	return 0;
}

static int home_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	struct filling f = {.row = rows};
	struct hiring_counts hiring;
	struct day day;

	(void)owner;
	(void)anchor;
	(void)cap;
	(void)next;
	if (desk_day(ui_desk(ui), &day, e) || desk_hiring_counts(ui_desk(ui), &hiring, e))
		return -1;
	add_people(&f, ROSTER_WAITING_CONSENT, day.waiting_consent, _("等本人同意聘用，或等平台办完登记"));
	add_to_register(&f, &hiring);
	add_to_submit(&f, &day, &hiring);
	add_people(&f, ROSTER_TO_CONFIRM, day.to_confirm, _("等接收单位的项目经理确认"));
	add_people(&f, ROSTER_TO_ENTER, day.to_enter, _("已确认，可以办理进场"));
	add_people(&f, ROSTER_ON_SITE, day.on_site, "");
	add_people(&f, ROSTER_REFUSED, day.returned, _("手续被退回或内容被平台退回的人"));
	add_hiring(&f, &hiring);
	if (add_alarms(ui, &f, e) || add_collected(ui, &f, e) || add_conflicts(ui, &f, e))
		return -1;
	if (day.leaderless) {
		struct home_row *r = add(&f, _("没有班组长的班组"), day.leaderless, TO_TEAMS);

		text_copy(r->note, sizeof(r->note), _("班组长已离开：打开班组，按 b 指定接任的人"));
		r->attr = ATTR_YELLOW;
	}
	add_upload(&f, &day);
	text_copy(add(&f, _("未读消息"), day.unseen_messages, TO_MESSAGES)->note, sizeof(f.row->note), _("平台和本人的答复"));
	add_associations(ui, &f);
	add_drafts(ui, &f);
	add_today(&f, &day);
	*n = f.n;
	*more = false;
	return 0;
}

static int64_t home_id(const void *row)
{
	return ((const struct home_row *)row)->id;
}

static void col_label(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct home_row *)row)->label);
}

static void col_count(const void *row, char *out, size_t size)
{
	const char *count = ((const struct home_row *)row)->count;

	text_format(out, size, "%5s", count);
}

static void col_note(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct home_row *)row)->note);
}

static unsigned attr_count(const void *row)
{
	return ((const struct home_row *)row)->attr;
}

static const struct column columns[] = {
	{.heading = N_("事项"), .width = 20, .text = col_label, .name = true},
	{.heading = N_("   数"), .width = 8, .text = col_count, .attr = attr_count},
	{.heading = N_("说明"), .width = 40, .text = col_note},
};

static const struct list_source source = {
	.row_size = sizeof(struct home_row), .load = home_load, .id = home_id, .columns = columns, .n_columns = ARRAY_LEN(columns)};

static int home_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &source, state);
	return 0;
}

static void home_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

static void home_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	char date[DATE_TEXT];
	const struct profile *p = desk_profile(ui_desk(ui));

	(void)state;
	date_format(date_today(), date);
	text_format(out, size, "%s  %s", date, p ? _(profile_title(p)) : "");
}

static void home_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
}

static void home_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

/* --- actions -------------------------------------------------------------------------------------------------------------------------- */

static enum reaction act_open(struct ui *ui, void *state)
{
	const struct home_row *r = list_selected(ui, state);

	if (!r)
		return STAY;
	switch (r->target) {
	case TO_ROSTER:
		ui_push(ui, &roster_screen, &(struct roster_arg){.filter = r->filter});
		break;
	case TO_UPLOAD:
		ui_push(ui, &upload_screen, NULL);
		break;
	case TO_MESSAGES:
		ui_push(ui, &messages_screen, NULL);
		break;
	case TO_DRAFTS:
		ui_push(ui, &drafts_screen, NULL);
		break;
	case TO_HIRING:
		ui_push(ui, &hiring_screen, &r->hiring);
		break;
	case TO_CONTRACTS:
		ui_push(ui, &contracts_screen, &(struct contracts_arg){.filter = r->contracts});
		break;
	case TO_ASSOCIATIONS:
		ui_push(ui, &associations_screen, NULL);
		break;
	case TO_BY_HAND:
		ui_push(ui, &by_hand_screen, NULL);
		break;
	case TO_CONFLICTS:
		ui_push(ui, &conflicts_screen, NULL);
		break;
	case TO_ALARMS:
		ui_push(ui, &alarms_screen, NULL);
		break;
	case TO_TEAMS:
		ui_push(ui, &teams_screen, NULL);
		break;
	case TO_COLLECTED:
		ui_push(ui, &collected_screen, NULL);
		break;
	case TO_NOTHING:
		break;
	}
	return STAY;
}

#define OPENS(name, screen, arg)                                                                                                           \
	static enum reaction name(struct ui *ui, void *state)                                                                              \
	{                                                                                                                                  \
		(void)state;                                                                                                               \
		ui_push(ui, &screen, arg);                                                                                                 \
		return STAY;                                                                                                               \
	}
OPENS(act_manual, register_screen, &(struct register_arg){0})
OPENS(act_roster, roster_screen, NULL)
OPENS(act_teams, teams_screen, NULL)
OPENS(act_companies, participants_screen, NULL)
OPENS(act_upload, upload_screen, NULL)
OPENS(act_messages, messages_screen, NULL)
OPENS(act_undo, undo_screen, NULL)
OPENS(act_more, menu_screen, NULL)
OPENS(act_switch, quit_screen, NULL)

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("打开"), N_("打开选中的事项"), act_open, NEEDS_ROW},
	{'n', 0, "manual", N_("手工登记"), N_("登记没有身份证可读的人；有身份证时放到读卡器上即可，不必按键"), act_manual, NEEDS_KEY},
	{'r', 0, "roster", N_("名册"), N_("打开工人名册，查找、办理手续"), act_roster, 0},
	{'t', 0, "teams", N_("班组"), N_("班组的列表、添加、进场、退场"), act_teams, 0},
	{'c', 0, "companies", N_("参建单位"), N_("参建单位的列表、添加、进场、退场"), act_companies, 0},
	{'u', 0, "upload", N_("上传"), N_("什么还没有上传，什么被退回，为什么"), act_upload, 0},
	{'m', 0, "messages", N_("消息"), N_("平台和本人的答复"), act_messages, 0},
	{'z', 0, "undo", N_("撤销"), N_("办理过什么；还没有上传的可以撤销"), act_undo, 0},
	{'o', 0, "more", N_("更多"), N_("其余的列表和登记簿，一行一个"), act_more, 0},
	{'s', 0, "switch", N_("换人"), N_("换一个帐号登录，例如由项目经理确认"), act_switch, 0},
};

static bool home_has_row(const void *state)
{
	return list_has_row(state);
}

const struct screen_ops home_screen = {
	.name = "home",
	.title = N_("今日"),
	.state_size = sizeof(struct home),
	.open = home_open,
	.heading = home_heading,
	.draw = home_draw,
	.event = home_event,
	.close = home_close,
	.has_row = home_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_move_actions,
	.n_shared = LIST_MOVE_ACTIONS,
};
