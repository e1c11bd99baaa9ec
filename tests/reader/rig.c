/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/rig.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/text.h"
#include "reader/vpcd.h"

#define DEADLINE_MS 20000

/* One line from a pipe; false when the deadline passes or the other side ends. */
static bool next_line(int fd, struct buf *in, struct buf *line, int timeout_ms)
{
	int64_t until = clock_steady_ms() + timeout_ms;

	while (!io_take_line(in, line)) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = until - clock_steady_ms();

		if (left <= 0 || poll(&p, 1, (int)left) == 0)
			return false;
		if (io_fill(fd, in) < 0)
			return false;
	}
	return true;
}

static void start_module(struct rig *r, size_t i, const char *const *options)
{
	struct rig_module *m = &r->module[i];
	const char *argv[16] = { BIN_DIR "/shiming-samv-sim", "--link", m->link, "--trace" };
	struct child_spec spec = { .argv = argv, .want_stdin = true, .want_stdout = true };
	struct err e = { 0 };
	struct buf line;

	text_format(m->link, sizeof(m->link), "%s/dev%zu", r->dir, i);
	for (size_t n = 4; options && *options; n++)
		argv[n] = *options++;
	assert_int_equal(child_start(&m->sim, &spec, &e), 0);
	buf_init(&m->in, 1 << 20);
	buf_init(&m->traces, 16 << 20);
	buf_init(&line, 4096);
	assert_true(next_line(m->sim.out, &m->in, &line, DEADLINE_MS));
	assert_int_equal(strncmp(line.data, "ready ", 6), 0);
	buf_release(&line);
}

void rig_start_pcscd(struct rig *r)
{
	struct pcscd_device devices[RIG_MODULES];
	char device[RIG_MODULES][128], name[RIG_MODULES][32];
	struct err e = { 0 };
	int log = getenv("RIG_LOG") ? STDERR_FILENO : -1;

	static const struct {
		const char *driver, *before, *after;
	} ways[] = {
		[RIG_SERIAL] = { LIB_DIR "/libifdsamv.so", "", ":samv/gone_count=2/gone_ms=100" },
		[RIG_USB_WHOLE] = { LIB_DIR "/libifdsamv_pty.so", "usb:0400/c35a:libudev:0:", "" },
		[RIG_USB_SPLIT] = { LIB_DIR "/libifdsamv_pty.so", "usb:0400/c35b:libudev:0:", "" },
		[RIG_VPCD] = { VPCD_DRIVER, "/dev/null:", "" },
	};
	size_t n = r->way == RIG_VPCD ? 1 : r->modules;
	char port[16];

	text_format(port, sizeof(port), "%u", r->port);
	for (size_t i = 0; i < n; i++) {
		text_format(device[i], sizeof(device[i]), "%s%s%s", ways[r->way].before,
			    r->way == RIG_VPCD ? port : r->module[i].link, ways[r->way].after);
		text_format(name[i], sizeof(name[i]), "Test Reader %c", (char)('A' + i));
		devices[i] = (struct pcscd_device){ name[i], device[i] };
	}
	if (pcscd_private_start(&r->pcscd, r->dir, ways[r->way].driver, devices, n, log, &e) < 0)
		fail_msg("pcscd: %s: %s", err_name(e.code), e.detail);
	text_format(r->csock, sizeof(r->csock), "PCSCLITE_CSOCK_NAME=%s", r->pcscd.socket);
}

void rig_start_reader(struct rig *r, const char *const *argv)
{
	static const char *const watch[] = { BIN_DIR "/shiming-reader", "watch", NULL };
	const char *env[] = { r->csock, "SHIMING_CLOCK=2026-11-20T10:00:00", r->env, NULL };
	struct child_spec spec = { .argv = argv ? argv : watch, .env = env, .want_stdin = true, .want_stdout = true };
	struct err e = { 0 };

	child_release(&r->reader);
	buf_release(&r->reader_in);
	buf_init(&r->reader_in, 1 << 20);
	assert_int_equal(child_start(&r->reader, &spec, &e), 0);
}

