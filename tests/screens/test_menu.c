/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 更多: every row opens what it says, and going back leads to the menu again. */
#include "screens/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

#include "../../screens/menu.h"

static int opened(void **state)
{
	struct stage *s = calloc(1, sizeof(*s));

	stage_open(s, "xterm-256color");
	*state = s;
	return 0;
}

static int closed(void **state)
{
	stage_close(*state);
	free(*state);
	return 0;
}

static void menu__every_row_opens_its_screen(void **state)
{
	struct stage *s = *state;
	const struct menu_row *rows;
	size_t n = menu_rows(&rows);

	stage_login(s, "clerk");
	stage_keys(s, "o");
	for (size_t i = 0; i < n; i++) {
		stage_on(s, "menu");
		stage_expect(s, _(rows[i].word));
		stage_keys(s, "<Enter>");
		stage_on(s, rows[i].screen->name);
		stage_keys(s, "<Esc>");
		stage_on(s, "menu");
		stage_keys(s, "<Down>");
	}
	stage_keys(s, "<Esc>");
	stage_on(s, "home");
}

static void menu__no_row_twice(void **state)
{
	const struct menu_row *rows;
	size_t n = menu_rows(&rows);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_true(rows[i].help[0] != '\0');
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(rows[i].word, rows[j].word);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(menu__every_row_opens_its_screen, opened, closed),
		cmocka_unit_test(menu__no_row_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
