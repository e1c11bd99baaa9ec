/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/contract.h"

#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/text.h"

#define USED_MOST 16

struct contract {
	cJSON *doc;
	const char *used[USED_MOST]; /* operationIds */
	size_t used_n;
};

/* --- YAML into JSON --- */

static cJSON *plain_scalar(const char *s)
{
	char *end;
	double n = strtod(s, &end);

	if (*s && !*end && strspn(s, "-0123456789") == strlen(s))
		return cJSON_CreateNumber(n);
	if (!strcmp(s, "true") || !strcmp(s, "false"))
		return cJSON_CreateBool(*s == 't');
	if (!strcmp(s, "null") || !strcmp(s, "~") || !*s)
		return cJSON_CreateNull();
	return cJSON_CreateString(s);
}

static cJSON *from_yaml(yaml_document_t *y, int at)
{
	yaml_node_t *n = yaml_document_get_node(y, at);
	cJSON *made;

	assert_non_null(n);
	if (n->type == YAML_SCALAR_NODE)
		return n->data.scalar.style == YAML_PLAIN_SCALAR_STYLE
			       ? plain_scalar((const char *)n->data.scalar.value)
			       : cJSON_CreateString((const char *)n->data.scalar.value);
	if (n->type == YAML_SEQUENCE_NODE) {
		made = cJSON_CreateArray();
		for (yaml_node_item_t *i = n->data.sequence.items.start; i < n->data.sequence.items.top; i++)
			cJSON_AddItemToArray(made, from_yaml(y, *i));
		return made;
	}
	made = cJSON_CreateObject();
	for (yaml_node_pair_t *p = n->data.mapping.pairs.start; p < n->data.mapping.pairs.top; p++) {
		const char *key = (const char *)yaml_document_get_node(y, p->key)->data.scalar.value;

		if (cJSON_HasObjectItem(made, key))
			fail_msg("the contract has the key %s twice", key);
		cJSON_AddItemToObject(made, key, from_yaml(y, p->value));
	}
	return made;
}

struct contract *contract_open(const char *path)
{
	struct contract *c = calloc(1, sizeof(*c));
	yaml_document_t y;
	yaml_parser_t p;
	FILE *f = fopen(path, "r");

	assert_non_null(c);
	assert_non_null(f);
	assert_true(yaml_parser_initialize(&p));
	yaml_parser_set_input_file(&p, f);
	if (!yaml_parser_load(&p, &y))
		fail_msg("%s: line %zu: %s", path, p.problem_mark.line + 1, p.problem);
	c->doc = from_yaml(&y, 1);
	yaml_document_delete(&y);
	yaml_parser_delete(&p);
	fclose(f);
	return c;
}

void contract_close(struct contract *c)
{
	if (c)
		cJSON_Delete(c->doc);
	free(c);
}

/* --- judging --- */

struct judging {
	const struct contract *c;
	char *why;
	char place[200];
};

static bool judge(struct judging *j, const cJSON *schema, const cJSON *v);

static bool wrong(struct judging *j, const char *what)
{
	text_format(j->why, CONTRACT_WHY, "%s: %s", *j->place ? j->place : "the whole", what);
	return false;
}

static const cJSON *resolve(const struct contract *c, const cJSON *schema)
{
	const char *ref;

	while ((ref = json_string(schema, "$ref"))) {
		char copy[200], *part, *rest = copy;
		const cJSON *at = c->doc;

		text_copy(copy, sizeof(copy), ref + 2); /* "#/" */
		while ((part = strsep(&rest, "/")))
			at = json_get(at, part);
		if (!at)
			fail_msg("the contract refers to %s, which is not there", ref);
		schema = at;
	}
	return schema;
}

