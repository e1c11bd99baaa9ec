/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void buf_init(struct buf *b, size_t ceiling)
{
	*b = (struct buf){.ceiling = ceiling};
}

void buf_release(struct buf *b)
{
	free(b->data);
	*b = (struct buf){.ceiling = b->ceiling};
}

void buf_wipe_release(struct buf *b)
{
	wipe(b->data, b->size);
	buf_release(b);
}

void buf_reset(struct buf *b)
{
	if (b->data)
		wipe(b->data, b->len + 1);
	b->len = 0;
	b->failed = false;
}

static int fail(struct buf *b)
{
	b->failed = true;
	return -1;
}

/* Not realloc(): it may leave a copy of what may have to be wiped behind in freed memory. */
static int move_to(struct buf *b, size_t size)
{
	char *bigger = malloc(size);

	if (!bigger)
		return fail(b);
	if (b->len)
		memcpy(bigger, b->data, b->len);
	wipe(b->data, b->size);
	free(b->data);
	b->data = bigger;
	b->size = size;
	return 0;
}

/* Room for n more bytes and the NUL. */
static int make_room(struct buf *b, size_t n)
{
	size_t need, size = b->size ? b->size : 64;

	if (b->failed || n > b->ceiling - b->len || b->ceiling == SIZE_MAX)
		return fail(b); /* once failed stays failed: later parts must not close the gap */
	need = b->len + n + 1;
	if (need <= b->size)
		return 0;
	while (size < need)
		size = size > SIZE_MAX / 2 ? need : size * 2;
	return move_to(b, size > b->ceiling + 1 ? b->ceiling + 1 : size);
}

int buf_add(struct buf *b, const void *data, size_t n)
{
	if (make_room(b, n))
		return -1;
	if (n)
		memcpy(b->data + b->len, data, n);
	b->len += n;
	b->data[b->len] = '\0';
	return 0;
}

int buf_adds(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

int buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return fail(b);
	if (make_room(b, (size_t)n))
		return -1;
	va_start(ap, fmt);
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return 0;
}

void buf_drop_front(struct buf *b, size_t n)
{
	if (!b->data)
		return;
	if (n > b->len)
		n = b->len;
	memmove(b->data, b->data + n, b->len - n + 1);
	b->len -= n;
	wipe(b->data + b->len + 1, n); /* where its end stood before */
}

char *buf_detach(struct buf *b)
{
	char *data;

	if (b->failed || (!b->data && make_room(b, 0)))
		return NULL;
	data = b->data;
	data[b->len] = '\0';
	*b = (struct buf){.ceiling = b->ceiling};
	return data;
}
