/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A person's photograph, as platforms ask for it, pictures of both sides of his identity card (JM-5 2.12.1), and the portrait that the card gave.
 *
 * A picture is a bare JPEG (no EXIF, no comment: nothing but pixels) whose Base64 text keeps within the
 * platform's limit; shiming-picture makes it (picture/client.h), the desk refuses what is none. A new one is a fact
 * that supersedes the last; the older stays in the file. Both lie sealed in the attachment tables, by the SHA-256 of
 * their clear bytes. The native dialect takes all of them as attachments; the others have a place for the photograph only, so that a side of
 * the card is queued there to be done on the platform's page (K4).
 *
 * The portrait is the card's (WLT, 1024 bytes), kept as it came; what it shows takes an external decoder.
 */
#ifndef DESK_PHOTO_H
#define DESK_PHOTO_H

#include "base/buf.h"
#include "desk/desk.h"

#define PHOTO_HASH 65	    /* 64 hex digits and NUL */
#define PHOTO_PORTRAIT 1024 /* bytes of a card's portrait */

/* Pictures that somebody takes, each superseding only those of its own kind. */
enum photo_kind { PHOTO_FACE, PHOTO_CARD_FRONT /* the side with the portrait */, PHOTO_CARD_BACK, PHOTO_KINDS };
const char *photo_kind_name(enum photo_kind kind); /* "face", "front", "back": on the command line */
const char *photo_kind_word(enum photo_kind kind); /* translated */
bool photo_kind_parse(const char *name, enum photo_kind *kind);
/* How the project's platform comes by it, as a sentence. */
const char *desk_photo_way(const struct desk *d, enum photo_kind kind);

struct photo {
	int64_t fact;	       /* 0: there is none */
	char hash[PHOTO_HASH]; /* SHA-256 of the bytes */
	int64_t bytes, at_ms;
	char by[NAME_TEXT]; /* who put it in: display name */
	bool portrait;	    /* the card's portrait is on file */
};

/* Characters of Base64 that the project's platform takes (limits.photo_base64). */
unsigned desk_photo_limit(const struct desk *d);
/* May this account put photographs in? For screens that would otherwise let a clerk take one for nothing. */
bool desk_photo_may(struct desk *d);
/* What is on file, without opening it. */
int desk_photo_info(struct desk *d, int64_t person, enum photo_kind kind, struct photo *out, struct err *e);
/* A picture's file that a clerk names, opened with the clerk's own rights; "~/…" is below $HOME. A plain file of at most 40
 * MiB. out: reset first. ERR_PICTURE_EMPTY, ERR_PICTURE_TOO_LARGE, ERR_NOT_FOUND, ERR_NO_PERMISSION; no path in the detail. */
int desk_photo_read_file(const char *path, struct buf *out, struct err *e);
/* One transaction: fact, sealed content, audit. The same bytes as now: nothing is written. ERR_PICTURE_FORMAT for
 * anything but a bare JPEG, ERR_PHOTO_LARGE beyond the limit. */
int desk_photo_set(struct desk *d, int64_t person, enum photo_kind kind, const void *jpeg, size_t n, struct err *e);
/* Recorded in the audit before it is handed out, as one opening, what: "screen" or "file". ERR_NO_SUCH when there is
 * none. jpeg: reset first; wipe it. */
int desk_photo_open(struct desk *d, int64_t person, enum photo_kind kind, const char *what, struct buf *jpeg, struct err *e);
/* The same for the card's portrait, as it is. */
int desk_portrait_open(struct desk *d, int64_t person, const char *what, uint8_t wlt[PHOTO_PORTRAIT], struct err *e);
/* The portrait as a JPEG, by this decoder (desk/commands.h); waits for it. ERR_PICTURE_NO_DECODER, ERR_PICTURE_*. */
int desk_portrait_decode(struct desk *d, int64_t person, const char *what, const char *decoder, struct buf *jpeg,
			 struct err *e);

#endif
