/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a passing file of personal data may lie: memory only, never a disk. */
#ifndef BASE_TMPFS_H
#define BASE_TMPFS_H

#include <stdbool.h>
#include <stddef.h>

/* The first tmpfs that we may write to of $XDG_RUNTIME_DIR, /run/user/UID, /dev/shm; false: there is none. */
bool tmpfs_find(char *out, size_t size);

#endif
