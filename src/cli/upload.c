/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sync and outbox. */
#include "desk/results.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "commands.h"
#include "desk/device.h"
#include "helper.h"

#define HELPER "shiming-sync"
#define KEY_FD 3
#define PAGE 100

/* --- sync --------------------------------------------------------------------------------------------------------------------- */

static bool copy_line(void *arg, const char *text, size_t n)
{
	(void)arg;
	fwrite(text, 1, n, stdout);
	fputs("\n", stdout);
	return fflush(stdout) == 0;
}

/* The key goes by an inherited pipe, never by argument or environment (DESIGN 5); 32 bytes always fit into one. */
static int key_pipe(struct cli *c, int *read_end, struct err *e)
{
	unsigned char key[DESK_KEY_BYTES];
	int fd[2], ret;

	if (desk_export_key(c->desk, key, e))
		return -1;
	if (pipe2(fd, O_CLOEXEC)) {
		wipe(key, sizeof(key));
		return err_errno(e, "pipe");
	}
	ret = io_write_all(fd[1], key, sizeof(key), e);
	wipe(key, sizeof(key));
	close(fd[1]);
	if (ret)
		close(fd[0]);
	else
		*read_end = fd[0];
	return ret;
}

/* A helper with this session's key, in the foreground: what it says is said. */
static int run_here(struct cli *c, const char *const *argv, struct err *e)
{
	struct child_spec spec = {.argv = argv, .want_stdin = true, .want_stdout = true, .pass_to = {KEY_FD, -1}};
	struct helper_run run = {.spec = &spec, .line_max = 65536, .line = copy_line};
	int fd = -1, ret;

	if (key_pipe(c, &fd, e))
		return -1;
	spec.pass_fd[0] = fd;
	spec.pass_fd[1] = -1;
	ret = helper_run(&run, e);
	close(fd);
	return ret;
}

static int sync_here(struct cli *c, struct err *e)
{
	char path[4096], project[24];
	const char *argv[] = {path, "--data", c->dir, "--key-fd", "3", NULL, NULL, NULL, NULL, NULL, NULL};
	size_t n = 5;

	if (child_helper_path(HELPER, path, sizeof(path), e))
		return -1;
	if (opt(c, "once") || opt(c, "now") || c->json)
		argv[n++] = "--once";
	if (opt(c, "now"))
		argv[n++] = "--now";
	if (c->json)
		argv[n++] = "--json";
	if (c->project && desk_project(c->desk)) {
		text_format(project, sizeof(project), "%lld", (long long)desk_project(c->desk)->id);
		argv[n++] = "--project";
		argv[n++] = project;
	}
	return run_here(c, argv, e);
}

/* Until it is stopped, or this program is: its standard input is the lifeline. */
int run_gateway(struct cli *c, struct err *e)
{
	char path[4096], why[300];
	const char *argv[] = {path, "--data", c->dir, "--key-fd", "3", "--here", NULL, NULL, NULL};

	if (!desk_devices_served(c->desk, why, sizeof(why)))
		fprintf(stderr, "%s\n", why);
	if (opt(c, "listen")) {
		argv[6] = "--listen";
		argv[7] = opt(c, "listen");
	}
	return child_helper_path("shiming-gateway", path, sizeof(path), e) ? -1 : run_here(c, argv, e);
}

/* --- unattended --- */

static int open_credential(const char *path, struct err *e)
{
	if (strcmp(path, "-"))
		return io_open_as_user(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, e);
	if (isatty(STDOUT_FILENO))
		return err_set(e, ERR_USAGE, "%s", _("凭据不写到终端上：请接 systemd-creds encrypt，见 man shiming"));
	return dup(STDOUT_FILENO);
}

/* What cannot be written down is void at once. */
static int write_credential(struct cli *c, int fd, struct err *e)
{
	unsigned char secret[DESK_KEY_BYTES];
	int last;

	if (desk_unattended_make(c->desk, secret, e))
		return -1;
	last = io_write_all(fd, secret, sizeof(secret), e);
	wipe(secret, sizeof(secret));
	if (last)
		desk_unattended_end(c->desk, NULL);
	return last;
}

static int allow_unattended(struct cli *c, const char *path, struct err *e)
{
	int fd, last;

	if (!opt(c, "yes"))
		return err_set(e, ERR_USAGE, "%s", _("要加 --yes：拿到这份凭据和数据文件的人，不用口令就能读到全部人员资料"));
	fd = open_credential(path, e);
	if (fd < 0)
		return -1;
	last = write_credential(c, fd, e);
	if (close(fd) && !last)
		last = err_errno(e, path);
	if (!last)
		fprintf(stderr, "%s\n", _("已允许无人值守上传；以前写出的凭据作废"));
	return last;
}

static int end_unattended(struct cli *c, struct err *e)
{
	if (desk_unattended_end(c->desk, e))
		return -1;
	fprintf(stderr, "%s\n", _("已停止：凭据全部作废，正在运行的服务要另行停止"));
	return 0;
}

/* A runner at work sees it before its next pass. */
static int pause_line(struct cli *c, bool pause, struct err *e)
{
	if (desk_upload_pause(c->desk, pause, e))
		return -1;
	if (c->json)
		printf("{\"paused\":%s}\n", pause ? "true" : "false");
	else
		printf("%s\n", pause ? _("已暂停上传：在途的一批查清以后再传；办理照常") : _("继续上传"));
	return 0;
}

int run_sync(struct cli *c, struct err *e)
{
	if (opt(c, "unattended-key"))
		return allow_unattended(c, opt(c, "unattended-key"), e);
	if (opt(c, "pause") || opt(c, "resume"))
		return pause_line(c, opt(c, "pause") != NULL, e);
	return opt(c, "unattended-end") ? end_unattended(c, e) : sync_here(c, e);
}

