/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * P5: from the module's first "found" to the line that fills the form, less the module's own time (its answers at 115200 baud).
 * The simulated module on a pty, a real pcscd with our driver, shiming-reader. The screen's share is measured with the screens.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "base/io.h"
#include "base/text.h"
#include "bench.h"
#include "domain/id_card.h"
#include "reader/pcscd_private.h"

#define CARDS 60
#define DEADLINE_MS 20000
#define IDLE_MS 20000

struct way {
	char dir[64], link[96], csock[128];
	struct child sim, reader;
	struct buf sim_in, reader_in;
	struct pcscd_private pcscd;
};

static void give_up(const char *why)
{
	fprintf(stderr, "bench-card: %s\n", why);
	exit(1);
}

static void next_line(int fd, struct buf *in, struct buf *line)
{
	while (!io_take_line(in, line)) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		if (poll(&p, 1, DEADLINE_MS) <= 0 || io_fill(fd, in) < 0)
			give_up("nothing came");
	}
}

static void start_helper(struct child *c, const char *const *argv, const char *const *env)
{
	struct child_spec spec = { .argv = argv, .env = env, .want_stdin = true, .want_stdout = true };
	struct err e = { 0 };

	if (child_start(c, &spec, &e) < 0)
		give_up(e.detail);
}

static void start(struct way *w, struct buf *line)
{
	char device[128];
	const char *const sim[] = { "shiming-samv-sim", "--link", w->link, "--paced", "--trace", NULL };
	const char *const reader[] = { "shiming-reader", "watch", NULL };
	const char *const env[] = { w->csock, NULL };
	const struct pcscd_device d = { "Bench", device };
	struct err e = { 0 };

	strcpy(w->dir, "/tmp/shiming-bench-XXXXXX");
	if (!mkdtemp(w->dir))
		give_up("mkdtemp");
	text_format(w->link, sizeof(w->link), "%s/dev", w->dir);
	text_format(device, sizeof(device), "%s:samv", w->link);
	start_helper(&w->sim, sim, NULL);
	buf_init(&w->sim_in, 1 << 20);
	buf_init(&w->reader_in, 1 << 20);
	next_line(w->sim.out, &w->sim_in, line);
	if (pcscd_private_start(&w->pcscd, w->dir, NULL, &d, 1, -1, &e) < 0)
		give_up(e.detail);
	text_format(w->csock, sizeof(w->csock), "PCSCLITE_CSOCK_NAME=%s", w->pcscd.socket);
	start_helper(&w->reader, reader, env);
}

static void stop(struct way *w)
{
	char command[128];

	child_release(&w->reader);
	pcscd_private_stop(&w->pcscd);
	child_stop(&w->sim, 1000);
	child_release(&w->sim);
	text_format(command, sizeof(command), "rm -rf %s", w->dir);
	if (system(command) != 0)
		give_up("cleaning up");
}

static void command(struct way *w, const char *text)
{
	if (io_write_all(w->sim.in, text, strlen(text), NULL) < 0)
		give_up("the module is gone");
}

/* Waits for an event; gives the steady time at which its line had been parsed. */
static double wait_event(struct way *w, enum card_event_kind kind, struct buf *line)
{
	struct card_event ev = { .kind = CARD_EVENT_NONE };
	double at = 0;

	while (ev.kind != kind) {
		next_line(w->reader.out, &w->reader_in, line);
		if (card_event_parse(&ev, line->data, line->len, NULL) < 0)
			give_up("an event line");
		at = bench_ms();
	}
	card_event_wipe(&ev);
	return at;
}

/* From the traces of one card: when the first 9F was out, and how long the module then took until the card was read. */
static double module_time(struct way *w, struct buf *line, double *found_at)
{
	double own = 0;
	bool found = false;

	for (;;) {
		unsigned cmd, para, sw;
		long long asked, answered;

		next_line(w->sim.out, &w->sim_in, line);
		if (sscanf(line->data, "trace %x %x %x asked=%lld answered=%lld", &cmd, &para, &sw, &asked, &answered) != 5)
			continue;
		if (cmd == 0x20 && sw == 0x80) { /* a look at the card before this one does not count */
			found = false;
			own = 0;
		} else if (found) {
			own += (double)(answered - asked) / 1000;
		} else if (cmd == 0x20 && sw == 0x9F) {
			*found_at = (double)answered / 1000;
			found = true;
		}
		if (found && cmd == 0x30 && sw == 0x90)
			return own;
	}
}

/* --- processor time while nothing happens --- */

static double cpu_ms(pid_t pid)
{
	char path[64], line[1024] = "";
	unsigned long user = 0, system = 0;
	FILE *f;

	text_format(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	f = fopen(path, "r");
	if (!f || !fgets(line, sizeof(line), f) || !strrchr(line, ')') ||
	    sscanf(strrchr(line, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
		give_up("/proc");
	fclose(f);
	return (double)(user + system) * 1000 / (double)sysconf(_SC_CLK_TCK);
}

static void idle(const struct way *w, const char *what)
{
	double pcscd = cpu_ms(w->pcscd.pid), reader = cpu_ms(w->reader.pid), begin = bench_ms();

	poll(NULL, 0, IDLE_MS);
	begin = bench_ms() - begin;
	printf("%-46s pcscd with our driver %.2f %%, shiming-reader %.2f %% of one core\n", what,
	       (cpu_ms(w->pcscd.pid) - pcscd) * 100 / begin, (cpu_ms(w->reader.pid) - reader) * 100 / begin);
}

int main(void)
{
	static struct way w = { .sim = CHILD_NONE, .reader = CHILD_NONE };
	static const char *const place[] = { "place wang-daqiang\n", "place li-xiulan\n" };
	double ours[CARDS], own[CARDS], seen[CARDS];
	struct buf line;

	signal(SIGPIPE, SIG_IGN);
	buf_init(&line, CARD_EVENT_LINE);
	start(&w, &line);
	wait_event(&w, CARD_EVENT_READER, &line);
	for (size_t i = 0; i < CARDS; i++) {
		double found_at = 0, at, placed = bench_ms();

		command(&w, place[i % 2]);
		seen[i] = wait_event(&w, CARD_EVENT_CARD, &line) - placed;
		at = wait_event(&w, CARD_EVENT_READ, &line);
		own[i] = module_time(&w, &line, &found_at);
		ours[i] = at - found_at - own[i];
		command(&w, "remove\n");
		wait_event(&w, CARD_EVENT_CARD_GONE, &line);
	}
	idle(&w, "idle, no card");
	command(&w, place[0]);
	wait_event(&w, CARD_EVENT_CARD, &line);
	idle(&w, "idle, a card stays on the reader");
	stop(&w);
	bench_row("card laid down, to the event that says so", seen, CARDS, "");
	bench_row("module's own time, find to portrait", own, CARDS, "");
	bench_row("the rest, to the card as the form gets it", ours, CARDS, "P5: 50 ms with the screen");
	buf_release(&line);
	return 0;
}
