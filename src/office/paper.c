/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "office/paper.h"

#include <string.h>

#include "base/text.h"

const struct paper_kind *paper_kind(const char *name)
{
	static const struct paper_kind *const kinds[] = {&paper_xlsx, &paper_csv, &paper_pdf};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!strcmp(kinds[i]->name, name))
			return kinds[i];
	return NULL;
}

static bool texts(const cJSON *cells)
{
	const cJSON *cell;

	cJSON_ArrayForEach(cell, cells)
	{
		if (!cJSON_IsString(cell))
			return false;
	}
	return cJSON_GetArraySize(cells) <= PAPER_COLUMNS_MAX;
}

int paper_line(const struct paper_kind *k, struct paper *p, const char *line, size_t n, struct err *e)
{
	cJSON *told = NULL;
	int last;

	if (json_parse(&told, line, n, PAPER_LINE_MAX, e))
		return -1;
	if (cJSON_IsObject(told))
		last = k->part(p, told, e);
	else if (cJSON_IsArray(told) && texts(told))
		last = k->row(p, told, e);
	else
		last = err_set(e, ERR_JSON, "neither part nor row");
	cJSON_Delete(told);
	return last;
}
