/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scripted faults of the reference platform (QUALITY R1–R8): what goes wrong, at which request. Pure but for
 * its counters.
 *
 * A rule is text: [TARGET:]NAME[=ARG][@FIRST[-LAST]][%PERCENT]
 *   TARGET   post (POST /v1/operations; default), lookup, changes, box, attachment, any; requests are counted for each
 * target from 1 NAME     fault_names() lists them with what ARG means
 *   @3  @3-7  @3-   the third; the third to the seventh; from the third on. Without it: every one
 *   %30      of these, three in ten, from a fixed seed
 * "drop@2", "503=7@1-3", "changes:portal-html@1", "drop%30", "refuse=17".
 */
#ifndef PLATFORM_FAULT_H
#define PLATFORM_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum fault_target { TARGET_POST, TARGET_LOOKUP, TARGET_CHANGES, TARGET_BOX, TARGET_ATTACHMENT, TARGET_COUNT };

enum fault_kind {
	FAULT_NONE,
	/* the request is not passed on */
	FAULT_STATUS,
	FAULT_REDIRECT,
	FAULT_PAGE,
	FAULT_FOREIGN,
	FAULT_CUT_REQUEST,
	/* it is, and then */
	FAULT_DROP,
	FAULT_CUT_ANSWER,
	FAULT_TRUNCATED,
	FAULT_DEEP,
	FAULT_HUGE,
	FAULT_TYPES,
	FAULT_REORDER,
	FAULT_MISSING,
	FAULT_FOREIGN_IDS,
	FAULT_TWICE,
	FAULT_DELAY,
	/* about one record */
	FAULT_REFUSE,
	FAULT_REFUSE_PHONE
};

struct fault {
	enum fault_kind kind;
	int status;
	int64_t arg;
};
struct fault_rule {
	struct fault fault;
	bool at[TARGET_COUNT];
	uint64_t first, last;
	unsigned percent;
};
#define FAULT_RULES 16
struct faults {
	struct fault_rule rule[FAULT_RULES];
	size_t n;
	uint64_t count[TARGET_COUNT], random;
	int64_t refuse_at;
	bool refuse_phone; /* for its phone number, as a platform does that checks numbers with the carriers */
};

void faults_init(struct faults *f);
int faults_add(struct faults *f, const char *rule, struct err *e);    /* ERR_USAGE */
struct fault faults_next(struct faults *f, enum fault_target target); /* counts the request */
const char *fault_names(unsigned i, const char **help);		      /* NULL at the end */
bool fault_before(enum fault_kind k);				      /* the request is not passed on */
/* The answer (a JSON text) as the fault makes it. */
void fault_spoil(const struct fault *f, struct buf *answer);

#endif
