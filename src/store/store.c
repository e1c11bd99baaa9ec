/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/text.h"
#include "dir.h"
#include "migrate.h"
#include "store_private.h"
#include "turn.h"
#include "undo.h"

#define OPEN_PATIENCE_MS 2000
#define BUSY_MS 10000
#define USUAL_PAGES 1000 /* of log between checkpoints, where this process makes them */

int store_version(void)
{
	return (int)schema_count;
}

long store_commits(const struct store *s)
{
	return s->commits;
}

void store_set_seam(struct store *s, const struct store_seam *seam)
{
	s->seam = seam;
}

sqlite3 *store_db(struct store *s)
{
	return s->db;
}

int store_exec(struct store *s, const char *sql, struct err *e)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : sql_error(e, s->db, sqlite3_extended_errcode(s->db), "exec");
}

/* --- opening
 * --------------------------------------------------------------------------------------------------------------
 */

static int on_busy(void *arg, int count)
{
	struct store *s = arg;
	int64_t now = clock_steady_ms();

	if (!count)
		s->waiting_since = now;
	if (s->hasty || now - s->waiting_since >= s->patience_ms)
		return 0;
	turn_pause(now - s->waiting_since, true);
	return 1;
}

/* A path as SQLite's URI: everything that could mean something is escaped. */
static void make_uri(char *out, size_t size, const char *path, const char *query)
{
	size_t n = (size_t)snprintf(out, size, "file:");

	for (; *path && n + 4 < size; path++) {
		if (strchr("%?#", *path))
			n += (size_t)snprintf(out + n, size - n, "%%%02X", (unsigned char)*path);
		else
			out[n++] = *path;
	}
	snprintf(out + n, size - n, "%s", query);
}

static int pragma_int(sqlite3 *db, const char *sql, int64_t *out)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

static bool wal_is_empty(const struct store *s)
{
	char wal[sizeof(s->path) + 8];
	struct stat st;

	snprintf(wal, sizeof(wal), "%s-wal", s->path);
	return stat(wal, &st) || st.st_size == 0;
}

struct seen {
	int64_t application, version, pages;
};

static int judge_seen(const struct seen *seen, const char *path, struct err *e)
{
	if (!seen->pages)
		return err_set(e, ERR_DATA_DAMAGED, "%s: empty", path);
	if (seen->application != STORE_APPLICATION)
		return err_set(e, ERR_DATA_FOREIGN, "%s: application id 0x%llx", path, (unsigned long long)seen->application);
	if (seen->version > (int64_t)schema_count)
		return err_set(e, ERR_DATA_NEWER, "schema %lld, this program knows %zu", (long long)seen->version, schema_count);
	return 0;
}

static int read_seen(sqlite3 *db, struct seen *out)
{
	int rc = pragma_int(db, "PRAGMA application_id", &out->application);

	if (rc == SQLITE_OK)
		rc = pragma_int(db, "PRAGMA user_version", &out->version);
	return rc == SQLITE_OK ? pragma_int(db, "PRAGMA page_count", &out->pages) : rc;
}

/* What the file itself says it is, read without locks, logs or the least change. Pages that a checkpoint was writing when the power went are torn
 * in it and whole in the log: with a log there, no damage seen here is the last word. */
static int peek(const struct store *s, const char *path, struct err *e)
{
	char uri[3 * sizeof(s->path)];
	struct seen seen = {0};
	sqlite3 *db = NULL;
	int rc, last;

	make_uri(uri, sizeof(uri), path, "?immutable=1");
	rc = sqlite3_open_v2(uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
			     s->vfs[0] ? s->vfs : NULL);
	if (rc == SQLITE_OK)
		rc = read_seen(db, &seen);
	if (rc == SQLITE_OK)
		last = judge_seen(&seen, path, e);
	else if ((rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB) && !wal_is_empty(s))
		last = 0;
	else
		last = sql_error(e, db, rc, path);
	sqlite3_close(db);
	return last;
}

/* The same through the log, before anything is changed. */
static int judge_connected(struct store *s, struct err *e)
{
	struct seen seen = {0};
	int rc = read_seen(s->db, &seen);

	return rc == SQLITE_OK ? judge_seen(&seen, s->path, e) : sql_error(e, s->db, rc, s->path);
}

