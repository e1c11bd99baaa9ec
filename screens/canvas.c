/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void blank_cell(struct cell *c)
{
	memset(c, 0, sizeof(*c));
	c->text[0] = ' ';
	c->n = c->width = 1;
}

void canvas_clear(struct canvas *c)
{
	for (int i = 0; i < c->rows * c->cols; i++)
		blank_cell(&c->cell[i]);
	c->cursor_row = c->cursor_col = -1;
}

int canvas_resize(struct canvas *c, int rows, int cols)
{
	struct cell *cell = calloc((size_t)rows * (size_t)cols, sizeof(*cell));

	if (!cell)
		return -1;
	canvas_release(c);
	*c = (struct canvas){.rows = rows, .cols = cols, .cell = cell};
	canvas_clear(c);
	return 0;
}

void canvas_release(struct canvas *c)
{
	if (c->cell)
		wipe(c->cell, (size_t)c->rows * (size_t)c->cols * sizeof(*c->cell));
	free(c->cell);
	*c = (struct canvas){0};
}

struct cell *canvas_at(const struct canvas *c, int row, int col)
{
	return &c->cell[row * c->cols + col];
}

void canvas_cursor(struct canvas *c, int row, int col)
{
	c->cursor_row = row < 0 ? 0 : row >= c->rows ? c->rows - 1 : row;
	c->cursor_col = col < 0 ? 0 : col >= c->cols ? c->cols - 1 : col;
}

/* Before a cell is overwritten: what it was half of becomes a blank. */
static void unpair(struct canvas *c, int row, int col)
{
	struct cell *at = canvas_at(c, row, col);

	if (!at->width && col)
		blank_cell(at - 1);
	else if (at->width == 2 && col + 1 < c->cols)
		blank_cell(at + 1);
}

static void put(struct canvas *c, int row, int col, const char *s, size_t n, int width, unsigned attr)
{
	struct cell *at = canvas_at(c, row, col);

	unpair(c, row, col);
	if (width == 2)
		unpair(c, row, col + 1);
	memset(at, 0, sizeof(*at));
	memcpy(at->text, s, n);
	at->n = (uint8_t)n;
	at->width = (uint8_t)width;
	at->attr = (uint8_t)attr;
	if (width == 2) {
		memset(at + 1, 0, sizeof(*at));
		at[1].attr = (uint8_t)attr;
	}
}

static void join(struct canvas *c, int row, int col, const char *s, size_t n)
{
	struct cell *at = canvas_at(c, row, col);

	if (!at->width && col)
		at--;
	if (at->n + n <= CELL_BYTES) {
		memcpy(at->text + at->n, s, n);
		at->n = (uint8_t)(at->n + n);
	}
}

int canvas_text(struct canvas *c, int row, int col, int width, unsigned attr, const char *text)
{
	int x = col, end = col + width;
	bool drew = false;

	if (row < 0 || row >= c->rows || col < 0)
		return 0;
	if (end > c->cols)
		end = c->cols;
	while (*text) {
		uint32_t cp = 0xFFFD;
		size_t n = text_decode(text, strnlen(text, 4), &cp);
		const char *shown = n ? text : "?";
		size_t bytes = n ? n : 1;
		int w;

		if (!n || cp < 0x20 || cp == 0x7F || (cp >= 0x80 && cp < 0xA0)) {
			shown = "?";
			bytes = 1;
			cp = '?';
		}
		w = text_cp_width(cp);
		if (w && x + w > end)
			break;
		if (w) {
			put(c, row, x, shown, bytes, w, attr);
			x += w;
			drew = true;
		} else if (drew) {
			join(c, row, x - 1, shown, bytes);
		}
		text += n ? n : 1;
	}
	return x - col;
}

