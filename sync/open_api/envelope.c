/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "open_api/envelope.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/text.h"
#include "base/uid.h"

#define BODY_MAX (16u << 20)
#define UNRESERVED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
#define DAY_MS 86400000LL
#define CHINA_MS (8 * 3600000LL)

static const char *const digests[] = {[OPEN_API_SHA256] = "sha256", [OPEN_API_MD5] = "md5"};
static const char *const times[] = {
	[OPEN_API_TIME_COMPACT] = "compact", [OPEN_API_TIME_MS] = "ms", [OPEN_API_TIME_STAMP] = "stamp"};

static bool word_index(const char *const *words, size_t n, const char *word, size_t *out)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(words[i], word)) {
			*out = i;
			return true;
		}
	}
	return false;
}

bool open_api_digest_parse(const char *word, enum open_api_digest *out)
{
	size_t i;

	if (!word_index(digests, ARRAY_LEN(digests), word, &i))
		return false;
	*out = (enum open_api_digest)i;
	return true;
}

bool open_api_time_parse(const char *word, enum open_api_time *out)
{
	size_t i;

	if (!word_index(times, ARRAY_LEN(times), word, &i))
		return false;
	*out = (enum open_api_time)i;
	return true;
}

/* --- the signature --- */

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct open_api_param *)a)->name, ((const struct open_api_param *)b)->name);
}

static void lower(struct buf *b)
{
	for (size_t i = 0; i < b->len; i++) {
		if (b->data[i] >= 'A' && b->data[i] <= 'Z')
			b->data[i] = (char)(b->data[i] - 'A' + 'a');
	}
}

static void signed_text(const struct open_api_param *params, size_t n, const char *secret, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(params[i].name, "sign"))
			continue;
		buf_adds(out, out->len ? "&" : "");
		buf_adds(out, params[i].name);
		buf_adds(out, "=");
		buf_adds(out, params[i].value);
	}
	buf_adds(out, "&appsecret=");
	buf_adds(out, secret);
}

