/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/pinyin.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "pinyin_second.h"
#include "pinyin_table.h"

#define OPTIONS_MAX 5

struct part {
	char option[OPTIONS_MAX][PINYIN_SYLLABLE]; /* of a Chinese character: its readings, likeliest first */
	size_t options;				   /* 0: it has no reading */
	const char *word;			   /* of a word: its letters; else NULL */
};

/* A name taken apart. */
struct parsed {
	struct part part[PINYIN_PARTS_MAX];
	size_t parts;
	char key[SEARCH_KEY_SIZE]; /* the name as it is looked for */
	size_t key_len;
	size_t start[PINYIN_PARTS_MAX]; /* where each part begins in key */
	char words[SEARCH_KEY_SIZE];	/* the letters of the words, each terminated */
	size_t words_len;
};

enum class { CLASS_NOTHING, CLASS_BREAK, CLASS_LETTER, CLASS_HAN, CLASS_OTHER };

static bool is_han(uint32_t cp)
{
	return cp == 0x3007 || (cp >= 0x3400 && cp <= 0x4DBF) || (cp >= 0x4E00 && cp <= 0x9FFF) ||
	       (cp >= 0xE000 && cp <= 0xFAFF) || (cp >= 0x20000 && cp <= 0x3FFFD) || cp >= 0xF0000;
}

/* Divides parts: blanks and all kinds of dots and punctuation (· U+00B7, ‧ U+2027, • U+2022, ・ U+30FB). */
static bool is_break(uint32_t cp)
{
	return cp < 0xC0 || cp == 0xD7 || cp == 0xF7 || (cp >= 0x2000 && cp <= 0x206F) ||
	       (cp >= 0x2E00 && cp <= 0x2E7F) || (cp >= 0x3000 && cp <= 0x3004) ||
	       (cp >= 0x3008 && cp <= 0x3020) || cp == 0x30FB || (cp >= 0xFF00 && cp <= 0xFF0F) ||
	       cp == 0x2219 || cp == 0x22C5 || cp == 0xFF65;
}

