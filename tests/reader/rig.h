/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The real way of a card: simulated module on a pty, real pcscd with the built driver, shiming-reader. Each rig is an instance of
 * its own in a mkdtemp directory and ends what it started.
 */
#ifndef TESTS_READER_RIG_H
#define TESTS_READER_RIG_H

#include "base/child.h"
#include "domain/id_card.h"
#include "reader/pcscd_private.h"

#define RIG_MODULES 2

struct rig_module {
	struct child sim;
	struct buf in;
	char link[96];
	struct buf traces; /* "trace CMD PARA SW3 …" lines so far */
};

enum rig_way { RIG_SERIAL, RIG_USB_WHOLE, RIG_USB_SPLIT, RIG_VPCD };

struct rig {
	enum rig_way way;
	char dir[64];
	size_t modules;
	struct rig_module module[RIG_MODULES];
	struct pcscd_private pcscd;
	struct child reader;
	struct buf reader_in;
	char csock[128]; /* "PCSCLITE_CSOCK_NAME=…" */
	const char *env; /* one more for the reader: "K=V" */
	unsigned port;
};

/* All of them fail the test that runs when something does not happen in time. options: more arguments for the simulator. */
void rig_start(struct rig *r, size_t modules, const char *const *options);
void rig_start_way(struct rig *r, enum rig_way way, size_t modules, const char *const *options);
/* No module: a pcscd with vpcd's readers (reader/vpcd.h) on that port and the next. */
void rig_start_vpcd(struct rig *r, unsigned port);
void rig_stop(struct rig *r);
void rig_start_pcscd(struct rig *r);
void rig_start_reader(struct rig *r, const char *const *argv); /* NULL: watch */
/* One command to a module; its answer is "ok". */
void rig_sim(struct rig *r, size_t module, const char *command);
/* The next event of that kind; others are skipped. */
void rig_expect(struct rig *r, enum card_event_kind kind, struct card_event *ev);
void rig_next(struct rig *r, struct card_event *ev);
bool rig_quiet(struct rig *r, int ms, struct card_event *ev); /* true: no event came */

#endif
