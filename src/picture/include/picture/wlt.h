/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The external decoder of the card's portrait. There is no free one; whoever has one names its command in
 * root-owned configuration.
 *
 * The command is split at blanks, "…" keeps blanks inside; no shell, no other expansion. A word may contain
 * {in} and {out}: paths photo.wlt and photo.bmp in a directory of the run's own on tmpfs (0700, emptied
 * afterwards, and swept by the next run after a kill -9: nothing of the portrait stays). Without {in} the
 * 1024 bytes come on its stdin. The picture is read from {out}; without {out} from its stdout, or, when that
 * stays empty, from photo.bmp beside {in}, where the usual libraries put it. It may be BMP (102 × 126, 24
 * bit, 38,862 bytes), PNG or JPEG.
 *
 * The decoder runs in the directory as a session of its own, with a time limit, limits of memory, file size,
 * descriptors and processor time, no core, no new privileges, stderr to nowhere, and may crash: every way to
 * fail has a code, ERR_PICTURE_DECODER_*.
 */
#ifndef PICTURE_WLT_H
#define PICTURE_WLT_H

#include <signal.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define WLT_BYTES 1024
#define WLT_TIMEOUT_MS 10000
#define WLT_PICTURE_MAX ((size_t)1 << 20) /* bytes that a decoder may write */
#define WLT_WORDS 32			  /* words of the command */
#define WLT_COMMAND 4096		  /* bytes of the command */

struct wlt_options {
	const char *command;
	int timeout_ms; /* 0: WLT_TIMEOUT_MS */
	/* Where to make the run's directory; NULL: the first tmpfs of $XDG_RUNTIME_DIR, /run/user/UID,
	 * /dev/shm. */
	const char *directory;
	const volatile sig_atomic_t
		*stop; /* may be NULL; set by a signal's handler: give up now, and clean up */
};

/* The decoder's picture, as it wrote it, into `picture` (reset first, ceiling WLT_PICTURE_MAX or more).
 * ERR_PICTURE_PORTRAIT when n is not WLT_BYTES. */
int wlt_decode(const void *wlt, size_t n, const struct wlt_options *o, struct buf *picture, struct err *e);

#endif
