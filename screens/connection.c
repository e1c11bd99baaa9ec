/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connection to the platform: address, certificate, enrolling this box with a one-time code, a test that names what is wrong, taking
 * over when an old copy of the data was put back. Test and enrolment are helpers under way: the screen stays live and shows how long.
 */
#include "desk/connection.h"

#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/results.h"
#include "dialog.h"
#include "domain/upload_way.h"
#include "screen_list.h"

struct connection_state {
	struct connection now;
	struct errand *errand; /* NULL: nothing under way */
	bool enrolling;
	int64_t since;
	char said[400]; /* what the last one found */
	bool fine;
};

static int connection_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)arg;
	return desk_connection(ui_desk(ui), &((struct connection_state *)state)->now, e);
}

static void connection_close(struct ui *ui, void *state)
{
	(void)ui;
	desk_errand_end(((struct connection_state *)state)->errand);
}

static void look(struct ui *ui, struct connection_state *s)
{
	struct err e = {0};

	if (desk_connection(ui_desk(ui), &s->now, &e))
		ui_fail(ui, &e);
}

#define LABEL 18 /* columns: "Platform's address" */

static int line(struct canvas *c, struct area a, int row, const char *label, unsigned attr, const char *text)
{
	int used;

	if (row >= a.height)
		return row;
	canvas_text(c, a.row + row, a.col + 2, LABEL, ATTR_DIM, label);
	used = canvas_paragraph(c, a.row + row, a.col + LABEL + 3, a.height - row, a.width - LABEL - 5, attr, text);
	return row + (used ? used : 1);
}

static void line_words(const struct connection *n, char *out, size_t size)
{
	const struct line_state *l = &n->line;

	if (!n->url[0])
		text_copy(out, size, _("还没有平台地址：先按 u 写上，再按 e 登记本机。记录都留在本机，接通后上传"));
	else if (l->behind)
		text_copy(out, size, _("这份数据比平台或本机见过的旧（可能恢复了旧备份），已停止上传。找得回较新的数据文件就恢复它；确实找不回，才接管"));
	else if (l->paused)
		text_copy(out, size, _("已暂停：在“上传”里按 x 继续"));
	else if (l->trouble)
		text_format(out, size, "%s。%s", err_sentence(l->trouble), err_advice(l->trouble));
	else
		text_copy(out, size, _("正常"));
}

/* Both times, when they are more than five minutes apart (R10). */
static bool clock_words(const struct line_state *l, char *out, size_t size)
{
	char ours[STAMP_TEXT], theirs[STAMP_TEXT];
	int64_t now = clock_now_ms();

	if (l->clock_off_ms < CLOCK_OFF_SHOWN_MS && l->clock_off_ms > -CLOCK_OFF_SHOWN_MS)
		return false;
	stamp_format(now, ours);
	stamp_format(now + l->clock_off_ms, theirs);
	text_format(out, size, _("本机 %s，平台 %s：请校正本机时间"), ours, theirs);
	return true;
}

static const char *dialect_words(const char *name)
{
	static const char *const words[DIALECT_COUNT] = {N_("本系统的接口（native）"), N_("平台的开放接口（open.api）"),
							 N_("考勤设备的接口（device）")};
	enum upload_dialect dialect;

	return upload_dialect_parse(name, &dialect) ? _(words[dialect]) : name;
}

static void errand_words(struct ui *ui, const struct connection_state *s, char *out, size_t size)
{
	(void)ui;
	text_format(out, size, s->enrolling ? _("正在登记本机……%lld 秒") : _("正在测试连接……%lld 秒"),
		    (long long)(clock_steady_ms() - s->since) / 1000);
}

