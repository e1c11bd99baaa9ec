/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows that a list command would print go into a file instead: `export` and `print` are the list commands
 * with another end. */
#ifndef CLI_EXPORTING_H
#define CLI_EXPORTING_H

#include "cli_private.h"
#include "office/client.h"

struct exporting {
	struct office_out out;
	const char *title;
	const struct column *column;
	size_t n;
	long rows;
	struct err failed; /* what list_begin() could not say */
};
/* Called by list_begin() and list_add(). */
int exporting_begin(struct exporting *x, struct cli *c, const struct column *columns, size_t n,
		    struct err *e);
int exporting_row(struct exporting *x, const cJSON *row, struct err *e);

#endif
