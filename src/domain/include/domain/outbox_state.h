/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The states of an operation on its way to the platform (DESIGN 9): held → ready → sending → waiting → accepted | rejected | unknown; withdrawn; superseded. */
#ifndef DOMAIN_OUTBOX_STATE_H
#define DOMAIN_OUTBOX_STATE_H

/* Stored as these numbers: append, never renumber. */
enum outbox_state {
	OUTBOX_HELD, OUTBOX_READY, OUTBOX_SENDING, OUTBOX_WAITING, OUTBOX_ACCEPTED, OUTBOX_REJECTED, OUTBOX_UNKNOWN, OUTBOX_WITHDRAWN,
	OUTBOX_SUPERSEDED, OUTBOX_STATE_COUNT
};

/* Codes of what the project's dialect has no call for: told with another operation (accepted), or to be done by a clerk on the
 * platform's page (waiting until then). The schema knows the second. */
#define OUTBOX_TOLD_WITH "told-with"
#define OUTBOX_BY_HAND "by-hand"

#endif
