/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The driver's entry: a first byte that splits the input into an APDU and what the line then brings, whatever the module was asked.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "apdu.h"
#include "module.h"

struct line {
	const uint8_t *data;
	size_t left;
};

static int64_t no_time(void)
{
	return 0;
}

static enum transport_result line_open(void *self, unsigned variant)
{
	(void)self;
	(void)variant;
	return TRANSPORT_OK;
}

static enum transport_result line_exchange(void *self, const uint8_t *request, size_t n, struct frame_receiver *reply,
					   int timeout_ms)
{
	struct line *l = self;
	enum frame_result result = FRAME_MORE;
	size_t used;

	(void)request;
	(void)n;
	(void)timeout_ms;
	if (l->left == 0)
		return TRANSPORT_ABSENT;
	frame_receiver_init(reply, FRAME_LEAST_REPLY);
	used = frame_receiver_put(reply, l->data, l->left, &result);
	l->data += used;
	l->left -= used;
	if (result == FRAME_MORE)
		return TRANSPORT_TIMEOUT;
	return result == FRAME_WHOLE ? TRANSPORT_OK : TRANSPORT_GARBLED;
}

static void line_close(void *self)
{
	(void)self;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct transport_ops ops = { line_open, line_exchange, line_close };
	static const struct module_settings settings = { 3, 600 };
	static uint8_t out[8192];
	static struct module m;
	struct line line;
	size_t n, got;

	if (size < 1)
		return 0;
	n = data[0] % 9;
	if (n > size - 1)
		n = size - 1;
	line = (struct line){ data + 1 + n, size - 1 - n };
	module_init(&m, (struct transport){ &ops, &line }, &settings);
	m.now_ms = no_time;
	got = apdu_answer(&m, data + 1, n, out, sizeof(out));
	if (got < 2 || got > sizeof(out))
		abort();
	module_look(&m);
	module_release(&m);
	return 0;
}
