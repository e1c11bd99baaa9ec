/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/held.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define DEEP                                                                                                 \
	(192 *                                                                                               \
	 1024) /* a use case under a screen under the loop; the limit of a thread's stack is far above */

struct block {
	struct block *before, *after;
	size_t n;
	alignas(max_align_t) unsigned char bytes[];
};

static struct block *newest;

void *held_new(size_t n)
{
	struct block *b = n <= SIZE_MAX - sizeof(*b) ? calloc(1, sizeof(*b) + n) : NULL;

	if (!b)
		return NULL;
	b->n = n;
	b->after = newest;
	if (newest)
		newest->before = b;
	newest = b;
	return b->bytes;
}

char *held_copy(const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = held_new(n);

	if (copy)
		memcpy(copy, text, n);
	return copy;
}

void held_drop(void *p)
{
	struct block *b;

	if (!p)
		return;
	b = (struct block *)((unsigned char *)p - offsetof(struct block, bytes));
	if (b->before)
		b->before->after = b->after;
	else
		newest = b->after;
	if (b->after)
		b->after->before = b->before;
	wipe(b->bytes, b->n);
	free(b);
}

void held_each(void (*turn)(void *arg, void *bytes, size_t n), void *arg)
{
	for (struct block *b = newest; b; b = b->after)
		turn(arg, b->bytes, b->n);
}

__attribute__((noinline)) void wipe_stack(void)
{
	char deep[DEEP];

	wipe(deep, sizeof(deep));
}
