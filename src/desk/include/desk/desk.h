/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The desk: an open data directory and, after login, a session. Every use case of the product is a function of src/desk; one function =
 * one intention = one transaction (fact + outbox + audit). Screens, command line and runner come in here and nowhere else.
 *
 * Invariants: rights are checked here, not in the screens (S3). Nothing returns personal data to a session without a key. Text handed
 * out is valid UTF-8, already masked unless the function says "whole". Lists are keyset-paged; nothing takes an offset (P9).
 * A struct desk belongs to one thread. All functions return 0 or -1 with *e; "no such row" is ERR_NO_SUCH.
 */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/dates.h"
#include "base/err.h"
#include "base/uid.h"
#include "domain/role.h"
#include "profile/profile.h"

struct desk;

#define DESK_FILE "shiming.db"   /* the one file of a data directory */
#define DESK_SOCKET "sync.sock"  /* the runner's socket beside it */
#define DESK_GATEWAY_SOCKET "gateway.sock" /* and the gateway's */
#define NAME_TEXT 256            /* bytes of a name, team, company as handed out */

/* Where the data directory is when nobody says: --data, SHIMING_DATA, else ~/.local/share/shiming. The caller passes it on. */
struct desk_options {
	const char *dir;
	const char *profile_dir;  /* NULL: as profile_load() */
	bool shared;              /* the unattended runner: store_options.shared */
	bool checkpoint;          /* the runner and the command line: automatic WAL checkpoints; the screens leave them to the runner or to idle time */
};

int desk_open(struct desk **out, const struct desk_options *options, struct err *e);
void desk_close(struct desk *d);          /* wipes keys */
const char *desk_dir(const struct desk *d);

/* --- init ---------------------------------------------------------------------------------------------------------------- */

#define RECOVERY_CODE_TEXT 48
struct desk_init {
	const char *dir;              /* made if missing; must hold no DESK_FILE yet */
	const char *profile_dir;
	const char *profile;          /* "national" */
	const char *project_name;
	const char *project_code;     /* may be NULL */
	const char *account;          /* the first account: clerk and administrator's powers over accounts are apart (S3) */
	const char *display;          /* the person's name as shown in the header and in audit */
	const char *password;
	unsigned roles;               /* of the first account; ROLE_CLERK at least */
	unsigned kdf_mib;             /* Argon2id memory; 0: 64, or less on small machines */
};
/* recovery_code: printed once by the caller, never stored in clear. */
int desk_init(const struct desk_init *init, char recovery_code[RECOVERY_CODE_TEXT], struct err *e);

/* --- session ------------------------------------------------------------------------------------------------------------- */

struct session {
	int64_t account;     /* 0: nobody is logged in */
	char name[64];       /* account name */
	char display[NAME_TEXT];
	unsigned roles;
	bool has_key;        /* may open personal data */
	unsigned lent;       /* of those, the ones held for another account, see desk/accounts.h */
	date_t lent_until;   /* the last day of the first of them that ends; DATE_NONE: none is lent */
	int64_t participant; /* scope: the participant this account acts for; 0: the general contractor's whole site */
};

int desk_login(struct desk *d, const char *account, const char *password, struct err *e);
void desk_logout(struct desk *d);
const struct session *desk_session(const struct desk *d); /* never NULL */
int desk_password_check(struct desk *d, const char *password, struct err *e); /* the idle lock: same account, same key */

struct account_new { const char *name, *display, *password; unsigned roles; int64_t participant; unsigned kdf_mib; };
/* Wraps the data key for the new account: needs a session with the key when its roles do (DESIGN 5). */
int desk_account_add(struct desk *d, const struct account_new *a, struct err *e);
struct account_row {
	int64_t id; char name[64]; char display[NAME_TEXT]; unsigned roles; bool disabled;
	unsigned lent; date_t lent_until; /* roles held for another account today, and the last day of the first that ends */
};
int desk_account_list(struct desk *d, struct account_row *rows, size_t cap, size_t *n, struct err *e);
int desk_account_disable(struct desk *d, const char *name, bool disabled, struct err *e);
int desk_password_change(struct desk *d, const char *old_password, const char *new_password, struct err *e);
int desk_password_recover(struct desk *d, const char *recovery_code, const char *account, const char *new_password, struct err *e);

