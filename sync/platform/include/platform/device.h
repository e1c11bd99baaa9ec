/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference platform's device door: the six commands of JM-3 on plain TCP, for loopback and a site's own
 * network only (the protocol sends ID numbers in clear and its login has no secret). One thread, few
 * connections; the office is used under the caller's lock.
 *
 * Only registered devices get past 843; nothing is done before it; a second login with the same identifier
 * closes the older connection. 852 lands as a person (again: overwritten); 849 lists who is on site; 845
 * tells one of them; 848 is kept once, however often it comes. Checksums are taken by either reading and
 * answered in the same.
 */
#ifndef PLATFORM_DEVICE_H
#define PLATFORM_DEVICE_H

#include <pthread.h>

#include "device/message.h"
#include "platform/office.h"

#define DEVICES_MOST 64
#define DEVICE_LINES 16
#define DEVICE_AHEAD_MS (10 * 60 * 1000) /* a punch later than this is refused */

struct device_known {
	char maker[DEVICE_CODE], device[DEVICE_CODE];
};
struct device_door {
	struct office office;
	struct device_manner manner;
	struct device_known known[DEVICES_MOST];
	size_t n;
	pthread_mutex_t *lock; /* held while the office is used */
	int listen_fd, wake_fd[2], port;
	bool running;
	pthread_t thread;
	uint64_t frames;
};
void device_door_init(struct device_door *d, struct pstore *store, pthread_mutex_t *lock);
/* "MAKER/DEVICE", 32 and up to 32 characters. ERR_USAGE. Each device has a box of its own, named by its
 * identifier. */
int device_door_add(struct device_door *d, const char *line, struct err *e);
/* Listens on the address (a loopback or private one: ERR_USAGE else) and serves in a thread of its own. port
 * 0: any; d->port says which. */
int device_door_start(struct device_door *d, const char *address, int port, struct err *e);
void device_door_stop(struct device_door *d);

/* What the site does on the platform's page with people whom devices have collected (JM-3 1.1: a person is collected first and then entered): those who
 * came before before_ms are on site from now on, and so on the list (849). *n: how many. */
int device_door_page(struct device_door *d, int64_t before_ms, size_t *n, struct err *e);

/* One question of a connection. Pure but for the store; *device: what the connection is logged in as, ""
 * before. The reply is added to out; -1: the connection is to be closed. */
int device_door_answer(struct device_door *d, char device[DEVICE_CODE], struct device_frame *f,
		       struct buf *out, struct err *e);

#endif
