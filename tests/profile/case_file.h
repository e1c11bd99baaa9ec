/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cases: what the documents say, each a few lines that a program can judge, beside its place in the document.
 *
 *   # a remark
 *   [SH-QA 32-34; SH-QA 154-156 | the rule in words of ours]
 *   required register bank bank_number wage_kind
 *
 * A file is named after the region whose profile it judges (REGION.cases). A case begins with its places, documents and line
 * numbers; the first place names it ("SH-QA:32") and no two have the same. Each line after it says one thing: a verb, then words
 * separated by blanks; test_cases.c has the table of verbs.
 */
#ifndef TESTS_PROFILE_CASE_FILE_H
#define TESTS_PROFILE_CASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#define CASE_PLACES 6
#define CASE_WORDS 24

struct case_place { char document[8]; int from, to; };
struct case_head {
	char id[24]; /* "SH-QA:32" */
	struct case_place place[CASE_PLACES];
	size_t places;
	char words[160];
};
struct case_line {
	const char *file; /* "shanghai.cases" */
	int number;
	bool head;        /* a new case begins: *case */
	struct case_head at;
	char text[512];   /* cut into words */
	char *word[CASE_WORDS]; /* the last one is all that is left where there are more */
	size_t words;
	const char *rest[CASE_WORDS]; /* the line from word i on, as written */
};
/* Calls take for every line that says something, heads too. Faults of form end the test. */
void case_file_read(const char *path, void (*take)(struct case_line *line, void *arg), void *arg);
/* The files of a folder that end in .cases, sorted: how many of `cap`. */
size_t case_files(const char *folder, char names[][64], size_t cap);

#endif
