/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox: refused first, the platform's words and ours, to the field that was refused, again, now; the state of the line. */
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/results.h"
#include "dialog.h"
#include "list.h"
#include "screen_list.h"

struct upload {
	struct list list;       /* first */
	enum outbox_view view;
	int area;               /* one kind only; 0: all */
	int64_t asked;          /* the row that is to be given up */
};

static const char *const view_words[] = {
	[OUTBOX_VIEW_OPEN] = N_("没有办完的"), [OUTBOX_VIEW_REFUSED] = N_("被退回的"), [OUTBOX_VIEW_ALL] = N_("全部，最近的在前")};

struct upload_anchor { int64_t id; int rank; };

static int upload_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	struct upload_anchor at = {0};
	const struct upload *u = owner;
	struct outbox_query q = {.view = u->view};
	struct outbox_page page = {.row = rows, .cap = cap, .last_id = 0};

	if (anchor)
		memcpy(&at, anchor, sizeof(at));
	q.after_id = at.id;
	q.after_rank = at.rank;
	if (u->area ? desk_upload_of_area(ui_desk(ui), u->area, at.rank, at.id, &page, e) : desk_outbox(ui_desk(ui), &q, &page, e))
		return -1;
	*n = page.n;
	*more = page.more;
	at = (struct upload_anchor){page.last_id, page.last_rank};
	memcpy(next, &at, sizeof(at));
	return 0;
}

static int64_t upload_id(const void *row)
{
	return ((const struct outbox_row *)row)->id;
}

static void col_subject(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct outbox_row *)row)->subject);
}

static void col_kind(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct outbox_row *)row)->kind_word);
}

static const char *state_of(const struct outbox_row *r)
{
	return r->by_hand ? _("页面待办") : outbox_state_word(r->state);
}

static void col_state(const void *row, char *out, size_t size)
{
	text_copy(out, size, state_of(row));
}

static void col_reason(const void *row, char *out, size_t size)
{
	const struct outbox_row *r = row;
	char stamp[STAMP_TEXT];

	if (r->reason[0])
		text_copy(out, size, r->reason);
	else if (r->waits_for[0])
		text_format(out, size, _("等 %s 先办完"), r->waits_for);
	else if (r->state == OUTBOX_ACCEPTED) {
		stamp_format(r->answered_ms, stamp);
		text_format(out, size, _("%s 平台已确认 %s"), stamp, r->number);
	} else {
		stamp_format(r->made_ms, stamp);
		text_format(out, size, _("%s 办理"), stamp);
	}
}

static unsigned attr_state(const void *row)
{
	const struct outbox_row *r = row;

	return r->state == OUTBOX_REJECTED ? ATTR_RED : r->state == OUTBOX_ACCEPTED ? ATTR_GREEN : 0;
}

static const struct column columns[] = {
	{.heading = N_("对象"), .width = 18, .text = col_subject, .name = true},
	{.heading = N_("事项"), .width = 14, .text = col_kind},
	{.heading = N_("状态"), .width = 10, .text = col_state, .attr = attr_state},
	{.heading = N_("原因"), .width = 36, .text = col_reason},
};

static const struct list_source source = {.row_size = sizeof(struct outbox_row), .load = upload_load, .id = upload_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns), .empty = N_("没有要上传的，也没有被退回的")};

static int upload_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	const struct upload_arg *a = arg;

	(void)ui;
	(void)e;
	((struct upload *)state)->area = a ? a->area : 0;
	list_init(state, &source, state);
	return 0;
}

static void upload_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

static void upload_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct upload *u = state;

	(void)ui;
	text_copy(out, size, u->area ? upload_area_word(u->area) : _(view_words[u->view]));
}

static bool clock_off(const struct line_state *line)
{
	return line->trouble == ERR_NONE && (line->clock_off_ms >= CLOCK_OFF_SHOWN_MS || line->clock_off_ms <= -CLOCK_OFF_SHOWN_MS);
}

/* Both times (R10). */
static void clock_words(const struct line_state *line, char *out, size_t size)
{
	char ours[STAMP_TEXT], theirs[STAMP_TEXT];

	stamp_format(clock_now_ms(), ours);
	stamp_format(clock_now_ms() + line->clock_off_ms, theirs);
	text_format(out, size, _("线路正常。本机 %s，平台 %s：请校正本机时间"), ours, theirs);
}

