/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes from a line, in pieces whose sizes the input itself chooses: what comes out must not depend on the pieces. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "reader/frame.h"

static size_t run(const uint8_t *data, size_t n, size_t piece, uint8_t *results, size_t size)
{
	static struct frame_receiver r;
	size_t count = 0, payload_n;

	frame_receiver_init(&r, FRAME_LEAST_REPLY);
	for (size_t at = 0; at < n;) {
		size_t left = n - at < piece ? n - at : piece;

		while (left) {
			enum frame_result result;
			size_t used = frame_receiver_put(&r, data + at, left, &result);

			if (used == 0 || used > left)
				abort();
			frame_receiver_payload(&r, &payload_n);
			if (payload_n > FRAME_LEN_MAX || r.have > FRAME_MAX)
				abort();
			at += used;
			left -= used;
			if (result != FRAME_MORE && count < size)
				results[count++] = (uint8_t)result;
		}
	}
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t whole[64], pieces[64];
	size_t n;

	if (size < 1)
		return 0;
	n = run(data + 1, size - 1, size, whole, sizeof(whole));
	if (run(data + 1, size - 1, 1 + data[0] % 32, pieces, sizeof(pieces)) != n || memcmp(whole, pieces, n) != 0)
		abort();
	return 0;
}
