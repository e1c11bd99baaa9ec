/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile of a test's own beside the rules that ship: a directory with common.json, the code tables and the one file. */
#ifndef TESTS_OWN_PROFILE_H
#define TESTS_OWN_PROFILE_H

struct own_profile {
	char dir[64];
	char name[64]; /* "open_api.json" */
};
/* file: a path below tests/data. The directory is what profiles are loaded from until own_profile_drop(). */
void own_profile_make(struct own_profile *p, const char *file);
void own_profile_drop(struct own_profile *p);

#endif
