/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backups that are made by themselves: names, when, where, which stay. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/io.h"
#include "base/text.h"
#include "desk/upkeep.h"
#include "desk_private.h"
#include "domain/keeping.h"
#include "store/backup.h"

/*
 * shiming-TAG-YYYYMMDD-HHMMSS-COUNT.backup: the site's time and how many rows the audit log then had, by which is known whether
 * anything was recorded since. What is being written has .part at its end.
 */
#define STAMP_AT (sizeof("shiming-") - 1 + BACKUP_TAG_TEXT)
#define STAMP_BYTES (sizeof("YYYYMMDD-HHMMSS") - 1)
#define END ".backup"
#define PART ".part"
#define NAME_BYTES 96
#define MOST_SEEN 512 /* a directory with more of ours was filled by somebody else; the newest count */
#define ALWAYS_STAY 3
#define SPARE_BYTES (64LL << 20)
#define COPY_BYTES (64 * 1024)
#define MINUTE_MS 60000LL
#define AHEAD_MS (5 * MINUTE_MS) /* a backup of the future says that the clock jumped */

struct named {
	char name[NAME_BYTES];
	int64_t made_ms, count;
};

struct shelf {
	struct named row[MOST_SEEN]; /* newest first */
	size_t n;
};

/* --- names ------------------------------------------------------------------------------------------------------------------------- */

static void name_make(char out[NAME_BYTES], const char *tag, int64_t made_ms, int64_t count)
{
	char stamp[STAMP_TEXT];

	stamp_format(made_ms, stamp); /* "YYYY-MM-DD HH:MM:SS" */
	text_format(out, NAME_BYTES, "shiming-%s-%.4s%.2s%.2s-%.2s%.2s%.2s-%lld" END, tag, stamp, stamp + 5, stamp + 8, stamp + 11,
		    stamp + 14, stamp + 17, (long long)count);
}

static bool stamp_read(const char *s, int64_t *ms)
{
	int year, month, day, hour, minute, second, n = 0;
	date_t date;

	if (sscanf(s, "%4d%2d%2d-%2d%2d%2d%n", &year, &month, &day, &hour, &minute, &second, &n) != 6 || n != (int)STAMP_BYTES ||
	    !date_from_ymd(year, month, day, &date) || hour > 23 || minute > 59 || second > 60)
		return false;
	*ms = date_begin_ms(date) + ((hour * 60LL + minute) * 60 + second) * 1000;
	return true;
}

/* tag "": anybody's of this program. */
static bool name_read(const char *name, const char *tag, struct named *out)
{
	char again[NAME_BYTES], own[BACKUP_TAG_TEXT];
	char *end;

	if (strlen(name) >= NAME_BYTES || strlen(name) <= STAMP_AT + STAMP_BYTES || strncmp(name, "shiming-", 8) ||
	    !stamp_read(name + STAMP_AT, &out->made_ms))
		return false;
	text_format(own, sizeof(own), "%.*s", BACKUP_TAG_TEXT - 1, name + 8);
	out->count = strtoll(name + STAMP_AT + STAMP_BYTES + 1, &end, 10);
	name_make(again, own, out->made_ms, out->count);
	text_copy(out->name, sizeof(out->name), name);
	return !strcmp(again, name) && (!*tag || !strcmp(own, tag));
}

static int newest_first(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	if (x->made_ms != y->made_ms)
		return x->made_ms < y->made_ms ? 1 : -1;
	return x->count < y->count ? 1 : x->count > y->count ? -1 : 0;
}

/* What a kill left of one that was being written is ours to remove: one runner per data directory. */
static void take_name(struct shelf *s, int dir, const char *name, const char *tag)
{
	size_t bytes = strlen(name), end = sizeof(PART) - 1;
	char whole[NAME_BYTES];
	struct named found;

	if (bytes > end && bytes - end < sizeof(whole) && !strcmp(name + bytes - end, PART)) {
		text_format(whole, sizeof(whole), "%.*s", (int)(bytes - end), name);
		if (*tag && name_read(whole, tag, &found))
			unlinkat(dir, name, 0);
	} else if (s->n < MOST_SEEN && name_read(name, tag, &found)) {
		s->row[s->n++] = found;
	}
}

/* 0, or -1 where the directory cannot be read. */
static int shelf_read(struct shelf *s, const char *path, const char *tag)
{
	DIR *dir = opendir(path);

	s->n = 0;
	if (!dir)
		return -1;
	for (struct dirent *at; (at = readdir(dir));)
		take_name(s, dirfd(dir), at->d_name, tag);
	closedir(dir);
	qsort(s->row, s->n, sizeof(s->row[0]), newest_first);
	return 0;
}

/* --- what lies there ------------------------------------------------------------------------------------------------------------- */

