/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Upload results by kind, failures first (G1); whether the project is fully uploaded and what is missing (G2); what is to be done on the
 * platform's page (K4). */
#include "desk/results.h"

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

static void reload(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static void release(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

/* --- by kind --------------------------------------------------------------------------------------------------------------------------- */

static int areas_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	(void)owner;
	(void)anchor;
	(void)next;
	*more = false;
	*n = 0;
	if (cap < UPLOAD_AREAS)
		return err_set(e, ERR_INTERNAL, "page of %zu rows", cap);
	if (desk_upload_areas(ui_desk(ui), rows, e))
		return -1;
	*n = UPLOAD_AREAS;
	return 0;
}

static int64_t area_id(const void *row)
{
	return ((const struct area_row *)row)->area;
}

static void col_area(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct area_row *)row)->word);
}

static void number(int64_t n, char *out, size_t size)
{
	if (n)
		text_format(out, size, "%lld", (long long)n);
	else
		text_copy(out, size, "-");
}

static void col_refused(const void *row, char *out, size_t size)
{
	number(((const struct area_row *)row)->refused, out, size);
}

static void col_unknown(const void *row, char *out, size_t size)
{
	number(((const struct area_row *)row)->unknown, out, size);
}

static void col_still_open(const void *row, char *out, size_t size)
{
	number(((const struct area_row *)row)->open, out, size);
}

static void col_accepted(const void *row, char *out, size_t size)
{
	number(((const struct area_row *)row)->accepted, out, size);
}

static unsigned attr_refused(const void *row)
{
	return ((const struct area_row *)row)->refused ? ATTR_RED : 0;
}

static const struct column area_columns[] = {
	{.heading = N_("种类"), .width = 16, .text = col_area, .name = true},
	{.heading = N_("被退回"), .width = 10, .text = col_refused, .attr = attr_refused},
	{.heading = N_("待查"), .width = 10, .text = col_unknown},
	{.heading = N_("未办完"), .width = 10, .text = col_still_open},
	{.heading = N_("平台已确认"), .width = 10, .text = col_accepted},
};

static const struct list_source area_source = {
	.row_size = sizeof(struct area_row), .load = areas_load, .id = area_id, .columns = area_columns, .n_columns = ARRAY_LEN(area_columns)};

static int results_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &area_source, state);
	return 0;
}

static void plain_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
}

static enum reaction act_area(struct ui *ui, void *state)
{
	const struct area_row *r = list_selected(ui, state);

	if (r)
		ui_push(ui, &upload_screen, &(struct upload_arg){.area = r->area});
	return STAY;
}

static void again_answered(struct ui *ui, void *owner, int answer, const char *input)
{
	const struct area_row *r = list_selected(ui, owner);
	struct err e = {0};
	int64_t n = 0;

	(void)input;
	if (answer != 1 || !r)
		return;
	if (desk_outbox_retry_all(ui_desk(ui), r->area, &n, &e)) {
		ui_fail(ui, &e);
		return;
	}
	ui_changed(ui);
	ui_say(ui, SAY_DONE, _("%lld 条将原样重新上传"), (long long)n);
}

#define MANY 10 /* above it a word is typed (U4) */

static enum reaction act_again(struct ui *ui, void *state)
{
	const struct area_row *r = list_selected(ui, state);
	struct dialog_arg ask = {.title = N_("重新上传"), .button = {N_("不传"), N_("重新上传")}, .n_buttons = 2, .done = again_answered, .owner = state};
	char text[200];

	if (!r || !r->refused) {
		ui_say(ui, SAY_INFO, "%s", _("这一种没有被退回的"));
		return STAY;
	}
	text_format(text, sizeof(text), _("%s：%lld 条被退回的，不改内容，全部重新上传？"), r->word, (long long)r->refused);
	ask.text = text;
	if (r->refused > MANY)
		ask.word = _("重新上传");
	dialog_ask(ui, &ask);
	return STAY;
}

static enum reaction act_whole(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &whole_screen, NULL);
	return STAY;
}

static enum reaction act_hand(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &by_hand_screen, NULL);
	return STAY;
}

static const struct action results_actions[] = {
	{K_ENTER, 0, "open", N_("打开"), N_("这一种的每一条，被退回的在前"), act_area, NEEDS_ROW},
	{'r', 0, "again", N_("全部重传"), N_("这一种被退回的全部原样重新上传；先问一次"), act_again, NEEDS_ROW},
	{'w', 0, "whole", N_("完整性"), N_("项目是否完整上传，还缺什么"), act_whole, 0},
	{'b', 0, "hand", N_("页面待办"), N_("接口传不了、要在平台页面上办的"), act_hand, 0},
};

