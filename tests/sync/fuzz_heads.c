/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever stands in the head of an HTTP answer, line by line: how long to wait, the platform's clock, how
 * far an attachment is. What is noted is a time that can be, or nothing.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "sync/http.h"

#define NOW 1795163400000
#define LAST_MS 253402300800000	       /* the year 10000 */
#define LAST_OFFSET 1000000000000000LL /* fifteen digits */

static void must(bool it)
{
	if (!it)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_answer a;
	size_t n;

	clock_fix_ms(NOW);
	http_answer_init(&a);
	for (size_t at = 0; at < size; at += n) {
		const uint8_t *end = memchr(data + at, '\n', size - at);
		char *line;

		n = end ? (size_t)(end - (data + at)) + 1 : size - at;
		line = malloc(n);
		must(line != NULL);
		memcpy(line, data + at, n);
		http_read_head(&a, line, n);
		free(line);
		must(a.retry_after_ms >= 0 && a.retry_after_ms <= LAST_MS);
		must(a.date_ms >= 0 && a.date_ms <= LAST_MS);
		must(a.offset >= -1 && a.offset < LAST_OFFSET);
	}
	http_answer_release(&a);
	return 0;
}
