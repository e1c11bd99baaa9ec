/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything that can be opened, a line each, in groups beside each other (更多). A screen that the day's
 * screen has no key for has its row in `places`: one line there is all it takes. What the account or this
 * installation cannot use is not shown. Each row's key opens it at once and stays the same whatever else is
 * shown, so that hands learn it.
 */
#include "menu.h"

#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "screen_list.h"

/* Who keeps the papers, as the desk has it: not the gate and not a subcontractor's clerk. */
#define OFFICE (ROLE_CLERK | ROLE_PROJECT_MANAGER | ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE)

static const struct menu_row places[] = {
	{MENU_PEOPLE, 'r', N_("名册"), N_("打开工人名册，查找、办理手续"), &roster_screen, NULL, NEEDS_KEY, 0},
	{MENU_PEOPLE, 'n', N_("手工登记"), N_("登记没有身份证可读的人；有身份证时放到读卡器上即可，不必按键"), &register_screen, &(struct register_arg){0}, NEEDS_KEY, 0},
	{MENU_PEOPLE, 'i', N_("导入花名册"), N_("从表格（xlsx、csv）登记许多人：先试算，再导入"), &import_screen, NULL, NEEDS_KEY, 0},
	{MENU_PEOPLE, 'h', N_("聘用与离职"), N_("等本人同意的、申请离职的、解聘中的，还有多久、怎么办"), &hiring_screen, NULL, NEEDS_KEY, 0},
	{MENU_PEOPLE, 'k', N_("合同"), N_("劳动合同和书面协议：在期、将到期、已到期；签订、续签、解除"), &contracts_screen, NULL, NEEDS_KEY, 0},
	{MENU_PEOPLE, 'y', N_("证书到期"), N_("特种作业证书快到期或已过期的人"), &due_screen, NULL, NEEDS_KEY, 0},
	{MENU_PEOPLE, 'b', N_("不宜录用名单"), N_("有不宜录用标记的人：原因、谁加的、到哪天；放行、解除"), &marks_screen, NULL, NEEDS_KEY, OFFICE},
	{MENU_PEOPLE, 'd', N_("疑似同一人"), N_("登记时或平台发现很像的两份档案：比较、合并，或确认是两个人"), &alike_screen, NULL, NEEDS_KEY, 0},
	{MENU_PEOPLE, 'l', N_("事后补记"), N_("发生以后才办理的手续：实际日期、原因、印证材料"), &late_screen, NULL, NEEDS_KEY, 0},
	{MENU_PEOPLE, 'e', N_("草稿"), N_("填了一半的表，打开继续"), &drafts_screen, NULL, NEEDS_KEY, 0},
	{MENU_SITE, 't', N_("项目的班组"), N_("班组的列表、添加、进场、退场"), &teams_screen, NULL, NEEDS_KEY, 0},
	{MENU_SITE, 'c', N_("项目的参建单位"), N_("参建单位的列表、添加、进场、退场"), &participants_screen, NULL, NEEDS_KEY, 0},
	{MENU_SITE, 'g', N_("班组关联"), N_("待确认、已关联、已解绑的班组，预警倒计时"), &associations_screen, NULL, NEEDS_KEY, 0},
	{MENU_SITE, 'q', N_("企业库"), N_("企业的全部资料、查找、添加"), &companies_screen, NULL, NEEDS_KEY, 0},
	{MENU_SITE, 'p', N_("当前项目"), N_("项目的状态、资料、编号、需要核对的内容，换项目"), &project_screen, NULL, NEEDS_KEY, 0},
	{MENU_SITE, 'j', N_("项目申报"), N_("项目申报的资料、结果和所得账号"), &applications_screen, NULL, NEEDS_KEY, 0},
	{MENU_ATTENDANCE, '1', N_("门岗"), N_("逐张放身份证或逐个扫工人码，办理进场或退场，不必按键"), &gate_screen, NULL, NEEDS_KEY, 0},
	{MENU_ATTENDANCE, '2', N_("考勤打卡"), N_("扫工人码或刷身份证，记上班、下班，不必按键"), &gate_screen, &(enum gate_mode){GATE_CLOCK}, NEEDS_KEY, 0},
	{MENU_ATTENDANCE, '3', N_("打卡记录"), N_("最近的打卡：谁、什么时候、用什么方式、从哪里来"), &clockings_screen, NULL, NEEDS_KEY, 0},
	{MENU_ATTENDANCE, '4', N_("考勤月表"), N_("每人每天有没有考勤、天数、考勤率；按班组、工种；导出、打印"), &month_sheet_screen, NULL, NEEDS_KEY, 0},
	{MENU_ATTENDANCE, '5', N_("工资台账"), N_("应发、实发、与考勤的匹配率；导入工资表；漏发的人；打印"), &wages_screen, NULL, NEEDS_KEY, OFFICE},
	{MENU_ATTENDANCE, '6', N_("登记簿"), N_("健康卡、体温、培训等，按本地区的规则：登记、导入、打印"), &books_screen, NULL, NEEDS_KEY, 0},
	{MENU_ATTENDANCE, '7', N_("考勤设备"), N_("登记设备、看谁已下发到设备、哪台离线"), &devices_screen, NULL, NEEDS_KEY, 0},
	{MENU_ATTENDANCE, '8', N_("设备采集的人员"), N_("设备采集、还没有核对的人员：核对后登记，或搁置"), &collected_screen, NULL, NEEDS_KEY, OFFICE},
	{MENU_POSTS, 'a', N_("预警"), N_("什么到期、什么后果、怎么办：岗位、班组、合同、证书……按到期先后"), &alarms_screen, NULL, NEEDS_KEY, 0},
	{MENU_POSTS, 'w', N_("关键岗位"), N_("谁在岗、缺谁，本月考勤还差几天；设置、报备"), &posts_screen, NULL, NEEDS_KEY, 0},
	{MENU_POSTS, 'x', N_("平台提示"), N_("平台的提示和退回是什么原因、怎么办；边键入边查，不用联网"), &prompts_screen, NULL, 0, 0},
	{MENU_UPLOAD, 'u', N_("上传"), N_("什么还没有上传，什么被退回，为什么"), &upload_screen, NULL, NEEDS_KEY, 0},
	{MENU_UPLOAD, 's', N_("上传结果"), N_("按种类看每一条的结果；完整上传了没有，还缺什么"), &results_screen, NULL, NEEDS_KEY, 0},
	{MENU_UPLOAD, 'B', N_("平台页面待办"), N_("接口传不了、要在平台页面上办的"), &by_hand_screen, NULL, NEEDS_KEY, 0},
	{MENU_UPLOAD, 'v', N_("两边不一致"), N_("这里和平台都改过的内容，选定用哪一边的"), &conflicts_screen, NULL, NEEDS_KEY, 0},
	{MENU_UPLOAD, 'm', N_("消息"), N_("平台和本人的答复"), &messages_screen, NULL, NEEDS_KEY, 0},
	{MENU_UPLOAD, 'f', N_("平台连接"), N_("地址、登记本机、测试连接"), &connection_screen, NULL, NEEDS_KEY, 0},
	{MENU_UPLOAD, '9', N_("各项目的线路"), N_("本机每个项目的上传是否正常"), &lines_screen, NULL, 0, 0},
	{MENU_SYSTEM, 'z', N_("撤销"), N_("办理过什么；还没有上传的可以整批撤销"), &undo_screen, NULL, NEEDS_KEY, 0},
	{MENU_SYSTEM, '0', N_("帐号管理"), N_("谁可以登录；新建、停用、口令、授权"), &accounts_screen, NULL, 0, 0},
	{MENU_SYSTEM, 'T', N_("保存期限"), N_("资料保存多久、什么到期、清除和清除记录"), &terms_screen, NULL, NEEDS_KEY, 0},
	{MENU_SYSTEM, 'S', N_("备份与换电脑"), N_("最近的备份在哪里、什么时候；现在备份；换电脑的步骤"), &backups_screen, NULL, 0, 0},
	{MENU_SYSTEM, 'L', N_("操作日志"), N_("谁在什么时候对谁做了什么；核对日志"), &audit_screen, NULL, 0, 0},
};

