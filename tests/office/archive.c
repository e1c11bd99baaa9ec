/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "archive.h"

#include <string.h>
#include <zip.h>

const char archive_workbook[] =
	"<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>"
	"<sheet name=\"a\" sheetId=\"1\" state=\"hidden\" r:id=\"rId9\"/><sheet name=\"b\" sheetId=\"2\" "
	"r:id=\"rId1\"/>"
	"</sheets></workbook>";
const char archive_relations[] =
	"<Relationships><Relationship Id=\"rId9\" Target=\"worksheets/none.xml\"/>"
	"<Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>";

static bool add(zip_t *zip, const struct archive_part *part)
{
	size_t n = part->n ? part->n : strlen(part->text);
	zip_source_t *source = zip_source_buffer(zip, part->text, n, 0);
	zip_int64_t at = source ? zip_file_add(zip, part->name, source, ZIP_FL_ENC_UTF_8) : -1;

	return at >= 0 && !zip_set_file_compression(zip, (zip_uint64_t)at,
						    part->packed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
}

bool archive_make(const struct archive_part *parts, size_t n, struct buf *out)
{
	zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_t *zip = whole ? zip_open_from_source(whole, ZIP_TRUNCATE, NULL) : NULL;
	char block[65536];
	zip_int64_t got;
	bool good = zip != NULL;

	buf_reset(out);
	if (!zip) {
		zip_source_free(whole);
		return false;
	}
	for (size_t i = 0; i < n && good; i++)
		good = add(zip, &parts[i]);
	zip_source_keep(whole);
	good = !zip_close(zip) && good && !zip_source_open(whole);
	while (good && (got = zip_source_read(whole, block, sizeof(block))) > 0)
		good = !buf_add(out, block, (size_t)got);
	zip_source_close(whole);
	zip_source_free(whole);
	return good;
}
