/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Registering people, finding them, their files, and the drafts of forms. */
#ifndef DESK_PEOPLE_H
#define DESK_PEOPLE_H

#include "desk/desk.h"
#include "domain/lifecycle.h"
#include "domain/record.h"

/* --- checking a record ------------------------------------------------------------------------------------------------------ */

struct finding {
	enum field_id field;
	enum severity severity;    /* SEVERITY_BLOCK stops saving; SEVERITY_WARN is shown and kept in the audit */
	char sentence[200];        /* translated: what is wrong and what is expected; no personal data */
	char rule[32];             /* "required", "check_digit", "under_age" … */
	char source[96];           /* document and place of the rule, "" where it is plain sense */
};
struct findings { struct finding item[FIELD_COUNT * 2]; size_t n; };

/* Pure checks of one field against the rest (called on leaving it) and of the whole (called at saving). In form order. */
int desk_check_field(struct desk *d, const struct record *r, enum field_id field, struct findings *out, struct err *e);
int desk_check_record(struct desk *d, const struct record *r, struct findings *out, struct err *e);
/* Must the record, as it stands, say this? What belongs to one way of paying is asked for there only (SH-QA r4 11). */
bool desk_field_required(const struct desk *d, const struct record *r, enum field_id field);
/* Fills what follows from other fields (birth and sex from a typed number, company from team, defaults); marks the origin. */
int desk_complete_record(struct desk *d, struct record *r, struct err *e);

/* --- registering ------------------------------------------------------------------------------------------------------------ */

/* Who has this document; *person 0 when nobody (A6). Also true for former numbers of merged persons. */
int desk_person_by_document(struct desk *d, const char *doc_type, const char *number, int64_t *person, struct err *e);
/* A card lies on the reader: the same, from the card. */
int desk_person_by_card(struct desk *d, const struct id_card *card, int64_t *person, struct err *e);

struct registered { int64_t person, employment, assignment; char uid[UID_TEXT] /* the person's */, employment_uid[UID_TEXT]; enum employment_state employment_state; enum assignment_state assignment_state; };
/* The whole registration in one transaction and one fsync (P6): person, document, portrait, employment (offer and, as the profile's steps
 * say, what follows), contract, training, assignment to the team, outbox, audit. ERR_FINDINGS with *findings when something blocks.
 * The same document twice: the same person, a new employment or assignment where that is allowed, else ERR_DUPLICATE. */
int desk_register(struct desk *d, const struct record *r, struct findings *findings, struct registered *out, struct err *e);
/* D5: who is employed through another project of this box, on the same platform, by an employer that takes part here, joins under that
 * employment: no second offer, but a team is needed; what was carried over or usual gives way to what the employment says, what was typed
 * otherwise changes it. This lays the employment into a record that has a document; project: its project's name, "" when there is none. */
int desk_employment_known(struct desk *d, struct record *r, char *project, size_t size, struct err *e);
/* D1: an offer by name and document alone (F_NAME, F_DOC_TYPE, F_NUMBER, F_COMPANY; what else the record holds is kept), where registering is
 * a step of its own (desk_offers_alone()): the person's consent is awaited, then the rest is filled in and registered. ERR_FORBIDDEN elsewhere. */
int desk_offer(struct desk *d, const struct record *r, struct findings *findings, struct registered *out, struct err *e);
bool desk_offers_alone(const struct desk *d);
/* New facts that supersede: mending a refused record, changing phone, team before submission, trade … Only what differs is written.
 * *changed: how many fields differ (0: nothing was written). */
int desk_amend(struct desk *d, int64_t person, const struct record *r, struct findings *findings, int *changed, struct err *e);
/* The person's record as it stands, whole (not masked): for the amend form. Recorded in the audit as an opening of the form. */
int desk_person_record(struct desk *d, int64_t person, struct record *out, struct err *e);
/* One masked field whole, with a reason; recorded in the audit (A7, S4). */
int desk_person_reveal(struct desk *d, int64_t person, enum field_id field, const char *reason, char *out, size_t size, struct err *e);

/* --- drafts (DESIGN 5, U6) ---------------------------------------------------------------------------------------------------- */

struct draft_row { int64_t id; char form[32]; char account[64]; char display[NAME_TEXT]; int64_t at_ms; bool mine; };
/* One sealed row per account and form; at most once a second when changed is the caller's duty. person 0: a new registration. */
int desk_draft_save(struct desk *d, const char *form, int64_t person, const struct record *r, struct err *e);
int desk_draft_load(struct desk *d, const char *form, int64_t *person, struct record *r, bool *found, struct err *e); /* this account's */
/* The same for forms that are no record (a company, a team): texts by name, at most DRAFT_TEXTS_MAX of them. Loading hands each one out
 * while it lasts; a name that the form does not know any more is the caller's to ignore. */
