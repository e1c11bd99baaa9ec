/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a grid on the wire: refused, or a grid that writes and reads the same again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "picture/grid.h"

static void need(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "fuzz_picture_grid: %s\n", what);
	abort();
}

static void again(const struct grid *g)
{
	size_t bytes = (size_t)g->columns * g->rows * sizeof(*g->cells);
	struct grid second = {0};
	struct err e = {0};
	struct buf b;

	buf_init(&b, GRID_WIRE_MAX);
	need(!grid_write(g, &b, &e), "cannot be written");
	for (size_t i = 0; i < (size_t)g->columns * g->rows; i++) {
		/* quotes and backslashes are no characters of ours, and are written bare */
		if (g->cells[i].cp == '"' || g->cells[i].cp == '\\')
			goto out;
	}
	need(!grid_read(&second, b.data, b.len, &e), e.detail);
	need(second.columns == g->columns && second.rows == g->rows && !memcmp(second.cells, g->cells, bytes),
	     "reads differently");
	grid_release(&second);
out:
	buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct grid g = {0};
	struct err e = {0};

	if (grid_read(&g, (const char *)data, size, &e)) {
		need(!g.cells && (e.code == ERR_JSON || e.code == ERR_MEMORY), "refused without saying so");
		return 0;
	}
	again(&g);
	grid_release(&g);
	return 0;
}
