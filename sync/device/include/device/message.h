/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The contents of the six commands (JM-3 1.2), both directions. Writers add content without checksum
 * (device_frame_write() appends it); readers take content whose checksum device_frame_sum() has taken off.
 * Everything read is bounded and tame; photographs are borrowed.
 *
 * Texts have fixed widths in bytes: what does not fit is cut after the last whole character (852's name holds
 * ten Chinese ones), never inside one; read, a broken last character is dropped. So a name from the wire may
 * be a prefix of the person's: it is never written over ours.
 */
#ifndef DEVICE_MESSAGE_H
#define DEVICE_MESSAGE_H

#include "base/dates.h"
#include "device/frame.h"

#define DEVICE_CODE 33	 /* manufacturer code, device identifier: 32 characters */
#define DEVICE_NUMBER 19 /* ID number */
#define DEVICE_NAME 61	 /* 30 bytes on the wire, as UTF-8 here */
#define DEVICE_ADDRESS 281
#define DEVICE_AUTHORITY 121
#define DEVICE_TITLE 201
#define DEVICE_REASON 61
#define DEVICE_LIST_MOST 65535

enum device_sex { DEVICE_SEX_UNKNOWN, DEVICE_FEMALE, DEVICE_MALE };

struct device_photo {
	const unsigned char *data;
	size_t n;
};

/* --- 843 --- */

struct device_login {
	char maker[DEVICE_CODE], device[DEVICE_CODE];
};
void device_login_write(const struct device_manner *m, const struct device_login *l, struct buf *out);
int device_login_read(const struct device_manner *m, const struct device_frame *f, struct device_login *out,
		      struct err *e);

/* --- 852 --- */

struct device_person {
	char number[DEVICE_NUMBER], name[DEVICE_NAME];
	enum device_sex sex;
	unsigned nation; /* the annex's dictionary, 1 … 58; 0 unknown */
	date_t birth;
	char address[DEVICE_ADDRESS], authority[DEVICE_AUTHORITY];
	date_t valid_from, valid_to; /* DATE_LONG_TERM: 长期 */
	bool manual;		     /* typed in; else read from a card */
	struct device_photo card, collected;
};
void device_person_write(const struct device_manner *m, const struct device_person *p, struct buf *out);
int device_person_read(const struct device_manner *m, const struct device_frame *f, struct device_person *out,
		       struct err *e);
/* Success only when flag and result byte both say so. reason: the platform's words, maybe cut. */
void device_person_reply_write(const struct device_manner *m, bool ok, const char *reason, struct buf *out);
void device_person_reply_read(const struct device_manner *m, const struct device_frame *f, bool *ok,
			      char reason[DEVICE_REASON]);

/* --- 849 --- */

struct device_listed {
	uint32_t worker;
	char number[DEVICE_NUMBER], name[DEVICE_NAME];
	uint32_t photo_bytes;
	struct device_photo photo;
};
struct device_list {
	uint32_t project;
	char title[DEVICE_TITLE];
	struct device_listed *item; /* owned */
	size_t n;
};
void device_list_release(struct device_list *l);
/* The fingerprint of the asker's own list: 0 and 0 ask for all of it. */
void device_list_ask_write(uint16_t people, uint32_t bytes, struct buf *out);
int device_list_ask_read(const struct device_frame *f, uint16_t *people, uint32_t *bytes, struct err *e);
void device_list_write(const struct device_manner *m, const struct device_list *l, struct buf *out);
/* ERR_NET_ANSWER when it does not end exactly: then nothing of it may be used. */
int device_list_read(const struct device_manner *m, const struct device_frame *f, struct device_list *out,
		     struct err *e);

/* --- 845 --- */

struct device_features {
	uint32_t worker;
	struct device_person person; /* card and collected photographs, manual unset */
	struct device_photo infrared;
};
void device_features_ask_write(const struct device_manner *m, const char *device, const char *number,
			       struct buf *out);
int device_features_ask_read(const struct device_manner *m, const struct device_frame *f,
			     char device[DEVICE_CODE], char number[DEVICE_NUMBER], struct err *e);
void device_features_write(const struct device_manner *m, const struct device_features *x, struct buf *out);
int device_features_read(const struct device_manner *m, const struct device_frame *f,
			 struct device_features *out, struct err *e);

/* --- 848 --- */

struct device_punch {
	uint32_t worker;
	int64_t at_ms;	    /* whole seconds, China's time on the wire */
	unsigned char mode; /* 6: a face; no other is documented */
	struct device_photo photo;
};
#define DEVICE_FACE 6
void device_punch_write(const struct device_manner *m, const struct device_punch *p, struct buf *out);
int device_punch_read(const struct device_manner *m, const struct device_frame *f, struct device_punch *out,
		      struct err *e);

#endif