/* What is still to go, in counts and bytes (U14). False: nothing is, or the line is in trouble. */
static bool under_way(struct ui *ui, char *out, size_t size)
{
	struct upload_progress p;
	char files[100] = "";

	if (ui_line(ui)->trouble || desk_upload_progress(ui_desk(ui), &p, NULL) || !(p.records || p.files))
		return false;
	if (p.files)
		text_format(files, sizeof(files), _("，照片和附件 %lld 份（%lld.%lld MB）"), (long long)p.files, (long long)(p.bytes >> 20),
			    (long long)((p.bytes & ((1 << 20) - 1)) * 10 >> 20));
	text_format(out, size, _("正在上传，还有：记录 %lld 条%s；按 x 暂停"), (long long)p.records, files);
	return true;
}

/* One or two lines: what the line to the platform is like. */
static void line_text(struct ui *ui, char *out, size_t size)
{
	const struct line_state *line = ui_line(ui);
	const struct outbox_counts *n = ui_counts(ui);
	char stamp[STAMP_TEXT] = "", next[STAMP_TEXT] = "";

	if (n->confirmed_ms)
		stamp_format(n->confirmed_ms, stamp);
	if (line->next_try_ms)
		stamp_format(line->next_try_ms, next);
	if (!ui_has_runner(ui) && !line->runner_alive && line->trouble == ERR_NONE)
		text_copy(out, size, _("上传没有运行：尚未设置平台连接，或帐号不能打开资料；内容都已保存在本机"));
	else if (line->behind)
		text_copy(out, size, _("这份数据比平台见过的旧，已停止上传：打开“平台连接”决定恢复还是接管"));
	else if (line->paused)
		text_copy(out, size, _("上传已暂停：办理照常，内容留在本机；按 x 继续上传"));
	else if (under_way(ui, out, size))
		return;
	else if (clock_off(line))
		clock_words(line, out, size);
	else if (line->trouble != ERR_NONE)
		text_format(out, size, "%s。%s%s%s", err_sentence(line->trouble), err_advice(line->trouble), next[0] ? _("。下次尝试 ") : "", next);
	else if (line->plain)
		text_format(out, size, _("明文传输已开启，途中任何人都能看到人员信息；平台最近确认于 %s"), stamp[0] ? stamp : _("（还没有）"));
	else if (stamp[0])
		text_format(out, size, _("线路正常；平台最近确认于 %s"), stamp);
	else
		text_copy(out, size, _("线路正常；平台还没有确认过"));
}

static void reason_text(const struct outbox_row *r, char *out, size_t size)
{
	const char *code = r->ours ? "" : r->reason_code;

	text_format(out, size, "%s%s%s%s", r->reason, code[0] ? " " : "", code, r->advice[0] ? "\n" : "");
	text_format(out + strlen(out), size - strlen(out), "%s", r->advice);
}

static void upload_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct upload *u = state;
	struct area rows = {a.row + 2, a.col, a.height - 6, a.width};
	const struct outbox_row *r;
	char text[800];

	line_text(ui, text, sizeof(text));
	canvas_paragraph(c, a.row, a.col, 2, a.width, ui_line(ui)->trouble ? ATTR_YELLOW : 0, text);
	list_draw(ui, &u->list, c, rows, true);
	r = list_selected(ui, &u->list);
	if (!r || !r->reason[0])
		return;
	reason_text(r, text, sizeof(text));
	canvas_paragraph(c, a.row + a.height - 4, a.col + 2, 4, a.width - 4, 0, text);
}

static void upload_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static bool upload_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- actions --------------------------------------------------------------------------------------------------------------------------------------- */

static enum reaction act_details(struct ui *ui, void *state)
{
	const struct outbox_row *r = list_selected(ui, state);

	if (r)
		ui_push(ui, &outbox_screen, &r->id);
	return STAY;
}

static enum reaction mend(struct ui *ui, const struct outbox_row *r)
{
	if (!r->person)
		ui_say(ui, SAY_INFO, "%s", _("这一条不是人员资料：请在班组或参建单位画面改正"));
	else
		ui_push(ui, &register_screen, &(struct register_arg){.amend = r->person, .focus = r->field[0] ? r->field : NULL});
	return STAY;
}

static enum reaction retry(struct ui *ui, const struct outbox_row *r)
{
	struct err e = {0};

