/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything that can be opened, a line each (更多). A screen that the day's screen has no key for has its row in `places`: one line there
 * is all it takes. What the account or this installation cannot use is not shown.
 */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "list.h"
#include "menu.h"
#include "screen_list.h"

static const struct menu_row places[] = {
	{N_("名册"), N_("打开工人名册，查找、办理手续"), &roster_screen, NULL, 0},
	{N_("手工登记"), N_("登记没有身份证可读的人；有身份证时放到读卡器上即可，不必按键"), &register_screen, &(struct register_arg){0}, NEEDS_KEY},
	{N_("导入花名册"), N_("从表格（xlsx、csv）登记许多人：先试算，再导入"), &import_screen, NULL, NEEDS_KEY},
	{N_("草稿"), N_("填了一半的表，打开继续"), &drafts_screen, NULL, NEEDS_KEY},
	{N_("聘用与离职"), N_("等本人同意的、申请离职的、解聘中的，还有多久、怎么办"), &hiring_screen, NULL, 0},
	{N_("合同"), N_("劳动合同和书面协议：在期、将到期、已到期；签订、续签、解除"), &contracts_screen, NULL, 0},
	{N_("项目的班组"), N_("班组的列表、添加、进场、退场"), &teams_screen, NULL, 0},
	{N_("项目的参建单位"), N_("参建单位的列表、添加、进场、退场"), &participants_screen, NULL, 0},
	{N_("门岗"), N_("逐张放身份证或逐个扫工人码，办理进场或退场，不必按键"), &gate_screen, NULL, NEEDS_KEY},
	{N_("考勤打卡"), N_("扫工人码或刷身份证，记上班、下班，不必按键"), &gate_screen, &(enum gate_mode){GATE_CLOCK}, NEEDS_KEY},
	{N_("考勤月表"), N_("每人每天有没有考勤、天数、考勤率；按班组、工种；导出、打印"), &month_sheet_screen, NULL, NEEDS_KEY},
	{N_("工资台账"), N_("应发、实发、与考勤的匹配率；导入工资表；漏发的人；打印"), &wages_screen, NULL, NEEDS_KEY},
	{N_("登记簿"), N_("健康卡、体温、培训等，按本地区的规则：登记、导入、打印"), &books_screen, NULL, NEEDS_KEY},
	{N_("打卡记录"), N_("最近的打卡：谁、什么时候、用什么方式、从哪里来"), &clockings_screen, NULL, NEEDS_KEY},
	{N_("考勤设备"), N_("登记设备、看谁已下发到设备、哪台离线"), &devices_screen, NULL, NEEDS_KEY},
	{N_("设备采集的人员"), N_("设备采集、还没有核对的人员：核对后登记，或搁置"), &collected_screen, NULL, NEEDS_KEY},
	{N_("事后补记"), N_("发生以后才办理的手续：实际日期、原因、印证材料"), &late_screen, NULL, 0},
	{N_("撤销"), N_("办理过什么；还没有上传的可以整批撤销"), &undo_screen, NULL, 0},
	{N_("预警"), N_("什么到期、什么后果、怎么办：岗位、班组、合同、证书……按到期先后"), &alarms_screen, NULL, 0},
	{N_("关键岗位"), N_("谁在岗、缺谁，本月考勤还差几天；设置、报备"), &posts_screen, NULL, NEEDS_KEY},
	{N_("班组关联"), N_("待确认、已关联、已解绑的班组，预警倒计时"), &associations_screen, NULL, NEEDS_KEY},
	{N_("企业库"), N_("企业的全部资料、查找、添加"), &companies_screen, NULL, NEEDS_KEY},
	{N_("当前项目"), N_("项目的状态、资料、编号、需要核对的内容，换项目"), &project_screen, NULL, NEEDS_KEY},
	{N_("项目申报"), N_("项目申报的资料、结果和所得账号"), &applications_screen, NULL, NEEDS_KEY},
	{N_("上传"), N_("什么还没有上传，什么被退回，为什么"), &upload_screen, NULL, 0},
	{N_("帐号管理"), N_("谁可以登录；新建、停用、口令、授权"), &accounts_screen, NULL, 0},
	{N_("上传结果"), N_("按种类看每一条的结果；完整上传了没有，还缺什么"), &results_screen, NULL, 0},
	{N_("平台页面待办"), N_("接口传不了、要在平台页面上办的"), &by_hand_screen, NULL, 0},
	{N_("两边不一致"), N_("这里和平台都改过的内容，选定用哪一边的"), &conflicts_screen, NULL, NEEDS_KEY},
	{N_("平台连接"), N_("地址、登记本机、测试连接"), &connection_screen, NULL, 0},
	{N_("各项目的线路"), N_("本机每个项目的上传是否正常"), &lines_screen, NULL, 0},
	{N_("操作日志"), N_("谁在什么时候对谁做了什么；核对日志"), &audit_screen, NULL, 0},
	{N_("保存期限"), N_("资料保存多久、什么到期、清除和清除记录"), &terms_screen, NULL, 0},
	{N_("备份与换电脑"), N_("最近的备份在哪里、什么时候；现在备份；换电脑的步骤"), &backups_screen, NULL, 0},
	{N_("证书到期"), N_("特种作业证书快到期或已过期的人"), &due_screen, NULL, NEEDS_KEY},
	{N_("不宜录用名单"), N_("有不宜录用标记的人：原因、谁加的、到哪天；放行、解除"), &marks_screen, NULL, NEEDS_KEY},
	{N_("疑似同一人"), N_("登记时或平台发现很像的两份档案：比较、合并，或确认是两个人"), &alike_screen, NULL, NEEDS_KEY},
	{N_("消息"), N_("平台和本人的答复"), &messages_screen, NULL, 0},
	{N_("平台提示"), N_("平台的提示和退回是什么原因、怎么办；边键入边查，不用联网"), &prompts_screen, NULL, 0},
};

