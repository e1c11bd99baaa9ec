/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/card_text.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define UNITS (CARD_RAW_TEXT / 2)
#define BLANK 0x20

enum place_kind { PLACE_TEXT, PLACE_DATE, PLACE_END, PLACE_SEX }; /* END: a date that may be 长期 */

/* One field of a layout; `more` is the second part of a text that lies in two places. Offsets and lengths in
 * bytes, as printed. */
struct place {
	enum place_kind kind;
	size_t offset, length;
	size_t member, size;
	size_t more_offset, more_length;
};

#define MEMBER(m) offsetof(struct id_card, m), sizeof(((struct id_card *)0)->m)
#define TEXT_AT(offset, length, m) { PLACE_TEXT, offset, length, MEMBER(m), 0, 0 }
#define TEXT_IN_TWO(offset, length, more, more_length, m) { PLACE_TEXT, offset, length, MEMBER(m), more, more_length }
#define DATE_AT(offset, m) { PLACE_DATE, offset, 16, MEMBER(m), 0, 0 }
#define END_AT(offset, m) { PLACE_END, offset, 16, MEMBER(m), 0, 0 }
#define SEX_AT(offset) { PLACE_SEX, offset, 2, MEMBER(sex), 0, 0 }

#define PLACES_MAX 12

static const struct place unknown_places[PLACES_MAX] = {
	TEXT_AT(0, 30, name), SEX_AT(30), DATE_AT(36, birth_text), TEXT_AT(122, 36, number),
	DATE_AT(188, valid_from_text), END_AT(204, valid_to_text),
};

static const struct place resident_places[PLACES_MAX] = {
	TEXT_AT(0, 30, name), SEX_AT(30), TEXT_AT(32, 4, nation_code), DATE_AT(36, birth_text),
	TEXT_AT(52, 70, address), TEXT_AT(122, 36, number), TEXT_AT(158, 30, authority),
	DATE_AT(188, valid_from_text), END_AT(204, valid_to_text),
};

static const struct place hmt_places[PLACES_MAX] = {
	TEXT_AT(0, 30, name), SEX_AT(30), DATE_AT(36, birth_text), TEXT_AT(52, 70, address),
	TEXT_AT(122, 36, number), TEXT_AT(158, 30, authority), DATE_AT(188, valid_from_text),
	END_AT(204, valid_to_text), TEXT_AT(220, 18, permit_number), TEXT_AT(238, 4, times_issued),
};

static const struct place foreigner_2017_places[PLACES_MAX] = {
	TEXT_AT(0, 120, name_latin), SEX_AT(120), TEXT_AT(122, 30, number), TEXT_AT(152, 6, nationality),
	TEXT_AT(158, 30, name), DATE_AT(188, valid_from_text), END_AT(204, valid_to_text),
	DATE_AT(220, birth_text), TEXT_AT(240, 8, authority),
};

static const struct place foreigner_2023_places[PLACES_MAX] = {
	TEXT_AT(0, 30, name), SEX_AT(30), TEXT_AT(32, 4, times_issued), DATE_AT(36, birth_text),
	TEXT_IN_TWO(52, 70, 220, 22, name_latin), TEXT_AT(122, 36, number), DATE_AT(188, valid_from_text),
	END_AT(204, valid_to_text), TEXT_AT(242, 6, nationality),
};

/* The kind mark at byte 248. */
static const struct layout {
	uint16_t mark;
	enum id_card_type type;
	const struct place *places;
} layouts[] = {
	{ BLANK, ID_CARD_RESIDENT, resident_places },
	{ 'J', ID_CARD_HMT, hmt_places },
	{ 'I', ID_CARD_FOREIGNER_2017, foreigner_2017_places },
	{ 'Y', ID_CARD_FOREIGNER_2023, foreigner_2023_places },
};
#define MARK_OFFSET 248

static const uint16_t long_term[] = { 0x957F, 0x671F }; /* 长期 */

static uint16_t unit_at(const uint8_t *text, size_t offset)
{
	return (uint16_t)(text[offset] | text[offset + 1] << 8);
}

/* --- units to UTF-8 --- */

struct writer {
	char *out;
	size_t size;
	size_t len;
	bool odd; /* something was no plain printable character */
};

static bool in_ranges(uint32_t cp, const uint32_t (*ranges)[2], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (cp >= ranges[i][0] && cp <= ranges[i][1])
			return true;
	}
	return false;
}