	if (r->state != OUTBOX_REJECTED && r->state != OUTBOX_UNKNOWN) {
		ui_say(ui, SAY_INFO, "%s", _("这一条没有被退回，会自动上传"));
		return STAY;
	}
	if (desk_outbox_retry(ui_desk(ui), r->id, &e)) {
		ui_fail(ui, &e);
		return STAY;
	}
	ui_say(ui, SAY_DONE, _("%s 的%s将原样重新上传"), r->subject, r->kind_word);
	ui_changed(ui);
	return STAY;
}

/* Named by its id: while the question stands, lists are loaded again. */
static void given_up(struct ui *ui, void *owner, int answer, const char *input)
{
	struct err e = {0};
	struct given_up done;

	(void)input;
	if (answer != 1)
		return;
	if (desk_outbox_give_up(ui_desk(ui), *(const int64_t *)owner, &done, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, "%s", done.says);
	ui_changed(ui);
}

static enum reaction give_up(struct ui *ui, const struct outbox_row *r, int64_t *asked)
{
	struct dialog_arg ask = {.title = N_("放弃被退回的"), .button = {N_("不放弃"), N_("放弃")}, .n_buttons = 2, .done = given_up, .owner = asked};
	struct err e = {0};
	struct given_up would;
	char text[600];

	if (r->state != OUTBOX_REJECTED) {
		ui_say(ui, SAY_INFO, "%s", _("这一条没有被退回"));
		return STAY;
	}
	if (desk_outbox_give_up_preview(ui_desk(ui), r->id, &would, &e)) {
		ui_fail_why(ui, &e);
		return STAY;
	}
	*asked = r->id;
	text_format(text, sizeof(text), _("%s 的%s被退回。\n放弃以后：%s。\n不再上传的：%lld 条（等它的也在内）。"), r->subject, r->kind_word, would.says,
		    (long long)would.withdrawn);
	ask.text = text;
	dialog_ask(ui, &ask);
	return STAY;
}

static enum reaction act_give_up(struct ui *ui, void *state)
{
	const struct outbox_row *r = list_selected(ui, state);
	struct upload *u = state;

	return r ? give_up(ui, r, &u->asked) : STAY;
}

static enum reaction act_mend(struct ui *ui, void *state)
{
	const struct outbox_row *r = list_selected(ui, state);

	return r ? mend(ui, r) : STAY;
}

/* What was refused wants mending, the others want looking at. */
static enum reaction act_open(struct ui *ui, void *state)
{
	const struct outbox_row *r = list_selected(ui, state);

	return r && r->state == OUTBOX_REJECTED && r->person ? mend(ui, r) : act_details(ui, state);
}

/* What the platform's words mean and what to do (F8). */
static enum reaction act_explain(struct ui *ui, void *state)
{
	const struct outbox_row *r = list_selected(ui, state);

	if (r)
		ui_push(ui, &prompts_screen,
			&(struct prompts_arg){.words = r->reason, .person = r->person, .outbox = r->id, .field = r->field});
	return STAY;
}

static enum reaction act_retry(struct ui *ui, void *state)
{
	const struct outbox_row *r = list_selected(ui, state);
	struct outbox_row copy;

	if (!r)
		return STAY;
	copy = *r; /* the list is loaded again on the way */
	return retry(ui, &copy);
}

static enum reaction send_one(struct ui *ui, const struct outbox_row *r)
{
	struct err e = {0};

	if (r->state != OUTBOX_HELD) {
		ui_say(ui, SAY_INFO, "%s", _("这一条不在等候撤销的时间里"));
		return STAY;
	}
	if (desk_outbox_send_one(ui_desk(ui), r->id, &e)) {
		ui_fail(ui, &e);
		return STAY;
	}
	ui_say(ui, SAY_DONE, _("%s 的%s现在就上传；上传后就不能再撤回"), r->subject, r->kind_word);
	ui_changed(ui);
	return STAY;
}

static enum reaction act_one(struct ui *ui, void *state)
{
	const struct outbox_row *r = list_selected(ui, state);
	struct outbox_row copy;

	if (!r)
		return STAY;
	copy = *r;
	return send_one(ui, &copy);
}

static enum reaction act_now(struct ui *ui, void *state)
{
	struct err e = {0};

	(void)state;
	if (desk_outbox_send_now(ui_desk(ui), &e)) {
		ui_fail(ui, &e);
		return STAY;
	}
	ui_changed(ui);
	ui_send_now(ui);
	ui_say(ui, SAY_DONE, "%s", _("暂缓的也立即上传；上传后就不能再撤回"));
	return STAY;
}

static enum reaction act_pause(struct ui *ui, void *state)
{
	bool pause = !ui_line(ui)->paused;
	struct err e = {0};

	(void)state;
	if (desk_upload_pause(ui_desk(ui), pause, &e)) {
		ui_fail(ui, &e);
		return STAY;
	}
	if (pause)
		ui_stop_sending(ui);
	ui_changed(ui);
	ui_say(ui, SAY_DONE, "%s", pause ? _("已暂停上传：在途的一批查清以后再传；办理照常") : _("继续上传"));
	return STAY;
}

static enum reaction act_view(struct ui *ui, void *state)
{
	struct upload *u = state;

	if (u->area) { /* from one kind to all */
		u->area = 0;
		u->view = OUTBOX_VIEW_OPEN;
		list_restart(ui, &u->list);
		return STAY;
	}
	u->view = (u->view + 1) % ARRAY_LEN(view_words);
	list_restart(ui, &u->list);
	return STAY;
}

static enum reaction act_person(struct ui *ui, void *state)
{
	const struct outbox_row *r = list_selected(ui, state);

	if (r && r->person)
		ui_push(ui, &person_screen, &r->person);
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("打开"), N_("被退回的：打开这个人的资料改正，光标在被退回的一项上；其余的：详情"), act_open, NEEDS_ROW},
	{'d', 0, "details", N_("详情"), N_("这一条的全部情况"), act_details, NEEDS_ROW},
	{'m', 0, "mend", N_("改正"), N_("打开这个人的资料，光标在被退回的一项上；改正后自动重新上传"), act_mend, NEEDS_ROW},
	{'r', 0, "retry", N_("重新上传"), N_("原样重新上传选中的一条（被退回或结果不明的）"), act_retry, NEEDS_ROW},
	{'g', 0, "give_up", N_("放弃"), N_("被退回的不办了：办的作废，等它的一并不传；先问"), act_give_up, NEEDS_ROW | NEEDS_KEY},
	{'h', 0, "explain", N_("提示"), N_("平台的话是什么意思，怎么办"), act_explain, NEEDS_ROW},
	{'s', 0, "one", N_("传这条"), N_("选中的一条不再等候撤销的时间，现在就传"), act_one, NEEDS_ROW | NEEDS_KEY},
	{'n', 0, "now", N_("立即上传"), N_("不再等候撤回的时间，现在就上传"), act_now, 0},
	{'x', 0, "pause", N_("暂停/继续"), N_("让本项目的上传停下，或接着传；办理手续不受影响"), act_pause, NEEDS_KEY},
	{'f', 0, "view", N_("筛选"), N_("依次显示：没有办完的、被退回的、全部"), act_view, 0},
	{'p', 0, "person", N_("档案"), N_("打开这个人的档案"), act_person, NEEDS_ROW},
};