static void connection_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct connection_state *s = state;
	const struct connection *n = &s->now;
	char text[500];
	int row = 0;

	row = line(c, a, row, _("平台地址"), 0, n->url[0] ? n->url : _("（未设置）"));
	row = line(c, a, row, _("证书 CA"), 0, n->ca_file[0] ? n->ca_file : _("（系统自带）"));
	row = line(c, a, row, _("接口"), 0, dialect_words(n->dialect));
	row = line(c, a, row, _("本机编号"), 0, n->box);
	row = line(c, a, row, _("登记"), n->enrolled ? ATTR_GREEN : ATTR_YELLOW, n->enrolled ? _("已登记") : _("本机未登记"));
	if (n->url[0])
		row = line(c, a, row, _("加密"), n->encrypted ? 0 : ATTR_RED, n->encrypted ? _("是，证书经过验证") : _("否：内容以明文传送"));
	line_words(n, text, sizeof(text));
	row = line(c, a, row, _("线路"), n->line.trouble || n->line.behind ? ATTR_YELLOW : 0, text);
	if (clock_words(&n->line, text, sizeof(text)))
		row = line(c, a, row, _("时间"), ATTR_YELLOW, text);
	row++;
	if (s->errand) {
		errand_words(ui, s, text, sizeof(text));
		line(c, a, row, "", 0, text);
	} else if (s->said[0]) {
		line(c, a, row, _("测试结果"), s->fine ? ATTR_GREEN : ATTR_YELLOW, s->said);
	}
	canvas_cursor(c, a.row, a.col + LABEL + 3);
}

/* --- errands ------------------------------------------------------------------------------------------------------------------------------ */

static void take_result(struct ui *ui, struct connection_state *s)
{
	struct errand_result r;
	struct err e = {0};
	int got = desk_errand_read(s->errand, &r, &e);

	if (!got)
		return;
	desk_errand_end(s->errand);
	s->errand = NULL;
	if (got < 0) {
		ui_fail(ui, &e);
		return;
	}
	s->fine = r.trouble == ERR_NONE;
	if (r.trouble == ERR_NET_NOT_CONFIGURED) /* what is missing stands above */
		r.detail[0] = '\0';
	text_format(s->said, sizeof(s->said), "%s%s%s%s", s->enrolling && s->fine ? _("本机已登记。") : "", r.sentence, r.detail[0] ? "  " : "",
		    r.detail);
	look(ui, s);
	ui_changed(ui);
	if (s->enrolling && s->fine)
		ui_send_now(ui);
}

static void connection_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct connection_state *s = state;

	if (ev->kind == UI_EVENT_CHANGED)
		look(ui, s);
	if (ev->kind == UI_EVENT_TICK && s->errand)
		take_result(ui, s);
}

static size_t connection_fds(const void *state, struct pollfd fds[UI_FDS])
{
	const struct connection_state *s = state;

	if (!s->errand)
		return 0;
	fds[0] = (struct pollfd){.fd = desk_errand_fd(s->errand), .events = POLLIN};
	return 1;
}

static void begin(struct ui *ui, struct connection_state *s, enum errand_kind kind, const char *code)
{
	struct err e = {0};

	desk_errand_end(s->errand);
	s->errand = NULL;
	s->said[0] = '\0';
	s->enrolling = kind == ERRAND_ENROL;
	s->since = clock_steady_ms();
	if (desk_errand_start(ui_desk(ui), kind, code, &s->errand, &e))
		ui_fail(ui, &e);
}

/* --- actions ------------------------------------------------------------------------------------------------------------------------------ */

static void set(struct ui *ui, struct connection_state *s, const char *name, const char *value)
{
	struct err e = {0};

	if (desk_setting_set(ui_desk(ui), name, value, &e)) {
		ui_fail(ui, &e);
		return;
	}
	look(ui, s);
	ui_changed(ui);
	ui_say(ui, SAY_DONE, "%s", _("已保存；用“测试”看看通不通"));
}

static void url_answered(struct ui *ui, void *owner, int answer, const char *input)
{
	if (answer == 1)
		set(ui, owner, "platform.url", input);
}

static void ca_answered(struct ui *ui, void *owner, int answer, const char *input)
{
	if (answer == 1)
		set(ui, owner, "platform.ca_file", input);
}

static void code_answered(struct ui *ui, void *owner, int answer, const char *input)
{
	if (answer == 1)
		begin(ui, owner, ERRAND_ENROL, input);
}

