/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The gateway's side of the desk (H2): what a device that has called is told, and what it brings. For the runner's session only (ERR_NOT_PERMITTED
 * to accounts). Everything but logging in is about the current project, which must be the device's.
 *
 * A device never learns more than its list needs (S7): number on the device, name, document number, sex, nation and photograph of those on site; address,
 * authority, validity and the card's portrait stay here.
 */
#ifndef DESK_GATEWAY_H
#define DESK_GATEWAY_H

#include "base/buf.h"
#include "desk/device.h"

struct device_caller { int64_t id, project; char serial[DEVICE_SERIAL]; };
/*
 * Who logs in (JM-3 1.2.1). ERR_DEVICE_UNKNOWN: not in the register, withdrawn, not allowed, or another maker's; ERR_DEVICE_DIRECT: the region has
 * devices speak to the platform themselves (H2). Neither says more: who asks is not known yet.
 */
int desk_gateway_admit(struct desk *d, const char *maker, const char *serial, struct device_caller *out, struct err *e);
struct device_heard { int64_t id, at_ms; };
int desk_gateway_heard(struct desk *d, const struct device_heard *heard, size_t n, struct err *e); /* one transaction */

struct gateway_person { uint32_t worker; char name[NAME_TEXT], number[20]; uint32_t photo_bytes; };
/* Everybody on site with an identity card's number, by name: at most `most`. rows: the caller frees. The device is told with it: who is off the
 * list counts as told from here. */
int desk_gateway_list(struct desk *d, const struct device_caller *c, size_t most, struct gateway_person **rows, size_t *n, struct err *e);
struct gateway_features { struct gateway_person who; char sex[16], nation[8]; /* codes of the record; "" unknown */ date_t birth; };
/* photo: added to, wiped by the caller. ERR_NO_SUCH: nobody on this device's list; ERR_DEVICE_PHOTO: no photograph, or none that the protocol carries: the
 * push has failed, with why. */
int desk_gateway_features(struct desk *d, const struct device_caller *c, const char *number, struct gateway_features *out, struct buf *photo,
			  struct err *e);

#define GATEWAY_PICTURE_MAX 51200   /* of a punch: JM-3 1.2.4 "不超过 50kb" */
#define GATEWAY_COLLECTED_MAX 204800 /* of a collected person: the annex names no limit */
#define GATEWAY_FACE 6		    /* JM-3 1.2.4: the only mode it knows */
struct gateway_punch { uint32_t worker; int64_t at_ms; unsigned mode; const void *picture; size_t picture_bytes; };
enum punched { PUNCHED, PUNCHED_AGAIN, PUNCH_REFUSED };
/* Stored once however often it comes. PUNCH_REFUSED: words say why, for the device's display; nothing is stored and a repeat would be refused
 * again. -1: it could not be stored now, and is to come again. */
int desk_gateway_punch(struct desk *d, const struct device_caller *c, const struct gateway_punch *p, enum punched *out, char *words, size_t size,
		       struct err *e);
/* r: the record as the device collected it, the number among it. */
int desk_gateway_collected(struct desk *d, const struct device_caller *c, const struct record *r, const void *photo, size_t photo_bytes, struct err *e);

#endif