static void see(struct shelf *s, struct backup_place *p)
{
	p->there = *p->dir && !shelf_read(s, p->dir, "");
	if (!p->there || !s->n)
		return;
	p->n = s->n;
	p->made_ms = s->row[0].made_ms;
	if (!text_format(p->newest, sizeof(p->newest), "%s/%s", p->dir, s->row[0].name))
		p->newest[0] = '\0';
}

void desk_backups_seen(const char *dir, const char *second, struct backup_place out[BACKUP_PLACES])
{
	struct shelf *s = malloc(sizeof(*s));

	memset(out, 0, BACKUP_PLACES * sizeof(*out));
	text_format(out[0].dir, sizeof(out[0].dir), "%s/" BACKUP_DIR, dir);
	text_copy(out[1].dir, sizeof(out[1].dir), second);
	for (size_t i = 0; s && i < BACKUP_PLACES; i++)
		see(s, &out[i]);
	free(s);
}

/* --- making --------------------------------------------------------------------------------------------------------------------- */

struct making {
	struct desk *desk;
	char dir[DESK_PATH], tag[BACKUP_TAG_TEXT];
	int64_t every_ms;
	struct shelf shelf;
};

static int interval(struct desk *d, int64_t *ms, struct err *e)
{
	char text[24];
	long minutes;

	if (desk_setting_get(d, "backup.minutes", text, sizeof(text), e))
		return -1;
	minutes = text_is_digits(text) ? strtol(text, NULL, 10) : strcmp(text, "off") ? 60 : 0;
	*ms = minutes ? (minutes < 5 ? 5 : minutes > 1440 ? 1440 : minutes) * MINUTE_MS : 0;
	return 0;
}

static bool is_due(const struct making *m, int64_t now, int64_t count)
{
	const struct named *last = m->shelf.row;

	if (!m->shelf.n)
		return true;
	/* another count, not a higher one: an older copy of the data may have been put back */
	return count != last->count && (now - last->made_ms >= m->every_ms || last->made_ms - now > AHEAD_MS);
}

static void remove_row(struct shelf *s, const char *dir, size_t i)
{
	char path[DESK_PATH + NAME_BYTES];

	text_format(path, sizeof(path), "%s/%s", dir, s->row[i].name);
	unlink(path);
	memmove(&s->row[i], &s->row[i + 1], (--s->n - i) * sizeof(s->row[0]));
}

/* Room for one as large as the newest there is, with something to spare; the oldest make it. */
static int make_room(struct shelf *s, const char *dir, int64_t bytes, struct err *e)
{
	struct statvfs v;

	for (;;) {
		if (statvfs(dir, &v))
			return err_errno(e, dir);
		if ((int64_t)v.f_bavail * (int64_t)v.f_frsize >= bytes + SPARE_BYTES)
			return 0;
		if (s->n <= ALWAYS_STAY)
			return err_set(e, ERR_DISK_FULL, "%s: %lld MiB needed", dir, (long long)((bytes + SPARE_BYTES) >> 20));
		remove_row(s, dir, s->n - 1);
	}
}

/* The one just made stays even where a wrong clock puts it among the oldest. */
static void thin_out(struct shelf *s, const char *dir, const char *fresh)
{
	int64_t made[MOST_SEEN];
	bool keep[MOST_SEEN];

	for (size_t i = 0; i < s->n; i++)
		made[i] = s->row[i].made_ms;
	keeping_choose(made, s->n, keep);
	for (size_t i = s->n; i-- > 0;)
		if (!keep[i] && strcmp(s->row[i].name, fresh))
			remove_row(s, dir, i);
}

/* Whole under its name, or not there. */
static int publish(const char *dir, const char *part, const char *name, struct err *e)
{
	char path[DESK_PATH + NAME_BYTES];
	int fd, last = 0;

	text_format(path, sizeof(path), "%s/%s", dir, name);
	if (rename(part, path))
		return err_errno(e, path);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || (fsync(fd) && errno != EINVAL)) /* some sticks' file systems cannot */
		last = err_errno(e, dir);
	if (fd >= 0)
		close(fd);
	return last;
}

static int64_t bytes_needed(const struct desk *d)
{
	char path[DESK_PATH + sizeof(DESK_FILE) + 1];
	struct stat st;

	text_format(path, sizeof(path), "%s/" DESK_FILE, d->dir);
	return stat(path, &st) ? 0 : (int64_t)st.st_size;
}

static int record(struct desk *d, int64_t *count, struct err *e)
{
	struct audit_head head = {0};
	int last;

	if (store_begin(d->store, e))
		return -1;
	last = desk_audit(d, &(struct audit_entry){.action = "backup", .object = "file", .detail = "by itself"}, e);
	last = last ? last : db_audit_head(d->store, &head, e);
	*count = head.count;
	return store_end(d->store, last, e);
}

