/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packed bodies (gzip), as boxes send them: what comes out is never more than the bound, however small the
 * packed text is; what we pack ourselves comes out as it went in.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "platform/pack.h"

#define MOST (64u << 10)

static void must(bool it)
{
	if (!it)
		abort();
}

static void open_any(const uint8_t *data, size_t size)
{
	struct err e = {ERR_NONE};
	struct buf in, out;
	int last;

	buf_init(&in, size + 1);
	buf_init(&out, MOST);
	buf_add(&in, data, size);
	last = pack_open(&in, MOST, &out, &e);
	must(out.len <= MOST && !out.failed);
	must(last ? e.code == ERR_TOO_LARGE || e.code == ERR_JSON : e.code == ERR_NONE);
	buf_release(&in);
	buf_release(&out);
}

static void there_and_back(const uint8_t *data, size_t size)
{
	struct buf b, out;
	bool packed;

	buf_init(&b, size + 1);
	buf_init(&out, MOST);
	buf_add(&b, data, size);
	packed = pack(&b);
	must(packed || (b.len == size && (!size || !memcmp(b.data, data, size))));
	must(!packed || (b.len <= size && !pack_open(&b, MOST, &out, NULL) && out.len == size &&
			 !memcmp(out.data, data, size)));
	buf_release(&b);
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	open_any(data, size);
	if (size <= MOST)
		there_and_back(data, size);
	return 0;
}