/* --- outbox ---------------------------------------------------------------------------------------------------------------------- */

static cJSON *row_json(const struct outbox_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "id", (double)r->id);
	cJSON_AddStringToObject(o, "op", r->op);
	cJSON_AddStringToObject(o, "kind", r->kind);
	cJSON_AddStringToObject(o, "kind_word", r->kind_word);
	cJSON_AddStringToObject(o, "state", outbox_state_name(r->state));
	cJSON_AddStringToObject(o, "state_word", outbox_state_word(r->state));
	cJSON_AddStringToObject(o, "subject", r->subject);
	cJSON_AddNumberToObject(o, "person", (double)r->person);
	add_stamp(o, "made", r->made_ms);
	add_stamp(o, "sent", r->sent_ms);
	add_stamp(o, "answered", r->answered_ms);
	cJSON_AddNumberToObject(o, "attempts", r->attempts);
	cJSON_AddStringToObject(o, "code", r->reason_code);
	cJSON_AddStringToObject(o, "reason", r->reason);
	cJSON_AddStringToObject(o, "advice", r->advice);
	cJSON_AddStringToObject(o, "field", r->field);
	cJSON_AddStringToObject(o, "number", r->number);
	cJSON_AddStringToObject(o, "waits_for", r->waits_for);
	return o;
}

int run_outbox_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"id", N_("编号"), 6},          {"state_word", N_("状态"), 8}, {"kind_word", N_("事项"), 12},
						{"subject", N_("对象"), 16},    {"made", N_("办理时间"), 19}, {"reason", N_("平台的话"), 30}};
	struct outbox_query q = {.view = opt(c, "all") ? OUTBOX_VIEW_ALL : opt(c, "refused") ? OUTBOX_VIEW_REFUSED : OUTBOX_VIEW_OPEN};
	struct outbox_page page = {.cap = PAGE};
	struct listing l;
	int ret;

	page.row = calloc(PAGE, sizeof(*page.row));
	if (!page.row)
		return err_set(e, ERR_MEMORY, "outbox");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	do {
		ret = desk_outbox(c->desk, &q, &page, e);
		for (size_t i = 0; ret == 0 && i < page.n; i++)
			ret = list_add(&l, row_json(&page.row[i]), e);
		q.after_id = page.last_id;
		q.after_rank = page.last_rank;
	} while (ret == 0 && page.more && page.n);
	list_end(&l);
	free(page.row);
	return ret;
}

static int id_of(const char *word, int64_t *out, struct err *e)
{
	if (!text_is_digits(word) || strlen(word) > 15)
		return err_set(e, ERR_USAGE, "%s", _("这里应是 outbox list 第一列的编号"));
	*out = strtoll(word, NULL, 10);
	return 0;
}

static void print_line(const char *label, const char *value)
{
	if (!value || !*value)
		return;
	printf("%s%*s", label, text_width(label) < 14 ? 14 - text_width(label) : 1, "");
	print_text(stdout, value);
	fputs("\n", stdout);
}

static void print_row(const cJSON *o)
{
	static const struct {
		const char *key, *label;
	} lines[] = {{"kind_word", N_("事项")},  {"subject", N_("对象")},   {"state_word", N_("状态")}, {"made", N_("办理时间")},
		     {"sent", N_("发送时间")},   {"answered", N_("应答时间")}, {"number", N_("平台编号")}, {"reason", N_("平台的话")},
		     {"advice", N_("怎么办")},   {"waits_for", N_("在等")},   {"op", N_("操作号")}};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		print_line(_(lines[i].label), json_string(o, lines[i].key));
}

static void print_past(const struct outbox_row *r, bool first)
{
	char line[300], made[STAMP_TEXT] = "", said[STAMP_TEXT] = "";

	stamp_format(r->made_ms, made);
	if (r->answered_ms)
		stamp_format(r->answered_ms, said);
	text_format(line, sizeof(line), "%s %s %s %s %s", made, r->kind_word, outbox_state_word(r->state), said, r->number);
	print_line(first ? _("此项经过") : "", line);
}

int run_outbox_show(struct cli *c, struct err *e)
{
	struct outbox_row row, past[OUTBOX_HISTORY];
	int64_t id = 0;
	cJSON *o, *list;
	size_t n;

	if (id_of(c->argv[0], &id, e) || desk_outbox_get(c->desk, id, &row, e) ||
	    desk_outbox_history(c->desk, id, past, OUTBOX_HISTORY, &n, e))
		return -1;
	o = row_json(&row);
	list = cJSON_AddArrayToObject(o, "history");
	for (size_t i = 0; i < n; i++)
		cJSON_AddItemToArray(list, row_json(&past[i]));
	if (c->json)
		return print_object(o, e);
	print_row(o);
	for (size_t i = 0; n > 1 && i < n; i++)
		print_past(&past[i], !i);
	cJSON_Delete(o);
	return 0;
}

int run_outbox_retry(struct cli *c, struct err *e)
{
	int64_t id = 0, all = 0;

	if (!opt(c, "refused") == !c->argc)
		return err_set(e, ERR_USAGE, "%s", _("给出编号，或 --refused"));
	if (opt(c, "refused") && desk_outbox_retry_all(c->desk, 0, &all, e))
		return -1;
	for (int i = 0; i < c->argc; i++)
		if (id_of(c->argv[i], &id, e) || desk_outbox_retry(c->desk, id, e))
			return -1;
	if (c->json)
		printf("{\"retried\":%lld}\n", (long long)all + c->argc);
	else
		printf(_("已重新放入待传：%lld 条\n"), (long long)all + c->argc);
	return 0;
}
