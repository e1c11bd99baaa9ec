/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "case_file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

#define LINE_MAX_BYTES 512

static void take_place(struct case_line *line, char *text)
{
	struct case_head *head = &line->at;
	struct case_place *p = &head->place[head->places++];

	assert_true(head->places <= CASE_PLACES);
	text += strspn(text, " ");
	if (sscanf(text, "%7s %d-%d", p->document, &p->from, &p->to) == 2)
		p->to = p->from;
	if (p->from < 1 || p->to < p->from)
		fail_msg("%s:%d: no place of a document: %s", line->file, line->number, text);
}

/* [PLACE; PLACE | words] */
static void take_head(struct case_line *line)
{
	char *text = line->text + 1, *end = strrchr(text, ']'), *bar = strchr(text, '|'), *place;

	if (!end || !bar || bar > end)
		fail_msg("%s:%d: a case begins [DOCUMENT FROM-TO | words]", line->file, line->number);
	*end = *bar = '\0';
	line->head = true;
	text_copy(line->at.words, sizeof(line->at.words), bar + 1 + strspn(bar + 1, " "));
	while ((place = strsep(&text, ";")))
		take_place(line, place);
	text_format(line->at.id, sizeof(line->at.id), "%s:%d", line->at.place[0].document,
		    line->at.place[0].from);
}

static void cut(struct case_line *line, const char *whole)
{
	char *at = line->text;

	while (line->words < CASE_WORDS && *(at += strspn(at, " \t"))) {
		char *end = at + strcspn(at, " \t");

		line->rest[line->words] = whole + (at - line->text);
		line->word[line->words++] = at;
		if (*end)
			*end++ = '\0';
		at = end;
	}
}

void case_file_read(const char *path, void (*take)(struct case_line *line, void *arg), void *arg)
{
	const char *slash = strrchr(path, '/');
	char text[LINE_MAX_BYTES];
	FILE *f = fopen(path, "r");
	int number = 0;

	if (!f)
		fail_msg("%s cannot be read", path);
	while (fgets(text, sizeof(text), f)) {
		struct case_line line = {.file = slash ? slash + 1 : path, .number = ++number};

		if (!strchr(text, '\n'))
			fail_msg("%s:%d: too long", line.file, number);
		text[strcspn(text, "\n")] = '\0';
		if (!*text || *text == '#')
			continue;
		text_copy(line.text, sizeof(line.text), text);
		if (*text == '[')
			take_head(&line);
		else
			cut(&line, text);
		take(&line, arg);
	}
	fclose(f);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

size_t case_files(const char *folder, char names[][64], size_t cap)
{
	DIR *d = opendir(folder);
	struct dirent *entry;
	size_t n = 0;

	assert_non_null(d);
	while ((entry = readdir(d))) {
		const char *dot = strrchr(entry->d_name, '.');

		if (!dot || strcmp(dot, ".cases"))
			continue;
		assert_true(n < cap);
		text_copy(names[n++], 64, entry->d_name);
	}
	closedir(d);
	qsort(names, n, 64, by_name);
	return n;
}
