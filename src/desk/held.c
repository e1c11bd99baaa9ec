/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/held.h"

#include <sodium.h>
#include <stdint.h>

#include "base/held.h"

/* Blocks that were made behind the lock stand before those that were sealed: the list is walked from the
 * newest. */
struct held_seal {
	unsigned char key[crypto_stream_xchacha20_KEYBYTES];
	size_t blocks; /* sealed */
	size_t behind; /* while opening: newer ones that are passed over */
	uint64_t at;
};

/* The same block has the same number both times: none of the sealed ones comes or goes meanwhile. */
static void turn_block(void *arg, void *bytes, size_t n)
{
	struct held_seal *s = arg;
	unsigned char nonce[crypto_stream_xchacha20_NONCEBYTES] = {0};

	if (s->behind) {
		s->behind--;
		return;
	}
	for (size_t i = 0; i < sizeof(s->at); i++)
		nonce[i] = (unsigned char)(s->at >> (8 * i));
	s->at++;
	crypto_stream_xchacha20_xor(bytes, bytes, n, nonce, s->key);
}

static void count_block(void *arg, void *bytes, size_t n)
{
	(void)bytes, (void)n;
	++*(size_t *)arg;
}

int held_seal(struct held_seal **out, struct err *e)
{
	struct held_seal *s = sodium_init() < 0 ? NULL : sodium_malloc(sizeof(*s));

	if (!s)
		return err_set(e, ERR_MEMORY, "lock");
	s->blocks = s->behind = 0;
	s->at = 0;
	randombytes_buf(s->key, sizeof(s->key));
	held_each(count_block, &s->blocks);
	held_each(turn_block, s);
	wipe_stack();
	*out = s;
	return 0;
}

void held_open(struct held_seal **seal)
{
	struct held_seal *s = *seal;
	size_t now = 0;

	if (!s)
		return;
	held_each(count_block, &now);
	s->behind = now - s->blocks;
	s->at = 0;
	held_each(turn_block, s);
	sodium_free(s);
	*seal = NULL;
}
