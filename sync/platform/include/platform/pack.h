/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gzip (RFC 1952), as requests and answers of the native dialect travel. */
#ifndef PLATFORM_PACK_H
#define PLATFORM_PACK_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* ERR_TOO_LARGE as soon as more than `most` bytes come out, however small the packed text is; ERR_JSON: damaged or cut. What came out so far
 * stays in *out in either case. */
int pack_open(const struct buf *in, size_t most, struct buf *out, struct err *e);
/* In place; false: *b is as it was. */
bool pack(struct buf *b);

#endif
