/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Judges a file of cases (case_file.h) against the profile of its name and, where a rule is one of behaviour, against guards, plans,
 * checks and a desk: a profile that says the right thing and a desk that does another do not pass.
 */
#ifndef TESTS_PROFILE_JUDGE_H
#define TESTS_PROFILE_JUDGE_H

#include <stddef.h>

/* profiles: the directory of REGION.json, which outlives the call; path: …/REGION.cases. Returns how many cases it has; the first that
 * does not hold fails the test. */
size_t judge_cases(const char *profiles, const char *path);

#endif
