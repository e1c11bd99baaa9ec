/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../screens/keys.h"
#include "base/text.h"

/* Bytes in, keys out; the bytes arrive together, and one at a time 30 ms apart: the keys are the same. */
static const struct {
	const char *bytes;
	int key[8];
} cases[] = {
	{"a", {'a'}},
	{"\r", {K_ENTER}},
	{"\n", {K_ENTER}},
	{"\t", {K_TAB}},
	{"\x7F", {K_BACKSPACE}},
	{"\b", {K_BACKSPACE}},
	{"\x13", {K_CTRL('s')}},
	{"张伟", {0x5F20, 0x4F1F}},
	{"\xF0\xA0\xAE\xB7", {0x20BB7}},
	{"\033[A\033[B", {K_UP, K_DOWN}},
	{"\033OA", {K_UP}},
	{"\033[1;5C", {K_RIGHT}},
	{"\033[Z", {K_BACKTAB}},
	{"\033OP\033OQ", {K_F1, K_F2}},
	{"\033[11~\033[15~\033[21~\033[24~", {K_F1, K_F5, K_F10, K_F12}},
	{"\033[[A\033[[E", {K_F1, K_F5}},
	{"\033[1;2R", {K_F3}},
	{"\033[3~\033[5~\033[6~", {K_DELETE, K_PAGE_UP, K_PAGE_DOWN}},
	{"\033OM\033Oq", {K_ENTER, '1'}},
	{"\033[200~q\r\033[201~q", {'q' | KEY_PASTED, ' ' | KEY_PASTED, 'q'}},
	{"\033[200~张\t\033[201~", {0x5F20 | KEY_PASTED, ' ' | KEY_PASTED}},
	{"\033[99~x", {'x'}},            /* an unknown key is no letter */
	{"\033[1;2;3;4$y", {0}},         /* an answer that nobody asked for: "$" is intermediate, "y" its end */
	{"\033[<0;1;1Mx", {'x'}},        /* a mouse report that nobody asked for */
	{"\xC3\x28", {'('}},             /* no character: dropped, the next one stays */
	{"\xE5\xBC", {0}},               /* half a character: nothing */
	{"\xFFz", {'z'}},
};

static void feed_all(struct keys *k, const char *s, int64_t now)
{
	assert_int_equal(keys_feed(k, s, strlen(s), now), strlen(s));
}

static size_t drain(struct keys *k, int *out, size_t cap, int64_t now)
{
	size_t n = 0;
	int key;

	while (n < cap && (key = keys_next(k, now)))
		out[n++] = key;
	return n;
}

static void expect(const int *got, size_t n, const int *want, const char *what)
{
	size_t m = 0;

	while (m < 8 && want[m])
		m++;
	if (n != m || (m && memcmp(got, want, m * sizeof(*got)))) {
		print_error("%zu keys instead of %zu for case %s, first %x\n", n, m, what + 1, n ? (unsigned)got[0] : 0);
		fail();
	}
}

static void keys__together(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct keys k;
		int got[16];
		size_t n;

		keys_init(&k);
		feed_all(&k, cases[i].bytes, 1000);
		n = drain(&k, got, 16, 1000);
		n += drain(&k, got + n, 16 - n, 1000 + KEYS_REST_MS);
		expect(got, n, cases[i].key, cases[i].bytes);
	}
}

static void keys__byte_by_byte_over_a_jittery_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct keys k;
		int got[16];
		size_t n = 0;
		int64_t now = 1000;

		keys_init(&k);
		for (const char *p = cases[i].bytes; *p; p++, now += 100) {
			keys_feed(&k, p, 1, now);
			n += drain(&k, got + n, 16 - n, now);
		}
		n += drain(&k, got + n, 16 - n, now + KEYS_REST_MS);
		expect(got, n, cases[i].key, cases[i].bytes);
	}
}

static void keys__escape_is_answered_in_time(void **state)
{
	struct keys k;

	(void)state;
	keys_init(&k);
	feed_all(&k, "\033", 1000);
	assert_int_equal(keys_next(&k, 1000), KEY_NONE);
	assert_true(keys_wait(&k, 1000) > 0 && keys_wait(&k, 1000) <= 150);
	assert_int_equal(keys_next(&k, 1000 + keys_wait(&k, 1000)), K_ESC);
	assert_int_equal(keys_wait(&k, 2000), -1);
}

