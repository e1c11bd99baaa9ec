/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One device's conversation with the gateway (JM-3; H2, H5): bytes in, questions out of them, an answer at a time. No socket, no clock of its own.
 *
 * 843 first and nothing before it (JM-3 1.1): until then there is room for one log-in and no more, whoever calls. One question at a time: while its
 * answer has not left nothing further is read. Whatever is no frame, no known command or out of turn ends the conversation; nothing is searched for
 * in what is left. What cannot be stored now is not answered at all: the device asks again (D28 of the device protocol's reading).
 *
 * Time limits are for whoever holds the line: conversation_overdue().
 */
#ifndef GATEWAY_CONVERSATION_H
#define GATEWAY_CONVERSATION_H

#include "desk/gateway.h"
#include "device/message.h"

#define CONVERSATION_LOGIN_BYTES (DEVICE_FRAME + 65) /* a log-in: JM-3 1.2.1 */
#define CONVERSATION_CONTENT (256u << 10)	     /* the largest question: 852 with 30 kB and 200 kB of pictures */
#define CONVERSATION_REPLY (8u << 20)
#define CONVERSATION_LOGIN_MS 10000  /* from connecting to logged in */
#define CONVERSATION_FRAME_MS 60000  /* from a frame's first byte to its last */
#define CONVERSATION_IDLE_MS 600000  /* the annex names no interval for the heartbeat; devices beat every 30 s or so */
#define CONVERSATION_WRITE_MS 30000  /* an answer that is not taken */

/* The desk's side (desk/gateway.h); fuzzing has another. */
struct gateway_ops {
	int (*admit)(struct desk *d, const char *maker, const char *serial, struct device_caller *out, struct err *e);
	int (*list)(struct desk *d, const struct device_caller *c, size_t most, struct gateway_person **rows, size_t *n, struct err *e);
	int (*features)(struct desk *d, const struct device_caller *c, const char *number, struct gateway_features *out, struct buf *photo, struct err *e);
	int (*punch)(struct desk *d, const struct device_caller *c, const struct gateway_punch *p, enum punched *out, char *words, size_t size,
		     struct err *e);
	int (*collected)(struct desk *d, const struct device_caller *c, const struct record *r, const void *photo, size_t photo_bytes, struct err *e);
};
extern const struct gateway_ops gateway_desk_ops;

struct conversation {
	struct buf in, out;
	size_t sent;		     /* of out */
	struct device_caller device; /* id 0: not logged in */
	int64_t since_ms, heard_ms, part_ms, write_ms; /* steady clock; part_ms, write_ms 0: nothing under way */
	bool over;		     /* to be closed at once */
};
void conversation_init(struct conversation *c, int64_t now_ms);
void conversation_release(struct conversation *c); /* wipes */
/* How many bytes may be read now; 0: none, an answer is on its way, or it is over. */
size_t conversation_room(const struct conversation *c);
void conversation_take(struct conversation *c, const void *bytes, size_t n, int64_t now_ms);
/* A whole question stands there. *login: it comes from somebody who is not logged in. */
bool conversation_asks(struct conversation *c, bool *login);
/* Answers it into c->out; nothing is to be sent before what it stored is committed. Brought *stored: something was written down. 0, also where the
 * conversation is over; -1: what the desk cannot do now, the conversation is over. */
int conversation_answer(struct conversation *c, struct desk *d, const struct gateway_ops *ops, int64_t now_ms, bool *stored, struct err *e);
void conversation_sent(struct conversation *c, size_t n);
bool conversation_overdue(const struct conversation *c, int64_t now_ms);

#endif
