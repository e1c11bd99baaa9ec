/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/id_card.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "domain/base64.h"

/* --- names and words --- */

struct word {
	const char *name;
	const char *word;
};

static const struct word types[] = {
	[ID_CARD_UNKNOWN] = { "unknown", N_("未知证件") },
	[ID_CARD_RESIDENT] = { "resident", N_("居民身份证") },
	[ID_CARD_HMT] = { "hmt", N_("港澳台居民居住证") },
	[ID_CARD_FOREIGNER_2017] = { "foreigner-2017", N_("外国人永久居留身份证（2017 版）") },
	[ID_CARD_FOREIGNER_2023] = { "foreigner-2023", N_("外国人永久居留身份证（2023 版）") },
};

/* In the order of the bits. */
static const struct word checks[ID_CARD_CHECKS] = {
	{ "type", N_("证件类别标记不认识") },
	{ "text", N_("证件上有无法显示的字符，请对照证件核对") },
	{ "number", N_("证件号码的格式与证件类别不符") },
	{ "check-digit", N_("证件号码的校验位不对") },
	{ "birth", N_("出生日期与证件号码不一致") },
	{ "sex", N_("性别与证件号码不一致") },
	{ "validity", N_("有效期限有误") },
	{ "expired", N_("证件已过有效期") },
	{ "nation", N_("民族代码不认识") },
	{ "name", N_("证件上没有姓名") },
};

const char *id_card_type_name(enum id_card_type type)
{
	return types[(size_t)type < ARRAY_LEN(types) ? type : ID_CARD_UNKNOWN].name;
}

const char *id_card_type_word(enum id_card_type type)
{
	return _(types[(size_t)type < ARRAY_LEN(types) ? type : ID_CARD_UNKNOWN].word);
}

static bool type_from_name(const char *name, enum id_card_type *out)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (strcmp(types[i].name, name) == 0) {
			*out = (enum id_card_type)i;
			return true;
		}
	}
	return false;
}

static const struct word *check_row(enum id_card_check check)
{
	for (size_t i = 0; i < ID_CARD_CHECKS; i++) {
		if ((unsigned)check == 1u << i)
			return &checks[i];
	}
	return NULL;
}

const char *id_card_check_name(enum id_card_check check)
{
	const struct word *row = check_row(check);

	return row ? row->name : "";
}

const char *id_card_check_word(enum id_card_check check)
{
	const struct word *row = check_row(check);

	return row ? _(row->word) : "";
}

/* GB/T 3304-1991, by number; the words are data of the card, not of the screen, and are not translated. */
const char *id_card_nation_word(const char *code)
{
	static const char *const words[] = {
		"汉", "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮", "布依", "朝鲜", "满", "侗", "瑶", "白", "土家",
		"哈尼", "哈萨克", "傣", "黎", "傈僳", "佤", "畲", "高山", "拉祜", "水", "东乡", "纳西", "景颇",
		"柯尔克孜", "土", "达斡尔", "仫佬", "羌", "布朗", "撒拉", "毛南", "仡佬", "锡伯", "阿昌", "普米",
		"塔吉克", "怒", "乌孜别克", "俄罗斯", "鄂温克", "德昂", "保安", "裕固", "京", "塔塔尔", "独龙",
		"鄂伦春", "赫哲", "门巴", "珞巴", "基诺",
	};
	size_t n;

	if (strlen(code) != 2 || !text_is_digits(code))
		return NULL;
	n = (size_t)(code[0] - '0') * 10 + (size_t)(code[1] - '0');
	if (n >= 1 && n <= ARRAY_LEN(words))
		return words[n - 1];
	if (n == 97)
		return "其他";
	return n == 98 ? "外国血统中国籍人士" : NULL;
}

/* --- checks --- */

static bool number_fits_type(const struct id_card *card)
{
	static const enum id_number_kind wanted[] = {
		[ID_CARD_RESIDENT] = ID_NUMBER_CITIZEN,
		[ID_CARD_HMT] = ID_NUMBER_HMT,
		[ID_CARD_FOREIGNER_2017] = ID_NUMBER_FOREIGNER_OLD,
		[ID_CARD_FOREIGNER_2023] = ID_NUMBER_FOREIGNER,
	};
	enum id_number_kind kind = id_number_kind_of(card->number);

	if (card->type == ID_CARD_UNKNOWN)
		return kind != ID_NUMBER_NONE;
	return kind == wanted[card->type];
}

