/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes to the platform beside operations, and what the clerk is shown about both: contents of attachments on their way (R12), upload
 * results by kind (G1), operations done by hand on the platform's page (K4), fields changed on both sides (DESIGN 9).
 */
#ifndef STORE_UPLOAD_H
#define STORE_UPLOAD_H

#include "store/outbox.h"
#include "store/person.h"

/* --- by kind --- */

enum db_area { AREA_COMPANY = 1, AREA_PROJECT, AREA_PARTICIPANT, AREA_TEAM, AREA_PERSON, AREA_EMPLOYMENT, AREA_SITE, AREA_ATTENDANCE, AREA_OTHER, AREA_END };
struct db_area_counts { int64_t n[AREA_END][OUTBOX_STATE_COUNT]; };
int db_area_counts(struct store *s, int64_t project, struct db_area_counts *out, struct err *e); /* kept, not counted */
/* The same of what concerns one participant: its people, its teams, itself, its company. Counted each time. */
int db_area_counts_of(struct store *s, int64_t project, int64_t participant, struct db_area_counts *out, struct err *e);
/* Of what is not done with (accepted, withdrawn and superseded stay 0), all areas together: for every repaint. */
int db_outbox_counts_of(struct store *s, int64_t project, int64_t participant, int64_t counts[OUTBOX_STATE_COUNT], struct err *e);
/* Rows of one area, refused first, then unknown, then on their way, then done; by (rank, id) after the cursor. */
int db_outbox_of_area(struct store *s, int64_t project, enum db_area area, int after_rank, int64_t after_id, struct db_outbox *rows, size_t cap, size_t *n,
		      bool *more, struct err *e);

/* --- by hand --- */

/* Rows that wait as OUTBOX_BY_HAND: to be done on the platform's page. */
int db_outbox_by_hand_count(struct store *s, int64_t project, int64_t limit, int64_t *n, struct err *e); /* no further than limit */
int db_outbox_by_hand_page(struct store *s, int64_t project, int64_t after_id, struct db_outbox *rows, size_t cap, size_t *n, bool *more, struct err *e);

/* --- attachments --- */

struct db_attachment_upload {
	int64_t attachment, bytes; char hash[ATTACHMENT_HASH]; char mime[64]; char role[32]; char person[UID_TEXT]; /* "": nobody's */
	bool announced;
};
/* Contents that this project's platform has not named yet, whose person the platform knows; by id. */
int db_attachment_open(struct store *s, int64_t project, int64_t after, struct db_attachment_upload *rows, size_t cap, size_t *n, struct err *e);
int db_attachment_announced(struct store *s, int64_t project, int64_t attachment, struct err *e);
int db_attachment_done(struct store *s, int64_t project, int64_t attachment, int64_t at_ms, struct err *e);
/* participant 0: of the whole project; else of what concerns that one: its people, its teams. */
int db_attachment_left(struct store *s, int64_t project, int64_t participant, int64_t *n, int64_t *bytes, struct err *e); /* not named yet */
int db_attachment_all(struct store *s, int64_t project, int64_t participant, int64_t *n, struct err *e);
/* Contents in a role whose record was not done by hand on the platform's page. */
int db_attachment_in_role(struct store *s, int64_t project, int64_t participant, const char *role, int64_t *n, struct err *e);

/* People on site whose entry the platform has confirmed, or who came on its own word. */
int db_on_site_confirmed(struct store *s, int64_t project, int64_t participant, int64_t *n, struct err *e);

/* --- conflicts --- */

enum db_choice { CHOICE_OPEN, CHOICE_MINE, CHOICE_THEIRS };
struct db_conflict {
	int64_t id, project, person; char field[32]; char base[512], mine[512], theirs[512]; char by[128]; int64_t at_ms; enum db_choice choice;
	char about[16];         /* "person", "assignment", "company", "participant", "team" */
	char subject[UID_TEXT]; /* of what is no person; "" a person */
};
int db_conflict_insert(struct store *s, const struct db_conflict *c, int64_t *id, struct err *e);
int db_conflict_get(struct store *s, int64_t id, struct db_conflict *out, struct err *e);
int db_conflict_page(struct store *s, int64_t project, int64_t after, struct db_conflict *rows, size_t cap, size_t *n, bool *more, struct err *e); /* open ones */
/* The open one about this project's field of this person or subject; *id 0: none. */
int db_conflict_about(struct store *s, const struct db_conflict *about, int64_t *id, struct err *e);
int db_conflict_theirs(struct store *s, int64_t id, const char *theirs, const char *by, int64_t at_ms, struct err *e); /* they changed it once more */
int db_conflict_choose(struct store *s, int64_t id, enum db_choice choice, int64_t account, int64_t at_ms, struct err *e); /* ERR_CONFLICT: chosen already */
int db_conflict_count(struct store *s, int64_t project, int64_t limit, int64_t *out, struct err *e); /* open ones, no further than limit */

#endif
