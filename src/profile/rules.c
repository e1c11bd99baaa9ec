/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/text.h"
#include "profile_data.h"

static const char *const leaving[] = {"consent", "recorded", "with_exit", NULL};
static const char *const dialects[] = {"native", NULL};

static const struct rule rules[] = {
	{"limits.min_age", RULE_NUMBER, 14, 30, NULL},
	{"limits.max_age_male", RULE_NUMBER, 40, 120, NULL},
	{"limits.max_age_female", RULE_NUMBER, 40, 120, NULL},
	{"limits.training_days", RULE_NUMBER, 1, 3660, NULL},
	{"limits.max_open_assignments", RULE_NUMBER, 0, 100, NULL}, /* 0: no limit */
	{"limits.hold_seconds", RULE_NUMBER, 0, 86400, NULL},
	{"limits.photo_base64", RULE_NUMBER, 2048, 1048576, NULL}, /* characters */
	{"upload.batch_items", RULE_NUMBER, 1, 500, NULL},
	{"upload.batch_bytes", RULE_NUMBER, 4096, 4194304, NULL},
	{"upload.dialect", RULE_TEXT, 0, 0, dialects},
	{"leaving", RULE_TEXT, 0, 0, leaving}, /* D11 */
	{"teams.management_automatic", RULE_FLAG, 0, 1, NULL}, /* C2 */
	{"under_age", RULE_SEVERITY, 0, 0, NULL},
	{"over_age", RULE_SEVERITY, 0, 0, NULL},
	{"expired_card", RULE_SEVERITY, 0, 0, NULL},
	{"no_contract", RULE_SEVERITY, 0, 0, NULL},
	{"no_training", RULE_SEVERITY, 0, 0, NULL},
};
_Static_assert(ARRAY_LEN(rules) <= RULES_MAX, "struct profile holds one value a rule");

size_t rule_count(void)
{
	return ARRAY_LEN(rules);
}

const struct rule *rule_at(size_t i)
{
	return &rules[i];
}

int rule_index(const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (strcmp(rules[i].key, key) == 0)
			return (int)i;
	return -1;
}

bool severity_parse(const char *word, enum severity *out)
{
	static const char *const words[] = {
		[SEVERITY_NONE] = "none", [SEVERITY_WARN] = "warn", [SEVERITY_BLOCK] = "block"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i], word) == 0) {
			*out = (enum severity)i;
			return true;
		}
	return false;
}
