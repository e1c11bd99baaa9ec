/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The box as a collecting device (H1, JM-3): one TCP connection, one conversation at a time, login (843) before anything else.
 *
 * Nothing in a frame ties a reply to its question except the command and the session: after a time-out the connection is closed and the next
 * question begins with a new one and a new login; a late reply is never waited for. A connection that has been silent for heartbeat_ms is tried
 * with a heartbeat before it is used. The session of the login's reply is used from then on.
 */
#ifndef SYNC_DEVICE_LINE_H
#define SYNC_DEVICE_LINE_H

#include "device/message.h"

#define DEVICE_REPLY_MS 20000
#define DEVICE_BEAT_MS 30000

struct device_line_options {
	const char *host;
	int port;
	struct device_login who; /* manufacturer code and device identifier, 32 characters each */
	struct device_manner manner;
	int64_t reply_ms, heartbeat_ms; /* 0: as above */
	bool (*go_on)(void *arg);	/* asked while waiting; false gives up. May be NULL */
	void *go_on_arg;
};
struct device_line;
int device_line_open(struct device_line **out, const struct device_line_options *o, struct err *e); /* connects at the first question */
void device_line_close(struct device_line *l);

struct device_reply {
	struct buf bytes; /* the whole frame */
	struct device_frame frame; /* borrows from bytes; its checksum is off where it has one */
};
void device_reply_init(struct device_reply *r);
void device_reply_release(struct device_reply *r); /* wipes */
/* One question, one reply with the same command. *may_have_left: the platform may have received the question. ERR_NET_OFFLINE; ERR_NET_REFUSED
 * with the platform's words when it refuses the login; ERR_NET_ANSWER. */
int device_line_ask(struct device_line *l, uint16_t command, const struct buf *content, struct device_reply *reply, bool *may_have_left,
		    struct err *e);

#endif