static int make(struct making *m, char name[NAME_BYTES], struct err *e)
{
	char part[DESK_PATH + 2 * NAME_BYTES];
	struct backup_info info;
	int64_t count;
	int fd, last;

	/* twice: the sealed file, and the copy it is made from, which lies in the data directory meanwhile */
	if (make_room(&m->shelf, m->dir, 2 * bytes_needed(m->desk), e) || record(m->desk, &count, e))
		return -1;
	name_make(name, m->tag, clock_now_ms(), count);
	text_format(part, sizeof(part), "%s/%s" PART, m->dir, name);
	fd = store_backup_new(part, e);
	if (fd < 0)
		return -1;
	last = store_backup(m->desk->store, fd, &info, e);
	if (close(fd) && !last)
		last = err_errno(e, part);
	if (last || publish(m->dir, part, name, e)) {
		unlink(part);
		return -1;
	}
	return 0;
}

/* --- the second place ----------------------------------------------------------------------------------------------------------------- */

static int copy_bytes(int from, int to, struct err *e)
{
	unsigned char *block = malloc(COPY_BYTES);
	ssize_t n = -1;
	int last = block ? 0 : err_set(e, ERR_MEMORY, "backup");

	while (!last && (n = io_read_some(from, block, COPY_BYTES)) > 0)
		last = io_write_all(to, block, (size_t)n, e);
	if (!last && (n < 0 || fsync(to)))
		last = err_errno(e, "copy of the backup");
	free(block);
	return last;
}

/* Copied, and read from end to end there. */
static int copy_one(struct desk *d, const char *from_path, const char *part, struct err *e)
{
	int from = open(from_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), to, last;
	struct backup_info info;

	if (from < 0)
		return err_errno(e, from_path);
	to = store_backup_new(part, e);
	last = to < 0 ? -1 : copy_bytes(from, to, e);
	if (!last) {
		posix_fadvise(to, 0, 0, POSIX_FADV_DONTNEED);
		last = store_backup_check(d->store, to, &info, e);
	}
	if (to >= 0 && close(to) && !last)
		last = err_errno(e, part);
	close(from);
	return last;
}

static int copy_there(struct making *m, struct shelf *there, const char *second, const char *name, struct err *e)
{
	char from[DESK_PATH + NAME_BYTES], part[DESK_PATH + 2 * NAME_BYTES];

	text_format(from, sizeof(from), "%s/%s", m->dir, name);
	text_format(part, sizeof(part), "%s/%s" PART, second, name);
	if (make_room(there, second, bytes_needed(m->desk), e))
		return -1;
	if (copy_one(m->desk, from, part, e) || publish(second, part, name, e)) {
		unlink(part);
		return -1;
	}
	shelf_read(there, second, m->tag);
	thin_out(there, second, name);
	return 0;
}

static bool has(const struct shelf *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->row[i].name, name))
			return true;
	return false;
}

/* ERR_BACKUP_PLACE whatever it was: the backup itself is made; the detail says more. */
static int bring_to_second(struct making *m, const char *name, enum backup_step *step, struct err *e)
{
	struct shelf *there;
	char second[DESK_PATH];
	struct err why = {0};
	int last = 0;

	if (desk_setting_get(m->desk, "backup.dir", second, sizeof(second), e))
		return -1;
	if (!second[0] || !name[0])
		return 0;
	there = malloc(sizeof(*there));
	if (!there)
		return err_set(e, ERR_MEMORY, "backup");
	if (shelf_read(there, second, m->tag)) {
		last = err_set(e, ERR_BACKUP_PLACE, "%s: %s", second, strerror(errno));
	} else if (!has(there, name)) {
		last = copy_there(m, there, second, name, &why) ? err_set(e, ERR_BACKUP_PLACE, "%s", why.detail) : 0;
		*step = last ? *step : BACKUP_MADE;
	}
	free(there);
	return last;
}

static int step_of(struct making *m, enum backup_step *step, struct err *e)
{
	struct audit_head head;
	char name[NAME_BYTES] = "";

	if (db_audit_head(m->desk->store, &head, e))
		return -1;
	shelf_read(&m->shelf, m->dir, m->tag);
	if (m->shelf.n)
		text_copy(name, sizeof(name), m->shelf.row[0].name);
	if (is_due(m, clock_now_ms(), head.count)) {
		if (make(m, name, e))
			return -1;
		*step = BACKUP_MADE;
		shelf_read(&m->shelf, m->dir, m->tag);
		thin_out(&m->shelf, m->dir, name);
	}
	return bring_to_second(m, name, step, e);
}

int desk_backup_hourly(struct desk *d, enum backup_step *step, struct err *e)
{
	struct making *m;
	int last;

	*step = BACKUP_NOT_DUE;
	if (desk_may(d, 0, true, e))
		return -1;
	m = malloc(sizeof(*m));
	if (!m)
		return err_set(e, ERR_MEMORY, "backup");
	m->desk = d;
	last = interval(d, &m->every_ms, e);
	if (!last && m->every_ms)
		last = store_backup_place(d->store, m->dir, sizeof(m->dir), m->tag, e) || step_of(m, step, e) ? -1 : 0;
	free(m);
	return last;
}
