/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Life cycles (DESIGN 6): one table per cycle. Screens ask it what is possible, the desk enforces it, the tests walk every cell.
 *
 * A row: from, event, to, who may, which guards stand before it, what is uploaded. A profile may leave out steps (the skipped
 * step's event fires with its predecessor's) and set parameters; it cannot add states. Our clock never changes a state.
 *
 * A left-out step: after any event the desk asks lifecycle_forward() for the way on from the new state; while that event is no step of
 * the profile and its guards on facts hold, it fires too, in the same transaction. Who may (roles, GUARD_RECEIVING_MANAGER) is not
 * asked then: nobody decides anything. Where a guard stops it the state rests there and the event can be fired by hand.
 */
#ifndef DOMAIN_LIFECYCLE_H
#define DOMAIN_LIFECYCLE_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/role.h"

enum cycle { CYCLE_EMPLOYMENT, CYCLE_ASSIGNMENT, CYCLE_TEAM, CYCLE_TEAM_SITE, CYCLE_PARTICIPANT,
	CYCLE_CONTRACT, CYCLE_APP, CYCLE_PROJECT, CYCLE_APPLICATION, CYCLE_POST, CYCLE_ALARM, CYCLE_PUSH, CYCLE_COUNT
};

/* State 0 of every cycle is "does not exist yet". */
enum employment_state {
	EMPLOYMENT_NONE, EMPLOYMENT_OFFERED, EMPLOYMENT_REFUSED, EMPLOYMENT_WITHDRAWN, EMPLOYMENT_ACCEPTED, EMPLOYMENT_PROCESSING,
	EMPLOYMENT_REGISTERED, EMPLOYMENT_LEAVING, EMPLOYMENT_DISMISSING, EMPLOYMENT_LEAVING_ON, EMPLOYMENT_LEFT,
	EMPLOYMENT_DISMISSED, EMPLOYMENT_ENDED, EMPLOYMENT_STATE_COUNT
};
enum assignment_state {
	ASSIGNMENT_NONE, ASSIGNMENT_DRAFTED, ASSIGNMENT_SUBMITTED, ASSIGNMENT_RETURNED, ASSIGNMENT_ACCEPTED, ASSIGNMENT_CONFIRMED,
	ASSIGNMENT_ON_SITE, ASSIGNMENT_EXITED, ASSIGNMENT_WITHDRAWN, ASSIGNMENT_STATE_COUNT
};
enum contract_state { CONTRACT_NONE, CONTRACT_DRAFTED, CONTRACT_IN_FORCE, CONTRACT_ENDED, CONTRACT_TERMINATED, CONTRACT_STATE_COUNT };
/* D12: a person's own registration in the city's app, which comes before hiring; of the person, not of one employment. */
enum app_state { APP_NONE, APP_PROCESSING, APP_DONE, APP_STATE_COUNT };
enum team_state { TEAM_NONE, TEAM_OWN, TEAM_REQUESTED, TEAM_ASSOCIATED, TEAM_UNBOUND, TEAM_STATE_COUNT };
enum site_state { SITE_NONE, SITE_NOT_ENTERED, SITE_ENTERED, SITE_EXITED, SITE_STATE_COUNT }; /* CYCLE_TEAM_SITE, CYCLE_PARTICIPANT */
enum project_state {
	PROJECT_NONE, PROJECT_PREPARING, PROJECT_RUNNING, PROJECT_STOPPED, PROJECT_COMPLETED, PROJECT_SUPERVISION_ENDED, PROJECT_STATE_COUNT
};
enum application_state { APPLICATION_NONE, APPLICATION_APPLIED, APPLICATION_APPROVED, APPLICATION_REFUSED, APPLICATION_STATE_COUNT }; /* B8 */
/* F3: a seat of a key post. nominated, replacing: somebody is under review for a seat that is empty, that is held. */
enum post_state { POST_NONE, POST_VACANT, POST_FILLED, POST_NOMINATED, POST_REPLACING, POST_STATE_COUNT };
/* F4, F6, C7: what the platform has said. What only falls due is reckoned (desk/alarm.h) and is no state. */
enum alarm_state {
	ALARM_NONE, ALARM_RAISED, ALARM_WITHDRAWN, ALARM_COUNTED, ALARM_DEDUCTED, ALARM_APPEALED, ALARM_VOID, ALARM_UPHELD, ALARM_STATE_COUNT
};
/* H3: one person on one attendance device. */
enum push_state { PUSH_NONE, PUSH_WAITING, PUSH_DONE, PUSH_FAILED, PUSH_WITHDRAWN, PUSH_STATE_COUNT };

