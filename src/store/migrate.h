/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the store: the ordered list of schemas (schema/NNN.sql, embedded) and the way from any of them
 * to the newest. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct store;

extern const char *const schema_text[]; /* [i] leads from version i to i + 1 */
extern const size_t schema_count;

int migrate_version(struct store *s, int64_t *out, struct err *e);
/* One transaction each, PRAGMA user_version with it. ERR_DATA_NEWER when the file is beyond count. */
int migrate_run(struct store *s, const char *const *texts, size_t count, struct err *e);

#endif
