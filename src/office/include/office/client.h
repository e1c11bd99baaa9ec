/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asking shiming-office: one helper process a file. What the screens, the command line and the desk use.
 *
 * Reading: office_in_open() hands the helper an open file and hears its rows, a JSON line each:
 * {"row":5,"cells":["张三",{"n":"45000", "d":"2023-03-15"}]} (office/table.h). Poll office_in_fd();
 * office_in_next() never waits.
 *
 * Making: office_out_open() hands it an open, empty file; lines as office/paper.h describes them;
 * office_out_end() waits until the file is whole. office_out_release() before that ends the helper, and what
 * it has written is nothing to keep.
 *
 * The program must ignore SIGPIPE (base/child.h). The helper drops a set-group-id group, holds no key, dies
 * with this process; errors are its own (ERR_OFFICE_*), ERR_HELPER_MISSING, ERR_HELPER_DIED. Files are opened
 * by the caller with the clerk's rights (io_open_as_user()).
 */
#ifndef OFFICE_CLIENT_H
#define OFFICE_CLIENT_H

#include "base/buf.h"
#include "base/child.h"
#include "base/json.h"

#define OFFICE_FD 3	  /* the file, in the helper */
#define OFFICE_DONE "end" /* the last line: without it nothing is made */
#define OFFICE_WAIT_MS 120000

struct office_in {
	struct child child;
	int trouble; /* its stderr; -1: none */
	struct buf in, line, said;
};
/* fd: borrowed, may be closed afterwards. */
int office_in_open(struct office_in *o, int fd, struct err *e);
int office_in_fd(const struct office_in *o); /* -1: over */
/* 1: a row stands in o->line; 0: none yet; -1: over, and e->code is ERR_NONE when all rows came. e: cleared
 * first. */
int office_in_next(struct office_in *o, struct err *e);
void office_in_release(struct office_in *o); /* accepts a zeroed one */

struct office_out {
	struct child child;
	int trouble;
	struct buf out; /* lines on their way */
};
/* kind: "xlsx", "csv" or "pdf". */
int office_out_open(struct office_out *o, const char *kind, int fd, struct err *e);
int office_out_line(struct office_out *o, const cJSON *line,
		    struct err *e); /* a part's head, or a row; waits for a slow helper */
int office_out_row(struct office_out *o, const char *const *cells, size_t n, struct err *e);
int office_out_end(struct office_out *o, struct err *e);
void office_out_release(struct office_out *o);

/* A file that a clerk names, "~/…" below $HOME: opened or made with the clerk's own rights, 0600. */
#define OFFICE_PATH 4096
struct office_file {
	int fd;
	bool made; /* it was not there before */
	char path[OFFICE_PATH];
};
int office_path(const char *named, char out[OFFICE_PATH], struct err *e);
/* For writing. ERR_FILE_EXISTS unless overwrite, which empties it; only plain files are overwritten. */
int office_file_new(struct office_file *f, const char *path, bool overwrite, struct err *e);
/* last other than 0: what was made is taken away. Returns last, or -1 when closing fails. */
int office_file_end(struct office_file *f, int last, struct err *e);

/* A head under way: {"title":…,"columns":[…]}. NULL: no memory. */
cJSON *office_table(const char *title);
void office_notes(cJSON *head, const char *note, const char *foot); /* under the title, and at the foot of each page */
int office_column(cJSON *table, const char *title, int width, bool number);

/* "xlsx", "csv" or "pdf" by the name's ending; NULL: none of them. */
const char *office_kind_of(const char *path);

#endif
