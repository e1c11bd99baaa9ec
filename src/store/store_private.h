/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the store: what stands behind struct store. */
#ifndef STORE_STORE_PRIVATE_H
#define STORE_STORE_PRIVATE_H

#include "query.h"
#include "vault_private.h"

#define CACHE_SLOTS 512 /* more than there are statements; full: statements are prepared each time */
#define STORE_APPLICATION 0x53484D47 /* "SHMG": PRAGMA application_id of our files */

struct cached {
	const char *sql;
	sqlite3_stmt *st;
	bool busy;
};

struct store {
	sqlite3 *db;
	char path[4096];       /* of the file that is open */
	char final_path[4096]; /* its name once published; the same when opened */
	int dir_fd;	       /* the directory: queue of writers (turn.h), and fsync of names */
	int busy_ms;
	bool checkpoint, shared;
	bool hasty; /* waits for no lock */
	char vfs[64];
	int64_t waiting_since; /* clock_steady_ms() of the first busy answer; 0: not waiting */
	int64_t patience_ms;   /* of this wait */
	struct vault vault;
	struct vault former; /* as it was before this transaction replaced the data key; no keys: it did not */
	struct cached cache[CACHE_SLOTS];
	const struct store_seam *seam;
	long steps, commits;
	bool in_tx, in_group, group_dead;
	bool bold; /* the group's parts are no savepoints */
	int changes_before; /* sqlite3_total_changes() when the part began */
	struct {
		struct sqlite3_session *session; /* of this transaction or group */
		int64_t act;	     /* 0: none yet; -1: none at all in this transaction */
		int64_t whole, whole_before; /* the first act of the series, else of the group, 0: none yet; and before this transaction or group */
		int64_t place;	     /* the project in whose name acts are made; 0: the first fact's */
		char series[32];     /* what a series of groups is called as one act; "": none */
		int64_t *retired;    /* operations that were withdrawn or superseded */
		size_t retired_n, retired_room;
		int64_t mark_act, mark_whole; /* as they were when this part of a group began */
		size_t mark_retired;
	} undo;
	const char *tx_file;
	int tx_line;
};

/* Runs statements without values that are not cached (pragmas, schema). */
int store_exec(struct store *s, const char *sql, struct err *e);

#endif
