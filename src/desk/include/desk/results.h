/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Upload results (G1, G2), what is done by hand on the platform's page (K4), and taking over from a newer copy (R11). Rows are those of desk/upload.h.
 */
#ifndef DESK_RESULTS_H
#define DESK_RESULTS_H

#include "desk/upload.h"

/* --- results by kind (G1) --- */

#define UPLOAD_AREAS 9
/* One kind of record: 企业, 项目, 参建单位, 班组, 人员, 聘用合同, 进退场, 考勤, 其他 (1 … UPLOAD_AREAS). */
struct area_row { int area; char word[40]; /* translated */ int64_t refused, unknown, open, accepted; };
/* Within the account's scope (I6). */
int desk_upload_areas(struct desk *d, struct area_row rows[UPLOAD_AREAS], struct err *e);
const char *upload_area_name(int area); /* "team": --json; "" none */
const char *upload_area_word(int area); /* 班组, translated */
bool upload_area_parse(const char *name, int *area);
/* Refused ones first. Keyset: after_rank and after_id of the last row. */
int desk_upload_of_area(struct desk *d, int area, int after_rank, int64_t after_id, struct outbox_page *page, struct err *e);
/* Everything refused, of one area or (0) of all, as it stands, in one transaction; *n: how many. */
int desk_outbox_retry_all(struct desk *d, int area, int64_t *n, struct err *e);
/*
 * A refused one is given up, alone, also out of an act on many: what it reported is reversed, what waits for it is withdrawn with it. Where the
 * act was this person's alone and nothing was done since, the act is taken back whole. A registration that is refused takes its offer along, but not where its
 * file was merged into another that the platform has: then what was done under it goes out under that one;
 * an event of an employment or assignment goes back to the state before, corrections made since stay; with the refused end of an employment what
 * ended along with it comes back, and what the platform decided meanwhile is applied. A clocking stays here and is sent no more. ERR_FORBIDDEN, detail: why,
 * and what would allow it: where something later rests on it, and of corrections, which are changed back instead.
 */
struct given_up { int64_t withdrawn; /* operations that are not sent any more, itself among them */ char says[200]; /* translated: what becomes of it */ };
int desk_outbox_give_up(struct desk *d, int64_t id, struct given_up *out, struct err *e);
int desk_outbox_give_up_preview(struct desk *d, int64_t id, struct given_up *out, struct err *e); /* nothing is written */
/* A held one does not wait any longer, nor does what it rests on. ERR_FORBIDDEN with the reason in the detail when it is not held. */
int desk_outbox_send_one(struct desk *d, int64_t id, struct err *e);

/* --- by hand (K4) --- */

int desk_by_hand(struct desk *d, int64_t after_id, struct outbox_page *page, struct err *e);
/* Done on the platform's page; number: the platform's, may be "". What depends on it goes on. Taken back as other acts are (desk/undo.h), until
 * something that depends on it has left. */
int desk_by_hand_done(struct desk *d, int64_t id, const char *number, struct err *e);

/* Everything of this kind that the account sees: as the list before had it, all in one transaction. expect: how many the clerk was shown; ERR_CONFLICT when
 * there are others by now. *n: how many. */
int desk_by_hand_done_kind(struct desk *d, const char *kind, int64_t expect, int64_t *n, struct err *e);
/* How many wait for the account, of this kind or (NULL) of all; no further than limit. */
int desk_by_hand_count(struct desk *d, const char *kind, int64_t limit, int64_t *n, struct err *e);

/* --- is the project fully uploaded? (G2) --- */

enum part_of_whole { WHOLE_PARTICIPANTS, WHOLE_TEAMS, WHOLE_PEOPLE, WHOLE_ATTACHMENTS, WHOLE_PARTS };
/* Of an account with a scope: of what it sees. Contents that go with their record on this dialect are counted with that: n and of are 0, with_records. */
struct whole { char word[40]; int64_t n, of; int64_t needed; /* how many are enough: the profile's share */ int64_t bytes; /* of attachments left */
	bool with_records; int64_t by_hand; /* attachments that this dialect has no place for: to be brought on the platform's page */ };
int desk_whole(struct desk *d, struct whole parts[WHOLE_PARTS], bool *complete, struct err *e);
/* One that is missing: a participant or a team that the platform has not confirmed. Keyset by part and id. */
struct missing_row { enum part_of_whole part; int64_t id; char name[NAME_TEXT]; char why[200]; /* translated */ int64_t outbox; /* 0: nothing was queued */ };
int desk_missing(struct desk *d, enum part_of_whole after_part, int64_t after_id, struct missing_row *rows, size_t cap, size_t *n, bool *more, struct err *e);

/* --- an old copy put back (R11) --- */

/* Goes on with this file although a newer one existed: a new epoch, and whatever has no final answer is looked up before
 * anything is sent. What was taken back or corrected here without ever having been sent from here is looked up too: what the platform has
 * of it is reversed there or corrected, or a message says that it is left there. ERR_FORBIDDEN when the file was not found to be behind. */
int desk_take_over(struct desk *d, struct err *e);
/* The same on a new computer that takes the box's place (L9), behind or not: from the first operation that this one sends, the platform finds the old one's
 * file behind, and it sends nothing any more. */
int desk_move_box(struct desk *d, struct err *e);

#endif
