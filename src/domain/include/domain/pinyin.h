/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a name is read, and by what it is found.
 *
 * Readings come from a table made at build time from ICU's Han-Latin transform and a list kept by hand of
 * second readings (pinyin_second.h): surnames (单 shan and dan, 曾 zeng and ceng, 万俟 moqi), at the head of
 * a name only, and other characters with two readings (乐 le and yue), anywhere. Everything is lower-case
 * ASCII; ü, v and u are one letter (u), in keys and in queries alike, so that 吕 is found by lv, lü and lu
 * (QUALITY U12).
 *
 * A name is a row of parts: each Chinese character is one, each word of an alphabet is one (Cruz; its initial
 * is its first letter). Dots, blanks, hyphens and variation selectors divide or do nothing; they are in no
 * key. Characters that nobody has a reading for (private use, the rarest) are in the name's keys and not in
 * the readings.
 *
 * Search keys are the suffixes of the name, of its readings and of their initials that begin at a part: a
 * query is found when a key begins with it, hence in the middle of a name too (张伟民: zhangweimin, weimin,
 * min; zwm, wm, m; 张伟民, 伟民, 民). They do not begin inside a syllable: "ang" would find half the roster.
 *
 * Pure functions without allocation. Names are valid UTF-8; what goes beyond the bounds below is left out at
 * a part's end.
 */
#ifndef DOMAIN_PINYIN_H
#define DOMAIN_PINYIN_H

#include <stddef.h>

#define PINYIN_PARTS_MAX 40    /* parts of a name that are looked at */
#define PINYIN_READINGS_MAX 16 /* readings of a whole name */
#define PINYIN_FULL_SIZE 248   /* bytes with NUL: 40 syllables of 6, or as many letters of words */
#define PINYIN_INITIALS_SIZE (PINYIN_PARTS_MAX + 1)

struct pinyin_reading {
	char full[PINYIN_FULL_SIZE];	     /* "zhangwei" */
	char initials[PINYIN_INITIALS_SIZE]; /* "zw" */
};

/* Writes at most `max` (and at most PINYIN_READINGS_MAX) different readings of a name, the likeliest first
 * (sort lists by that one), then those that differ from it in one character, then in two. Returns how many; 0
 * for a name that has none. */
size_t pinyin_readings(const char *name, struct pinyin_reading *out, size_t max);

enum search_kind {
	SEARCH_NAME, /* in its own characters; letters lower-case and without accents */
	SEARCH_PINYIN,
	SEARCH_INITIALS
};

#define SEARCH_KEY_SIZE 256 /* bytes with NUL of the longest key */
#define SEARCH_KEYS_MAX                                                                                      \
	(PINYIN_PARTS_MAX * (1 + 2 * PINYIN_READINGS_MAX)) /* no name has more; a usual one has about nine   \
							    */

/* Called for each key; anything but 0 ends the walk and is returned. `key` lives until it returns. */
typedef int search_key_fn(void *arg, enum search_kind kind, const char *key);

/* All keys of a name, none twice within a kind. */
int search_keys(const char *name, search_key_fn *each, void *arg);

enum query_kind {
	QUERY_EMPTY,   /* nothing to look for */
	QUERY_LETTERS, /* letters only: prefix of SEARCH_PINYIN or SEARCH_INITIALS keys */
	QUERY_DIGITS, /* digits, or digits and a final X: tail of a number, or a whole one; X is upper case */
	QUERY_TEXT    /* anything else: prefix of SEARCH_NAME keys */
};

/* Makes what a clerk typed (full width, capitals, tones, blanks, dots, v for ü) the text that keys begin
 * with. Cut at a character's end when it does not fit. */
enum query_kind search_query(const char *typed, char *out, size_t size);

#endif
