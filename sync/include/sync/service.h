/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The runner as it runs beside the sessions: when to make a pass, what to say about the line, when to end.
 *
 * A pass is made at the start, on "nudge" and "now", when a held row falls due, and every poll_seconds for
 * the changes. After trouble the next attempt waits (sync/backoff.h): a nudge does not shorten that, "now" (a
 * human) does. The connection's settings are read anew after trouble, so that a new token or address counts
 * at once. The trouble is told to the desk by desk_set_line_state().
 */
#ifndef SYNC_SERVICE_H
#define SYNC_SERVICE_H

#include "sync/runner.h"
#include "sync/sessions.h"

#define SERVICE_GRACE_MS 2000	    /* attended: without a link for so long, it ends */
#define SERVICE_FIRST_LINK_MS 10000 /* … but the session that started it has this long to come */
#define SERVICE_BACKUP_LOOK_MS 60000   /* how often it is asked whether a backup is due */
#define SERVICE_BACKUP_PAUSE_MS 300000 /* after one that was made, or failed */
#define SERVICE_POLL_SECONDS 20	    /* setting platform.poll_seconds */

struct service {
	struct desk *desk;
	const char *dir;
	bool attended;
	struct sessions sessions;
	struct runner runner;
	struct dialect_link link; /* while connected */
	bool connected;
	char witness[4200];
	int signal_fd; /* readable: end. -1: none */
	int64_t first_link_until_ms;
	bool stopping;
};

void service_init(struct service *s, struct desk *d, const char *dir);
/* Opens the connection in the dialect of the project's profile, as the settings of the desk say;
 * ERR_NET_NOT_CONFIGURED. */
int service_connect(struct service *s, struct err *e);
void service_release(struct service *s);
/* Until it is asked to end or nobody is left. -1 only for what a runner cannot live with (the data are gone,
 * damaged …). */
int service_run(struct service *s, struct err *e);
/* Until nothing is left that can be sent now. */
int service_once(struct service *s, struct err *e);

#endif