enum event {
	EVENT_NONE,
	/* employment */
	EVENT_OFFER, EVENT_CONSENT, EVENT_REFUSE, EVENT_WITHDRAW_OFFER, EVENT_REGISTER, EVENT_DONE, EVENT_REGISTER_REFUSED,
	EVENT_ASK_LEAVE, EVENT_AGREE_LEAVE, EVENT_FINISH_LEAVE, EVENT_DISMISS, EVENT_CONSENT_DISMISSAL, EVENT_RECORD_LEAVING,
	EVENT_LEAVING_DAY, EVENT_TAKE_BACK, EVENT_DIED, EVENT_CONTRACT_ENDED,
	/* assignment */
	EVENT_DRAFT, EVENT_SUBMIT, EVENT_RETURN, EVENT_ACCEPT, EVENT_CONFIRM, EVENT_ENTER, EVENT_EXIT, EVENT_WITHDRAW,
	EVENT_EMPLOYMENT_ENDED, EVENT_WORKS_COMPLETED, EVENT_MISMATCH,
	/* team */
	EVENT_SET_OWN, EVENT_ASSOCIATE, EVENT_ASSOCIATION_CONFIRMED, EVENT_ASSOCIATION_REFUSED, EVENT_UNBIND,
	/* team on site, participant */
	EVENT_ADD, EVENT_SITE_ENTER, EVENT_SITE_EXIT,
	/* contract (D9), registration in the app (D12) */
	EVENT_CONTRACT_DRAFT, EVENT_CONTRACT_SIGN, EVENT_CONTRACT_END, EVENT_CONTRACT_TERMINATE,
	EVENT_APP_APPLY, EVENT_APP_DONE, EVENT_APP_FAIL,
	/* project (B1), application for one (B8) */
	EVENT_PREPARE, EVENT_START, EVENT_STOP, EVENT_RESUME, EVENT_COMPLETE, EVENT_END_SUPERVISION,
	EVENT_APPLY, EVENT_APPROVE, EVENT_TURN_DOWN,
	/* key post (F3) */
	EVENT_POST_FILL, EVENT_POST_PROPOSE, EVENT_POST_APPROVE, EVENT_POST_TURN_DOWN, EVENT_POST_VACATE,
	/* alarm */
	EVENT_ALARM_RAISE, EVENT_ALARM_WITHDRAW, EVENT_ALARM_COUNT, EVENT_ALARM_DEDUCT, EVENT_ALARM_APPEAL, EVENT_ALARM_VOID, EVENT_ALARM_UPHOLD,
	/* push to a device (H3) */
	EVENT_PUSH, EVENT_PUSH_DONE, EVENT_PUSH_FAIL, EVENT_PUSH_WITHDRAW,
	EVENT_COUNT
};

