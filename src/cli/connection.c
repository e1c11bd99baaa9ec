/* SPDX-License-Identifier: GPL-3.0-or-later */
/* enrol and connection: how this box reaches the platform. */
#include "desk/connection.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"
#include "desk/results.h"

static int wait_for(struct errand *r, struct errand_result *out, struct err *e)
{
	int got = 0;

	while (!got) {
		struct pollfd p = {.fd = desk_errand_fd(r), .events = POLLIN};

		poll(&p, 1, 1000);
		got = desk_errand_read(r, out, e);
	}
	return got < 0 ? -1 : 0;
}

/* Waits for the errand and says what became of it. */
static int errand(struct cli *c, enum errand_kind kind, const char *code, struct err *e)
{
	struct errand_result result;
	struct errand *r = NULL;
	int ret;

	if (desk_errand_start(c->desk, kind, code, &r, e))
		return -1;
	ret = wait_for(r, &result, e);
	desk_errand_end(r);
	if (ret)
		return ret;
	if (c->json) {
		cJSON *o = cJSON_CreateObject();

		cJSON_AddBoolToObject(o, "fine", result.trouble == ERR_NONE);
		cJSON_AddStringToObject(o, "trouble", result.trouble ? err_name(result.trouble) : "");
		cJSON_AddStringToObject(o, "cause", result.cause);
		cJSON_AddStringToObject(o, "sentence", result.sentence);
		cJSON_AddStringToObject(o, "detail", result.detail);
		cJSON_AddNumberToObject(o, "clock_off_ms", (double)result.clock_off_ms);
		if (print_object(o, e))
			return -1;
	} else {
		printf("%s\n", result.sentence);
	}
	return result.trouble ? err_set(e, result.trouble, "%s", result.detail) : 0;
}

int run_enrol(struct cli *c, struct err *e)
{
	if (desk_setting_set(c->desk, "platform.url", c->argv[0], e) ||
	    (opt(c, "ca") && desk_setting_set(c->desk, "platform.ca_file", opt(c, "ca"), e)))
		return -1;
	return errand(c, ERRAND_ENROL, c->argv[1], e);
}

int run_connection_test(struct cli *c, struct err *e)
{
	return errand(c, ERRAND_TEST, NULL, e);
}

static cJSON *connection_json(const struct connection *n)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "url", n->url);
	cJSON_AddStringToObject(o, "ca_file", n->ca_file);
	cJSON_AddStringToObject(o, "dialect", n->dialect);
	cJSON_AddStringToObject(o, "box", n->box);
	cJSON_AddBoolToObject(o, "enrolled", n->enrolled);
	cJSON_AddBoolToObject(o, "encrypted", n->encrypted);
	cJSON_AddStringToObject(o, "trouble", n->line.trouble ? err_name(n->line.trouble) : "");
	cJSON_AddBoolToObject(o, "behind", n->line.behind);
	cJSON_AddBoolToObject(o, "unattended", n->unattended);
	cJSON_AddNumberToObject(o, "clock_off_ms", (double)n->line.clock_off_ms);
	return o;
}

static void print_connection(const struct connection *n)
{
	printf(_("地址        %s\n"), n->url[0] ? n->url : _("（未设置）"));
	printf(_("CA 文件     %s\n"), n->ca_file[0] ? n->ca_file : _("（系统自带）"));
	printf(_("接口        %s\n"), n->dialect);
	printf(_("本机编号    %s\n"), n->box);
	printf(_("登记        %s\n"), n->enrolled ? _("已登记") : _("本机未登记"));
	printf(_("加密        %s\n"), n->encrypted ? _("是") : _("否：内容以明文传送"));
	if (n->unattended)
		printf("%s\n", _("无人值守    已允许：系统服务凭凭据上传"));
	if (n->line.trouble)
		printf("%s。%s\n", err_sentence(n->line.trouble), err_advice(n->line.trouble));
}

int run_connection_show(struct cli *c, struct err *e)
{
	struct connection n;

	if (desk_connection(c->desk, &n, e))
		return -1;
	if (c->json)
		return print_object(connection_json(&n), e);
	print_connection(&n);
	return 0;
}

static cJSON *line_json(const struct line_row *r)
{
	cJSON *o = cJSON_CreateObject();
	const int64_t *n = r->counts.state;

	cJSON_AddStringToObject(o, "project", r->project.name);
	cJSON_AddStringToObject(o, "code", r->project.code);
	cJSON_AddStringToObject(o, "url", r->url);
	cJSON_AddStringToObject(o, "trouble", r->line.trouble ? err_name(r->line.trouble) : "");
	cJSON_AddStringToObject(o, "trouble_word", r->line.trouble ? err_sentence(r->line.trouble) : "");
	cJSON_AddBoolToObject(o, "behind", r->line.behind);
	cJSON_AddNumberToObject(o, "unsent", (double)(n[OUTBOX_HELD] + n[OUTBOX_READY] + n[OUTBOX_SENDING] + n[OUTBOX_WAITING] + n[OUTBOX_UNKNOWN]));
	cJSON_AddNumberToObject(o, "rejected", (double)n[OUTBOX_REJECTED]);
	add_stamp(o, "confirmed", r->counts.confirmed_ms);
	add_stamp(o, "next_try", r->line.next_try_ms);
	return o;
}

int run_connection_lines(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"project", N_("项目名称"), 30}, {"unsent", N_("待传"), 6},	   {"rejected", N_("退回"), 6},
						{"confirmed", N_("最近确认"), 19}, {"trouble_word", N_("线路"), 30}};
	struct line_row rows[8];
	int64_t after = 0;
	struct listing l;
	size_t n = 0;
	int ret;

	list_begin(&l, c, columns, ARRAY_LEN(columns));
	do {
		ret = desk_line_list(c->desk, after, rows, ARRAY_LEN(rows), &n, e);
		for (size_t i = 0; !ret && i < n; i++)
			ret = list_add(&l, line_json(&rows[i]), e);
		after = n ? rows[n - 1].project.id : 0;
	} while (!ret && n == ARRAY_LEN(rows));
	list_end(&l);
	return ret;
}

int run_connection_move(struct cli *c, struct err *e)
{
	if (!opt(c, "yes"))
		return err_set(e, ERR_USAGE, "%s", _("换电脑要加 --yes：确认旧电脑不再办理业务"));
	if (desk_move_box(c->desk, e))
		return -1;
	if (c->json)
		printf("{\"moved\":true}\n");
	else
		printf("%s\n", _("由这台电脑接着上传：传出第一条以后，旧电脑就传不出去了"));
	return 0;
}

int run_connection_take_over(struct cli *c, struct err *e)
{
	if (!opt(c, "yes"))
		return err_set(e, ERR_USAGE, "%s", _("接管要加 --yes：确认较新的数据文件已找不回"));
	if (desk_take_over(c->desk, e))
		return -1;
	if (c->json)
		printf("{\"taken_over\":true}\n");
	else
		printf("%s\n", _("已接管：先向平台查清每一条的结果，再继续上传"));
	return 0;
}
