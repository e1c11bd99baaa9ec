/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tearing_vfs.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR 512
#define FILES 8

struct tearing tearing;

struct pending {
	struct pending *next;
	sqlite3_int64 at;
	int n; /* -1: cut off at `at` */
	unsigned char bytes[];
};
static struct disk { /* by path; as it would be found after a cut */
	char path[512];
	bool durable; /* its name is on the disk */
	unsigned char *bytes;
	sqlite3_int64 size, room;
	struct pending *first, **last;
} disks[FILES];

struct file { /* ours, the real one behind it */
	sqlite3_file base;
	sqlite3_file *real;
	struct disk *disk; /* NULL: not watched */
};

static sqlite3_vfs *real_vfs(void)
{
	return sqlite3_vfs_find("unix");
}

static struct file *own(sqlite3_file *f)
{
	return (struct file *)f;
}

static unsigned dice(unsigned n)
{
	tearing.seed ^= tearing.seed << 13;
	tearing.seed ^= tearing.seed >> 7;
	tearing.seed ^= tearing.seed << 17;
	return (unsigned)(tearing.seed % n);
}

/* --- the disk ------------------------------------------------------------------------------------------ */

static void grow(struct disk *d, sqlite3_int64 size)
{
	if (size > d->room) {
		d->room = size * 2;
		d->bytes = realloc(d->bytes, (size_t)d->room);
		if (!d->bytes)
			abort();
	}
	if (size > d->size)
		memset(d->bytes + d->size, 0, (size_t)(size - d->size));
	d->size = size;
}

static void put(struct disk *d, sqlite3_int64 at, const void *bytes, int n)
{
	if (at + n > d->size)
		grow(d, at + n);
	memcpy(d->bytes + at, bytes, (size_t)n);
}

static void apply(struct disk *d, const struct pending *p)
{
	if (p->n < 0) {
		if (p->at < d->size)
			d->size = p->at;
	} else {
		put(d, p->at, p->bytes, p->n);
	}
}

static void forget(struct disk *d)
{
	for (struct pending *p = d->first, *next; p; p = next) {
		next = p->next;
		free(p);
	}
	d->first = NULL;
	d->last = &d->first;
}

static void settle(struct disk *d)
{
	for (const struct pending *p = d->first; p; p = p->next)
		apply(d, p);
	forget(d);
	d->durable = true;
}

static void remember(struct disk *d, sqlite3_int64 at, const void *bytes, int n)
{
	struct pending *p = malloc(sizeof(*p) + (size_t)(n > 0 ? n : 0));

	if (!p)
		abort();
	*p = (struct pending){.at = at, .n = n};
	if (n > 0)
		memcpy(p->bytes, bytes, (size_t)n);
	*d->last = p;
	d->last = &p->next;
}

static struct disk *disk_of(const char *path)
{
	struct stat st;
	int fd;

	for (size_t i = 0; i < FILES; i++)
		if (!strcmp(disks[i].path, path))
			return &disks[i];
	for (size_t i = 0; i < FILES; i++)
		if (!disks[i].path[0]) {
			snprintf(disks[i].path, sizeof(disks[i].path), "%s", path);
			disks[i].last = &disks[i].first;
			fd = open(path, O_RDONLY | O_CLOEXEC);
			if (fd < 0)
				return &disks[i];
			disks[i].durable = true;
			if (!fstat(fd, &st) && st.st_size) {
				grow(&disks[i], st.st_size);
				if (read(fd, disks[i].bytes, (size_t)st.st_size) != st.st_size)
					abort();
			}
			close(fd);
			return &disks[i];
		}
	abort();
}

/* --- the cut ------------------------------------------------------------------------------------------- */

static void tear(struct disk *d, const struct pending *p)
{
	for (int i = 0; i < p->n; i += SECTOR) {
		int n = p->n - i < SECTOR ? p->n - i : SECTOR;
		unsigned char garbage[SECTOR];

		if (dice(2))
			continue;
		memcpy(garbage, p->bytes + i, (size_t)n);
		if (!dice(8))
			for (int k = 0; k < n; k++)
				garbage[k] = (unsigned char)dice(256);
		put(d, p->at + i, garbage, n);
	}
}