static const char *const group_words[MENU_GROUPS] = {
	[MENU_PEOPLE] = N_("人员与合同"),     [MENU_SITE] = N_("班组与单位"),
	[MENU_ATTENDANCE] = N_("考勤与工资"), [MENU_POSTS] = N_("岗位与预警"),
	[MENU_UPLOAD] = N_("上传"),	      [MENU_SYSTEM] = N_("系统"),
};

size_t menu_rows(const struct menu_row **rows)
{
	*rows = places;
	return ARRAY_LEN(places);
}

bool menu_offers(struct ui *ui, const struct menu_row *row)
{
	const struct action as_action = {.needs = row->needs};

	return (!row->roles || (desk_session(ui_desk(ui))->roles & row->roles)) &&
	       ui_action_applies(ui, row->screen, NULL, &as_action);
}

/* --- where each stands
 * -------------------------------------------------------------------------------------------------------------------
 */

#define COLUMNS_MOST 3
#define COLUMN_LEAST 26 /* of the window's columns: key, marker, ten Chinese characters */
#define AT_MARKER 2
#define AT_WORD 4
#define REST_MS 300

struct spot {
	const struct menu_row *place;
	int row, col;
}; /* place NULL: the heading of `group` */

struct menu {
	const struct menu_row *selected;
	struct spot spot[ARRAY_LEN(places)], heading[MENU_GROUPS];
	enum menu_group group[MENU_GROUPS]; /* of each heading */
	size_t n, headings;
	int columns, rows, scroll, height;
	int64_t since; /* clock_steady_ms() of the last move: the help of the row comes once the hand rests */
	bool rested;
};