#define DRAFT_TEXTS_MAX 32
struct draft_text { const char *name, *text; };
int desk_draft_save_texts(struct desk *d, const char *form, const struct draft_text *texts, size_t n, struct err *e);
int desk_draft_load_texts(struct desk *d, const char *form, void (*each)(void *arg, const struct draft_text *text), void *arg, bool *found,
			  struct err *e);
int desk_draft_drop(struct desk *d, const char *form, struct err *e);
/* Whom or what this account's draft is about: the name in it, "" where none stands there yet. */
int desk_draft_about(struct desk *d, const char *form, char out[NAME_TEXT], struct err *e);
int desk_draft_list(struct desk *d, struct draft_row *rows, size_t cap, size_t *n, struct err *e); /* whose drafts are kept */

/* --- the roster --------------------------------------------------------------------------------------------------------------- */

enum roster_filter {
	ROSTER_ALL, ROSTER_WAITING_CONSENT, ROSTER_TO_SUBMIT, ROSTER_TO_CONFIRM, ROSTER_TO_ENTER, ROSTER_ON_SITE, ROSTER_EXITED, ROSTER_REFUSED,
	ROSTER_FILTER_COUNT
};
const char *roster_filter_word(enum roster_filter f); /* translated */

struct roster_row {
	int64_t person;
	char name[NAME_TEXT];
	char tail[5];                  /* last four of the document number */
	char team[NAME_TEXT], company[NAME_TEXT], trade[64]; /* words; "" when none */
	enum employment_state employment;
	enum assignment_state assignment;
	bool manual;                   /* typed, not read (A4) */
	bool waiting;                  /* 待传: something of it is not yet confirmed by the platform */
	bool refused;                  /* 退回: something of it was refused */
	bool gone;                     /* where the exit is the leaving (D8 with_exit): exited, and so shown as 离职, though employment and contract go on */
};
const char *roster_employment_word(const struct roster_row *r); /* the state's word, or 离职 for who is gone; translated */
struct roster_cursor { char key[NAME_TEXT * 2]; int64_t id; }; /* where a page ends; zeroed: from the start */
struct roster_query {
	char text[128];                /* name part, pinyin, initials, document or phone number or its last four; "" for all */
	enum roster_filter filter;
	int64_t team;                  /* 0: all */
	int64_t participant;           /* 0: all; an account that acts for one sees no other (I6) */
	char book[32]; bool without;   /* only those of whom this register (desk/books.h) has an entry, or has none (CD 3.3.5); "": all. Forwards only */
	char says[64];                 /* with book: only those whose entry says this in a field that is found by (健康卡信息); "": whatever it says */
	struct roster_cursor after;
	bool backwards;                /* the page before `after`, still returned in forward order */
};
struct roster_page { struct roster_row *row; size_t cap, n; struct roster_cursor first, last; bool more; };
/* page->row and cap are the caller's; ordered by pinyin, or by the matched key when searching; each person once. */
int desk_roster(struct desk *d, const struct roster_query *q, struct roster_page *page, struct err *e);
/* How many, at most `limit` counted ('1000+'). */
int desk_roster_count(struct desk *d, const struct roster_query *q, int64_t limit, int64_t *out, struct err *e);

/* --- the person's file ---------------------------------------------------------------------------------------------------------- */

struct history_row {
	int64_t fact, at_ms; date_t on; enum cycle cycle; enum event event; enum actor actor; char by[NAME_TEXT]; /* display name or 平台 */
	bool superseded, reversed; char upload[16]; /* outbox state name, "" when nothing is uploaded */ char note[200];
	char what[64]; /* in words */
};
struct person_file {
	int64_t person; char uid[UID_TEXT];
	struct roster_row row;
	char masked[FIELD_COUNT][NAME_TEXT]; /* every field as shown: words for codes, masks where the field is masked */
	enum value_origin origin[FIELD_COUNT];
	bool manual; bool expired; int age; /* -1: unknown */
	date_t entered_on, exited_on;
	char refusal[300]; /* the platform's words, "" when nothing is refused */
};
int desk_person_file(struct desk *d, int64_t person, struct person_file *out, struct err *e);
int desk_person_history(struct desk *d, int64_t person, int64_t before_fact, struct history_row *rows, size_t cap, size_t *n, struct err *e); /* newest first; before 0: from the newest */

#endif