size_t menu_rows(const struct menu_row **rows)
{
	*rows = places;
	return ARRAY_LEN(places);
}

struct menu { struct list list; };

static bool offered(struct ui *ui, const struct menu_row *p)
{
	const struct action as_action = {.needs = p->needs};

	return ui_action_applies(ui, p->screen, NULL, &as_action);
}

/* The row's place in the table is its id and its anchor. */
struct line { int64_t id; const struct menu_row *place; };

static int menu_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	struct line *line = rows;
	size_t from = 0;

	(void)owner;
	(void)e;
	if (anchor)
		memcpy(&from, anchor, sizeof(from));
	*n = 0;
	for (; from < ARRAY_LEN(places) && *n < cap; from++)
		if (offered(ui, &places[from]))
			line[(*n)++] = (struct line){.id = (int64_t)from + 1, .place = &places[from]};
	memcpy(next, &from, sizeof(from));
	*more = from < ARRAY_LEN(places);
	return 0;
}

static int64_t menu_id(const void *row)
{
	return ((const struct line *)row)->id;
}

static void col_word(const void *row, char *out, size_t size)
{
	text_copy(out, size, _(((const struct line *)row)->place->word));
}

static void col_help(const void *row, char *out, size_t size)
{
	text_copy(out, size, _(((const struct line *)row)->place->help));
}

static const struct column columns[] = {
	{.heading = N_("打开"), .width = 22, .text = col_word, .name = true},
	{.heading = N_("说明"), .width = 40, .text = col_help},
};

static const struct list_source source = {
	.row_size = sizeof(struct line), .load = menu_load, .id = menu_id, .columns = columns, .n_columns = ARRAY_LEN(columns)};

static int menu_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &source, state);
	return 0;
}

static void menu_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

static void menu_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
}

static bool menu_has_row(const void *state)
{
	return list_has_row(state);
}

/* The menu stays below: going back from what was opened leads here again. */
static enum reaction act_open(struct ui *ui, void *state)
{
	const struct line *line = list_selected(ui, state);

	if (line)
		ui_push(ui, line->place->screen, line->place->arg);
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("打开"), N_("打开选中的事项"), act_open, NEEDS_ROW},
};

const struct screen_ops menu_screen = {
	.name = "menu",
	.title = N_("更多"),
	.state_size = sizeof(struct menu),
	.open = menu_open,
	.draw = menu_draw,
	.close = menu_close,
	.has_row = menu_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_move_actions,
	.n_shared = LIST_MOVE_ACTIONS,
};
