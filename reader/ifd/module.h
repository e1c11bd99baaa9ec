/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One security module behind a transport: found lazily, asked in whole units, its card's presence judged. No
 * pcscd, no thread; the caller holds a lock around every call.
 *
 * The module is opened when it is first needed and again after it was lost; a line is trusted only once a
 * module has answered "module status" on it (numbers of ptys and ttys are reused). Presence (DESIGN 8): a
 * card that was found stays present until find has failed gone_count times over gone_ms, because modules
 * differ in what find answers to a card already read.
 */
#ifndef IFD_MODULE_H
#define IFD_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reader/samv_apdu.h"
#include "transport.h"

struct module_settings {
	unsigned gone_count; /* 3 */
	unsigned gone_ms;    /* 600 */
};

/* One exchange as a support report may show it: nothing of what a card says. */
struct module_trace {
	uint8_t cmd, para;
	enum samv_line line; /* 0: answered, sw3 and n are valid */
	uint8_t sw3;
	uint16_t n;          /* bytes behind SW3 */
	uint16_t ms;
};

struct module {
	struct transport transport;
	struct module_settings settings;
	int64_t (*now_ms)(void);        /* steady */
	enum samv_state state;
	uint8_t status;                 /* SW3 of the last module status, 0: none yet */
	unsigned variant;               /* the next try's rate */
	int64_t next_open;              /* no try before */
	bool open;
	bool present;
	bool found;                     /* the last find succeeded and nothing was selected since */
	unsigned fails;                 /* finds failed in a row */
	unsigned mute;                  /* finds without any answer in a row */
	int64_t first_fail;
	struct frame_receiver reply;
	struct module_trace trace[SAMV_TRACES]; /* a ring */
	unsigned traced;                        /* exchanges since module_init; the next goes to traced % SAMV_TRACES */
};

void module_init(struct module *m, struct transport transport, const struct module_settings *settings);
void module_release(struct module *m);

/* One look: opens if need be, one find. */
bool module_look(struct module *m);

struct module_answer {
	const uint8_t *data;  /* behind SW3; valid until the next call */
	size_t n;
	uint8_t sw3;
	enum samv_step step;
	enum samv_line line;  /* 0: the module has answered, sw3 is valid */
};

/* One command, nothing before or after. */
void module_ask(struct module *m, uint8_t cmd, uint8_t para, struct module_answer *a);
/* find, select and then that command as one piece; what the line garbled is repeated once, from find on. */
void module_read(struct module *m, uint8_t cmd, uint8_t para, struct module_answer *a);

#endif
