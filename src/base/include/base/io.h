/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole reads and writes on descriptors, and lines from pipes. EINTR is dealt with here and nowhere else. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

int io_write_all(int fd, const void *data, size_t n, struct err *e);          /* waits with poll on non-blocking descriptors */
ssize_t io_read_some(int fd, void *data, size_t n);                           /* as read(2) without EINTR */
/* For files that a user names. As installed the program is set-group-id: such a file is opened, or with O_CREAT made (0600), without the
 * group's rights (DESIGN 5). Close-on-exec; a descriptor or -1. */
int io_open_as_user(const char *path, int flags, struct err *e);
int io_read_file(const char *path, size_t max, struct buf *out, struct err *e); /* ERR_TOO_LARGE beyond max */
/* Adds what is there to `in`; 1: something came, 0: nothing now (EAGAIN), -1: end of input or error (errno tells
 * them apart: it is set by an error and left alone at the end). */
int io_fill(int fd, struct buf *in);
/* Takes one line (without its end, LF or CR LF) from the front of `in` into `line` (reset first); false when there is none yet.
 * A line beyond line's ceiling is taken off `in` and leaves line->failed. */
bool io_take_line(struct buf *in, struct buf *line);

#endif
