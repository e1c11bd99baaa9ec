/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cards: what the reader's helper says, in words or as JSON. This program speaks no PC/SC. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"
#include "desk/card_socket.h"
#include "domain/id_card.h"
#include "helper.h"

#define HELPER "shiming-reader"
#define LIST_MS 15000
#define SLACK_MS 5000
#define READ_S 30

#define SETTLE_MS 300

/* How the helper is run: the socket it was sent to weighs what it says. */
struct helper_job {
	struct card_socket socket;
	int timeout_ms;
	bool (*line)(void *arg, const char *text, size_t n);
	bool (*tick)(void *arg);
	void *arg;
};

static int run_helper(struct helper_job *job, const char *const *argv, struct err *e)
{
	char path[4096];
	const char *real[8] = {path};
	struct child_spec spec = {.argv = real, .want_stdin = true, .want_stdout = true, .before_exec = card_socket_drop_group};
	struct helper_run run = {.spec = &spec, .line_max = CARD_EVENT_LINE, .timeout_ms = job->timeout_ms, .line = job->line,
				 .tick = job->tick, .arg = job->arg};

	if (child_helper_path(HELPER, path, sizeof(path), e))
		return -1;
	for (size_t i = 1; i < ARRAY_LEN(real) - 1 && argv[i]; i++)
		real[i] = argv[i];
	card_socket_find(&job->socket);
	spec.env = card_socket_env(&job->socket);
	return helper_run(&run, e);
}

/* An sshd that ends closes its ends one by one: a moment later its socket tells the truth. */
static enum err_code weigh(const struct helper_job *job, enum err_code said)
{
	enum err_code cause = card_socket_cause(&job->socket, said);

	if (cause != ERR_CARD_FORWARD_FAR)
		return cause;
	poll(NULL, 0, SETTLE_MS);
	return card_socket_cause(&job->socket, said);
}

/* --- readers ---------------------------------------------------------------------------------------------------------------- */

struct readers {
	void (*each)(void *arg, const struct card_event *ev);
	void *arg;
	int count;
	struct err trouble;
};

static bool reader_line(void *arg, const char *text, size_t n)
{
	struct readers *r = arg;
	struct card_event *ev = calloc(1, sizeof(*ev));

	if (!ev)
		return false;
	if (card_event_parse(ev, text, n, NULL) == 0) {
		if (ev->kind == CARD_EVENT_READER) {
			r->each(r->arg, ev);
			r->count++;
		} else if (ev->kind == CARD_EVENT_TROUBLE && ev->cause) {
			err_set(&r->trouble, ev->cause, "%s", ev->detail);
		}
		card_event_wipe(ev);
	}
	free(ev);
	return true;
}

int card_readers(void (*each)(void *arg, const struct card_event *ev), void *arg, struct err *e)
{
	static const char *const argv[] = {HELPER, "list", NULL};
	struct readers r = {.each = each, .arg = arg};
	struct helper_job job = {.timeout_ms = LIST_MS, .line = reader_line, .arg = &r};

	if (run_helper(&job, argv, e) < 0)
		return -1;
	if (r.trouble.code && r.trouble.code != ERR_CARD_NO_READER)
		return err_set(e, weigh(&job, r.trouble.code), "%s", r.trouble.detail);
	return r.count;
}

static bool report_line(void *arg, const char *text, size_t n)
{
	struct buf *out = arg;

	return buf_add(out, text, n) == 0 && buf_adds(out, "\n") == 0;
}

int card_report(struct buf *out, struct err *e)
{
	static const char *const argv[] = {HELPER, "report", NULL};
	struct helper_job job = {.timeout_ms = LIST_MS, .line = report_line, .arg = out};

	return run_helper(&job, argv, e) < 0 ? -1 : 0;
}

static const char *reader_kind_word(enum card_reader_kind kind)
{
	switch (kind) {
	case CARD_READER_SAMV:
		return _("身份证阅读机具");
	case CARD_READER_PAGES:
		return _("支持身份证的读卡器");
	case CARD_READER_PLAIN:
		return _("普通读卡器，不能读身份证");
	case CARD_READER_UNKNOWN:
		break;
	}
	return _("放卡后才知道");
}