static bool is_type(const cJSON *v, const char *type)
{
	if (!strcmp(type, "object"))
		return cJSON_IsObject(v);
	if (!strcmp(type, "array"))
		return cJSON_IsArray(v);
	if (!strcmp(type, "string"))
		return cJSON_IsString(v);
	if (!strcmp(type, "boolean"))
		return cJSON_IsBool(v);
	if (!strcmp(type, "null"))
		return cJSON_IsNull(v);
	if (!strcmp(type, "integer"))
		return cJSON_IsNumber(v) && v->valuedouble == (double)(int64_t)v->valuedouble;
	fail_msg("the contract names the type %s", type);
	return false;
}

static bool judge_within(struct judging *j, const cJSON *schema, const cJSON *v, const char *name, int index)
{
	size_t n = strlen(j->place);
	bool fine;

	if (name)
		text_format(j->place + n, sizeof(j->place) - n, ".%s", name);
	else
		text_format(j->place + n, sizeof(j->place) - n, "[%d]", index);
	fine = judge(j, schema, v);
	if (fine)
		j->place[n] = '\0';
	return fine;
}

static bool k_type(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v)
{
	(void)schema;
	return is_type(v, rule->valuestring) || wrong(j, "wrong type");
}

static bool k_properties(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v)
{
	const cJSON *p;

	(void)schema;
	cJSON_ArrayForEach(p, rule)
	{
		const cJSON *value = json_get(v, p->string);

		if (value && !judge_within(j, p, value, p->string, 0))
			return false;
	}
	return true;
}

static bool k_required(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v)
{
	const cJSON *name;

	(void)schema;
	cJSON_ArrayForEach(name, rule)
	{
		if (!json_get(v, name->valuestring))
			return wrong(j, name->valuestring);
	}
	return true;
}

static bool k_additional(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v)
{
	const cJSON *p;

	cJSON_ArrayForEach(p, v)
	{
		char what[100];

		if (cJSON_IsObject(rule)) { /* a schema of the values that have no name of their own */
			if (!json_get(json_get(schema, "properties"), p->string) && !judge(j, rule, p))
				return false;
			continue;
		}
		assert_true(cJSON_IsFalse(rule));
		text_format(what, sizeof(what), "a value the contract does not have: %s", p->string);
		if (!json_get(json_get(schema, "properties"), p->string))
			return wrong(j, what);
	}
	return true;
}

static bool k_items(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v)
{
	const cJSON *item;
	int i = 0;

	(void)schema;
	cJSON_ArrayForEach(item, v)
	{
		if (!judge_within(j, rule, item, NULL, i++))
			return false;
	}
	return true;
}

static bool k_enum(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v)
{
	const cJSON *one;

	(void)schema;
	cJSON_ArrayForEach(one, rule)
	{
		if (cJSON_Compare(one, v, true))
			return true;
	}
	return wrong(j, "none of the values allowed");
}

static bool k_const(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v)
{
	(void)schema;
	return cJSON_Compare(rule, v, true) || wrong(j, "not the value allowed");
}

static bool k_pattern(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v)
{
	regex_t re;
	bool fits;

	(void)schema;
	if (regcomp(&re, rule->valuestring, REG_EXTENDED | REG_NOSUB))
		fail_msg("the contract's pattern %s", rule->valuestring);
	fits = !cJSON_IsString(v) || !regexec(&re, v->valuestring, 0, NULL, 0);
	regfree(&re);
	return fits || wrong(j, "not of the pattern");
}

static bool k_min_length(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v)
{
	(void)schema;
	return !cJSON_IsString(v) || text_chars(v->valuestring) >= (size_t)rule->valuedouble ||
	       wrong(j, "too short");
}

static bool k_max_length(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v)
{
	(void)schema;
	return !cJSON_IsString(v) || text_chars(v->valuestring) <= (size_t)rule->valuedouble ||
	       wrong(j, "too long");
}

static bool k_minimum(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v)
{
	(void)schema;
	return !cJSON_IsNumber(v) || v->valuedouble >= rule->valuedouble || wrong(j, "too small");
}

