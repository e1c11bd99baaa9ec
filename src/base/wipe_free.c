/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a program gives back to its heap is overwritten first (S1): numbers pass through strings of cJSON,
 * curl and our own that nobody thinks of again. Linked into our programs as it stands, in place of the C
 * library's; not with a sanitizer, which has a heap of its own. What the C library gives back inside itself
 * is not met.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void __libc_free(void *p);

#define TO_THE_KERNEL                                                                                        \
	(32u << 20) /* DEFAULT_MMAP_THRESHOLD_MAX: from here on a block is a mapping, which goes whole and   \
		       is not read again */

static void wiped(void *p)
{
	size_t n = malloc_usable_size(p);

	if (n < TO_THE_KERNEL)
		explicit_bzero(p, n);
	__libc_free(p);
}

void free(void *p)
{
	if (p)
		wiped(p);
}

/* The library's own leaves the old place as it was when it moves. Where half of it is used, it stays. */
void *realloc(void *p, size_t n)
{
	size_t room = p ? malloc_usable_size(p) : 0;
	void *moved;

	if (p && !n) {
		wiped(p);
		return NULL;
	}
	if (p && n <= room && n >= room / 2)
		return p;
	moved = malloc(n);
	if (moved && p) {
		memcpy(moved, p, n < room ? n : room);
		wiped(p);
	}
	return moved;
}
