/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench-screens DIR N: the application on a pty, as a clerk sees it (P1, P2): start to login painted, password to home painted, 400 pages of
 * the roster, memory after them, and keys in the search box, each from the key to the last byte. A key counts as answered when nothing
 * more has come for QUIET_MS; the time is that of the last byte.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "bench.h"
#include "journeys/terminal.h"

#define STARTS 20
#define PAGES 400
#define QUIET_MS 30
#define LOGIN "口令  "
#define HOME "今天已办"

static void give_up(struct terminal *t, const char *what)
{
	fprintf(stderr, "bench-screens: waited for %s\n", what);
	terminal_print(t);
	exit(1);
}

static struct terminal *start(const char *command, const char *option, const char *dir)
{
	char program[512];
	const char *argv[] = { program, command, option, dir, NULL };
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 16);

	program[n > 0 ? n : 0] = '\0';
	strcpy(strrchr(program, '/') + 1, "shiming");
	return terminal_open(&(struct terminal_spec){ .argv = argv });
}

static void wait_for(struct terminal *t, const char *text)
{
	if (!terminal_wait_for(t, text, 60000))
		give_up(t, text);
}

static void log_in(struct terminal *t)
{
	wait_for(t, LOGIN);
	terminal_keys(t, BENCH_ACCOUNT "<Enter>" BENCH_PASSWORD);
	terminal_drain(t, QUIET_MS);
}

/* From the key to the last byte of what it caused; 0 when it changed nothing on the screen. */
static double answered(struct terminal *t, const char *key)
{
	double begin = bench_ms();

	terminal_keys(t, key);
	terminal_drain(t, QUIET_MS);
	return terminal_last_byte_ms(t) > begin ? terminal_last_byte_ms(t) - begin : 0;
}

static void measure_starts(const char *dir)
{
	static double login[STARTS], home[STARTS];

	for (int i = 0; i < STARTS; i++) {
		double begin = bench_ms();
		struct terminal *t = start("--data", dir, NULL);

		wait_for(t, LOGIN);
		terminal_drain(t, QUIET_MS);
		login[i] = terminal_last_byte_ms(t) - begin;
		log_in(t);
		begin = bench_ms();
		terminal_keys(t, "<Enter>");
		wait_for(t, HOME);
		home[i] = bench_ms() - begin;
		terminal_close(t);
	}
	bench_row("start to login painted (P2)", login, STARTS, "20 ms");
	bench_row("password to home painted, Argon2id included (P2)", home, STARTS, "20 ms and the password's own");
}

static void measure_pages(struct terminal *t)
{
	static double page[PAGES], down[PAGES];

	terminal_keys(t, "r");
	wait_for(t, "工人名册");
	terminal_drain(t, QUIET_MS);
	for (int i = 0; i < PAGES; i++)
		page[i] = answered(t, "<PgDn>");
	for (int i = 0; i < PAGES; i++)
		down[i] = answered(t, "<Down>");
	bench_row("roster: page down, key to last byte", page, PAGES, "");
	bench_row("roster: cursor down, key to last byte", down, PAGES, "");
}

/* What a clerk types, key by key; the box is emptied in between. */
static void measure_search(struct terminal *t)
{
	static const char *const typed[] = { "wangj", "zxm", "lv", "ouyang", "chenjh", "0017", "2345", "张伟", "王", "liuyang" };
	static double ms[512];
	size_t n = 0;

	terminal_keys(t, "/");
	terminal_drain(t, QUIET_MS);
	for (int round = 0; round < 8; round++)
		for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
			for (const char *p = typed[i]; *p && n < ARRAY_LEN(ms);) {
				uint32_t cp;
				char key[8];
				size_t bytes = text_decode(p, strlen(p), &cp);

				snprintf(key, sizeof(key), "%.*s", (int)bytes, p);
				ms[n++] = answered(t, key);
				p += bytes;
			}
			terminal_keys(t, "<Esc>/");
			terminal_drain(t, QUIET_MS);
		}
	bench_row("search box: key to last byte (P1)", ms, n, "p99 ≤ 5 ms; 10 ms at a million");
}

/* The made-up cards of practice, whose module answers at once: what is left is noticing the card, driver, pcscd, helper and painting. */
static int measure_cards(const char *dir)
{
	static double ms[11];
	struct terminal *t = start("practice", "--dir", dir);

	wait_for(t, LOGIN);
	terminal_keys(t, "clerk<Enter>Lianxi-2026<Enter>");
	wait_for(t, "读卡器就绪");
	for (size_t i = 0; i < ARRAY_LEN(ms); i++) {
		double begin;

		terminal_keys(t, "<F9>");
		wait_for(t, "练习用的身份证");
		for (size_t k = 0; k < i; k++)
			terminal_keys(t, "<Down>");
		terminal_drain(t, QUIET_MS);
		begin = bench_ms();
		terminal_keys(t, "<Enter>");
		wait_for(t, "读卡登记");
		ms[i] = bench_ms() - begin;
		terminal_keys(t, "<Esc>");
		wait_for(t, HOME);
		terminal_keys(t, "<F9><Del>");
		wait_for(t, "读卡器就绪"); /* the card has been missed: the next one is another */
	}
	terminal_close(t);
	bench_row("card laid down to form painted, module's time 0", ms, ARRAY_LEN(ms), "50 ms from the first find");
	return 0;
}

static void print_memory(pid_t pid)
{
	char path[64], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/status", (long)pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "VmRSS:", 6) == 0 || strncmp(line, "RssAnon:", 8) == 0 || strncmp(line, "VmHWM:", 6) == 0) {
			line[strcspn(line, ":")] = '\0';
			printf("%-46s %6s %9.1f MiB %17s %s\n", "after home and 400 pages, the screens' process", line,
				strtod(line + strlen(line) + 1, NULL) / 1024, "", strcmp(line, "VmRSS") == 0 ? "≤ 8 MiB (P2)" : "");
		}
	if (f)
		fclose(f);
}

int main(int argc, char **argv)
{
	struct terminal *t;

	if (argc == 3 && strcmp(argv[1], "--practice") == 0)
		return measure_cards(argv[2]);
	if (argc != 3) {
		fprintf(stderr, "usage: bench-screens DIR N | --practice DIR\n");
		return 2;
	}
	measure_starts(argv[1]);
	t = start("--data", argv[1], NULL);
	log_in(t);
	terminal_keys(t, "<Enter>");
	wait_for(t, HOME);
	measure_pages(t);
	print_memory(terminal_pid(t));
	measure_search(t);
	terminal_close(t);
	return 0;
}