int canvas_cut(struct canvas *c, int row, int col, int width, unsigned attr, const char *text)
{
	char head[1024];
	int dots = text_width("…"), used;

	if (col + width > c->cols)
		width = c->cols - col;
	if (width <= 0)
		return 0;
	if (text_width(text) <= width)
		return canvas_text(c, row, col, width, attr, text);
	if (width <= dots)
		return canvas_text(c, row, col, width, attr, text);
	text_format(head, sizeof(head), "%.*s", (int)text_fit(text, width - dots, NULL), text);
	used = canvas_text(c, row, col, width - dots, attr, head);
	return used + canvas_text(c, row, col + used, dots, attr, "…");
}

void canvas_blank(struct canvas *c, int row, int col, int height, int width)
{
	for (int y = row; y < row + height; y++)
		for (int x = col; x < col + width; x++)
			canvas_text(c, y, x, 1, ATTR_PLAIN, " ");
}

void canvas_picture(struct canvas *c, int row, int col, uint32_t cp, int fg, int bg)
{
	char text[5];
	size_t n = text_encode(cp, text);
	struct cell *at;

	if (row < 0 || row >= c->rows || col < 0 || col >= c->cols)
		return;
	text[n] = '\0';
	canvas_text(c, row, col, 1, ATTR_PLAIN, n && text_cp_width(cp) == 1 ? text : " ");
	at = canvas_at(c, row, col);
	at->fg = fg < 0 || fg > 255 || at->text[0] == ' ' ? 0 : (uint16_t)(fg + 1); /* a blank shows none: blanks stay equal */
	at->bg = bg < 0 || bg > 255 ? 0 : (uint16_t)(bg + 1);
}

/* --- wrapping ---------------------------------------------------------------------------------------------------------------- */

static bool closes(const char *s)
{
	static const char *const closing[] = {"，", "。", "、", "；", "：", "！", "？", "）", "”", "》", "」", ",", ".", ";", ":", ")"};

	for (size_t i = 0; i < ARRAY_LEN(closing); i++)
		if (!strncmp(s, closing[i], strlen(closing[i])))
			return true;
	return false;
}

static size_t last_character(const char *s, size_t n)
{
	while (n && ((unsigned char)s[n - 1] & 0xC0) == 0x80)
		n--;
	return n ? n - 1 : 0;
}

/* Bytes of the next line of at most `width` columns. */
static size_t line_length(const char *text, int width)
{
	const char *end = strchr(text, '\n');
	size_t limit = end ? (size_t)(end - text) : strlen(text);
	size_t n = text_fit(text, width, NULL), cut;

	if (n >= limit)
		return limit;
	if (!n)
		return text_fit(text, 2, NULL) ? text_fit(text, 2, NULL) : 1;
	for (cut = n; cut && text[cut] != ' ' && (unsigned char)text[cut] < 0x80 && (unsigned char)text[cut - 1] < 0x80 && text[cut - 1] != ' ';)
		cut--; /* not inside a Latin word */
	if (cut > n / 2)
		n = cut;
	if (closes(text + n) && last_character(text, n))
		n = last_character(text, n);
	return n;
}

int canvas_wrap(const char *text, int width, canvas_line *line, void *arg)
{
	int count = 0;

	if (width < 2)
		return 0;
	while (*text) {
		size_t n = line_length(text, width);

		if (line)
			line(arg, count, text, n);
		count++;
		text += n;
		if (*text == '\n')
			text++;
		else
			while (*text == ' ')
				text++;
	}
	return count;
}

struct paragraph { struct canvas *c; int row, col, height, width; unsigned attr; };

static void paragraph_line(void *arg, int index, const char *text, size_t n)
{
	struct paragraph *p = arg;
	char line[1024];

	if (index >= p->height)
		return;
	text_format(line, sizeof(line), "%.*s", (int)n, text);
	canvas_text(p->c, p->row + index, p->col, p->width, p->attr, line);
}

int canvas_paragraph(struct canvas *c, int row, int col, int height, int width, unsigned attr, const char *text)
{
	struct paragraph p = {c, row, col, height, width, attr};
	int n = canvas_wrap(text, width, paragraph_line, &p);

	return n < height ? n : height;
}
