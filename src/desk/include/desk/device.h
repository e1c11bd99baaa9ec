/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Attendance devices of the current project: the register (H4), who is on which device (H3), whom devices have collected.
 *
 * The register is equipment, not a fact about anybody: what is written in it is in the audit log, nothing of it is taken back. The platform is told
 * of a device as it stands where its dialect has a place for that; where the application is made on its page (JM-2 2.4.2), it waits there for the
 * clerk (desk/results.h).
 *
 * Who is to be on the devices follows from the assignments: whoever is on site, nobody before, since entering needs registration and contract
 * as the profile says (CD 3.2.2; JM-N 五(十一)); who exits is off the list with that very transaction. A push waits until the device has fetched
 * the person's features, is done then, or has failed for want of a photograph; another photograph makes it wait anew. Withdrawn: off the list;
 * told: the device has fetched its list since. The life cycle is domain/lifecycle.h's; no push is a fact of its own, for nobody decides one.
 *
 * Whom a device has collected (JM-3 1.2.6) is no registration: it waits for a clerk, who opens it in the registration form or puts it aside.
 */
#ifndef DESK_DEVICE_H
#define DESK_DEVICE_H

#include "desk/people.h"
#include "domain/device.h"

/* --- the register ------------------------------------------------------------------------------------------------------------- */

struct device_new { /* words of domain/device.h where it has lists; "" and NULL: not said */
	const char *kind, *serial, *maker, *place, *model, *method, *biometric, *way;
};
struct device_row {
	int64_t id;
	char uid[UID_TEXT];
	char kind[16], serial[DEVICE_SERIAL], maker[DEVICE_MAKER], place[NAME_TEXT], model[128], method[16], biometric[16], way[8];
	bool allowed;
	int64_t heard_ms, last_ms; /* heard_ms 0: never; silence counts from last_ms */
	enum device_silence silence;
	int64_t people, done, failed; /* on site; handed out; failed */
};
/* A clerk, the project manager, the company's HR. ERR_DEVICE_SERIAL, ERR_DEVICE_MAKER, ERR_DEVICE_WORD; ERR_DUPLICATE: that serial number is in
 * this box's register already. */
int desk_device_add(struct desk *d, const struct device_new *n, char uid[UID_TEXT], struct err *e);
int desk_device_edit(struct desk *d, int64_t id, const struct device_new *n, struct err *e); /* NULL: as it is */
int desk_device_allow(struct desk *d, int64_t id, bool allowed, struct err *e); /* may it log in; silence counts anew */
int desk_device_withdraw(struct desk *d, int64_t id, struct err *e); /* off the site: it logs in no more, its records stay */
int desk_device_list(struct desk *d, int64_t after, struct device_row *rows, size_t cap, size_t *n, struct err *e); /* by id */
int desk_device_get(struct desk *d, int64_t id, struct device_row *out, struct err *e);
int desk_device_by_serial(struct desk *d, const char *serial, struct device_row *out, struct err *e);
/* Allowed devices that are silent for a day or more, the longest first: for the alarms. after NULL: from the start. Where devices speak to the
 * platform themselves (profile devices.direct) the box cannot hear them: only those that it has heard at all are judged. */
int desk_device_silent(struct desk *d, const struct device_row *after, struct device_row *rows, size_t cap, size_t *n, struct err *e);
/* May devices log in to this box for this project? why: translated, "" when they may. */
bool desk_devices_served(struct desk *d, char *why, size_t size);

/* --- who is on which device ------------------------------------------------------------------------------------------------------- */

struct push_row {
	int64_t person, device;
	char name[NAME_TEXT];			      /* of the person; "" for one who is in no list any more */
	char serial[DEVICE_SERIAL], place[NAME_TEXT]; /* of the device */
	enum push_state state;
	bool told;	/* withdrawn: the device has fetched a list without the person since */
	int64_t at_ms;	/* of what it was last handed; 0: nothing yet */
	char why[200];	/* translated; "" */
};
struct push_cursor { char key[NAME_TEXT]; int64_t id; bool gone; }; /* zeroed: from the start */
/* Those on site by name, then those who were on the device and are not on site any more. next: where the following page begins. */
int desk_push_of_device(struct desk *d, int64_t device, const struct push_cursor *after, struct push_row *rows, size_t cap, size_t *n,
			struct push_cursor *next, bool *more, struct err *e);
/* One person on each device, by device. */
int desk_push_of_person(struct desk *d, int64_t person, int64_t after_device, struct push_row *rows, size_t cap, size_t *n, struct err *e);

/* --- whom devices have collected ----------------------------------------------------------------------------------------------------- */

struct collected_row {
	int64_t id, at_ms;
	char name[NAME_TEXT], tail[5];
	char serial[DEVICE_SERIAL], place[NAME_TEXT];
	bool photo, typed;  /* typed: at the device, not read from a card */
	int64_t person;	    /* this document is somebody's already; 0: nobody's */
};
int desk_collected_list(struct desk *d, int64_t after, struct collected_row *rows, size_t cap, size_t *n, struct err *e);
/* How many wait, no further than limit; 0 for an account that may not look at them. */
int desk_collected_count(struct desk *d, int64_t limit, int64_t *n, struct err *e);
/* The record for the registration form; r: as record_init() left it, wiped and released by the caller. */
int desk_collected_open(struct desk *d, int64_t id, struct record *r, struct err *e);
/* Registered, or found on file: the photograph goes to the person if there is none yet and it is fit for one (photo.h); taken over for good. */
int desk_collected_take(struct desk *d, int64_t id, int64_t person, struct err *e);
int desk_collected_drop(struct desk *d, int64_t id, struct err *e); /* put aside: recorded, nothing else comes of it */

#endif
