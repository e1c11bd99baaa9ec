/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Guards (domain/lifecycle.h) made into answers: may this be done to this person now; if not, why not and
 * what would allow it. Pure: what is known stands in struct situation, which the desk fills from the file.
 */
#ifndef DESK_GUARD_H
#define DESK_GUARD_H

#include "desk/acts.h"

struct situation {
	const struct profile *profile;
	date_t today;
	date_t on; /* the event's date as asked for; DATE_NONE: now */
	enum event event;
	enum employment_state employment;
	char elsewhere[NAME_TEXT]; /* name of another employer, "" : none (D4) */
	bool has_team;
	char team[NAME_TEXT], company[NAME_TEXT];
	char team_kind[16];
	enum team_state relation;
	enum site_state team_site, participant_site;
	bool has_contract;
	bool contract_dated; /* its dates stand there: what is missing is the kind */
	bool manager, on_site, on_any_site; /* on_any_site: looked at for a dismissal only */
	date_t trained_on, valid_to, not_before; /* not_before: the last event's own date */
	date_t worked_on;	   /* the last day of work known of; DATE_NONE: none (L1) */
	char certificate[64];	   /* what the trade needs, in words; "": none (L2) */
	date_t certificate_to;	   /* how long the person's is valid; DATE_NONE: there is none */
	char barred[NAME_TEXT];	   /* a do-not-hire mark in force, in words; "": none (L3) */
	bool let_pass;		   /* … which who may has overridden for this project */
	int age;				 /* -1: unknown */
	int64_t open_assignments;		 /* besides this one */
	char other_project[NAME_TEXT]; /* the newest of these (D5); "": none */
	char other_trade[16];	       /* code of the trade there */
	bool receiving_manager;	  /* the account is the receiving unit's project manager (E3) */
	bool two_tiers;		  /* a specialist's people whom the general contractor confirms again (confirm.general_again) */
	char receiver[NAME_TEXT]; /* whose manager it would have to be */
	int64_t people_on_site, teams_on_site;
	date_t leaves_on;	  /* D11: the recorded day of leaving; DATE_NONE: none */
	char missing[NAME_TEXT];  /* D2: what registering still needs, in words; looked at for that event only */
	enum app_state app;	  /* D12 */
	enum project_state project; /* of the current project; PROJECT_NONE: not looked at */
	const char *partner;	    /* C4: full name of the labour subcontractor; NULL: none that the library knows */
	bool partner_on_platform, evidence, partners_clerk;
	char post[64];		    /* F3: the key post in words; "": the region knows no such post */
	bool post_locked;	    /* it changes by review only */
	bool candidate_employed, candidate_manual, candidate_new; /* new: registered today, where the platform learns of it in the evening only */
	char lacks[NAME_TEXT], holds[NAME_TEXT]; /* certificates, in words; another key post of this project; "": none */
};

/* Judges the guards of `row`; on refusal why and would are set and false is returned. Warnings accumulate in
 * v->warning. */
bool guards_pass(const struct transition *row, const struct situation *s, struct verdict *v);
/* L1: more than limits.training_days since the last training and the last day of work. */
bool training_over(const struct situation *s);
/* No row at all: why this event cannot happen in this state. */
void guard_no_row(enum cycle cycle, int state, enum event event, struct verdict *v);
/* D11: how people leave here. */
enum leaving { LEAVING_CONSENT, LEAVING_RECORDED, LEAVING_WITH_EXIT };
#define ROLE_CODE_MANAGER "10" /* national dictionary 工人类型 */
/* D4: what whoever is still employed elsewhere can do about it. */
const char *guard_way_out(const struct profile *p);
enum leaving guard_leaving(const struct profile *p);
/* D13: managers are registered in another system and are only shown here. */
bool guard_managers_elsewhere(const struct profile *p);
void verdict_refuse(struct verdict *v, const char *why, const char *would);
void verdict_warn(struct verdict *v, const char *sentence);

#endif
