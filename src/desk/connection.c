/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/connection.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/json.h"
#include "base/text.h"
#include "desk/project.h"
#include "errand.h"
#include "row_out.h"
#include "store/line.h"
#include "store/outbox.h"
#include "store/site.h"

#define RUNNER "shiming-sync"
#define KEY_FD 3
#define PATH_BYTES 4096
#define ANSWER_MOST 65536
#define LONGEST_MS 60000

int desk_connection(struct desk *d, struct connection *out, struct err *e)
{
	struct connection c = {.enrolled = false};
	struct db_line line;
	char token[600] = "";

	if (desk_may_in_project(d, 0, e) || desk_setting_get(d, "platform.url", c.url, sizeof(c.url), e) ||
	    desk_setting_get(d, "platform.ca_file", c.ca_file, sizeof(c.ca_file), e) ||
	    db_line_get(d->store, d->project.id, &line, e) || desk_line_state(d, &c.line, e))
		return -1;
	if (d->session.has_key && desk_setting_get(d, "platform.token", token, sizeof(token), e))
		return -1;
	c.enrolled = token[0] != '\0';
	wipe(token, sizeof(token));
	c.unattended = desk_unattended_is(d);
	c.encrypted = !strncasecmp(c.url, "https://", 8);
	text_copy(c.dialect, sizeof(c.dialect), profile_text(d->profile, "upload.dialect", "native"));
	memcpy(c.box, line.box, UID_TEXT);
	*out = c;
	return 0;
}

/* --- the lines of all projects --- */

static int line_of(struct desk *d, const struct project *p, struct line_row *out, struct err *e)
{
	struct db_line line;
	char paused[8];

	*out = (struct line_row){.project = *p};
	if (db_setting_get(d->store, p->id, "platform.url", out->url, sizeof(out->url), e) ||
	    db_line_get(d->store, p->id, &line, e) || db_outbox_counts(d->store, p->id, out->counts.state, e))
		return -1;
	out->counts.confirmed_ms = line.confirmed_ms;
	line_state_out(d, &line, &out->line);
	if (db_setting_get(d->store, p->id, "platform.paused", paused, sizeof(paused), e))
		return -1;
	out->line.paused = paused[0] != '\0';
	return 0;
}

int desk_line_list(struct desk *d, int64_t after, struct line_row *rows, size_t cap, size_t *n, struct err *e)
{
	struct project page[8];
	size_t got, count = 0;

	if (desk_may(d, 0, false, e))
		return -1;
	do {
		if (desk_project_search(d, "", after, page, cap - count < ARRAY_LEN(page) ? cap - count : ARRAY_LEN(page), &got, e))
			return -1;
		for (size_t i = 0; i < got; i++) {
			if (line_of(d, &page[i], &rows[count], e))
				return -1;
			after = page[i].id;
			count++;
		}
	} while (got && count < cap);
	*n = count;
	return 0;
}

int desk_any_line(struct desk *d, bool *any, struct err *e)
{
	struct line_row row;
	int64_t after = 0;
	size_t n;

	*any = false;
	do {
		if (desk_line_list(d, after, &row, 1, &n, e))
			return -1;
		after = n ? row.project.id : 0;
		*any = n && row.url[0];
	} while (n && !*any);
	return 0;
}

/* --- errands ----------------------------------------------------------------------------------------- */

/* What is wrong, in a clerk's words; the first row that fits. trouble ERR_NONE: any. */
static const struct {
	const char *cause;
	const char *sentence;
} causes[] = {
	{"dns", N_("找不到平台的地址（域名解析失败）：检查地址有没有写错、网络通不通")},
	{"refused", N_("平台的机器不接受连接：检查端口，或平台没有开")},
	{"timeout", N_("平台没有应答（超时）：检查网络，或稍后再试")},
	{"tls", N_("平台的证书未通过验证：检查本机时间；单位自建证书请填写 CA 文件")},
	{"portal", N_("网络要求先登录（上网认证页）：用浏览器完成认证后再试")},
	{"proxy", N_("代理服务器要求认证：请管理员设置代理")},
	{"token", N_("平台不认可本机的令牌：请重新登记本机")},
	{"code", N_("平台不认可这个登记码：核对后再输，或向平台管理员要新的")},
	{"foreign", N_("应答的不是本平台：检查地址有没有写错")},
	{"clock", N_("连接正常，但本机时间与平台相差很大：请校正本机时间")},
	{"", N_("连接正常")},
};

static const char *sentence_of(const struct errand_result *r)
{
	for (size_t i = 0; i < ARRAY_LEN(causes); i++)
		if (!strcmp(causes[i].cause, r->cause) && (r->cause[0] || r->trouble == ERR_NONE))
			return _(causes[i].sentence);
	return err_sentence(r->trouble);
}

