/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An xlsx made of parts written down in a test. */
#ifndef TESTS_OFFICE_ARCHIVE_H
#define TESTS_OFFICE_ARCHIVE_H

#include "base/buf.h"

struct archive_part {
	const char *name, *text;
	size_t n; /* 0: strlen(text) */
	bool packed;
};
/* out: reset first. false: it could not be made. */
bool archive_make(const struct archive_part *parts, size_t n, struct buf *out);
/* workbook and relations that lead to xl/worksheets/sheet1.xml */
extern const char archive_workbook[], archive_relations[];

#endif