static int hex_digest(enum open_api_digest digest, const struct buf *text, char out[OPEN_API_SIGN],
		      struct err *e)
{
	unsigned char raw[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	if (EVP_Digest(text->data, text->len, raw, &n, digest == OPEN_API_MD5 ? EVP_md5() : EVP_sha256(),
		       NULL) != 1)
		return err_set(e, ERR_INTERNAL, "digest");
	for (unsigned int i = 0; i < n; i++)
		text_format(out + 2 * i, 3, "%02x", raw[i]);
	return 0;
}

int open_api_sign(const struct open_api_manner *m, const struct open_api_param *params, size_t n,
		  const char *secret, char out[OPEN_API_SIGN], struct err *e)
{
	struct open_api_param sorted[OPEN_API_PARAMS];
	struct buf text;
	int last;

	if (n > OPEN_API_PARAMS)
		return err_set(e, ERR_TOO_LARGE, "%zu parameters", n);
	memcpy(sorted, params, n * sizeof(*params));
	qsort(sorted, n, sizeof(*sorted), by_name);
	buf_init(&text, BODY_MAX);
	signed_text(sorted, n, secret, &text);
	if (!m->keep_case)
		lower(&text);
	last = text.failed ? err_set(e, ERR_TOO_LARGE, "signed text") : hex_digest(m->digest, &text, out, e);
	buf_wipe_release(&text);
	return last;
}

static char lowered(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool open_api_sign_equal(const char *a, const char *b)
{
	size_t n = strlen(a);
	int differ = 0;

	if (!n || strlen(b) != n)
		return false;
	for (size_t i = 0; i < n; i++) /* all of it, whatever differs: the time taken tells nothing */
		differ |= lowered(a[i]) ^ lowered(b[i]);
	return !differ;
}

/* --- time --- */

void open_api_time_format(enum open_api_time form, int64_t ms, char out[OPEN_API_TIME])
{
	char stamp[STAMP_TEXT], *to = out;

	if (form == OPEN_API_TIME_MS) {
		text_format(out, OPEN_API_TIME, "%lld", (long long)ms);
		return;
	}
	stamp_format(ms, stamp);
	for (const char *c = stamp; *c; c++) {
		if (form == OPEN_API_TIME_STAMP || (*c >= '0' && *c <= '9'))
			*to++ = *c;
	}
	*to = '\0';
}

/* Day, hour, minute and second of fourteen digits. */
static bool digits_to_ms(const char *d, int64_t *ms)
{
	char day[9], two[3] = "";
	int part[3];
	date_t on;

	memcpy(day, d, 8);
	day[8] = '\0';
	if (!date_parse(day, &on))
		return false;
	for (size_t i = 0; i < 3; i++) {
		memcpy(two, d + 8 + 2 * i, 2);
		part[i] = atoi(two);
	}
	if (part[0] > 23 || part[1] > 59 || part[2] > 59)
		return false;
	*ms = on * DAY_MS - CHINA_MS + (part[0] * 3600LL + part[1] * 60LL + part[2]) * 1000;
	return true;
}

bool open_api_time_read(enum open_api_time form, const char *text, int64_t *ms)
{
	char digits[15];
	size_t n = 0;

	if (form == OPEN_API_TIME_MS) {
		if (!text_is_digits(text) || strlen(text) > 15)
			return false;
		*ms = strtoll(text, NULL, 10);
		return true;
	}
	if (strlen(text) != (form == OPEN_API_TIME_STAMP ? 19U : 14U))
		return false;
	for (size_t i = 0; text[i]; i++) {
		char want = form == OPEN_API_TIME_STAMP ? "0000-00-00 00:00:00"[i] : '0';

		if (want != '0' ? text[i] != want : text[i] < '0' || text[i] > '9')
			return false;
		if (want == '0')
			digits[n++] = text[i];
	}
	digits[n] = '\0';
	return digits_to_ms(digits, ms);
}

/* --- bodies --- */

int open_api_ascii(const char *json, size_t n, struct buf *out, struct err *e)
{
	for (size_t at = 0, len; at < n; at += len) {
		uint32_t cp;

		len = text_decode(json + at, n - at, &cp);
		if (!len)
			return err_set(e, ERR_JSON, "no UTF-8 at byte %zu", at);
		if (cp < 0x80)
			buf_add(out, json + at, 1);
		else if (cp < 0x10000)
			buf_addf(out, "\\u%04x", (unsigned)cp);
		else
			buf_addf(out, "\\u%04x\\u%04x", (unsigned)(0xD800 + ((cp - 0x10000) >> 10)),
				 (unsigned)(0xDC00 + ((cp - 0x10000) & 0x3FF)));
	}
	return out->failed ? err_set(e, ERR_TOO_LARGE, "data of %zu bytes", n) : 0;
}

static void percent(struct buf *out, const char *text)
{
	for (size_t n; *text; text += n) {
		n = strspn(text, UNRESERVED);
		if (n)
			buf_add(out, text, n);
		else
			buf_addf(out, "%%%02X", (unsigned char)text[n++]);
	}
}

static void form_out(const struct open_api_param *params, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		buf_adds(out, i ? "&" : "");
		percent(out, params[i].name);
		buf_adds(out, "=");
		percent(out, params[i].value);
	}
}

static void fresh_nonce(char out[OPEN_API_NONCE])
{
	unsigned char raw[(OPEN_API_NONCE - 1) / 2];

	random_bytes(raw, sizeof(raw));
	for (size_t i = 0; i < sizeof(raw); i++)
		text_format(out + 2 * i, 3, "%02x", raw[i]);
}

/* Company-level proof: its secret and the time, sealed under the project's. */
static int corp_sign(const struct open_api_key *key, const char *time, struct buf *out, struct err *e)
{
	char plain[256];
	int last;

	if (!text_format(plain, sizeof(plain), "%s%s", key->corp_secret, time))
		return err_set(e, ERR_NET_NOT_CONFIGURED, "corp secret is too long");
	last = open_api_seal(key->secret, plain, out, e);
	wipe(plain, sizeof(plain));
	return last;
}

int open_api_body(const struct open_api_manner *m, const struct open_api_key *key,
		  const struct open_api_call *call, struct buf *out, struct err *e)
{
	char time[OPEN_API_TIME], nonce[OPEN_API_NONCE], sign[OPEN_API_SIGN];
	struct open_api_param p[OPEN_API_PARAMS];
	struct buf data, corp;
	size_t n = 0;
	int last = -1;

	buf_init(&data, BODY_MAX);
	buf_init(&corp, 1024);
	buf_reset(out);
	open_api_time_format(m->time, call->now_ms, time);
	fresh_nonce(nonce);
	if (open_api_ascii(call->data, call->data_bytes, &data, e) ||
	    (key->corp_secret && *key->corp_secret && corp_sign(key, time, &corp, e)))
		goto out;
	p[n++] = (struct open_api_param){"method", call->method};
	p[n++] = (struct open_api_param){"version", m->version ? m->version : "1.0"};
	p[n++] = (struct open_api_param){"appid", key->appid};
	p[n++] = (struct open_api_param){"format", "json"};
	p[n++] = (struct open_api_param){"timestamp", time};
	p[n++] = (struct open_api_param){"nonce", call->nonce ? call->nonce : nonce};
	p[n++] = (struct open_api_param){"data", data.data ? data.data : ""};
	if (corp.len)
		p[n++] = (struct open_api_param){"corpsign", corp.data};
	if (open_api_sign(m, p, n, key->secret, sign, e))
		goto out;
	p[n++] = (struct open_api_param){"sign", sign};
	form_out(p, n, out);
	last = out->failed ? err_set(e, ERR_TOO_LARGE, "call of %s", call->method) : 0;
out:
	buf_wipe_release(&data);
	buf_wipe_release(&corp);
	return last;
}

/* --- the other end --- */

static int hex_value(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* In place; false for a broken escape or a NUL inside. */
static bool unpercent(char *s)
{
	char *to = s;

	for (; *s; s++, to++) {
		*to = *s == '+' ? ' ' : *s;
		if (*s != '%')
			continue;
		if (hex_value(s[1]) < 0 || hex_value(s[2]) < 0)
			return false;
		*to = (char)(hex_value(s[1]) * 16 + hex_value(s[2]));
		if (!*to)
			return false;
		s += 2;
	}
	*to = '\0';
	return true;
}

int open_api_form_read(struct buf *body, struct open_api_param *params, size_t cap, size_t *n, struct err *e)
{
	char *next = body->data;

	*n = 0;
	if (!next || strlen(next) != body->len)
		return err_set(e, ERR_JSON, "no form");
	while (next) {
		char *name = strsep(&next, "&"), *value = strchr(name, '=');

		if (*n == cap || !value || value == name)
			return err_set(e, ERR_JSON, "no form: part %zu", *n + 1);
		*value++ = '\0';
		if (!unpercent(name) || !unpercent(value) || !text_valid(name, strlen(name)) ||
		    !text_valid(value, strlen(value)) || open_api_value(params, *n, name))
			return err_set(e, ERR_JSON, "no form: part %zu", *n + 1);
		params[(*n)++] = (struct open_api_param){name, value};
	}
	return 0;
}

const char *open_api_value(const struct open_api_param *params, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(params[i].name, name))
			return params[i].value;
	}
	return NULL;
}
