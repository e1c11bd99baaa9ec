/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "domain/pinyin.h"

struct looked_for {
	enum search_kind kind;
	const char *prefix;
	size_t hits, keys;
};

static int look(void *arg, enum search_kind kind, const char *key)
{
	struct looked_for *l = arg;

	l->keys++;
	if (kind == l->kind && !strncmp(key, l->prefix, strlen(l->prefix)))
		l->hits++;
	return 0;
}

static bool has_key(const char *name, enum search_kind kind, const char *prefix)
{
	struct looked_for l = {.kind = kind, .prefix = prefix};

	assert_int_equal(search_keys(name, look, &l), 0);
	return l.hits > 0;
}

/* As the search box does it: what is typed, and the keys its kind of query looks at. */
static bool finds(const char *name, const char *typed)
{
	char query[SEARCH_KEY_SIZE];

	switch (search_query(typed, query, sizeof(query))) {
	case QUERY_LETTERS:
		return has_key(name, SEARCH_PINYIN, query) || has_key(name, SEARCH_INITIALS, query);
	case QUERY_TEXT:
		return has_key(name, SEARCH_NAME, query);
	default:
		return false;
	}
}

static void expect_found(const char *name, const char *typed)
{
	if (!finds(name, typed))
		fail_msg("%s is not found by %s", name, typed);
}

