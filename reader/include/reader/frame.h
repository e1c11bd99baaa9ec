/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Frames of the security module (SAM_V, GA 467): pure, no allocation, no library.
 *
 *   request  AA AA AA 96 69 | LEN_H LEN_L | CMD PARA [data]    | CHK
 *   reply    AA AA AA 96 69 | LEN_H LEN_L | SW1 SW2 SW3 [data] | CHK
 *
 * LEN is big-endian and counts everything after it, CHK included; CHK is the xor of every byte from LEN_H to
 * the one before CHK. A receiver hunts for the five lead bytes, so that noise and remains of an older frame
 * before them do no harm, and is bounded: a LEN beyond FRAME_LEN_MAX or below what the direction allows is
 * refused at once and the hunt begins again. (Protocol as seen in several independent public programs; whole
 * exchanges in tests/reader/test_frame.c.)
 *
 * Used by the pcscd driver too, which must not drag in anything else: standard headers only.
 */
#ifndef READER_FRAME_H
#define READER_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_LEAD 5
#define FRAME_HEADER 7                                   /* lead and LEN */
#define FRAME_LEN_MAX 4096                               /* the longest known is 090A hex: text, portrait, two fingers */
#define FRAME_MAX (FRAME_HEADER + FRAME_LEN_MAX)
#define FRAME_LEAST_REQUEST 3                            /* CMD PARA CHK */
#define FRAME_LEAST_REPLY 4                              /* SW1 SW2 SW3 CHK */

/* Both return the length of the whole frame, 0 when it does not fit into `size` or FRAME_MAX. */
size_t frame_build(uint8_t *out, size_t size, const uint8_t *payload, size_t n); /* payload: CMD… or SW1…, without CHK */
size_t frame_build_request(uint8_t *out, size_t size, uint8_t cmd, uint8_t para, const uint8_t *data, size_t n);

enum frame_result {
	FRAME_MORE,         /* not whole yet */
	FRAME_WHOLE,
	FRAME_BAD_CHECKSUM, /* a frame of the right shape whose CHK does not fit: to be dropped */
	FRAME_BAD_LENGTH,   /* lead bytes with an impossible LEN: to be dropped */
};

struct frame_receiver {
	size_t least;              /* smallest LEN of this direction */
	size_t have;               /* bytes held; the first FRAME_LEAD of them are the lead */
	size_t skipped;            /* bytes thrown away while hunting, since init */
	uint8_t bytes[FRAME_MAX];
};

void frame_receiver_init(struct frame_receiver *r, size_t least);
/* Takes bytes up to the end of one frame; returns how many it took. Any result but FRAME_MORE ends a frame:
 * its payload is valid until the next put, which begins anew. */
size_t frame_receiver_put(struct frame_receiver *r, const uint8_t *data, size_t n, enum frame_result *result);
/* CMD… or SW1… of the frame just received, without CHK. */
const uint8_t *frame_receiver_payload(const struct frame_receiver *r, size_t *n);

#endif
