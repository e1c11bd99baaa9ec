/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the desk: what guards, checks and arriving messages ask of training, certificates and marks. */
#ifndef DESK_DOSSIER_PRIVATE_H
#define DESK_DOSSIER_PRIVATE_H

#include "desk/dossier.h"
#include "desk_private.h"
#include "store/dossier.h"
#include "store/fact.h"

/* One fact about a person that is no life cycle's: written with the session's account. reverses, supersedes: 0 for none. */
struct dossier_fact { const char *cycle, *event, *note; int64_t person, subject, reverses, supersedes; bool platform; };
int dossier_fact(struct desk *d, const struct dossier_fact *f, int64_t *id, struct err *e);
int dossier_audit(struct desk *d, const char *action, int64_t person, const char *detail, const char *note, struct err *e);

/* The newest day of training on record; DATE_NONE: none. */
int dossier_trained(struct desk *d, int64_t person, date_t *out, struct err *e);
/* A day that came with a registration or a correction: kept as training of the basic kind, once. In its transaction. */
int dossier_note_training(struct desk *d, int64_t person, date_t on, struct err *e);
/* The lesson of a session of a register (I1): on record once, bound to the entry where it is the entry's own doing; and its end. In the
 * entry's transaction. */
int dossier_lesson_of(struct desk *d, int64_t person, const struct training_new *t, int64_t entry, struct err *e);
int dossier_lesson_ends(struct desk *d, const struct db_training *t, struct err *e);
/* The last day somebody is known to have worked, on whatever project of this box; `today` for who is on site. DATE_NONE: never. */
int dossier_worked(struct desk *d, int64_t person, date_t today, date_t *out, struct err *e);
/* Which kind of certificate a trade needs ("" none), and how long the person's is valid; DATE_NONE: there is none. */
const char *dossier_needs(const struct desk *d, const char *trade);
const char *dossier_certificate_word(const struct desk *d, const char *kind); /* of a special trade (L2) or of a key post (F3) */
int dossier_certificate(struct desk *d, int64_t person, const char *kind, date_t *valid_to, struct err *e);
/* Marks in force: barred when one is not overridden here, else marked. author: of the one that bars. */
struct barred { bool barred, marked, platform; char author[NAME_TEXT]; date_t until; };
int dossier_barred(struct desk *d, int64_t person, struct barred *out, struct err *e);
void dossier_barred_sentence(const struct barred *b, char *out, size_t size);
/* A platform's mark arrives, named by the change, or all of its marks on the person are lifted. Inside the change's transaction. */
struct told_mark { const char *uid, *reason, *author; int64_t person; date_t until; };
int dossier_told_mark(struct desk *d, const struct told_mark *m, struct err *e);
int dossier_told_unmark(struct desk *d, int64_t person, const char *note, struct err *e);

#endif
