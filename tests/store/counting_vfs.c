/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "counting_vfs.h"

#include <sqlite3.h>
#include <string.h>

struct counting counting;

struct file { /* ours, the real one behind it */
	sqlite3_file base;
	sqlite3_file *real;
};

static sqlite3_vfs *real_vfs(void)
{
	return sqlite3_vfs_find("unix");
}

static sqlite3_file *real_of(sqlite3_file *f)
{
	return ((struct file *)f)->real;
}

#define PASS(name, ...) return real_of(f)->pMethods->name(real_of(f), ##__VA_ARGS__)

static int x_close(sqlite3_file *f)
{
	PASS(xClose);
}
static int x_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	counting.reads++;
	if (counting.fail_read_at && counting.reads >= counting.fail_read_at)
		return counting.with;
	PASS(xRead, p, n, at);
}
static int x_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	counting.writes++;
	if (counting.fail_write_at && counting.writes >= counting.fail_write_at)
		return counting.with;
	PASS(xWrite, p, n, at);
}
static int x_truncate(sqlite3_file *f, sqlite3_int64 n)
{
	PASS(xTruncate, n);
}
static int x_sync(sqlite3_file *f, int flags)
{
	counting.syncs++;
	if (counting.fail_sync_at && counting.syncs >= counting.fail_sync_at)
		return counting.with;
	PASS(xSync, flags);
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
	real_of(f)->pMethods->xShmBarrier(real_of(f));
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
	struct file *own = (struct file *)f;
	int rc;

	(void)vfs;
	memset(own, 0, sizeof(*own));
	own->real = (sqlite3_file *)(own + 1);
	rc = real_vfs()->xOpen(real_vfs(), name, own->real, flags, out);
	if (own->real->pMethods)
		own->base.pMethods = &methods;
	return rc;
}

void counting_register(void)
{
	static sqlite3_vfs vfs;

	vfs = *real_vfs();
	vfs.szOsFile += (int)sizeof(struct file);
	vfs.zName = COUNTING_VFS;
	vfs.xOpen = x_open;
	vfs.pNext = NULL;
	sqlite3_vfs_register(&vfs, 0);
}

void counting_reset(void)
{
	memset(&counting, 0, sizeof(counting));
}
