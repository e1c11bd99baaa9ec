/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * xlsx through libxlsxwriter in its mode of constant memory: rows go to temporary files, which lie on tmpfs
 * without a name; the archive is made in a file without a name in memory and copied to where it belongs, so
 * that a failure leaves nothing half written.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/text.h"
#include "base/tmpfs.h"
#include "office/paper.h"

#define SHEET_NAME 31 /* characters; of which : \ / ? * [ ] are not allowed */
#define WIDTH_MOST 60
#define CHOICES_MAX 400

struct paper {
	int fd, memory;
	lxw_workbook *book;
	lxw_worksheet *sheet, *choices;
	lxw_format *head, *text, *number;
	lxw_row_t row;
	bool numeric[PAPER_COLUMNS_MAX];
	cJSON *lists[PAPER_COLUMNS_MAX]; /* of the choices' sheet, column by column */
	size_t n_lists;
};

static int failed(lxw_error code, struct err *e)
{
	switch (code) {
	case LXW_NO_ERROR:
		return 0;
	case LXW_ERROR_MEMORY_MALLOC_FAILED:
		return err_set(e, ERR_MEMORY, "xlsx");
	case LXW_ERROR_CREATING_TMPFILE:
		return err_set(e, ERR_OFFICE_ROOM, "xlsx");
	default:
		return err_set(e, ERR_SYSTEM, "xlsx: %s", lxw_strerror(code));
	}
}

static int begin(struct paper **out, int fd, struct err *e)
{
	static char directory[256];
	char path[32];
	struct paper *p;

	if (!tmpfs_find(directory, sizeof(directory)))
		return err_set(e, ERR_OFFICE_ROOM, "no tmpfs");
	p = calloc(1, sizeof(*p));
	if (!p)
		return err_set(e, ERR_MEMORY, "xlsx");
	p->fd = fd;
	*out = p;
	p->memory = memfd_create("xlsx", MFD_CLOEXEC);
	if (p->memory < 0)
		return err_errno(e, "memfd_create");
	text_format(path, sizeof(path), "/proc/self/fd/%d", p->memory);
	p->book = workbook_new_opt(path,
				   &(lxw_workbook_options){.constant_memory = LXW_TRUE, .tmpdir = directory});
	if (!p->book)
		return err_set(e, ERR_MEMORY, "xlsx");
	p->head = workbook_add_format(p->book);
	p->text = workbook_add_format(p->book);
	p->number = workbook_add_format(p->book);
	if (!p->head || !p->text || !p->number)
		return err_set(e, ERR_MEMORY, "xlsx");
	format_set_bold(p->head);
	format_set_text_wrap(p->head);
	format_set_num_format(p->head, "@");
	format_set_num_format(p->text, "@");
	return 0;
}

/* A sheet's name out of a title: without what is not allowed, cut. */
static void sheet_name(const char *title, char *out, size_t size)
{
	size_t n = 0, chars = 0, len;
	uint32_t cp;

	for (const char *s = title; *s && chars < SHEET_NAME && (len = text_decode(s, strlen(s), &cp)) > 0;
	     s += len) {
		if ((cp < 0x80 && strchr(":\\/?*[]'", (int)cp)) || cp < 0x20)
			continue;
		if (n + len >= size)
			break;
		memcpy(out + n, s, len);
		n += len;
		chars += cp > 0xFFFF ? 2 : 1;
	}
	out[n] = '\0';
}

static double width_of(const cJSON *column, const char *title)
{
	double width = (double)json_int(column, "width", 0), least = text_width(title) + 2;

	width = width > least ? width + 1 : least;
	return width > WIDTH_MOST ? WIDTH_MOST : width;
}

#define CHOICES_SHEET "选项"

static int offer_choices(struct paper *p, lxw_col_t column, const cJSON *list, struct err *e)
{
	int n = cJSON_GetArraySize(list);
	char from[40];
	lxw_data_validation v = {.validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
				 .ignore_blank = LXW_VALIDATION_ON,
				 .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING,
				 .value_formula = from};
	char letters[LXW_MAX_COL_NAME_LENGTH];

	if (n < 1 || n > CHOICES_MAX || p->n_lists == PAPER_COLUMNS_MAX)
		return n ? err_set(e, ERR_JSON, "choices") : 0;
	p->lists[p->n_lists] = cJSON_Duplicate(list, true);
	if (!p->lists[p->n_lists])
		return err_set(e, ERR_MEMORY, "xlsx");
	lxw_col_to_name(letters, (lxw_col_t)p->n_lists++, 1);
	text_format(from, sizeof(from), "=" CHOICES_SHEET "!%s$1:%s$%d", letters, letters, n);
	return failed(worksheet_data_validation_range(p->sheet, 1, column, PAPER_CHOICE_ROWS, column, &v), e);
}

