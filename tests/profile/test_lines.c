/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * No line of the five documents is unaccounted for (lines.tsv): each belongs to cases, or says why it states
 * no rule. The documents are not in the repository: lines.tsv gives how many lines each has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "case_file.h"

#define CASES_MAX 400
#define LINES_MAX 4096
#define DOCUMENTS 5

static struct case_head cases[CASES_MAX];
static size_t n_cases;
static struct {
	char key[8];
	int lines, seen;
} documents[DOCUMENTS];
static size_t n_documents;
/* Which row of lines.tsv a document's line lies in, 0: none; a row's cases. */
static int row_of[DOCUMENTS][LINES_MAX];
static char row_cases[LINES_MAX][256];

static void keep_head(struct case_line *line, void *arg)
{
	(void)arg;
	if (!line->head)
		return;
	for (size_t i = 0; i < n_cases; i++)
		if (strcmp(cases[i].id, line->at.id) == 0)
			fail_msg("%s:%d: another case is named %s", line->file, line->number, line->at.id);
	assert_true(n_cases < CASES_MAX);
	cases[n_cases++] = line->at;
}

static void read_cases(void)
{
	char names[16][64], path[512];
	size_t n = case_files(CASES_DIR, names, ARRAY_LEN(names));

	for (size_t i = 0; i < n; i++) {
		text_format(path, sizeof(path), CASES_DIR "/%s", names[i]);
		case_file_read(path, keep_head, NULL);
	}
	assert_true(n_cases > 50);
}

static size_t document_of(const char *key, int line)
{
	for (size_t i = 0; i < n_documents; i++)
		if (strcmp(documents[i].key, key) == 0)
			return i;
	fail_msg("lines.tsv:%d: no document %s before", line, key);
	return 0;
}

static const struct case_head *case_of(const char *id, int line)
{
	for (size_t i = 0; i < n_cases; i++)
		if (strcmp(cases[i].id, id) == 0)
			return &cases[i];
	fail_msg("lines.tsv:%d: there is no case %s", line, id);
	return NULL;
}

static bool touches(const struct case_head *c, const char *key, int from, int to)
{
	for (size_t i = 0; i < c->places; i++)
		if (strcmp(c->place[i].document, key) == 0 && c->place[i].from <= to &&
		    c->place[i].to >= from)
			return true;
	return false;
}

static void check_cases(const char *key, int from, int to, const char *list, int line)
{
	char copy[256], *rest = copy, *id;

	text_copy(copy, sizeof(copy), list);
	while ((id = strsep(&rest, " ")))
		if (!touches(case_of(id, line), key, from, to))
			fail_msg("lines.tsv:%d: %s says nothing of these lines", line, id);
}

static void take_document(char *column[5], int line)
{
	assert_true(n_documents < DOCUMENTS);
	text_copy(documents[n_documents].key, sizeof(documents[0].key), column[1]);
	documents[n_documents].lines = atoi(column[2]);
	if (documents[n_documents].lines < 1 || documents[n_documents].lines >= LINES_MAX || !*column[3])
		fail_msg("lines.tsv:%d: how many lines, and a title", line);
	n_documents++;
}

/* Ranges follow one another without gap or overlap. */
static void take_range(char *column[5], int line)
{
	size_t d = document_of(column[0], line);
	int from = atoi(column[1]), to = atoi(column[2]);

	if (from != documents[d].seen + 1 || to < from || to > documents[d].lines)
		fail_msg("lines.tsv:%d: after line %d of %s comes line %d", line, documents[d].seen,
			 column[0], from);
	documents[d].seen = to;
	for (int i = from; i <= to; i++)
		row_of[d][i] = line;
	if (strcmp(column[3], "case") == 0) {
		check_cases(column[0], from, to, column[4], line);
		text_copy(row_cases[line], sizeof(row_cases[0]), column[4]);
	} else if (strcmp(column[3], "none") || text_chars(column[4]) < 2) {
		fail_msg("lines.tsv:%d: case or none, and why", line);
	}
}

static void take_row(char *text, int line)
{
	char *column[5] = {NULL};
	size_t n = 0;

	while (n < 5 && (column[n] = strsep(&text, "\t")))
		n++;
	if (text || n < 4 || (n < 5 && strcmp(column[0], "document")))
		fail_msg("lines.tsv:%d: columns", line);
	if (strcmp(column[0], "document") == 0)
		take_document(column, line);
	else
		take_range(column, line);
}

static void read_lines(void)
{
	FILE *f = fopen(CASES_DIR "/lines.tsv", "r");
	char text[1024];
	int line = 0;

	assert_non_null(f);
	while (fgets(text, sizeof(text), f)) {
		assert_true(++line < LINES_MAX);
		text[strcspn(text, "\n")] = '\0';
		if (*text && *text != '#')
			take_row(text, line);
	}
	fclose(f);
}

static void test_every_line_is_accounted_for(void **state)
{
	(void)state;
	read_cases();
	read_lines();
	assert_int_equal(n_documents, DOCUMENTS);
	for (size_t i = 0; i < n_documents; i++)
		if (documents[i].seen != documents[i].lines)
			fail_msg("%s: nothing is said of the lines after %d", documents[i].key,
				 documents[i].seen);
}

/* And back: what a case claims to hold, lines.tsv says of each of those lines. */
static void test_every_case_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_cases; i++)
		for (size_t p = 0; p < cases[i].places; p++) {
			const struct case_place *at = &cases[i].place[p];
			size_t d = document_of(at->document, 0);

			if (at->to > documents[d].lines)
				fail_msg("%s: %s has %d lines", cases[i].id, at->document,
					 documents[d].lines);
			for (int l = at->from; l <= at->to; l++)
				if (!strstr(row_cases[row_of[d][l]], cases[i].id))
					fail_msg("%s: lines.tsv does not name it for %s %d", cases[i].id,
						 at->document, l);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_line_is_accounted_for),
		cmocka_unit_test(test_every_case_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