const struct screen_ops results_screen = {
	.name = "results",
	.title = N_("上传结果"),
	.state_size = sizeof(struct list),
	.open = results_open,
	.draw = plain_draw,
	.event = reload,
	.close = release,
	.has_row = has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = results_actions,
	.n_actions = ARRAY_LEN(results_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};

/* --- the whole ------------------------------------------------------------------------------------------------------------------------- */

struct whole_state {
	struct list list; /* first */
	struct whole part[WHOLE_PARTS];
	bool complete;
};

struct missing_anchor { int part; int64_t id; };

static int missing_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	const struct missing_row *row = rows;
	struct missing_anchor at = {0};

	(void)owner;
	if (anchor)
		memcpy(&at, anchor, sizeof(at));
	if (desk_missing(ui_desk(ui), (enum part_of_whole)at.part, at.id, rows, cap, n, more, e))
		return -1;
	if (*n)
		at = (struct missing_anchor){row[*n - 1].part, row[*n - 1].id};
	memcpy(next, &at, sizeof(at));
	return 0;
}

static int64_t missing_id(const void *row)
{
	const struct missing_row *m = row;

	return m->id * WHOLE_PARTS + m->part;
}

static void col_missing(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct missing_row *)row)->name);
}

static void col_part(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct missing_row *)row)->part == WHOLE_TEAMS ? _("班组") : _("参建单位"));
}

static void col_why(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct missing_row *)row)->why);
}

static const struct column missing_columns[] = {
	{.heading = N_("还缺"), .width = 28, .text = col_missing, .name = true},
	{.heading = N_("种类"), .width = 12, .text = col_part},
	{.heading = N_("情况"), .width = 30, .text = col_why},
};

static const struct list_source missing_source = {.row_size = sizeof(struct missing_row), .load = missing_load, .id = missing_id,
	.columns = missing_columns, .n_columns = ARRAY_LEN(missing_columns), .empty = N_("参建单位和在场班组都已由平台确认")};

static void look(struct ui *ui, struct whole_state *w)
{
	struct err e = {0};

	if (desk_whole(ui_desk(ui), w->part, &w->complete, &e))
		ui_fail(ui, &e);
}

static int whole_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct whole_state *w = state;

	(void)arg;
	list_init(&w->list, &missing_source, w);
	return desk_whole(ui_desk(ui), w->part, &w->complete, e);
}

static void part_text(const struct whole_state *w, int i, char *out, size_t size)
{
	const struct whole *p = &w->part[i];

	if (i == WHOLE_PEOPLE)
		text_format(out, size, _("%s %lld / %lld，至少要 %lld"), p->word, (long long)p->n, (long long)p->of, (long long)p->needed);
	else if (p->with_records && p->by_hand)
		text_format(out, size, _("照片附件随记录，网页另传 %lld 件"), (long long)p->by_hand);
	else if (p->with_records)
		text_copy(out, size, _("照片和附件随所属的记录上传"));
	else if (p->bytes)
		text_format(out, size, _("%s %lld / %lld，还有 %lld KB"), p->word, (long long)p->n, (long long)p->of, (long long)(p->bytes + 1023) / 1024);
	else
		text_format(out, size, "%s %lld / %lld", p->word, (long long)p->n, (long long)p->of);
}

static void whole_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct whole_state *w = state;
	char text[200];

	canvas_text(c, a.row, a.col + 2, a.width - 4, w->complete ? ATTR_GREEN : ATTR_YELLOW,
		    w->complete ? _("项目已完整上传") : _("项目还没有完整上传"));
	for (int i = 0; i < WHOLE_PARTS; i++) {
		part_text(w, i, text, sizeof(text));
		canvas_text(c, a.row + 1 + i / 2, a.col + 2 + i % 2 * 38, 36, 0, text);
	}
	list_draw(ui, &w->list, c, (struct area){a.row + 4, a.col, a.height - 4, a.width}, true);
}

static void whole_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind != UI_EVENT_CHANGED)
		return;
	look(ui, state);
	list_reload(ui, state);
}

/* To what was queued for it, or to where it is dealt with. */
static enum reaction act_missing(struct ui *ui, void *state)
{
	const struct missing_row *m = list_selected(ui, state);

	if (m && m->outbox)
		ui_push(ui, &outbox_screen, &m->outbox);
	else if (m)
		ui_push(ui, m->part == WHOLE_TEAMS ? &teams_screen : &participants_screen, NULL);
	return STAY;
}

static const struct action whole_actions[] = {
	{K_ENTER, 0, "open", N_("打开"), N_("它的上传详情；还没有上传过的，打开参建单位或班组"), act_missing, NEEDS_ROW},
};

const struct screen_ops whole_screen = {
	.name = "whole",
	.title = N_("上传完整性"),
	.state_size = sizeof(struct whole_state),
	.open = whole_open,
	.draw = whole_draw,
	.event = whole_event,
	.close = release,
	.has_row = has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = whole_actions,
	.n_actions = ARRAY_LEN(whole_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};

/* --- by hand --------------------------------------------------------------------------------------------------------------------------- */

static int hand_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	struct outbox_page page = {.row = rows, .cap = cap};
	int64_t after = 0;

	(void)owner;
	if (anchor)
		memcpy(&after, anchor, sizeof(after));
	if (desk_by_hand(ui_desk(ui), after, &page, e))
		return -1;
	*n = page.n;
	*more = page.more;
	memcpy(next, &page.last_id, sizeof(page.last_id));
	return 0;
}

