/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/held.h"
#include "base/i18n.h"
#include "base/text.h"
#include "domain/base64.h"
#include "domain/phone.h"

#define TYPED_MAX 1024              /* bytes of one field's typed text, however wrong */
#define FEN_MAX 99999999999LL       /* nine digits of yuan: far beyond any wage, far from overflow */

/* Codes of src/profile/codes/document_types.tsv for the cards a reader reads. */
static const char *const document_of_card[] = {
	[ID_CARD_UNKNOWN] = "",
	[ID_CARD_RESIDENT] = "01",
	[ID_CARD_HMT] = "HMT",
	[ID_CARD_FOREIGNER_2017] = "FPR",
	[ID_CARD_FOREIGNER_2023] = "FPR",
};
#define DOCUMENT_CITIZEN "01"

/* What only some documents bear: the layouts of the four cards are in domain/id_card.h; a passport has a nationality and a Latin name like the
 * permanent residence card. */
static const struct {
	enum field_id field;
	const char *only[3];   /* these types; none: any but … */
	const char *never;
} borne[] = {
	{F_NAME_LATIN, .never = DOCUMENT_CITIZEN},
	{F_NATIONALITY, .never = DOCUMENT_CITIZEN},
	{F_PERMIT_NUMBER, .only = {"HMT"}},
	{F_TIMES_ISSUED, .only = {"HMT", "FPR"}},
};

static const char origin_letters[] = {
	[ORIGIN_NONE] = '-',    [ORIGIN_TYPED] = 't',   [ORIGIN_CARD] = 'c',
	[ORIGIN_CARRIED] = 'r', [ORIGIN_DERIVED] = 'd', [ORIGIN_DEFAULT] = 'p', [ORIGIN_STORED] = 's',
	[ORIGIN_PLATFORM] = 'f',
};

const char *origin_word(enum value_origin o)
{
	static const char *const words[] = {
		[ORIGIN_CARD] = N_("读卡"),
		[ORIGIN_CARRIED] = N_("沿用"),
		[ORIGIN_DERIVED] = N_("推算"),
		[ORIGIN_DEFAULT] = N_("默认"),
		[ORIGIN_PLATFORM] = N_("平台"),
	};

	return (size_t)o < ARRAY_LEN(words) && words[o] ? _(words[o]) : "";
}

void record_init(struct record *r)
{
	*r = (struct record){0};
}

static void drop_value(struct record *r, enum field_id id)
{
	held_drop(r->value[id]);
	r->value[id] = NULL;
	r->origin[id] = ORIGIN_NONE;
	r->lost[id] = false;
}

void record_release(struct record *r)
{
	for (int i = 0; i < FIELD_COUNT; i++)
		drop_value(r, (enum field_id)i);
	wipe(r, sizeof(*r));
}

int record_set(struct record *r, enum field_id id, const char *canonical, enum value_origin origin)
{
	char *copy = NULL;

	if (canonical && *canonical) {
		copy = held_copy(canonical);
		r->lost[id] = !copy;
		if (!copy)
			return -1;
	}
	drop_value(r, id);
	r->value[id] = copy;
	r->origin[id] = copy ? origin : ORIGIN_NONE;
	return 0;
}

int record_copy(struct record *to, const struct record *from)
{
	struct record copy;

	record_init(&copy);
	for (int i = 0; i < FIELD_COUNT; i++)
		if (record_set(&copy, (enum field_id)i, from->value[i], from->origin[i])) {
			record_release(&copy);
			return -1;
		}
	memcpy(copy.lost, from->lost, sizeof(copy.lost));
	copy.from_card = from->from_card;
	copy.has_portrait = from->has_portrait;
	memcpy(copy.portrait, from->portrait, sizeof(copy.portrait));
	record_release(to);
	*to = copy; /* the values are `to`'s now */
	wipe(copy.portrait, sizeof(copy.portrait));
	return 0;
}

const char *record_get(const struct record *r, enum field_id id)
{
	return r->value[id] ? r->value[id] : "";
}

bool record_whole(const struct record *r)
{
	for (int i = 0; i < FIELD_COUNT; i++)
		if (r->lost[i])
			return false;
	return true;
}

bool record_empty(const struct record *r)
{
	for (int i = 0; i < FIELD_COUNT; i++)
		if (r->value[i])
			return false;
	return !r->has_portrait;
}

date_t record_date(const struct record *r, enum field_id id)
{
	date_t d;

	return date_parse(record_get(r, id), &d) ? d : DATE_NONE;
}

