/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The gateway's sockets: hundreds of devices on one listening address of the site's own network, one thread, epoll.
 *
 * Store first, answer then: the questions that stand there are answered in one transaction, a few milliseconds' worth at a time, and the answers leave
 * when it is committed. Where it cannot be committed the lines are closed without a word, and the devices bring it again.
 *
 * A hostile peer costs its connection: bounded buffers, nothing but a log-in before the log-in, time limits (conversation.h), so many lines from one
 * address and in all. A second log-in of a device ends its older line (JM-3 1.1: never two at once on one device). Which devices were heard is written
 * every GATEWAY_HEARD_MS in one transaction.
 */
#ifndef GATEWAY_SERVER_H
#define GATEWAY_SERVER_H

#include "gateway/conversation.h"

#define GATEWAY_LINES 1024
#define GATEWAY_PER_ADDRESS 16 /* a few devices behind one router; more are refused */
#define GATEWAY_HEARD_MS 10000
#define GATEWAY_GROUP_MS 10 /* how long others may wait for the write lock (QUALITY P7) */

struct gateway_line;
struct gateway {
	struct desk *desk;
	const struct gateway_ops *ops;
	int listen_fd, epoll_fd, port;
	struct gateway_line *line[GATEWAY_LINES];
	size_t n;
	int64_t heard_saved_ms, swept_ms; /* steady clock */
};
void gateway_init(struct gateway *g, struct desk *d);
/* "192.168.1.10:8430"; port 0: any. ERR_GATEWAY_ADDRESS: neither loopback nor a private IPv4 address; ERR_SYSTEM: taken, or not this computer's. */
int gateway_listen(struct gateway *g, const char *at, struct err *e);
void gateway_release(struct gateway *g); /* writes down who was heard, closes every line */
/* Deals with what the sockets have, without waiting. *stored: something was written down. -1: what a gateway cannot live with. */
int gateway_turn(struct gateway *g, bool *stored, struct err *e);
/* gateway->epoll_fd is readable when there is something to do; besides, gateway_turn() wants to be called so often. */
#define GATEWAY_TICK_MS 1000

#endif
