/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "open_api/answer.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

#define TEAM_LEAST 9 /* digits of a team's number, as seen */
#define TEAM_MOST 10
#define PERSONAL 11 /* so long a run of digits is a phone, a document or a card */
#define SHOWN 4

/* --- words of strangers --- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Letters and digits together: H12345678, 440199199106180063, 44019919910618006X. */
static size_t run_of(const char *s, size_t *digits)
{
	size_t n = 0;

	*digits = 0;
	for (; is_digit(s[n]) || is_letter(s[n]); n++)
		*digits += is_digit(s[n]);
	return n;
}

void open_api_mask(char *sentence)
{
	size_t n, digits;

	for (char *s = sentence; *s; s += n ? n : 1) {
		n = run_of(s, &digits);
		/* a permit is a letter and eight digits; serial numbers of results have dashes and stay */
		if (digits >= PERSONAL || (digits >= 7 && digits + 2 >= n && n > digits))
			memset(s, '*', n - SHOWN);
	}
}

static void tame(char *out, size_t size, const char *said)
{
	uint32_t cp;

	if (!text_copy(out, size, said ? said : "") && size > 4)
		out[size - 1] = '\0';
	for (size_t at = 0, len; out[at]; at += len) {
		len = text_decode(out + at, strlen(out + at), &cp);
		if (!len) {
			out[at] = '\0';
			return;
		}
		if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
			memset(out + at, ' ', len);
	}
	text_trim(out);
}

/* "[workerList][0][headImage]不能为空!": the last name in brackets that is no index. */
static void field_of(const char *sentence, char out[OPEN_API_WORD])
{
	out[0] = '\0';
	for (const char *s = sentence; *s == '[';) {
		const char *end = strchr(s, ']');
		size_t n = end ? (size_t)(end - s - 1) : 0;

		if (!n || n >= OPEN_API_WORD)
			return;
		if (is_letter(s[1])) {
			memcpy(out, s + 1, n);
			out[n] = '\0';
		}
		s = end + 1;
	}
	for (const char *c = out; *c; c++) {
		if (!is_letter(*c) && !is_digit(*c))
			out[0] = '\0';
	}
}

static void team_number(const char *sentence, char out[OPEN_API_NUMBER])
{
	for (const char *s = sentence; *s;) {
		size_t digits, n = run_of(s, &digits);

		if (n == digits && n >= TEAM_LEAST && n <= TEAM_MOST) {
			memcpy(out, s, n);
			out[n] = '\0';
		}
		s += n ? n : 1;
	}
}

/* Failures that mean: it is there already. Seen at several platforms, always in words, never with a code of
 * their own. Words alone prove nothing (a phone number may "exist" too): the dialect asks the platform for
 * the record before it believes them. */
static const char *const present_words[] = {"已存在", "已经存在", "已在项目", "已在该项目", "已经在项目"};

static bool means_present(const char *sentence)
{
	for (size_t i = 0; i < ARRAY_LEN(present_words); i++) {
		if (strstr(sentence, present_words[i]))
			return true;
	}
	return false;
}

static void refused(struct open_api_answer *out, const char *said)
{
	char whole[4 * OPEN_API_REASON];

	tame(whole, sizeof(whole), said);
	out->said = means_present(whole) ? OPEN_API_PRESENT : OPEN_API_REFUSED;
	if (out->said == OPEN_API_PRESENT)
		team_number(whole, out->number);
	field_of(whole, out->field);
	open_api_mask(whole);
	text_copy(out->reason, sizeof(out->reason), whole);
	wipe(whole, sizeof(whole));
}

/* --- codes --- */

/* Below 0 and 9999: the standard's own codes, the same for every method. */
static const struct {
	int64_t code;
	enum open_api_said said;
	enum err_code trouble;
} codes[] = {
	{-1, OPEN_API_REFUSED, ERR_NONE},	{-2, OPEN_API_AWAY, ERR_NET_UNAUTHORIZED},
	{-3, OPEN_API_AWAY, ERR_NET_REFUSED},	{-4, OPEN_API_AWAY, ERR_NET_REFUSED},
	{-5, OPEN_API_AWAY, ERR_NET_SLOW_DOWN}, {9999, OPEN_API_UNCLEAR, ERR_NONE},
};

