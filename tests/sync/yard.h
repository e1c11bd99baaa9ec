/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A site with people on it, its gateway, and simulated devices over real sockets, each from an address of its own on the loopback network. */
#ifndef TESTS_SYNC_YARD_H
#define TESTS_SYNC_YARD_H

#include "desk_site.h"
#include "desk/device.h"
#include "gateway/server.h"

#define YARD_PEOPLE 2000 /* at the most */

struct yard {
	struct site s;
	struct desk *runner;
	struct gateway g;
	int64_t person[YARD_PEOPLE];
};

struct desk *runner_of(const struct site *s); /* another desk on the same file, with the runner's key */
void yard_open(struct yard *y, size_t people, size_t devices); /* who is on site; the clerk is logged in */
void yard_serve(struct yard *y);
void yard_close(struct yard *y);

struct device {
	struct gateway *g; /* served in this thread while an answer is waited for; NULL: by another process */
	int fd, port;
	size_t number;
	struct buf in;
	struct device_frame reply;
};

void serial_of(size_t i, char out[DEVICE_SERIAL]);
void device_call(struct device *v);
void device_hang_up(struct device *v);
extern void (*device_serves)(struct gateway *g); /* one turn of a gateway in this thread; fails the test where the turn fails */
bool device_hear(struct device *v); /* false: the line has been closed */
bool device_ask(struct device *v, uint16_t command, const struct buf *content, bool sum);
bool device_log_in(struct device *v, const char *serial);
void device_start(struct device *v, struct gateway *g, int port, size_t number);
void punch_content(uint32_t worker, int64_t at_ms, unsigned char mode, size_t picture, struct buf *out);

#endif
