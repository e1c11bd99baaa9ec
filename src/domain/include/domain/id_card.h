/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an identity card says, and what the card reader reports: the one form that the reader's helper writes
 * and the application reads, a JSON line for each event.
 *
 * Text is UTF-8 and safe to print: a unit of the card that is no character (an unpaired surrogate), a
 * control, a bidirectional or an invisible one stands as "[U+D83D]", so that nothing is dropped and nothing
 * acts on the terminal; `checks` then has ID_CARD_CHECK_TEXT. Dates of the card stand as ISO text in *_text,
 * or as the card's own text where they are no date; the date_t beside it is DATE_NONE then.
 *
 * A card is personal data: whoever is done with one calls id_card_wipe() (card_event_wipe()).
 */
#ifndef DOMAIN_ID_CARD_H
#define DOMAIN_ID_CARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/dates.h"
#include "base/err.h"
#include "base/json.h"
#include "domain/id_number.h"

#define ID_CARD_UNIT 8                                      /* longest form of one 16-bit unit: "[U+D83D]" */
#define ID_CARD_TEXT(units) ((units) * ID_CARD_UNIT + 1)
#define ID_CARD_PHOTO 1024                                  /* bytes of a portrait in WLT */
#define ID_CARD_DATE 88                                     /* a date, or eight units of anything */

enum id_card_type {
	ID_CARD_UNKNOWN,        /* the kind mark is none we know: shown, reported, never dropped */
	ID_CARD_RESIDENT,
	ID_CARD_HMT,            /* residence permit for Hong Kong, Macao and Taiwan residents */
	ID_CARD_FOREIGNER_2017, /* permanent residence card, first layout */
	ID_CARD_FOREIGNER_2023, /* permanent residence card, second layout */
};

const char *id_card_type_name(enum id_card_type type); /* "resident", "hmt", "foreigner-2017", "foreigner-2023", "unknown" */
const char *id_card_type_word(enum id_card_type type); /* translated */

/* What does not agree on a card. Reported, never corrected, never a reason to refuse the card here. */
enum id_card_check {
	ID_CARD_CHECK_TYPE = 1 << 0,     /* kind mark unknown */
	ID_CARD_CHECK_TEXT = 1 << 1,     /* a unit that is no printable character of Unicode, or is of private use */
	ID_CARD_CHECK_NUMBER = 1 << 2,   /* the number has not the shape of this kind of card */
	ID_CARD_CHECK_DIGIT = 1 << 3,    /* check digit */
	ID_CARD_CHECK_BIRTH = 1 << 4,    /* no date, in the future, or not the one in the number */
	ID_CARD_CHECK_SEX = 1 << 5,      /* not the one in the number, or no known code */
	ID_CARD_CHECK_VALIDITY = 1 << 6, /* no dates, or the end before the beginning */
	ID_CARD_CHECK_EXPIRED = 1 << 7,  /* the last day is over */
	ID_CARD_CHECK_NATION = 1 << 8,   /* code not in GB/T 3304 */
	ID_CARD_CHECK_NAME = 1 << 9,     /* no name at all */
};
#define ID_CARD_CHECKS 10

const char *id_card_check_name(enum id_card_check check); /* "type", "text", "number", "check-digit", "birth", "sex", … */
const char *id_card_check_word(enum id_card_check check); /* one translated sentence for the clerk */

struct id_card {
	enum id_card_type type;
	enum id_sex sex;
	date_t birth;
	date_t valid_from;
	date_t valid_to;                     /* DATE_LONG_TERM: 长期 */
	unsigned checks;                     /* enum id_card_check bits */
	bool has_photo;
	uint8_t photo[ID_CARD_PHOTO];        /* WLT, as the card gave it */
	char name[ID_CARD_TEXT(15)];         /* Chinese name; may be "" on a foreigner's card */
	char name_latin[ID_CARD_TEXT(60)];
	char nation_code[ID_CARD_TEXT(2)];   /* GB/T 3304; "" where the kind has none */
	char nation[ID_CARD_TEXT(2)];        /* its word; the code itself when unknown */
	char nationality[ID_CARD_TEXT(3)];   /* three letters, GB/T 2659 */
	char birth_text[ID_CARD_DATE];
	char address[ID_CARD_TEXT(35)];
	char number[ID_CARD_TEXT(18)];
	char authority[ID_CARD_TEXT(15)];    /* a code on foreigners' cards of 2017 */
	char valid_from_text[ID_CARD_DATE];
	char valid_to_text[ID_CARD_DATE];    /* "long-term" for 长期 */
	char permit_number[ID_CARD_TEXT(9)]; /* travel permit, hmt */
	char times_issued[ID_CARD_TEXT(2)];  /* hmt, foreigner-2023 */
};

