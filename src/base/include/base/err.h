/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Errors: a code and a short detail on the caller's stack.
 *
 * The lower layer says what happened (detail: English, technical, never personal data); the table in err_table.h says what it
 * means to a clerk and what to do about it, in Chinese (the msgid) with the English in the catalogue. Foreign codes (SQLite,
 * curl, PC/SC, errno) become ours once, at their edge. A failure is logged once, by whoever decides what to do about it.
 *
 * Convention for everything that can fail: returns 0, or a negative number after err_set(); outputs are untouched on failure.
 * A struct err * may be NULL where the caller does not want to know.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

enum err_class {
	ERR_CLASS_NONE,
	ERR_CLASS_FIELD,      /* shown beside a field */
	ERR_CLASS_ACTION,     /* shown in the status line */
	ERR_CLASS_BACKGROUND, /* shown in the header badge and on its own screen */
	ERR_CLASS_FATAL,      /* terminal restored, stderr, exit code */
};

/* One row per code: ERR(code, class, exit status of DESIGN 12, Chinese sentence, Chinese advice). */
enum err_code {
#define ERR(code, class, exit, sentence, advice) code,
#include "base/err_table.h"
#undef ERR
	ERR_CODE_COUNT
};

struct err {
	enum err_code code; /* ERR_NONE is 0: "struct err e = {0};" is no error */
	char detail[200];   /* UTF-8, never cut inside a character */
};

/* Sets code and detail, returns -1, so that "return err_set(e, ERR_X, ...)" is one expression. fmt may be NULL for no detail. */
int err_set(struct err *e, enum err_code code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* errno as an error: ERR_DISK_FULL, ERR_READ_ONLY, ERR_NO_PERMISSION, ERR_NOT_FOUND, ERR_MEMORY or ERR_SYSTEM, detail "what: strerror". */
int err_errno(struct err *e, const char *what);

void err_clear(struct err *e);

enum err_class err_class_of(enum err_code code);
int err_exit_status(enum err_code code);      /* DESIGN 12: 1, 2, 3 or 4 */
const char *err_name(enum err_code code);     /* "ERR_DISK_FULL": for --json and logs */
bool err_parse(const char *name, enum err_code *out); /* the way back; "done" is no name */
const char *err_sentence(enum err_code code); /* translated; what it means */
const char *err_advice(enum err_code code);   /* translated; what to do; "" where there is nothing to do */

#endif
