/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A directory on tmpfs for one run of a foreign program: what it leaves there never reaches a disk. It is
 * locked while in use; one whose owner was killed is unlocked by the kernel and taken away by the next run.
 */
#ifndef PICTURE_SCRATCH_H
#define PICTURE_SCRATCH_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct scratch {
	char path[256];
	int dir; /* -1: none */
};

#define SCRATCH_NONE                                                                                         \
	{                                                                                                    \
		.dir = -1                                                                                    \
	}

/* under: NULL for the first tmpfs of $XDG_RUNTIME_DIR, /run/user/UID, /dev/shm; else this directory, whatever
 * it lies on. */
int scratch_open(struct scratch *s, const char *under, struct err *e);
void scratch_close(struct scratch *s); /* with everything in it; accepts a closed one */
void scratch_path(const struct scratch *s, const char *name, char *out, size_t size);
int scratch_write(const struct scratch *s, const char *name, const void *data, size_t n, struct err *e);
/* A plain file of 1..max bytes, added to out; ERR_NOT_FOUND, ERR_TOO_LARGE. A link, a pipe or a device is not
 * found. */
int scratch_read(const struct scratch *s, const char *name, size_t max, struct buf *out, struct err *e);

#endif
