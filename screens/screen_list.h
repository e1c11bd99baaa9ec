/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of screens, each with what its open() takes. A new screen is one file and one line here and in screen_list.c. */
#ifndef SCREENS_SCREEN_LIST_H
#define SCREENS_SCREEN_LIST_H

#include "desk/acts.h"
#include "desk/attendance.h"
#include "desk/particulars.h"
#include "desk/people.h"
#include "desk/site.h"
#include "ui.h"

extern const struct screen_ops login_screen;    /* no arg */
extern const struct screen_ops home_screen;     /* no arg */
extern const struct screen_ops menu_screen;     /* no arg: everything that can be opened */
extern const struct screen_ops roster_screen;   /* struct roster_arg; NULL: everybody */
extern const struct screen_ops person_screen;   /* const int64_t *: the person */
extern const struct screen_ops training_screen, certificates_screen, work_screen; /* const int64_t *: the person's */
extern const struct screen_ops marks_screen, alike_screen; /* const int64_t *: the person's; NULL: everybody's */
extern const struct screen_ops due_screen;      /* no arg: certificates that lapse */
extern const struct screen_ops compare_screen;  /* struct compare_arg */
extern const struct screen_ops dossier_form_screen; /* struct dossier_form_arg */
struct compare_arg { int64_t kept, gone; };
enum dossier_form_kind { DOSSIER_TRAINING, DOSSIER_CERTIFICATE, DOSSIER_MARK };
struct dossier_form_arg { enum dossier_form_kind kind; const int64_t *persons; /* copied; several for a lesson only */ size_t n; };
/* person 0: a lesson of many, whom the draft does not know. */
bool dossier_form_of_draft(const char *draft, enum dossier_form_kind *kind, int64_t *person); /* false: not one of these forms' */
const char *dossier_form_word(enum dossier_form_kind kind); /* translated */
extern const struct screen_ops own_data_screen; /* const int64_t *: this person's, as one file */
extern const struct screen_ops terms_screen, erasures_screen; /* no arg: terms of keeping; what was erased */
extern const struct screen_ops backups_screen;  /* no arg: what backups there are; moving to another computer */
extern const struct screen_ops photo_screen;    /* const int64_t *: this person's photograph and portrait */
extern const struct screen_ops register_screen; /* struct register_arg */
extern const struct screen_ops acts_screen;     /* struct acts_arg: preview, confirmation, act */
extern const struct screen_ops possible_screen; /* const int64_t *: what can be done with this person now */
extern const struct screen_ops hiring_screen;   /* const enum hiring_filter *; NULL: all */
extern const struct screen_ops contracts_screen;/* struct contracts_arg; NULL: those in force */
extern const struct screen_ops conflicts_screen;/* no arg: changed here and on the platform */
extern const struct screen_ops hire_form_screen;/* struct hire_form_arg */
extern const struct screen_ops teams_screen;    /* no arg */
extern const struct screen_ops participants_screen; /* no arg */
extern const struct screen_ops sheet_form_screen; /* struct sheet_form_arg: all that is known of a company, participant, project, application */
extern const struct screen_ops companies_screen;  /* no arg: the company library */
extern const struct screen_ops associations_screen; /* no arg: teams and labour subcontractors */
extern const struct screen_ops project_screen;    /* no arg: the current project */
extern const struct screen_ops projects_screen;   /* no arg: all of this box */
extern const struct screen_ops offers_screen;     /* no arg: projects that the platform offers */
extern const struct screen_ops applications_screen; /* no arg */
extern const struct screen_ops site_form_screen;/* struct site_form_arg: add a company, participant, team */
extern const struct screen_ops upload_screen;   /* struct upload_arg; NULL: what is not done with */
extern const struct screen_ops results_screen;  /* no arg: by kind */
extern const struct screen_ops whole_screen;    /* no arg: is the project fully uploaded? */
extern const struct screen_ops by_hand_screen;  /* no arg: what is to be done on the platform's page */
extern const struct screen_ops connection_screen; /* no arg */
extern const struct screen_ops lines_screen;      /* no arg: the lines of all projects */
extern const struct screen_ops outbox_screen;   /* const int64_t *: one row of the outbox */
extern const struct screen_ops gate_screen;     /* const enum gate_mode *; NULL: entries. Cards and worker codes, one after the other */
extern const struct screen_ops month_sheet_screen; /* struct roster_arg: team or participant; NULL: the project */
extern const struct screen_ops wages_screen;    /* no arg: the wage ledger */
extern const struct screen_ops wage_missing_screen; /* const struct month * */
extern const struct screen_ops sheet_import_screen; /* struct sheet_import_arg: a table into the wage ledger or a register */
extern const struct screen_ops books_screen;    /* struct books_arg: of a person; NULL: all registers of the region */
extern const struct screen_ops book_screen;     /* struct books_arg: one of them */
extern const struct screen_ops book_form_screen; /* struct book_form_arg */
extern const struct screen_ops days_screen;     /* struct days_arg: a person's month, day by day */
extern const struct screen_ops clockings_screen; /* const int64_t *: the person's; NULL: everybody's */
extern const struct screen_ops sisters_screen;  /* no arg: whom this project's employers have on other projects */
extern const struct screen_ops late_screen;     /* no arg: what was recorded afterwards */
extern const struct screen_ops devices_screen;  /* no arg: attendance devices */
extern const struct screen_ops device_form_screen; /* const int64_t *: the device; NULL: a new one */
bool device_form_of_draft(const char *draft, int64_t *device); /* false: not one of these forms'; *device 0: of a new one */
extern const struct screen_ops pushes_screen;   /* struct pushes_arg: who is on a device, or where somebody is */
extern const struct screen_ops collected_screen; /* no arg: whom devices have collected */
struct pushes_arg { int64_t device, person; /* one of them */ const char *title; };
extern const struct screen_ops undo_screen;     /* no arg: what was done, to be taken back */
extern const struct screen_ops posts_screen;      /* const char *: the code of the post to stand at; NULL: the first */
extern const struct screen_ops candidates_screen; /* struct candidates_arg */
struct candidates_arg { const char *post, *word; int seat; bool locked; };
extern const struct screen_ops alarms_screen;     /* no arg: what falls due, what stands */
extern const struct screen_ops filings_screen;    /* no arg: absence and outages filed */
extern const struct screen_ops drafts_screen;   /* no arg */
extern const struct screen_ops audit_screen;    /* no arg */
extern const struct screen_ops rekey_screen;    /* const char *: REKEY_WORD as it was typed; begins, or goes on with, a new data key */
extern const struct screen_ops accounts_screen; /* no arg */
extern const struct screen_ops account_form_screen; /* struct account_form_arg; NULL: one's own password */
extern const struct screen_ops messages_screen; /* no arg */
extern const struct screen_ops prompts_screen;  /* struct prompts_arg; NULL: all of them */
extern const struct screen_ops export_screen;   /* struct export_arg (export.h): the list below into a file */
extern const struct screen_ops import_screen;   /* no arg */
extern const struct screen_ops help_screen;     /* struct help_arg */
extern const struct screen_ops lock_screen;     /* no arg */
extern const struct screen_ops quit_screen;     /* no arg */
extern const struct screen_ops cards_screen;    /* no arg */