static void keys__escape_before_letters(void **state)
{
	struct keys k;
	int got[8];

	(void)state;
	keys_init(&k);
	feed_all(&k, "\033\033x", 1000);
	assert_int_equal(drain(&k, got, 8, 1000), 3);
	assert_int_equal(got[0], K_ESC);
	assert_int_equal(got[1], K_ESC);
	assert_int_equal(got[2], 'x');
}

/* A function key torn apart so badly that its ESC was taken for Esc: its tail types nothing and runs nothing (U5). */
static void keys__late_tail_is_swallowed(void **state)
{
	static const char *const tails[] = {"[A", "OP", "[15~", "[1;5B", "[21~"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tails); i++)
		for (int apart = 0; apart < 2; apart++) {
			struct keys k;
			int got[8];
			int64_t now = 1000 + KEYS_ESC_MS;

			keys_init(&k);
			feed_all(&k, "\033", 1000);
			assert_int_equal(keys_next(&k, now), K_ESC);
			now += 50;
			for (const char *p = tails[i]; *p; p++, now += apart ? 20 : 0) {
				keys_feed(&k, p, 1, now);
				assert_int_equal(drain(&k, got, 8, now), 0);
			}
			feed_all(&k, "n", now);
			assert_int_equal(drain(&k, got, 8, now), 1);
			assert_int_equal(got[0], 'n');
		}
}

static void keys__bracket_typed_after_escape_is_typed(void **state)
{
	struct keys k;

	(void)state;
	keys_init(&k);
	feed_all(&k, "\033", 1000);
	assert_int_equal(keys_next(&k, 1000 + KEYS_ESC_MS), K_ESC);
	feed_all(&k, "[", 1000 + KEYS_ESC_MS + KEYS_LATE_MS + 1);
	assert_int_equal(keys_next(&k, 1000 + KEYS_ESC_MS + KEYS_LATE_MS + 1), '[');
}

/* Two hundred keys in one burst, more than one feed takes, come out in order (U2). */
static void keys__burst_in_order(void **state)
{
	struct keys k;
	char bytes[KEYS_BUFFER * 2];
	size_t n = 0, taken = 0;
	uint32_t next = 0x4E00;
	int key;

	(void)state;
	for (uint32_t cp = 0x4E00; n + 4 < sizeof(bytes); cp++)
		n += text_encode(cp, bytes + n);
	keys_init(&k);
	while (taken < n || k.n) {
		taken += keys_feed(&k, bytes + taken, n - taken, 1000);
		while ((key = keys_next(&k, 1000)))
			assert_int_equal(key, next++);
	}
	assert_int_equal(next, 0x4E00 + n / 3);
}

static void keys__report_only_when_asked(void **state)
{
	struct keys k;

	(void)state;
	keys_init(&k);
	k.expect_report = true;
	feed_all(&k, "\033[1;3R", 1000);
	assert_int_equal(keys_next(&k, 1000), K_REPORT);
	assert_int_equal(k.report_column, 3);
	feed_all(&k, "\033[1;3R", 1000);
	assert_int_equal(keys_next(&k, 1000), K_F3);
}

static void keys__sequences_of_the_terminal(void **state)
{
	struct keys k;

	(void)state;
	keys_init(&k);
	keys_know(&k, "\033Ot", K_F5); /* vt100: the keypad's 4 */
	feed_all(&k, "\033O", 1000);
	assert_int_equal(keys_next(&k, 1000), KEY_NONE);
	feed_all(&k, "t", 1100);
	assert_int_equal(keys_next(&k, 1100), K_F5);
}

static void keys__names(void **state)
{
	static const struct { int key; const char *name; } names[] = {
		{K_F4, "F4"}, {K_CTRL('o'), "Ctrl-O"}, {K_ESC, "Esc"}, {'n', "n"}, {'*', "*"}, {K_BACKTAB, "Shift-Tab"}};
	char name[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		keys_name(names[i].key, name, sizeof(name));
		assert_string_equal(name, names[i].name);
	}
	for (int key = KEY_FIRST + 1; key < KEY_LAST; key++) {
		keys_name(key, name, sizeof(name));
		assert_true(name[0] || key == K_REPORT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys__together),
		cmocka_unit_test(keys__byte_by_byte_over_a_jittery_line),
		cmocka_unit_test(keys__escape_is_answered_in_time),
		cmocka_unit_test(keys__escape_before_letters),
		cmocka_unit_test(keys__late_tail_is_swallowed),
		cmocka_unit_test(keys__bracket_typed_after_escape_is_typed),
		cmocka_unit_test(keys__burst_in_order),
		cmocka_unit_test(keys__report_only_when_asked),
		cmocka_unit_test(keys__sequences_of_the_terminal),
		cmocka_unit_test(keys__names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
