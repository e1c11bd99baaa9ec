/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log: one line an event, to a file of the data directory or to stderr, never both, never personal data. Library code logs at
 * debug only; whoever decides what to do about a failure logs it once. Names, numbers and phones never come here: log ids.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_DBG, LOG_INF, LOG_WRN, LOG_ERR };

void log_open(const char *program, int fd, enum log_level least); /* fd -1: nothing is written; default: stderr, LOG_WRN */
void log_write(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_err(const char *doing, const struct err *e);             /* "doing: ERR_NAME: detail" at LOG_ERR */

#endif