static int connect(struct store *s, struct err *e)
{
	int rc = sqlite3_open_v2(s->path, &s->db,
				 SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
				 s->vfs[0] ? s->vfs : NULL);

	if (rc != SQLITE_OK)
		return sql_error(e, s->db, rc, s->path);
	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	/* A plan never looks at bound values: else a statement that might use a partial index is prepared anew each time. */
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
			  NULL); /* until we know that the file is ours */
	s->patience_ms = OPEN_PATIENCE_MS;
	sqlite3_busy_handler(s->db, on_busy, s);
	return 0;
}

static int settle(struct store *s, struct err *e)
{
	if (store_exec(s,
		       "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA "
		       "foreign_keys=ON;"
		       "PRAGMA recursive_triggers=ON; PRAGMA cell_size_check=ON; PRAGMA secure_delete=ON",
		       e))
		return -1;
	sqlite3_wal_autocheckpoint(s->db, s->checkpoint ? USUAL_PAGES : 0);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0,
			  NULL); /* whoever leaves last writes the log back */
	s->patience_ms = s->busy_ms;
	return 0;
}

/* A file cut short is found by its size; only a log that is not yet written back excuses it. */
static int check_size(struct store *s, struct err *e)
{
	int64_t pages = 0, bytes = 0;
	struct stat st;

	if (pragma_int(s->db, "PRAGMA page_count", &pages) || pragma_int(s->db, "PRAGMA page_size", &bytes))
		return sql_error(e, s->db, sqlite3_extended_errcode(s->db), "size");
	if (stat(s->path, &st))
		return err_errno(e, s->path);
	if (wal_is_empty(s) && st.st_size < pages * bytes)
		return err_set(e, ERR_DATA_DAMAGED, "%lld bytes where %lld should be", (long long)st.st_size,
			       (long long)(pages * bytes));
	return 0;
}

static int touch(struct store *s, const char *table, struct err *e)
{
	char *sql = sqlite3_mprintf("SELECT 1 FROM \"%w\" LIMIT 1", table);
	int last = sql ? store_exec(s, sql, e) : err_set(e, ERR_MEMORY, "check");

	sqlite3_free(sql);
	return last;
}

