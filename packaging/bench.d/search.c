/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench-search DIR N: what a clerk types into the search box, as queries of the desk (P1): parts of names, pinyin, initials, the last
 * four of documents and phones. The answer is a first page of 20 rows. Then the bare cost of a page deep in the list (P9) and of the
 * password, which the start-up figures contain.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "bench.h"
#include "people.h"

#define ROUNDS 2000
#define PAGE 20

static struct roster_row rows[PAGE];

static int query(struct desk *d, const char *text, double *ms, struct err *e)
{
	struct roster_query q = { .filter = ROSTER_ALL };
	struct roster_page page = { .row = rows, .cap = PAGE };
	double begin = bench_ms();
	int rc;

	text_copy(q.text, sizeof(q.text), text);
	rc = desk_roster(d, &q, &page, e);
	*ms = bench_ms() - begin;
	return rc;
}

/* The i-th thing typed, of the kind `kind`, taken from a person who is there. */
static void typed(int kind, unsigned i, unsigned n, char *out, size_t size)
{
	static const char *const pinyin[] = { "w", "wang", "wangj", "li", "liw", "zhang", "zhangx", "chen", "chenjh", "lv", "ouyang", "xiaol" };
	static const char *const initials[] = { "wj", "lw", "zxm", "cjh", "ly", "hj", "zq", "sx", "m", "x" };
	struct bench_person who;
	uint32_t cp;
	size_t first;

	bench_person(&who, i * 7919 % n);
	first = text_decode(who.name, strlen(who.name), &cp);
	switch (kind) {
	case 0: text_copy(out, size, who.name); break;
	case 1: snprintf(out, size, "%.*s", (int)first, who.name); break;
	case 2: text_copy(out, size, who.name + first); break;
	case 3: text_copy(out, size, pinyin[i % ARRAY_LEN(pinyin)]); break;
	case 4: text_copy(out, size, initials[i % ARRAY_LEN(initials)]); break;
	case 5: text_copy(out, size, who.number + 14); break;
	case 6: text_copy(out, size, who.phone + 7); break;
	default: text_copy(out, size, "龘龘");
	}
}

static int measure_queries(struct desk *d, unsigned n, struct err *e)
{
	static const char *const names[] = { "whole name", "surname", "given name", "pinyin, one key to a word", "initials", "last 4 of the document",
		"last 4 of the phone", "no such name" };
	static double ms[ARRAY_LEN(names)][ROUNDS], all[ARRAY_LEN(names) * ROUNDS];

	for (unsigned i = 0; i < ROUNDS; i++)
		for (size_t kind = 0; kind < ARRAY_LEN(names); kind++) {
			char text[64];

			typed((int)kind, i, n, text, sizeof(text));
			if (query(d, text, &ms[kind][i], e) != 0)
				return -1;
			all[i * ARRAY_LEN(names) + kind] = ms[kind][i];
		}
	for (size_t kind = 0; kind < ARRAY_LEN(names); kind++) {
		char what[64];

		snprintf(what, sizeof(what), "search: %s", names[kind]);
		bench_row(what, ms[kind], ROUNDS, "");
	}
	bench_row("search: all of these (P1)", all, ARRAY_LEN(all), n > 100000 ? "p99 ≤ 2 ms" : "p99 ≤ 1 ms");
	return 0;
}

static int measure_pages(struct desk *d, struct err *e)
{
	static double near[200], deep[200];
	struct roster_query q = { .filter = ROSTER_ALL };

	size_t n[2] = { 0, 0 };

	for (int i = 0; i < 400; i++) {
		struct roster_page page = { .row = rows, .cap = PAGE };
		double begin = bench_ms();

		if (desk_roster(d, &q, &page, e) != 0)
			return -1;
		(i < 200 ? near : deep)[n[i >= 200]++] = bench_ms() - begin;
		if (!page.more)
			break;
		q.after = page.last;
	}
	bench_row("list: pages 1 to 200", near, n[0], "");
	if (n[1])
		bench_row("list: pages 201 to 400 (P9)", deep, n[1], "the same");
	return 0;
}

int main(int argc, char **argv)
{
	static double password[5];
	struct desk *d = NULL;
	struct err e = { 0 };
	int rc = 1;

	if (argc != 3 || atoi(argv[2]) <= 0) {
		fprintf(stderr, "usage: bench-search DIR N\n");
		return 2;
	}
	i18n_init("zh");
	if (desk_open(&d, &(struct desk_options){ .dir = argv[1] }, &e) != 0 || desk_login(d, BENCH_ACCOUNT, BENCH_PASSWORD, &e) != 0)
		goto out;
	if (measure_queries(d, (unsigned)atoi(argv[2]), &e) != 0 || measure_pages(d, &e) != 0)
		goto out;
	for (size_t i = 0; i < ARRAY_LEN(password); i++) {
		double begin = bench_ms();

		if (desk_password_check(d, BENCH_PASSWORD, &e) != 0)
			goto out;
		password[i] = bench_ms() - begin;
	}
	bench_row("checking the password (Argon2id), by itself", password, ARRAY_LEN(password), "");
	rc = 0;
out:
	if (rc != 0)
		fprintf(stderr, "bench-search: %s: %s\n", err_name(e.code), e.detail);
	desk_close(d);
	return rc;
}
