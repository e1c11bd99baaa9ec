/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "words.h"

#include <string.h>

#include "base/text.h"

struct splitter {
	const char *from;
	struct words *out;
	size_t len, n; /* bytes and words so far */
};

static int put(struct splitter *s, const char *text, size_t n)
{
	if (n > sizeof(s->out->text) - s->len)
		return -1;
	memcpy(s->out->text + s->len, text, n);
	s->len += n;
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The place whose name stands here. */
static struct place *place_at(const char *from, struct place *places)
{
	for (; places->name; places++) {
		if (!strncmp(from, places->name, strlen(places->name)))
			return places;
	}
	return NULL;
}

static int take_character(struct splitter *s, struct place *places)
{
	struct place *p = place_at(s->from, places);

	if (!p)
		return put(s, s->from++, 1);
	p->used = true;
	s->from += strlen(p->name);
	return put(s, p->value, strlen(p->value));
}

static int take_word(struct splitter *s, struct place *places)
{
	bool quoted = false;

	if (s->n == WLT_WORDS)
		return -1;
	s->out->argv[s->n++] = s->out->text + s->len;
	for (; *s->from && (quoted || !is_blank(*s->from));) {
		if (*s->from == '"') {
			quoted = !quoted;
			s->from++;
		} else if (take_character(s, places)) {
			return -1;
		}
	}
	return quoted ? -1 : put(s, "", 1);
}

int words_split(const char *command, struct place *places, struct words *out, struct err *e)
{
	struct splitter s = {.from = command, .out = out};

	*out = (struct words){.argv = {NULL}};
	for (;;) {
		while (is_blank(*s.from))
			s.from++;
		if (!*s.from)
			break;
		if (take_word(&s, places))
			return err_set(e, ERR_PICTURE_DECODER_COMMAND, "too long, or a quote is left open");
	}
	if (!s.n)
		return err_set(e, ERR_PICTURE_NO_DECODER, NULL);
	if (out->argv[0][0] != '/')
		return err_set(e, ERR_PICTURE_DECODER_COMMAND, "not an absolute path");
	return 0;
}
