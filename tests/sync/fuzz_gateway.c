/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever a peer says to the gateway, in whatever pieces (H2, S7): nothing before the log-in, never more held than the bounds, one answer to a question, and
 * an end for whoever does not keep to the protocol. The desk is a stand-in that admits one serial number.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "gateway/conversation.h"

static bool admitted;
static volatile unsigned char touched;

static void must(bool it)
{
	if (!it)
		abort();
}

static int admit(struct desk *d, const char *maker, const char *serial, struct device_caller *out, struct err *e)
{
	(void)d;
	(void)maker;
	if (strcmp(serial, "KQ-0000"))
		return err_set(e, ERR_DEVICE_UNKNOWN, NULL);
	*out = (struct device_caller){.id = 1, .project = 1};
	text_copy(out->serial, sizeof(out->serial), serial);
	admitted = true;
	return 0;
}

static int list(struct desk *d, const struct device_caller *c, size_t most, struct gateway_person **rows, size_t *n, struct err *e)
{
	(void)d;
	must(admitted && c->id == 1 && most);
	*rows = calloc(2, sizeof(**rows));
	if (!*rows)
		return err_set(e, ERR_MEMORY, "list");
	*n = 2;
	text_copy((*rows)[0].name, sizeof((*rows)[0].name), "试甲");
	return 0;
}

static int features(struct desk *d, const struct device_caller *c, const char *number, struct gateway_features *out, struct buf *photo, struct err *e)
{
	(void)d;
	must(admitted && c->id == 1);
	if (number[0] != '4')
		return err_set(e, number[0] == '5' ? ERR_DEVICE_PHOTO : ERR_NO_SUCH, NULL);
	*out = (struct gateway_features){.who = {.worker = 1}, .birth = DATE_NONE};
	return buf_adds(photo, "jpeg") ? err_set(e, ERR_MEMORY, "photo") : 0;
}

static int punch(struct desk *d, const struct device_caller *c, const struct gateway_punch *p, enum punched *out, char *words, size_t size, struct err *e)
{
	(void)d;
	must(admitted && c->id == 1 && (!p->picture_bytes || p->picture));
	for (size_t i = 0; i < p->picture_bytes; i++)
		touched ^= ((const unsigned char *)p->picture)[i]; /* all of it is there to be read */
	if (p->worker == 7)
		return err_set(e, ERR_DISK_FULL, NULL);
	*out = p->mode == GATEWAY_FACE ? PUNCHED : PUNCH_REFUSED;
	text_copy(words, size, *out == PUNCHED ? "" : "不行");
	return 0;
}

static int collected(struct desk *d, const struct device_caller *c, const struct record *r, const void *photo, size_t photo_bytes, struct err *e)
{
	(void)d;
	(void)e;
	must(admitted && c->id == 1 && record_get(r, F_NUMBER)[0] && record_get(r, F_NAME)[0] && (!photo_bytes || photo));
	return 0;
}

static const struct gateway_ops stand_in = {admit, list, features, punch, collected};

static void answer_all(struct conversation *c, int64_t now)
{
	struct err e = {ERR_NONE};
	bool login, stored = false;

	while (conversation_asks(c, &login)) {
		must(login == (c->device.id == 0));
		if (conversation_answer(c, NULL, &stand_in, now, &stored, &e))
			must(c->over);
		must(c->out.len || c->over);
		must(!c->out.len || conversation_room(c) == 0); /* one thing at a time */
		if (c->out.len && !c->over) {
			size_t half = (c->out.len + 1) / 2;

			conversation_sent(c, half);
			if (c->out.len)
				conversation_sent(c, c->out.len - c->sent);
		}
	}
}

/* The first byte says in what pieces the rest arrives. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conversation c;
	size_t piece = size ? 1 + (size_t)data[0] * data[0] : 1, at = size ? 1 : 0;
	int64_t now = 0;

	admitted = false;
	conversation_init(&c, now);
	while (at < size && !c.over) {
		size_t room = conversation_room(&c), n = size - at < piece ? size - at : piece;

		must(c.device.id || room <= CONVERSATION_LOGIN_BYTES);
		must(c.in.len <= (c.device.id ? CONVERSATION_CONTENT + DEVICE_FRAME : CONVERSATION_LOGIN_BYTES));
		if (!room)
			break; /* a frame fills all there is, and is none */
		n = n < room ? n : room;
		conversation_take(&c, data + at, n, now++);
		at += n;
		answer_all(&c, now);
	}
	conversation_overdue(&c, now);
	conversation_release(&c);
	return 0;
}
