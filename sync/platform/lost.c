/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/lost.h"

#include <string.h>

#include "base/json.h"

#define AT_ONCE 64
#define FIELDS 3

/* By what a record that is made again is known as the same. */
static const struct {
	const char *kind;
	const char *field[FIELDS];
} same[] = {
	{"participant.add", {"corpCode"}},
	{"team.add", {"participant", "teamName"}},
	{"person.add", {"idCardType", "idCardNumber"}},
	{"employment.offer", {"person", "participant"}},
	{"assignment.submit", {"employment"}},
	{"contract.add", {"employment", "startDate"}},
	{"payroll.add", {"person", "payMonth", "backPayMonth"}},
	{"training.add", {"trainingDate", "trainingTypeCode", "trainingName"}},
	{"device.add", {"serialNumber"}},
};

static const char *const *fields_of(const char *kind)
{
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (!strcmp(same[i].kind, kind))
			return same[i].field;
	return NULL;
}

bool lost_valid(const cJSON *ranges)
{
	const cJSON *one;

	if (!ranges)
		return true;
	if (!cJSON_IsArray(ranges) || !cJSON_GetArraySize(ranges) ||
	    cJSON_GetArraySize(ranges) > LOST_RANGES_MAX)
		return false;
	cJSON_ArrayForEach(one, ranges)
	{
		if (json_int(one, "first", -1) < 0 || json_int(one, "last", -1) < json_int(one, "first", -1))
			return false;
	}
	return true;
}

static bool says_same(const cJSON *a, const cJSON *b, const char *const *fields)
{
	for (size_t i = 0; i < FIELDS && fields[i]; i++) {
		const char *here = json_string(a, fields[i]), *there = json_string(b, fields[i]);

		if (strcmp(here ? here : "", there ? there : ""))
			return false;
	}
	return true;
}

static int replace_same(struct pstore *s, const char *uid, const cJSON *body, const char *const *fields,
			struct err *e)
{
	struct precord r = {0};
	cJSON *had = NULL;
	bool found, yes;
	int last = pstore_record_get(s, uid, &r, &found, e);

	if (!last && found)
		last = json_parse(&had, r.body, strlen(r.body), strlen(r.body), e);
	yes = !last && had && says_same(body, had, fields);
	cJSON_Delete(had);
	precord_release(&r);
	return last ? -1 : yes ? pstore_replace(s, uid, e) : 0;
}

static int replace_in(struct pstore *s, struct pstore_made *by, const cJSON *body, const char *const *fields,
		      struct err *e)
{
	char uids[AT_ONCE][UID_TEXT];
	size_t n;

	do {
		if (pstore_made_by(s, by, uids, AT_ONCE, &n, e))
			return -1;
		for (size_t i = 0; i < n; i++)
			if (replace_same(s, uids[i], body, fields, e))
				return -1;
	} while (n == AT_ONCE);
	return 0;
}

int lost_replace(struct pstore *s, const struct poperation *op, const cJSON *body, const cJSON *ranges,
		 struct err *e)
{
	const char *const *fields = fields_of(op->kind);
	const cJSON *one;

	if (!fields)
		return 0;
	cJSON_ArrayForEach(one, ranges)
	{
		struct pstore_made by = {op->box, json_int(one, "first", 0), json_int(one, "last", -1),
					 op->kind, op->subject};

		if (replace_in(s, &by, body, fields, e))
			return -1;
	}
	return 0;
}
