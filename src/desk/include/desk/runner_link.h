/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A session's link to the runner (DESIGN 5, 9): the attended runner lives as long as some session holds a link, and whoever holds one starts
 * a new runner when the old one ends.
 *
 * runner_link_open() connects to DESK_SOCKET in the data directory, or starts the helper `shiming-sync` with the session's key on an
 * inherited pipe (never argument or environment) and connects then. The runner is not this process's child in the sense of dying with it:
 * it ends by itself when its last link closes, so that another clerk's session keeps it. It serves every project of the file. Lines on the
 * socket: "nudge 3", "now 3" and "stop 3" to the runner (project 3 has something to send; send held ones too; it was paused), "changed" from it (look at the
 * database again). Never blocks longer than 200 ms.
 */
#ifndef DESK_RUNNER_LINK_H
#define DESK_RUNNER_LINK_H

#include "desk/desk.h"

struct runner_link;

/* ERR_NET_NOT_CONFIGURED when no project has a platform: the caller goes on without. */
int runner_link_open(struct runner_link **out, struct desk *d, struct err *e);
/* The same for the gateway (H2), `shiming-gateway`: ERR_GATEWAY_OFF while no address to listen on is set. It is sent no lines. */
int gateway_link_open(struct runner_link **out, struct desk *d, struct err *e);
void runner_link_close(struct runner_link *l);
int runner_link_fd(const struct runner_link *l);         /* to poll for POLLIN; -1 while there is no runner */
bool runner_link_read(struct runner_link *l);            /* after POLLIN, or every second: true when something changed; reconnects, restarts with back-off */
void runner_link_nudge(struct runner_link *l, bool now); /* after a use case that queued something in the current project */
void runner_link_stop(struct runner_link *l); /* after desk_upload_pause(): the pass that is under way ends too */

#endif
