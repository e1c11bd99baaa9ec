/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli_private.h"
#include "exporting.h"

/* What would act on a terminal instead of being shown: C0, DEL, C1, and the marks that reorder text. */
static bool acts(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x200E || cp == 0x200F || (cp >= 0x2028 && cp <= 0x202E) ||
	       (cp >= 0x2066 && cp <= 0x2069);
}

void print_text(FILE *f, const char *text)
{
	size_t len;
	uint32_t cp;

	for (const char *s = text; *s; s += len) {
		len = text_decode(s, strlen(s), &cp);
		if (len == 0 || acts(cp)) {
			fputc('?', f);
			len = len ? len : 1;
			continue;
		}
		fwrite(s, 1, len, f);
	}
}

static void print_cell(const char *text, int width, bool last)
{
	int used = text_width(text);

	print_text(stdout, text);
	if (!last)
		printf("%*s", used < width ? width - used + 2 : 2, "");
}

void list_begin(struct listing *l, struct cli *c, const struct column *columns, size_t n)
{
	*l = (struct listing){.cli = c, .column = columns, .n = n};
	c->printed = 0;
	if (c->exporting) {
		exporting_begin(c->exporting, c, columns, n, &c->exporting->failed);
		return;
	}
	if (c->json) {
		fputs("[", stdout);
		return;
	}
	for (size_t i = 0; i < n; i++)
		print_cell(_(columns[i].heading), columns[i].width, i + 1 == n);
	fputs("\n", stdout);
}

static void cell_text(const cJSON *value, char *out, size_t size)
{
	if (cJSON_IsString(value))
		text_copy(out, size, value->valuestring);
	else if (cJSON_IsNumber(value))
		text_format(out, size, "%.0f", value->valuedouble);
	else if (cJSON_IsBool(value))
		text_copy(out, size, cJSON_IsTrue(value) ? _("是") : "");
	else
		*out = '\0';
}

static int print_json(const cJSON *value, const char *before, const char *after, struct err *e)
{
	char *text = json_text(value);

	if (!text)
		return err_set(e, ERR_MEMORY, "JSON");
	printf("%s%s%s", before, text, after);
	wipe(text, strlen(text));
	free(text);
	return 0;
}

int list_add(struct listing *l, cJSON *row, struct err *e)
{
	char cell[1024];
	int ret = 0;

	if (!row)
		return err_set(e, ERR_MEMORY, "JSON");
	if (l->cli->exporting) {
		const struct err *failed = &l->cli->exporting->failed;

		ret = failed->code == ERR_NONE ? exporting_row(l->cli->exporting, row, e) : err_set(e, failed->code, "%s", failed->detail);
	} else if (l->cli->json) {
		ret = print_json(row, l->cli->printed ? ",\n " : "", "", e);
	} else {
		for (size_t i = 0; i < l->n; i++) {
			cell_text(json_get(row, l->column[i].key), cell, sizeof(cell));
			print_cell(cell, l->column[i].width, i + 1 == l->n);
		}
		fputs("\n", stdout);
	}
	l->cli->printed++;
	cJSON_Delete(row);
	return ret;
}

void list_end(struct listing *l)
{
	if (l->cli->json && !l->cli->exporting)
		fputs("]\n", stdout);
}

void add_date(cJSON *o, const char *key, date_t d)
{
	char text[DATE_TEXT];

	date_format(d, text);
	cJSON_AddStringToObject(o, key, text);
}

void add_stamp(cJSON *o, const char *key, int64_t ms)
{
	char text[STAMP_TEXT] = "";

	if (ms)
		stamp_format(ms, text);
	cJSON_AddStringToObject(o, key, text);
}

int print_object(cJSON *object, struct err *e)
{
	int ret = object ? print_json(object, "", "\n", e) : err_set(e, ERR_MEMORY, "JSON");

	cJSON_Delete(object);
	return ret;
}

void print_error(const struct err *e)
{
	const char *advice = err_advice(e->code);

	fprintf(stderr, "shiming: %s", err_sentence(e->code));
	if (*e->detail) {
		fputs(_("（"), stderr);
		print_text(stderr, e->detail);
		fputs(_("）"), stderr);
	}
	fputs("\n", stderr);
	if (*advice)
		fprintf(stderr, "  %s\n", advice);
}
