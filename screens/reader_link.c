/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader_link.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_MOST_MS 30000
#define LOOK_EVERY_MS 1000
#define IN_CEILING (4 * CARD_EVENT_LINE)

void reader_link_init(struct reader_link *r)
{
	*r = (struct reader_link){.child = CHILD_NONE, .backoff_ms = BACKOFF_FIRST_MS};
	buf_init(&r->in, IN_CEILING);
	buf_init(&r->line, CARD_EVENT_LINE);
}

static void end_helper(struct reader_link *r)
{
	child_release(&r->child);
	r->child = (struct child)CHILD_NONE;
	r->starved = r->afresh = false;
	buf_wipe_release(&r->in);
	buf_init(&r->in, IN_CEILING);
}

static void later(struct reader_link *r, int64_t now, enum err_code cause)
{
	end_helper(r);
	r->state = CARD_EVENT_TROUBLE;
	r->cause = r->said = cause;
	r->restart_at = now + r->backoff_ms;
	r->backoff_ms = r->backoff_ms * 2 > BACKOFF_MOST_MS ? BACKOFF_MOST_MS : r->backoff_ms * 2;
}

static void run(struct reader_link *r, int64_t now)
{
	char path[4096];
	const char *argv[] = {path, "watch", NULL};
	struct child_spec spec = {.argv = argv, .want_stdin = true, .want_stdout = true, .new_session = true,
				  .before_exec = card_socket_drop_group};
	struct err e = {0};
	int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC); /* its stderr must not write across the screen */
	bool failed = quiet < 0 && err_errno(&e, "/dev/null");

	card_socket_find(&r->socket);
	r->look_at = now + LOOK_EVERY_MS;
	spec.env = card_socket_env(&r->socket);
	spec.stderr_fd = quiet;
	failed = failed || child_helper_path("shiming-reader", path, sizeof(path), &e) || child_start(&r->child, &spec, &e);
	if (quiet >= 0)
		close(quiet);
	if (failed) {
		if (r->cause != e.code)
			log_err("starting the card reader's helper", &e);
		later(r, now, e.code);
		return;
	}
	r->restart_at = 0;
}

void reader_link_start(struct reader_link *r, int64_t now)
{
	if (r->wanted)
		return;
	r->wanted = true;
	r->backoff_ms = BACKOFF_FIRST_MS;
	r->state = CARD_EVENT_NONE;
	run(r, now);
}

void reader_link_afresh(struct reader_link *r)
{
	r->afresh = r->wanted && !r->restart_at;
}

void reader_link_stop(struct reader_link *r)
{
	child_release(&r->child);
	buf_wipe_release(&r->in);
	buf_wipe_release(&r->line);
	reader_link_init(r);
}

int reader_link_fd(const struct reader_link *r)
{
	return r->wanted && !r->restart_at ? r->child.out : -1;
}

void reader_link_take(struct reader_link *r, const struct card_event *ev)
{
	r->state = ev->kind;
	r->cause = ev->cause;
	if (ev->kind == CARD_EVENT_TROUBLE && !ev->cause)
		r->state = CARD_EVENT_NONE; /* over: what there is now is told next, if anything is */
	if (ev->kind == CARD_EVENT_READER)
		r->reader_kind = ev->reader_kind;
	if (ev->kind == CARD_EVENT_READER_GONE)
		r->cause = ERR_CARD_READER_GONE;
	r->backoff_ms = BACKOFF_FIRST_MS;
}

static void take_lines(struct reader_link *r, reader_link_fn *each, void *arg)
{
	struct card_event ev;
	struct err e;

	while (!r->starved && !r->afresh && io_take_line(&r->in, &r->line)) {
		e = (struct err){0};
		if (r->line.failed || card_event_parse(&ev, r->line.data ? r->line.data : "", r->line.len, &e)) {
			r->starved = r->line.failed || e.code == ERR_MEMORY;
			log_err("an event of the card reader's helper", &e);
		} else {
			r->said = ev.cause;
			if (ev.kind == CARD_EVENT_TROUBLE)
				card_socket_moved(&r->socket, true);
			ev.cause = card_socket_cause(&r->socket, ev.cause);
			reader_link_take(r, &ev);
			each(arg, &ev);
			card_event_wipe(&ev);
		}
		if (r->line.data)
			wipe(r->line.data, r->line.len);
	}
}