/* The cheap check of every start: the schema reads, and so does the way to the first row of every table. */
static int check_cheaply(struct store *s, struct err *e)
{
	struct query q;
	char table[64];
	int got;

	if (check_size(s, e))
		return -1;
	query_open(&q, s, "SELECT name FROM sqlite_schema WHERE type = 'table'");
	while ((got = query_step(&q, e)) > 0) {
		COL_TEXT(&q, 0, table);
		if (touch(s, table, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	return got;
}

/* From the file on disk to a connection that may work with it. */
static int open_file(struct store *s, struct err *e)
{
	if (dir_check_file(s->path, s->shared, e) || peek(s, s->path, e) || connect(s, e) || judge_connected(s, e))
		return -1;
	if (sqlite3_db_readonly(s->db, "main"))
		return err_set(e, ERR_READ_ONLY, "%s", s->path);
	if (check_cheaply(s, e) || settle(s, e))
		return -1;
	return migrate_run(s, schema_text, schema_count, e);
}

static void close_file(struct store *s)
{
	for (size_t i = 0; i < CACHE_SLOTS; i++)
		sqlite3_finalize(s->cache[i].st);
	memset(s->cache, 0, sizeof(s->cache));
	sqlite3_close(s->db);
	s->db = NULL;
}

/* One thread, and nobody asks SQLite how much memory it has: no locks around every allocation. Refused where a test has registered a file system
 * before: then with locks. */
static void prepare_sqlite(void)
{
	static bool done;

	if (done)
		return;
	done = true;
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static struct store *store_new(const struct store_options *o, struct err *e)
{
	struct store *s = calloc(1, sizeof(*s));

	prepare_sqlite();
	if (!s || sodium_init() < 0) {
		free(s);
		err_set(e, ERR_MEMORY, "store");
		return NULL;
	}
	s->dir_fd = -1;
	s->busy_ms = o->busy_ms > 0 ? o->busy_ms : BUSY_MS;
	s->patience_ms = s->busy_ms;
	s->checkpoint = o->checkpoint;
	s->shared = o->shared;
	text_copy(s->vfs, sizeof(s->vfs), o->vfs ? o->vfs : "");
	if (!text_format(s->final_path, sizeof(s->final_path), "%s/%s", o->dir, o->file) ||
	    strlen(s->final_path) + 16 > sizeof(s->path)) {
		free(s);
		err_set(e, ERR_TOO_LARGE, "path of the data directory");
		return NULL;
	}
	return s;
}

static int open_dir(struct store *s, const char *dir, struct err *e)
{
	if (dir_check(dir, s->shared, e))
		return -1;
	s->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return s->dir_fd < 0 ? err_errno(e, dir) : 0;
}

/* At the door, "busy" means that somebody has the whole file for himself. */
static int at_the_door(struct err *e)
{
	if (e && e->code == ERR_BUSY)
		e->code = ERR_DATA_LOCKED;
	return -1;
}

int store_open(struct store **out, const struct store_options *o, struct err *e)
{
	struct err own = {0};
	struct store *s = store_new(o, e);

	if (!s)
		return -1;
	e = e ? e : &own;
	text_copy(s->path, sizeof(s->path), s->final_path);
	if (open_dir(s, o->dir, e) || open_file(s, e)) {
		store_close(s);
		return at_the_door(e);
	}
	*out = s;
	return 0;
}

static void remove_leavings(const struct store *s)
{
	static const char *const ends[] = {"", "-journal", "-wal", "-shm"};
	char path[sizeof(s->path) + 16];

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(path, sizeof(path), "%s%s", s->path, ends[i]);
		unlink(path);
	}
}

void store_close(struct store *s)
{
	if (!s)
		return;
	if (s->in_group)
		store_group_end(s, false, NULL);
	store_rollback(s);
	undo_end(s);
	free(s->undo.retired);
	close_file(s);
	if (s->path[0] && strcmp(s->path, s->final_path))
		remove_leavings(s); /* never published: nobody will miss it */
	vault_lock(&s->vault);
	vault_lock(&s->former);
	if (s->dir_fd >= 0)
		close(s->dir_fd);
	wipe(s, sizeof(*s));
	free(s);
}

/* --- a new file
 * -----------------------------------------------------------------------------------------------------------
 */

static int make_file(struct store *s, struct err *e)
{
	int fd;

	if (!access(s->final_path, F_OK))
		return err_set(e, ERR_DATA_EXISTS, "%s", s->final_path);
	fd = open(s->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, dir_file_mode());
	if (fd < 0)
		return err_errno(e, s->path);
	if (fchmod(fd, dir_file_mode())) {
		err_errno(e, s->path);
		close(fd);
		return -1;
	}
	close(fd); /* no connection is open on it yet: nothing to lose with the descriptor */
	return 0;
}

static int fill_new(struct store *s, struct err *e)
{
	char sql[64];

	snprintf(sql, sizeof(sql), "PRAGMA application_id = %d", STORE_APPLICATION);
	if (connect(s, e) || store_exec(s, sql, e) || settle(s, e))
		return -1;
	return migrate_run(s, schema_text, schema_count, e);
}

int store_create(struct store **out, const struct store_options *o, struct err *e)
{
	struct store *s = store_new(o, e);

	if (!s)
		return -1;
	/* a name of its own, so that two beginnings do not meet */
	text_format(s->path, sizeof(s->path), "%s.new%ld", s->final_path, (long)getpid());
	if (dir_make(o->dir, e) || open_dir(s, o->dir, e))
		goto failed;
	if (!access(s->final_path, F_OK)) {
		err_set(e, ERR_DATA_EXISTS, "%s", s->final_path);
		goto failed;
	}
	remove_leavings(s);
	if (make_file(s, e) || fill_new(s, e)) {
		close_file(s);
		remove_leavings(s);
		goto failed;
	}
	*out = s;
	return 0;
failed:
	store_close(s);
	return -1;
}

/* Everything out of the log and the log away, so that one name is the whole file. */
static int close_whole(struct store *s, struct err *e)
{
	int64_t busy = 1;

	if (pragma_int(s->db, "PRAGMA wal_checkpoint(TRUNCATE)", &busy) || busy)
		return err_set(e, ERR_SYSTEM, "checkpoint of the new file");
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	close_file(s);
	return 0;
}

int store_publish(struct store *s, struct err *e)
{
	if (s->in_tx || s->in_group)
		return err_set(e, ERR_INTERNAL, "publish inside a transaction");
	if (!strcmp(s->path, s->final_path))
		return err_set(e, ERR_INTERNAL, "published already");
	if (close_whole(s, e))
		return -1;
	if (link(s->path, s->final_path)) { /* unlike rename, refuses to replace */
		if (errno == EEXIST)
			return err_set(e, ERR_DATA_EXISTS, "%s", s->final_path);
		return err_errno(e, s->final_path);
	}
	remove_leavings(s);
	if (fsync(s->dir_fd))
		return err_errno(e, "fsync of the data directory");
	text_copy(s->path, sizeof(s->path), s->final_path);
	return open_file(s, e);
}

/* --- transactions
 * -----------------------------------------------------------------------------------------------------------
 */

static int run(struct store *s, const char *sql, struct err *e)
{
	enum err_code forced = ERR_NONE;

	s->steps++;
	if (s->seam && s->seam->before_step)
		forced = s->seam->before_step(s->seam->arg, s->steps);
	return forced == ERR_NONE ? store_exec(s, sql, e)
				  : err_set(e, forced, "forced at step %ld", s->steps);
}

/* Kept prepared: a group has two of them a row. */
static int run_kept(struct store *s, const char *sql, struct err *e)
{
	struct query q;

	query_open(&q, s, sql);
	return query_run(&q, e);
}

static int begin_immediate(struct store *s, struct err *e)
{
	bool mine;
	int last;

	if (!sqlite3_get_autocommit(s->db))
		return err_set(e, ERR_INTERNAL, "a transaction is open already");
	mine = turn_take(s->dir_fd);
	last = run(s, "BEGIN IMMEDIATE", e);
	if (mine)
		turn_give(s->dir_fd);
	return last;
}

/* Nothing is written under a data key that another session has replaced. */
static int begin_writing(struct store *s, struct err *e)
{
	if (begin_immediate(s, e))
		return -1;
	if (!vault_fresh(s, e))
		return 0;
	store_exec(s, "ROLLBACK", NULL);
	return -1;
}

/* The end of a transaction in which the data key may have been replaced. */
static void settle_vault(struct store *s, bool kept)
{
	if (!s->former.keys)
		return;
	if (kept) {
		vault_lock(&s->former);
	} else {
		vault_lock(&s->vault);
		s->vault = s->former;
		s->former = (struct vault){.level = VAULT_LOCKED};
	}
}

int store_begin_at(struct store *s, const char *file, int line, struct err *e)
{
	const char *base = strrchr(file, '/');

	if (s->in_tx)
		return err_set(e, ERR_INTERNAL, "begin at %s:%d inside the transaction of %s:%d",
			       base ? base + 1 : file, line, s->tx_file, s->tx_line);
	if (s->in_group && s->group_dead)
		return err_set(e, ERR_INTERNAL, "the group was rolled back already");
	if (!s->in_group ? begin_writing(s, e) : s->bold ? 0 : run_kept(s, "SAVEPOINT intention", e))
		return -1;
	s->in_tx = true;
	s->changes_before = sqlite3_total_changes(s->db);
	s->tx_file = base ? base + 1 : file;
	s->tx_line = line;
	if (s->in_group)
		undo_mark(s);
	else if (undo_begin(s, e)) {
		store_rollback(s);
		return -1;
	}
	return 0;
}

static int commit_whole(struct store *s, struct err *e)
{
	if (s->seam && s->seam->before_commit)
		s->seam->before_commit(s->seam->arg, s->commits + 1);
	if (run(s, "COMMIT", e)) {
		if (!sqlite3_get_autocommit(s->db))
			store_exec(s, "ROLLBACK", NULL);
		undo_drop(s);
		settle_vault(s, false);
		return -1;
	}
	s->commits++;
	undo_end(s);
	settle_vault(s, true);
	return 0;
}

int store_commit(struct store *s, struct err *e)
{
	int last;

	if (!s->in_tx)
		return err_set(e, ERR_INTERNAL, "commit without a transaction");
	if (sqlite3_get_autocommit(s->db)) { /* SQLite has rolled back by itself: full disk, lost file */
		store_rollback(s);
		return err_set(e, ERR_SYSTEM, "the transaction was rolled back");
	}
	last = !s->in_group ? undo_keep(s, e) : s->bold ? 0 : run_kept(s, "RELEASE intention", e);
	if (last)
		store_rollback(s);
	else if (!s->in_group)
		last = commit_whole(s, e);
	s->in_tx = false;
	return last;
}

void store_rollback(struct store *s)
{
	if (!s->in_tx)
		return;
	s->in_tx = false;
	if (s->in_group)
		undo_back(s);
	else
		undo_drop(s);
	settle_vault(s, false);
	if (sqlite3_get_autocommit(s->db))
		s->group_dead = s->in_group;
	else if (!s->in_group)
		store_exec(s, "ROLLBACK", NULL);
	else if (s->bold)
		s->group_dead = s->group_dead || sqlite3_total_changes(s->db) != s->changes_before;
	else if (store_exec(s, "ROLLBACK TO intention; RELEASE intention", NULL))
		s->group_dead = true;
}

int store_end(struct store *s, int last, struct err *e)
{
	if (!last)
		return store_commit(s, e);
	store_rollback(s);
	return last;
}

bool store_in_transaction(const struct store *s)
{
	return s->in_tx;
}

bool store_awaited(const struct store *s)
{
	return (s->in_tx || s->in_group) && turn_awaited(s->dir_fd);
}

static int begin_group(struct store *s, bool bold, struct err *e)
{
	if (s->in_tx || s->in_group)
		return err_set(e, ERR_INTERNAL, "group inside a %s", s->in_group ? "group" : "transaction");
	if (begin_writing(s, e))
		return -1;
	s->in_group = true;
	s->group_dead = false;
	s->bold = bold;
	if (!undo_begin(s, e))
		return 0;
	store_group_end(s, false, NULL);
	return -1;
}

int store_group_begin(struct store *s, struct err *e)
{
	return begin_group(s, false, e);
}

int store_group_begin_bold(struct store *s, struct err *e)
{
	return begin_group(s, true, e);
}

bool store_group_lost(const struct store *s)
{
	return s->in_group && s->group_dead;
}

static int keep_group(struct store *s, struct err *e)
{
	int last;

	s->in_tx = true; /* what is kept is written with it */
	last = undo_keep(s, e);
	s->in_tx = false;
	return last;
}

int store_group_end(struct store *s, bool keep, struct err *e)
{
	int last;

	if (!s->in_group)
		return err_set(e, ERR_INTERNAL, "no group to end");
	store_rollback(s);
	s->in_group = false;
	if (s->group_dead || sqlite3_get_autocommit(s->db))
		last = keep ? err_set(e, ERR_SYSTEM, "the group was rolled back") : 0;
	else
		last = keep ? keep_group(s, e) : 0;
	if (!last && keep)
		return commit_whole(s, e);
	undo_drop(s);
	if (!sqlite3_get_autocommit(s->db) && store_exec(s, "ROLLBACK", last ? NULL : e))
		last = -1;
	return last;
}

#define SERIES_CACHE "PRAGMA cache_size = -16384" /* KiB: pages that the next group touches again stay, and nothing is written twice */
#define USUAL_CACHE "PRAGMA cache_size = -2000"
#define SERIES_PAGES 8000

void store_series(struct store *s, const char *name)
{
	bool begins = name && name[0];

	undo_series(s, name);
	store_exec(s, begins ? SERIES_CACHE : USUAL_CACHE, NULL);
	if (s->checkpoint)
		sqlite3_wal_autocheckpoint(s->db, begins ? SERIES_PAGES : USUAL_PAGES);
	if (!begins)
		sqlite3_db_release_memory(s->db);
}

/* --- housekeeping
 * ------------------------------------------------------------------------------------------------------------
 */

int store_change_count(struct store *s, int64_t *out, struct err *e)
{
	struct query q;
	int64_t others;

	query_open(&q, s, "PRAGMA data_version");
	if (query_int(&q, &others, 0, e))
		return -1;
	*out = others + s->commits; /* data_version counts others' commits, we count ours: each only grows */
	return 0;
}

int store_checkpoint(struct store *s, struct err *e)
{
	int rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

	return rc == SQLITE_OK || (rc & 0xFF) == SQLITE_BUSY ? 0 : sql_error(e, s->db, rc, "checkpoint");
}

int store_check(struct store *s, struct err *e)
{
	struct query q;
	char word[128] = "";
	int got;

	query_open(&q, s, "PRAGMA integrity_check(1)");
	got = query_step(&q, e);
	if (got > 0)
		COL_TEXT(&q, 0, word);
	query_close(&q);
	if (got < 0)
		return -1;
	return strcmp(word, "ok") ? err_set(e, ERR_DATA_DAMAGED, "%s", word) : 0;
}

static int64_t size_of(const char *path, const char *end)
{
	char whole[4096 + 16];
	struct stat st;

	snprintf(whole, sizeof(whole), "%s%s", path, end);
	return stat(whole, &st) ? 0 : (int64_t)st.st_size;
}

int64_t store_bytes(const struct store *s)
{
	return size_of(s->path, "") + size_of(s->path, "-wal");
}
