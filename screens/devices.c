/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attendance devices (H3, H4): the register, and who is on which of them. */
#include "desk/device.h"

#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "dialog.h"
#include "list.h"
#include "screen_list.h"

/* --- the register ------------------------------------------------------------------------------------------------------------------------- */

static int devices_load(struct ui *ui, void *owner, int64_t id, void *rows, size_t cap, size_t *n, struct err *e)
{
	(void)owner;
	return desk_device_list(ui_desk(ui), id, rows, cap, n, e);
}

static int64_t device_id(const void *row)
{
	return ((const struct device_row *)row)->id;
}

static void col_serial(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct device_row *)row)->serial);
}

static void col_place(const void *row, char *out, size_t size)
{
	const struct device_row *r = row;

	text_format(out, size, "%s%s%s", r->place, r->way[0] ? " " : "", r->way[0] ? device_word(DEVICE_WAYS, r->way) : "");
}

static void col_state(const void *row, char *out, size_t size)
{
	const struct device_row *r = row;

	text_copy(out, size, r->allowed ? device_silence_word(r->silence) : _("未获准"));
}

static unsigned attr_state(const void *row)
{
	const struct device_row *r = row;

	return r->silence == DEVICE_BREACH ? ATTR_RED : r->silence == DEVICE_SILENT || !r->allowed ? ATTR_YELLOW : 0;
}

static void col_heard(const void *row, char *out, size_t size)
{
	const struct device_row *r = row;
	char stamp[STAMP_TEXT];

	stamp_format(r->heard_ms, stamp);
	text_format(out, size, "%.11s", r->heard_ms ? stamp + 5 : _("从未"));
}

static void col_handed(const void *row, char *out, size_t size)
{
	const struct device_row *r = row;

	text_format(out, size, "%lld/%lld", (long long)r->done, (long long)r->people);
}

static const struct column device_columns[] = {
	{.heading = N_("序列号"), .width = 20, .text = col_serial, .name = true},
	{.heading = N_("状态"), .width = 11, .text = col_state, .attr = attr_state},
	{.heading = N_("最近联系"), .width = 12, .text = col_heard},
	{.heading = N_("已下发"), .width = 10, .text = col_handed},
	{.heading = N_("安装位置"), .width = 20, .text = col_place},
};

static const struct list_source device_source = {.row_size = sizeof(struct device_row), .behind = devices_load, .id = device_id, .columns = device_columns,
	.n_columns = ARRAY_LEN(device_columns), .empty = N_("还没有登记设备：按 n 登记，只有登记的设备才能接入")};

static int devices_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &device_source, state);
	return 0;
}

static void list_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

static void say_silence(struct ui *ui, const struct device_row *r)
{
	char why[300];

	if (!desk_devices_served(ui_desk(ui), why, sizeof(why)))
		ui_hint(ui, SAY_INFO, why);
	else if (r && r->silence == DEVICE_BREACH)
		ui_hint(ui, SAY_ERROR, _("离线超过规定的天数：马上请供应商修复或更换，并按规定报备"));
	else if (r && r->silence == DEVICE_SILENT)
		ui_hint(ui, SAY_WARN, _("一天没有联系：检查电源和网线，通知供应商"));
	else if (r && r->failed)
		ui_hint(ui, SAY_WARN, _("有人没有下发成功：按回车看是谁、为什么"));
}

static void devices_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
	say_silence(ui, list_selected(ui, state));
}

static void list_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static bool list_has(const void *state)
{
	return list_has_row(state);
}

/* --- its actions --- */

static enum reaction act_new(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &device_form_screen, NULL);
	return STAY;
}

static enum reaction act_edit(struct ui *ui, void *state)
{
	const struct device_row *r = list_selected(ui, state);

	if (r)
		ui_push(ui, &device_form_screen, &r->id);
	return STAY;
}

static enum reaction act_people(struct ui *ui, void *state)
{
	const struct device_row *r = list_selected(ui, state);

	if (r)
		ui_push(ui, &pushes_screen, &(struct pushes_arg){.device = r->id, .title = r->serial});
	return STAY;
}

