/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A SAM_V module that exists only here: request in, reply out. Pure; time, lines and files are elsewhere
 * (sim.c).
 *
 * It keeps to the order of a real one: select needs a find before it, read needs a select, and a find in
 * between undoes the select. Every fault a line, a module or a hand can cause is ordered with
 * sam_order_fault().
 */
#ifndef SIM_SAM_H
#define SIM_SAM_H

#include "deck.h"
#include "reader/frame.h"

enum sam_mode {
	SAM_REDISCOVER, /* find answers 9F for as long as the card lies there */
	SAM_ONCE,       /* find answers 80 for a card that has been read, until it was lifted */
};

enum sam_step { SAM_ANY, SAM_FIND, SAM_SELECT, SAM_READ, SAM_STATUS, SAM_NUMBER, SAM_OTHER };

enum fault_kind {
	FAULT_NONE,
	FAULT_SW,       /* answers SW3 = n */
	FAULT_CHECKSUM, /* CHK of the reply wrong */
	FAULT_LENGTH,   /* LEN of the reply wrong: n more than is sent (1 if 0) */
	FAULT_ORDER,    /* the reply before this one comes again instead */
	FAULT_CUT,      /* only the first n bytes of the reply */
	FAULT_NOISE,    /* n bytes of noise before the reply, parts of a lead among them */
	FAULT_SILENCE,  /* no reply */
	FAULT_LIFT,     /* the card is lifted when the command arrives */
	FAULT_SLOW,     /* the reply comes n ms late */
	FAULT_UNPLUG,   /* the line hangs up after the first n bytes of the reply */
	FAULT_COUNT
};

struct fault {
	enum fault_kind kind;
	unsigned n;
	enum sam_step step;
	unsigned times;
};

#define FAULTS_MAX 16

struct sam_reply {
	uint8_t bytes[FRAME_MAX + 256];
	size_t n;
	unsigned delay_ms;
	bool unplug;
	uint8_t cmd, para, sw3; /* for the trace */
};

struct sam {
	const struct sim_card *card; /* NULL: none lies there */
	enum sam_mode mode;
	uint8_t health;              /* what module status answers: 90, 60, 66 */
	bool found, selected, was_read;
	struct fault fault[FAULTS_MAX];
	size_t faults;
	struct sam_reply last;
};

void sam_init(struct sam *s);
void sam_place(struct sam *s, const struct sim_card *card); /* NULL: lift */
bool sam_order_fault(struct sam *s, const struct fault *fault);
/* payload is CMD… of a request, or anything where result says that the request was bad. */
void sam_answer(struct sam *s, enum frame_result result, const uint8_t *payload, size_t n, struct sam_reply *out);

bool sam_step_parse(const char *word, enum sam_step *out);
bool fault_kind_parse(const char *word, enum fault_kind *out);

#endif
