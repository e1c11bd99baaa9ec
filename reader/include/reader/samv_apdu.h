/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The interface between the pcscd driver (reader/ifd) and whoever speaks to it through PC/SC: one class of pseudo-APDUs. The page
 * for other programs is reader/ifd/README.md; this is the one place of the numbers. Standard headers only.
 *
 *   FF 53 P1 00 00      to a connected card (SCardTransmit), or to the reader without one (SCardControl, SAMV_CONTROL)
 *   answer: data 90 00 | step 64 SW3 | step 6F xx | 6A 86, 67 00, 6D 00, 6E 00 as in ISO 7816-4
 *
 * A reading P1 is find, select and read in one piece; nothing else reaches the module in between.
 */
#ifndef READER_SAMV_APDU_H
#define READER_SAMV_APDU_H

#include <stdint.h>

#define SAMV_CLA 0xFF
#define SAMV_INS 0x53
#define SAMV_CONTROL_CODE 1 /* SCARD_CTL_CODE(1): the escape code that libccid uses as well */

enum samv_p1 {
	SAMV_STATE = 0x00,       /* interface version, enum samv_state, SW3 of the last module status or 00 */
	SAMV_STATUS = 0x01,      /* asks the module (11 FF): SW3 */
	SAMV_NUMBER = 0x02,      /* 16 bytes, little-endian u16 u16 u32 u32 u32 */
	SAMV_TRACE = 0x03,       /* the last exchanges with the module, without content: see SAMV_TRACE_BYTES */
	SAMV_READ = 0x10,        /* text and portrait: what follows the status of 30 01 */
	SAMV_READ_FINGER = 0x11, /* the same with fingerprint (30 10) */
	SAMV_ADDRESS = 0x12,     /* added address, 70 bytes (30 03, and 30 02 where that is not known); 64 91 = none */
	SAMV_CARD_NUMBER = 0x13, /* card management number (30 05) */
};

#define SAMV_VERSION 1

enum samv_state {
	SAMV_READY = 0,
	SAMV_ABSENT = 1,  /* no such device at the moment */
	SAMV_HELD = 2,    /* another program holds it */
	SAMV_DENIED = 3,  /* pcscd may not open it */
	SAMV_SILENT = 4,  /* the device is there; no module answers */
	SAMV_FAULT = 5,   /* the module failed its self-test or is not authorised */
};

enum samv_step { SAMV_STEP_FIND = 1, SAMV_STEP_SELECT = 2, SAMV_STEP_READ = 3 };

/* SAMV_TRACE answers up to SAMV_TRACES rows, oldest first: CMD, PARA, enum samv_line (0: answered), SW3, then little-endian u16
 * bytes behind SW3 and u16 milliseconds. Equal finds in a row are one row. */
#define SAMV_TRACES 32
#define SAMV_TRACE_BYTES 8

#define SAMV_SW1_MODULE 0x64 /* SW2 is the module's SW3; data: step */
#define SAMV_SW1_LINE 0x6F   /* SW2 is one of these; data: step */
enum samv_line { SAMV_LINE_CLOSED = 0x01, SAMV_LINE_TIMEOUT = 0x02, SAMV_LINE_GARBLED = 0x03 };

/* TAG of SCARD_ATTR_VENDOR_NAME answers this; the ATR says it as well ("SAMVID1" as historical bytes). */
#define SAMV_VENDOR "shiming SAM_V"
#define SAMV_ATR_LEN 12
#define SAMV_ATR { 0x3B, 0x87, 0x80, 0x01, 'S', 'A', 'M', 'V', 'I', 'D', '1', SAMV_ATR_TCK }
/* Exclusive or of the bytes from T0 (87) to the last historical one (ISO 7816-3, 8.2.5). */
#define SAMV_ATR_TCK (0x87 ^ 0x80 ^ 0x01 ^ 'S' ^ 'A' ^ 'M' ^ 'V' ^ 'I' ^ 'D' ^ '1')

#endif