/* --- typed text -------------------------------------------------------------------------------------------------------- */

/* Yuan with at most two decimals → fen; commas as people group them. */
static bool fen_of_yuan(const char *typed, char *out, size_t size)
{
	long long fen = 0;
	int decimals = -1;
	bool any = false;

	for (const char *s = typed; *s; s++) {
		if (*s == ',' && decimals < 0 && any)
			continue;
		if (*s == '.' && decimals < 0) {
			decimals = 0;
			continue;
		}
		if (*s < '0' || *s > '9' || decimals == 2)
			return false;
		fen = fen * 10 + (*s - '0');
		any = true;
		decimals += decimals >= 0;
		if (fen > FEN_MAX)
			return false;
	}
	for (int d = decimals < 0 ? 0 : decimals; d < 2; d++)
		fen *= 10;
	return any && fen <= FEN_MAX && text_format(out, size, "%lld", fen);
}

/* Other dots that keyboards and papers put into Uyghur and Kazakh names become the one of the cards, U+00B7. */
static void unify_dots(const char *in, char *out, size_t size)
{
	static const uint32_t dots[] = {0x2022, 0x2027, 0x2219, 0x22C5, 0x30FB, 0xFF65, 0x25CF, 0x2024};
	size_t n = 0, len;
	uint32_t cp;

	for (const char *s = in; *s && (len = text_decode(s, strlen(s), &cp)) > 0; s += len) {
		char bytes[4];
		size_t k;

		for (size_t i = 0; i < ARRAY_LEN(dots); i++)
			if (cp == dots[i])
				cp = 0xB7;
		k = text_encode(cp, bytes);
		if (n + k >= size)
			break;
		memcpy(out + n, bytes, k);
		n += k;
	}
	out[n] = '\0';
}

static bool name_shape(const char *s)
{
	bool latin = true, blank = false;

	for (const char *c = s; *c; c++) {
		if ((unsigned char)*c < 0x20 || (*c >= '0' && *c <= '9'))
			return false;
		latin = latin && (unsigned char)*c < 0x80;
		blank = blank || *c == ' ';
	}
	return latin || !blank;
}

static bool typed_name(const char *typed, char *out, size_t size)
{
	unify_dots(typed, out, size);
	return name_shape(out);
}

static bool typed_date(const struct field *f, const char *typed, char *out)
{
	date_t d;

	if (!date_parse(typed, &d))
		return false;
	if (d == DATE_LONG_TERM && (!f->codes || strcmp(f->codes, "long-term") != 0))
		return false;
	date_format(d, out);
	return true;
}

static bool typed_yes_no(const char *typed, char *out)
{
	static const struct {
		const char *typed, *canonical;
	} words[] = {{"1", "1"}, {"0", "0"}, {"是", "1"}, {"否", "0"}, {"有", "1"}, {"无", "0"},
		     {"y", "1"}, {"n", "0"}, {"Y", "1"},  {"N", "0"},  {"yes", "1"}, {"no", "0"}};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i].typed, typed) == 0) {
			strcpy(out, words[i].canonical);
			return true;
		}
	return false;
}

static bool among(const char *const *types, const char *type)
{
	for (size_t i = 0; types[i]; i++)
		if (!strcmp(types[i], type))
			return true;
	return false;
}

bool record_asks(const struct record *r, enum field_id id)
{
	const char *type = record_get(r, F_DOC_TYPE);

	if (!*type || record_get(r, id)[0])
		return true;
	for (size_t i = 0; i < ARRAY_LEN(borne); i++)
		if (borne[i].field == id)
			return borne[i].never ? strcmp(type, borne[i].never) != 0 : among(borne[i].only, type);
	return true;
}

/* A number of a citizen's shape is made whole and checked elsewhere; any other document keeps its own letters and digits. */
static bool typed_document(const struct record *r, const char *typed, char *out)
{
	const char *type = record_get(r, F_DOC_TYPE);
	char number[ID_NUMBER_TEXT];
	size_t n = 0;

	if (!*type || strcmp(type, DOCUMENT_CITIZEN) == 0) {
		if (!id_number_normalise(typed, number))
			return false;
		strcpy(out, number);
		return true;
	}
	for (const char *s = typed; *s; s++) {
		char c = *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s;

		if (c == ' ')
			continue;
		if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !strchr("()-/", c))
			return false;
		out[n++] = c;
	}
	out[n] = '\0';
	return true;
}

