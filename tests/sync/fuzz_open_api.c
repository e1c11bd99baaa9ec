/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever an open.api platform answers, and whatever a caller posts to ours. What is taken is bounded, clean
 * and masked. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "open_api/answer.h"

#define SECRET "0123456789abcdef0123456789abcdef"

static void must(bool it)
{
	if (!it)
		abort();
}

static void must_be_clean(const char *s, size_t size)
{
	uint32_t cp;

	must(memchr(s, '\0', size) != NULL);
	for (size_t at = 0, len; s[at]; at += len) {
		len = text_decode(s + at, strlen(s + at), &cp);
		must(len && cp >= 0x20 && cp != 0x7F && !(cp > 0x7F && cp < 0xA0));
	}
}

static void check(const struct open_api_answer *a)
{
	must_be_clean(a->code, sizeof(a->code));
	must_be_clean(a->field, sizeof(a->field));
	must_be_clean(a->number, sizeof(a->number));
	must_be_clean(a->reason, sizeof(a->reason));
	must((a->said == OPEN_API_AWAY) == (a->trouble != ERR_NONE));
	must(a->said != OPEN_API_TAKEN || a->number[0]);
}

static void try_form(const uint8_t *data, size_t size)
{
	struct open_api_param p[OPEN_API_PARAMS];
	struct open_api_manner m = {0};
	char sign[OPEN_API_SIGN];
	struct buf body, plain;
	size_t n;

	buf_init(&body, size);
	buf_init(&plain, 8192);
	buf_add(&body, data, size);
	if (size && !open_api_form_read(&body, p, OPEN_API_PARAMS, &n, NULL)) {
		must(!open_api_sign(&m, p, n, SECRET, sign, NULL));
		for (size_t i = 0; i < n; i++)
			open_api_unseal(SECRET, p[i].value, &plain, NULL);
	}
	buf_release(&body);
	buf_release(&plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char mine[] = "{\"teamName\":\"钢筋一班\",\"teamSysNo\":\"1500000001\",\"idCardNumber\":"
				   "\"110101199003070011\",\"date\":\"2026-11-20\"}";
	static const struct open_api_key key = {.appid = "a", .secret = SECRET};
	const char *text = size ? (const char *)data : "";
	struct open_api_answer a;
	cJSON *body = NULL;

	open_api_read_answer(text, size, &a);
	check(&a);
	open_api_read_result(text, size, &a);
	check(&a);
	must(!json_parse(&body, mine, strlen(mine), sizeof(mine), NULL));
	for (unsigned i = 0; open_api_method_at(i); i++) {
		if (!open_api_method_at(i)->query)
			continue;
		open_api_read_rows(text, size, open_api_method_at(i), &key, body, &a);
		check(&a);
	}
	cJSON_Delete(body);
	try_form(data, size);
	return 0;
}