struct roster_arg { enum roster_filter filter; int64_t team, participant; const char *team_name; /* of the team or the participant */ };

struct register_arg {
	const struct id_card *card; /* a new person's card; NULL: manual entry, or the draft */
	int64_t amend;              /* this person's record is changed; 0: a new registration */
	int64_t again;              /* hired anew: a new registration of this person, who is on file and employed no more */
	int64_t collected;          /* whom a device has collected (desk/device.h): a new registration, to be looked at */
	const char *focus;          /* name of the field to begin at; NULL: the first that is empty */
	bool draft;                 /* go on with this account's draft; the form's name says which */
	const char *draft_form;     /* "register" or "amend" */
};

enum gate_mode { GATE_ENTER, GATE_EXIT, GATE_CLOCK };
struct sheet_import_arg { const char *form, *title; struct month month; };
struct books_arg { const char *book; int64_t person; const char *name; /* the person's */ };
struct book_form_arg { const char *book; int64_t person, id; /* id 0: a new one */ const char *draft_form; /* goes on with this draft, which says the rest */ };
bool book_form_of_draft(const char *draft); /* is it one of these forms'? */
struct days_arg { int64_t person; struct month month; const char *name; };

#define ACT_PERSONS_MAX 100000
struct acts_arg {
	enum event event;
	const int64_t *persons; /* copied */
	size_t n;
	const char *value;      /* set: no event, but this alteration: a team's uid, a trade's code, a wage as typed */
	const char *value_name; /* in words */
	enum alteration_kind alter;
};

struct contracts_arg { int filter; /* enum contract_filter */ int64_t person; /* set: all of this person's */ const char *name; };

#define DRAFT_OFFER "offer"
#define DRAFT_CONTRACT "contract" /* and what for */
enum hire_form_kind { HIRE_FORM_OFFER, HIRE_FORM_CONTRACT, HIRE_FORM_RENEW, HIRE_FORM_EDIT };
struct hire_form_arg { enum hire_form_kind kind; int64_t person; int64_t contract; /* renewed or changed */ };
bool hire_form_of_draft(const char *draft, struct hire_form_arg *out); /* false: not one of these forms' */

#define DRAFT_TEAM "team"       /* names of the drafts of these forms */
#define DRAFT_COMPANY "company"
/* draft_form: goes on with this draft, whose name says the rest; uid NULL: a new one. */
struct sheet_form_arg { enum sheet_of sheet; const char *uid; const char *draft_form; };
const char *sheet_draft_word(const char *form); /* what a sheet's draft is called; NULL: the draft of another form */
struct site_form_arg { enum { SITE_FORM_COMPANY, SITE_FORM_PARTICIPANT, SITE_FORM_TEAM } kind; const char *participant_uid; };

struct prompts_arg {
	const char *words;       /* a platform's sentence to begin at */
	int64_t person, outbox;  /* whose refusal it is; 0: nobody's */
	const char *field;       /* the one that was refused; may be NULL */
};

enum account_form_kind { ACCOUNT_FORM_NEW, ACCOUNT_FORM_PASSWORD, ACCOUNT_FORM_OWN, ACCOUNT_FORM_LEND };
struct account_form_arg { enum account_form_kind kind; const char *name; /* the account's; NULL: a new one */ };
struct upload_arg { int area; /* desk/results.h; 0: all */ };

struct help_arg { const struct screen_ops *ops; const void *state; };

#endif