const struct screen_ops upload_screen = {
	.name = "upload",
	.title = N_("上传"),
	.state_size = sizeof(struct upload),
	.open = upload_open,
	.heading = upload_heading,
	.draw = upload_draw,
	.event = upload_event,
	.close = upload_close,
	.has_row = upload_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};

/* --- one row of the outbox ---------------------------------------------------------------------------------------------------------------------------- */

struct outbox { struct outbox_row row; int64_t id, asked; struct outbox_row past[OUTBOX_HISTORY]; size_t n_past; };

static int outbox_look(struct ui *ui, struct outbox *o, struct err *e)
{
	return desk_outbox_get(ui_desk(ui), o->id, &o->row, e) ||
			       desk_outbox_history(ui_desk(ui), o->id, o->past, OUTBOX_HISTORY, &o->n_past, e)
		       ? -1
		       : 0;
}

static int outbox_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct outbox *o = state;

	o->id = *(const int64_t *)arg;
	return outbox_look(ui, o, e);
}

#define DETAIL_LABEL 18 /* columns: "Platform's number" */

static int outbox_line(struct canvas *c, struct area a, int row, const char *label, const char *text)
{
	int used;

	if (!text[0] || row >= a.height)
		return row;
	canvas_text(c, a.row + row, a.col + 2, DETAIL_LABEL, ATTR_DIM, label);
	used = canvas_paragraph(c, a.row + row, a.col + DETAIL_LABEL + 3, a.height - row, a.width - DETAIL_LABEL - 5, ATTR_PLAIN, text);
	return row + (used ? used : 1);
}

