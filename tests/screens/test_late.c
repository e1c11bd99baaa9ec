/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was recorded afterwards (E9): what shows it is put in from the list, and only with a yes. */
#include "screens/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

static void put(struct stage *s, const char *name, const char *content)
{
	char path[400];
	FILE *f;

	text_format(path, sizeof(path), "%s/%s", s->site.dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(content, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int opened(void **state)
{
	struct stage *s = calloc(1, sizeof(*s));
	struct verdict v;
	int64_t p;
	size_t n;

	stage_open(s, "xterm-256color");
	site_login(&s->site, "clerk");
	p = person_on_site(&s->site, 1);
	OK(desk_act(s->site.d,
		    &(struct act){.event = EVENT_EXIT,
				  .persons = &p,
				  .n = 1,
				  .on = DATE_NONE,
				  .true_on = date_today() - 2,
				  .note = "断网两天"},
		    &v, &n, E));
	assert_int_equal(n, 1);
	desk_logout(s->site.d);
	setenv("HOME", s->site.dir, 1);
	put(s, "shown.pdf", "%PDF-1.4 a gate's list");
	put(s, "words.txt", "no evidence that anybody could open");
	*state = s;
	return 0;
}

static int closed(void **state)
{
	struct stage *s = *state;
	char path[400];

	text_format(path, sizeof(path), "%s/shown.pdf", s->site.dir);
	unlink(path);
	text_format(path, sizeof(path), "%s/words.txt", s->site.dir);
	unlink(path);
	stage_close(s);
	free(s);
	return 0;
}

static void to_late(struct stage *s)
{
	stage_login(s, "clerk");
	stage_keys(s, "o");
	for (int i = 0; i < 60; i++) {
		int row, col;

		glass_cursor(s->glass, &row, &col);
		if (strstr(glass_row(s->glass, row), "事后补记"))
			break;
		stage_keys(s, "<Down>");
	}
	stage_keys(s, "<Enter>");
	stage_on(s, "late");
}

static bool has_evidence(struct stage *s)
{
	struct late_row row;
	size_t n;

	OK(desk_late_list(s->site.d, 0, &row, 1, &n, E));
	assert_int_equal(n, 1);
	return row.evidence;
}

static void evidence__from_a_file(void **state)
{
	struct stage *s = *state;

	to_late(s);
	stage_expect(s, "断网两天");
	stage_keys(s, "f");
	stage_on(s, "dialog");
	stage_expect(s, "退场");
	stage_keys(s, "<Enter><Enter>"); /* with nothing typed the safe button has the focus */
	stage_on(s, "late");
	assert_false(has_evidence(s));
	stage_keys(s, "f~/shown.pdf<Tab><Tab><Enter>");
	stage_on(s, "late");
	stage_expect(s, "印证材料已放入");
	assert_true(has_evidence(s));
	stage_expect(s, "有");
	stage_assert_footer(s);
}

static void evidence__refused(void **state)
{
	static const struct {
		const char *name, *said;
	} bad[] = {{"nowhere.pdf", "找不到"}, {"words.txt", "附件不是"}};
	struct stage *s = *state;

	to_late(s);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		stage_keys(s, "f~/");
		stage_keys(s, bad[i].name);
		stage_keys(s, "<Tab><Tab><Enter>");
		stage_expect(s, bad[i].said);
		assert_false(has_evidence(s));
	}
}

/* The reason may be given after the day: what it was asked for is judged again, and the act is done. */
static void late__day_first_then_the_reason(void **state)
{
	struct late_row row[2];
	struct stage *s = *state;
	char day[DATE_TEXT];
	size_t n;

	site_login(&s->site, "clerk");
	person_on_site(&s->site, 2);
	desk_logout(s->site.d);
	stage_login(s, "clerk");
	stage_keys(s, "rfffff"); /* who is on site */
	stage_expect(s, "筛选：在场");
	stage_keys(s, "x<F8>");
	date_format(date_today() - 1, day);
	stage_keys(s, day);
	stage_keys(s, "<Tab><Tab><Enter>");
	stage_expect(s, "能办 0 人");
	stage_expect(s, "实际");
	stage_keys(s, "<F6>停电<Tab><Tab><Enter>");
	stage_expect(s, "能办 1 人");
	stage_keys(s, "<F2><Tab><Enter>");
	stage_expect(s, "已办理退场");
	OK(desk_late_list(s->site.d, 0, row, 2, &n, E));
	assert_int_equal(n, 2);
	assert_int_equal(row[0].true_on, date_today() - 1);
	assert_string_equal(row[0].note, "停电");
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, opened, closed)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGED(evidence__from_a_file),
		STAGED(evidence__refused),
		STAGED(late__day_first_then_the_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