static unsigned check_number(const struct id_card *card, date_t today)
{
	unsigned faults = id_number_faults(card->number, today), found = 0;
	date_t born;

	if (!number_fits_type(card) || faults & (ID_NUMBER_FAULT_SHAPE | ID_NUMBER_FAULT_REGION))
		found |= ID_CARD_CHECK_NUMBER;
	if (faults & ID_NUMBER_FAULT_DIGIT)
		found |= ID_CARD_CHECK_DIGIT;
	if (faults & ID_NUMBER_FAULT_BIRTH)
		found |= ID_CARD_CHECK_BIRTH;
	if (faults & ID_NUMBER_FAULT_SHAPE)
		return found;
	if (id_number_birth(card->number, &born) && born != card->birth)
		found |= ID_CARD_CHECK_BIRTH;
	if (id_number_sex(card->number) != ID_SEX_UNKNOWN && id_number_sex(card->number) != card->sex)
		found |= ID_CARD_CHECK_SEX;
	return found;
}

static unsigned check_dates(const struct id_card *card, date_t today)
{
	unsigned found = 0;

	if (card->birth == DATE_NONE || (today != DATE_NONE && card->birth > today))
		found |= ID_CARD_CHECK_BIRTH;
	if (card->valid_from == DATE_NONE || card->valid_to == DATE_NONE || card->valid_from > card->valid_to)
		found |= ID_CARD_CHECK_VALIDITY;
	/* The last day still counts. */
	if (today != DATE_NONE && card->valid_to != DATE_NONE && card->valid_to < today)
		found |= ID_CARD_CHECK_EXPIRED;
	return found;
}

void id_card_check(struct id_card *card, date_t today)
{
	unsigned found = card->checks & (ID_CARD_CHECK_TYPE | ID_CARD_CHECK_TEXT);

	found |= check_number(card, today) | check_dates(card, today);
	if (card->sex != ID_SEX_MALE && card->sex != ID_SEX_FEMALE)
		found |= ID_CARD_CHECK_SEX;
	if (card->type == ID_CARD_RESIDENT && !id_card_nation_word(card->nation_code))
		found |= ID_CARD_CHECK_NATION;
	if (!*card->name && !*card->name_latin)
		found |= ID_CARD_CHECK_NAME;
	card->checks = found;
}

void id_card_wipe(struct id_card *card)
{
	wipe(card, sizeof(*card));
}

bool id_card_same(const struct id_card *a, const struct id_card *b)
{
	return a->type == b->type && strcmp(a->number, b->number) == 0 && strcmp(a->name, b->name) == 0 &&
	       strcmp(a->name_latin, b->name_latin) == 0 && strcmp(a->valid_from_text, b->valid_from_text) == 0 &&
	       strcmp(a->valid_to_text, b->valid_to_text) == 0;
}

/* --- JSON: one row a key --- */

#define KIND(type) (1u << (type))
#define CHINESE (KIND(ID_CARD_RESIDENT) | KIND(ID_CARD_HMT))
#define FOREIGN (KIND(ID_CARD_FOREIGNER_2017) | KIND(ID_CARD_FOREIGNER_2023))
#define EVERY (CHINESE | FOREIGN)

struct text_key {
	const char *key;
	size_t offset;
	size_t size;
	unsigned kinds; /* which kinds of card have it; others show it only when it is not empty */
};

#define TEXT_KEY(key, member, kinds) { key, offsetof(struct id_card, member), sizeof(((struct id_card *)0)->member), kinds }

static const struct text_key text_keys[] = {
	TEXT_KEY("name", name, EVERY),
	TEXT_KEY("name_latin", name_latin, FOREIGN),
	TEXT_KEY("nation_code", nation_code, KIND(ID_CARD_RESIDENT)),
	TEXT_KEY("nation", nation, KIND(ID_CARD_RESIDENT)),
	TEXT_KEY("nationality", nationality, FOREIGN),
	TEXT_KEY("birth", birth_text, EVERY),
	TEXT_KEY("address", address, CHINESE),
	TEXT_KEY("number", number, EVERY),
	TEXT_KEY("authority", authority, CHINESE | KIND(ID_CARD_FOREIGNER_2017)),
	TEXT_KEY("valid_from", valid_from_text, EVERY),
	TEXT_KEY("valid_to", valid_to_text, EVERY),
	TEXT_KEY("permit_number", permit_number, KIND(ID_CARD_HMT)),
	TEXT_KEY("times_issued", times_issued, KIND(ID_CARD_HMT) | KIND(ID_CARD_FOREIGNER_2023)),
};

static bool add_texts(cJSON *json, const struct id_card *card)
{
	for (size_t i = 0; i < ARRAY_LEN(text_keys); i++) {
		const char *text = (const char *)card + text_keys[i].offset;

		if (!*text && !(text_keys[i].kinds & KIND(card->type)))
			continue;
		if (!cJSON_AddStringToObject(json, text_keys[i].key, text))
			return false;
	}
	return true;
}

