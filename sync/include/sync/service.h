/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The runner as it runs beside the sessions: which project's line has its turn, what to say about it, when to end.
 *
 * One runner serves every project of the file (desk/connection.h); each has a line of its own: dialect, link, cursor, witness, back-off. They
 * have their turns one after another, the one that has waited longest first: the trouble of one is neither told of another nor waited for, a
 * long queue gives way between batches, and a platform that does not answer at all is not waited for to the end.
 *
 * A line that a clerk has paused (desk_upload_pause()) stands still, at once: what is out is looked up when it goes on.
 *
 * A pass is made at the start, on "nudge" and "now", when a held row falls due, and every poll_seconds for
 * the changes. After trouble the next attempt waits (sync/backoff.h): a nudge does not shorten that, "now" (a
 * human) does. The connection's settings are read anew after trouble, so that a new token counts at once, and
 * address and certificate with every pass: who has entered another platform sends nothing more to the former. A
 * certificate at a place that this process was not given ends it (sync/room.h). The trouble is told to the desk by desk_set_line_state().
 */
#ifndef SYNC_SERVICE_H
#define SYNC_SERVICE_H

#include "sync/backoff.h"
#include "sync/room.h"
#include "sync/runner.h"
#include "sync/sessions.h"

#define SERVICE_GRACE_MS 2000	    /* attended: without a link for so long, it ends */
#define SERVICE_FIRST_LINK_MS 10000 /* … but the session that started it has this long to come */
#define SERVICE_BACKUP_LOOK_MS 60000   /* how often it is asked whether a backup is due */
#define SERVICE_RESEAL_LOOK_MS 5000    /* how often it is asked whether the data key is being replaced */
#define SERVICE_BACKUP_PAUSE_MS 300000 /* after one that was made, or failed */
#define SERVICE_POLL_SECONDS 20	    /* setting platform.poll_seconds */
#define SERVICE_PATIENCE_MS 3000    /* so long a platform that has not answered yet is waited for while others have their turn */
#define SERVICE_LOOK_MS 20000	    /* how often it is seen whether a project has come or has been given a platform */

#define SERVICE_PLACE (1024 + 4096 + 2)

struct service;

/* One project's line and when it has its turn. */
struct service_line {
	int64_t project;
	struct service *service;
	struct runner runner;
	struct dialect_link link; /* while connected */
	bool connected;
	char place[SERVICE_PLACE]; /* address and certificate that the link was opened by */
	char witness[4200];
	struct backoff backoff;
	bool in_trouble, gave_way;
	bool halted; /* in the middle of a pass, by a clerk */
	int64_t requests;		     /* had been made when the link was opened */
	int64_t began_ms, next_ms, fetch_ms; /* steady clock */
};

struct service {
	struct desk *desk;
	const char *dir;
	const struct room *room; /* what it was confined to; borrowed; NULL: nothing */
	int64_t only; /* serves this project alone; 0: all */
	bool attended;
	struct sessions sessions;
	struct service_line **line;
	size_t n;
	struct service_line *at; /* at work */
	int64_t look_ms;	 /* steady clock: when the projects are looked at again */
	int64_t reseal_ms;	 /* when it is asked whether the data key is being replaced */
	int64_t backup_ms;	 /* … and when it is asked whether a backup is due */
	int signal_fd;		 /* readable: end. -1: none */
	int64_t first_link_until_ms;
	bool stopping;
};

void service_init(struct service *s, struct desk *d, const char *dir);
void service_release(struct service *s);
/* Until it is asked to end or nobody is left. -1 only for what a runner cannot live with (the data are gone,
 * damaged …). */
int service_run(struct service *s, struct err *e);
/* Finds the lines: every project with a platform's address, or `only`. ERR_NET_NOT_CONFIGURED: none has. */
int service_find_lines(struct service *s, struct err *e);
/* Until nothing is left that can be sent now on this line. now: what is held for undoing too. */
int service_once(struct service_line *l, bool now, struct err *e);

#endif
