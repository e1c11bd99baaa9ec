/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Search texts of people who were registered by an older version (A8, U12): a migration cannot make them, since readings and the words
 * of codes are not the file's, and touching everybody at the start would keep the clerk waiting. So they are made anew when nobody types, a
 * few people at a time; how far it has come is a setting of the project.
 */
#include "retext.h"

#include <stdio.h>
#include <stdlib.h>

#include "folk.h"
#include "store/site.h"
#include "store/vault.h"

#define SETTING "search.texts"
#define TEXTS_VERSION 2 /* 1: name and readings; 2: team, company, trade and the names of those who became this person too (folk.c) */
#define AT_ONCE 50

struct progress {
	int version;
	int64_t after; /* this person and those before have the version's texts */
};

static int read_progress(struct desk *d, struct progress *p, struct err *e)
{
	char text[64];
	long long after = 0;

	if (db_setting_get(d->store, d->project.id, SETTING, text, sizeof(text), e))
		return -1;
	*p = (struct progress){.version = 0};
	if (sscanf(text, "%d %lld", &p->version, &after) == 2)
		p->after = after;
	return 0;
}

static int write_progress(struct desk *d, int64_t after, struct err *e)
{
	char text[64];

	snprintf(text, sizeof(text), "%d %lld", TEXTS_VERSION, (long long)after);
	return db_setting_set(d->store, d->project.id, SETTING, text, false, e);
}

static int some(struct desk *d, int64_t after, bool *more, struct err *e)
{
	int64_t ids[AT_ONCE];
	size_t n;

	if (db_member_persons(d->store, d->project.id, after, ids, AT_ONCE, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (folk_refresh(d, ids[i], true, e))
			return -1;
	*more = n == AT_ONCE;
	return write_progress(d, *more ? ids[n - 1] : INT64_MAX, e);
}

int retext_some(struct desk *d, bool *more, struct err *e)
{
	struct progress p;
	int rc;

	*more = false;
	if (!d->session.account || !d->project.id || vault_level(store_vault(d->store)) != VAULT_DATA)
		return 0;
	if (read_progress(d, &p, e))
		return -1;
	if (p.version == TEXTS_VERSION && p.after == INT64_MAX)
		return 0;
	if (store_begin(d->store, e))
		return -1;
	rc = store_end(d->store, some(d, p.version == TEXTS_VERSION ? p.after : 0, more, e), e);
	if (rc)
		*more = false;
	return rc;
}
