/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture_samples FOLDER: the seeds of the fuzz targets, small pictures of every kind, into FOLDER/jpeg, png,
 * bmp, exif. */
#include <png.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/text.h"
#include "samples.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *name;
	struct jpeg_sample how;
} jpegs[] = {
	{"jpeg/baseline", {33, 17, .orientation = 6, .metadata = true}},
	{"jpeg/progressive", {24, 24, .progressive = true, .orientation = 3, .big_endian = true}},
	{"jpeg/grey", {20, 9, SAMPLE_GREY}},
	{"jpeg/cmyk", {16, 16, SAMPLE_CMYK}},
	{"jpeg/ycck", {16, 16, SAMPLE_YCCK, .progressive = true}},
	{"jpeg/restarts", {16, 64, .noise = true, .restart = 1, .quality = 30}},
	{"jpeg/apart", {17, 17, .apart = true, .full_colour = true}},
};

static const struct {
	const char *name;
	struct png_sample how;
} pngs[] = {
	{"png/rgb", {33, 17, 2, 8, .metadata = true, .orientation = 6}},
	{"png/rgba16", {9, 9, 6, 16}},
	{"png/grey1", {40, 8, 0, 1}},
	{"png/greyalpha", {10, 11, 4, 8, .interlaced = true}},
	{"png/palette", {20, 20, 3, 4, .keyed = true, .interlaced = true}},
	{"png/keyed", {12, 12, 0, 8, .keyed = true}},
	{"png/noise", {16, 16, 2, 8, .noise = true, .interlaced = true}},
};

static int write_out(const char *folder, const char *name, const void *data, size_t n)
{
	char path[4096];
	int fd, last;

	text_format(path, sizeof(path), "%s/%s", folder, name);
	*strrchr(path, '/') = '\0';
	mkdir(path, 0755);
	text_format(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	last = fd < 0 || io_write_all(fd, data, n, NULL);
	if (last)
		perror(path);
	if (fd >= 0)
		close(fd);
	return last;
}

int main(int argc, char **argv)
{
	uint8_t exif[128];
	struct buf b;
	int failed = 0;

	if (argc != 2)
		return 2;
	buf_init(&b, SAMPLE_CEILING);
	for (size_t i = 0; i < ARRAY_LEN(jpegs); i++) {
		sample_jpeg(&jpegs[i].how, &b);
		failed |= write_out(argv[1], jpegs[i].name, b.data, b.len);
	}
	for (size_t i = 0; i < ARRAY_LEN(pngs); i++) {
		sample_png(&pngs[i].how, &b);
		failed |= write_out(argv[1], pngs[i].name, b.data, b.len);
	}
	sample_bmp(7, 5, false, &b);
	failed |= write_out(argv[1], "bmp/up", b.data, b.len);
	sample_bmp(9, 4, true, &b);
	failed |= write_out(argv[1], "bmp/down", b.data, b.len);
	failed |= write_out(argv[1], "exif/little", exif, sample_exif(6, false, exif));
	failed |= write_out(argv[1], "exif/big", exif, sample_exif(8, true, exif));
	buf_release(&b);
	return failed;
}
