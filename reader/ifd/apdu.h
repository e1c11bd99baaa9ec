/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The driver's pseudo-APDUs (reader/samv_apdu.h) over a module. Pure but for the module. */
#ifndef IFD_APDU_H
#define IFD_APDU_H

#include "module.h"

/* Answers one APDU into out; returns its length, the status word included, or 0 when it does not fit into
 * `size`. */
size_t apdu_answer(struct module *m, const uint8_t *apdu, size_t n, uint8_t *out, size_t size);

#endif
