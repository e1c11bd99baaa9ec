/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best JPEG under a limit: a ladder of sizes, and at each size the best quality by bisection. */
#include <stdlib.h>

#include "base/text.h"
#include "decode.h"
#include "jpeg_out.h"
#include "picture/picture.h"

#define QUALITY_BEST 95

/* A face is better small and clear than large and blurred, down to a point: then coarser. */
static const struct rung {
	uint32_t least_side; /* for pictures whose longer side is at least this */
	int quality;	     /* not below this; smaller instead */
} rungs[] = {{321, 70}, {65, 25}, {0, 5}};

#define SMALLER(side) ((side)*7 / 8)

struct fitting {
	struct raster source;
	struct jpeg_bytes best, trial;
};

static int quality_floor(uint32_t side)
{
	size_t i = 0;

	while (side < rungs[i].least_side)
		i++;
	return rungs[i].quality;
}

static void keep(struct fitting *f)
{
	struct jpeg_bytes kept = f->best;

	f->best = f->trial;
	f->trial = kept;
}

/* f->best.fits afterwards: it holds the best quality at this size. */
static int best_quality(struct fitting *f, const struct raster *r, struct err *e)
{
	int low = quality_floor(r->width > r->height ? r->width : r->height), high = QUALITY_BEST + 1;

	f->best.fits = false;
	if (jpeg_out(r, low, &f->trial, e))
		return -1;
	if (!f->trial.fits)
		return 0;
	keep(f);
	while (high - low > 1) { /* low fits, high does not or is out of range */
		int middle = low + (high - low) / 2;

		if (jpeg_out(r, middle, &f->trial, e))
			return -1;
		if (f->trial.fits) {
			keep(f);
			low = middle;
		} else {
			high = middle;
		}
	}
	return 0;
}

static int fit_size(struct fitting *f, uint32_t width, uint32_t height, struct err *e)
{
	struct raster r = {0};
	int last;

	if (raster_resample(&f->source, width, height, &r, e))
		return -1;
	last = best_quality(f, &r, e);
	raster_release(&r);
	return last;
}

/* Down the ladder. The last rung always fits: eight by eight pixels at quality 5 take about 400 bytes. */
static int descend(struct fitting *f, const struct decoded *d, uint32_t max_width, uint32_t max_height,
		   struct err *e)
{
	uint32_t width, height, side = max_width > max_height ? max_width : max_height;

	for (;;) {
		width = d->width;
		height = d->height;
		raster_fit_size(&width, &height, max_width, max_height);
		raster_fit_size(&width, &height, side, side);
		if (fit_size(f, width, height, e))
			return -1;
		if (f->best.fits)
			return 0;
		side = width > height ? width : height;
		if (side <= 8)
			return err_set(e, ERR_INTERNAL, "no JPEG of %zu bytes", f->best.size);
		side = SMALLER(side);
	}
}

static int check_options(struct picture_fit_options *o, struct err *e)
{
	o->base64_limit = o->base64_limit ? o->base64_limit : PICTURE_BASE64_LIMIT;
	o->max_width = o->max_width ? o->max_width : PICTURE_SIDE;
	o->max_height = o->max_height ? o->max_height : PICTURE_SIDE;
	o->source_pixels = o->source_pixels ? o->source_pixels : PICTURE_SOURCE_PIXELS;
	if (o->base64_limit < PICTURE_BASE64_LEAST || o->base64_limit > PICTURE_BASE64_MOST)
		return err_set(e, ERR_USAGE, "Base64 limit %u", o->base64_limit);
	if (o->max_width < PICTURE_SIDE_LEAST || o->max_width > PICTURE_SIDE_MOST ||
	    o->max_height < PICTURE_SIDE_LEAST || o->max_height > PICTURE_SIDE_MOST ||
	    o->source_pixels > PICTURE_SOURCE_PIXELS)
		return err_set(e, ERR_USAGE, "at most %u x %u pixels", o->max_width, o->max_height);
	return 0;
}

static int fitting_init(struct fitting *f, size_t bytes, struct err *e)
{
	*f = (struct fitting){.best.size = bytes, .trial.size = bytes};
	f->best.data = malloc(bytes);
	f->trial.data = malloc(bytes);
	return f->best.data && f->trial.data ? 0 : err_set(e, ERR_MEMORY, "%zu bytes", bytes);
}

static void fitting_release(struct fitting *f)
{
	struct jpeg_bytes *both[] = {&f->best, &f->trial};

	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		if (both[i]->data)
			wipe(both[i]->data, both[i]->size);
		free(both[i]->data);
	}
	raster_release(&f->source);
}

int picture_fit(const void *data, size_t n, const struct picture_fit_options *options, struct buf *jpeg,
		struct err *e)
{
	struct picture_fit_options o = *options;
	struct decoded d = {0};
	struct fitting f = {0};
	struct decode_job job;
	int last = -1;

	if (check_options(&o, e))
		return -1;
	job = (struct decode_job){data, n, o.max_width, o.max_height, o.source_pixels};
	if (picture_decode(&job, &d, e) || fitting_init(&f, o.base64_limit / 4 * 3, e))
		goto out;
	f.source = d.raster;
	d.raster = (struct raster){0};
	if (descend(&f, &d, o.max_width, o.max_height, e))
		goto out;
	buf_reset(jpeg);
	last = buf_add(jpeg, f.best.data, f.best.len) ? err_set(e, ERR_MEMORY, "%zu bytes", f.best.len) : 0;
out:
	raster_release(&d.raster);
	fitting_release(&f);
	return last;
}
