/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The invented site of `shiming practice`: project, participants, teams, accounts, made once through the desk like anybody's. */
#ifndef CLI_PRACTICE_SITE_H
#define CLI_PRACTICE_SITE_H

#include <stdbool.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define PRACTICE_PASSWORD "Lianxi-2026" /* shown on the login screen: nothing behind it is anybody's */

struct practice_account { const char *name, *display; unsigned roles; };
extern const struct practice_account practice_accounts[];
extern const size_t practice_accounts_n;

struct practice_site {
	const char *dir;             /* the data directory: made */
	const char *profile;
	const char *token;           /* with which the box speaks to the platform */
	const char *admin_password;  /* of the account that only practice itself uses */
	const char *hold_seconds;    /* how long an action can be taken back: "3" */
	const char *poll_seconds;    /* how often the platform is asked for decisions: "3" */
	bool weeks;                  /* the weeks after entry lie behind it (practice_weeks.h); else nobody has come yet */
};
int practice_site_make(const struct practice_site *site, struct err *e);
#define PRACTICE_DEVICE "LX-KQ-01" /* stands in the register of devices */
/* Where the platform is this time, and where the simulated device finds the gateway. */
struct practice_places {
	const char *url, *ca_file, *gateway;
	bool device; /* the box speaks to it as a collecting device (practice_door.h): plain TCP on loopback */
};
int practice_site_connect(const char *dir, const char *admin_password, const struct practice_places *at, struct err *e);

#endif