/* Controls, invisible and direction-changing characters, and what Unicode says will never be a character. */
static bool unprintable(uint32_t cp)
{
	static const uint32_t ranges[][2] = {
		{ 0x00, 0x1F }, { 0x7F, 0x9F }, { 0xAD, 0xAD }, { 0x61C, 0x61C }, { 0x180E, 0x180E },
		{ 0x200B, 0x200F }, { 0x2028, 0x202E }, { 0x2060, 0x206F }, { 0xD800, 0xDFFF }, { 0xFDD0, 0xFDEF },
		{ 0xFE00, 0xFE0F }, { 0xFEFF, 0xFEFF }, { 0xFFF0, 0xFFFB }, { 0xE0000, 0xE0FFF },
	};

	return (cp & 0xFFFE) == 0xFFFE || in_ranges(cp, ranges, ARRAY_LEN(ranges));
}

static bool private_use(uint32_t cp)
{
	static const uint32_t ranges[][2] = { { 0xE000, 0xF8FF }, { 0xF0000, 0x10FFFF }, { 0xFFFD, 0xFFFD } };

	return in_ranges(cp, ranges, ARRAY_LEN(ranges));
}

/* The sizes of struct id_card hold the longest form of every unit, so nothing is cut here; the check is for
 * the next layout. */
static void put(struct writer *w, uint32_t cp)
{
	char utf8[16];
	size_t n;

	if (unprintable(cp)) {
		n = (size_t)snprintf(utf8, sizeof(utf8), "[U+%04X]", (unsigned)cp);
		w->odd = true;
	} else {
		n = text_encode(cp, utf8);
		w->odd = w->odd || private_use(cp);
	}
	if (w->len + n >= w->size)
		return;
	memcpy(w->out + w->len, utf8, n);
	w->len += n;
	w->out[w->len] = '\0';
}

static bool is_high(uint16_t u)
{
	return u >= 0xD800 && u <= 0xDBFF;
}

static bool is_low(uint16_t u)
{
	return u >= 0xDC00 && u <= 0xDFFF;
}

/* Returns whether every unit was part of a plain printable character. */
static bool units_to_utf8(char *out, size_t size, const uint16_t *units, size_t n)
{
	struct writer w = { .out = out, .size = size };

	while (n && units[n - 1] == BLANK)
		n--;
	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		if (i + 1 < n && is_high(units[i]) && is_low(units[i + 1])) {
			put(&w, 0x10000 + ((uint32_t)(units[i] - 0xD800) << 10) + (units[i + 1] - 0xDC00u));
			i++;
		} else {
			put(&w, units[i]);
		}
	}
	return !w.odd;
}

/* --- places to members --- */

static size_t gather(const struct place *at, const uint8_t *text, uint16_t units[UNITS])
{
	size_t n = 0;

	for (size_t i = 0; i < at->length; i += 2)
		units[n++] = unit_at(text, at->offset + i);
	for (size_t i = 0; i < at->more_length; i += 2)
		units[n++] = unit_at(text, at->more_offset + i);
	return n;
}

/* 长期, blank-padded. */
static bool is_long_term(const uint16_t *units, size_t n)
{
	if (units[0] != long_term[0] || units[1] != long_term[1])
		return false;
	for (size_t i = 2; i < n; i++) {
		if (units[i] != BLANK)
			return false;
	}
	return true;
}

/* YYYYMMDD. */
static bool units_to_date(const uint16_t *units, date_t *out)
{
	char digits[9] = "";

	for (size_t i = 0; i < 8; i++) {
		if (units[i] < '0' || units[i] > '9')
			return false;
		digits[i] = (char)units[i];
	}
	return date_parse(digits, out);
}

/* A date as ISO text; anything else as it stands on the card. */
static bool read_date(char *out, size_t size, const uint16_t *units, size_t n, bool may_be_long_term)
{
	date_t d = DATE_LONG_TERM;

	if (!(may_be_long_term && is_long_term(units, n)) && !units_to_date(units, &d))
		return units_to_utf8(out, size, units, n);
	date_format(d, out);
	return true;
}

static enum id_sex sex_of(uint16_t unit)
{
	return unit == '1' ? ID_SEX_MALE : unit == '2' ? ID_SEX_FEMALE : unit == '9' ? ID_SEX_UNSTATED : ID_SEX_UNKNOWN;
}

static bool read_place(struct id_card *card, const struct place *at, const uint8_t *text)
{
	char *member = (char *)card + at->member;
	uint16_t units[UNITS];
	size_t n = gather(at, text, units);
	bool plain = true;

	if (at->kind == PLACE_SEX)
		card->sex = sex_of(units[0]);
	else if (at->kind == PLACE_TEXT)
		plain = units_to_utf8(member, at->size, units, n);
	else
		plain = read_date(member, at->size, units, n, at->kind == PLACE_END);
	wipe(units, sizeof(units));
	return plain;
}

