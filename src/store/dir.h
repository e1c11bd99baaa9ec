/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the store: is this a directory in which a database may live? (DESIGN 5) */
#ifndef STORE_DIR_H
#define STORE_DIR_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

int dir_make(const char *dir, struct err *e);  /* with its parents; existing ones are left as they are */
/* There, ours, closed to others, local, writable. shared: store_options. */
int dir_check(const char *dir, bool shared, struct err *e);
int dir_check_file(const char *path, bool shared, struct err *e); /* the same of the file */
mode_t dir_file_mode(void);			     /* 0600, or 0660 when setgid */
/* Is a file system of this statfs type a network one? fuse_name: its type in mountinfo when it is FUSE
 * ("fuse.sshfs", "fuseblk"). */
bool dir_is_network(unsigned long type, const char *fuse_name);

#endif