static void what_is_left(struct disk *d)
{
	for (const struct pending *p = d->first; p; p = p->next) {
		unsigned luck = dice(3);

		if (luck == 1 || (luck == 2 && p->n < 0))
			apply(d, p);
		else if (luck == 2)
			tear(d, p);
	}
}

static void write_disk(struct disk *d)
{
	int fd;

	if (!d->durable && dice(2)) {
		unlink(d->path);
		return;
	}
	what_is_left(d);
	fd = open(d->path, O_WRONLY | O_TRUNC | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, d->bytes, (size_t)d->size) != d->size || close(fd))
		abort();
}

void tearing_cut(void)
{
	char shm[520];

	for (size_t i = 0; i < FILES && tearing.how == CUT_POWER; i++) {
		if (!disks[i].path[0])
			continue;
		write_disk(&disks[i]);
		snprintf(shm, sizeof(shm), "%.511s-shm", disks[i].path);
		unlink(shm); /* memory */
	}
	_exit(tearing.status);
}

static void count(void)
{
	tearing.calls++;
	if (tearing.at && tearing.calls >= tearing.at && tearing.how != CUT_NONE)
		tearing_cut();
}

/* --- the methods --------------------------------------------------------------------------------------- */

#define PASS(name, ...) return own(f)->real->pMethods->name(own(f)->real, ##__VA_ARGS__)

static int x_close(sqlite3_file *f)
{
	PASS(xClose);
}
static int x_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	PASS(xRead, p, n, at);
}
static int x_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	if (own(f)->disk) {
		count();
		remember(own(f)->disk, at, p, n);
	}
	PASS(xWrite, p, n, at);
}
static int x_truncate(sqlite3_file *f, sqlite3_int64 n)
{
	if (own(f)->disk) {
		count();
		remember(own(f)->disk, n, NULL, -1);
	}
	PASS(xTruncate, n);
}
static int x_sync(sqlite3_file *f, int flags)
{
	(void)flags; /* the real one would only wear the disk out */
	if (own(f)->disk) {
		count();
		settle(own(f)->disk);
	}
	return SQLITE_OK;
}
static int x_size(sqlite3_file *f, sqlite3_int64 *n)
{
	PASS(xFileSize, n);
}
static int x_lock(sqlite3_file *f, int how)
{
	PASS(xLock, how);
}
static int x_unlock(sqlite3_file *f, int how)
{
	PASS(xUnlock, how);
}
static int x_reserved(sqlite3_file *f, int *out)
{
	PASS(xCheckReservedLock, out);
}
static int x_control(sqlite3_file *f, int op, void *arg)
{
	PASS(xFileControl, op, arg);
}
static int x_sector(sqlite3_file *f)
{
	PASS(xSectorSize);
}
static int x_device(sqlite3_file *f)
{
	PASS(xDeviceCharacteristics);
}
static int x_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
	PASS(xShmMap, page, size, extend, out);
}
static int x_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	PASS(xShmLock, offset, n, flags);
}
static void x_shm_barrier(sqlite3_file *f)
{
	own(f)->real->pMethods->xShmBarrier(own(f)->real);
}
static int x_shm_unmap(sqlite3_file *f, int remove)
{
	PASS(xShmUnmap, remove);
}

static const sqlite3_io_methods methods = {
	2,	    x_close,	   x_read,	x_write,   x_truncate, x_sync,	 x_size,
	x_lock,	    x_unlock,	   x_reserved,	x_control, x_sector,   x_device, x_shm_map,
	x_shm_lock, x_shm_barrier, x_shm_unmap, NULL,	   NULL,
};

static int x_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	struct file *file = own(f);
	bool watched =
		name && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) && (flags & SQLITE_OPEN_READWRITE);
	int rc;

	(void)vfs;
	memset(file, 0, sizeof(*file));
	file->real = (sqlite3_file *)(file + 1);
	if (watched && tearing.how != CUT_NONE)
		file->disk = disk_of(name);
	rc = real_vfs()->xOpen(real_vfs(), name, file->real, flags, out);
	if (file->real->pMethods)
		file->base.pMethods = &methods;
	return rc;
}

void tearing_register(void)
{
	static sqlite3_vfs vfs;

	vfs = *real_vfs();
	vfs.szOsFile += (int)sizeof(struct file);
	vfs.zName = TEARING_VFS;
	vfs.xOpen = x_open;
	vfs.pNext = NULL;
	sqlite3_vfs_register(&vfs, 1);
}
