/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the driver says when a command did not succeed, and what its state means, as our errors. Pure. */
#ifndef READER_SAMV_FAILURE_H
#define READER_SAMV_FAILURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Fills *e from an answer's data and status word (any but 9000) and returns -1. `again`: the same card lies there and it is not
 * the first failure (sam_status.h). The detail is technical, never the card's content. */
int samv_failure(struct err *e, const uint8_t *data, size_t n, unsigned sw, bool again);
/* enum samv_state; ERR_NONE: ready. */
enum err_code samv_state_cause(unsigned state);

#endif