static void both_readings_of_surnames(void **state)
{
	static const struct {
		const char *name, *one, *other;
	} cases[] = {
		{"单小川", "shanxiaochuan", "danxiaochuan"},
		{"曾小川", "zengxiao", "cengxiao"},
		{"解小川", "xiexiao", "jiexiao"},
		{"仇小川", "qiuxiao", "chouxiao"},
		{"查小川", "zhaxiao", "chaxiao"},
		{"盖小川", "gexiao", "gaixiao"},
		{"区小川", "ouxiao", "quxiao"},
		{"朴小川", "piaoxiao", "puxiao"},
		{"尉迟川", "yuchichuan", "weichichuan"},
		{"万俟川", "moqichuan", "wansichuan"},
		{"长孙川", "zhangsunchuan", "changsunchuan"},
		{"单于川", "chanyuchuan", "shanyuchuan"},
		{"乐小川", "yuexiao", "lexiao"},
		{"覃小川", "qinxiao", "tanxiao"},
		{"翟小川", "zhaixiao", "dixiao"},
		{"缪小川", "miaoxiao", "mouxiao"},
		{"乜小川", "niexiao", "miexiao"},
		{"员小川", "yunxiao", "yuanxiao"},
		{"黑小川", "hexiao", "heixiao"},
		{"种小川", "chongxiao", "zhongxiao"},
		{"召小川", "shaoxiao", "zhaoxiao"},
		{"繁小川", "poxiao", "fanxiao"},
		{"秘小川", "bixiao", "mixiao"},
		{"都小川", "duxiao", "douxiao"},
		{"会小川", "guixiao", "huixiao"},
		{"佴小川", "naixiao", "erxiao"},
		{"宓小川", "mixiao", "fuxiao"},
		{"牟小川", "mouxiao", "muxiao"},
		{"隗小川", "weixiao", "kuixiao"},
		{"瞿小川", "quxiao", "juxiao"},
		{"郇小川", "xunxiao", "huanxiao"},
		{"谌小川", "chenxiao", "shenxiao"},
		{"费小川", "feixiao", "bixiao"},
		{"车小川", "chexiao", "juxiao"},
		{"折小川", "shexiao", "zhexiao"},
		{"粘小川", "nianxiao", "zhanxiao"},
		{"莘小川", "shenxiao", "xinxiao"},
		{"郗小川", "xixiao", "chixiao"},
		{"祭小川", "zhaxiao", "jixiao"},
		{"洗小川", "xianxiao", "xixiao"},
		{"适小川", "kuoxiao", "shixiao"},
		{"刀小川", "daoxiao", "diaoxiao"},
		{"卜小川", "buxiao", "boxiao"},
		{"重小川", "chongxiao", "zhongxiao"},
		{"阚小川", "kanxiao", "kan"},
		{"冼小川", "xianxiao", "xian"},
		{"逄小川", "pangxiao", "pang"},
		{"晁小川", "chaoxiao", "chao"},
		{"單小川", "shanxiao", "danxiao"},
		{"長孫川", "zhangsunchuan", "changsunchuan"},
		{"萬俟川", "moqichuan", "wansichuan"},
		{"區小川", "ouxiao", "quxiao"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		expect_found(cases[i].name, cases[i].one);
		expect_found(cases[i].name, cases[i].other);
	}
}

static void found_by(void **state)
{
	static const struct {
		const char *name, *typed;
	} cases[] = {
		{"吕布衣", "lv"},
		{"吕布衣", "lü"},
		{"吕布衣", "lu"},
		{"吕布衣", "LVBUYI"},
		{"吕布衣", "lǚ"},
		{"吕布衣", "lu\xcc\x88"},
		{"略女", "lvenv"},
		{"略女", "luenu"},
		{"张伟", "张"},
		{"张伟", "伟"},
		{"张伟", "wei"},
		{"张伟", "zw"},
		{"张伟", "w"},
		{"张伟", "ＺＷ"},
		{"张伟", "zhāng wěi"},
		{"张伟", "zhang'wei"},
		{"张伟民", "伟民"},
		{"张伟民", "weimin"},
		{"张伟民", "wm"},
		{"李乐乐", "lilele"},
		{"李乐乐", "liyueyue"},
		{"李乐乐", "liyuele"},
		{"李重行", "lizhongxing"},
		{"李重行", "lichonghang"},
		{"阿卜杜拉·买买提", "阿卜杜拉买"},
		{"阿卜杜拉·买买提", "阿卜杜拉·买买提"},
		{"阿卜杜拉·买买提", "买买提"},
		{"阿卜杜拉·买买提", "maimaiti"},
		{"阿卜杜拉·买买提", "abdl"},
		{"阿卜杜拉·买买提", "abdlmmt"},
		{"阿卜杜拉·买买提", "abudula mai"},
		{"阿卜杜拉·买买提", "阿卜杜拉•买"},
		{"古丽·热合曼", "gulirehe"},
		{"地力夏提", "dilixiati"},
		{"MARÍA DE LA CRUZ", "maria"},
		{"MARÍA DE LA CRUZ", "la cruz"},
		{"MARÍA DE LA CRUZ", "mdlc"},
		{"MARÍA DE LA CRUZ", "CRUZ"},
		{"IVAN VASILEV", "ivan"},
		{"IVAN VASILEV", "vasil"},
		{"O'NEIL JOHN-PAUL", "neil"},
		{"O'NEIL JOHN-PAUL", "oneil john paul"},
		{"Straße", "strasse"},
		{"Иван Петров", "Петр"},
		{"王𠀀民", "𠀀"},
		{"王𠀀民", "𠀀民"},
		{"王𠀀民", "wang"},
		{"王𠀀民", "min"},
		{"王㐀", "㐀"},
		{"王\xee\xa0\x95民", "\xee\xa0\x95民"},
		{"王葛\xf3\xa0\x84\x80民", "葛民"},
		{"〇小川", "lingxiao"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_found(cases[i].name, cases[i].typed);
}

static void not_found_by(void **state)
{
	static const struct {
		const char *name, *typed;
	} cases[] = {
		{"张伟", "hang"}, {"张伟", "ang"},	   {"张伟", "伟张"},	     {"张伟", "zhangweia"},
		{"张伟", "zhw"},  {"张单", "zhangshanyu"}, {"李小查", "lixiaozhao"}, {"张伟", "·"},
		{"张伟", ""},	  {"MARIA CRUZ", "ruz"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (finds(cases[i].name, cases[i].typed))
			fail_msg("%s is found by '%s'", cases[i].name, cases[i].typed);
	}
}

static void likeliest_reading_first(void **state)
{
	static const struct {
		const char *name, *full, *initials;
	} cases[] = {
		{"张伟", "zhangwei", "zw"},    {"单雄", "shanxiong", "sx"},
		{"曾珍", "zengzhen", "zz"},    {"尉迟恭", "yuchigong", "ycg"},
		{"欧阳娜", "ouyangna", "oyn"}, {"长孙无", "zhangsunwu", "zsw"},
		{"李单", "lidan", "ld"},       {"吕绿", "lulu", "ll"},
		{"买买提", "maimaiti", "mmt"}, {"仇和", "qiuhe", "qh"},
		{"Ana Li", "anali", "al"},     {"王5号", "wang5hao", "w5h"},
	};
	struct pinyin_reading r[PINYIN_READINGS_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_true(pinyin_readings(cases[i].name, r, ARRAY_LEN(r)) > 0);
		assert_string_equal(r[0].full, cases[i].full);
		assert_string_equal(r[0].initials, cases[i].initials);
	}
	assert_int_equal(pinyin_readings("", r, ARRAY_LEN(r)), 0);
	assert_int_equal(pinyin_readings("··", r, ARRAY_LEN(r)), 0);
	assert_int_equal(pinyin_readings("单雄", r, 0), 0);
}

static void queries(void **state)
{
	static const struct {
		const char *typed, *out;
		enum query_kind kind;
	} cases[] = {
		{"", "", QUERY_EMPTY},
		{" ·　", "", QUERY_EMPTY},
		{"Zhang Wei", "zhangwei", QUERY_LETTERS},
		{"lv", "lu", QUERY_LETTERS},
		{"1234", "1234", QUERY_DIGITS},
		{"１２３ｘ", "123X", QUERY_DIGITS},
		{"1380 000", "1380000", QUERY_DIGITS},
		{"x", "x", QUERY_LETTERS},
		{"12x4", "12x4", QUERY_TEXT},
		{"张 伟", "张伟", QUERY_TEXT},
		{"张w", "张w", QUERY_TEXT},
		{"𠀀", "𠀀", QUERY_TEXT},
	};
	char out[64], small[5];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(search_query(cases[i].typed, out, sizeof(out)), cases[i].kind);
		assert_string_equal(out, cases[i].out);
	}
	assert_int_equal(search_query("张伟民", small, sizeof(small)), QUERY_TEXT);
	assert_string_equal(small, "张");
}

struct collected {
	char key[SEARCH_KEYS_MAX][SEARCH_KEY_SIZE];
	enum search_kind kind[SEARCH_KEYS_MAX];
	size_t n;
};

static int collect(void *arg, enum search_kind kind, const char *key)
{
	struct collected *c = arg;

	assert_true(c->n < SEARCH_KEYS_MAX);
	assert_true(key[0] && strlen(key) < SEARCH_KEY_SIZE);
	for (size_t i = 0; i < c->n; i++)
		assert_false(c->kind[i] == kind && !strcmp(c->key[i], key));
	text_copy(c->key[c->n], SEARCH_KEY_SIZE, key);
	c->kind[c->n++] = kind;
	return 0;
}

/* Names without end, with two readings everywhere: bounded, no key twice, nothing cut inside a character. */
static void bounds(void **state)
{
	static const char *const unit[] = {"重", "乐", "张", "𠀀", "A", "Ab ", "单·", "\xcc\x88", "é"};
	static struct collected c;
	static char name[4096];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(unit); i++) {
		name[0] = '\0';
		for (int k = 0; k < 500; k++)
			strcat(name, unit[i]);
		c.n = 0;
		assert_int_equal(search_keys(name, collect, &c), 0);
		for (size_t k = 0; k < c.n; k++)
			assert_true(text_valid(c.key[k], strlen(c.key[k])));
		assert_true(i == 4 || i == 8 || (i == 7) == (c.n == 0));
	}
	c.n = 0;
	search_keys("张伟民", collect, &c);
	assert_int_equal(c.n, 9);
	c.n = 0;
	search_keys("单伟", collect, &c); /* dan and shan of the name, one wei */
	assert_int_equal(c.n, 2 + 3 + 3);
}

static int stop_at_third(void *arg, enum search_kind kind, const char *key)
{
	(void)kind;
	(void)key;
	return ++*(int *)arg == 3 ? 7 : 0;
}

static void walk_can_be_stopped(void **state)
{
	int n = 0;

	(void)state;
	assert_int_equal(search_keys("张伟民", stop_at_third, &n), 7);
	assert_int_equal(n, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_readings_of_surnames),
		cmocka_unit_test(found_by),
		cmocka_unit_test(not_found_by),
		cmocka_unit_test(likeliest_reading_first),
		cmocka_unit_test(queries),
		cmocka_unit_test(bounds),
		cmocka_unit_test(walk_can_be_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