/* A number or its text. */
static bool code_of(const cJSON *doc, int64_t *out)
{
	const cJSON *v = json_get(doc, "code");
	const char *text = cJSON_IsString(v) ? v->valuestring : NULL;
	char *end;

	if (cJSON_IsNumber(v)) {
		*out = json_int(doc, "code", INT64_MIN);
		return *out != INT64_MIN;
	}
	if (!text || !*text || strlen(text) > 9)
		return false;
	*out = strtoll(text, &end, 10);
	return !*end;
}

/* A bad parameter of the call itself, which is nobody's record: the account, the clock, the form. */
static const char *const call_words[] = {"appid", "timestamp", "时间戳",   "nonce",
					 "sign",  "签名",      "appsecret"};

static bool about_the_call(const char *said)
{
	for (size_t i = 0; said && i < ARRAY_LEN(call_words); i++) {
		if (strstr(said, call_words[i]))
			return true;
	}
	return false;
}

static void judge_code(int64_t code, const cJSON *doc, struct open_api_answer *out)
{
	text_format(out->code, sizeof(out->code), "open-api-%lld", (long long)code);
	if (code == -1 && about_the_call(json_string(doc, "message")))
		code = -2;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		if (codes[i].code == code && codes[i].said != OPEN_API_REFUSED) {
			out->said = codes[i].said;
			out->trouble = codes[i].trouble;
			tame(out->reason, sizeof(out->reason), json_string(doc, "message"));
			open_api_mask(out->reason);
			return;
		}
	}
	refused(out, json_string(doc, "message"));
}

/* Whatever comes with code 0; `data` may be null. The caller deletes *doc. */
static bool open_envelope(const char *text, size_t n, cJSON **doc, const cJSON **data,
			  struct open_api_answer *out)
{
	int64_t code;

	*out = (struct open_api_answer){.said = OPEN_API_UNCLEAR};
	*doc = NULL;
	if (json_parse(doc, text, n, OPEN_API_ANSWER_MAX, NULL))
		return false;
	if (!cJSON_IsObject(*doc) || !code_of(*doc, &code))
		return false;
	if (code) {
		judge_code(code, *doc, out);
		return false;
	}
	*data = json_get(*doc, "data");
	return true;
}

void open_api_read_answer(const char *text, size_t n, struct open_api_answer *out)
{
	const cJSON *data;
	cJSON *doc;

	if (open_envelope(text, n, &doc, &data, out)) {
		tame(out->number, sizeof(out->number), json_string(data, "requestSerialCode"));
		out->said = out->number[0] ? OPEN_API_TAKEN : OPEN_API_DONE;
	}
	cJSON_Delete(doc);
}

/* --- asynchronous results --- */

/* The number that a finished result names: an object, or a string that holds one, or an array of them. */
static void number_of(const cJSON *result, struct open_api_answer *out)
{
	static const char *const names[] = {"teamSysNo", "projectCode", "payrollCode"};
	cJSON *inner = NULL;

	if (cJSON_IsString(result) &&
	    !json_parse(&inner, result->valuestring, strlen(result->valuestring), OPEN_API_ANSWER_MAX, NULL))
		result = inner;
	if (cJSON_IsArray(result))
		result = cJSON_GetArrayItem(result, 0);
	for (size_t i = 0; i < ARRAY_LEN(names) && !out->number[0]; i++) {
		const cJSON *v = json_get(result, names[i]);

		if (cJSON_IsString(v))
			tame(out->number, sizeof(out->number), v->valuestring);
		else if (cJSON_IsNumber(v) && json_int(result, names[i], -1) >= 0)
			text_format(out->number, sizeof(out->number), "%lld",
				    (long long)json_int(result, names[i], 0));
	}
	cJSON_Delete(inner);
}

