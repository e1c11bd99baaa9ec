/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A crowd: invented workers on a foreman's sheet, taken in by the command line, so that a journey has somebody to act on. Worker i of any crowd
 * is always the same person: number, name and telephone follow from i (1 … 999). Their district 440499 does not exist.
 */
#ifndef TESTS_JOURNEYS_CROWD_H
#define TESTS_JOURNEYS_CROWD_H

#include "domain/id_number.h"
#include "journeys/world.h"

#define CROWD_NAME 32
void crowd_number(unsigned i, char out[ID_NUMBER_TEXT]);
void crowd_name(unsigned i, char out[CROWD_NAME]);
void crowd_phone(unsigned i, char out[12]);
void crowd_card(unsigned i, char out[20]); /* for his wages */

struct crowd {
	unsigned first, n;
	const char *company, *team, *trade; /* as the sheet names them */
};
/* Registered by the clerk; every row is accepted or the test fails. */
void crowd_come(struct world *w, const struct crowd *c);

/* One row of a sheet by hand: what the verdict says of it ("new", "changed", "same", "refused"). */
struct crowd_row {
	const char *name, *number, *phone, *company, *team, *trade;
	const char *card; /* NULL: one that all share */
};
void crowd_row_come(struct world *w, const struct crowd_row *row, char verdict[16]);

/* `shiming LINE --data … --user ACCOUNT`, LINE split at blanks; its exit status must be `status`; what it wrote into out. */
void crowd_command(struct world *w, const char *account, int status, const char *line, char *out, size_t size);

#endif
