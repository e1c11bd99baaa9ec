/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/fault.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/uid.h"

#define SEED 0x9E3779B97F4A7C15u
#define ANSWER_MAX (8u << 20)

static const struct {
	const char *name;
	enum fault_kind kind;
	int status;
	const char *help;
} names[] = {
	{"400", FAULT_STATUS, 400, "bad request"},
	{"401", FAULT_STATUS, 401, "token refused"},
	{"403", FAULT_STATUS, 403, "box refused"},
	{"407", FAULT_STATUS, 407, "proxy wants a login"},
	{"413", FAULT_STATUS, 413, "too large (see also --max-body)"},
	{"429", FAULT_STATUS, 429, "slow down; ARG: Retry-After in seconds"},
	{"500", FAULT_STATUS, 500, "internal error"},
	{"502", FAULT_STATUS, 502, "bad gateway"},
	{"503", FAULT_STATUS, 503, "unavailable; ARG: Retry-After in seconds"},
	{"511", FAULT_STATUS, 511, "network login wanted"},
	{"portal-302", FAULT_REDIRECT, 302, "redirect to a login page on another host"},
	{"portal-html", FAULT_PAGE, 200, "200 with a login page"},
	{"foreign-json", FAULT_FOREIGN, 200, "200 with somebody else's JSON"},
	{"cut-request", FAULT_CUT_REQUEST, 0, "close after ARG bytes of the request's body"},
	{"drop", FAULT_DROP, 0, "accept, then close without an answer"},
	{"cut-answer", FAULT_CUT_ANSWER, 0, "accept, then close after ARG bytes of the answer"},
	{"truncated", FAULT_TRUNCATED, 0, "the answer's JSON ends in the middle"},
	{"deep", FAULT_DEEP, 0, "JSON nested ARG deep"},
	{"huge", FAULT_HUGE, 0, "an answer of ARG bytes"},
	{"types", FAULT_TYPES, 0, "every string a number, every list an object"},
	{"reorder", FAULT_REORDER, 0, "results in reverse order"},
	{"missing", FAULT_MISSING, 0, "the last ARG results are left out"},
	{"foreign-ids", FAULT_FOREIGN_IDS, 0, "results for operations nobody sent, before the others"},
	{"twice", FAULT_TWICE, 0, "every result twice"},
	{"delay", FAULT_DELAY, 0, "wait ARG milliseconds before answering"},
	{"refuse", FAULT_REFUSE, 0, "refuse the operation with the count ARG"},
	{"refuse-phone", FAULT_REFUSE_PHONE, 0, "refuse the operation with the count ARG, for its phone number"},
};

static const char *const targets[TARGET_COUNT] = {[TARGET_POST] = "post",
						  [TARGET_LOOKUP] = "lookup",
						  [TARGET_CHANGES] = "changes",
						  [TARGET_BOX] = "box",
						  [TARGET_ATTACHMENT] = "attachment"};

void faults_init(struct faults *f)
{
	*f = (struct faults){.random = SEED};
}

const char *fault_names(unsigned i, const char **help)
{
	if (i >= ARRAY_LEN(names))
		return NULL;
	*help = names[i].help;
	return names[i].name;
}

bool fault_before(enum fault_kind k)
{
	return k >= FAULT_STATUS && k <= FAULT_CUT_REQUEST;
}

/* "post:" and so on; what follows it. */
static const char *take_target(const char *s, bool at[TARGET_COUNT])
{
	const char *colon = strchr(s, ':');
	size_t n = colon ? (size_t)(colon - s) : 0;
	bool any = n == 3 && !strncmp(s, "any", 3), known = any;

	for (size_t i = 0; i < TARGET_COUNT; i++) {
		bool hit = n == strlen(targets[i]) && !strncmp(s, targets[i], n);

		at[i] = colon ? any || hit : i == TARGET_POST;
		known |= hit;
	}
	return !colon ? s : known ? colon + 1 : NULL;
}

static const char *take_name(const char *s, struct fault *f)
{
	size_t n = strcspn(s, "=@%");

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (n == strlen(names[i].name) && !strncmp(names[i].name, s, n)) {
			*f = (struct fault){.kind = names[i].kind, .status = names[i].status};
			return s + n;
		}
	}
	return NULL;
}

static const char *take_number(const char *s, uint64_t *out)
{
	char *end;

	if (*s < '0' || *s > '9' || strspn(s, "0123456789") > 15)
		return NULL;
	*out = strtoull(s, &end, 10);
	return end;
}

static const char *take_range(const char *s, struct fault_rule *r)
{
	s = take_number(s, &r->first);
	if (!s)
		return NULL;
	r->last = r->first;
	if (*s != '-')
		return s;
	r->last = UINT64_MAX;
	return s[1] >= '0' && s[1] <= '9' ? take_number(s + 1, &r->last) : s + 1;
}

