/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any JSON as a record; then each value as typed text. What comes out is valid, and goes out and in again unchanged. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "domain/record.h"

#define MAX_INPUT 65536

static void check_typed(const struct record *r)
{
	char shown[4096];

	for (int i = 0; i < FIELD_COUNT; i++) {
		struct record typed;

		record_init(&typed);
		record_put_typed(&typed, (enum field_id)i, record_get(r, (enum field_id)i));
		record_show(&typed, (enum field_id)i, shown, sizeof(shown));
		if (!text_valid(shown, strlen(shown)))
			abort();
		record_release(&typed);
	}
}

static void check_again(const struct record *r)
{
	cJSON *json = record_to_json(r);
	struct record back;

	record_init(&back);
	if (!json || record_from_json(&back, json, NULL))
		abort();
	for (int i = 0; i < FIELD_COUNT; i++)
		if (strcmp(record_get(r, (enum field_id)i), record_get(&back, (enum field_id)i)) != 0)
			abort();
	record_release(&back);
	cJSON_Delete(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record r;
	cJSON *json = NULL;

	if (json_parse(&json, (const char *)data, size, MAX_INPUT, NULL))
		return 0;
	record_init(&r);
	if (record_from_json(&r, json, NULL) == 0) {
		check_typed(&r);
		check_again(&r);
	}
	record_release(&r);
	cJSON_Delete(json);
	return 0;
}
