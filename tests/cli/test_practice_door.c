/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door of the practice platform: the region's own, or its rules laid out anew with another dialect in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "practice_door.h"
#include "profile/profile.h"

static struct practice_dirs dirs;

static int setup(void **state)
{
	(void)state;
	dirs = (struct practice_dirs){.dir = "/tmp/shiming-door-XXXXXX", .token = "Aa1-0123456789abcdef0123456789abcdef"};
	setenv("SHIMING_PROFILES", PROFILE_DIR, 1);
	return mkdtemp(dirs.dir) ? 0 : -1;
}

static int teardown(void **state)
{
	static const char *const made[] = {"rules/common.json", "rules/codes", "rules/jiangmen.json", "rules/nanjing.json", "rules", ""};
	char path[PATH_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(made); i++) {
		text_format(path, sizeof(path), "%s/%s", dirs.dir, made[i]);
		remove(path);
	}
	return access(dirs.dir, F_OK) ? 0 : -1;
}

static void names(void **state)
{
	char name[32];

	(void)state;
	assert_true(practice_door_name("jiangmen", "device", name, sizeof(name)));
	assert_string_equal(name, "jiangmen@device");
	assert_true(practice_door_name("jiangmen", NULL, name, sizeof(name)));
	assert_string_equal(name, "jiangmen");
	assert_true(practice_door_name(NULL, "open_api", name, sizeof(name)));
	assert_string_equal(name, "national@open_api");
	assert_false(practice_door_name("jiangmen", "telegraph", name, sizeof(name)));
}

static size_t arguments(const struct practice_door *door, const char **argv)
{
	static char account[80];
	size_t n = 0;

	practice_door_arguments(door, account, sizeof(account), argv, 8, &n);
	return n;
}

static void the_region_s_own(void **state)
{
	struct practice_door door;
	const char *argv[8];
	struct err e = {0};

	(void)state;
	text_copy(dirs.profile, sizeof(dirs.profile), "jiangmen");
	assert_int_equal(practice_door_open(&door, &dirs, &e), 0);
	assert_string_equal(door.profile, "jiangmen");
	assert_int_equal(door.speaks, DIALECT_NATIVE);
	assert_int_equal(arguments(&door, argv), 0);
	assert_string_equal(getenv("SHIMING_PROFILES"), PROFILE_DIR);
}

static void another(const char *name, const char *profile, enum upload_dialect speaks, const char *option)
{
	struct practice_door door;
	const char *argv[8];
	struct profile *p = NULL, *own = NULL;
	struct err e = {0};

	text_copy(dirs.profile, sizeof(dirs.profile), name);
	assert_int_equal(practice_door_open(&door, &dirs, &e), 0);
	assert_string_equal(door.profile, profile);
	assert_int_equal(door.speaks, speaks);
	assert_int_equal(strlen(door.secret), 32); /* the open.api wants so many */
	assert_int_equal(profile_load(&p, NULL, profile, &e), 0); /* from the practice directory */
	assert_int_equal(profile_load(&own, PROFILE_DIR, profile, &e), 0);
	assert_string_equal(profile_text(p, "upload.dialect", ""), upload_dialect_name(speaks));
	assert_int_equal(profile_flag(p, "upload.plain", false), speaks == DIALECT_DEVICE);
	assert_string_equal(profile_title(p), profile_title(own));
	assert_true(arguments(&door, argv) >= 2);
	assert_string_equal(argv[0], option);
	profile_free(own);
	profile_free(p);
}

static void other_doors(void **state)
{
	(void)state;
	another("jiangmen@device", "jiangmen", DIALECT_DEVICE, "--device");
	setenv("SHIMING_PROFILES", PROFILE_DIR, 1);
	another("nanjing@open_api", "nanjing", DIALECT_OPEN_API, "--open-api");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(names, setup, teardown),
		cmocka_unit_test_setup_teardown(the_region_s_own, setup, teardown),
		cmocka_unit_test_setup_teardown(other_doors, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
