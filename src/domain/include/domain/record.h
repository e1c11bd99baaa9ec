/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A record: what a registration form holds, value by field, as text. The form fills it, the draft keeps it, the desk checks and
 * stores it, the wire is made from it, the command line reads and prints it.
 *
 * Values are valid UTF-8, at most field->max_chars characters; NULL and "" both mean empty. The record owns its values.
 * record_release() wipes them. Values are canonical (dates YYYY-MM-DD, money in fen, X upper case, codes as codes); what the clerk
 * typed becomes canonical through record_put_typed().
 */
#ifndef DOMAIN_RECORD_H
#define DOMAIN_RECORD_H

#include <stdbool.h>

#include "base/dates.h"
#include "base/err.h"
#include "base/json.h"
#include "domain/field.h"
#include "domain/id_card.h"

/* Stored by number: new ones go to the end. */
enum value_origin {
	ORIGIN_NONE,
	ORIGIN_TYPED,
	ORIGIN_CARD,    /* read from the card: locked, marked 读卡 */
	ORIGIN_CARRIED, /* taken over from the record before: marked 沿用 */
	ORIGIN_DERIVED, /* computed from another field (birth and sex from the number) */
	ORIGIN_STORED,  /* as it stands in the person's file */
	ORIGIN_DEFAULT, /* the profile's usual value: marked 默认 */
	ORIGIN_PLATFORM /* as another site of the firm registered it (L8): marked 平台 */
};

struct record {
	char *value[FIELD_COUNT];
	enum value_origin origin[FIELD_COUNT];
	bool lost[FIELD_COUNT];         /* there was no memory for what was last to be set here: what stands here is older */
	bool from_card;                 /* identity fields came from a card */
	unsigned char portrait[1024];   /* WLT as the card gave it; valid when has_portrait */
	bool has_portrait;
};

/* 读卡, 沿用, 推算 or 默认, translated; "" where the value needs no mark. */
const char *origin_word(enum value_origin o);

void record_init(struct record *r);
void record_release(struct record *r);              /* wipes; accepts a zeroed record */
int record_copy(struct record *to, const struct record *from);
int record_set(struct record *r, enum field_id id, const char *canonical, enum value_origin origin); /* -1: no memory */
const char *record_get(const struct record *r, enum field_id id); /* never NULL */
/* Nothing that was to be set is missing for want of memory. What is not whole is neither stored nor kept as a draft: the desk says ERR_MEMORY. Setting
 * the field again makes it whole. */
bool record_whole(const struct record *r);
bool record_empty(const struct record *r);
/* Can this field stand on a document of the record's type (a citizen's card has no permit number)? Always true of what has a value, and while no type is chosen. */
bool record_asks(const struct record *r, enum field_id id);
date_t record_date(const struct record *r, enum field_id id);     /* DATE_NONE when empty or no date */

/* Typed text into canonical text (narrowed, trimmed, dates and money recognised, x → X). False: not of the field's kind; the typed
 * text is then kept as it is, so that nothing is lost, and the check reports it. */
bool record_put_typed(struct record *r, enum field_id id, const char *typed);
/* Canonical text as the clerk sees it (money in yuan, 长期). Codes are shown by the profile's words, not here. */
void record_show(const struct record *r, enum field_id id, char *out, size_t size);

/* Yuan as people type them (at most two decimals, commas) → whole fen, and back. false: no such amount. */
bool money_parse(const char *yuan, int64_t *fen);
void money_show(int64_t fen, char *out, size_t size);

/* Fills the card's fields from a card, origin ORIGIN_CARD, and keeps everything else. */
int record_from_card(struct record *r, const struct id_card *card);

/* As JSON object {"values":{name:text…},"origins":{name:letter…},"from_card":bool,"portrait":base64}, both ways; unknown names are ignored. */
cJSON *record_to_json(const struct record *r);
int record_from_json(struct record *r, const cJSON *json, struct err *e);

#endif
