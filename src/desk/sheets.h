/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sheets (desk/particulars.h), the site's companies and participants and the projects share. Private to src/desk. */
#ifndef DESK_SHEETS_H
#define DESK_SHEETS_H

#include "desk/particulars.h"
#include "desk/site.h"
#include "deed.h"
#include "store/project.h"

unsigned site_adders(enum cycle cycle); /* the roles of the first row of a life cycle */

/* The company's fact in this project, made when the library knows the company from another one. What others need. */
int company_known_here(struct desk *d, const struct db_company *c, int64_t *fact, struct err *e);
/* Insertion with its fact and operation, in the caller's transaction. */
int company_rows(struct desk *d, struct db_company *c, struct err *e);
int participant_rows(struct desk *d, struct db_participant *p, const struct db_company *c, struct err *e);
/* The refusal as an error: its detail is why, and what would allow it, in words. */
int site_judged(struct desk *d, const struct subject *s, enum event event, const struct situation *situation, struct err *e);
struct subject team_subject(const struct db_team *t, enum cycle cycle); /* CYCLE_TEAM or CYCLE_TEAM_SITE */
struct subject participant_subject(const struct db_participant *p);
/* The team of the current project, in the account's scope; else ERR_NO_SUCH. */
int team_here(struct desk *d, const char *uid, struct db_team *t, struct err *e);
int team_out(struct desk *d, const struct db_team *t, struct team_row *out, struct err *e);
/* The participant of the current project, in the account's scope; else ERR_NO_SUCH. */
int participant_here(struct desk *d, const char *uid, struct db_participant *out, struct err *e);

/* The values that are columns, both ways. */
void sheet_of_company(const struct db_company *c, struct particulars *p);
void sheet_to_company(const struct particulars *p, struct db_company *c);
void sheet_of_participant(const struct db_participant *m, struct particulars *p);
void sheet_to_participant(const struct particulars *p, struct db_participant *m);

/* A sheet inside another use case: nothing is asked of rights, nothing of its reading recorded. The caller wipes. */
int sheet_read(struct desk *d, enum sheet_of s, const char *uid, struct particulars *out, struct err *e);
/* What a sheet or a team is to say, in the caller's transaction: the row, the superseding fact, its operation as in struct correction. */
struct site_change {
	bool theirs; /* the platform says so, knowing our operations up to `base` */
	int64_t base;
	bool again; /* told even where nothing changed: the platform is to have what stands here */
};
/* now: whole and canonical; what is fixed is taken as it comes. */
int sheet_write(struct desk *d, const char *uid, struct particulars *now, const struct site_change *how, struct err *e);
/* t: as team_here() gave it, with the new name and kind. ERR_DUPLICATE: another team made here has the name. */
int team_write(struct desk *d, const struct db_team *t, const struct site_change *how, struct err *e);
/* Whether the team may be changed (C2), and into this kind; NULL: the kind stays. ERR_FORBIDDEN with the sentence. */
int team_may_change(const struct db_team *t, const char *kind, struct err *e);

/* Project's columns, numbers and the setting that D3 asks. */
int sheet_of_project(struct desk *d, const struct db_project *row, struct particulars *p, struct err *e);
int sheet_to_project(struct desk *d, const struct particulars *p, struct db_project *row, struct err *e);
/* A fact of a cycle of no operation: {cycle, event, subject}, with the changed values as its body. */
int sheet_fact(struct desk *d, const char *cycle, const char *event, int64_t subject, const char *body, int64_t *fact, struct err *e);

#endif
