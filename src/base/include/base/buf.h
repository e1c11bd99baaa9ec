/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A growing byte buffer with a ceiling. No buffer without one.
 *
 * buf_init() names the ceiling; adding beyond it fails, sets `failed` and leaves what was there, and so do all adds after it, so
 * that a caller may add many times and look once at the end. data is NUL-terminated after every successful add (the NUL is not counted).
 * buf_release() accepts a zeroed and a half-filled buffer; buf_wipe_release() wipes first.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;     /* owned; NULL while nothing was added */
	size_t len;
	size_t size;
	size_t ceiling; /* most bytes it may hold, NUL not counted */
	bool failed;    /* an add did not fit or memory ran out */
};

void buf_init(struct buf *b, size_t ceiling);
void buf_release(struct buf *b);
void buf_wipe_release(struct buf *b);
void buf_reset(struct buf *b);                           /* empty again, memory kept, failed cleared */
int buf_add(struct buf *b, const void *data, size_t n);  /* 0 or -1 */
int buf_adds(struct buf *b, const char *s);
int buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_drop_front(struct buf *b, size_t n);            /* the first n bytes have been dealt with */
char *buf_detach(struct buf *b);                         /* the caller frees it; NULL when failed */

#endif
