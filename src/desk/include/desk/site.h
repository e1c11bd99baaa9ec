/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Companies, participants and teams of the current project (REQUIREMENTS B3, B4, C1–C4, C8). */
#ifndef DESK_SITE_H
#define DESK_SITE_H

#include "desk/desk.h"
#include "domain/lifecycle.h"

struct company_new { const char *credit_code, *name, *short_name, *area_code, *registered_on; };
int desk_company_add(struct desk *d, const struct company_new *c, char uid[UID_TEXT], struct err *e); /* credit code checked (GB 32100); same code: ERR_DUPLICATE */

struct participant_new { const char *company_uid; const char *type; /* code of participant_types */ const char *manager_name, *manager_phone; };
/* Managers' teams come into being by themselves from the participant's type where the profile says so (C2). */
int desk_participant_add(struct desk *d, const struct participant_new *p, char uid[UID_TEXT], struct err *e);

struct participant_row {
	int64_t id; char uid[UID_TEXT]; char credit_code[19]; char company[NAME_TEXT]; char short_name[NAME_TEXT];
	char type[8]; char type_word[64]; enum site_state state; date_t entered_on, exited_on; int64_t teams, on_site;
};
int desk_participant_list(struct desk *d, struct participant_row *rows, size_t cap, size_t *n, struct err *e);

struct team_new { const char *name; const char *kind; /* worker, management, other */ const char *participant_uid; };
int desk_team_add(struct desk *d, const struct team_new *t, char uid[UID_TEXT], struct err *e);

struct team_row {
	int64_t id; char uid[UID_TEXT]; char name[NAME_TEXT]; char kind[16]; char participant_uid[UID_TEXT]; char company[NAME_TEXT];
	char leader[NAME_TEXT]; enum team_state relation; enum site_state state; bool automatic; date_t entered_on, exited_on; int64_t on_site;
	char partner[NAME_TEXT];   /* the labour subcontractor asked for, associated with or unbound from (C4) */
	date_t unassociated_on;    /* since when it is neither own nor associated (C7) */
};
int desk_team_list(struct desk *d, struct team_row *rows, size_t cap, size_t *n, struct err *e); /* ordered by company, then name */
int desk_team_get(struct desk *d, const char *uid, struct team_row *out, struct err *e);

/*
 * C2: only an ordinary workers' team can be edited, and its kind only towards other staff (JM-1 2.6.1 注意 1). NULL: as it is. What the
 * platform has is amended there. ERR_FORBIDDEN says why; ERR_DUPLICATE: another team of that name.
 */
int desk_team_edit(struct desk *d, const char *uid, const char *name, const char *kind, struct err *e);
/*
 * C8: only what never entered and was never uploaded goes: its adding is reversed, what was still to be sent is withdrawn. A
 * participant goes with its managers' team; the library keeps the company, and it can take part again.
 */
int desk_team_delete(struct desk *d, const char *uid, struct err *e);
int desk_participant_delete(struct desk *d, const char *uid, struct err *e);

/* EVENT_SITE_ENTER / EVENT_SITE_EXIT of a participant or team, EVENT_SET_OWN of a team; on: DATE_NONE for today. Associations: association.h. */
int desk_participant_act(struct desk *d, const char *uid, enum event event, date_t on, struct err *e);
int desk_team_act(struct desk *d, const char *uid, enum event event, date_t on, struct err *e);

#endif
