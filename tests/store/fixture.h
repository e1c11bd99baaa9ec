/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A store on a real file in a directory of its own, with an open vault and a small site. Everybody in it is
 * invented. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/account.h"
#include "store/audit.h"
#include "store/draft.h"
#include "store/fact.h"
#include "store/line.h"
#include "store/member.h"
#include "store/outbox.h"
#include "store/person.h"
#include "store/site.h"
#include "store/store.h"
#include "store/vault.h"

#define FILE_NAME "shiming.db"
#define PASSWORD "Kran-7-Bau"

struct fixture {
	char dir[64];
	struct store *s;
	char code[RECOVERY_TEXT];
	int64_t account, project, company, participant, team;
};

extern struct err err; /* of the last call; printed when ok() fails */

/* 0, or the test fails with the error's name and detail. */
#define ok(call) ok_at((call), #call, __FILE__, __LINE__)
void ok_at(int last, const char *call, const char *file, int line);
#define fails(call, code) fails_at((call), (code), #call, __FILE__, __LINE__)
void fails_at(int last, enum err_code code, const char *call, const char *file, int line);

void fixture_dir(struct fixture *f); /* the directory only */
struct store_options fixture_options(const struct fixture *f);
int fixture_setup(void **state); /* cmocka: everything */
int fixture_teardown(void **state);
void fixture_reopen(struct fixture *f); /* closes, opens, takes the key again */
void fixture_remove(struct fixture *f);

/* A person registered as the desk does it: person, document, phone, fields, employment, assignment, fact,
 * operation, member, audit; within the caller's transaction. number: a document number of 18 places. */
struct registered {
	int64_t person, employment, assignment, fact, outbox;
};
struct registered fixture_register(struct fixture *f, int n, const char *name, const char *pinyin,
				   const char *number, const char *phone);
void fixture_number(char out[19], int n); /* an impossible district (990101), the right check digit */

/* Does a file hold these bytes? */
bool file_has(const char *path, const void *bytes, size_t n);
/* Through SQLite behind the store's back. */
void tamper(const struct fixture *f, const char *sql);

#endif