/* The runner's key goes over an inherited pipe (DESIGN 5): 32 bytes, wiped by both ends. */
#define DESK_KEY_BYTES 32
int desk_export_key(struct desk *d, unsigned char key[DESK_KEY_BYTES], struct err *e); /* needs a session with the key */
int desk_adopt_key(struct desk *d, const unsigned char key[DESK_KEY_BYTES], struct err *e); /* becomes the runner's session; ERR_SEAL when wrong */
/*
 * The unattended runner (DESIGN 5), chosen knowingly: a clerk or project manager with the key makes a secret, which becomes a credential of the
 * system service and nothing else; recorded in the audit. Whoever has it and the file reads everything. Made again, the older one is void; ended, all are.
 */
int desk_unattended_make(struct desk *d, unsigned char secret[DESK_KEY_BYTES], struct err *e); /* wiped by the caller */
int desk_unattended_end(struct desk *d, struct err *e);
bool desk_unattended_is(struct desk *d);
int desk_unattended_adopt(struct desk *d, const unsigned char secret[DESK_KEY_BYTES], struct err *e); /* becomes the runner's session; ERR_UNATTENDED */

/* --- projects ------------------------------------------------------------------------------------------------------------ */

struct project { int64_t id; char uid[UID_TEXT]; char code[64]; char name[NAME_TEXT]; char profile[32]; char status[24]; /* state_name() of CYCLE_PROJECT */ };
int desk_project_list(struct desk *d, struct project *rows, size_t cap, size_t *n, struct err *e);
int desk_project_use(struct desk *d, int64_t project, struct err *e);  /* becomes the current one; the first one is current after login */
const struct project *desk_project(const struct desk *d);              /* NULL: none yet */
const struct profile *desk_profile(const struct desk *d);              /* the current project's; NULL: none */

/* --- settings (connection to the platform, intervals) ---------------------------------------------------------------------- */

#define DESK_PLAIN_WORD "明文传输" /* what the system administrator types to let platform.plain be */
/* The account that the project pays wages from, which the open.api wants with every wage: its number (sealed) and its bank. */
#define SETTING_WAGE_ACCOUNT "wages.account"
#define SETTING_WAGE_BANK "wages.bank"
/* Names: "platform.url", "platform.token" (sealed), "platform.ca_file", "platform.appid", "platform.corp_secret" (sealed; both of the
 * open.api, whose secret is platform.token), "platform.plain", "hold_seconds", "language" … ; unset gives "". */
int desk_setting_get(struct desk *d, const char *name, char *out, size_t size, struct err *e);
/* Of any project, by id; 0: of the box. Not for what is sealed. */
int desk_setting_of(struct desk *d, int64_t project, const char *name, char *out, size_t size, struct err *e);
int desk_setting_set(struct desk *d, const char *name, const char *value, struct err *e);

/* Plain transport (http) instead of TLS: only where the profile allows it (upload.plain) and the system administrator has set
 * "platform.plain" to the word 明文传输, which is audited; never a fallback. Shown wherever the connection is (DESIGN 9, S6). */
bool desk_plain_allowed(struct desk *d);

/* --- noticing others' work --------------------------------------------------------------------------------------------------- */

/* A number that changes whenever any process has committed something; cheap (PRAGMA data_version and our own count). */
int desk_change_count(struct desk *d, int64_t *out, struct err *e);
/* Several intentions in one transaction and one fsync: imports and bench. Nested calls are refused. */
int desk_group_begin(struct desk *d, struct err *e);
int desk_group_end(struct desk *d, bool keep, struct err *e);
/* Housekeeping when nothing happens: search texts that an older version made, a passive checkpoint. *more: there is more to do. */
int desk_idle(struct desk *d, bool *more, struct err *e);

#endif