/* A question that was refused tells nothing about the record: the serial number may be too old, for one. */
static void about_the_question(struct open_api_answer *out)
{
	if (out->said == OPEN_API_REFUSED || out->said == OPEN_API_PRESENT)
		*out = (struct open_api_answer){.said = OPEN_API_UNCLEAR};
}

static int64_t status_of(const cJSON *data)
{
	const char *text = json_string(data, "status");

	return text ? (text_is_digits(text) && strlen(text) < 6 ? strtoll(text, NULL, 10) : -1)
		    : json_int(data, "status", -1);
}

/* A failure's prose; as an object or array its text serves. */
static void failure_of(const cJSON *result, struct open_api_answer *out)
{
	char *text = cJSON_IsString(result) ? NULL : json_text(result);

	refused(out, cJSON_IsString(result) ? result->valuestring : text);
	if (text)
		wipe(text, strlen(text));
	free(text);
}

void open_api_read_result(const char *text, size_t n, struct open_api_answer *out)
{
	const cJSON *data, *result;
	cJSON *doc;

	if (open_envelope(text, n, &doc, &data, out)) {
		result = json_get(data, "result");
		switch (status_of(data)) {
		case 0:
			out->said = OPEN_API_LATER;
			break;
		case 20:
			out->said = OPEN_API_DONE;
			number_of(result, out);
			break;
		case 10:
			text_copy(out->code, sizeof(out->code), "open-api-async");
			failure_of(result, out);
			break;
		default:
			break;
		}
	} else {
		about_the_question(out);
	}
	cJSON_Delete(doc);
}

/* --- queries --- */

/* Plain text of a value: numbers as digits, sealed fields opened. */
static bool plain(const cJSON *object, const char *name, const struct open_api_key *key, struct buf *out)
{
	const cJSON *v = json_get(object, name);

	buf_reset(out);
	if (cJSON_IsNumber(v))
		return !buf_addf(out, "%lld", (long long)json_int(object, name, -1));
	if (!cJSON_IsString(v))
		return false;
	if (key && open_api_is_sealed(name))
		return !open_api_unseal(key->secret, v->valuestring, out, NULL) && out->len;
	return !buf_adds(out, v->valuestring) && out->len;
}

static bool row_is_ours(const cJSON *row, const struct open_api_method *m, const struct open_api_key *key,
			const cJSON *body)
{
	struct buf ours, theirs;
	bool same = m->match != NULL; /* an update's query tells nothing of what it set */

	buf_init(&ours, 8192);
	buf_init(&theirs, 8192);
	for (const char *const *name = m->match; same && *name; name++)
		same = plain(body, *name, NULL, &ours) && plain(row, *name, key, &theirs) &&
		       !strcmp(ours.data, theirs.data);
	if (same && m->type >= 0) {
		const char *text = json_string(row, "type");

		same = (text && text[0] == '0' + m->type && !text[1]) || json_int(row, "type", -1) == m->type;
	}
	buf_wipe_release(&ours);
	buf_wipe_release(&theirs);
	return same;
}

static void find_row(const cJSON *rows, const struct open_api_method *m, const struct open_api_key *key,
		     const cJSON *body, struct open_api_answer *out)
{
	const cJSON *row;
	struct buf number;

	buf_init(&number, OPEN_API_NUMBER - 1);
	out->said = OPEN_API_LATER;
	cJSON_ArrayForEach(row, rows)
	{
		if (!row_is_ours(row, m, key, body))
			continue;
		out->said = OPEN_API_PRESENT;
		if (m->number && plain(row, m->number, NULL, &number))
			tame(out->number, sizeof(out->number), number.data);
		break;
	}
	buf_release(&number);
}

void open_api_read_rows(const char *text, size_t n, const struct open_api_method *m,
			const struct open_api_key *key, const cJSON *body, struct open_api_answer *out)
{
	const cJSON *data, *rows;
	cJSON *doc;

	if (open_envelope(text, n, &doc, &data, out)) {
		rows = json_get(data, "rows");
		if (cJSON_IsArray(rows))
			find_row(rows, m, key, body, out);
	} else {
		about_the_question(out);
	}
	cJSON_Delete(doc);
}