static const char *stamp_or_none(int64_t ms, char out[STAMP_TEXT])
{
	out[0] = '\0';
	if (ms)
		stamp_format(ms, out);
	return out;
}

/* What went before and after about the same thing, a line each: when it was made, what it was, what became of it. */
static void draw_past(const struct outbox *o, struct canvas *c, struct area a, int row)
{
	char line[300], made[STAMP_TEXT], said[STAMP_TEXT];

	for (size_t i = 0; o->n_past > 1 && i < o->n_past; i++) {
		const struct outbox_row *r = &o->past[i];

		text_format(line, sizeof(line), "%.16s %s %s %.16s %s", stamp_or_none(r->made_ms, made), r->kind_word, state_of(r),
			    stamp_or_none(r->answered_ms, said), r->number);
		row = outbox_line(c, a, row, i ? "" : _("此项经过"), line);
	}
}

static void outbox_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	const struct outbox_row *r = &((struct outbox *)state)->row;
	const struct field *f = r->field[0] ? field_by_name(r->field) : NULL;
	char stamp[STAMP_TEXT], attempts[24];
	int row = 0;

	(void)ui;
	text_format(attempts, sizeof(attempts), "%d", r->attempts);
	row = outbox_line(c, a, row, _("对象"), r->subject);
	row = outbox_line(c, a, row, _("事项"), r->kind_word);
	row = outbox_line(c, a, row, _("状态"), r->by_hand ? _("要在平台页面上办") : outbox_state_word(r->state));
	row = outbox_line(c, a, row, r->ours ? _("为什么") : _("平台的话"), r->reason);
	row = outbox_line(c, a, row, _("平台代码"), r->ours ? "" : r->reason_code);
	row = outbox_line(c, a, row, _("平台名单"), r->listed);
	row = outbox_line(c, a, row, _("怎么办"), r->advice);
	row = outbox_line(c, a, row, _("有关的一项"), f ? _(f->label) : r->field);
	row = outbox_line(c, a, row, _("等候"), r->waits_for);
	row = outbox_line(c, a, row, _("办理时间"), stamp_or_none(r->made_ms, stamp));
	row = outbox_line(c, a, row, _("可撤销到"), stamp_or_none(r->held_until_ms, stamp));
	row = outbox_line(c, a, row, _("发送时间"), stamp_or_none(r->sent_ms, stamp));
	row = outbox_line(c, a, row, _("答复时间"), stamp_or_none(r->answered_ms, stamp));
	row = outbox_line(c, a, row, _("发送次数"), attempts);
	row = outbox_line(c, a, row, _("平台编号"), r->number);
	row = outbox_line(c, a, row, _("操作编号"), r->op);
	draw_past(state, c, a, row);
	canvas_cursor(c, a.row, a.col);
}

static void outbox_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct outbox *o = state;

	if (ev->kind == UI_EVENT_CHANGED)
		outbox_look(ui, o, NULL);
}

static enum reaction act_row_mend(struct ui *ui, void *state)
{
	return mend(ui, &((struct outbox *)state)->row);
}

static enum reaction act_row_give_up(struct ui *ui, void *state)
{
	struct outbox *o = state;

	return give_up(ui, &o->row, &o->asked);
}

static enum reaction act_row_send(struct ui *ui, void *state)
{
	return send_one(ui, &((struct outbox *)state)->row);
}

static enum reaction act_row_retry(struct ui *ui, void *state)
{
	return retry(ui, &((struct outbox *)state)->row);
}

static const struct action row_actions[] = {
	{'m', 0, "mend", N_("改正"), N_("打开这个人的资料，光标在被退回的一项上"), act_row_mend, 0},
	{'r', 0, "retry", N_("重新上传"), N_("原样重新上传"), act_row_retry, 0},
	{'g', 0, "give_up", N_("放弃"), N_("被退回的不办了：办的作废，等它的一并不传；先问"), act_row_give_up, NEEDS_KEY},
	{'s', 0, "one", N_("传这条"), N_("这一条不再等候撤销的时间，现在就传"), act_row_send, NEEDS_KEY},
};

const struct screen_ops outbox_screen = {
	.name = "outbox",
	.title = N_("上传详情"),
	.state_size = sizeof(struct outbox),
	.open = outbox_open,
	.draw = outbox_draw,
	.event = outbox_event,
	.flags = SCREEN_TAKES_CARD,
	.actions = row_actions,
	.n_actions = ARRAY_LEN(row_actions),
};
