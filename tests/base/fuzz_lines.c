/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines from a pipe or a socket, in pieces whose sizes the input itself chooses: every line-wise talk of the
 * programs (sessions, errands, helpers, the platform's control) is cut by io_take_line(). What comes out must
 * not depend on the pieces, nor hold an end of line, nor more than its ceiling. What helpers say of failure
 * is read the same way: a code of ours, or nothing.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/helper.h"
#include "base/io.h"

#define MOST 4096
#define LINE_MOST 64

static void must(bool it)
{
	if (!it)
		abort();
}

/* The lines, one behind the other, each with its length and whether it was too long. */
static void take_all(struct buf *in, struct buf *out)
{
	struct buf line;

	buf_init(&line, LINE_MOST);
	while (io_take_line(in, &line)) {
		must(line.failed || line.len <= LINE_MOST);
		must(!line.len || !memchr(line.data, '\n', line.len));
		buf_addf(out, "%d %zu:", line.failed, line.failed ? 0 : line.len);
		if (!line.failed && line.len)
			buf_add(out, line.data, line.len);
	}
	must(!in->len || !memchr(in->data, '\n', in->len));
	buf_release(&line);
}

static void in_pieces(const uint8_t *data, size_t size, size_t piece, struct buf *out)
{
	struct buf in;

	buf_init(&in, MOST);
	for (size_t at = 0; at < size; at += piece) {
		buf_add(&in, data + at, size - at < piece ? size - at : piece);
		take_all(&in, out);
	}
	must(!in.failed);
	buf_release(&in);
}

static void try_helper(const uint8_t *data, size_t size)
{
	struct err e = {ERR_NONE};
	struct buf said;

	buf_init(&said, MOST);
	buf_add(&said, data, size);
	must(helper_said(&said, &e) == (e.code != ERR_NONE));
	must(e.code >= ERR_NONE && e.code < ERR_CODE_COUNT);
	buf_release(&said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole, parts;

	if (!size || size > MOST)
		return 0;
	buf_init(&whole, 16 * MOST);
	buf_init(&parts, 16 * MOST);
	in_pieces(data + 1, size - 1, MOST, &whole);
	in_pieces(data + 1, size - 1, 1 + data[0] % 32, &parts);
	must(whole.len == parts.len && (!whole.len || !memcmp(whole.data, parts.data, whole.len)));
	try_helper(data + 1, size - 1);
	buf_release(&whole);
	buf_release(&parts);
	return 0;
}
