/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The company library page by page (the rows themselves: site.h). */
#ifndef STORE_COMPANY_H
#define STORE_COMPANY_H

#include "store/site.h"

/* By credit code, those after `after` ("": from the first); at most cap. */
int db_company_list(struct store *s, const char *after, struct db_company *rows, size_t cap, size_t *n, struct err *e);

#endif