int faults_add(struct faults *f, const char *rule, struct err *e)
{
	struct fault_rule r = {.first = 1, .last = UINT64_MAX, .percent = 100};
	const char *s = take_target(rule, r.at);
	uint64_t n = 0;

	s = s ? take_name(s, &r.fault) : NULL;
	if (s && *s == '=') {
		s = take_number(s + 1, &n);
		r.fault.arg = (int64_t)n;
	}
	if (s && *s == '@')
		s = take_range(s + 1, &r);
	if (s && *s == '%') {
		s = take_number(s + 1, &n);
		r.percent = n > 100 ? 100 : (unsigned)n;
	}
	if (!s || *s)
		return err_set(e, ERR_USAGE, "fault %s", rule);
	if (r.fault.kind == FAULT_REFUSE || r.fault.kind == FAULT_REFUSE_PHONE) {
		f->refuse_at = r.fault.arg;
		f->refuse_phone = r.fault.kind == FAULT_REFUSE_PHONE;
		return 0;
	}
	if (f->n == FAULT_RULES)
		return err_set(e, ERR_USAGE, "more than %d faults", FAULT_RULES);
	f->rule[f->n++] = r;
	return 0;
}

static unsigned next_percent(struct faults *f)
{
	f->random ^= f->random << 13;
	f->random ^= f->random >> 7;
	f->random ^= f->random << 17;
	return (unsigned)(f->random >> 33) % 100;
}

struct fault faults_next(struct faults *f, enum fault_target target)
{
	uint64_t at = ++f->count[target];

	for (size_t i = 0; i < f->n; i++) {
		const struct fault_rule *r = &f->rule[i];

		if (r->at[target] && at >= r->first && at <= r->last &&
		    (r->percent == 100 || next_percent(f) < r->percent))
			return r->fault;
	}
	return (struct fault){.kind = FAULT_NONE};
}

/* --- spoiling answers --- */

static void fill(struct buf *answer, int64_t n, const char *with)
{
	for (int64_t i = 0; i < n && !answer->failed; i++)
		buf_adds(answer, with);
}

static void reverse(cJSON *list)
{
	cJSON *turned = cJSON_CreateArray(), *one;

	while ((one = cJSON_DetachItemFromArray(list, cJSON_GetArraySize(list) - 1)))
		cJSON_AddItemToArray(turned, one);
	while ((one = cJSON_DetachItemFromArray(turned, 0)))
		cJSON_AddItemToArray(list, one);
	cJSON_Delete(turned);
}

static void double_all(cJSON *list)
{
	int n = cJSON_GetArraySize(list);

	for (int i = 0; i < n; i++)
		cJSON_AddItemToArray(list, cJSON_Duplicate(cJSON_GetArrayItem(list, i), true));
}

static void add_foreign(cJSON *list)
{
	cJSON *one = cJSON_CreateObject();
	char op[UID_TEXT];

	uid_new(op);
	cJSON_AddStringToObject(one, "op", op);
	cJSON_AddStringToObject(one, "status", "accepted");
	cJSON_InsertItemInArray(list, 0, one);
}

static void spoil_types(cJSON *v)
{
	cJSON *child;

	cJSON_ArrayForEach(child, v)
	{
		if (cJSON_IsString(child)) {
			free(child->valuestring);
			child->valuestring = NULL;
			child->type = cJSON_Number;
			cJSON_SetNumberValue(child, 7);
		} else if (cJSON_IsArray(child)) {
			cJSON_Delete(child->child);
			child->child = NULL;
			child->type = cJSON_Object;
		} else {
			spoil_types(child);
		}
	}
}

static void rewrite(const struct fault *f, struct buf *answer)
{
	cJSON *doc, *list;
	char *text;

	if (json_parse(&doc, answer->data, answer->len, ANSWER_MAX, NULL))
		return;
	list = cJSON_GetObjectItemCaseSensitive(doc, "results");
	if (f->kind == FAULT_TYPES)
		spoil_types(doc);
	else if (cJSON_IsArray(list) && f->kind == FAULT_REORDER)
		reverse(list);
	else if (cJSON_IsArray(list) && f->kind == FAULT_FOREIGN_IDS)
		add_foreign(list);
	else if (cJSON_IsArray(list) && f->kind == FAULT_TWICE)
		double_all(list);
	for (int64_t i = 0; cJSON_IsArray(list) && f->kind == FAULT_MISSING && i < f->arg; i++)
		cJSON_DeleteItemFromArray(list, cJSON_GetArraySize(list) - 1);
	text = json_text(doc);
	cJSON_Delete(doc);
	buf_reset(answer);
	if (text)
		buf_adds(answer, text);
	free(text);
}

void fault_spoil(const struct fault *f, struct buf *answer)
{
	switch (f->kind) {
	case FAULT_TRUNCATED:
		answer->len /= 2;
		answer->data[answer->len] = '\0';
		break;
	case FAULT_DEEP:
		buf_reset(answer);
		buf_adds(answer, "{\"results\":");
		fill(answer, f->arg, "[");
		fill(answer, f->arg, "]");
		buf_adds(answer, "}");
		break;
	case FAULT_HUGE:
		buf_reset(answer);
		buf_adds(answer, "{\"results\":[],\"padding\":\"");
		fill(answer, f->arg, "0");
		buf_adds(answer, "\"}");
		break;
	case FAULT_TYPES:
	case FAULT_REORDER:
	case FAULT_MISSING:
	case FAULT_FOREIGN_IDS:
	case FAULT_TWICE:
		rewrite(f, answer);
		break;
	default:
		break;
	}
}
