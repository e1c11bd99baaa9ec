/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "picture/camera.h"

#include "foreign.h"
#include "picture/picture.h"

static const struct foreign_kind camera = {
	.name_in = "in",
	.name_out = "photo.jpg",
	.limits = {.file = PICTURE_SOURCE_BYTES, .files = 1024},
	.most_out = PICTURE_SOURCE_BYTES,
	.none = ERR_CAMERA_NONE,
	.command = ERR_CAMERA_COMMAND,
	.missing = ERR_CAMERA_MISSING,
	.room = ERR_CAMERA_ROOM,
	.crashed = ERR_CAMERA_FAILED,
	.failed = ERR_CAMERA_FAILED,
	.slow = ERR_CAMERA_SLOW,
	.output = ERR_CAMERA_OUTPUT,
};

int camera_take(const struct camera_options *o, struct buf *picture, struct err *e)
{
	struct foreign f = {
		.kind = &camera,
		.command = o->command,
		.timeout_ms = o->timeout_ms ? o->timeout_ms : CAMERA_SECONDS * 1000,
		.directory = o->directory,
		.stop = o->stop,
	};

	return foreign_run(&f, picture, e);
}
