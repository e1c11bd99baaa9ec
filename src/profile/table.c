/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "profile_data.h"

#define SOURCE_MARK "# source:"

struct reading {
	struct table *t;
	struct table_fault *fault;
	size_t line, room;
	bool sourced, headed;
};

static bool wrong(struct reading *r, const char *reason)
{
	r->fault->line = r->line;
	text_copy(r->fault->reason, sizeof(r->fault->reason), reason);
	return false;
}

static bool take_column(char **rest, char *out, size_t size)
{
	char *column = strsep(rest, "\t");

	if (!column) {
		*out = '\0';
		return true;
	}
	return text_copy(out, size, column);
}

static bool grow(struct reading *r)
{
	struct code *more;

	if (r->t->n < r->room)
		return true;
	if (r->t->n == CODES_MAX)
		return wrong(r, _("代码表行数太多"));
	r->room = r->room ? r->room * 2 : 32;
	more = realloc(r->t->code, r->room * sizeof(*more));
	if (!more)
		return wrong(r, err_sentence(ERR_MEMORY));
	r->t->code = more;
	return true;
}

static bool take_row(struct reading *r, char *line)
{
	struct code c = {0};

	if (!grow(r))
		return false;
	if (!take_column(&line, c.code, sizeof(c.code)) || !take_column(&line, c.name, sizeof(c.name)) ||
	    !take_column(&line, c.short_name, sizeof(c.short_name)) || !take_column(&line, c.group, sizeof(c.group)))
		return wrong(r, _("这一列太长"));
	if (line)
		return wrong(r, _("列太多，至多四列"));
	if (!*c.code || !*c.name)
		return wrong(r, _("缺少代码或名称"));
	if (!*c.short_name)
		text_copy(c.short_name, sizeof(c.short_name), c.name);
	if (table_code(r->t, c.code))
		return wrong(r, _("代码重复"));
	r->t->code[r->t->n++] = c;
	return true;
}

static bool take_line(struct reading *r, char *line)
{
	size_t n = strlen(line);

	if (n && line[n - 1] == '\r')
		line[n - 1] = '\0';
	if (strncmp(line, SOURCE_MARK, strlen(SOURCE_MARK)) == 0)
		r->sourced = true;
	if (*line == '#' || !*line)
		return true;
	if (!r->headed) {
		r->headed = true;
		return strncmp(line, "code\tname", strlen("code\tname")) == 0 || wrong(r, _("缺少表头 code、name"));
	}
	return take_row(r, line);
}

static bool take_lines(struct reading *r, char *text)
{
	char *line;

	while ((line = strsep(&text, "\n"))) {
		r->line++;
		if (!take_line(r, line))
			return false;
	}
	r->line = 0;
	if (!r->sourced)
		return wrong(r, _("没有注明来源（# source: …）"));
	return r->t->n > 0 || wrong(r, _("代码表是空的"));
}

int table_read(struct table *t, const char *path, struct table_fault *fault)
{
	struct reading r = {.t = t, .fault = fault};
	struct buf text;
	struct err e = {0};
	int ret = -1;

	buf_init(&text, FILE_MAX);
	if (io_read_file(path, FILE_MAX, &text, &e))
		wrong(&r, err_sentence(e.code));
	else if (!text.data || !text_valid(text.data, text.len))
		wrong(&r, _("不是 UTF-8 文本"));
	else if (take_lines(&r, text.data))
		ret = 0;
	if (ret == 0 && !table_map(t, ""))
		ret = wrong(&r, err_sentence(ERR_MEMORY)) ? 0 : -1;
	buf_release(&text);
	return ret;
}

void table_release(struct table *t)
{
	for (size_t m = 0; m < t->maps; m++) {
		for (size_t i = 0; i < t->n; i++)
			free(t->map[m].text[i]);
		free(t->map[m].text);
	}
	free(t->code);
	*t = (struct table){0};
}

const struct code *table_code(const struct table *t, const char *code)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->code[i].code, code) == 0)
			return &t->code[i];
	return NULL;
}

struct wire_map *table_map(struct table *t, const char *dialect)
{
	struct wire_map *m = &t->map[t->maps];

	if (t->maps == ARRAY_LEN(t->map))
		return NULL;
	m->text = calloc(t->n, sizeof(*m->text));
	if (!m->text || !text_copy(m->dialect, sizeof(m->dialect), dialect)) {
		free(m->text);
		return NULL;
	}
	t->maps++;
	return m;
}

const char *table_wire(const struct table *t, const char *dialect, const char *code)
{
	const struct code *c = table_code(t, code);
	const char *text = NULL;

	for (size_t m = t->maps; c && !text && m-- > 0;)
		if (m == 0 || strcmp(t->map[m].dialect, dialect) == 0)
			text = t->map[m].text[c - t->code];
	return text ? text : code;
}
