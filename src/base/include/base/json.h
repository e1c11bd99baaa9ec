/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bounded edge around cJSON. cJSON.h is included here and in files that build or walk objects; nobody calls cJSON_Parse.
 *
 * json_parse() refuses what is longer than max_bytes, nested deeper than JSON_MAX_DEPTH, has more than JSON_MAX_NODES values,
 * trailing bytes, duplicate keys in one object, or invalid UTF-8, before or instead of handing it to cJSON. The getters never
 * convert: a wrong type is "not there" and returns the fallback, or an error naming the key where the key is required.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define JSON_MAX_DEPTH 32
#define JSON_MAX_NODES 200000

/* *out is owned by the caller (cJSON_Delete). ERR_JSON with line and column in the detail, never the content. */
int json_parse(cJSON **out, const char *text, size_t n, size_t max_bytes, struct err *e);

const cJSON *json_get(const cJSON *object, const char *key);              /* case-sensitive; NULL when absent */
const char *json_string(const cJSON *object, const char *key);           /* NULL when absent or no string */
bool json_bool(const cJSON *object, const char *key, bool fallback);
/* Whole numbers within ±2^53 only; anything else is the fallback. */
int64_t json_int(const cJSON *object, const char *key, int64_t fallback);
int json_need_string(const cJSON *object, const char *key, const char **out, struct err *e);
int json_need_int(const cJSON *object, const char *key, int64_t *out, struct err *e);

/* Compact text without line ends; the caller frees it with free(). NULL when memory ran out. */
char *json_text(const cJSON *value);
/* The same in held memory (base/held.h), given back by held_drop(). */
char *json_held(const cJSON *value);

#endif
