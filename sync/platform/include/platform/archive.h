/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Contents of attachments by their SHA-256 (QUALITY R12): announced, then taken piece by piece at offsets. What has arrived
 * stays, also of a request that was cut; complete is only what hashes to its name. The same content from two boxes is kept
 * once; each box's announcement is kept beside it.
 */
#ifndef PLATFORM_ARCHIVE_H
#define PLATFORM_ARCHIVE_H

#include <cjson/cJSON.h>

#include "platform/pstore.h"

#define ARCHIVE_AT_ONCE 200
#define ARCHIVE_MOST (16 << 20) /* bytes of one content */

/* As the functions of office.h: an HTTP status, *out a JSON text. */
int archive_announce(struct pstore *s, const struct pbox *box, const cJSON *request, struct buf *out);
/* 200 or 404; *offset: so much is there. */
int archive_offset(struct pstore *s, const char *sha256, int64_t *offset, struct buf *out);
/* 200, 404, 409 (belongs elsewhere: *offset says where), 422 (it was not this content: thrown away). */
int archive_piece(struct pstore *s, const char *sha256, int64_t at, const void *data, size_t n, int64_t *offset,
		  struct buf *out);

#endif