/* What must hold before an event; the desk knows the facts, this names them. Bits. */
enum guard {
	GUARD_EMPLOYMENT_REGISTERED = 1 << 0, /* the employment has got as far as registered */
	GUARD_ONE_EMPLOYER = 1 << 1,          /* D4: not employed elsewhere */
	GUARD_TEAM_ENTERED = 1 << 2,          /* C3 */
	GUARD_PARTICIPANT_ENTERED = 1 << 3,   /* C3 */
	GUARD_CONTRACT = 1 << 4,              /* L1: contract or written agreement; as the profile says */
	GUARD_TRAINING = 1 << 5,              /* L1: safety training on record; as the profile says */
	GUARD_AGE = 1 << 6,                   /* A9 */
	GUARD_CARD_VALID = 1 << 7,            /* A9: blocking or warning as the profile says */
	GUARD_RECEIVING_MANAGER = 1 << 8,     /* E3: the manager of the receiving unit */
	GUARD_TEAM_CONFIRMED = 1 << 9,        /* C4: own team, or the association is confirmed */
	GUARD_TEAM_EMPTY = 1 << 10,           /* C8: nobody of it on site */
	GUARD_TEAMS_OUT = 1 << 11,            /* C8: no team of it on site */
	GUARD_NOT_MANAGEMENT_TEAM = 1 << 12,  /* C2 */
	GUARD_MANAGER_EXITED = 1 << 13,       /* D7: a manager exits before dismissal */
	GUARD_DATE = 1 << 14,                 /* E4: the date lies within what the profile allows */
	GUARD_ONE_OPEN_ASSIGNMENT = 1 << 15,  /* D5: max_open_assignments */
	GUARD_CERTIFICATE = 1 << 16,          /* L2: certificate of a special trade; as the profile says */
	GUARD_NOT_BARRED = 1 << 17,           /* L3: no do-not-hire mark, or one that was overridden */
	GUARD_LEAVING = 1 << 24,              /* D11: the region has this way of leaving (profile key "leaving") */
	GUARD_LEAVING_DAY = 1 << 25,          /* D11: the day of leaving has come */
	GUARD_COMPLETE = 1 << 26,             /* D2: everything that registering requires is there */
	GUARD_APP = 1 << 27,                  /* D12: registered in the city's app; warning or blocking as the profile says */
	GUARD_PROJECT_OPEN = 1 << 28,         /* B1: nobody enters a project that is completed or whose supervision has ended */
	GUARD_ASSOCIATIONS = 1 << 29,         /* C4: teams are associated with labour subcontractors here, as the profile says */
	GUARD_POST = 1 << 30,                 /* F3: set here or only under review, as the post is; the candidate is on file with its certificates and free */
	GUARD_PARTNER = 1 << 18,              /* C4: the labour subcontractor is known and has logged in to the platform */
	GUARD_EVIDENCE = 1 << 19,             /* C4: the contract or the paper that ends it is attached */
	GUARD_PARTNERS_CLERK = 1 << 20        /* C4: the account acts for the subcontractor that was asked */
};

struct transition {
	enum cycle cycle;
	int from;
	enum event event;
	int to;
	unsigned roles;       /* enum role bits that may fire it here; 0: only a message, or what follows from another event, may */
	unsigned guards;      /* enum guard bits */
	bool by_message;      /* platform, person or another site may fire it by a message, whatever the profile's authority */
	const char *upload;   /* operation kind on the wire ("assignment.enter"), NULL: nothing is uploaded */
};

size_t lifecycle_rows(enum cycle c, const struct transition **rows);
const struct transition *lifecycle_find(enum cycle c, int state, enum event e); /* NULL: forbidden */
bool lifecycle_final(enum cycle c, int state);                                  /* no row leads out of it */
enum event lifecycle_forward(enum cycle c, int state);                          /* the step a profile may leave out here; EVENT_NONE: none */
bool lifecycle_may_leave_out(enum event e);
int lifecycle_state_count(enum cycle c);

const char *cycle_name(enum cycle c);                 /* "assignment" */
bool cycle_parse(const char *name, enum cycle *out);  /* what it said; else false and *out is untouched */
const char *state_name(enum cycle c, int state);      /* "on_site": stored, on the wire, in --json */
const char *state_word(enum cycle c, int state);      /* 在场, translated */
bool state_parse(enum cycle c, const char *name, int *out);
const char *event_name(enum event e);                 /* "enter" */
const char *event_word(enum event e);                 /* 进场, translated */
bool event_parse(const char *name, enum event *out);
enum cycle event_cycle(enum event e);                 /* EVENT_ADD, SITE_ENTER, SITE_EXIT: CYCLE_TEAM_SITE, and CYCLE_PARTICIPANT has them too */
const char *guard_name(enum guard g);

#endif
