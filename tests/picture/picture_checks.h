/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of pictures have in common: looking into a JPEG of ours. */
#ifndef TESTS_PICTURE_CHECKS_H
#define TESTS_PICTURE_CHECKS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "decode.h"
#include "picture/picture.h"
#include "raster.h"
#include "samples.h"

struct seen {
	uint32_t width, height;
	uint8_t corner[4][3]; /* the middle of each quarter */
	int sof;	      /* 0xC0: baseline */
	int components;
	bool bare; /* no marker but what a decoder needs */
};

/* Walks the markers up to the scan, strictly. */
static inline void look_at_markers(const struct buf *jpeg, struct seen *s)
{
	const uint8_t *at = (const uint8_t *)jpeg->data;
	size_t i = 2;

	s->bare = true;
	assert_true(jpeg->len > 100 && at[0] == 0xFF && at[1] == 0xD8);
	assert_true(at[jpeg->len - 2] == 0xFF && at[jpeg->len - 1] == 0xD9);
	for (; i + 4 < jpeg->len && at[i + 1] != 0xDA; i += 2 + (size_t)(at[i + 2] << 8 | at[i + 3])) {
		int marker = at[i + 1];

		assert_int_equal(at[i], 0xFF);
		if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4) {
			s->sof = marker;
			s->height = (uint32_t)(at[i + 5] << 8 | at[i + 6]);
			s->width = (uint32_t)(at[i + 7] << 8 | at[i + 8]);
			s->components = at[i + 9];
		} else if (marker != 0xC4 && marker != 0xDB &&
			   !(marker == 0xE0 && !memcmp(at + i + 4, "JFIF", 5))) {
			s->bare = false;
		}
	}
}

static inline void look(const struct buf *jpeg, struct seen *s)
{
	struct decode_job job = {(const uint8_t *)jpeg->data, jpeg->len, 4096, 4096, PICTURE_SOURCE_PIXELS};
	struct decoded d;
	struct err e = {0};

	*s = (struct seen){0};
	look_at_markers(jpeg, s);
	if (picture_decode(&job, &d, &e))
		fail_msg("%s", e.detail);
	assert_int_equal(d.width, s->width);
	assert_int_equal(d.height, s->height);
	for (int i = 0; i < 4; i++) {
		uint32_t x = d.width * (i % 2 ? 3 : 1) / 4, y = d.height * (i / 2 ? 3 : 1) / 4;

		memcpy(s->corner[i], d.raster.rgb + ((size_t)y * d.width + x) * 3, 3);
	}
	raster_release(&d.raster);
	assert_null(memmem(jpeg->data, jpeg->len, SAMPLE_SECRET, 10));
}

static inline void assert_colour(const uint8_t got[3], const uint8_t want[3], int within, const char *what)
{
	for (int c = 0; c < 3; c++) {
		if (abs(got[c] - want[c]) > within)
			fail_msg("%s: %d,%d,%d instead of %d,%d,%d", what, got[0], got[1], got[2], want[0],
				 want[1], want[2]);
	}
}

#endif
