/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes pinyin_table.c at build time: how ICU reads every ideograph (transform Han-Latin), which it reads
 * otherwise as a surname (Han-Latin/Names), and plain letters for accented Latin ones (Latin-ASCII). The
 * application itself has no ICU.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uclean.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "pinyin_table.h"

static char syllables[2048][PINYIN_SYLLABLE];
static unsigned syllable_count = 1; /* 0: none */
static unsigned short reading[PINYIN_TABLE_END], surname[PINYIN_TABLE_END];

static void die(const char *what, const char *why)
{
	fprintf(stderr, "pinyin_gen: %s: %s\n", what, why);
	exit(1);
}

static UTransliterator *open_transform(const char *id)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar name[100];
	UTransliterator *t;

	u_uastrcpy(name, id);
	t = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
	if (U_FAILURE(status))
		die(id, u_errorName(status));
	return t;
}

/* The lower-case ASCII letters that a transform makes of c; false when it makes anything else of it, or too
 * many. */
static int letters_of(const UTransliterator *t, UChar32 c, char *out, size_t size)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar text[64];
	int32_t n = 0, limit;

	U16_APPEND_UNSAFE(text, n, c);
	limit = n;
	utrans_transUChars(t, text, &n, 64, 0, &limit, &status);
	if (U_FAILURE(status) || n < 1 || (size_t)n >= size)
		return 0;
	for (int32_t i = 0; i < n; i++) {
		if (text[i] > 'z' || !isalpha(text[i]))
			return 0;
		out[i] = (char)tolower(text[i]);
	}
	out[n] = '\0';
	return 1;
}

static unsigned short number_of(const char *syllable)
{
	for (unsigned i = 1; i < syllable_count; i++) {
		if (!strcmp(syllables[i], syllable))
			return (unsigned short)i;
	}
	if (syllable_count == sizeof(syllables) / sizeof(syllables[0]))
		die(syllable, "too many syllables");
	strcpy(syllables[syllable_count], syllable);
	return (unsigned short)syllable_count++;
}

static unsigned short read_as(const UTransliterator *t, UChar32 c)
{
	char letters[PINYIN_SYLLABLE];

	return letters_of(t, c, letters, sizeof(letters)) ? number_of(letters) : 0;
}

static unsigned read_ideographs(void)
{
	UTransliterator *plain = open_transform("Han-Latin; Latin-ASCII");
	UTransliterator *names = open_transform("Han-Latin/Names; Latin-ASCII");
	unsigned found = 0;

	for (UChar32 c = 0x3007; c < PINYIN_TABLE_END; c++) {
		if (!u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC))
			continue;
		reading[c] = read_as(plain, c);
		surname[c] = read_as(names, c);
		found += reading[c] != 0;
		if (surname[c] == reading[c])
			surname[c] = 0;
	}
	utrans_close(plain);
	utrans_close(names);
	return found;
}

static void write_syllables(void)
{
	printf("const char pinyin_syllables[][PINYIN_SYLLABLE] = {\n");
	for (unsigned i = 0; i < syllable_count; i++)
		printf("\t\"%s\",\n", syllables[i]);
	printf("};\n\n");
}

/* Two steps: the block of PINYIN_BLOCK characters, then the character in it; equal blocks (the empty ones)
 * are written once. */
static void write_readings(void)
{
	static unsigned where[PINYIN_TABLE_END / PINYIN_BLOCK], blocks;

	printf("const unsigned short pinyin_readings_of[][PINYIN_BLOCK] = {\n");
	for (unsigned b = 0; b < PINYIN_TABLE_END / PINYIN_BLOCK; b++) {
		const unsigned short *block = reading + b * PINYIN_BLOCK;
		unsigned same = 0;

		while (same < b &&
		       memcmp(reading + same * PINYIN_BLOCK, block, PINYIN_BLOCK * sizeof(*block)))
			same++;
		where[b] = same < b ? where[same] : blocks++;
		if (same < b)
			continue;
		printf("\t{");
		for (unsigned i = 0; i < PINYIN_BLOCK; i++)
			printf("%u,", (unsigned)block[i]);
		printf("},\n");
	}
	printf("};\n\nconst unsigned short pinyin_block_of[] = {\n\t");
	for (unsigned b = 0; b < PINYIN_TABLE_END / PINYIN_BLOCK; b++)
		printf("%u,", where[b]);
	printf("\n};\n\n");
}

static void write_surnames(void)
{
	unsigned n = 0;

	printf("const struct pinyin_surname pinyin_surnames[] = {\n");
	for (unsigned c = 0; c < PINYIN_TABLE_END; c++) {
		if (surname[c])
			printf("\t{0x%X, %u},\n", c, (unsigned)surname[c]);
		n += surname[c] != 0;
	}
	printf("};\nconst unsigned pinyin_surname_count = %u;\n\n", n);
}

static void write_latin(const char *name, unsigned first, unsigned end)
{
	UTransliterator *t = open_transform("Latin-ASCII");

	printf("const char %s[][PINYIN_LATIN] = {\n", name);
	for (unsigned c = first; c < end; c++) {
		char letters[PINYIN_LATIN] = "";

		letters_of(t, (UChar32)c, letters, sizeof(letters));
		printf("\t\"%s\",\n", letters);
	}
	printf("};\n\n");
	utrans_close(t);
}

int main(void)
{
	if (read_ideographs() < 20000)
		die("Han-Latin", "ICU reads too few characters; is its data whole?");
	printf("/* Made by pinyin_gen from ICU " U_ICU_VERSION
	       "; not edited by hand. */\n#include \"pinyin_table.h\"\n\n");
	write_syllables();
	write_readings();
	write_surnames();
	write_latin("pinyin_latin_1", PINYIN_LATIN_1, PINYIN_LATIN_1_END);
	write_latin("pinyin_latin_2", PINYIN_LATIN_2, PINYIN_LATIN_2_END);
	u_cleanup();
	return 0;
}
