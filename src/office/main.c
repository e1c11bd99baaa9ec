/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shiming-office: read (a table on descriptor 3; JSON lines on stdout) or make xlsx, csv, pdf (JSON lines on
 * stdin; the file on descriptor 3). Or nothing, one line {"error":"ERR_…","detail":"…"} on stderr and the
 * exit status of DESIGN 12. No key, no database, no network. What is read is foreign: the door is shut before
 * it is looked at. What is made is ours, and needs fonts and temporary files.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/helper.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "base/tmpfs.h"
#include "office/client.h"
#include "office/paper.h"
#include "office/table.h"

#if defined(__SANITIZE_ADDRESS__)
/* What these keep until the process ends; ours is looked at all the same. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libcairo\nleak:libpango\nleak:libxlsxwriter\n";
}
const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
	return "print_suppressions=0";
}
#endif

#define OUT_MAX ((size_t)64 << 20)
#define OUT_BLOCK 65536

/* memory: the file, its texts and cells; fonts, for the makers. file: what is made, and what passes through
 * tmpfs. */
static const struct confine_limits readers = {.memory = 1ul << 30, .cpu_s = 60, .files = 16},
				   makers = {.memory = 2ul << 30,
					     .file = 1ul << 30,
					     .cpu_s = 600,
					     .files = 256};

/* --- reading ------------------------------------------------------------------------------------------ */

static int add_cell(cJSON *cells, const struct table_cell *cell)
{
	cJSON *number;

	if (!cell->number)
		return cJSON_AddItemToArray(cells, cJSON_CreateString(cell->text)) ? 0 : -1;
	number = cJSON_CreateObject();
	cJSON_AddStringToObject(number, "n", cell->text);
	if (cell->date[0])
		cJSON_AddStringToObject(number, "d", cell->date);
	return cJSON_AddItemToArray(cells, number) ? 0 : -1;
}

static int flush(struct buf *out, struct err *e)
{
	int last = io_write_all(STDOUT_FILENO, out->data, out->len, e);

	wipe(out->data, out->len);
	buf_reset(out);
	return last;
}

static int write_row(void *arg, unsigned long row, const struct table_cell *cells, size_t n, struct err *e)
{
	cJSON *line = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(line, "cells");
	struct buf *out = arg;
	char *text = NULL;
	int last = -1;

	cJSON_AddNumberToObject(line, "row", (double)row);
	for (size_t i = 0; list && i < n; i++)
		if (add_cell(list, &cells[i]))
			goto out;
	text = list ? json_text(line) : NULL;
	if (!text || buf_adds(out, text) || buf_adds(out, "\n"))
		goto out;
	last = 0;
out:
	if (text)
		wipe(text, strlen(text));
	free(text);
	cJSON_Delete(line);
	if (last)
		return err_set(e, ERR_MEMORY, "row");
	return out->len < OUT_BLOCK ? 0 : flush(out, e);
}

static int read_table(struct err *e)
{
	struct buf file, out;
	int last = -1;

	buf_init(&file, TABLE_FILE_MAX);
	buf_init(&out, OUT_MAX);
	table_before_confinement();
	errno = 0;
	while (io_fill(OFFICE_FD, &file) > 0)
		;
	if (file.failed || errno) { /* a stick that dies half-way is not half a table */
		last = file.failed ? err_set(e, ERR_OFFICE_TOO_LARGE, "more than %zu bytes", TABLE_FILE_MAX) : err_errno(e, "table");
		goto out;
	}
	confine_before_decoding(&readers);
	last = table_read(file.data ? file.data : "", file.len, &(struct table_sink){write_row, &out}, e);
	if (!last)
		last = flush(&out, e);
out:
	buf_wipe_release(&file);
	buf_wipe_release(&out);
	return last;
}

/* --- making ------------------------------------------------------------------------------------------- */

static int take_lines(const struct paper_kind *k, struct paper *p, struct buf *in, bool *done, struct err *e)
{
	struct buf line;
	int last = 0;

	buf_init(&line, PAPER_LINE_MAX);
	while (!last && !*done && io_take_line(in, &line)) {
		*done = !line.failed && line.len == strlen(OFFICE_DONE) &&
			!memcmp(line.data, OFFICE_DONE, line.len);
		if (line.failed)
			last = err_set(e, ERR_TOO_LARGE, "a line");
		else if (!*done)
			last = paper_line(k, p, line.data ? line.data : "", line.len, e);
	}
	buf_wipe_release(&line);
	return last;
}

/* A stdin that ends without the line OFFICE_DONE is somebody who has changed his mind, or died. */
static int make(const struct paper_kind *k, struct err *e)
{
	struct paper *p = NULL;
	struct buf in;
	bool done = false;
	int last, got = 1;

	buf_init(&in, 2 * PAPER_LINE_MAX);
	last = k->begin(&p, OFFICE_FD, e);
	while (!last && !done && got >= 0) {
		got = io_fill(STDIN_FILENO, &in);
		last = in.failed ? err_set(e, ERR_TOO_LARGE, "a line") : take_lines(k, p, &in, &done, e);
	}
	if (!last)
		last = done ? k->end(p, e) : err_set(e, ERR_OFFICE_STOPPED, NULL);
	if (p)
		k->release(p);
	buf_wipe_release(&in);
	return last;
}

/* What is made is ours, yet full of foreign words: fonts are read, nothing is written but through memory and the open file. */
static void shut_the_door(void)
{
	char memory[256] = "";
	const char *const writes[] = {tmpfs_find(memory, sizeof(memory)) ? memory : "/dev/null", "/dev/null", NULL};

	confine_to(&(struct confine_room){.net = CONFINE_NO_SOCKETS, .writes = writes});
}

int main(int argc, char **argv)
{
	bool reads = argc == 2 && !strcmp(argv[1], "read");
	const struct paper_kind *k = argc == 2 && !reads ? paper_kind(argv[1]) : NULL;
	struct err e = {0};
	int last;

	i18n_init(NULL);
	if (!reads && !k) {
		fputs("shiming-office read | xlsx | csv | pdf\n", stderr);
		return 2;
	}
	confine_start(reads ? &readers : &makers, NULL);
	if (!reads) /* the reader of tables shuts a narrower one */
		shut_the_door();
	last = reads ? read_table(&e) : make(k, &e);
	if (!last)
		return 0;
	helper_tell(&e);
	return err_exit_status(e.code);
}
