/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite's own file system with a counter before it, and with failures on order: "shiming-test". */
#ifndef TESTS_STORE_COUNTING_VFS_H
#define TESTS_STORE_COUNTING_VFS_H

#define COUNTING_VFS "shiming-test"

struct counting {
	long syncs, writes, reads;
	long fail_write_at; /* the n-th write from the last reset fails; 0: none */
	long fail_sync_at, fail_read_at;
	int with; /* SQLite's code: SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC … */
};
extern struct counting counting;

void counting_register(void); /* once */
void counting_reset(void);

#endif
