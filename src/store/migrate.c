/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "migrate.h"

#include <stdio.h>

#include "store_private.h"

int migrate_version(struct store *s, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, "PRAGMA user_version");
	return query_int(&q, out, 0, e);
}

static int apply(struct store *s, const char *text, size_t version, struct err *e)
{
	char stamp[64];

	snprintf(stamp, sizeof(stamp), "PRAGMA user_version = %zu", version);
	return store_exec(s, text, e) || store_exec(s, stamp, e) ? -1 : 0;
}

/* The version is read again inside: two programs may have come to the same old file. */
static int one_step(struct store *s, const char *const *texts, size_t count, struct err *e)
{
	int64_t version;
	int last = 0;

	if (store_begin(s, e))
		return -1;
	last = migrate_version(s, &version, e);
	if (!last && version < (int64_t)count)
		last = apply(s, texts[version], (size_t)version + 1, e);
	return store_end(s, last, e);
}

int migrate_run(struct store *s, const char *const *texts, size_t count, struct err *e)
{
	int64_t version;

	for (;;) {
		if (migrate_version(s, &version, e))
			return -1;
		if (version < 0 || version > (int64_t)count)
			return err_set(e, ERR_DATA_NEWER, "schema %lld, this program knows %zu",
				       (long long)version, count);
		if (version == (int64_t)count)
			return 0;
		if (one_step(s, texts, count, e))
			return -1;
	}
}