static void list_reader(void *arg, const struct card_event *ev)
{
	struct listing *l = arg;
	cJSON *row = cJSON_CreateObject();

	cJSON_AddNumberToObject(row, "number", (double)l->cli->printed + 1);
	cJSON_AddStringToObject(row, "reader", ev->reader);
	cJSON_AddStringToObject(row, "kind", card_reader_kind_name(ev->reader_kind));
	cJSON_AddStringToObject(row, "kind_word", reader_kind_word(ev->reader_kind));
	cJSON_AddStringToObject(row, "state", ev->cause ? err_name(ev->cause) : "ready");
	cJSON_AddStringToObject(row, "state_word", ev->cause ? err_sentence(ev->cause) : _("可以使用"));
	list_add(l, row, NULL);
}

int run_card_readers(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
		{"number", N_("序号"), 4}, {"reader", N_("读卡器"), 36}, {"kind_word", N_("种类"), 24}, {"state_word", N_("状态"), 20}};
	struct listing l;
	int n;

	list_begin(&l, c, columns, ARRAY_LEN(columns));
	n = card_readers(list_reader, &l, e);
	list_end(&l);
	if (n < 0)
		return -1;
	return n ? 0 : err_set(e, ERR_CARD_NO_READER, NULL);
}

/* --- one card ----------------------------------------------------------------------------------------------------------------- */

struct reading {
	struct helper_job job;
	struct cli *cli;
	struct card_event *ev;
	bool read, asked;
	struct err trouble;
};

static void say_what_happens(struct reading *r, const struct card_event *ev)
{
	if (r->cli->json)
		return;
	if (ev->kind == CARD_EVENT_READER && !ev->cause && !r->asked) {
		fprintf(stderr, "%s\n", _("请把身份证平放在读卡器上……"));
		r->asked = true;
	} else if (ev->kind == CARD_EVENT_READING) {
		fprintf(stderr, "%s\n", _("正在读卡，请不要拿开……"));
	} else if (ev->kind == CARD_EVENT_FAILED) {
		fprintf(stderr, _("%s。%s\n"), err_sentence(ev->cause), err_advice(ev->cause));
	}
}

static bool reading_line(void *arg, const char *text, size_t n)
{
	struct reading *r = arg;

	if (card_event_parse(r->ev, text, n, &r->trouble))
		return true;
	if (r->ev->cause)
		r->ev->cause = weigh(&r->job, r->ev->cause);
	say_what_happens(r, r->ev);
	if (r->ev->kind == CARD_EVENT_READ) {
		r->read = true;
		return false;
	}
	if (r->ev->cause)
		err_set(&r->trouble, r->ev->cause, "%s", r->ev->detail);
	return true;
}

int card_read_one(struct cli *c, struct card_event *ev, struct err *e)
{
	struct reading r = {.cli = c, .ev = ev, .job = {.line = reading_line}};
	char seconds[16];
	const char *reader = opt(c, "reader");
	const char *argv[] = {HELPER, "read", "--timeout", seconds, reader ? "--reader" : NULL, reader, NULL};
	long timeout = READ_S;

	if (!opt_number(c, "timeout", 1, 86400, &timeout))
		return err_set(e, ERR_USAGE, "--timeout");
	text_format(seconds, sizeof(seconds), "%ld", timeout);
	r.job.arg = &r;
	r.job.timeout_ms = (int)(timeout * 1000) + SLACK_MS;
	if (run_helper(&r.job, argv, e) < 0)
		return -1;
	if (r.read)
		return 0;
	return err_set(e, r.trouble.code ? r.trouble.code : ERR_HELPER_DIED, "%s", r.trouble.detail);
}

static void print_field(const char *label, const char *value)
{
	if (!*value)
		return;
	printf("%s%*s", label, text_width(label) < 12 ? 12 - text_width(label) : 1, "");
	print_text(stdout, value);
	fputs("\n", stdout);
}

