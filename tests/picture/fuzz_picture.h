/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every picture fuzz target asks: a small good JPEG, or a named error. */
#ifndef TESTS_FUZZ_PICTURE_H
#define TESTS_FUZZ_PICTURE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "decode.h"
#include "picture/picture.h"

#define FUZZ_SIDE 48u
#define FUZZ_PIXELS (1u << 20) /* larger ones are refused, or the fuzzer would only wait */

static void fuzz_fail(const char *what)
{
	fprintf(stderr, "fuzz_picture: %s\n", what);
	abort();
}

static void fuzz_check_error(const struct err *e)
{
	static const enum err_code known[] = {ERR_PICTURE_EMPTY, ERR_PICTURE_FORMAT, ERR_PICTURE_DAMAGED,
					      ERR_PICTURE_TOO_LARGE, ERR_MEMORY};

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (known[i] == e->code && text_valid(e->detail, strlen(e->detail)))
			return;
	}
	fuzz_fail("refused without a good reason");
}

static void fuzz_check_answer(const struct buf *jpeg)
{
	struct decode_job job = {(const uint8_t *)jpeg->data, jpeg->len, FUZZ_SIDE, FUZZ_SIDE, FUZZ_PIXELS};
	struct decoded d;
	struct err e = {0};

	if (jpeg->len > PICTURE_BASE64_LEAST / 4 * 3)
		fuzz_fail("longer than the limit");
	if (picture_decode(&job, &d, &e))
		fuzz_fail(e.detail);
	if (!d.width || !d.height || d.width > FUZZ_SIDE || d.height > FUZZ_SIDE)
		fuzz_fail("size");
	raster_release(&d.raster);
}

static void fuzz_picture(const uint8_t *data, size_t size)
{
	struct picture_fit_options o = {.base64_limit = PICTURE_BASE64_LEAST,
					.max_width = FUZZ_SIDE,
					.max_height = FUZZ_SIDE,
					.source_pixels = FUZZ_PIXELS};
	struct err e = {0};
	struct buf jpeg;

	buf_init(&jpeg, PICTURE_BASE64_LEAST);
	if (picture_fit(data, size, &o, &jpeg, &e))
		fuzz_check_error(&e);
	else
		fuzz_check_answer(&jpeg);
	buf_release(&jpeg);
}

#endif
