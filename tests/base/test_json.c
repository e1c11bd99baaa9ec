/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"

static int parse(cJSON **out, const char *text, struct err *e)
{
	return json_parse(out, text, strlen(text), 1 << 22, e);
}

static void refuses(void **state)
{
	static const struct {
		const char *text, *where;
	} cases[] = {
		{"", "line 1, column 1: "},
		{"{", "line 1, column 2: "},
		{"[1,]", "line 1, column 4: "},
		{"{\"a\":1,}", "line 1, column 8: "},
		{"{a:1}", "line 1, column 2: "},
		{"{\"a\" 1}", "line 1, column 6: "},
		{"[1] x", "line 1, column 5: more"},
		{"[1\n,\n 2 3]", "line 3, column 4: "},
		{"nul", "line 1, column 1: "},
		{"[01]", "line 1, column 3: "},
		{"[+1]", "line 1, column 2: "},
		{"[1.]", "line 1, column 4: "},
		{"[.5]", "line 1, column 2: "},
		{"[1e]", "line 1, column 4: "},
		{"[-]", "line 1, column 3: "},
		{"[NaN]", "line 1, column 2: "},
		{"['a']", "line 1, column 2: "},
		{"[\"a]", "line 1, column 5: ends"},
		{"[\"a\tb\"]", "line 1, column 4: control"},
		{"[\"\\x\"]", "line 1, column 4: bad"},
		{"[\"\\u12g4\"]", "line 1, column 7: bad"},
		{"[\"\\ud800\"]", "line 1, column 9: unpaired"},
		{"[\"\\udc00\"]", "line 1, column 9: unpaired"},
		{"[\"\\ud800\\u0041\"]", "line 1, column 15: unpaired"},
		{"[\"\\u0000\"]", "line 1, column 9: NUL"},
		{"[\"\xff\"]", "line 1, column 3: not UTF-8"},
		{"[\"张\xed\xa0\x80\"]", "line 1, column 4: not UTF-8"},
		{"[1,// c\n2]", "line 1, column 4: "},
		{"{\"a\":1,\"a\":2}", "line 1, column 8: the same key"},
		{"{\"a\":1,\n\"\\u0061\":2}", "line 2, column 1: the same key"},
		{"[{\"b\":{\"a\":1,\"c\":0},\"a\":{\"x\":1}},{\"q\":1,\"z\":1,\"q\":{}}]",
		 "line 1, column 47: the same key"},
		{"[12345678901234567890123456789012345678901]", "line 1, column 43: number"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cJSON *tree = (cJSON *)state;
		struct err e = {0};

		assert_int_equal(parse(&tree, cases[i].text, &e), -1);
		assert_ptr_equal(tree, state);
		assert_int_equal(e.code, ERR_JSON);
		if (strncmp(e.detail, cases[i].where, strlen(cases[i].where)))
			fail_msg("%s: '%s' instead of '%s'", cases[i].text, e.detail, cases[i].where);
	}
}

static void takes(void **state)
{
	static const struct {
		const char *text, *again;
	} cases[] = {
		{"null", "null"},
		{" [ ] ", "[]"},
		{"\xef\xbb\xbf{}", "{}"},
		{"-0.5e+2", "-50"},
		{"\"\\ud840\\udc00\"", "\"𠀀\""},
		{"{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]},\"b\":\"\\n\"}",
		 "{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]},\"b\":\"\\n\"}"},
		{"{\"A\":1,\"a\":2}", "{\"A\":1,\"a\":2}"},
		{"[true,false]", "[true,false]"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cJSON *tree = NULL;
		struct err e = {0};
		char *again;

		assert_int_equal(parse(&tree, cases[i].text, &e), 0);
		again = json_text(tree);
		assert_string_equal(again, cases[i].again);
		free(again);
		cJSON_Delete(tree);
	}
}

static void fill(struct buf *b, const char *open, const char *item, const char *close, size_t n)
{
	buf_reset(b);
	buf_adds(b, open);
	for (size_t i = 0; i < n; i++) {
		buf_adds(b, i ? "," : "");
		buf_adds(b, item);
	}
	buf_adds(b, close);
	assert_false(b->failed);
}

static void nest(struct buf *b, size_t depth)
{
	buf_reset(b);
	for (size_t i = 0; i < depth; i++)
		buf_adds(b, i % 2 ? "{\"a\":" : "[");
	buf_adds(b, "1");
	for (size_t i = depth; i-- > 0;)
		buf_adds(b, i % 2 ? "}" : "]");
}

static void limits(void **state)
{
	struct buf b;
	cJSON *tree = NULL;
	struct err e = {0};

	(void)state;
	buf_init(&b, 1 << 22);
	nest(&b, JSON_MAX_DEPTH);
	assert_int_equal(parse(&tree, b.data, &e), 0);
	cJSON_Delete(tree);
	nest(&b, JSON_MAX_DEPTH + 1);
	assert_int_equal(parse(&tree, b.data, &e), -1);
	assert_non_null(strstr(e.detail, "too deep"));
	nest(&b, 500000);
	assert_int_equal(parse(&tree, b.data, &e), -1);
	fill(&b, "[", "1", "]", JSON_MAX_NODES - 1);
	assert_int_equal(parse(&tree, b.data, &e), 0);
	cJSON_Delete(tree);
	fill(&b, "[", "1", "]", JSON_MAX_NODES);
	assert_int_equal(parse(&tree, b.data, &e), -1);
	assert_non_null(strstr(e.detail, "too many"));
	assert_int_equal(json_parse(&tree, "[1,2]", 5, 4, &e), -1);
	assert_int_equal(json_parse(&tree, "[1,2]", 5, 5, &e), 0);
	cJSON_Delete(tree);
	assert_int_equal(json_parse(&tree, "[1,2]", 4, 5, &e), -1);
	buf_release(&b);
}

/* The getters never convert. */
static void gets(void **state)
{
	static const char text[] =
		"{\"s\":\"x\",\"i\":12,\"n\":-9007199254740992,\"b\":true,\"f\":1.5,\"big\":9007199254740994,"
		"\"huge\":1e300,\"digits\":\"12\",\"null\":null,\"empty\":\"\"}";
	static const struct {
		const char *key;
		int64_t value;
	} ints[] = {{"i", 12},	  {"n", -9007199254740992}, {"s", -7},	  {"b", -7}, {"f", -7},	  {"big", -7},
		    {"huge", -7}, {"digits", -7},	    {"null", -7}, {"I", -7}, {"none", -7}};
	cJSON *tree = NULL;
	const char *s = "kept";
	int64_t i = 99;
	struct err e = {0};

	(void)state;
	assert_int_equal(parse(&tree, text, &e), 0);
	for (size_t k = 0; k < ARRAY_LEN(ints); k++)
		assert_int_equal(json_int(tree, ints[k].key, -7), ints[k].value);
	assert_string_equal(json_string(tree, "s"), "x");
	assert_string_equal(json_string(tree, "empty"), "");
	assert_null(json_string(tree, "i"));
	assert_null(json_string(tree, "S"));
	assert_null(json_string(NULL, "s"));
	assert_true(json_bool(tree, "b", false));
	assert_true(json_bool(tree, "i", true));
	assert_false(json_bool(tree, "null", false));
	assert_int_equal(json_need_string(tree, "s", &s, &e), 0);
	assert_string_equal(s, "x");
	assert_int_equal(json_need_string(tree, "i", &s, &e), -1);
	assert_string_equal(s, "x");
	assert_int_equal(e.code, ERR_JSON);
	assert_int_equal(strncmp(e.detail, "i: ", 3), 0);
	assert_int_equal(json_need_int(tree, "i", &i, &e), 0);
	assert_int_equal(i, 12);
	assert_int_equal(json_need_int(tree, "f", &i, NULL), -1);
	assert_int_equal(i, 12);
	assert_null(json_get(json_get(tree, "s"), "s"));
	cJSON_Delete(tree);
}

/* The message never holds the content. */
static void tells_no_content(void **state)
{
	cJSON *tree = NULL;
	struct err e = {0};

	(void)state;
	assert_int_equal(parse(&tree, "{\"name\":\"Planted Name\",\"name\":\"110199\", 4}", &e), -1);
	assert_null(strstr(e.detail, "Planted"));
	assert_null(strstr(e.detail, "110199"));
	assert_null(strstr(e.detail, "name"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses),	    cmocka_unit_test(takes),
		cmocka_unit_test(limits),	    cmocka_unit_test(gets),
		cmocka_unit_test(tells_no_content),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