static enum reaction act_collected(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &collected_screen, NULL);
	return STAY;
}

static void told(struct ui *ui, int last, const struct err *e, const char *done)
{
	if (last) {
		ui_fail(ui, e);
		return;
	}
	ui_say(ui, SAY_DONE, "%s", done);
	ui_changed(ui);
}

static enum reaction act_allow(struct ui *ui, void *state)
{
	const struct device_row *r = list_selected(ui, state);
	struct err e = {0};

	if (r)
		told(ui, desk_device_allow(ui_desk(ui), r->id, !r->allowed, &e), &e, r->allowed ? _("已停止接入") : _("已允许接入"));
	return STAY;
}

static void withdrawn(struct ui *ui, void *owner, int answer, const char *input)
{
	const struct device_row *r = list_selected(ui, owner);
	struct err e = {0};

	(void)input;
	if (answer == 1 && r)
		told(ui, desk_device_withdraw(ui_desk(ui), r->id, &e), &e, _("已撤下，不再接入"));
}

static enum reaction act_withdraw(struct ui *ui, void *state)
{
	const struct device_row *r = list_selected(ui, state);
	char text[300];

	if (!r)
		return STAY;
	text_format(text, sizeof(text), _("撤下设备 %s？它不能再接入；以前的考勤保留。再装上时要重新登记。"), r->serial);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("撤下设备"), .text = text, .button = {N_("不撤"), N_("撤下")}, .n_buttons = 2, .focus = 0,
					    .done = withdrawn, .owner = state});
	return STAY;
}

static const struct action device_actions[] = {
	{K_ENTER, 0, "people", N_("下发情况"), N_("谁已下发到这台设备，谁没有，为什么"), act_people, NEEDS_ROW},
	{'n', 0, "new", N_("登记设备"), N_("登记一台设备"), act_new, NEEDS_KEY},
	{'e', 0, "edit", N_("修改"), N_("修改选中设备的登记"), act_edit, NEEDS_ROW | NEEDS_KEY},
	{'a', 0, "allow", N_("允许/停止"), N_("允许选中的设备接入，或停止"), act_allow, NEEDS_ROW | NEEDS_KEY},
	{'x', 0, "withdraw", N_("撤下设备"), N_("把选中的设备撤下工地"), act_withdraw, NEEDS_ROW | NEEDS_KEY},
	{'c', 0, "collected", N_("采集的人员"), N_("设备采集、还没有核对的人员"), act_collected, NEEDS_KEY},
};

const struct screen_ops devices_screen = {
	.name = "devices",
	.title = N_("考勤设备"),
	.state_size = sizeof(struct list),
	.open = devices_open,
	.draw = devices_draw,
	.event = list_event,
	.close = list_close,
	.has_row = list_has,
	.flags = SCREEN_TAKES_CARD,
	.actions = device_actions,
	.n_actions = ARRAY_LEN(device_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};

/* --- who is on a device, or on which devices somebody is ---------------------------------------------------------------------------------- */

struct pushes {
	struct list list; /* first */
	int64_t device, person;
	char title[NAME_TEXT];
};

static int load_of_person(struct ui *ui, const struct pushes *s, const void *anchor, struct push_row *row, size_t cap, size_t *n, void *next, bool *more,
			  struct err *e)
{
	int64_t after = 0;

	if (anchor)
		memcpy(&after, anchor, sizeof(after));
	if (desk_push_of_person(ui_desk(ui), s->person, after, row, cap, n, e))
		return -1;
	if (*n)
		memcpy(next, &row[*n - 1].device, sizeof(after));
	*more = *n == cap;
	return 0;
}

static int pushes_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	const struct pushes *s = owner;
	struct push_cursor at;

	_Static_assert(sizeof(at) <= LIST_ANCHOR, "a cursor is an anchor");
	if (s->person)
		return load_of_person(ui, s, anchor, rows, cap, n, next, more, e);
	if (desk_push_of_device(ui_desk(ui), s->device, anchor, rows, cap, n, &at, more, e))
		return -1;
	memcpy(next, &at, sizeof(at));
	return 0;
}

