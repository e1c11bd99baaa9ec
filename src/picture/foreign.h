/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One run of a foreign program that makes a picture: the card's portrait decoder, a camera. The command is as
 * in picture/wlt.h: words, no shell, {in} and {out} files in a directory of the run's own on tmpfs. It runs
 * there as a session of its own, with a time limit and limits of its own, stderr to nowhere, and is ended with
 * all that it has started.
 */
#ifndef PICTURE_FOREIGN_H
#define PICTURE_FOREIGN_H

#include <signal.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/confine.h"

/* What a kind of program is given, allowed, and said to have done when it fails. */
struct foreign_kind {
	const char *name_in, *name_out; /* in the directory */
	struct confine_limits limits;	/* cpu_s comes from the time limit */
	size_t most_out;		/* bytes of the picture */
	enum err_code none, command, missing, room, crashed, failed, slow, output;
};

struct foreign {
	const struct foreign_kind *kind;
	const char *command;
	int timeout_ms;
	const char *directory; /* NULL: the first tmpfs, see scratch.h */
	const volatile sig_atomic_t *stop; /* may be NULL */
	const void *in; /* NULL: nothing is given to it. Else at most PIPE_BUF bytes, in {in} or on its stdin */
	size_t in_bytes;
};

/* The picture, as it wrote it, into `picture` (reset first, ceiling most_out or more). */
int foreign_run(const struct foreign *f, struct buf *picture, struct err *e);

#endif
