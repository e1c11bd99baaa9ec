/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The camera: a command of root-owned configuration that takes one photograph, e.g.
 * "/usr/bin/fswebcam --no-banner -r 1280x720 -S 20 {out}". Words as in picture/wlt.h; no {in}. The picture is
 * read from {out} (photo.jpg in a directory of the run's own on tmpfs), else from its stdout; JPEG, PNG or BMP.
 *
 * It runs with the clerk's own rights and no group of ours, as a session of its own, with a time limit, and no
 * limit of memory (cameras map a lot); every way to fail has a code, ERR_CAMERA_*.
 */
#ifndef PICTURE_CAMERA_H
#define PICTURE_CAMERA_H

#include <signal.h>

#include "base/buf.h"
#include "base/err.h"

#define CAMERA_SECONDS 20 /* a lens that adjusts, a person who sits down */
#define CAMERA_SECONDS_MOST 60

struct camera_options {
	const char *command;
	int timeout_ms;		/* 0: CAMERA_SECONDS */
	const char *directory;	/* NULL: the first tmpfs */
	const volatile sig_atomic_t *stop; /* may be NULL */
};

/* The picture as the camera wrote it (reset first, ceiling PICTURE_SOURCE_BYTES). */
int camera_take(const struct camera_options *o, struct buf *picture, struct err *e);

#endif
