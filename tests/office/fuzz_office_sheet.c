/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The XML within: up to the first NUL the sheet, then the shared texts, then the styles. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "archive.h"
#include "office/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int row(void *arg, unsigned long at, const struct table_cell *cells, size_t n, struct err *e)
{
	(void)arg, (void)at, (void)e;
	for (size_t i = 0; i < n; i++)
		if (strlen(cells[i].text) > TABLE_CELL_MAX)
			abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct archive_part part[] = {{"xl/workbook.xml", archive_workbook, 0, false},
				      {"xl/_rels/workbook.xml.rels", archive_relations, 0, false},
				      {"xl/worksheets/sheet1.xml", "", 0, false},
				      {"xl/sharedStrings.xml", "", 0, false},
				      {"xl/styles.xml", "", 0, false}};
	const char *at = (const char *)data, *end = at + size;
	struct buf whole;

	for (size_t i = 2; i < 5; i++) {
		const char *stop = at < end ? memchr(at, '\0', (size_t)(end - at)) : NULL;

		part[i].text = at;
		part[i].n = (size_t)((stop ? stop : end) - at);
		at = stop ? stop + 1 : end;
		if (!part[i].n)
			part[i].text = "";
	}
	buf_init(&whole, 64u << 20);
	if (archive_make(part, 5, &whole))
		xlsx_read(whole.data, whole.len, &(struct table_sink){row, NULL}, NULL);
	buf_release(&whole);
	return 0;
}
