/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looking up in a gettext catalogue held in memory. Layout: GNU gettext manual, "The Format of GNU MO Files":
 * a header of 32-bit words (magic 0x950412de in the byte order of the whole file, revision, count, offset of
 * the table of originals, offset of the table of translations); each table has (length, offset) pairs,
 * originals sorted by strcmp; a context stands before its message, with U+0004 between. Every offset is
 * checked: a cut or foreign file finds nothing.
 */
#ifndef BASE_MO_H
#define BASE_MO_H

#include <stddef.h>

/* context may be NULL. The result lies inside mo; NULL when there is none or it is empty. */
const char *mo_find(const unsigned char *mo, size_t size, const char *context, const char *msgid);

#endif
