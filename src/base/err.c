/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

struct row {
	const char *name, *sentence, *advice;
	enum err_class class;
	int exit;
};

static const struct row rows[] = {
#define ERR(code, cls, status, what, todo)                                                                   \
	[code] = {.name = #code, .sentence = what, .advice = todo, .class = cls, .exit = status},
#include "base/err_table.h"
#undef ERR
};

static const struct {
	int number;
	enum err_code code;
} from_errno[] = {
	{ENOSPC, ERR_DISK_FULL},     {EDQUOT, ERR_DISK_FULL},	 {EROFS, ERR_READ_ONLY},
	{EACCES, ERR_NO_PERMISSION}, {EPERM, ERR_NO_PERMISSION}, {ENOENT, ERR_NOT_FOUND},
	{ENOTDIR, ERR_NOT_FOUND},    {ENOMEM, ERR_MEMORY},	 {EFBIG, ERR_TOO_LARGE},
	{EEXIST, ERR_FILE_EXISTS},
};

static const struct row *row_of(enum err_code code)
{
	return (unsigned)code < ARRAY_LEN(rows) ? &rows[code] : &rows[ERR_INTERNAL];
}

/* A detail goes to one line of a log or a screen: foreign bytes that are no text, and line ends, must not get
 * there. */
static void make_one_line(char *s)
{
	uint32_t cp;

	for (size_t len; *s; s += len) {
		len = text_decode(s, strlen(s), &cp);
		if (!len) {
			*s = '?';
			len = 1;
		} else if (cp < 0x20 || cp == 0x7F) {
			*s = ' ';
		}
	}
}

int err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	struct err made = {.code = code};
	va_list ap;

	if (!e)
		return -1;
	if (fmt) {
		va_start(ap, fmt);
		text_vformat(made.detail, sizeof(made.detail), fmt, ap);
		va_end(ap);
		make_one_line(made.detail);
	}
	*e = made; /* only now: the arguments may point into *e */
	return -1;
}

int err_errno(struct err *e, const char *what)
{
	int number = errno;
	char why[100];

	for (size_t i = 0; i < ARRAY_LEN(from_errno); i++) {
		if (from_errno[i].number == number)
			return err_set(e, from_errno[i].code, "%s: %s", what,
				       strerror_r(number, why, sizeof(why)));
	}
	return err_set(e, ERR_SYSTEM, "%s: %s", what, strerror_r(number, why, sizeof(why)));
}

void err_clear(struct err *e)
{
	if (e)
		*e = (struct err){.code = ERR_NONE};
}

enum err_class err_class_of(enum err_code code)
{
	return row_of(code)->class;
}

int err_exit_status(enum err_code code)
{
	return row_of(code)->exit;
}

const char *err_name(enum err_code code)
{
	return row_of(code)->name;
}

bool err_parse(const char *name, enum err_code *out)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].name, name) == 0) {
			*out = (enum err_code)i;
			return true;
		}
	return false;
}

const char *err_sentence(enum err_code code)
{
	return _(row_of(code)->sentence);
}

const char *err_advice(enum err_code code)
{
	return _(row_of(code)->advice);
}
