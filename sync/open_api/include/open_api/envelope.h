/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The envelope of "open.api" calls: the interface of the national real-name standard
 * (全国建筑工人管理服务信息平台 数据接口标准) and of the places that follow it. One address for every method;
 * a form of named values; `data` is the JSON text of the method's arguments; `sign` proves who called. Both
 * ends use these functions. Pure: no network, no clock of its own; OpenSSL does the arithmetic.
 *
 * Signature: the values sent, sorted by name, joined name=value by '&', raw (not percent-encoded), then
 * "&appsecret=" and the secret at the end; all of it in lower case; the digest in lower-case hex. Values that
 * are empty are signed too. Java and PHP differ in lower-casing letters beyond ASCII, so `data` leaves here
 * as pure ASCII (\uXXXX): then lower-casing is the same everywhere. What is signed are the very bytes that
 * are sent.
 */
#ifndef OPEN_API_ENVELOPE_H
#define OPEN_API_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define OPEN_API_PARAMS 24 /* of one call */
#define OPEN_API_SIGN 65   /* hex digits of the longest digest, and NUL */
#define OPEN_API_TIME 24
#define OPEN_API_NONCE 33

enum open_api_digest { OPEN_API_SHA256, OPEN_API_MD5 };
enum open_api_time {
	OPEN_API_TIME_COMPACT /* 20261120163000 */,
	OPEN_API_TIME_MS,
	OPEN_API_TIME_STAMP /* 2026-11-20 16:30:00 */
};

/* What differs from place to place; the profile's `upload.*` say it, zeros are the national form. */
struct open_api_manner {
	enum open_api_digest digest;
	enum open_api_time time;
	bool keep_case;	     /* the signed string is not lower-cased */
	const char *version; /* NULL: "1.0" */
	const char
		*image_prefix; /* before the Base64 of a picture; NULL: "data:image/jpeg;base64,"; "" none */
};
bool open_api_digest_parse(const char *word, enum open_api_digest *out); /* "sha256", "md5" */
bool open_api_time_parse(const char *word, enum open_api_time *out);	 /* "compact", "ms", "stamp" */

/* Who calls. The secret has 16, 24 or 32 characters (AES-128, -192, -256) and is never sent. */
struct open_api_key {
	const char *appid, *secret;
	const char *corp_secret; /* NULL or "": no company-level signature */
};

struct open_api_param {
	const char *name, *value;
};

/* ERR_INTERNAL when OpenSSL fails, ERR_TOO_LARGE for more than OPEN_API_PARAMS. `sign` among them is passed
 * over. */
int open_api_sign(const struct open_api_manner *m, const struct open_api_param *params, size_t n,
		  const char *secret, char out[OPEN_API_SIGN], struct err *e);
/* Hex digits of any case. */
bool open_api_sign_equal(const char *a, const char *b);

void open_api_time_format(enum open_api_time form, int64_t ms,
			  char out[OPEN_API_TIME]); /* China's time, whole seconds except MS */
bool open_api_time_read(enum open_api_time form, const char *text, int64_t *ms);

/* UTF-8 JSON text as pure ASCII. ERR_JSON for bytes that are no UTF-8. */
int open_api_ascii(const char *json, size_t n, struct buf *out, struct err *e);

struct open_api_call {
	const char *method;
	const char *data; /* JSON text, any UTF-8 */
	size_t data_bytes;
	int64_t now_ms;
	const char *nonce; /* NULL: a fresh one */
};
/* The whole body, percent-encoded, with its signature. The caller wipes out. */
int open_api_body(const struct open_api_manner *m, const struct open_api_key *key,
		  const struct open_api_call *call, struct buf *out, struct err *e);

/* The other end: a body taken apart in place; names and values point into it. ERR_JSON for anything but a
 * form. */
int open_api_form_read(struct buf *body, struct open_api_param *params, size_t cap, size_t *n, struct err *e);
const char *open_api_value(const struct open_api_param *params, size_t n,
			   const char *name); /* NULL: absent */

/* --- sensitive fields: AES-CBC, PKCS#7, key the secret's bytes, IV its first 16, Base64 --- */

int open_api_seal(const char *secret, const char *plain, struct buf *out, struct err *e);
/* ERR_SEAL for anything that this secret did not make. out is wiped by the caller. */
int open_api_unseal(const char *secret, const char *sealed, struct buf *out, struct err *e);

#endif