/* The key in a pipe, whole before the helper exists: 32 bytes always fit. */
static int key_pipe(struct desk *d, int *read_end, struct err *e)
{
	unsigned char key[DESK_KEY_BYTES];
	int ends[2], rc;

	if (desk_export_key(d, key, e))
		return -1;
	rc = pipe2(ends, O_CLOEXEC) ? err_errno(e, "pipe") : 0;
	if (!rc) {
		rc = io_write_all(ends[1], key, sizeof(key), e);
		close(ends[1]);
		if (rc)
			close(ends[0]);
		else
			*read_end = ends[0];
	}
	wipe(key, sizeof(key));
	return rc;
}

static int start(struct errand *r, const char *code, struct err *e)
{
	static const char *const words[] = {[ERRAND_TEST] = "--probe", [ERRAND_ENROL] = "--enrol", [ERRAND_LOOK_UP] = "--look-up"};
	char program[PATH_BYTES], project[24];
	const char *argv[] = {program,	   "--data", desk_dir(r->desk), "--key-fd", "3", words[r->kind],
			      "--project", project,  NULL};
	struct child_spec spec = {
		.argv = argv, .want_stdin = true, .want_stdout = true, .pass_to = {KEY_FD, -1}};
	int fd = -1, rc;

	text_format(project, sizeof(project), "%lld", (long long)desk_project(r->desk)->id);
	if (child_helper_path(RUNNER, program, sizeof(program), e) || key_pipe(r->desk, &fd, e))
		return -1;
	spec.pass_fd[0] = fd;
	spec.pass_fd[1] = -1;
	rc = child_start(&r->child, &spec, e);
	close(fd);
	if (!rc && code)
		rc = io_write_all(r->child.in, code, strlen(code), e) || io_write_all(r->child.in, "\n", 1, e)
			     ? -1
			     : 0;
	return rc;
}

int desk_errand_start(struct desk *d, enum errand_kind kind, const char *code, struct errand **out,
		      struct err *e)
{
	char url[1024];
	struct errand *r;

	if (desk_may_in_project(d, 0, e) || desk_may(d, 0, true, e) ||
	    desk_setting_get(d, "platform.url", url, sizeof(url), e))
		return -1;
	if (!url[0])
		return err_set(e, ERR_NET_NOT_CONFIGURED, "platform.url is not set");
	r = calloc(1, sizeof(*r));
	if (!r)
		return err_set(e, ERR_MEMORY, "errand");
	*r = (struct errand){
		.desk = d, .kind = kind, .child = CHILD_NONE, .until_ms = clock_steady_ms() + LONGEST_MS};
	buf_init(&r->in, ANSWER_MOST);
	if (start(r, code, e)) {
		desk_errand_end(r);
		return -1;
	}
	*out = r;
	return 0;
}

int desk_errand_fd(const struct errand *r)
{
	return r->child.out;
}

/* A token becomes a setting under this account's rights. */
static int take_answer(struct errand *r, const cJSON *doc, struct errand_result *out, struct err *e)
{
	const char *code = json_string(doc, "trouble"), *token = json_string(doc, "token"),
		   *cause = json_string(doc, "cause"), *detail = json_string(doc, "detail");

	*out = (struct errand_result){.clock_off_ms = json_int(doc, "clock_off_ms", 0)};
	if (code && *code && !err_parse(code, &out->trouble))
		out->trouble = ERR_NET_ANSWER;
	text_copy(out->cause, sizeof(out->cause), cause ? cause : "");
	text_copy(out->detail, sizeof(out->detail), detail ? detail : "");
	text_copy(out->sentence, sizeof(out->sentence), sentence_of(out));
	return r->kind == ERRAND_ENROL && token ? desk_setting_set(r->desk, "platform.token", token, e) : 0;
}

int desk_errand_read(struct errand *r, struct errand_result *out, struct err *e)
{
	struct buf line;
	cJSON *doc = NULL;
	int got = io_fill(r->child.out, &r->in), rc = 0;

	buf_init(&line, ANSWER_MOST);
	if (io_take_line(&r->in, &line))
		rc = json_parse(&doc, line.data ? line.data : "", line.len, ANSWER_MOST, e) ||
				     take_answer(r, doc, out, e)
			     ? -1
			     : 1;
	else if (got < 0 || clock_steady_ms() > r->until_ms)
		rc = err_set(e, ERR_HELPER_DIED, "no answer from " RUNNER);
	if (rc == 1 && r->kind == ERRAND_LOOK_UP) {
		r->answer = doc;
		doc = NULL;
	}
	cJSON_Delete(doc);
	buf_wipe_release(&line);
	return rc;
}

void desk_errand_end(struct errand *r)
{
	if (!r)
		return;
	child_release(&r->child);
	cJSON_Delete(r->answer);
	buf_wipe_release(&r->in);
	free(r);
}
