/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json_out.h"

#include <inttypes.h>
#include <string.h>

/* After something in the same list or object. */
static void comma(struct buf *b)
{
	if (b->len && !strchr("{[:", b->data[b->len - 1]))
		buf_add(b, ",", 1);
}

void json_out_open(struct buf *b)
{
	comma(b);
	buf_add(b, "{", 1);
}

/* The shortest there is, as the platform writes it too when it hashes contents (sync/openapi.yaml, content of a Result). */
static void escaped(struct buf *b, unsigned char c)
{
	static const char letter[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r', ['"'] = '"', ['\\'] = '\\'};

	if (c < sizeof(letter) && letter[c])
		buf_addf(b, "\\%c", letter[c]);
	else
		buf_addf(b, "\\u%04x", c);
}

static void quoted(struct buf *b, const char *s)
{
	buf_add(b, "\"", 1);
	for (const char *at = s; *at;) {
		size_t plain = 0;

		while ((unsigned char)at[plain] >= 0x20 && at[plain] != '"' && at[plain] != '\\')
			plain++;
		buf_add(b, at, plain);
		at += plain;
		if (!*at)
			break;
		escaped(b, (unsigned char)*at++);
	}
	buf_add(b, "\"", 1);
}

static void key(struct buf *b, const char *name)
{
	comma(b);
	quoted(b, name);
	buf_add(b, ":", 1);
}

void json_out_text(struct buf *b, const char *name, const char *value)
{
	if (!value || !value[0])
		return;
	key(b, name);
	quoted(b, value);
}

void json_out_number(struct buf *b, const char *name, int64_t value)
{
	key(b, name);
	buf_addf(b, "%" PRId64, value);
}

void json_out_close(struct buf *b)
{
	buf_add(b, "}", 1);
}

void json_out_list(struct buf *b, const char *name)
{
	key(b, name);
	buf_add(b, "[", 1);
}

void json_out_item(struct buf *b, const char *value)
{
	comma(b);
	quoted(b, value);
}

void json_out_list_end(struct buf *b)
{
	buf_add(b, "]", 1);
}

void json_out_object(struct buf *b, const char *name)
{
	key(b, name);
	buf_add(b, "{", 1);
}
