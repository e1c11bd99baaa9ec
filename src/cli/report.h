/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The support report (S9): a text that a clerk can hand to anybody. It holds verdicts, versions, readers, module numbers and the last
 * exchanges with the module (command, status, length, time). No names, numbers, addresses, accounts, directories or host names: what
 * goes in is chosen here and in doctor's table, nothing is filtered out afterwards.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "base/buf.h"
#include "base/err.h"

struct report {
	const char *path; /* NULL: none was asked for, and nothing below does anything */
	struct buf text;
};

void report_begin(struct report *r, const char *path);
void report_add(struct report *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Adds what the reader's helper and the packages say, and writes the file with the clerk's own rights. */
int report_end(struct report *r, struct err *e);
void report_drop(struct report *r);

#endif
