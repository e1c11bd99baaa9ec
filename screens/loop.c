/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event loop: keyboard, card reader, runner, signals, time. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/io.h"
#include "base/text.h"
#include "ui_private.h"

#define OWN_FDS 4
#define SCREENS_FDS (4 * UI_FDS)
#define KEYS_PER_PAINT 512 /* a burst is dealt with in order; the screen is brought up to date in between */

/* A handler has no argument but the signal: the pipe it writes into. One loop at a time. */
static int wake_pipe[2] = {-1, -1};

static void wake(int signal)
{
	char byte = (char)signal;
	int kept = errno;

	if (write(wake_pipe[1], &byte, 1) < 0) {
		/* the pipe is full: the loop wakes anyway */
	}
	errno = kept;
}

static void nothing(int signal)
{
	(void)signal;
}

static const struct { int signal; void (*handler)(int); } signals[] = {
	{SIGWINCH, wake}, {SIGHUP, wake}, {SIGTERM, wake}, {SIGINT, wake}, {SIGCONT, wake}, {SIGPIPE, nothing},
};

static int catch_signals(struct sigaction old[], struct err *e)
{
	struct sigaction a = {.sa_flags = SA_RESTART};

	if (pipe2(wake_pipe, O_CLOEXEC | O_NONBLOCK))
		return err_errno(e, "pipe");
	sigemptyset(&a.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		a.sa_handler = signals[i].handler;
		sigaction(signals[i].signal, &a, &old[i]);
	}
	return 0;
}

static void release_signals(const struct sigaction old[])
{
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaction(signals[i].signal, &old[i], NULL);
	close(wake_pipe[0]);
	close(wake_pipe[1]);
	wake_pipe[0] = wake_pipe[1] = -1;
}

static void take_signals(struct ui *ui)
{
	char byte[64];
	ssize_t n = io_read_some(wake_pipe[0], byte, sizeof(byte));

	for (ssize_t i = 0; i < n; i++) {
		if (byte[i] == SIGWINCH)
			ui_resized(ui);
		else if (byte[i] == SIGCONT)
			term_resume(ui->term);
		else
			ui->done = ui->hangup = true;
	}
}

static void take_keys(struct ui *ui)
{
	int64_t now = clock_steady_ms();

	if (term_read(ui->term, now) < 0) {
		ui->done = ui->hangup = true; /* end of input: keep what was typed and leave */
		return;
	}
	for (int i = 0, key; i < KEYS_PER_PAINT && !ui->done; i++) {
		key = keys_next(term_keys(ui->term), now);
		if (!key)
			return;
		ui_key(ui, key);
	}
}

static void on_card(void *arg, const struct card_event *ev)
{
	session_card(arg, ev);
}

static int wait_ms(struct ui *ui, int64_t now)
{
	int keys = keys_wait(term_keys(ui->term), now);
	int64_t tick = ui->last_tick + TICK_MS - now;

	if (ui->wake_at && ui->wake_at - now < tick)
		tick = ui->wake_at - now;
	if (tick < 0)
		tick = 0;
	return keys >= 0 && keys < tick ? keys : (int)tick;
}

static void wait_and_take(struct ui *ui)
{
	struct pollfd p[OWN_FDS + SCREENS_FDS] = {
		{.fd = term_in(ui->term), .events = POLLIN},
		{.fd = wake_pipe[0], .events = POLLIN},
		{.fd = reader_link_fd(&ui->reader), .events = POLLIN},
		{.fd = ui->runner ? runner_link_fd(ui->runner) : -1, .events = POLLIN},
	};
	int64_t now = clock_steady_ms();
	size_t n;

	n = OWN_FDS + ui_fds(ui, p + OWN_FDS, SCREENS_FDS);
	poll(p, n, wait_ms(ui, now));
	now = clock_steady_ms();
	if (p[1].revents)
		take_signals(ui);
	if (p[3].revents)
		ui->last_tick = 0; /* the tick looks for changes */
	take_keys(ui);
	if (!ui->done)
		reader_link_step(&ui->reader, now, on_card, ui);
}

int loop_run(struct ui *ui, struct err *e)
{
	struct sigaction old[ARRAY_LEN(signals)];
	int last;

	if (catch_signals(old, e))
		return -1;
	last = ui_paint(ui, e);
	while (!last && !ui->done) {
		ui_tick(ui, clock_steady_ms());
		last = ui_paint(ui, e);
		if (!last && !ui->done)
			wait_and_take(ui);
		if (!ui->hangup && !last)
			last = ui_paint(ui, e);
	}
	ui_save_drafts(ui);
	release_signals(old);
	if (last && ui->hangup)
		last = 0;
	return last;
}
