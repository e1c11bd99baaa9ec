/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The runner's side of the links that sessions hold (DESIGN 5): the socket DESK_SOCKET in the data directory,
 * the lock that makes the runner the only one, and the lines that come and go.
 *
 * The lock is an OFD lock on LOCK_FILE: the kernel frees it whatever becomes of the process. Only its holder
 * touches the socket file. Who may connect: the same user; where the directory is shared with a group (2770,
 * as packaged), members of that group too; the kernel says who it is (SO_PEERCRED). Lines to the runner:
 * "nudge 3", "now 3", "stop 3" (the project's id); from it: "changed". A peer that sends anything else, or stops reading, loses its link.
 */
#ifndef SYNC_SESSIONS_H
#define SYNC_SESSIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

#define SYNC_LOCK_FILE "sync.lock"
#define GATEWAY_LOCK_FILE "gateway.lock"
#define SESSIONS_MOST 64
#define SESSION_LINE 64

struct sessions {
	const char *lock, *socket; /* names of its files: SYNC_LOCK_FILE and DESK_SOCKET, unless sessions_name() said others */
	int lock_fd, dir_fd, listen_fd;
	uid_t uid;
	gid_t gid;
	bool group; /* group: the directory is shared with gid */
	struct session_link {
		int fd;
		char in[SESSION_LINE]; /* what has come of a line; of this struct: hearing a session asks for no memory */
		size_t have;
	} link[SESSIONS_MOST];
	size_t n;
	int64_t empty_since_ms; /* steady clock; meaningless while n > 0 */
	struct session_wish {
		int64_t project;
		bool now;  /* what is held too */
		bool stop; /* it has been told to stand still: look at its setting before anything more is sent */
	} wish[SESSIONS_MOST]; /* asked for since the caller cleared them, one a project */
	size_t wishes;
};

void sessions_init(struct sessions *s);
void sessions_name(struct sessions *s, const char *lock, const char *socket); /* before locking; kept by the caller */
/* Takes the lock: ERR_DATA_LOCKED when another runner has it. */
int sessions_lock(struct sessions *s, const char *dir, struct err *e);
/* Listens; needs the lock. A socket file that a killed runner left is replaced. */
int sessions_listen(struct sessions *s, struct err *e);
void sessions_release(struct sessions *s);
/* Waits for links, lines and `also` (a descriptor, -1: none) for at most wait_ms and deals with them; true
 * when `also` is readable. */
bool sessions_wait(struct sessions *s, int also, int wait_ms);
void sessions_tell_changed(struct sessions *s);

#endif
