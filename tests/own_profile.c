/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "own_profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"

static const char *const shared[] = {"common.json", "codes"};

static void link_in(const struct own_profile *p, const char *from_dir, const char *from, const char *name)
{
	char target[512], path[160];

	assert_true(text_format(target, sizeof(target), "%s/%s", from_dir, from));
	assert_true(text_format(path, sizeof(path), "%s/%s", p->dir, name));
	assert_int_equal(symlink(target, path), 0);
}

void own_profile_make(struct own_profile *p, const char *file)
{
	const char *slash = strrchr(file, '/');

	*p = (struct own_profile){.dir = "/tmp/shiming-profiles-XXXXXX"};
	text_copy(p->name, sizeof(p->name), slash ? slash + 1 : file);
	assert_non_null(mkdtemp(p->dir));
	for (size_t i = 0; i < ARRAY_LEN(shared); i++)
		link_in(p, PROFILE_DIR, shared[i], shared[i]);
	link_in(p, TEST_DATA, file, p->name);
	setenv("SHIMING_PROFILES", p->dir, 1);
}

static void unlink_in(const struct own_profile *p, const char *name)
{
	char path[160];

	text_format(path, sizeof(path), "%s/%s", p->dir, name);
	unlink(path);
}

void own_profile_drop(struct own_profile *p)
{
	for (size_t i = 0; i < ARRAY_LEN(shared); i++)
		unlink_in(p, shared[i]);
	unlink_in(p, p->name);
	rmdir(p->dir);
	unsetenv("SHIMING_PROFILES");
}
