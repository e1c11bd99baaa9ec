/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables that pinyin_gen writes at build time. Letters are lower-case ASCII; ü is u. */
#ifndef DOMAIN_PINYIN_TABLE_H
#define DOMAIN_PINYIN_TABLE_H

#define PINYIN_SYLLABLE 8 /* "zhuang" and NUL, with room */
#define PINYIN_LATIN 4	  /* what one accented letter becomes: at most "ss", "th" */
#define PINYIN_BLOCK 128
#define PINYIN_TABLE_END 0x32400 /* first code point behind the table */

#define PINYIN_LATIN_1 0xC0 /* Latin-1 letters, Latin Extended-A and -B */
#define PINYIN_LATIN_1_END 0x250
#define PINYIN_LATIN_2 0x1E00 /* Latin Extended Additional */
#define PINYIN_LATIN_2_END 0x1F00

struct pinyin_surname {
	unsigned cp;
	unsigned short syllable;
};

extern const char pinyin_syllables[][PINYIN_SYLLABLE];
extern const unsigned short pinyin_block_of[]; /* [cp / PINYIN_BLOCK] */
extern const unsigned short
	pinyin_readings_of[][PINYIN_BLOCK];	      /* [block][cp % PINYIN_BLOCK]: a syllable, 0 for none */
extern const struct pinyin_surname pinyin_surnames[]; /* read otherwise as a surname; sorted by cp */
extern const unsigned pinyin_surname_count;
extern const char pinyin_latin_1[][PINYIN_LATIN]; /* "" where it is no letter */
extern const char pinyin_latin_2[][PINYIN_LATIN];

#endif