static int one_column(struct paper *p, lxw_col_t i, const cJSON *column, struct err *e)
{
	const char *title = json_string(column, "title");
	const cJSON *choices = json_get(column, "choices");

	if (!title)
		return err_set(e, ERR_JSON, "a column without title");
	p->numeric[i] = json_bool(column, "number", false);
	worksheet_set_column(p->sheet, i, i, width_of(column, title), p->numeric[i] ? p->number : p->text);
	if (failed(worksheet_write_string(p->sheet, 0, i, title, p->head), e))
		return -1;
	return cJSON_IsArray(choices) ? offer_choices(p, i, choices, e) : 0;
}

static int part(struct paper *p, const cJSON *head, struct err *e)
{
	const char *title = json_string(head, "title");
	const cJSON *columns = json_get(head, "columns"), *column;
	char name[SHEET_NAME * 4 + 1];
	lxw_col_t i = 0;

	if (!title || !cJSON_IsArray(columns) || cJSON_GetArraySize(columns) > PAPER_COLUMNS_MAX)
		return err_set(e, ERR_JSON, "no table");
	sheet_name(title, name, sizeof(name));
	p->sheet = workbook_add_worksheet(p->book, name[0] ? name : NULL);
	if (!p->sheet)
		return err_set(e, ERR_JSON, "a sheet cannot be made");
	p->row = 1;
	cJSON_ArrayForEach(column, columns)
	{
		if (one_column(p, i++, column, e))
			return -1;
	}
	worksheet_freeze_panes(p->sheet, 1, 0);
	worksheet_repeat_rows(p->sheet, 0, 0);
	worksheet_set_paper(p->sheet, 9); /* A4 */
	/* "number stored as text": that is what is wanted */
	worksheet_ignore_errors(p->sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:CR1048576");
	return 0;
}

static bool is_number(const char *s)
{
	size_t n = strlen(s);

	if (s[0] == '0' && n > 1 && s[1] != '.')
		return false; /* a code, not a number */
	return n && n <= 15 && strspn(s, "0123456789.") == n && strchr(s, '.') == strrchr(s, '.') &&
	       s[0] != '.' && s[n - 1] != '.';
}

static int row(struct paper *p, const cJSON *cells, struct err *e)
{
	const cJSON *cell;
	lxw_col_t i = 0;
	lxw_error code = LXW_NO_ERROR;

	if (!p->sheet)
		return err_set(e, ERR_JSON, "a row without a table");
	cJSON_ArrayForEach(cell, cells)
	{
		const char *s = cell->valuestring;

		if (*s && code == LXW_NO_ERROR && text_chars(s) > PAPER_CELL_CHARS)
			return err_set(e, ERR_TOO_LARGE, "a cell");
		if (*s && code == LXW_NO_ERROR)
			code = p->numeric[i] && is_number(s)
				       ? worksheet_write_number(p->sheet, p->row, i, atof(s), p->number)
				       : worksheet_write_string(p->sheet, p->row, i, s, p->text);
		i++;
	}
	p->row++;
	return failed(code, e);
}

/* Across, since rows are written in order. */
static int write_choices(struct paper *p, struct err *e)
{
	lxw_worksheet *sheet = p->n_lists ? workbook_add_worksheet(p->book, CHOICES_SHEET) : NULL;
	bool more = sheet != NULL;

	if (p->n_lists && !sheet)
		return err_set(e, ERR_MEMORY, "xlsx");
	for (lxw_row_t r = 0; more; r++) {
		more = false;
		for (size_t c = 0; c < p->n_lists; c++) {
			const cJSON *choice = cJSON_GetArrayItem(p->lists[c], (int)r);

			more |= choice != NULL;
			if (cJSON_IsString(choice) &&
			    failed(worksheet_write_string(sheet, r, (lxw_col_t)c, choice->valuestring,
							  p->text),
				   e))
				return -1;
		}
	}
	if (sheet)
		worksheet_hide(sheet);
	return 0;
}

static int copy(int from, int to, struct err *e)
{
	off_t at = 0;
	ssize_t n;

	do
		n = sendfile(to, from, &at, 1u << 20);
	while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? err_errno(e, "copy") : 0;
}

static int end(struct paper *p, struct err *e)
{
	lxw_error code;

	if (write_choices(p, e))
		return -1;
	code = workbook_close(p->book);
	p->book = NULL;
	if (failed(code, e))
		return -1;
	return copy(p->memory, p->fd, e);
}

static void release(struct paper *p)
{
	for (size_t i = 0; i < p->n_lists; i++)
		cJSON_Delete(p->lists[i]);
	if (p->book)
		lxw_workbook_free(p->book);
	if (p->memory > 0)
		close(p->memory);
	free(p);
}

const struct paper_kind paper_xlsx = {"xlsx", begin, part, row, end, release};