static void print_card(const struct id_card *card)
{
	char validity[2 * ID_CARD_DATE + 8];

	text_format(validity, sizeof(validity), "%s — %s", card->valid_from_text,
		    card->valid_to == DATE_LONG_TERM ? _("长期") : card->valid_to_text);
	print_field(_("证件类型"), id_card_type_word(card->type));
	print_field(_("姓名"), card->name);
	print_field(_("外文姓名"), card->name_latin);
	print_field(_("性别"), card->sex == ID_SEX_MALE ? _("男") : card->sex == ID_SEX_FEMALE ? _("女") : _("未说明"));
	print_field(_("民族"), card->nation);
	print_field(_("国籍"), card->nationality);
	print_field(_("出生日期"), card->birth_text);
	print_field(_("证件住址"), card->address);
	print_field(_("证件号码"), card->number);
	print_field(_("签发机关"), card->authority);
	print_field(_("有效期"), validity);
	print_field(_("通行证号码"), card->permit_number);
	print_field(_("签发次数"), card->times_issued);
	for (unsigned bit = 1; bit < 1u << ID_CARD_CHECKS; bit <<= 1)
		if (card->checks & bit)
			print_field(_("注意"), id_card_check_word((enum id_card_check)bit));
}

int run_card_read(struct cli *c, struct err *e)
{
	struct card_event *ev = calloc(1, sizeof(*ev));
	int ret;

	if (!ev)
		return err_set(e, ERR_MEMORY, "card");
	ret = card_read_one(c, ev, e);
	if (ret == 0 && c->json)
		ret = print_object(id_card_to_json(&ev->card), e);
	else if (ret == 0)
		print_card(&ev->card);
	card_event_wipe(ev);
	free(ev);
	return ret;
}

/* --- watching ------------------------------------------------------------------------------------------------------------------- */

static const char *event_sentence(const struct card_event *ev)
{
	switch (ev->kind) {
	case CARD_EVENT_READER:
		return ev->cause ? err_sentence(ev->cause) : _("读卡器可以使用");
	case CARD_EVENT_READER_GONE:
		return _("读卡器已断开");
	case CARD_EVENT_CARD:
		return _("放上了一张卡");
	case CARD_EVENT_READING:
		return _("正在读卡");
	case CARD_EVENT_READ:
		return _("读取完成");
	case CARD_EVENT_SAME:
		return _("与刚才是同一张卡");
	case CARD_EVENT_CARD_GONE:
		return _("卡已拿开");
	case CARD_EVENT_FAILED:
	case CARD_EVENT_TROUBLE:
	case CARD_EVENT_NONE:
	case CARD_EVENT_COUNT:
		break;
	}
	return err_sentence(ev->cause);
}

struct watching {
	struct helper_job job;
	struct cli *cli;
	bool looks; /* the helper has lost its service and goes on looking */
	bool moved; /* another socket has come: the helper is sent there */
};

static void print_watched(const struct card_event *ev)
{
	char at[STAMP_TEXT];

	stamp_format(ev->at, at);
	printf("%s  ", at);
	print_text(stdout, ev->reader);
	printf("  %s\n", event_sentence(ev));
	if (ev->kind == CARD_EVENT_READ)
		print_card(&ev->card);
}

static void print_watched_json(const struct card_event *ev)
{
	struct buf line;

	buf_init(&line, CARD_EVENT_LINE);
	if (card_event_write(ev, &line) == 0) {
		fwrite(line.data, 1, line.len, stdout);
		fputs("\n", stdout);
	}
	buf_wipe_release(&line);
}

static bool watch_line(void *arg, const char *text, size_t n)
{
	struct watching *w = arg;
	struct card_event *ev = calloc(1, sizeof(*ev));

	if (ev && card_event_parse(ev, text, n, NULL) == 0) {
		if (ev->kind == CARD_EVENT_TROUBLE) {
			w->looks = ev->cause != ERR_NONE;
			card_socket_moved(&w->job.socket, true);
		}
		ev->cause = weigh(&w->job, ev->cause);
		if (w->cli->json)
			print_watched_json(ev);
		else
			print_watched(ev);
		card_event_wipe(ev);
	}
	free(ev);
	return fflush(stdout) == 0;
}

static bool watch_tick(void *arg)
{
	struct watching *w = arg;

	w->moved = card_socket_moved(&w->job.socket, w->looks);
	return !w->moved;
}

int run_card_watch(struct cli *c, struct err *e)
{
	static const char *const argv[] = {HELPER, "watch", NULL};
	struct watching w = {.cli = c, .job = {.line = watch_line, .tick = watch_tick, .arg = &w}};
	int ret;

	do {
		w.moved = w.looks = false;
		ret = run_helper(&w.job, argv, e);
	} while (ret >= 0 && w.moved);
	return ret < 0 ? -1 : 0;
}
