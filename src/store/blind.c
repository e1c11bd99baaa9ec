/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "blind.h"

#include <sodium.h>

#include "base/dates.h"
#include "store_private.h"

#define GROUP_FEW 16
#define GROUP_MS 10
#define GROUP_MOST_MS 40

static const char state[] =
	"SELECT (SELECT max(id) FROM vault_key), (SELECT index_box IS NOT NULL FROM rekey WHERE one = 1)";

/* Seen outside a transaction it is so for good: the former subkey is of no use any more. */
static void forget_former(struct vault *v)
{
	if (!v->keys->has_former_index)
		return;
	sodium_mprotect_readwrite(v->keys);
	sodium_memzero(v->keys->former_index, VAULT_KEY_BYTES);
	v->keys->has_former_index = false;
	sodium_mprotect_readonly(v->keys);
}

static int see(struct query *hold, struct store *s, bool *turning, struct err *e)
{
	bool inside = s->in_tx || s->in_group;

	*turning = false;
	if (inside && !s->vault.keys->has_former_index)
		return 0;
	query_open(hold, s, state);
	if (query_one(hold, "data key", e) || (col_int(hold, 0) != s->vault.key_id && vault_fresh(s, e)))
		return -1;
	*turning = col_int(hold, 1) != 0;
	if (!*turning && !inside)
		forget_former(&s->vault);
	return *turning && !s->vault.keys->has_former_index ? err_set(e, ERR_SEAL, "no former index key") : 0;
}

int blind_ask(struct query *hold, struct store *s, enum vault_index kind, const char *text, struct blind *out,
	      struct err *e)
{
	struct vault *v = &s->vault;
	int last;

	*hold = (struct query){.s = s, .slot = -1};
	if (vault_need(v, VAULT_DATA, e))
		return -1;
	last = see(hold, s, &out->turning, e) || vault_blind_with(v->keys->index, kind, text, out->now, e)
		       ? -1
		       : 0;
	if (!last && out->turning)
		last = vault_blind_with(v->keys->former_index, kind, text, out->was, e);
	if (last)
		query_close(hold);
	return last;
}

void bind_blind(struct query *q, const struct blind *b)
{
	bind_blob(q, b->now, sizeof(b->now));
	if (b->turning)
		bind_blob(q, b->was, sizeof(b->was));
}

struct group group_begin(struct store *s)
{
	return (struct group){.s = s, .began_ms = clock_steady_ms()};
}

int64_t group_most(const struct group *g)
{
	const struct store_seam *seam = g->s->seam;

	return seam && seam->group_rows ? seam->group_rows : GROUP_ROWS;
}

bool group_full(const struct group *g)
{
	int64_t lasted = clock_steady_ms() - g->began_ms;

	return g->rows >= group_most(g) ||
	       (g->rows >= GROUP_FEW &&
		(lasted >= GROUP_MOST_MS || (lasted >= GROUP_MS && store_awaited(g->s))));
}
