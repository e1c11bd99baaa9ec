/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes at all, as a clerk's file: archives, csv, neither. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "office/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int row(void *arg, unsigned long at, const struct table_cell *cells, size_t n, struct err *e)
{
	(void)arg, (void)at, (void)e;
	for (size_t i = 0; i < n; i++)
		if (!text_valid(cells[i].text, strlen(cells[i].text)))
			abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	table_read(data, size, &(struct table_sink){row, NULL}, NULL);
	return 0;
}
