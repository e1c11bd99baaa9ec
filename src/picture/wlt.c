/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "picture/wlt.h"

#include "foreign.h"

/* A decoder is small. */
static const struct foreign_kind decoder = {
	.name_in = "photo.wlt",
	.name_out = "photo.bmp",
	.limits = {.memory = 512ul << 20, .file = WLT_PICTURE_MAX, .files = 64},
	.most_out = WLT_PICTURE_MAX,
	.none = ERR_PICTURE_NO_DECODER,
	.command = ERR_PICTURE_DECODER_COMMAND,
	.missing = ERR_PICTURE_DECODER_MISSING,
	.room = ERR_PICTURE_DECODER_ROOM,
	.crashed = ERR_PICTURE_DECODER_CRASHED,
	.failed = ERR_PICTURE_DECODER_FAILED,
	.slow = ERR_PICTURE_DECODER_SLOW,
	.output = ERR_PICTURE_DECODER_OUTPUT,
};

int wlt_decode(const void *wlt, size_t n, const struct wlt_options *o, struct buf *picture, struct err *e)
{
	struct foreign f = {
		.kind = &decoder,
		.command = o->command,
		.timeout_ms = o->timeout_ms ? o->timeout_ms : WLT_TIMEOUT_MS,
		.directory = o->directory,
		.stop = o->stop,
		.in = wlt,
		.in_bytes = n,
	};

	if (n != WLT_BYTES)
		return err_set(e, ERR_PICTURE_PORTRAIT, "%zu bytes", n);
	return foreign_run(&f, picture, e);
}
