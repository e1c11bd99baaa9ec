/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store: one SQLite file in a data directory, and its transactions. SQL lives in src/store and nowhere else.
 *
 * Names: store_… is the file and its transactions, vault_… the sealing, db_… the rows (one header a table group: account.h, site.h,
 * person.h, member.h, fact.h, outbox.h, line.h, draft.h, audit.h).
 *
 * Invariants. A struct store belongs to one thread. Every function that writes must run inside a transaction (ERR_INTERNAL
 * otherwise, naming the statement), except where its contract says that it makes its own. Reads may run anywhere. Personal columns go
 * in and come out in clear and are sealed in between: reading or writing them with a locked vault is ERR_NO_SESSION, a value that does not
 * open is ERR_SEAL. "No such row" is ERR_NO_SUCH. Dates are civil dates, instants milliseconds of UTC (DESIGN 5).
 * All functions return 0, or -1 with *e; outputs are untouched on failure.
 *
 * Data directory (DESIGN 5): in a program that is setgid (real and effective group differ) 2770 and 0660 of that group, else 0700 and 0600 of the
 * user. Looser modes, another owner: ERR_DATA_MODE. Network mounts (statfs type; FUSE by its name in mountinfo): ERR_DATA_NETWORK.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct store;

struct store_options {
	const char *dir;
	const char *file;     /* bare name of the file in dir */
	bool checkpoint;      /* SQLite's automatic WAL checkpoints (every 1000 pages); else only store_checkpoint() */
	bool shared;          /* the unattended runner, which is in the data directory's group by its user and not by setgid: a group's directory is ours too */
	int busy_ms;          /* longest wait for another writer before ERR_BUSY; 0: 10000 */
	const char *vfs;      /* stand-in for the file system: tests count and fail its calls; NULL: SQLite's own */
};

/*
 * Opens an existing file and migrates it. Never changes a file it refuses:
 * ERR_NO_DATA (no directory, no file), ERR_DATA_MODE, ERR_DATA_NETWORK, ERR_DATA_NEWER, ERR_DATA_FOREIGN (another application's database),
 * ERR_DATA_DAMAGED (no database, cut short, or unreadable schema), ERR_READ_ONLY, ERR_NO_PERMISSION, ERR_DATA_LOCKED (another has it for itself).
 */
int store_open(struct store **out, const struct store_options *options, struct err *e);
/*
 * Makes the directory if missing, and a new empty file under a name of its own; nobody can open it until store_publish() has given it its
 * real name, so that an interrupted beginning leaves nothing behind that looks like data. ERR_DATA_EXISTS when there is a file already. A store that was never published is removed by store_close().
 */
int store_create(struct store **out, const struct store_options *options, struct err *e);
int store_publish(struct store *s, struct err *e); /* outside transactions; the store stays open, vault and all; on failure it can only be closed. ERR_DATA_EXISTS: another was faster */
void store_close(struct store *s);                 /* wipes keys; an open transaction is rolled back; NULL is allowed */

/* --- transactions --------------------------------------------------------------------------------------------------------- */

/* BEGIN IMMEDIATE. A second one inside is refused with the place of the first (ERR_INTERNAL), except in a group. */
#define store_begin(s, e) store_begin_at((s), __FILE__, __LINE__, (e))
int store_begin_at(struct store *s, const char *file, int line, struct err *e);
int store_commit(struct store *s, struct err *e);  /* on failure the transaction is rolled back already */
void store_rollback(struct store *s);              /* without one: nothing */
/* The end of every use case: commits when last is 0, else rolls back; returns the outcome. */
int store_end(struct store *s, int last, struct err *e);
bool store_in_transaction(const struct store *s);
bool store_awaited(const struct store *s); /* in a transaction or a group: another process waits for its end */

/* Several transactions as one: between group begin and end, begin/commit/rollback are savepoints, and one fsync comes at the end. */
int store_group_begin(struct store *s, struct err *e);
int store_group_end(struct store *s, bool keep, struct err *e);
/* The same without savepoints, which cost as much as the work itself: a part that is rolled back after it has written something takes the whole
 * group with it (store_group_lost()), and the caller does it again part by part. */
int store_group_begin_bold(struct store *s, struct err *e);
bool store_group_lost(const struct store *s);
/* The groups from here on are one act, called that in the list of what can be taken back (store/undo.h), with more memory for pages and longer
 * between checkpoints; NULL: each its own again. */
void store_series(struct store *s, const char *name);
/* Acts from here on are this project's, whatever project their facts are of; 0: again that of their first fact. true: it was so before. */
bool store_acts_in(struct store *s, int64_t project);

/* --- housekeeping ---------------------------------------------------------------------------------------------------------- */

/* A number that changes whenever any process has committed something; one cheap statement. */
int store_change_count(struct store *s, int64_t *out, struct err *e);
int store_checkpoint(struct store *s, struct err *e);   /* passive: never waits, never makes others wait */
int store_check(struct store *s, struct err *e);        /* the whole file, page by page: ERR_DATA_DAMAGED; for doctor and backup */
int64_t store_bytes(const struct store *s);             /* file and WAL */
int store_version(void);                                /* the schema this program writes */
long store_commits(const struct store *s);              /* transactions committed through this store */

/* --- seams for tests ---------------------------------------------------------------------------------------------------------- */

struct store_seam {
	void *arg;
	void (*before_commit)(void *arg, long n);            /* before commit number n (from 1) of this store: a test kills here */
	enum err_code (*before_step)(void *arg, long n);     /* before statement step number n: other than ERR_NONE fails it with that */
	int group_rows; /* changed rows of one transaction of a rekeying (store/rekey.h); 0: as always */
};
void store_set_seam(struct store *s, const struct store_seam *seam); /* NULL: none; the caller keeps it alive */

#endif