void rig_start(struct rig *r, size_t modules, const char *const *options)
{
	rig_start_way(r, RIG_SERIAL, modules, options);
}

void rig_start_vpcd(struct rig *r, unsigned port)
{
	memset(r, 0, sizeof(*r));
	r->port = port;
	rig_start_way(r, RIG_VPCD, 0, NULL);
}

void rig_start_way(struct rig *r, enum rig_way way, size_t modules, const char *const *options)
{
	unsigned port = way == RIG_VPCD ? r->port : 0;

	memset(r, 0, sizeof(*r));
	r->way = way;
	r->port = port;
	signal(SIGPIPE, SIG_IGN);
	r->modules = modules;
	r->reader = (struct child)CHILD_NONE;
	strcpy(r->dir, "/tmp/shiming-rig-XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	for (size_t i = 0; i < RIG_MODULES; i++)
		r->module[i].sim = (struct child)CHILD_NONE;
	for (size_t i = 0; i < modules; i++)
		start_module(r, i, options);
	rig_start_pcscd(r);
	rig_start_reader(r, NULL);
}

void rig_stop(struct rig *r)
{
	char command[128];

	child_release(&r->reader);
	buf_release(&r->reader_in);
	pcscd_private_stop(&r->pcscd);
	for (size_t i = 0; i < r->modules; i++) {
		child_stop(&r->module[i].sim, 1000);
		child_release(&r->module[i].sim);
		buf_release(&r->module[i].in);
		buf_release(&r->module[i].traces);
	}
	text_format(command, sizeof(command), "rm -rf %s", r->dir);
	assert_int_equal(system(command), 0);
}

static void keep_trace(struct rig_module *m, const struct buf *line)
{
	if (strncmp(line->data, "trace ", 6) != 0)
		return;
	buf_add(&m->traces, line->data, line->len);
	buf_add(&m->traces, "\n", 1);
}

void rig_sim(struct rig *r, size_t module, const char *command)
{
	struct rig_module *m = &r->module[module];
	struct buf line;

	buf_init(&line, 4096);
	assert_int_equal(io_write_all(m->sim.in, command, strlen(command), NULL), 0);
	assert_int_equal(io_write_all(m->sim.in, "\n", 1, NULL), 0);
	do {
		assert_true(next_line(m->sim.out, &m->in, &line, DEADLINE_MS));
		keep_trace(m, &line);
	} while (strncmp(line.data, "ok", 2) != 0 && strncmp(line.data, "error", 5) != 0);
	assert_string_equal(line.data, "ok");
	buf_release(&line);
}

static bool next_event(struct rig *r, struct card_event *ev, int timeout_ms)
{
	struct err e = { 0 };
	struct buf line;
	bool got;

	buf_init(&line, CARD_EVENT_LINE);
	got = next_line(r->reader.out, &r->reader_in, &line, timeout_ms);
	if (got && card_event_parse(ev, line.data, line.len, &e) < 0)
		fail_msg("event line: %s", e.detail);
	if (got && getenv("RIG_LOG"))
		fprintf(stderr, "event %s\n", line.data);
	buf_wipe_release(&line);
	return got;
}

void rig_next(struct rig *r, struct card_event *ev)
{
	if (!next_event(r, ev, DEADLINE_MS))
		fail_msg("no event within %d ms", DEADLINE_MS);
}

void rig_expect(struct rig *r, enum card_event_kind kind, struct card_event *ev)
{
	int64_t until = clock_steady_ms() + DEADLINE_MS;

	do {
		if (!next_event(r, ev, (int)(until - clock_steady_ms())))
			fail_msg("no event '%s' within %d ms", card_event_kind_name(kind), DEADLINE_MS);
	} while (ev->kind != kind);
}

bool rig_quiet(struct rig *r, int ms, struct card_event *ev)
{
	return !next_event(r, ev, ms);
}
