/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The helper's own input, line by line, as csv onto nothing. */
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "office/paper.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	const char *at = (const char *)data, *end = at + size;
	struct paper *p = NULL;

	if (fd < 0 || paper_csv.begin(&p, fd, NULL))
		return 0;
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		paper_line(&paper_csv, p, at, (size_t)((stop ? stop : end) - at), NULL);
		at = stop ? stop + 1 : end;
	}
	paper_csv.end(p, NULL);
	paper_csv.release(p);
	close(fd);
	return 0;
}
