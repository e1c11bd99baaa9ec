/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drafts: one sealed row per account and form, so that nothing typed is lost (U6). */
#ifndef STORE_DRAFT_H
#define STORE_DRAFT_H

#include "base/buf.h"
#include "store/store.h"

struct db_draft { int64_t id, account, project, person; char form[32]; int64_t at_ms; char account_name[64], display[256]; };
int db_draft_save(struct store *s, const struct db_draft *d, const char *body, struct err *e); /* by account and form; id and names are not read */
int db_draft_load(struct store *s, int64_t account, const char *form, struct db_draft *out, struct buf *body, bool *found, struct err *e);
int db_draft_drop(struct store *s, int64_t account, const char *form, struct err *e);
int db_draft_list(struct store *s, int64_t after, struct db_draft *rows, size_t cap, size_t *n, struct err *e); /* by id */

#endif
