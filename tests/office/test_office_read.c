/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables that others made: every form of cell, every encoding, every bound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "archive.h"
#include "base/text.h"
#include "office/client.h"
#include "office/table.h"

/* Rows as one text: "1:a|b|#12(2026-03-08)\n". */
static int note_row(void *arg, unsigned long row, const struct table_cell *cells, size_t n, struct err *e)
{
	struct buf *out = arg;

	(void)e;
	buf_addf(out, "%lu:", row);
	for (size_t i = 0; i < n; i++) {
		buf_addf(out, "%s%s%s", i ? "|" : "", cells[i].number ? "#" : "", cells[i].text);
		if (cells[i].date[0])
			buf_addf(out, "(%s)", cells[i].date);
	}
	buf_adds(out, "\n");
	return 0;
}

static enum err_code read_all(const void *data, size_t n, struct buf *out)
{
	struct err e = {0};

	buf_reset(out);
	buf_adds(out, "");
	return table_read(data, n, &(struct table_sink){note_row, out}, &e) ? e.code : ERR_NONE;
}

static void reads_as(const void *data, size_t n, const char *rows)
{
	struct buf out;
	enum err_code code;

	buf_init(&out, 1 << 20);
	code = read_all(data, n, &out);
	if (code != ERR_NONE)
		fail_msg("%s", err_name(code));
	assert_string_equal(out.data, rows);
	buf_release(&out);
}

static void refuses(const void *data, size_t n, enum err_code expected)
{
	struct buf out;
	enum err_code code;

	buf_init(&out, 64u << 20);
	code = read_all(data, n, &out);
	buf_release(&out);
	if (code != expected)
		fail_msg("%s instead of %s", err_name(code), err_name(expected));
}

#define CSV(text, rows) reads_as(text, sizeof(text) - 1, rows)

static void csv__any_separator_any_line_end(void **state)
{
	(void)state;
	CSV("a,b\r\n1,2\r\n", "1:a|b\n2:1|2\n");
	CSV("a;b\n1,5;2\n", "1:a|b\n2:1,5|2\n");
	CSV("a\tb\r1\t2\r", "1:a|b\n2:1|2\n");
	CSV("\"a,\"\"b\"\"\",c\n\n\nx\n", "1:a,\"b\"|c\n4:x\n"); /* rows as a spreadsheet counts them */
	CSV("\"a\nb\",c", "1:a\nb|c\n");
}

static void csv__any_encoding(void **state)
{
	(void)state;
	CSV("\xEF\xBB\xBF姓名,工种\n", "1:姓名|工种\n");
	CSV("姓名,𠮷\n", "1:姓名|𠮷\n");
	CSV("\xD0\xD5\xC3\xFB,\x95\x32\x82\x36\n", "1:姓名|𠀀\n"); /* GB18030, four bytes beyond GBK */
	reads_as("\xFF\xFE\xD3\x59,\0\x0D\x54\n\0", 10, "1:姓|名\n");
	reads_as("\xFE\xFF\x59\xD3\0,\x54\x0D\0\n", 10, "1:姓|名\n");
	refuses("\xD0\xD5\xFF\xFF,1\n", 7, ERR_OFFICE_ENCODING);
	refuses("a\0b,c\n", 6, ERR_OFFICE_FORMAT);
}

/* What programs put around numbers so that they stay text. */
static void csv__wraps_come_off(void **state)
{
	(void)state;
	CSV("=\"440499199001010011\",\"\t0012\",'-3\n", "1:440499199001010011|0012|-3\n");
}

static void make(struct buf *out, const char *sheet, const char *texts, const char *styles,
		 const char *workbook)
{
	const struct archive_part part[] = {
		{"xl/workbook.xml", workbook ? workbook : archive_workbook, 0, true},
		{"xl/_rels/workbook.xml.rels", archive_relations, 0, true},
		{"xl/worksheets/sheet1.xml", sheet, 0, true},
		{"xl/sharedStrings.xml", texts ? texts : "<sst/>", 0, true},
		{"xl/styles.xml", styles ? styles : "<styleSheet/>", 0, true}};

	buf_init(out, 64u << 20);
	assert_true(archive_make(part, 5, out));
}

static void sheet_reads_as(const char *sheet, const char *texts, const char *styles, const char *workbook,
			   const char *rows)
{
	struct buf file;

	make(&file, sheet, texts, styles, workbook);
	reads_as(file.data, file.len, rows);
	buf_release(&file);
}

static void sheet_refused(const char *sheet, enum err_code code)
{
	struct buf file;

	make(&file, sheet, NULL, NULL, NULL);
	refuses(file.data, file.len, code);
	buf_release(&file);
}

#define STYLES                                                                                               \
	"<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/>" \
	"<numFmt numFmtId=\"165\" formatCode=\"[Red]0.00&quot;day&quot;\"/></numFmts><cellXfs><xf "          \
	"numFmtId=\"0\"/><xf numFmtId=\"14\"/>"                                                              \
	"<xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"57\"/></cellXfs></styleSheet>"

