/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asking shiming-picture: one helper process a picture, fed and heard with a time limit. What the screens and
 * the desk use.
 *
 * Two ways. At once: picture_client_fit(), _cells(), _wlt() wait for the answer. Beside a screen that stays
 * live: picture_run_start(), then poll picture_run_fds() with the rest of one's descriptors for at most
 * picture_run_left() and call picture_run_step() until it says true; picture_run_result() gives the answer.
 * picture_run_release() at any moment ends the helper. `data` must live until the run is over.
 *
 * The program must ignore SIGPIPE (base/child.h). The helper drops a set-group-id group before it starts
 * (DESIGN 5), holds no key, and dies with this process. Errors are the helper's own (ERR_PICTURE_*),
 * ERR_HELPER_MISSING, ERR_HELPER_DIED, ERR_PICTURE_SLOW. Buffers that held a picture are wiped.
 */
#ifndef PICTURE_CLIENT_H
#define PICTURE_CLIENT_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/child.h"
#include "base/err.h"
#include "picture/grid.h"

#define PICTURE_WLT_BYTES 1024	/* the portrait of a card (WLT), as the card gives it */
#define PICTURE_CLIENT_MS 60000 /* a hundred megapixels on a slow PC */
#define PICTURE_RUN_FDS 3

struct picture_run {
	struct child child;
	const char *data; /* borrowed: what is still to be fed */
	size_t left;
	int trouble; /* its stderr, -1 when none */
	struct buf out, said;
	int64_t until; /* clock_steady_ms() */
	bool late, over;
};

/* What follows the program's name, for picture_run_start(). Not to be copied: arg points into text. A command must
 * live as long. */
#define PICTURE_ARGS 12
struct picture_args {
	const char *arg[PICTURE_ARGS]; /* NULL-terminated */
	char text[4][16];
};
void picture_args_fit(struct picture_args *a, unsigned base64_limit); /* 0: the platforms' default */
/* symbols NULL: what fits the colours; "ascii" for terminals without block characters. */
void picture_args_cells(struct picture_args *a, unsigned columns, unsigned rows, enum grid_colours colours,
			const char *symbols);
void picture_args_wlt(struct picture_args *a, const char *decoder);
void picture_args_camera(struct picture_args *a, const char *command, unsigned seconds, unsigned base64_limit);

/* args: what follows the program's name, NULL-terminated, e.g. {"fit", "--base64-limit", "51200", NULL}. ms
 * 0: PICTURE_CLIENT_MS. */
int picture_run_start(struct picture_run *r, const char *const *args, const void *data, size_t n, int ms,
		      struct err *e);
nfds_t picture_run_fds(const struct picture_run *r, struct pollfd fds[PICTURE_RUN_FDS]);
int picture_run_left(const struct picture_run *r); /* ms until its time is over */
bool picture_run_step(
	struct picture_run *r); /* never waits (but for the end of a helper that has closed its pipes) */
int picture_run_result(struct picture_run *r, struct buf *out,
		       struct err *e);		 /* after step said true; out is reset first */
void picture_run_release(struct picture_run *r); /* accepts a zeroed one */

/* limit 0: the platforms' default. jpeg: reset first, its ceiling at least the limit. */
int picture_client_fit(const void *data, size_t n, unsigned base64_limit, struct buf *jpeg, struct err *e);
int picture_client_cells(const void *data, size_t n, unsigned columns, unsigned rows,
			 enum grid_colours colours, struct grid *out, struct err *e);
/* decoder: the configured command, e.g. "/opt/x/wlt2bmp {in} {out}"; see picture/wlt.h. NULL or empty:
 * ERR_PICTURE_NO_DECODER. */
int picture_client_wlt(const uint8_t wlt[PICTURE_WLT_BYTES], const char *decoder, struct buf *jpeg,
		       struct err *e);
/* One photograph by the configured command (picture/camera.h), fitted. seconds 0: the usual. NULL or empty:
 * ERR_CAMERA_NONE. */
int picture_client_camera(const char *command, unsigned seconds, unsigned base64_limit, struct buf *jpeg,
			  struct err *e);

#endif
