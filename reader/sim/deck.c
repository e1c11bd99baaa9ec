/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deck.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/text.h"

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool from_hex(uint8_t *out, size_t n, const struct buf *in)
{
	for (size_t i = 0; i < n; i++) {
		int high = 2 * i + 1 < in->len ? nibble(in->data[2 * i]) : -1;
		int low = high >= 0 ? nibble(in->data[2 * i + 1]) : -1;

		if (low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static int read_part(const char *dir, const char *name, const char *ending, struct buf *out, struct err *e)
{
	char path[4096];

	buf_reset(out);
	if (!text_format(path, sizeof(path), "%s/%s.%s", dir, name, ending))
		return err_set(e, ERR_TOO_LARGE, "path too long");
	return io_read_file(path, 4096, out, e);
}

static int load_card(struct deck *d, const char *dir, const char *name, struct err *e)
{
	struct sim_card *card = &d->card[d->n];
	struct buf in;
	int rc = -1;

	buf_init(&in, 4096);
	memset(card, 0, sizeof(*card));
	if (!text_copy(card->name, sizeof(card->name), name) || read_part(dir, name, "hex", &in, e) < 0)
		goto out;
	if (!from_hex(card->text, sizeof(card->text), &in)) {
		err_set(e, ERR_CARD_CONTENT, "%s.hex: not 256 bytes of hex", name);
		goto out;
	}
	if (read_part(dir, name, "wlt", &in, NULL) == 0 && in.len == sizeof(card->photo))
		memcpy(card->photo, in.data, in.len);
	card->has_address = read_part(dir, name, "address", &in, NULL) == 0 && in.len == CARD_ADDRESS;
	if (card->has_address)
		memcpy(card->address, in.data, CARD_ADDRESS);
	d->n++;
	rc = 0;
out:
	buf_release(&in);
	return rc;
}

const struct sim_card *deck_find(const struct deck *d, const char *name)
{
	for (size_t i = 0; i < d->n; i++) {
		if (strcmp(d->card[i].name, name) == 0)
			return &d->card[i];
	}
	return NULL;
}

static int load_row(struct deck *d, const char *dir, char *row, struct err *e)
{
	char *rest = row, *name = strsep(&rest, "\t"), *zh = strsep(&rest, "\t"), *en = strsep(&rest, "\t");
	struct sim_card *card;

	if (!*name)
		return 0;
	if (d->n == DECK_MAX)
		return err_set(e, ERR_TOO_LARGE, "more than %d cards", DECK_MAX);
	if (load_card(d, dir, name, e) < 0)
		return -1;
	card = &d->card[d->n - 1];
	text_copy(card->zh, sizeof(card->zh), zh ? zh : "");
	text_copy(card->en, sizeof(card->en), en ? en : "");
	return 0;
}

static int load_index(struct deck *d, const char *dir, struct err *e)
{
	struct buf in, row;
	int rc = 0;

	buf_init(&in, 65536);
	buf_init(&row, 4096);
	if (read_part(dir, "index", "tsv", &in, NULL) == 0) {
		while (rc == 0 && io_take_line(&in, &row))
			rc = load_row(d, dir, row.data ? row.data : (char[1]){ "" }, e);
	}
	buf_release(&row);
	buf_release(&in);
	return rc;
}

static int is_hex(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return n > 4 && strcmp(entry->d_name + n - 4, ".hex") == 0;
}

int deck_load(struct deck *d, const char *dir, struct err *e)
{
	struct dirent **files = NULL;
	int n, rc = 0;

	d->n = 0;
	if (load_index(d, dir, e) < 0)
		return -1;
	n = scandir(dir, &files, is_hex, alphasort);
	if (n < 0)
		return err_errno(e, "cards");
	for (int i = 0; i < n; i++) {
		files[i]->d_name[strlen(files[i]->d_name) - 4] = '\0';
		if (rc == 0 && !deck_find(d, files[i]->d_name) && d->n < DECK_MAX)
			rc = load_card(d, dir, files[i]->d_name, e);
		free(files[i]);
	}
	free(files);
	return rc;
}