static int offered_in(struct ui *ui, enum menu_group group)
{
	int n = 0;

	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		n += places[i].group == group && menu_offers(ui, &places[i]);
	return n;
}

/* Lines that all groups take below each other: a heading, the rows, an empty line. */
static int lines_of_all(struct ui *ui)
{
	int lines = 0;

	for (int g = 0; g < MENU_GROUPS; g++) {
		int n = offered_in(ui, (enum menu_group)g);

		lines += n ? n + 2 : 0;
	}
	return lines;
}

struct pen {
	int row, col, most;
};

static void put_group(struct ui *ui, struct menu *m, enum menu_group group, struct pen *pen)
{
	int n = offered_in(ui, group);

	if (!n)
		return;
	pen->row += pen->row > 0;
	if (pen->row && pen->row + 1 + n > pen->most && pen->col + 1 < m->columns)
		*pen = (struct pen){0, pen->col + 1, pen->most};
	m->group[m->headings] = group;
	m->heading[m->headings++] = (struct spot){NULL, pen->row++, pen->col};
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		if (places[i].group == group && menu_offers(ui, &places[i]))
			m->spot[m->n++] = (struct spot){&places[i], pen->row++, pen->col};
	m->rows = pen->row > m->rows ? pen->row : m->rows;
}

/* Groups stay whole: what does not fit into a column begins the next one, and what does not fit into the last
 * is scrolled to. */
static void lay_out(struct ui *ui, struct menu *m, int width, int height)
{
	int even;
	struct pen pen = {0, 0, height};

	m->columns = width / COLUMN_LEAST < 1		   ? 1
		     : width / COLUMN_LEAST > COLUMNS_MOST ? COLUMNS_MOST
							   : width / COLUMN_LEAST;
	even = (lines_of_all(ui) + m->columns - 1) / m->columns;
	pen.most = even > height ? even : height;
	m->n = m->headings = 0;
	m->rows = 0;
	m->height = height;
	for (int g = 0; g < MENU_GROUPS; g++)
		put_group(ui, m, (enum menu_group)g, &pen);
}

static size_t selected_spot(const struct menu *m)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->spot[i].place == m->selected)
			return i;
	return 0;
}

/* The heading above a group's first row is seen with it. */
static void scroll_to(struct menu *m, int row)
{
	int top = row;

	for (size_t i = 0; i < m->headings; i++)
		if (m->heading[i].row == row - 1)
			top = row - 1;
	if (m->scroll > m->rows - m->height)
		m->scroll = m->rows - m->height;
	if (m->scroll < 0)
		m->scroll = 0;
	if (top < m->scroll)
		m->scroll = top;
	if (row >= m->scroll + m->height)
		m->scroll = row - m->height + 1;
}

/* --- drawing
 * ---------------------------------------------------------------------------------------------------------------------------
 */

struct pencil {
	struct canvas *c;
	struct area a;
	int width; /* of a column */
};

static bool place_of(const struct menu *m, const struct pencil *p, const struct spot *s, int *row, int *col)
{
	*row = p->a.row + s->row - m->scroll;
	*col = p->a.col + s->col * p->width;
	return s->row >= m->scroll && s->row < m->scroll + m->height;
}

static void draw_spot(struct menu *m, const struct pencil *p, const struct spot *s)
{
	bool on = s->place == m->selected;
	char key[2] = {(char)s->place->key, '\0'};
	int row, col;

	if (!place_of(m, p, s, &row, &col))
		return;
	canvas_text(p->c, row, col, 1, ATTR_DIM, key);
	canvas_cut(p->c, row, col + AT_WORD, p->width - AT_WORD - 1, on ? ATTR_BOLD : ATTR_PLAIN,
		   _(s->place->word));
	if (!on)
		return;
	canvas_text(p->c, row, col + AT_MARKER, AT_WORD - AT_MARKER, ATTR_PLAIN, ui_marker());
	canvas_cursor(p->c, row, col + AT_WORD);
}

static void say_help(struct ui *ui, const struct menu *m)
{
	char text[300];

	if (!m->rested || !m->selected)
		return;
	text_format(text, sizeof(text), _("%s：%s"), _(m->selected->word), _(m->selected->help));
	ui_hint(ui, SAY_INFO, text);
}

