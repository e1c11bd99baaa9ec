/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The invented site of `shiming practice`: project, participants, teams, accounts, made once through the desk like anybody's. */
#ifndef CLI_PRACTICE_SITE_H
#define CLI_PRACTICE_SITE_H

#include "base/err.h"

#define PRACTICE_PASSWORD "Lianxi-2026" /* shown on the login screen: nothing behind it is anybody's */

struct practice_account { const char *name, *display; unsigned roles; };
extern const struct practice_account practice_accounts[];
extern const size_t practice_accounts_n;

/* Makes the data directory `dir` with the whole site. admin_password: of the account that only practice itself uses. */
int practice_site_make(const char *dir, const char *profile, const char *admin_password, struct err *e);

/* Where the platform is this time. */
struct practice_connection { const char *url, *token, *ca_file; };
int practice_site_connect(const char *dir, const char *admin_password, const struct practice_connection *c, struct err *e);

#endif