/* typed: valid, narrowed and trimmed, not empty; out: TYPED_MAX bytes. */
static bool canonical(const struct record *r, const struct field *f, const char *typed, char *out)
{
	switch (f->kind) {
	case FIELD_NAME:
		return typed_name(typed, out, TYPED_MAX);
	case FIELD_DIGITS:
		return text_is_digits(typed) && text_copy(out, TYPED_MAX, typed);
	case FIELD_DOCUMENT:
		return typed_document(r, typed, out);
	case FIELD_PHONE:
		return phone_normalise(typed, out);
	case FIELD_DATE:
		return typed_date(f, typed, out);
	case FIELD_MONEY:
		return fen_of_yuan(typed, out, TYPED_MAX);
	case FIELD_YES_NO:
		return typed_yes_no(typed, out);
	case FIELD_BANK_CARD:
		return bank_card_normalise(typed, out);
	case FIELD_TEXT:
	case FIELD_CODE:
	case FIELD_COMPANY:
	case FIELD_TEAM:
		break;
	}
	return text_copy(out, TYPED_MAX, typed);
}

static bool narrowed(enum field_kind kind)
{
	return kind != FIELD_TEXT && kind != FIELD_NAME;
}

bool record_put_typed(struct record *r, enum field_id id, const char *typed)
{
	const struct field *f = field_get(id);
	char text[TYPED_MAX], value[TYPED_MAX];
	bool good;

	if (!f || !text_valid(typed, strlen(typed)))
		return false;
	good = text_copy(text, sizeof(text), typed);
	if (narrowed(f->kind))
		text_narrow(text);
	text_trim(text);
	if (!*text) {
		drop_value(r, id);
		good = true;
		goto out;
	}
	good = good && canonical(r, f, text, value) && text_chars(value) <= f->max_chars;
	if (record_set(r, id, good ? value : text, ORIGIN_TYPED))
		good = false;
out:
	wipe(text, sizeof(text));
	wipe(value, sizeof(value));
	return good;
}

/* --- shown text -------------------------------------------------------------------------------------------------------- */

static void show_money(const char *fen, char *out, size_t size)
{
	size_t n = strlen(fen);

	if (!text_is_digits(fen) || n > 11)
		text_copy(out, size, fen);
	else if (n < 3)
		text_format(out, size, "0.%02d", atoi(fen));
	else if (strcmp(fen + n - 2, "00") == 0)
		text_format(out, size, "%.*s", (int)(n - 2), fen);
	else
		text_format(out, size, "%.*s.%s", (int)(n - 2), fen, fen + n - 2);
}

bool money_parse(const char *yuan, int64_t *fen)
{
	char text[32];

	if (!fen_of_yuan(yuan, text, sizeof(text)))
		return false;
	*fen = strtoll(text, NULL, 10);
	return true;
}

void money_show(int64_t fen, char *out, size_t size)
{
	text_format(out, size, "%lld.%02d", (long long)(fen / 100), (int)(fen % 100));
}

void record_show(const struct record *r, enum field_id id, char *out, size_t size)
{
	const struct field *f = field_get(id);
	const char *value = record_get(r, id);

	if (f->kind == FIELD_MONEY && *value)
		show_money(value, out, size);
	else if (f->kind == FIELD_DATE && record_date(r, id) == DATE_LONG_TERM)
		text_copy(out, size, _("长期"));
	else if (f->kind == FIELD_YES_NO && *value)
		text_copy(out, size, strcmp(value, "1") == 0 ? _("是") : strcmp(value, "0") == 0 ? _("否") : value);
	else
		text_copy(out, size, value);
}

/* --- card ---------------------------------------------------------------------------------------------------------------- */

static const char *sex_code(enum id_sex sex)
{
	return sex == ID_SEX_UNKNOWN ? "" : id_sex_name(sex);
}