static void xlsx__every_form_of_cell(void **state)
{
	(void)state;
	sheet_reads_as(
		"<worksheet><sheetData><row r=\"2\"><c r=\"B2\" t=\"s\"><v>1</v></c><c "
		"t=\"inlineStr\"><is><r><t>甲</t></r><r><t>乙"
		"</t></r></is></c><c r=\"E2\" t=\"b\"><v>1</v></c><c r=\"F2\" t=\"e\"><v>#N/A</v></c><c "
		"r=\"G2\" t=\"str\"><f>A1</f>"
		"<v>x</v></c></row><row><c><v>1.1010119900101E+17</v></c></row></sheetData></worksheet>",
		"<sst><si><t>a</t></si><si><r><t>欧阳</t></r><r><t>明月</t></r><rPh><t>oy</t></rPh></si></"
		"sst>",
		NULL, NULL, "2:|欧阳明月|甲乙||1||x\n3:#1.1010119900101E+17\n");
	sheet_reads_as("<x:worksheet xmlns:x=\"u\"><x:sheetData><x:row r=\"7\"><x:c "
		       "r=\"A7\"><x:v>5</x:v></x:c></x:row></x:sheetData>"
		       "</x:worksheet>",
		       NULL, NULL, NULL, "7:#5\n");
}

static void xlsx__days(void **state)
{
	static const char sheet[] =
		"<worksheet><sheetData><row r=\"1\"><c s=\"1\"><v>46089</v></c><c "
		"s=\"2\"><v>46089.75</v></c><c s=\"3\">"
		"<v>46089</v></c><c s=\"4\"><v>61</v></c><c><v>380</v></c></row></sheetData></worksheet>";

	(void)state;
	sheet_reads_as(sheet, NULL, STYLES, NULL,
		       "1:2026-03-08|2026-03-08|#46089(2026-03-08)|1900-03-01|#380\n");
	sheet_reads_as("<worksheet><sheetData><row r=\"1\"><c "
		       "s=\"1\"><v>44627</v></c></row></sheetData></worksheet>",
		       NULL, STYLES,
		       "<workbook xmlns:r=\"u\"><workbookPr date1904=\"1\"/><sheets><sheet name=\"b\" "
		       "sheetId=\"2\" r:id=\"rId1\"/></sheets>"
		       "</workbook>",
		       "1:2026-03-08\n");
}

#define SHEET(inside) "<worksheet><sheetData>" inside "</sheetData></worksheet>"

static void xlsx__bounds(void **state)
{
	struct buf deep;

	(void)state;
	sheet_refused("<!DOCTYPE a [<!ENTITY b \"c\">]><worksheet/>", ERR_OFFICE_DAMAGED);
	sheet_refused(SHEET("<row r=\"1\"><c r=\"ZZ1\"><v>1</v></c></row>"), ERR_OFFICE_TOO_LARGE);
	sheet_refused(SHEET("<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>"),
		      ERR_OFFICE_DAMAGED);
	sheet_refused(SHEET("<row r=\"1\"><c t=\"s\"><v>7</v></c></row>"), ERR_OFFICE_DAMAGED);
	sheet_refused(SHEET(""), ERR_OFFICE_EMPTY);
	sheet_refused("<worksheet>", ERR_OFFICE_DAMAGED);
	buf_init(&deep, 4096);
	for (int i = 0; i < 40; i++)
		buf_adds(&deep, "<a>");
	for (int i = 0; i < 40; i++)
		buf_adds(&deep, "</a>");
	sheet_refused(deep.data, ERR_OFFICE_DAMAGED);
	buf_release(&deep);
}

/* Sixteen million blanks in sixteen thousand bytes. */
static void xlsx__bombs_are_not_unpacked(void **state)
{
	static const size_t n = 16u << 20;
	char *sheet = malloc(n + 1);

	(void)state;
	assert_non_null(sheet);
	memset(sheet, ' ', n);
	memcpy(sheet, "<worksheet>", 11);
	memcpy(sheet + n - 12, "</worksheet>", 12);
	sheet[n] = '\0';
	sheet_refused(sheet, ERR_OFFICE_TOO_LARGE);
	free(sheet);
}

static void others__are_named(void **state)
{
	(void)state;
	refuses("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more", 17, ERR_OFFICE_OLD);
	refuses("%PDF-1.7\n", 9, ERR_OFFICE_FORMAT);
	refuses("PK\3\4 and nothing", 16, ERR_OFFICE_DAMAGED);
	refuses("", 0, ERR_OFFICE_EMPTY);
	refuses("\n\n,,\n", 5, ERR_OFFICE_EMPTY);
}

/* The offered "~/" may be typed behind: a whole path stays one. */
static void paths_as_people_type_them(void **state)
{
	char out[OFFICE_PATH], expected[OFFICE_PATH];
	struct err e = {0};

	(void)state;
	assert_int_equal(office_path("~//tmp/roster.xlsx", out, &e), 0);
	assert_string_equal(out, "/tmp/roster.xlsx");
	assert_int_equal(office_path("~/roster.xlsx", out, &e), 0);
	snprintf(expected, sizeof(expected), "%s/roster.xlsx", getenv("HOME"));
	assert_string_equal(out, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_as_people_type_them),
		cmocka_unit_test(csv__any_separator_any_line_end),
		cmocka_unit_test(csv__any_encoding),
		cmocka_unit_test(csv__wraps_come_off),
		cmocka_unit_test(xlsx__every_form_of_cell),
		cmocka_unit_test(xlsx__days),
		cmocka_unit_test(xlsx__bounds),
		cmocka_unit_test(xlsx__bombs_are_not_unpacked),
		cmocka_unit_test(others__are_named),
	};

	table_before_confinement();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
