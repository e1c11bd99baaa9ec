/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person's file holds besides the record: safety training (L1), certificates of special trades (L2), do-not-hire marks (L3), work
 * on other projects (A12). They are the person's, not a project's: whoever comes to the next site of this box brings them along.
 *
 * Each writing function is one use case: fact, row and audit in one transaction; taking back is a fact that reverses. Nothing of this is
 * queued for the platform: no platform's document has words for it, and a firm's own mark is nobody else's business. A platform's
 * marks arrive as changes about the person ("person.mark": note the reason, on the last day; "person.unmark").
 */
#ifndef DESK_DOSSIER_H
#define DESK_DOSSIER_H

#include "desk/desk.h"

/* --- L1: safety training -------------------------------------------------------------------------------------------------------------- */

struct training_new { const int64_t *persons; size_t n; const char *kind; /* of training_kinds */ date_t on; int64_t hours; /* 0: not said */ };
/* One lesson for all of them, in one transaction; who has one of the kind on that day gets no second one. ERR_FINDINGS with a sentence in the
 * detail: a kind that is none, a day that lies ahead, nobody whom it would be new to. */
int desk_training_add(struct desk *d, const struct training_new *t, struct err *e);
/* What adding it would do: for how many, the first names of these, and how many have it already. */
struct training_preview { size_t able, already, named; char names[256]; };
int desk_training_preview(struct desk *d, const struct training_new *t, struct training_preview *out, struct err *e);
int desk_training_remove(struct desk *d, int64_t id, const char *note, struct err *e);
struct training_row { int64_t id; char kind[64]; /* in words */ date_t on; int64_t hours; bool lapsed; };
int desk_training_list(struct desk *d, int64_t person, struct training_row *rows, size_t cap, size_t *n, struct err *e); /* newest first */

/* --- L2: certificates ---------------------------------------------------------------------------------------------------------------- */

struct certificate_new { int64_t person; const char *kind; /* of certificate_kinds, or of post_certificates (F3) */ const char *number, *issuer; date_t valid_to; };
/* A newer one takes the place of the one of the same kind. Trades that need one: the profile's trade_classes. */
int desk_certificate_add(struct desk *d, const struct certificate_new *c, struct err *e);
int desk_certificate_remove(struct desk *d, int64_t id, const char *note, struct err *e);
struct certificate_row {
	int64_t id, person; char name[NAME_TEXT]; char kind[64]; /* in words */ char number[64]; /* masked */ char issuer[NAME_TEXT]; date_t valid_to;
	enum { CERTIFICATE_VALID, CERTIFICATE_DUE /* within limits.certificate_warn_days */, CERTIFICATE_LAPSED } standing;
};
int desk_certificate_list(struct desk *d, int64_t person, struct certificate_row *rows, size_t cap, size_t *n, struct err *e);
/* Those of the project's people that have lapsed or soon will, the oldest first; after NULL: from the start. */
int desk_certificate_due(struct desk *d, const struct certificate_row *after, struct certificate_row *rows, size_t cap, size_t *n, struct err *e);
int desk_certificate_reveal(struct desk *d, int64_t id, const char *reason, char *out, size_t size, struct err *e); /* audited first (S4) */

/* --- L3: marks ------------------------------------------------------------------------------------------------------------------------- */

struct mark_new { int64_t person; const char *reason; date_t until; /* last day; DATE_NONE: until it is lifted */ };
int desk_mark_set(struct desk *d, const struct mark_new *m, struct err *e);
/* The platform's marks are lifted by the platform only (ERR_FORBIDDEN). */
int desk_mark_lift(struct desk *d, int64_t id, const char *note, struct err *e);
/* Lets the person work on this project all the same: project manager, company HR, legal representative; a reason is needed. */
int desk_mark_override(struct desk *d, int64_t id, const char *reason, struct err *e);
struct mark_row {
	int64_t id, person; char name[NAME_TEXT]; bool platform, overridden /* on this project */, over /* its last day has passed */;
	char reason[512], author[NAME_TEXT]; date_t until; int64_t at_ms;
};
int desk_mark_list(struct desk *d, int64_t person, struct mark_row *rows, size_t cap, size_t *n, struct err *e);
int desk_mark_page(struct desk *d, int64_t before, struct mark_row *rows, size_t cap, size_t *n, struct err *e); /* everybody's; newest first */

/* --- A12: work history ---------------------------------------------------------------------------------------------------------------- */

struct work_row {
	int64_t id; /* of the assignment here; negative: of what the platform told */
	char project[NAME_TEXT], place[128], status[64], contractor[NAME_TEXT], team[NAME_TEXT], trade[64], state[64];
	date_t entered_on, exited_on; bool elsewhere; /* told by the platform */
};
/* Of all projects of this box and what the platform told; the latest first. */
int desk_work_history(struct desk *d, int64_t person, struct work_row *rows, size_t cap, size_t *n, struct err *e);
const char *desk_work_older(const struct desk *d); /* how records older than the system are asked for; "" where the profile says nothing */

/* --- what is to be told at once (A9, L1–L3) -------------------------------------------------------------------------------------------- */

#define WARNINGS_MAX 8
struct warning { bool block; char sentence[200]; };
/* At the card, on the file, at registration: expired document, age, marks, training and certificates that have lapsed. */
int desk_person_warnings(struct desk *d, int64_t person, struct warning rows[WARNINGS_MAX], size_t *n, struct err *e);

#endif