static bool add_photo(cJSON *json, const struct id_card *card)
{
	char bytes[BASE64_TEXT(ID_CARD_PHOTO)];
	cJSON *photo;
	bool done;

	if (!card->has_photo)
		return true;
	photo = cJSON_AddObjectToObject(json, "photo");
	base64_encode(bytes, card->photo, sizeof(card->photo));
	done = photo && cJSON_AddStringToObject(photo, "format", "wlt") &&
	       cJSON_AddStringToObject(photo, "bytes", bytes);
	wipe(bytes, sizeof(bytes));
	return done;
}

static bool add_checks(cJSON *json, const struct id_card *card)
{
	cJSON *list = cJSON_AddArrayToObject(json, "checks");

	if (!list)
		return false;
	for (size_t i = 0; i < ID_CARD_CHECKS; i++) {
		cJSON *name;

		if (!(card->checks & 1u << i))
			continue;
		name = cJSON_CreateString(checks[i].name);
		if (!name || !cJSON_AddItemToArray(list, name)) {
			cJSON_Delete(name);
			return false;
		}
	}
	return true;
}

cJSON *id_card_to_json(const struct id_card *card)
{
	cJSON *json = cJSON_CreateObject();

	if (json && cJSON_AddStringToObject(json, "type", id_card_type_name(card->type)) &&
	    cJSON_AddStringToObject(json, "sex", id_sex_name(card->sex)) && add_texts(json, card) &&
	    add_photo(json, card) && add_checks(json, card))
		return json;
	cJSON_Delete(json);
	return NULL;
}

date_t id_card_date(const char *text)
{
	date_t d;

	if (strcmp(text, "long-term") == 0)
		return DATE_LONG_TERM;
	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' || !date_parse(text, &d))
		return DATE_NONE;
	return d;
}

static int get_texts(struct id_card *card, const cJSON *json, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(text_keys); i++) {
		const cJSON *item = json_get(json, text_keys[i].key);

		if (!item)
			continue;
		if (!cJSON_IsString(item))
			return err_set(e, ERR_JSON, "card: %s is no text", text_keys[i].key);
		if (!text_copy((char *)card + text_keys[i].offset, text_keys[i].size, item->valuestring))
			return err_set(e, ERR_JSON, "card: %s is too long", text_keys[i].key);
	}
	card->birth = id_card_date(card->birth_text);
	card->valid_from = id_card_date(card->valid_from_text);
	card->valid_to = id_card_date(card->valid_to_text);
	if (card->birth == DATE_LONG_TERM || card->valid_from == DATE_LONG_TERM)
		return err_set(e, ERR_JSON, "card: long-term can only be an end");
	return 0;
}

static int get_photo(struct id_card *card, const cJSON *json, struct err *e)
{
	const cJSON *photo = json_get(json, "photo");
	const char *format, *bytes;
	size_t n = 0;

	if (!photo)
		return 0;
	if (json_need_string(photo, "format", &format, e) < 0 || json_need_string(photo, "bytes", &bytes, e) < 0)
		return -1;
	if (strcmp(format, "wlt") != 0)
		return err_set(e, ERR_JSON, "card: unknown photo format");
	if (!base64_decode(card->photo, sizeof(card->photo), &n, bytes) || n != sizeof(card->photo))
		return err_set(e, ERR_JSON, "card: photo is not %d bytes of Base64", ID_CARD_PHOTO);
	card->has_photo = true;
	return 0;
}

static bool check_from_name(const char *name, unsigned *bits)
{
	for (size_t i = 0; i < ID_CARD_CHECKS; i++) {
		if (strcmp(checks[i].name, name) == 0) {
			*bits |= 1u << i;
			return true;
		}
	}
	return false;
}

static int get_checks(struct id_card *card, const cJSON *json, struct err *e)
{
	const cJSON *list = json_get(json, "checks"), *item;

	if (!list)
		return 0;
	if (!cJSON_IsArray(list))
		return err_set(e, ERR_JSON, "card: checks is no list");
	cJSON_ArrayForEach(item, list) {
		if (!cJSON_IsString(item) || !check_from_name(item->valuestring, &card->checks))
			return err_set(e, ERR_JSON, "card: unknown check");
	}
	return 0;
}

int id_card_from_json(struct id_card *card, const cJSON *json, struct err *e)
{
	struct id_card got = { .birth = DATE_NONE, .valid_from = DATE_NONE, .valid_to = DATE_NONE };
	const char *type, *sex;
	int rc = -1;

	if (json_need_string(json, "type", &type, e) < 0 || json_need_string(json, "sex", &sex, e) < 0)
		goto out;
	if (!type_from_name(type, &got.type) || !id_sex_from_name(sex, &got.sex)) {
		err_set(e, ERR_JSON, "card: unknown type or sex");
		goto out;
	}
	if (get_texts(&got, json, e) < 0 || get_photo(&got, json, e) < 0 || get_checks(&got, json, e) < 0)
		goto out;
	*card = got;
	rc = 0;
out:
	id_card_wipe(&got);
	return rc;
}
