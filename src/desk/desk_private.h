/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of this folder share: the open desk, rights, audit. Nobody outside src/desk includes it. */
#ifndef DESK_PRIVATE_H
#define DESK_PRIVATE_H

#include "desk/desk.h"
#include "desk/people.h"
#include "store/audit.h"
#include "store/store.h"

#define DESK_PATH 4096

struct desk {
	struct store *store;
	struct profile *profile; /* of the current project; NULL: none */
	struct project project;	 /* id 0: none */
	struct session session;
	bool exporting_whole; /* between desk_export_begin() and end: numbers are not masked */
	int64_t unshared;     /* the project whose platform has said that it shares no people; 0: none has */
	char dir[DESK_PATH];
	char profile_dir[DESK_PATH]; /* "": profile_load()'s own */
};

/* Rights: somebody is logged in, may open personal data where `key`, and holds one of `roles` (0: any). The
 * runner holds none of an account's roles and is let through only where 0 is asked. */
int desk_may(struct desk *d, unsigned roles, bool key, struct err *e);
/* Roles of the session as they stand today: its own and what is lent to it (desk/accounts.h). */
int desk_refresh_loans(struct desk *d, struct err *e);
/* The same and a current project with its profile. */
int desk_may_in_project(struct desk *d, unsigned roles, struct err *e);

/* Who makes accounts (I4); the first account while it is alone. */
int desk_may_manage_accounts(struct desk *d, struct err *e);

/* Inside the transaction of the use case. `detail` never holds personal data; `note` is a clerk's own words,
 * sealed. */
struct audit_entry {
	const char *action, *object, *uid, *detail, *note;
};
int desk_audit(struct desk *d, const struct audit_entry *a, struct err *e);

const char *desk_profile_dir(const struct desk *d); /* NULL: the usual one */
/* Where the current project stands in its life cycle, read anew: another session may have moved it. */
int desk_project_state(struct desk *d, enum project_state *out, struct err *e);
int desk_refresh_project(struct desk *d, struct err *e); /* the current project's row is read again; its rules stay */
int desk_load_project(struct desk *d, int64_t project, struct err *e);
struct db_project;
void desk_project_as(const struct db_project *from, struct project *to);
/*
 * For a while another project is the current one, with its rules: what belongs to it is written there by a use case of this one. What is
 * done meanwhile can be taken back where it was begun. Visits may be nested; every one that was begun is ended, failed work or not.
 */
struct visit {
	struct project from;
	struct profile *rules; /* to come back to; NULL: both have the same */
	bool outermost;
};
int desk_visit(struct desk *d, int64_t project, struct visit *v, struct err *e); /* failed: nothing to end */
void desk_return(struct desk *d, struct visit *v);
/* Milliseconds that an operation made now is held; the setting, else the profile. */
int desk_hold_ms(struct desk *d, int64_t *out, struct err *e);
/* How a code of a profile's table is said; the code itself when it is in no table. */
const char *desk_code_word(const struct desk *d, const char *table, const char *code);
/* Adds to what stands in dst, cut at a character's end. */
void desk_append(char *dst, size_t size, const char *text);

#endif
