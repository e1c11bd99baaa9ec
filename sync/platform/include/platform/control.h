/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person at the platform says, one line a command, one line of JSON back: over DIR/control.sock (0600,
 * same user) and, with
 * --lifeline, over stdin and stdout. Also the clock of what follows by itself (--consent-after,
 * --confirm-after).
 *
 *   consent UID|all      the person agrees (all: everybody who is asked)      refuse UID
 *   confirm UID|all      the other unit confirms an assignment                return UID [reason]
 *   decide UID EVENT [YYYY-MM-DD] [note]   any decision of the life cycles, by its name: died, ask_leave …
 *   fault RULE           see platform/fault.h                                 no-faults
 *   page                 people whom devices have collected are entered, as on the platform's page
 *   judge                what the open.api accepted and has not judged yet is judged now
 *   status               counts: records by state, requests, bytes
 */
#ifndef PLATFORM_CONTROL_H
#define PLATFORM_CONTROL_H

#include "platform/server.h"

#define CONTROL_SOCKET "control.sock"
#define CONTROL_LINE 1024

struct control {
	struct server *server;
	int64_t consent_after_ms, confirm_after_ms, page_after_ms; /* -1: only by command */
	bool lifeline;				    /* stdin: commands, and its end is the end */
	int signal_fd;
};
/* One command; the answer is one JSON object with "ok". Never fails: what is wrong stands in the answer. */
void control_say(struct server *s, const char *line, struct buf *answer);
/* Until SIGTERM, SIGINT, or the end of stdin with a lifeline. */
int control_run(struct control *c, const char *dir, struct err *e);
/* The other side: one command to a running platform. *ok: what it answered. */
int control_send(const char *dir, const char *line, struct buf *answer, bool *ok, struct err *e);

#endif