static void menu_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct menu *m = state;
	struct pencil p = {c, a, 0};
	int row, col;

	lay_out(ui, m, a.width, a.height);
	p.width = a.width / m->columns;
	canvas_cursor(c, a.row, a.col);
	if (m->n) {
		m->selected = m->spot[selected_spot(m)].place;
		scroll_to(m, m->spot[selected_spot(m)].row);
	}
	for (size_t i = 0; i < m->headings; i++)
		if (place_of(m, &p, &m->heading[i], &row, &col))
			canvas_cut(c, row, col, p.width - 1, ATTR_BOLD, _(group_words[m->group[i]]));
	for (size_t i = 0; i < m->n; i++)
		draw_spot(m, &p, &m->spot[i]);
	say_help(ui, m);
}

static void menu_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct menu *m = state;

	if (ev->kind != UI_EVENT_TICK || m->rested || ui_top_state(ui) != state)
		return;
	m->rested = ev->now - m->since >= REST_MS;
	if (!m->rested)
		ui_wake(ui, m->since + REST_MS);
}

/* --- actions
 * ---------------------------------------------------------------------------------------------------------------------------
 */

static void select_spot(struct menu *m, size_t i)
{
	if (i >= m->n || m->selected == m->spot[i].place)
		return;
	m->selected = m->spot[i].place;
	m->since = clock_steady_ms();
	m->rested = false;
}

static int menu_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct menu *m = state;

	(void)arg;
	(void)e;
	lay_out(ui, m, COLUMN_LEAST, 1);
	select_spot(m, 0);
	return 0;
}

/* The menu stays below: going back from what was opened leads here again. */
static enum reaction act_open(struct ui *ui, void *state)
{
	const struct menu *m = state;

	if (m->selected)
		ui_push(ui, m->selected->screen, m->selected->arg);
	return STAY;
}

static enum reaction menu_key(struct ui *ui, void *state, int key)
{
	struct menu *m = state;

	for (size_t i = 0; i < m->n; i++)
		if (m->spot[i].place->key == key) {
			select_spot(m, i);
			return act_open(ui, state);
		}
	return NOT_MINE;
}

static enum reaction step(struct menu *m, size_t to)
{
	select_spot(m, to);
	return STAY;
}

static enum reaction act_down(struct ui *ui, void *state)
{
	(void)ui;
	return step(state, selected_spot(state) + 1);
}

static enum reaction act_up(struct ui *ui, void *state)
{
	size_t at = selected_spot(state);

	(void)ui;
	return step(state, at ? at - 1 : 0);
}

static enum reaction act_first(struct ui *ui, void *state)
{
	(void)ui;
	return step(state, 0);
}

static enum reaction act_last(struct ui *ui, void *state)
{
	(void)ui;
	return step(state, ((struct menu *)state)->n - 1);
}

static int apart(int a, int b)
{
	return a > b ? a - b : b - a;
}

/* To the row of the neighbouring column that stands nearest. */
static enum reaction sideways(struct menu *m, int by)
{
	size_t at = selected_spot(m), best = at;

	for (size_t i = 0; i < m->n; i++)
		if (m->spot[i].col == m->spot[at].col + by &&
		    (best == at ||
		     apart(m->spot[i].row, m->spot[at].row) < apart(m->spot[best].row, m->spot[at].row)))
			best = i;
	return step(m, best);
}

static enum reaction act_left(struct ui *ui, void *state)
{
	(void)ui;
	return sideways(state, -1);
}

static enum reaction act_right(struct ui *ui, void *state)
{
	(void)ui;
	return sideways(state, 1);
}

static bool menu_has_row(const void *state)
{
	return ((const struct menu *)state)->n > 0;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("打开"), N_("打开选中的事项；按它前面的字母或数字，不必选中就打开"), act_open,
	 NEEDS_ROW},
	{K_DOWN, K_CTRL('n'), "down", NULL, N_("下一行"), act_down, NEEDS_ROW},
	{K_UP, K_CTRL('p'), "up", NULL, N_("上一行"), act_up, NEEDS_ROW},
	{K_LEFT, K_CTRL('b'), "left", NULL, N_("左边一栏"), act_left, NEEDS_ROW},
	{K_RIGHT, K_CTRL('f'), "right", NULL, N_("右边一栏"), act_right, NEEDS_ROW},
	{K_HOME, K_CTRL('a'), "first", NULL, N_("第一行"), act_first, NEEDS_ROW},
	{K_END, K_CTRL('e'), "last", NULL, N_("最后一行"), act_last, NEEDS_ROW},
};

const struct screen_ops menu_screen = {
	.name = "menu",
	.title = N_("更多"),
	.state_size = sizeof(struct menu),
	.open = menu_open,
	.draw = menu_draw,
	.key = menu_key,
	.event = menu_event,
	.has_row = menu_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
};
