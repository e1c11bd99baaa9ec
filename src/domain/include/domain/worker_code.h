/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The worker code (E4): what a QR code at the gate says of a person to this system, and nothing to anybody else. It is random — nothing of the
 * person can be computed from it — and names its person only through the file.
 *
 *   SM, 16 characters of random base 32 (80 bits; no I, L, O, U), a check character (Luhn's sum over base 32)
 *
 * Typed by a scanner or by hand: case, blanks and hyphens do not matter, O is 0, I and L are 1.
 */
#ifndef DOMAIN_WORKER_CODE_H
#define DOMAIN_WORKER_CODE_H

#include <stdbool.h>

#define WORKER_CODE_TEXT 20 /* 19 characters and NUL */

void worker_code_new(char out[WORKER_CODE_TEXT]);
/* Into the form that is stored; false: no worker code, or mistyped. */
bool worker_code_read(const char *typed, char out[WORKER_CODE_TEXT]);

#endif
