/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/pack.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/text.h"

int pack_open(const struct buf *in, size_t most, struct buf *out, struct err *e)
{
	unsigned char chunk[16384];
	z_stream z = {0};
	int got = Z_OK, last = -1;

	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return err_set(e, ERR_MEMORY, "gunzip");
	z.next_in = (Bytef *)in->data;
	z.avail_in = (uInt)in->len;
	while (got == Z_OK) {
		z.next_out = chunk;
		z.avail_out = sizeof(chunk);
		got = inflate(&z, Z_NO_FLUSH);
		if (got != Z_OK && got != Z_STREAM_END)
			break;
		if (out->len + sizeof(chunk) - z.avail_out > most) {
			err_set(e, ERR_TOO_LARGE, "more than %zu bytes", most);
			goto out;
		}
		buf_add(out, chunk, sizeof(chunk) - z.avail_out);
	}
	last = got == Z_STREAM_END && !out->failed ? 0 : err_set(e, ERR_JSON, "gzip is damaged");
out:
	wipe(chunk, sizeof(chunk));
	inflateEnd(&z);
	return last;
}

bool pack(struct buf *b)
{
	z_stream z = {0};
	char *packed = NULL;
	bool done = false;

	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	packed = malloc(deflateBound(&z, b->len));
	if (packed) {
		z.next_in = (Bytef *)b->data;
		z.avail_in = (uInt)b->len;
		z.next_out = (Bytef *)packed;
		z.avail_out = (uInt)deflateBound(&z, b->len);
		done = deflate(&z, Z_FINISH) == Z_STREAM_END;
	}
	done = done && z.total_out <= b->len; /* which has its room already; else it is not worth it */
	if (done) {
		buf_reset(b);
		done = !buf_add(b, packed, z.total_out);
	}
	free(packed);
	deflateEnd(&z);
	return done;
}
