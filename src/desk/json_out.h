/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A JSON object, flat but for lists, written straight into a buffer that its owner wipes: personal data leaves no copies in a
 * tree's nodes. Empty text is left out. A failed add shows in the buffer.
 */
#ifndef DESK_JSON_OUT_H
#define DESK_JSON_OUT_H

#include <stdint.h>

#include "base/buf.h"

void json_out_open(struct buf *b);
void json_out_text(struct buf *b, const char *key, const char *value);
void json_out_number(struct buf *b, const char *key, int64_t value);
void json_out_close(struct buf *b);
/* "key":[ … ]: texts, or objects between json_out_open() and json_out_close(); "key":{ … } likewise. */
void json_out_list(struct buf *b, const char *key);
void json_out_item(struct buf *b, const char *value);
void json_out_list_end(struct buf *b);
void json_out_object(struct buf *b, const char *key);

#endif
