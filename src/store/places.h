/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Private to the store: where sealed values lie, read out of vault_columns, for what goes through all of
 * them: erasing, and a person's own data. A table that seals as most do (its row's uid, "table.column") needs
 * no word here; the others stand in places.c, and a test opens every value of a full file by what stands
 * here.
 */
#ifndef STORE_PLACES_H
#define STORE_PLACES_H

#include "query.h"

#define PLACES_MAX 128

struct place {
	char tbl[48], col[48];
	const char *uid_sql;  /* the uid that the value is sealed under; t: the table */
	const char *as_sql;   /* the column that it is sealed under; NULL: "tbl.col" */
	bool person, project; /* the table has such a column */
	bool needed;	      /* NOT NULL: emptied to no bytes, which read as "" */
};
int places_load(struct store *s, struct place *out, size_t *n, struct err *e); /* out: PLACES_MAX */

/* A statement made at run time from names out of the schema; sql is freed (sqlite3_mprintf; NULL:
 * ERR_MEMORY). */
int place_prepare(struct store *s, char *sql, sqlite3_stmt **out, struct err *e);

/* Inside one transaction: sealed values of facts and frozen operations may be erased or sealed anew between on and off. */
int places_maintenance(struct store *s, bool on, struct err *e);

#endif
