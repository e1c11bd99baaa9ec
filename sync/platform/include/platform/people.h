/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The platform as a company's own: boxes enrol with one-time codes, people of the company confirm under accounts of their
 * own. Codes and passwords are never kept, only their hashes (SHA-256 of a random code; Argon2id of a password).
 */
#ifndef PLATFORM_PEOPLE_H
#define PLATFORM_PEOPLE_H

#include <cjson/cJSON.h>

#include "platform/office.h"

#define ENROL_CODE 20		    /* "ABCDE-FGHJK-MNPQR" and its end */
#define ENROL_VALID_MS (24 * 3600 * 1000LL)

/* A code for a box that will be called `label`; it works once, for a day. */
int people_enrol_code(struct pstore *s, const char *label, char code[ENROL_CODE], struct err *e);
/* {"code","box","name"} → {"token"}. The same code from the same box again (its answer was lost) gives a fresh token. */
int people_enrol(struct pstore *s, const cJSON *request, struct buf *out);

/* password: at least 8 characters: ERR_PASSWORD_WEAK. Replaces the one there was. */
int people_account(struct pstore *s, const char *name, const char *password, struct err *e);
/* HTTP Basic credentials ("Basic …"): false when they are nobody's, or locked after five wrong ones for ten minutes. */
bool people_login(struct pstore *s, const char *authorization, char name[PSTORE_LABEL]);
/* What waits for a decision. */
int people_pending(struct pstore *s, struct buf *out);
/* {"subject","event","on"?,"note"?}, decided by the account. */
int people_decide(struct office *o, const char *by, const cJSON *request, struct buf *out);

#endif
