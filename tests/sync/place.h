/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A place to test in: a directory of its own, fresh certificates, the real shiming-platform as a child on a
 * free port of loopback. */
#ifndef TESTS_SYNC_PLACE_H
#define TESTS_SYNC_PLACE_H

#include "base/buf.h"
#include "base/child.h"
#include "base/json.h"
#include "sync/http.h"

#define PLACE_TOKEN "token-of-the-test-box"

struct place {
	char dir[64], ca[96], url[64];
	int port;
	struct child platform;
	struct buf said;
};

void place_open(struct place *p); /* directory and certificates */
void place_start(
	struct place *p,
	const char *const *more);  /* the platform, with more arguments (NULL-terminated, may be NULL) */
void place_kill(struct place *p);  /* SIGKILL: as a power cut */
void place_close(struct place *p); /* ends what was started, removes the directory */
cJSON *place_say(struct place *p,
		 const char *command); /* a command to the platform; fails the test unless it is obeyed */
/* Counts of the platform's store: records of an entity in a state ("" any), and how often something took
 * effect on them. */
int64_t place_count(struct place *p, const char *entity, const char *state);
int64_t place_applied(struct place *p, const char *entity);
int64_t place_operations(struct place *p, const char *status); /* "accepted" … */
int64_t place_requests(struct place *p);
struct http *place_http(struct place *p); /* a connection as the runner's */

#endif