static bool k_maximum(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v)
{
	(void)schema;
	return !cJSON_IsNumber(v) || v->valuedouble <= rule->valuedouble || wrong(j, "too large");
}

static bool k_min_items(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v)
{
	(void)schema;
	return cJSON_GetArraySize(v) >= (int)rule->valuedouble || wrong(j, "too few");
}

static bool k_max_items(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v)
{
	(void)schema;
	return cJSON_GetArraySize(v) <= (int)rule->valuedouble || wrong(j, "too many");
}

static bool k_one_of(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v)
{
	char first[CONTRACT_WHY] = "", *why = j->why, trial[CONTRACT_WHY], place[sizeof(j->place)];
	const cJSON *one;
	int fits = 0;

	(void)schema;
	text_copy(place, sizeof(place), j->place);
	j->why = trial;
	cJSON_ArrayForEach(one, rule)
	{
		bool fine = judge(j, one, v);

		fits += fine;
		/* the alternative of the right kind says most */
		if (!fine && (!*first || !strstr(trial, ".kind: ")))
			text_copy(first, sizeof(first), trial);
		text_copy(j->place, sizeof(j->place), place);
	}
	j->why = why;
	if (fits == 1)
		return true;
	text_copy(j->why, CONTRACT_WHY, fits ? "fits more than one" : first);
	return false;
}

static bool k_nothing(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v)
{
	(void)j, (void)schema, (void)rule, (void)v;
	return true;
}

static const struct {
	const char *name;
	bool (*judge)(struct judging *j, const cJSON *schema, const cJSON *rule, const cJSON *v);
} keywords[] = {
	{"type", k_type},
	{"properties", k_properties},
	{"required", k_required},
	{"additionalProperties", k_additional},
	{"items", k_items},
	{"enum", k_enum},
	{"const", k_const},
	{"pattern", k_pattern},
	{"minLength", k_min_length},
	{"maxLength", k_max_length},
	{"minimum", k_minimum},
	{"maximum", k_maximum},
	{"minItems", k_min_items},
	{"maxItems", k_max_items},
	{"oneOf", k_one_of},
	{"description", k_nothing},
};

static bool judge(struct judging *j, const cJSON *schema, const cJSON *v)
{
	const cJSON *rule;

	schema = resolve(j->c, schema);
	cJSON_ArrayForEach(rule, schema)
	{
		size_t i = 0;

		while (i < ARRAY_LEN(keywords) && strcmp(keywords[i].name, rule->string))
			i++;
		if (i == ARRAY_LEN(keywords))
			fail_msg("the contract uses the keyword %s", rule->string);
		if (!keywords[i].judge(j, schema, rule, v))
			return false;
	}
	return true;
}

/* --- finding the operation --- */

static bool path_fits(const char *form, const char *path)
{
	size_t n = strcspn(path, "?");

	while (*form) {
		if (*form == '{') {
			size_t skip = strcspn(path, "/?");

			form += strcspn(form, "}") + 1;
			path += skip;
			n -= skip;
		} else if (!n || *form++ != *path++) {
			return false;
		} else {
			n--;
		}
	}
	return !n;
}

static const cJSON *operation_of(const struct contract *c, const char *method, const char *path)
{
	const cJSON *p, *found = NULL;
	char lower[8] = "";

	for (size_t i = 0; method[i] && i < sizeof(lower) - 1; i++)
		lower[i] = (char)(method[i] + ('a' - 'A'));
	cJSON_ArrayForEach(p, json_get(c->doc, "paths"))
	{
		if (path_fits(p->string, path) && json_get(p, lower) && (!found || !strchr(p->string, '{')))
			found = json_get(p, lower);
	}
	return found;
}

