/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of an xlsx: an archive in memory, its parts unpacked within bounds and read as XML without
 * declarations of any kind. */
#ifndef OFFICE_XLSX_PART_H
#define OFFICE_XLSX_PART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct xlsx;

#define XML_DEPTH_MAX 32

/* Names come without their prefix. attr: name, value, …, NULL. Other than 0 ends the reading. */
struct xml_sink {
	int (*begin)(void *arg, const char *name, const char **attr, struct err *e);
	int (*end)(void *arg, const char *name, struct err *e);
	int (*text)(void *arg, const char *text, size_t n, struct err *e); /* may be NULL */
	void *arg;
};

int xlsx_open(struct xlsx **out, const void *data, size_t n, struct err *e);
void xlsx_close(struct xlsx *x); /* NULL is allowed */
/* found NULL: the part must be there. ERR_OFFICE_DAMAGED, _TOO_LARGE. */
int xlsx_part(struct xlsx *x, const char *name, const struct xml_sink *sink, bool *found, struct err *e);
const char *xml_attr(const char **attr, const char *name); /* by its name without prefix; NULL: absent */

#endif
