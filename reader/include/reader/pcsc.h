/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PC/SC as a source of cards. pcsc.c is the one file that knows winscard.h; its codes become ours there.
 *
 * Readers are told apart: ours (the driver of reader/ifd, by SCARD_ATTR_VENDOR_NAME or by ATR), those that
 * serve an identity card as FF B0 pages (ATR bytes 13 and 14 = 90 00), and plain contactless ones, which read
 * no identity card. A contact card (a bank token that is always plugged in) is no card here and is left
 * alone. Several readers, services that stop and start again, and readers that come and go need no restart.
 */
#ifndef READER_PCSC_H
#define READER_PCSC_H

#include "base/buf.h"
#include "reader/source.h"

/* *out is closed through its ops. ERR_MEMORY only: a missing service shows at the first wait, and heals
 * there. */
int pcsc_open(struct card_source *out, struct err *e);

/* A support report: library, service, readers, module numbers and states, the driver's last exchanges (command, status, length,
 * time). Nothing of what a card says. -1: no service, which the report then says, too. */
int pcsc_report(struct card_source *source, struct buf *out, struct err *e);

/* For doctor and the tests: an SCARD_* code as ours. */
enum err_code pcsc_cause(long scard_code);

#endif