/* Lower-case ASCII letters (ü and v as u) of a Latin letter, or the digit; "" for anything else. */
static void fold_letter(uint32_t cp, char out[PINYIN_LATIN])
{
	memset(out, 0, PINYIN_LATIN);
	if (cp >= 0xFF10 && cp <= 0xFF5A)
		cp -= 0xFF00 - 0x20; /* full width */
	if (cp >= 'A' && cp <= 'Z')
		cp += 'a' - 'A';
	if ((cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9'))
		out[0] = (char)cp;
	else if (cp >= PINYIN_LATIN_1 && cp < PINYIN_LATIN_1_END)
		memcpy(out, pinyin_latin_1[cp - PINYIN_LATIN_1], PINYIN_LATIN);
	else if (cp >= PINYIN_LATIN_2 && cp < PINYIN_LATIN_2_END)
		memcpy(out, pinyin_latin_2[cp - PINYIN_LATIN_2], PINYIN_LATIN);
	for (char *p = out; *p; p++) {
		if (*p == 'v')
			*p = 'u';
	}
}

/* What cp is in a name; folded gets what stands for it in keys ("" for what stands in none). */
static enum class classify(uint32_t cp, const char *s, size_t len, char folded[5]) {
	char letters[PINYIN_LATIN];

	folded[0] = '\0'; fold_letter(cp, letters);
	if (letters[0]){memcpy(folded, letters, PINYIN_LATIN); return CLASS_LETTER;}
if (cp >= 0x300 && !text_cp_width(cp)) return CLASS_NOTHING; /* marks and selectors: an accent apart from its
								letter is no other letter */
if (is_break(cp))
	return CLASS_BREAK;
memcpy(folded, s, len);
folded[len] = '\0';
return is_han(cp) ? CLASS_HAN : CLASS_OTHER;
}

static void add_option(struct part *p, const char *syllable, size_t len)
{
	if (!len || len >= PINYIN_SYLLABLE || p->options == OPTIONS_MAX)
		return;
	for (size_t i = 0; i < p->options; i++) {
		if (strlen(p->option[i]) == len && !memcmp(p->option[i], syllable, len))
			return;
	}
	memcpy(p->option[p->options], syllable, len);
	p->option[p->options++][len] = '\0';
}

static void add_options(struct part *p, const char *list)
{
	for (size_t len; *list; list += len + (list[len] == ' ')) {
		len = strcspn(list, " ");
		add_option(p, list, len);
	}
}

static void add_from(struct part *p, const struct second *list, size_t n, const char *s, size_t len)
{
	for (size_t i = 0; i < n; i++) {
		if (!strncmp(list[i].text, s, len) && !list[i].text[len])
			add_options(p, list[i].readings);
	}
}

static void add_table_surname(struct part *p, uint32_t cp)
{
	for (unsigned i = 0; i < pinyin_surname_count; i++) {
		const char *syllable = pinyin_syllables[pinyin_surnames[i].syllable];

		if (pinyin_surnames[i].cp == cp)
			add_option(p, syllable, strlen(syllable));
	}
}

static void add_table(struct part *p, uint32_t cp)
{
	const char *syllable;

	if (cp >= PINYIN_TABLE_END)
		return;
	syllable =
		pinyin_syllables[pinyin_readings_of[pinyin_block_of[cp / PINYIN_BLOCK]][cp % PINYIN_BLOCK]];
	add_option(p, syllable, strlen(syllable));
}

/* Readings of one Chinese character; those of a surname come before the others. */
static void read_character(struct part *p, const char *s, size_t len, bool head)
{
	uint32_t cp = 0;

	text_decode(s, len, &cp);
	if (head) {
		add_from(p, surnames, ARRAY_LEN(surnames), s, len);
		add_table_surname(p, cp);
	}
	add_from(p, others, ARRAY_LEN(others), s, len);
	add_table(p, cp);
}

static bool add_part(struct parsed *n)
{
	if (n->parts == PINYIN_PARTS_MAX)
		return false;
	n->part[n->parts] = (struct part){0};
	n->start[n->parts++] = n->key_len;
	return true;
}

static void append(char *text, size_t *len, const char *more)
{
	size_t n = strlen(more);

	memcpy(text + *len, more, n + 1);
	*len += n;
}

/* A two-character surname at the head of the key: its readings come before those of its characters. */
static void read_long_surname(struct parsed *n)
{
	for (size_t i = 0; n->parts && i < ARRAY_LEN(surnames); i++) {
		const char *text = surnames[i].text, *second = strchr(surnames[i].readings, ' ');

		if (strlen(text) < 6 || strncmp(n->key, text, strlen(text)) || !second)
			continue;
		add_option(&n->part[0], surnames[i].readings, (size_t)(second - surnames[i].readings));
		add_options(&n->part[1], second + 1);
		return;
	}
}

/* The parts and the key; readings come after, when the whole name is known. */
static void take_apart(struct parsed *n, const char *name)
{
	enum class last = CLASS_BREAK, now;
	char folded[5];
	uint32_t cp;

	memset(n, 0, sizeof(*n));
	for (size_t len; (len = text_decode(name, strnlen(name, 4), &cp)); name += len, last = now) {
		now = classify(cp, name, len, folded);
		if (now == CLASS_NOTHING) {
			now = last;
			continue;
		}
		if (now == CLASS_BREAK)
			continue;
		if (n->key_len + strlen(folded) >= sizeof(n->key))
			return;
		if ((now == CLASS_HAN || now != last) && !add_part(n))
			return;
		append(n->key, &n->key_len, folded);
	}
}

static size_t part_end(const struct parsed *n, size_t i)
{
	return i + 1 < n->parts ? n->start[i + 1] : n->key_len;
}

static void read_word(struct parsed *n, size_t i)
{
	const char *s = n->key + n->start[i];
	size_t len = part_end(n, i) - n->start[i];
	char *word = n->words + n->words_len;

	if ((unsigned char)s[0] >= 0x80 || n->words_len + len + 1 > sizeof(n->words))
		return; /* letters that are not Latin have no reading */
	memcpy(word, s, len);
	word[len] = '\0';
	n->words_len += len + 1;
	n->part[i].word = word;
	n->part[i].options = 1;
}

static void parse(struct parsed *n, const char *name)
{
	take_apart(n, name);
	read_long_surname(n);
	for (size_t i = 0; i < n->parts; i++) {
		const char *s = n->key + n->start[i];
		size_t len = part_end(n, i) - n->start[i];
		uint32_t cp = 0;

		if (text_decode(s, len, &cp) && is_han(cp))
			read_character(&n->part[i], s, len, i == 0);
		else
			read_word(n, i);
	}
}

/* Which option of each part. */
struct choice {
	unsigned char of[PINYIN_PARTS_MAX];
};

/* A whole reading and where its parts begin. */
struct reading {
	struct pinyin_reading text;
	size_t start[PINYIN_PARTS_MAX], starts; /* in full; in initials the i-th part stands at i */
};

static void spell(const struct parsed *n, const struct choice *c, struct reading *r)
{
	size_t full = 0;

	r->starts = 0;
	r->text.full[0] = r->text.initials[0] = '\0';
	for (size_t i = 0; i < n->parts; i++) {
		const struct part *p = &n->part[i];
		const char *s = p->word ? p->word : p->option[c->of[i]];

		if (!p->options)
			continue;
		if (full + strlen(s) >= sizeof(r->text.full))
			break;
		r->start[r->starts] = full;
		r->text.initials[r->starts++] = s[0];
		append(r->text.full, &full, s);
	}
	r->text.initials[r->starts] = '\0';
}

struct readings {
	struct reading *list;
	size_t n, max;
};

static void add_reading(struct readings *to, const struct parsed *n, const struct choice *c)
{
	if (to->n == to->max)
		return;
	spell(n, c, &to->list[to->n]);
	if (!to->list[to->n].starts)
		return;
	for (size_t i = 0; i < to->n; i++) {
		/* equal letters split otherwise ("xian", "xi an") are still two: their initials differ */
		if (!strcmp(to->list[i].text.full, to->list[to->n].text.full) &&
		    !strcmp(to->list[i].text.initials, to->list[to->n].text.initials))
			return;
	}
	to->n++;
}

/* All choices that differ from the likeliest in exactly `more` parts from `from` on. */
static void vary(struct readings *to, const struct parsed *n, struct choice *c, size_t from, size_t more)
{
	if (!more) {
		add_reading(to, n, c);
		return;
	}
	for (size_t i = from; i < n->parts && to->n < to->max; i++) {
		for (size_t k = 1; k < n->part[i].options; k++) {
			c->of[i] = (unsigned char)k;
			vary(to, n, c, i + 1, more - 1);
		}
		c->of[i] = 0;
	}
}

static size_t read_all(const struct parsed *n, struct reading *list, size_t max)
{
	struct readings to = {.list = list, .max = max < PINYIN_READINGS_MAX ? max : PINYIN_READINGS_MAX};
	struct choice c = {{0}};
	size_t varying = 0;

	for (size_t i = 0; i < n->parts; i++)
		varying += n->part[i].options > 1;
	for (size_t more = 0; more <= varying && to.n < to.max; more++)
		vary(&to, n, &c, 0, more);
	return to.n;
}

size_t pinyin_readings(const char *name, struct pinyin_reading *out, size_t max)
{
	struct reading list[PINYIN_READINGS_MAX];
	struct parsed n;
	size_t found;

	parse(&n, name);
	found = read_all(&n, list, max);
	for (size_t i = 0; i < found; i++)
		out[i] = list[i].text;
	return found;
}

static bool full_seen(const struct reading *list, size_t r, const char *key)
{
	for (size_t i = 0; i < r; i++) {
		for (size_t k = 0; k < list[i].starts; k++) {
			if (!strcmp(list[i].text.full + list[i].start[k], key))
				return true;
		}
	}
	return false;
}

static bool initials_seen(const struct reading *list, size_t r, const char *key)
{
	for (size_t i = 0; i < r; i++) {
		size_t all = list[i].starts, n = strlen(key);

		if (n <= all && !strcmp(list[i].text.initials + all - n, key))
			return true;
	}
	return false;
}

/* The keys of reading r that no reading before it has. */
static int keys_of_reading(const struct reading *list, size_t r, search_key_fn *each, void *arg)
{
	int stop = 0;

	for (size_t k = 0; k < list[r].starts && !stop; k++) {
		const char *full = list[r].text.full + list[r].start[k],
			   *initials = list[r].text.initials + k;

		if (!full_seen(list, r, full))
			stop = each(arg, SEARCH_PINYIN, full);
		if (!stop && !initials_seen(list, r, initials))
			stop = each(arg, SEARCH_INITIALS, initials);
	}
	return stop;
}

int search_keys(const char *name, search_key_fn *each, void *arg)
{
	struct reading list[PINYIN_READINGS_MAX];
	struct parsed n;
	size_t found;
	int stop = 0;

	parse(&n, name);
	for (size_t i = 0; i < n.parts && !stop; i++)
		stop = each(arg, SEARCH_NAME, n.key + n.start[i]);
	found = read_all(&n, list, PINYIN_READINGS_MAX);
	for (size_t r = 0; r < found && !stop; r++)
		stop = keys_of_reading(list, r, each, arg);
	return stop;
}

/* Digits, or digits with an x at the end (the last character of a document's number may be one). */
static bool is_number(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n && (!s[n] || (s[n] == 'x' && !s[n + 1]));
}

enum query_kind search_query(const char *typed, char *out, size_t size)
{
	char folded[5];
	size_t len = 0;
	uint32_t cp;

	if (!size)
		return QUERY_EMPTY;
	for (size_t n; (n = text_decode(typed, strnlen(typed, 4), &cp)); typed += n) {
		classify(cp, typed, n, folded);
		if (len + strlen(folded) >= size)
			break;
		append(out, &len, folded);
	}
	out[len] = '\0';
	if (!len)
		return QUERY_EMPTY;
	if (is_number(out)) {
		if (out[len - 1] == 'x')
			out[len - 1] = 'X';
		return QUERY_DIGITS;
	}
	return out[strspn(out, "abcdefghijklmnopqrstuvwxyz")] ? QUERY_TEXT : QUERY_LETTERS;
}
