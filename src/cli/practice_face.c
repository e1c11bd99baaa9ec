/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "practice_face.h"

#include <stdint.h>

#include "base/text.h"
#include "picture/client.h"

#define WIDTH 180
#define HEIGHT 240
#define HEAD 54 /* bytes of a BMP before its pixels (24 bit, BITMAPINFOHEADER); a row here needs no padding  \
		 */

/* Ovals over each other, the last on top; the ink is the field's (0 to 2: jacket, hair, skin), or fixed. */
enum ink { JACKET, HAIR, SKIN, DARK, RED, INKS };
static const struct {
	int x, y, wide, high; /* middle and half axes */
	enum ink ink;
} ovals[] = {
	{90, 236, 80, 62, JACKET}, {90, 160, 20, 40, SKIN}, {90, 98, 54, 62, HAIR}, {90, 112, 46, 56, SKIN},
	{72, 106, 6, 5, DARK},	   {108, 106, 6, 5, DARK},  {90, 122, 4, 7, RED},   {90, 143, 15, 4, RED},
};

static const uint32_t fields[] = {0x9DB7D5, 0xC9D7B0, 0xE3CFA4, 0xC8B8D8, 0xA9D0C8};
static const uint32_t jackets[] = {0x2F5D8C, 0xD98E04, 0x4B6B3C, 0x7A3B3B};
static const uint32_t hairs[] = {0x1E1A18, 0x3A2B22, 0x6B6B6B};
static const uint32_t skins[] = {0xE8C39E, 0xD9A877, 0xC68F5E};

static uint32_t colour_at(int x, int y, uint32_t field, const uint32_t inks[INKS])
{
	uint32_t colour = field;

	for (size_t i = 0; i < ARRAY_LEN(ovals); i++) {
		int dx = x - ovals[i].x, dy = y - ovals[i].y, a = ovals[i].wide, b = ovals[i].high;

		if (dx * dx * b * b + dy * dy * a * a <= a * a * b * b)
			colour = inks[ovals[i].ink];
	}
	return colour;
}

static void put(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static int add_head(struct buf *bmp)
{
	uint8_t head[HEAD] = {'B', 'M'};

	put(head + 2, HEAD + WIDTH * HEIGHT * 3);
	put(head + 10, HEAD);
	put(head + 14, HEAD - 14);
	put(head + 18, WIDTH);
	put(head + 22, (uint32_t)-HEIGHT); /* from the top */
	put(head + 26, 1 | 24 << 16);
	put(head + 34, WIDTH * HEIGHT * 3);
	return buf_add(bmp, head, sizeof(head));
}

static int add_rows(struct buf *bmp, unsigned which)
{
	const uint32_t inks[INKS] = {jackets[which % ARRAY_LEN(jackets)], hairs[which % ARRAY_LEN(hairs)],
				     skins[which / 2 % ARRAY_LEN(skins)], 0x201010, 0xA05050};
	uint8_t row[WIDTH * 3];

	for (int y = 0; y < HEIGHT; y++) {
		for (int x = 0; x < WIDTH; x++) {
			uint32_t colour = colour_at(x, y, fields[which % ARRAY_LEN(fields)], inks);

			for (int i = 0; i < 3; i++)
				row[3 * x + i] = (uint8_t)(colour >> 8 * i); /* blue, green, red */
		}
		if (buf_add(bmp, row, sizeof(row)))
			return -1;
	}
	return 0;
}

int practice_face(unsigned which, unsigned base64_limit, struct buf *jpeg, struct err *e)
{
	struct buf bmp;
	int rc;

	buf_init(&bmp, HEAD + WIDTH * HEIGHT * 3);
	if (add_head(&bmp) || add_rows(&bmp, which))
		rc = err_set(e, ERR_MEMORY, "picture");
	else
		rc = picture_client_fit(bmp.data, bmp.len, base64_limit, jpeg, e);
	buf_release(&bmp);
	return rc;
}