static bool hold(const struct contract *c, const cJSON *holder, const char *body, size_t n, char *why)
{
	const cJSON *schema = json_get(json_get(json_get(holder, "content"), "application/json"), "schema");
	struct judging j = {.c = c, .why = why};
	struct err e = {0};
	cJSON *v;
	bool fine;

	if (!schema) {
		text_format(why, CONTRACT_WHY, "no schema for it");
		return false;
	}
	if (json_parse(&v, body ? body : "", n, 64u << 20, &e)) {
		text_format(why, CONTRACT_WHY, "no JSON: %s", e.detail);
		return false;
	}
	fine = judge(&j, schema, v);
	cJSON_Delete(v);
	return fine;
}

bool contract_request(const struct contract *c, const char *method, const char *path, const char *body,
		      size_t n, char why[CONTRACT_WHY])
{
	const cJSON *op = operation_of(c, method, path), *holder;

	if (!op) {
		text_format(why, CONTRACT_WHY, "no such operation: %s %s", method, path);
		return false;
	}
	holder = json_get(op, "requestBody");
	if (json_get(json_get(holder, "content"), "application/offset+octet-stream"))
		return n > 0; /* a piece of a content: bytes of any kind */
	if (holder)
		return hold(c, holder, body, n, why);
	text_format(why, CONTRACT_WHY, "a body where none belongs");
	return !body;
}

static void used(struct contract *c, const cJSON *op, int status)
{
	const char *id = json_string(op, "operationId");

	for (size_t i = 0; i < c->used_n; i++) {
		if (!strcmp(c->used[i], id))
			return;
	}
	if (status == 200 && c->used_n < USED_MOST)
		c->used[c->used_n++] = id;
}

bool contract_answer(const struct contract *c, const char *method, const char *path, int status,
		     const char *body, size_t n, char why[CONTRACT_WHY])
{
	const cJSON *op = operation_of(c, method, path), *answer;
	char code[8];

	text_format(code, sizeof(code), "%d", status);
	answer = json_get(json_get(op, "responses"), code);
	if (!answer) {
		text_format(why, CONTRACT_WHY, "no answer %s to %s %s in the contract", code, method, path);
		return false;
	}
	used((struct contract *)(uintptr_t)c, op, status);
	if (!strcmp(method, "HEAD")) {
		text_format(why, CONTRACT_WHY, "an answer to HEAD has no body");
		return !n;
	}
	return hold(c, resolve(c, answer), body, n, why);
}

/* Those that take a person's password are no box's affair. */
static bool for_people(const cJSON *op)
{
	return json_get(cJSON_GetArrayItem(json_get(op, "security"), 0), "person") != NULL;
}

const char *contract_unused(const struct contract *c)
{
	static const char *const methods[] = {"get", "post", "head", "patch"};
	const cJSON *p;

	cJSON_ArrayForEach(p, json_get(c->doc, "paths"))
	{
		for (size_t m = 0; m < ARRAY_LEN(methods); m++) {
			const cJSON *op = json_get(p, methods[m]);
			const char *id = for_people(op) ? NULL : json_string(op, "operationId");
			size_t i = 0;

			while (id && i < c->used_n && strcmp(c->used[i], id))
				i++;
			if (id && i == c->used_n)
				return id;
		}
	}
	return NULL;
}

static int judged_call(void *self, const struct http_request *q, struct http_answer *a, struct err *e)
{
	struct judged *j = self;
	char why[CONTRACT_WHY];
	int last;

	if (!contract_request(j->contract, q->method, q->path, q->body, q->body_bytes, why))
		fail_msg("request %s %s: %s", q->method, q->path, why);
	last = j->inner.call(j->inner.self, q, a, e);
	if (!last && j->answers &&
	    !contract_answer(j->contract, q->method, q->path, a->status, a->body.data, a->body.len, why))
		fail_msg("answer %d to %s %s: %s", a->status, q->method, q->path, why);
	return last;
}

struct transport judged_transport(struct judged *j)
{
	return (struct transport){.self = j, .call = judged_call};
}
