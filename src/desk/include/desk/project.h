/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Projects of the box (B1, B2, B5, B8, B9): making, status, what does not agree, what the platform offers, applications. The values
 * are a sheet (particulars.h, SHEET_PROJECT and SHEET_APPLICATION). One is current (desk.h); what acts, acts on the current one.
 */
#ifndef DESK_PROJECT_H
#define DESK_PROJECT_H

#include "desk/desk.h"
#include "domain/lifecycle.h"

struct project_new { const char *name, *code /* may be NULL */, *profile /* NULL: as the current one */; };
/* Makes it, preparing; it does not become the current one. */
int desk_project_add(struct desk *d, const struct project_new *p, struct project *out, struct err *e);
/* EVENT_START … EVENT_END_SUPERVISION of the current project. A stopped project counts no rates (B5), in a completed one nobody enters
 * any more; whoever is there may be cleared out at one stroke (clear_out.h). on: DATE_NONE for today. */
int desk_project_act(struct desk *d, enum event event, date_t on, struct err *e);
/* What may come next, the main way first; those that the account may not do are left out. */
size_t desk_project_possible(struct desk *d, enum event *events, size_t cap);

/* Found by a part of the name, or by the beginning of any of its numbers (B9); "": all. By id, after `after`. */
int desk_project_search(struct desk *d, const char *text, int64_t after, struct project *rows, size_t cap, size_t *n, struct err *e);

/* What stands beside each other and does not agree (NJ 5–8), and what is missing: sentences for the clerk. */
struct project_note { enum severity severity; char sentence[240]; };
#define PROJECT_NOTES 12
struct project_view {
	char title[NAME_TEXT];           /* the contract's name; without one the name reported, marked (SH-QA r4 信息 1) */
	enum project_state state;
	int64_t on_site;                 /* people there now */
	char manager[NAME_TEXT];         /* ours: of the general contractor's participant */
	char province_manager[NAME_TEXT];/* as the province's contract has it */
	struct project_note note[PROJECT_NOTES]; size_t notes;
};
int desk_project_view(struct desk *d, struct project_view *out, struct err *e);

/* --- what the platform offers (B2, B7: CD 3.1.3): filed projects not fetched yet --- */

struct project_offer { int64_t id; char name[NAME_TEXT]; char code[64], realname_code[64], levy_code[64], contract_code[64], kind_word[64]; };
int desk_offer_list(struct desk *d, int64_t after, struct project_offer *rows, size_t cap, size_t *n, struct err *e);
/* Fetches it: a project of the current one's profile, with its numbers. It is not offered again, nor is any with its 征管编号. */
int desk_offer_take(struct desk *d, int64_t offer, struct project *out, struct err *e);

/* --- applications (B8) --- */

struct application_row { int64_t id; char uid[UID_TEXT]; char name[NAME_TEXT]; enum application_state state; date_t applied_on, answered_on; };
int desk_application_list(struct desk *d, int64_t after, struct application_row *rows, size_t cap, size_t *n, struct err *e);
/* The platform's answer as it came by e-mail: EVENT_APPROVE, EVENT_TURN_DOWN; after a refusal EVENT_APPLY. */
int desk_application_act(struct desk *d, const char *uid, enum event event, date_t on, const char *note, struct err *e);

#endif
