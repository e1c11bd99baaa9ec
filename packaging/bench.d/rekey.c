/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench-rekey DIR: the data key of a filled directory (bench-fill) is replaced, as the command line does it, while another clerk writes every 20 ms.
 * Of a copy of that directory: afterwards it is under another key.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "bench.h"
#include "clerk.h"
#include "desk/rekey.h"

#define STEPS 60000

struct measured {
	double begin, all, step[STEPS];
	size_t steps;
	long long values;
};

static int replace(struct desk *d, struct measured *m, struct err *e)
{
	struct rekey_progress now = { .under_way = true };
	char code[RECOVERY_CODE_TEXT];
	double start = bench_ms(), before;
	bool ended;

	if (desk_rekey(d, REKEY_WORD, code, &ended, e) != 0)
		return -1;
	m->begin = bench_ms() - start;
	while (now.under_way && m->steps < STEPS) {
		before = bench_ms();
		if (desk_rekey_step(d, &now, e) != 0)
			return -1;
		m->step[m->steps++] = bench_ms() - before;
		if (now.resealed)
			m->values = now.resealed;
	}
	m->all = bench_ms() - start;
	return now.under_way ? err_set(e, ERR_INTERNAL, "more than %d groups", STEPS) : 0;
}

int main(int argc, char **argv)
{
	static struct measured m;
	struct waits *w = clerk_waits();
	char words[80];
	struct desk *d = NULL;
	struct err e = { 0 };
	pid_t clerk = -1;
	int rc;

	if (argc != 2 || !w) {
		fprintf(stderr, "usage: bench-rekey DIR\n");
		return 2;
	}
	i18n_init("zh");
	d = clerk_begin(argv[1], true, &e);
	clerk = d ? clerk_start(argv[1], w, &e) : -1;
	rc = clerk < 0 || replace(d, &m, &e) ? 1 : 0;
	if (clerk > 0 && clerk_stop(clerk, w, rc ? NULL : &e))
		rc = 1;
	desk_close(d);
	if (rc) {
		fprintf(stderr, "bench-rekey: %s: %s\n", err_name(e.code), e.detail);
		return rc;
	}
	snprintf(words, sizeof(words), "%lld values and hashes, %.0f s", m.values, m.all / 1000);
	bench_row("new data key begun", &m.begin, 1, words);
	bench_row("the last group, and the log emptied", &m.step[m.steps - 1], 1, "");
	bench_row("the other groups", m.step, m.steps - 1, "");
	bench_row("another clerk's write meanwhile (P7)", w->ms, w->n, "most ≤ 100 ms");
	return 0;
}
