/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attendance devices: the register (H4), what each was handed (H3), whom they have collected. */
#ifndef STORE_DEVICE_H
#define STORE_DEVICE_H

#include "base/buf.h"
#include "domain/device.h"
#include "domain/lifecycle.h"
#include "store/member.h"
#include "store/store.h"

struct db_device {
	int64_t id, project;
	char uid[UID_TEXT];
	char kind[16], serial[DEVICE_SERIAL], maker[DEVICE_MAKER];
	char place[256], model[128];
	char method[16], biometric[16], way[8];
	bool allowed, gone;
	int64_t heard_ms, last_ms, made_ms;
};
int db_device_insert(struct store *s, const struct db_device *d, int64_t *id, struct err *e); /* ERR_DUPLICATE: the serial number stands in the register */
int db_device_update(struct store *s, const struct db_device *d, struct err *e); /* all but uid, project, heard_ms, made_ms; ERR_DUPLICATE */
int db_device_get(struct store *s, int64_t id, struct db_device *out, struct err *e);
int db_device_by_serial(struct store *s, const char *serial, struct db_device *out, struct err *e); /* of those not gone; ERR_NO_SUCH */
int db_device_list(struct store *s, int64_t project, int64_t after, struct db_device *rows, size_t cap, size_t *n, struct err *e);
/* Allowed ones last heard before `before_ms`, the longest silent first; after NULL: from the start. */
int db_device_silent(struct store *s, int64_t project, int64_t before_ms, const struct db_device *after, struct db_device *rows, size_t cap, size_t *n,
		     struct err *e);
int db_device_heard(struct store *s, int64_t id, int64_t at_ms, struct err *e); /* never earlier than it was */

enum push_why { PUSH_WHY_NONE, PUSH_WHY_NO_PHOTO, PUSH_WHY_PHOTO_LARGE, PUSH_WHY_COUNT };
struct db_push {
	int64_t device, worker;
	enum push_state state; /* as last handed out: PUSH_NONE where nothing was */
	enum push_why why;
	char photo[65];
	int64_t at_ms;
};
int db_push_get(struct store *s, int64_t device, int64_t worker, struct db_push *out, struct err *e); /* PUSH_NONE: nothing yet */
int db_push_save(struct store *s, const struct db_push *p, struct err *e);
int db_push_count(struct store *s, int64_t device, enum push_state state, int64_t *out, struct err *e);
/* What a device was handed of those who are not on the project's site any more, by worker; told: withdrawn ones too. */
int db_push_leftover(struct store *s, int64_t device, int64_t project, bool told, int64_t after, struct db_push *rows, size_t cap, size_t *n,
		     struct err *e);

/* Whoever is on site, by name: a row for the device's list and for the screens. */
struct db_on_site {
	int64_t person;
	char name[256];
	char sort_key[256];
	int64_t participant;
	struct db_push push;	     /* what this device was handed */
	char photo[65];		     /* hash of the person's photograph as it is now; "": none */
	int64_t photo_id, photo_bytes;
};
struct db_on_site_query {
	int64_t project, device; /* device 0: none, no pushes */
	unsigned view;		 /* the number of the view of those on site (store/member.h) */
	enum db_scope scope;
	int64_t scope_id;
	const char *after_key; /* the last row's sort_key; NULL: from the start */
	int64_t after_person;
};
int db_on_site(struct store *s, const struct db_on_site_query *w, struct db_on_site *rows, size_t cap, size_t *n, struct err *e);
/* One of them; ERR_NO_SUCH: not on site. */
int db_on_site_get(struct store *s, int64_t project, int64_t device, int64_t person, struct db_on_site *out, struct err *e);

struct db_collected {
	int64_t id, project, device, at_ms;
	char uid[UID_TEXT];
	char serial[DEVICE_SERIAL], place[256]; /* of the device; read only */
	bool photo;
};
/* The same number collected before and still open: overwritten (JM-3 1.2.6; a device repeats what it has no answer to). */
int db_collected_save(struct store *s, const struct db_collected *c, const char *number, const struct buf *body, const void *photo, size_t photo_bytes,
		      struct err *e);
int db_collected_list(struct store *s, int64_t project, int64_t after, struct db_collected *rows, size_t cap, size_t *n, struct err *e); /* open ones */
int db_collected_count(struct store *s, int64_t project, int64_t limit, int64_t *out, struct err *e); /* open ones, no further than limit */
int db_collected_get(struct store *s, int64_t id, struct db_collected *out, struct buf *body, struct buf *photo, struct err *e); /* open; body, photo: added to, may be NULL */
int db_collected_settle(struct store *s, int64_t id, bool taken, int64_t account, int64_t at_ms, struct err *e); /* ERR_CONFLICT: it is settled */

#endif
