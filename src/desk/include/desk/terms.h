/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Terms of keeping and a person's own data (QUALITY S8; REQUIREMENTS L6).
 *
 * Terms, per kind of data, of the current project. Facts of employment and wages: completion and settlement of the project, whichever is later,
 * plus years (profile: limits.keep_facts_years; a setting may lengthen it, never shorten it); whoever has not said when wages were settled has nothing due.
 * Pictures of clocking on and off: years after each was taken (limits.keep_pictures_years; a setting takes its place). Nothing is erased by the clock: what is due is shown, and
 * somebody who may erases it with a typed word. What stays as proof is the audit row and the row of desk_erasures(): counts, kinds and a digest.
 */
#ifndef DESK_TERMS_H
#define DESK_TERMS_H

#include "base/buf.h"
#include "desk/desk.h"

enum term_kind { TERM_FACTS, TERM_PICTURES, TERM_KINDS };
const char *term_name(enum term_kind kind); /* "facts", "pictures" */
const char *term_word(enum term_kind kind); /* translated */
bool term_parse(const char *name, enum term_kind *out);

struct term {
	int years, least;                  /* kept so long; what the region asks at least (0: any) */
	date_t completed_on, settled_on;   /* of the project, for TERM_FACTS; DATE_NONE: not yet */
	date_t due_on;                     /* TERM_FACTS: from this day on, DATE_NONE: it does not run yet; TERM_PICTURES: those taken before this day */
	int64_t n;                         /* people, or pictures, that are due today */
};
int desk_terms(struct desk *d, struct term out[TERM_KINDS], struct err *e);
/* By project managers, HR, legal representatives. ERR_FORBIDDEN: less than the region asks, more than 30 years. */
int desk_term_keep(struct desk *d, enum term_kind kind, int years, struct err *e);
/* The day on which everybody's wages were settled; not in the future (ERR_FORBIDDEN). DATE_NONE: taken back. */
int desk_term_settled(struct desk *d, date_t on, struct err *e);

#define TERM_WORD "清除资料"
struct erasure_row { int64_t id, at_ms, people, whole, pictures, values; enum term_kind kind; char digest[65], by[NAME_TEXT]; };
/*
 * Erases what is due, at one stroke; cannot be taken back. ERR_TERM_WORD: another word. ERR_FORBIDDEN: nothing is due, with the sentence. clean: its bytes
 * are out of the log too; false: somebody else has the file open, they go when the last of them leaves.
 */
int desk_term_erase(struct desk *d, enum term_kind kind, const char *word, struct erasure_row *out, bool *clean, struct err *e);
int desk_erasures(struct desk *d, int64_t before, struct erasure_row *rows, size_t cap, size_t *n, struct err *e); /* newest first */

/*
 * All that the file holds about a person, as JSON text: tables of rows, sealed values open, pictures in Base64. For the person (PIPL article 45): needs a reason, is
 * recorded. Added to out, which is wiped by the caller.
 */
int desk_person_whole(struct desk *d, int64_t person, const char *reason, struct buf *out, struct err *e);

/* What a person is told and asks to agree to when he registers (PIPL articles 17, 29): the project's setting "notice", else the region's. Printed on the form. */
int desk_notice(struct desk *d, char *out, size_t size, struct err *e);

#endif