/* Of a person's rows the device is what differs. */
static int64_t push_person_id(const void *row)
{
	return ((const struct push_row *)row)->person;
}

static int64_t push_device_id(const void *row)
{
	return ((const struct push_row *)row)->device;
}

static void col_name(const void *row, char *out, size_t size)
{
	const struct push_row *r = row;

	text_copy(out, size, r->name[0] ? r->name : _("（已合并或删除）"));
}

static void col_push_serial(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct push_row *)row)->serial);
}

static void col_push_place(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct push_row *)row)->place);
}

static void col_push_state(const void *row, char *out, size_t size)
{
	text_copy(out, size, state_word(CYCLE_PUSH, ((const struct push_row *)row)->state));
}

static unsigned attr_push(const void *row)
{
	const struct push_row *r = row;

	return r->state == PUSH_FAILED ? ATTR_RED : r->state == PUSH_WAITING || (r->state == PUSH_WITHDRAWN && !r->told) ? ATTR_YELLOW : 0;
}

static void col_at(const void *row, char *out, size_t size)
{
	const struct push_row *r = row;
	char stamp[STAMP_TEXT];

	stamp_format(r->at_ms, stamp);
	text_format(out, size, "%.11s", r->at_ms ? stamp + 5 : "");
}

static void col_why(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct push_row *)row)->why);
}

static const struct column of_device[] = {
	{.heading = N_("姓名"), .width = 16, .text = col_name, .name = true},
	{.heading = N_("状态"), .width = 10, .text = col_push_state, .attr = attr_push},
	{.heading = N_("时间"), .width = 12, .text = col_at},
	{.heading = N_("说明"), .width = 34, .text = col_why},
};
static const struct column of_person[] = {
	{.heading = N_("序列号"), .width = 20, .text = col_push_serial, .name = true},
	{.heading = N_("安装位置"), .width = 16, .text = col_push_place},
	{.heading = N_("状态"), .width = 10, .text = col_push_state, .attr = attr_push},
	{.heading = N_("时间"), .width = 12, .text = col_at},
	{.heading = N_("说明"), .width = 16, .text = col_why},
};

static const struct list_source push_source_device = {.row_size = sizeof(struct push_row), .load = pushes_load, .id = push_person_id, .columns = of_device,
	.n_columns = ARRAY_LEN(of_device), .empty = N_("没有在场的人：登记、签合同、进场以后才下发到设备")};
static const struct list_source push_source_person = {.row_size = sizeof(struct push_row), .load = pushes_load, .id = push_device_id, .columns = of_person,
	.n_columns = ARRAY_LEN(of_person), .empty = N_("没有下发到设备：进场以后才下发；没有登记设备时没有内容")};

static int pushes_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	const struct pushes_arg *a = arg;
	struct pushes *s = state;

	(void)ui;
	(void)e;
	s->device = a ? a->device : 0;
	s->person = a ? a->person : 0;
	text_copy(s->title, sizeof(s->title), a && a->title ? a->title : "");
	list_init(&s->list, s->person ? &push_source_person : &push_source_device, s);
	return 0;
}

static void pushes_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	(void)ui;
	text_copy(out, size, ((const struct pushes *)state)->title);
}

static void pushes_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
	list_hint(ui, state, a);
}

static enum reaction act_file(struct ui *ui, void *state)
{
	const struct push_row *r = list_selected(ui, state);

	if (r && r->name[0])
		ui_push(ui, &person_screen, &r->person);
	return STAY;
}

static const struct action push_actions[] = {
	{K_ENTER, 0, "file", N_("档案"), N_("打开选中的人的档案"), act_file, NEEDS_ROW},
};

const struct screen_ops pushes_screen = {
	.name = "pushes",
	.title = N_("下发到设备"),
	.state_size = sizeof(struct pushes),
	.open = pushes_open,
	.heading = pushes_heading,
	.draw = pushes_draw,
	.event = list_event,
	.close = list_close,
	.has_row = list_has,
	.flags = SCREEN_TAKES_CARD,
	.actions = push_actions,
	.n_actions = ARRAY_LEN(push_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