static void take_over_answered(struct ui *ui, void *owner, int answer, const char *input)
{
	struct err e = {0};

	(void)input;
	if (answer != 1)
		return;
	if (desk_take_over(ui_desk(ui), &e)) {
		ui_fail(ui, &e);
		return;
	}
	look(ui, owner);
	ui_changed(ui);
	ui_send_now(ui);
	ui_say(ui, SAY_DONE, "%s", _("已接管：先向平台查清每一条的结果，再继续上传"));
}

static enum reaction act_url(struct ui *ui, void *state)
{
	dialog_ask(ui, &(struct dialog_arg){.title = N_("平台地址"),
					    .text = _("平台给的地址，例如 https://rz.example.com"),
					    .button = {N_("不改"), N_("保存")},
					    .n_buttons = 2,
					    .input_label = N_("地址"),
					    .input_chars = 200,
					    .input_needed = true,
					    .done = url_answered,
					    .owner = state});
	return STAY;
}

static enum reaction act_ca(struct ui *ui, void *state)
{
	dialog_ask(ui, &(struct dialog_arg){.title = N_("证书 CA"),
					    .text = _("平台用自建证书时，填 CA 文件（PEM）的路径；空着就用系统自带的"),
					    .button = {N_("不改"), N_("保存")},
					    .n_buttons = 2,
					    .input_label = N_("文件"),
					    .input_chars = 200,
					    .done = ca_answered,
					    .owner = state});
	return STAY;
}

static enum reaction act_enrol(struct ui *ui, void *state)
{
	dialog_ask(ui, &(struct dialog_arg){.title = N_("登记本机"),
					    .text = _("输入平台管理员给的一次性登记码，例如 7K2QX-…；大小写和横线都可省"),
					    .button = {N_("取消"), N_("登记")},
					    .n_buttons = 2,
					    .input_label = N_("登记码"),
					    .input_chars = 24,
					    .input_needed = true,
					    .done = code_answered,
					    .owner = state});
	return STAY;
}

static enum reaction act_test(struct ui *ui, void *state)
{
	begin(ui, state, ERRAND_TEST, NULL);
	return STAY;
}

static enum reaction act_take_over(struct ui *ui, void *state)
{
	const struct connection_state *s = state;

	if (!s->now.line.behind) {
		ui_say(ui, SAY_INFO, "%s", _("这份数据不比平台见过的旧，不需要接管"));
		return STAY;
	}
	dialog_ask(ui, &(struct dialog_arg){.title = N_("接管上传"),
					    .text = _("较新的数据文件里办过、这份里没有的，只能重新办。确实找不回较新的文件，才输入“接管”。"),
					    .button = {N_("不接管"), N_("接管")},
					    .n_buttons = 2,
					    .word = P_("typed", "接管"),
					    .done = take_over_answered,
					    .owner = state});
	return STAY;
}

static enum reaction act_lines(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &lines_screen, NULL);
	return STAY;
}

static const struct action actions[] = {
	{'t', 0, "test", N_("测试"), N_("测试连接，指出哪里不对"), act_test, NEEDS_KEY},
	{'e', 0, "enrol", N_("登记本机"), N_("凭一次性登记码取得本机的令牌"), act_enrol, NEEDS_KEY},
	{'u', 0, "url", N_("地址"), N_("改平台地址"), act_url, 0},
	{'c', 0, "ca", N_("证书"), N_("改平台证书的 CA 文件"), act_ca, 0},
	{'k', 0, "take_over", N_("接管"), N_("恢复了旧数据、较新的找不回时，用这份接着上传"), act_take_over, 0},
	{'l', 0, "lines", N_("各项目"), N_("本机各项目的线路"), act_lines, 0},
};

const struct screen_ops connection_screen = {
	.name = "connection",
	.title = N_("平台连接"),
	.state_size = sizeof(struct connection_state),
	.open = connection_open,
	.draw = connection_draw,
	.event = connection_event,
	.close = connection_close,
	.fds = connection_fds,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
};