static int64_t hand_id(const void *row)
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

static void col_made(const void *row, char *out, size_t size)
{
	char stamp[STAMP_TEXT];

	stamp_format(((const struct outbox_row *)row)->made_ms, stamp);
	text_copy(out, size, stamp);
}

static const struct column hand_columns[] = {
	{.heading = N_("对象"), .width = 26, .text = col_subject, .name = true},
	{.heading = N_("事项"), .width = 20, .text = col_kind},
	{.heading = N_("办理时间"), .width = 20, .text = col_made},
};

static const struct list_source hand_source = {.row_size = sizeof(struct outbox_row), .load = hand_load, .id = hand_id, .columns = hand_columns,
	.n_columns = ARRAY_LEN(hand_columns), .empty = N_("没有要在平台页面上办的")};

static int hand_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &hand_source, state);
	return 0;
}

static void hand_answered(struct ui *ui, void *owner, int answer, const char *input)
{
	const struct outbox_row *r = list_selected(ui, owner);
	struct err e = {0};
	char subject[NAME_TEXT];

	if (answer != 1 || !r)
		return;
	text_copy(subject, sizeof(subject), r->subject);
	if (desk_by_hand_done(ui_desk(ui), r->id, input, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_changed(ui);
	ui_say(ui, SAY_DONE, _("%s：已记为在平台页面办完"), subject);
}

static enum reaction act_done(struct ui *ui, void *state)
{
	const struct outbox_row *r = list_selected(ui, state);
	char text[NAME_TEXT + 200];

	if (!r)
		return STAY;
	text_format(text, sizeof(text), _("%s 的%s，已在平台页面上办完？平台给的编号可一并记下，没有就空着。"), r->subject, r->kind_word);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("平台页面已办"),
					    .text = text,
					    .button = {N_("还没有"), N_("已办完")},
					    .n_buttons = 2,
					    .input_label = N_("平台编号"),
					    .input_chars = 40,
					    .done = hand_answered,
					    .owner = state});
	return STAY;
}

/* --- all of a kind: shown how many, and a word for more than ten (U11) --- */

static void kind_answered(struct ui *ui, void *owner, int answer, const char *input)
{
	const struct outbox_row *r = list_selected(ui, owner);
	struct err e = {0};
	char word[64];
	int64_t n;

	(void)input;
	if (answer != 1 || !r)
		return;
	text_copy(word, sizeof(word), r->kind_word);
	if (desk_by_hand_count(ui_desk(ui), r->kind, INT64_MAX, &n, &e) || desk_by_hand_done_kind(ui_desk(ui), r->kind, n, &n, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_changed(ui);
	ui_say(ui, SAY_DONE, _("%s：%lld 条已记为在平台页面办完"), word, (long long)n);
}

static enum reaction act_kind_done(struct ui *ui, void *state)
{
	const struct outbox_row *r = list_selected(ui, state);
	struct dialog_arg a = {.title = N_("平台页面已办"), .button = {N_("还没有"), N_("已办完")}, .n_buttons = 2, .done = kind_answered, .owner = state};
	struct err e = {0};
	char text[300];
	int64_t n;

	if (!r)
		return STAY;
	if (desk_by_hand_count(ui_desk(ui), r->kind, INT64_MAX, &n, &e)) {
		ui_fail(ui, &e);
		return STAY;
	}
	text_format(text, sizeof(text), _("名单上的“%s”共 %lld 条，都已在平台页面上办完？"), r->kind_word, (long long)n);
	a.text = text;
	if (n > 10)
		a.word = _("已办完");
	dialog_ask(ui, &a);
	return STAY;
}

static enum reaction act_details(struct ui *ui, void *state)
{
	const struct outbox_row *r = list_selected(ui, state);

	if (r)
		ui_push(ui, &outbox_screen, &r->id);
	return STAY;
}

static const struct action hand_actions[] = {
	{K_ENTER, 0, "done", N_("已办"), N_("在平台页面上办完了：记下平台的编号，等它的事项接着上传"), act_done, NEEDS_ROW | NEEDS_KEY},
	{'a', 0, "kind_done", N_("同类全办"), N_("名单上与所选同类的都在平台页面上办完了：先说有几条，超过十条要键入“已办完”"), act_kind_done, NEEDS_ROW | NEEDS_KEY},
	{'d', 0, "details", N_("详情"), N_("这一条的全部情况"), act_details, NEEDS_ROW},
};

const struct screen_ops by_hand_screen = {
	.name = "by_hand",
	.title = N_("平台页面待办"),
	.state_size = sizeof(struct list),
	.open = hand_open,
	.draw = plain_draw,
	.event = reload,
	.close = release,
	.has_row = has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = hand_actions,
	.n_actions = ARRAY_LEN(hand_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
