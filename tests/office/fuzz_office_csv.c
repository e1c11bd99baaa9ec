/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "office/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	table_before_confinement();
	return 0;
}

static int row(void *arg, unsigned long at, const struct table_cell *cells, size_t n, struct err *e)
{
	(void)arg, (void)at, (void)e;
	for (size_t i = 0; i < n; i++)
		if (!text_valid(cells[i].text, strlen(cells[i].text)) ||
		    strlen(cells[i].text) > TABLE_CELL_MAX)
			abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	csv_read(data, size, &(struct table_sink){row, NULL}, NULL);
	return 0;
}