void id_card_wipe(struct id_card *card);
/* Same card: kind, number, name and validity agree. */
bool id_card_same(const struct id_card *a, const struct id_card *b);
/* Sets card->checks but for TYPE and TEXT, which only whoever read the units can know and which are kept. */
void id_card_check(struct id_card *card, date_t today);
/* What a *_text date of a card is: YYYY-MM-DD or "long-term" and nothing else; DATE_NONE for the card's own text. */
date_t id_card_date(const char *text);
const char *id_card_nation_word(const char *code); /* "汉"; NULL when the code is unknown */

/* The object of DESIGN 12: type, name, name_latin, sex, nation_code, nation, nationality, birth, address,
 * number, authority, valid_from, valid_to, permit_number, times_issued, photo {format "wlt", bytes Base64},
 * checks [names]. Keys that a kind lacks are absent. NULL: no memory. The caller owns it; whoever prints it
 * wipes the text. */
cJSON *id_card_to_json(const struct id_card *card);
/* ERR_JSON names the key, never the value. *card is written on success only. */
int id_card_from_json(struct id_card *card, const cJSON *json, struct err *e);

/* --- events --- */

enum card_event_kind {
	CARD_EVENT_NONE,
	CARD_EVENT_READER,      /* a reader came, or its state changed: reader, reader_kind, cause ERR_NONE = ready */
	CARD_EVENT_READER_GONE,
	CARD_EVENT_CARD,        /* something lies on the reader */
	CARD_EVENT_READING,
	CARD_EVENT_READ,        /* card is filled */
	CARD_EVENT_SAME,        /* the card that was read last, laid down again within 5 s: it is one card, do nothing */
	CARD_EVENT_FAILED,      /* cause, detail; it will be tried again while the card lies there */
	CARD_EVENT_CARD_GONE,
	CARD_EVENT_TROUBLE,     /* no reader of its own: cause (service missing, refused…), ERR_NONE = over; reader is "" */
	CARD_EVENT_COUNT
};

enum card_reader_kind {
	CARD_READER_UNKNOWN, /* tells what it is when a card lies on it */
	CARD_READER_SAMV,    /* our driver: a desktop reader with a security module */
	CARD_READER_PAGES,   /* a reader that serves the pages of an identity card itself */
	CARD_READER_PLAIN,   /* a plain NFC or contact reader: cannot read identity cards */
};

#define CARD_READER_NAME 129     /* pcsc-lite: 128 characters and NUL */
#define CARD_EVENT_LINE 16384    /* longest event line; a card with all its text escaped and its photo stays below 8192 */

struct card_event {
	enum card_event_kind kind;
	enum card_reader_kind reader_kind;
	enum err_code cause;           /* ERR_NONE: no trouble */
	char reader[CARD_READER_NAME];
	char detail[200];              /* technical, English, never personal */
	char module[48];               /* the security module's number, where known */
	int64_t at;                    /* instant (ms) the helper saw it */
	struct id_card card;           /* CARD_EVENT_READ only */
};

const char *card_event_kind_name(enum card_event_kind kind);   /* "reader", "reader-gone", "card", "reading", "read", … */
const char *card_reader_kind_name(enum card_reader_kind kind); /* "samv", "pages", "plain", "unknown" */

/* One line without its end into out (reset first). -1: no memory, or beyond out's ceiling. */
int card_event_write(const struct card_event *ev, struct buf *out);
/* Parses one line of n bytes. ERR_JSON; *ev is written on success only. Unknown kinds are ERR_JSON too:
 * helper and application come from one build. */
int card_event_parse(struct card_event *ev, const char *line, size_t n, struct err *e);
void card_event_wipe(struct card_event *ev);

#endif