static const struct layout *layout_of(const uint8_t *text)
{
	static const struct layout unknown = { 0, ID_CARD_UNKNOWN, unknown_places };

	for (size_t i = 0; i < ARRAY_LEN(layouts); i++) {
		if (layouts[i].mark == unit_at(text, MARK_OFFSET))
			return &layouts[i];
	}
	return &unknown;
}

static void finish_dates(struct id_card *card)
{
	card->birth = id_card_date(card->birth_text);
	card->valid_from = id_card_date(card->valid_from_text);
	card->valid_to = id_card_date(card->valid_to_text);
}

void card_text_parse(struct id_card *card, const uint8_t text[CARD_RAW_TEXT], date_t today)
{
	const struct layout *layout = layout_of(text);
	const char *nation;

	memset(card, 0, sizeof(*card));
	card->type = layout->type;
	if (layout->type == ID_CARD_UNKNOWN)
		card->checks |= ID_CARD_CHECK_TYPE;
	for (const struct place *at = layout->places; at < layout->places + PLACES_MAX && at->length; at++) {
		if (!read_place(card, at, text))
			card->checks |= ID_CARD_CHECK_TEXT;
	}
	finish_dates(card);
	nation = id_card_nation_word(card->nation_code);
	text_copy(card->nation, sizeof(card->nation), nation ? nation : card->nation_code);
	id_card_check(card, today);
}

void card_raw_to_card(struct id_card *card, const struct card_raw *raw, date_t today)
{
	card_text_parse(card, raw->text, today);
	card->has_photo = raw->has_photo;
	memcpy(card->photo, raw->photo, sizeof(card->photo));
}

/* --- the opposite --- */

static bool put_unit(uint8_t *text, const struct place *at, size_t i, uint16_t unit)
{
	size_t offset = 2 * i < at->length ? at->offset + 2 * i : at->more_offset + (2 * i - at->length);

	if (2 * i >= at->length + at->more_length)
		return false;
	text[offset] = (uint8_t)unit;
	text[offset + 1] = (uint8_t)(unit >> 8);
	return true;
}

static bool put_text(uint8_t *text, const struct place *at, const char *s)
{
	size_t i = 0, n = strlen(s);
	uint32_t cp;

	while (n) {
		size_t used = text_decode(s, n, &cp);

		if (!used)
			return false;
		if (cp >= 0x10000) {
			if (!put_unit(text, at, i++, (uint16_t)(0xD800 + ((cp - 0x10000) >> 10))))
				return false;
			cp = 0xDC00 + ((cp - 0x10000) & 0x3FF);
		}
		if (!put_unit(text, at, i++, (uint16_t)cp))
			return false;
		s += used;
		n -= used;
	}
	return true;
}

static bool put_date(uint8_t *text, const struct place *at, const char *iso)
{
	char digits[9];

	if (strcmp(iso, "long-term") == 0)
		return put_text(text, at, "长期");
	if (strlen(iso) != 10)
		return put_text(text, at, iso);
	snprintf(digits, sizeof(digits), "%.4s%.2s%.2s", iso, iso + 5, iso + 8);
	return put_text(text, at, digits);
}

static bool put_sex(uint8_t *text, const struct place *at, enum id_sex sex)
{
	static const uint16_t units[] = {
		[ID_SEX_UNKNOWN] = '0', [ID_SEX_MALE] = '1', [ID_SEX_FEMALE] = '2', [ID_SEX_UNSTATED] = '9',
	};

	return put_unit(text, at, 0, units[sex]);
}

static bool build_place(uint8_t *text, const struct place *at, const struct id_card *card)
{
	const char *member = (const char *)card + at->member;

	if (at->kind == PLACE_SEX)
		return put_sex(text, at, card->sex);
	return at->kind == PLACE_TEXT ? put_text(text, at, member) : put_date(text, at, member);
}

bool card_text_build(uint8_t text[CARD_RAW_TEXT], const struct id_card *card)
{
	const struct layout *layout = NULL;

	for (size_t i = 0; i < ARRAY_LEN(layouts); i++) {
		if (layouts[i].type == card->type)
			layout = &layouts[i];
	}
	if (!layout)
		return false;
	for (size_t i = 0; i < CARD_RAW_TEXT; i += 2) {
		text[i] = BLANK;
		text[i + 1] = 0;
	}
	text[MARK_OFFSET] = (uint8_t)layout->mark;
	for (const struct place *at = layout->places; at < layout->places + PLACES_MAX && at->length; at++) {
		if (!build_place(text, at, card))
			return false;
	}
	return true;
}
