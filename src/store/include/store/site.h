/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Projects, settings, companies, participants, teams. Words and codes only; nothing personal but the project manager's phone (sealed). */
#ifndef STORE_SITE_H
#define STORE_SITE_H

#include "base/dates.h"
#include "base/uid.h"
#include "domain/lifecycle.h"
#include "store/store.h"

#define DB_NAME 256

struct db_project { int64_t id; char uid[UID_TEXT]; char code[64]; char name[DB_NAME]; char profile[32]; char status[24]; /* state_name() of CYCLE_PROJECT */ };
int db_project_insert(struct store *s, const struct db_project *p, int64_t *id, struct err *e); /* uid "": a new one; makes its line (box, epoch 1) too */
int db_project_get(struct store *s, int64_t id, struct db_project *out, struct err *e);
int db_project_list(struct store *s, int64_t after, struct db_project *rows, size_t cap, size_t *n, struct err *e); /* by id */

/* project 0: of the whole installation. Unset: "". sealed ones need the data key both ways; a value that does not fit is ERR_TOO_LARGE. */
int db_setting_get(struct store *s, int64_t project, const char *name, char *out, size_t size, struct err *e);
int db_setting_set(struct store *s, int64_t project, const char *name, const char *value, bool sealed, struct err *e); /* NULL or "": unset */

struct db_company { int64_t id; char uid[UID_TEXT]; char credit_code[19]; char name[DB_NAME]; char short_name[DB_NAME]; char area_code[16]; date_t registered_on, on_platform_since; };
int db_company_insert(struct store *s, const struct db_company *c, int64_t *id, struct err *e); /* ERR_DUPLICATE by credit code */
int db_company_get(struct store *s, int64_t id, struct db_company *out, struct err *e);
int db_company_by_uid(struct store *s, const char *uid, struct db_company *out, struct err *e);
int db_company_update(struct store *s, const struct db_company *c, struct err *e); /* all but uid and credit code */
int db_company_by_name(struct store *s, const char *name, struct db_company *out, struct err *e); /* the full name, exactly; ERR_NO_SUCH */
int db_company_by_code(struct store *s, const char *credit_code, struct db_company *out, struct err *e);

struct db_participant {
	int64_t id, project, company; char uid[UID_TEXT]; char type[8];
	char manager_name[DB_NAME]; char manager_phone[64]; /* the phone is sealed: "" when read without the data key */
	enum site_state state; date_t entered_on, exited_on;
	/* read only, from the company, from teams and the tallies: */
	char company_uid[UID_TEXT]; char credit_code[19]; char company_name[DB_NAME]; char short_name[DB_NAME]; int64_t teams;
};
int db_participant_insert(struct store *s, const struct db_participant *p, int64_t *id, struct err *e); /* ERR_DUPLICATE: same company and type in the project */
int db_participant_get(struct store *s, int64_t id, struct db_participant *out, struct err *e);
int db_participant_by_uid(struct store *s, const char *uid, struct db_participant *out, struct err *e);
int db_participant_list(struct store *s, int64_t project, int64_t after, struct db_participant *rows, size_t cap, size_t *n, struct err *e); /* by id */
/* from: what the caller saw; ERR_CONFLICT when it is something else by now. DATE_NONE leaves a date as it is. */
/* Manager's name and phone. */
int db_participant_update(struct store *s, const struct db_participant *p, struct err *e);
/* The row of this company and type in a project, deleted ones too; ERR_NO_SUCH. */
int db_participant_find(struct store *s, int64_t project, int64_t company, const char *type, struct db_participant *out, struct err *e);
int db_participant_people(struct store *s, int64_t id, int64_t *out, struct err *e); /* employments that ever named it; counted no further than 1 */
/* Deleting (C8): not entered → none; its adding again: none → not entered is db_participant_state(). */
int db_participant_state(struct store *s, int64_t id, enum site_state from, enum site_state to, date_t entered_on, date_t exited_on, struct err *e);

struct db_team {
	int64_t id, project, participant; char uid[UID_TEXT]; char name[DB_NAME]; char kind[16];
	bool automatic;   /* a managers' team that came into being by itself (C2) */
	bool foreign;     /* from the platform: namesakes are accepted (C6) */
	int64_t leader;   /* person; 0: none */
	int64_t partner;  /* company: the labour subcontractor asked for, associated with, or unbound from (C4); 0: none */
	date_t unassociated_on; /* since when it is neither own nor associated (C7); DATE_NONE: it is */
	enum team_state relation; enum site_state state; date_t entered_on, exited_on;
	/* read only: */
	char participant_uid[UID_TEXT]; char company[DB_NAME]; char leader_name[DB_NAME]; char partner_name[DB_NAME];
};
int db_team_insert(struct store *s, const struct db_team *t, int64_t *id, struct err *e); /* ERR_DUPLICATE: a team of that name made here */
int db_team_get(struct store *s, int64_t id, struct db_team *out, struct err *e);
int db_team_by_uid(struct store *s, const char *uid, struct db_team *out, struct err *e);
struct db_team_cursor { int64_t participant; char name[DB_NAME]; int64_t id; }; /* zeroed: from the start */
int db_team_list(struct store *s, int64_t project, const struct db_team_cursor *after, struct db_team *rows, size_t cap, size_t *n, struct err *e); /* by participant, name */
int db_team_by_id(struct store *s, int64_t project, int64_t after, struct db_team *rows, size_t cap, size_t *n, struct err *e); /* in the order of their making */
/* on: the day of it. Since when the team is unassociated follows from the two states. */
int db_team_relation(struct store *s, int64_t id, enum team_state from, enum team_state to, date_t on, struct err *e);
int db_team_partner(struct store *s, int64_t id, int64_t company, struct err *e);
int db_team_update(struct store *s, const struct db_team *t, struct err *e); /* name and kind; ERR_DUPLICATE as above */
int db_team_members(struct store *s, int64_t id, int64_t *out, struct err *e); /* assignments that ever named it; counted no further than 1 */
int db_team_state(struct store *s, int64_t id, enum site_state from, enum site_state to, date_t entered_on, date_t exited_on, struct err *e);
int db_team_leader(struct store *s, int64_t id, int64_t person, struct err *e);
/* C6: teams on site with people, whose leader has left and has no successor; participant 0: of all. */
int db_team_leaderless(struct store *s, int64_t project, int64_t participant, int64_t *n, struct err *e);
int db_team_automatic(struct store *s, int64_t participant, int64_t *team, struct err *e); /* its managers' team; 0: none */

#endif