static void another(struct reader_link *r, int64_t now)
{
	end_helper(r);
	r->state = CARD_EVENT_NONE;
	r->cause = r->said = ERR_NONE;
	run(r, now);
}

/* A new ssh login brings a new socket: whatever the helper holds belongs to the old one. */
static void follow_socket(struct reader_link *r, int64_t now)
{
	if (now < r->look_at)
		return;
	r->look_at = now + LOOK_EVERY_MS;
	if (!card_socket_moved(&r->socket, r->state == CARD_EVENT_TROUBLE)) {
		/* an sshd that ends closes its ends one by one: what listened when the trouble was told may be gone now */
		if (r->state == CARD_EVENT_TROUBLE && r->cause != ERR_NONE)
			r->cause = card_socket_cause(&r->socket, r->said);
		return;
	}
	another(r, now);
}

void reader_link_step(struct reader_link *r, int64_t now, reader_link_fn *each, void *arg)
{
	int got;

	if (!r->wanted)
		return;
	if (r->restart_at) {
		if (now >= r->restart_at)
			run(r, now);
		return;
	}
	while ((got = r->afresh ? 0 : io_fill(r->child.out, &r->in)) > 0)
		take_lines(r, each, arg);
	if (r->starved || r->in.failed)
		later(r, now, ERR_MEMORY); /* the next one finds the card that lies there */
	else if (got < 0 || child_reap(&r->child))
		later(r, now, ERR_HELPER_DIED);
	else if (r->afresh)
		another(r, now);
	else
		follow_socket(r, now);
}

static const struct { enum err_code cause; const char *word; } causes[] = {
	{ERR_CARD_SERVICE, N_("读卡服务未运行")}, {ERR_CARD_REFUSED_SERVICE, N_("读卡服务拒绝使用")}, {ERR_CARD_NO_READER, N_("没有读卡器")},
	{ERR_CARD_READER_BUSY, N_("读卡器被占用")}, {ERR_CARD_READER_GONE, N_("读卡器已断开")}, {ERR_CARD_NO_MODULE, N_("普通NFC读卡器")},
	{ERR_CARD_VERSION, N_("读卡服务版本不配")}, {ERR_CARD_FORWARD_STALE, N_("读卡转发已断开")},
	{ERR_CARD_FORWARD_FAR, N_("您电脑的读卡服务没有应答")},
	{ERR_CARD_FORWARD_UNSAFE, N_("读卡转发权限不对")},
	{ERR_CARD_NO_DRIVER, N_("读卡器没有驱动")}, {ERR_CARD_READER_FOREIGN, N_("读卡器不受支持")},
	{ERR_CARD_NFC_KERNEL, N_("读卡器被内核占用")}, {ERR_CARD_READER_DENIED, N_("读卡器没有权限")},
	{ERR_CARD_READER_HELD, N_("读卡器线路被占")}, {ERR_CARD_SILENT, N_("读卡器没有应答")}, {ERR_CARD_LINE, N_("读卡器线路出错")},
	{ERR_CARD_MODULE, N_("读卡器故障")}, {ERR_HELPER_MISSING, N_("缺少读卡程序")}, {ERR_HELPER_DIED, N_("读卡程序重启中")},
	{ERR_MEMORY, N_("读卡时内存不足")},
};

static const struct { enum card_event_kind state; const char *word; } states[] = {
	{CARD_EVENT_NONE, N_("查找读卡器")}, {CARD_EVENT_READER, N_("读卡器就绪")}, {CARD_EVENT_READER_GONE, N_("读卡器已断开")},
	{CARD_EVENT_CARD, N_("有卡")}, {CARD_EVENT_READING, N_("正在读卡")}, {CARD_EVENT_READ, N_("读取完成")}, {CARD_EVENT_SAME, N_("读取完成")},
	{CARD_EVENT_FAILED, N_("读卡失败")}, {CARD_EVENT_CARD_GONE, N_("读卡器就绪")}, {CARD_EVENT_TROUBLE, N_("读卡器有问题")},
};

const char *reader_link_word(const struct reader_link *r)
{
	if (r->cause != ERR_NONE && r->state != CARD_EVENT_FAILED)
		for (size_t i = 0; i < ARRAY_LEN(causes); i++)
			if (causes[i].cause == r->cause)
				return _(causes[i].word);
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (states[i].state == r->state)
			return _(states[i].word);
	return "";
}