int record_from_card(struct record *r, const struct id_card *card)
{
	const struct {
		enum field_id id;
		const char *value;
	} said[] = {
		{F_DOC_TYPE, (unsigned)card->type < ARRAY_LEN(document_of_card) ? document_of_card[card->type] : ""},
		{F_NUMBER, card->number},
		{F_NAME, *card->name ? card->name : card->name_latin},
		{F_NAME_LATIN, card->name_latin},
		{F_SEX, sex_code(card->sex)},
		{F_NATION, card->nation_code},
		{F_BIRTH, card->birth_text},
		{F_ADDRESS, card->address},
		{F_AUTHORITY, card->authority},
		{F_VALID_FROM, card->valid_from_text},
		{F_VALID_TO, card->valid_to_text},
		{F_NATIONALITY, card->nationality},
		{F_PERMIT_NUMBER, card->permit_number},
		{F_TIMES_ISSUED, card->times_issued},
	};

	for (size_t i = 0; i < ARRAY_LEN(said); i++)
		if (record_set(r, said[i].id, said[i].value, ORIGIN_CARD))
			return -1;
	r->from_card = true;
	r->has_portrait = card->has_photo;
	wipe(r->portrait, sizeof(r->portrait));
	if (card->has_photo)
		memcpy(r->portrait, card->photo, sizeof(r->portrait));
	return 0;
}

/* --- JSON ---------------------------------------------------------------------------------------------------------------- */

static int add_values(cJSON *values, cJSON *origins, const struct record *r)
{
	for (int i = 0; i < FIELD_COUNT; i++) {
		const char letter[2] = {origin_letters[r->origin[i]], '\0'};
		const char *name = field_get((enum field_id)i)->name;

		if (!r->value[i])
			continue;
		if (!cJSON_AddStringToObject(values, name, r->value[i]) || !cJSON_AddStringToObject(origins, name, letter))
			return -1;
	}
	return 0;
}

static int add_portrait(cJSON *json, const struct record *r)
{
	char text[BASE64_TEXT(sizeof(r->portrait))];
	bool added;

	if (!r->has_portrait)
		return 0;
	base64_encode(text, r->portrait, sizeof(r->portrait));
	added = cJSON_AddStringToObject(json, "portrait", text) != NULL;
	wipe(text, sizeof(text));
	return added ? 0 : -1;
}

cJSON *record_to_json(const struct record *r)
{
	cJSON *json = cJSON_CreateObject();
	cJSON *values = cJSON_AddObjectToObject(json, "values");
	cJSON *origins = cJSON_AddObjectToObject(json, "origins");

	if (values && origins && add_values(values, origins, r) == 0 &&
	    cJSON_AddBoolToObject(json, "from_card", r->from_card) && add_portrait(json, r) == 0)
		return json;
	cJSON_Delete(json);
	return NULL;
}

static enum value_origin origin_of(const cJSON *origins, const char *name)
{
	const char *letter = json_string(origins, name);

	for (size_t i = 0; letter && i < sizeof(origin_letters); i++)
		if (letter[0] == origin_letters[i] && letter[1] == '\0')
			return (enum value_origin)i;
	return ORIGIN_TYPED;
}

static int take_value(struct record *r, const cJSON *item, const cJSON *origins, struct err *e)
{
	const struct field *f = field_by_name(item->string);

	if (!f)
		return 0; /* a newer program's field */
	if (!cJSON_IsString(item))
		return err_set(e, ERR_JSON, "record: %s is no text", f->name);
	if (strlen(item->valuestring) >= TYPED_MAX)
		return err_set(e, ERR_TOO_LARGE, "record: %s", f->name);
	if (record_set(r, f->id, item->valuestring, origin_of(origins, f->name)))
		return err_set(e, ERR_MEMORY, "record");
	return 0;
}

static int take_portrait(struct record *r, const cJSON *json, struct err *e)
{
	const cJSON *item = json_get(json, "portrait");
	size_t n = 0;

	if (!item)
		return 0;
	if (!cJSON_IsString(item) || !base64_decode(r->portrait, sizeof(r->portrait), &n, item->valuestring) ||
	    n != sizeof(r->portrait))
		return err_set(e, ERR_JSON, "record: portrait");
	r->has_portrait = true;
	return 0;
}

int record_from_json(struct record *r, const cJSON *json, struct err *e)
{
	const cJSON *values = json_get(json, "values"), *origins = json_get(json, "origins"), *item;
	struct record read;
	int ret = -1;

	record_init(&read);
	if (!cJSON_IsObject(values)) {
		err_set(e, ERR_JSON, "record: no values");
		goto out;
	}
	cJSON_ArrayForEach(item, values) {
		if (take_value(&read, item, origins, e))
			goto out;
	}
	if (take_portrait(&read, json, e))
		goto out;
	read.from_card = json_bool(json, "from_card", false);
	record_release(r);
	*r = read;
	record_init(&read);
	ret = 0;
out:
	record_release(&read);
	return ret;
}
