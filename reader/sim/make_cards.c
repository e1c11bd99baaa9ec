/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * At build time: people.tsv, which people can read, into what a chip holds. make_cards people.tsv DIR writes
 * DIR/ID.hex (256 bytes as one line of hex) and DIR/index.tsv (id, Chinese and English description). Every
 * card must agree with itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/text.h"
#include "reader/card_text.h"

enum column {
	C_ID, C_TYPE, C_NAME, C_LATIN, C_SEX, C_NATION, C_NATIONALITY, C_BIRTH, C_ADDRESS, C_NUMBER, C_AUTHORITY, C_FROM, C_TO,
	C_PERMIT, C_TIMES, C_ZH, C_EN, COLUMNS
};

static bool split(char *line, char *cell[COLUMNS])
{
	for (size_t i = 0; i < COLUMNS; i++) {
		cell[i] = line;
		line = strchr(line, '\t');
		if (line)
			*line++ = '\0';
		else if (i + 1 < COLUMNS)
			return false;
		if (strcmp(cell[i], "-") == 0)
			cell[i] = "";
	}
	return true;
}

static bool type_of(const char *name, enum id_card_type *out)
{
	for (int t = ID_CARD_RESIDENT; t <= ID_CARD_FOREIGNER_2023; t++) {
		if (strcmp(id_card_type_name((enum id_card_type)t), name) == 0) {
			*out = (enum id_card_type)t;
			return true;
		}
	}
	return false;
}

static bool fill(struct id_card *card, char *cell[COLUMNS])
{
	memset(card, 0, sizeof(*card));
	return type_of(cell[C_TYPE], &card->type) && id_sex_from_name(cell[C_SEX], &card->sex) &&
	       text_copy(card->name, sizeof(card->name), cell[C_NAME]) &&
	       text_copy(card->name_latin, sizeof(card->name_latin), cell[C_LATIN]) &&
	       text_copy(card->nation_code, sizeof(card->nation_code), cell[C_NATION]) &&
	       text_copy(card->nationality, sizeof(card->nationality), cell[C_NATIONALITY]) &&
	       text_copy(card->birth_text, sizeof(card->birth_text), cell[C_BIRTH]) &&
	       text_copy(card->address, sizeof(card->address), cell[C_ADDRESS]) &&
	       text_copy(card->number, sizeof(card->number), cell[C_NUMBER]) &&
	       text_copy(card->authority, sizeof(card->authority), cell[C_AUTHORITY]) &&
	       text_copy(card->valid_from_text, sizeof(card->valid_from_text), cell[C_FROM]) &&
	       text_copy(card->valid_to_text, sizeof(card->valid_to_text), cell[C_TO]) &&
	       text_copy(card->permit_number, sizeof(card->permit_number), cell[C_PERMIT]) &&
	       text_copy(card->times_issued, sizeof(card->times_issued), cell[C_TIMES]);
}

/* Reads back what was written: the same person, and nothing to find fault with (that it has expired is
 * meant). */
static bool agrees(const uint8_t text[CARD_RAW_TEXT], const struct id_card *meant)
{
	struct id_card back;

	card_text_parse(&back, text, DATE_NONE);
	return back.checks == 0 && id_card_same(&back, meant) && strcmp(back.address, meant->address) == 0 &&
	       strcmp(back.birth_text, meant->birth_text) == 0 && strcmp(back.authority, meant->authority) == 0;
}

static bool write_hex(const char *dir, const char *id, const uint8_t text[CARD_RAW_TEXT])
{
	char path[4096];
	FILE *f;

	if (!text_format(path, sizeof(path), "%s/%s.hex", dir, id))
		return false;
	f = fopen(path, "w");
	if (!f)
		return false;
	for (size_t i = 0; i < CARD_RAW_TEXT; i++)
		fprintf(f, "%02X", text[i]);
	fputc('\n', f);
	return fclose(f) == 0;
}

static bool make(const char *dir, char *line, FILE *index)
{
	uint8_t text[CARD_RAW_TEXT];
	char *cell[COLUMNS];
	struct id_card card;

	if (!split(line, cell) || !fill(&card, cell) || !card_text_build(text, &card) || !agrees(text, &card))
		return false;
	return write_hex(dir, cell[C_ID], text) && fprintf(index, "%s\t%s · %s\t%s · %s\n", cell[C_ID], cell[C_NAME], cell[C_ZH], cell[C_NAME], cell[C_EN]) > 0;
}

static int make_all(struct buf *in, const char *dir, FILE *index)
{
	struct buf line;
	int rc = 0, n = 0;

	buf_init(&line, 4096);
	while (rc == 0 && io_take_line(in, &line)) {
		if (line.data[0] == '#' || n++ == 0)
			continue;
		if (!make(dir, line.data, index)) {
			fprintf(stderr, "make_cards: row %d is not right\n", n - 1);
			rc = 1;
		}
	}
	buf_release(&line);
	return rc;
}

int main(int argc, char **argv)
{
	struct err e = { 0 };
	char path[4096];
	struct buf in;
	FILE *index;
	int rc;

	if (argc != 3 || !text_format(path, sizeof(path), "%s/index.tsv", argv[2]))
		return 2;
	buf_init(&in, 1 << 20);
	if (io_read_file(argv[1], 1 << 20, &in, &e) < 0 || !(index = fopen(path, "w"))) {
		fprintf(stderr, "make_cards: %s\n", e.detail);
		return 1;
	}
	rc = make_all(&in, argv[2], index);
	if (fclose(index) != 0)
		rc = 1;
	buf_release(&in);
	return rc;
}
