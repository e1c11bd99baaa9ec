/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UUID version 7 (RFC 9562): the name of everything that leaves the box. Time-ordered within one process; never used for order
 * between boxes (DESIGN 9). */
#ifndef BASE_UID_H
#define BASE_UID_H

#include <stdbool.h>
#include <stddef.h>

#define UID_TEXT 37 /* 36 characters and NUL, lower case */

void uid_new(char out[UID_TEXT]);
bool uid_valid(const char *s); /* any UUID in its 36-character lower-case form */
void random_bytes(void *out, size_t n); /* from the kernel; never fails (aborts if the kernel cannot) */

#endif
