/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file system that a power cut can be made in: "shiming-tearing". Every write also goes to the real file, so that several connections of this process
 * work as always; what was not synced is remembered apart. At the cut, what lies on the disk is made of what was synced and of any part of the rest: each write
 * lost, whole, or torn at 512 bytes, in no order, with one sector of a torn one garbage at times; a file that was never synced may not exist at
 * all. What SQLite is promised (sqlite.org/psow.html) holds: bytes beside a write are not touched.
 */
#ifndef TESTS_STORE_TEARING_VFS_H
#define TESTS_STORE_TEARING_VFS_H

#define TEARING_VFS "shiming-tearing"

enum cut { CUT_NONE, CUT_KILL /* the process only: what was written stays */, CUT_POWER };
struct tearing {
	long calls;	     /* writes, syncs and truncations so far */
	long at;	     /* before this one the cut comes; 0: it does not */
	enum cut how;
	unsigned long seed;  /* of the dice */
	int status;	     /* the process ends with this */
};
extern struct tearing tearing;

void tearing_register(void); /* becomes the default; once */
void tearing_cut(void);	     /* now; does not return */

#endif
