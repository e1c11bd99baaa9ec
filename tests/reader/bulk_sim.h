/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A USB device that exists only here: bulk pipes before a simulated module, behind the same table as libusb's. Both framings, any
 * packet size, short and empty packets, padding, stalls and unplugging at every byte. Time is the test's own: what does not
 * come costs the whole time-out.
 */
#ifndef TESTS_READER_BULK_SIM_H
#define TESTS_READER_BULK_SIM_H

#include "bulk.h"
#include "sam.h"

#define BULK_NEVER -1

struct bulk_pipe_sim {
	uint8_t bytes[FRAME_MAX + 2048];
	size_t n, at;
	bool halted;
};

struct bulk_sim {
	struct sam sam;
	int64_t now;
	unsigned pairs;              /* as the descriptors say */
	bool whole_frames;           /* speaks whole frames over the first pair, whatever the descriptors say */
	uint16_t packet;             /* 64 */
	size_t piece;                /* most bytes in one packet, 0: as many as fit */
	size_t pad;                  /* each part of a reply is filled with zeros to a multiple of this; 0: not */
	unsigned empties;            /* packets without a byte before each that has some */
	long stall_in, stall_out;    /* the pipe halts before this byte of the next reply, or of the next request; BULK_NEVER */
	long gone_at;                /* unplugged before this byte of the next reply */
	enum transport_result opens; /* what open answers */
	bool gone;
	unsigned opened, stalls, unstalled, transfers;
	struct bulk_pipe_sim in[2];
	struct frame_receiver request;
	unsigned empties_left;
};

void bulk_sim_init(struct bulk_sim *s, unsigned pairs);
struct bulk bulk_sim(struct bulk_sim *s);
/* Bytes that nobody asked for, as a program that was killed in the middle leaves them behind. */
void bulk_sim_leave(struct bulk_sim *s, const uint8_t *data, size_t n);

#endif
