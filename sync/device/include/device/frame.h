/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Frames of the device protocol (JM-3: 江门市实名设备直连对接标准 V1.0): how the six commands travel over
 * TCP. Both ends use this: the box as a collecting device, the box as a gateway for devices, the reference
 * platform. Pure: no socket, no clock.
 *
 *   0x01 | LEN u32 | part index u32 | part count u32 | 0x01 | command u16 | session 16 bytes | content LEN
 * bytes | flag | 0x01
 *
 * Numbers are little-endian (JM-3 1.1). There is no escaping: framing rests on LEN alone, so a wrong mark or
 * a LEN beyond the limit ends the connection; nobody searches for the next 0x01. Where a command has a
 * checksum it is the last byte of the content.
 *
 * What the annex leaves open is a setting (struct device_manner); zeros are our reading of it, each with its
 * reason at the field.
 */
#ifndef DEVICE_FRAME_H
#define DEVICE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define DEVICE_HEAD 32
#define DEVICE_FRAME 34 /* a frame without content */
#define DEVICE_SESSION 16
#define DEVICE_MAX (8u << 20) /* content, unless the manner says less */

enum device_command {
	DEVICE_LOGIN = 843,
	DEVICE_FEATURES = 845,
	DEVICE_PUNCH = 848,
	DEVICE_WHITELIST = 849,
	DEVICE_COLLECT = 852,
	DEVICE_HEARTBEAT = 65535,
};
const char *device_command_name(uint16_t command); /* "login" …; NULL: none of the six */

enum device_text { DEVICE_UTF8, DEVICE_GB18030, DEVICE_UTF16LE };
enum device_validity {
	DEVICE_VALIDITY_COMPACT /* 20170409-20370409 */,
	DEVICE_VALIDITY_PRINT /* 2017.04.09-2037.04.09 */,
	DEVICE_VALIDITY_ISO
};
enum device_photos { DEVICE_PHOTOS_AUTO, DEVICE_PHOTOS_NONE, DEVICE_PHOTOS_AFTER };

struct device_manner {
	bool xor_frame; /* checksum from the header on; else over the content: "计算包的内容", and Content is
			   the frame table's word */
	unsigned char pad;     /* of texts; 0: a C string ends there */
	enum device_text text; /* of fields printed as UTF-8 */
	bool nation_bcd;       /* 845's nation byte; else binary, as every "HEX" number here */
	unsigned
		nation_digits; /* in 852; 0: two with a leading zero, as the dictionary prints; else 1 or 4 */
	bool year_le;	       /* BCD year with its low byte first; else a string of digits */
	enum device_validity validity; /* the annex's own date form is yyyyMMdd */
	unsigned char recollect;       /* 是否重采: the stated default is 0 */
	enum device_photos
		list_photos; /* do photographs follow 849's records? AUTO: whichever reading ends exactly */
	uint32_t max_len;    /* 0: DEVICE_MAX */
};

struct device_frame {
	uint16_t command;
	uint32_t part, parts; /* 0 and 0: whole; 0/1 and 1/1 too */
	unsigned char session[DEVICE_SESSION];
	unsigned char flag;	      /* 0 success, 1 failure */
	const unsigned char *content; /* borrowed */
	size_t n;
};
/* Whole frames only. `sum`: a checksum is appended to the content. */
int device_frame_write(const struct device_manner *m, const struct device_frame *f, bool sum, struct buf *out,
		       struct err *e);

enum device_read { DEVICE_BROKEN = -1, DEVICE_MORE = 0, DEVICE_WHOLE = 1 };
/* One frame at the front of the bytes. DEVICE_WHOLE: *f borrows from them, *used is its length.
 * DEVICE_BROKEN: *e says why, and the connection is done with (ERR_NET_ANSWER). */
enum device_read device_frame_read(const struct device_manner *m, const void *bytes, size_t n,
				   struct device_frame *f, size_t *used, struct err *e);
/* Is the last content byte the checksum, by either reading? *by_frame: which of them (content when both
 * agree). On success f->n is without it. */
bool device_frame_sum(struct device_frame *f, bool *by_frame);
/* A frame's content as words for a display: cut at a broken end, control characters blanked. */
void device_frame_words(const struct device_frame *f, char *out, size_t size);

#endif
