/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the store: what all row files share: one row, a page of rows, states of life cycles, uids. */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "base/dates.h"
#include "base/text.h"
#include "base/uid.h"
#include "domain/lifecycle.h"
#include "query.h"

typedef int row_reader(struct query *q, void *row, struct err *e); /* 0 or -1 */

/* The first row, or ERR_NO_SUCH naming `what`; closes. */
int rows_one(struct query *q, row_reader *read, void *out, const char *what, struct err *e);
/* Up to cap rows of `size` bytes each; closes. */
int rows_all(struct query *q, row_reader *read, void *rows, size_t size, size_t cap, size_t *n,
	     struct err *e);
/* The same for a page that was asked for with LIMIT cap + 1: tells whether there is more. */
int rows_page(struct query *q, row_reader *read, void *rows, size_t size, size_t cap, size_t *n, bool *more,
	      struct err *e);
void rows_reverse(void *rows, size_t size, size_t n);
int rows_ids(struct query *q, int64_t *ids, size_t cap, size_t *n, struct err *e); /* first column only */

/* An id that no fact has ever named: rows that are taken back (store/undo.h) leave their facts behind. For INSERT … VALUES. */
#define FRESH_ID(table, cycle)                                                                               \
	"(SELECT 1 + max(ifnull((SELECT max(id) FROM " table "), 0), ifnull((SELECT max(subject) FROM fact " \
	"WHERE cycle = '" cycle "'), 0)))"

void uid_or_new(char out[UID_TEXT], const char *uid); /* "" and NULL: a new one */
void bind_state(struct query *q, enum cycle c, int state);
int col_state(struct query *q, int col, enum cycle c); /* 0 for what is no state */

/*
 * The statements of the list screens (P9), named so that tests can look at their plans. Defined in the files
 * that run them.
 */
extern const char sql_participant_list[], sql_team_list[], sql_fact_history[], sql_message_page[],
	sql_message_unseen[], sql_audit_page[], sql_audit_account[], sql_audit_action[], sql_audit_object[];
extern const char sql_sister_free[], sql_member_persons[], sql_act_page[], sql_fact_late[], sql_erasure_page[];
extern const char sql_association_list[], sql_association_due[], sql_project_find[], sql_project_offers[], sql_application_list[];
extern const char sql_outbox_open[], sql_outbox_refused[], sql_outbox_all[], sql_outbox_about[], sql_outbox_counts[];
extern const char sql_hiring_pending[], sql_hiring_count[], sql_contract_project[], sql_contract_participant[], sql_contract_person[],
	sql_contract_count[];
extern const char sql_outbox_area[], sql_outbox_by_hand[], sql_outbox_by_hand_count[], sql_area_counts[], sql_area_counts_of[], sql_outbox_counts_of[], sql_attachment_open[], sql_attachment_left[], sql_attachment_left_of[], sql_attachment_in_role[],
	sql_conflict_page[], sql_conflict_count[];
extern const char sql_attendance_last[], sql_attendance_of[], sql_attendance_page[], sql_attendance_days[], sql_wage_page[], sql_wage_match[], sql_book_page[], sql_book_person[],
	sql_book_took_part[], sql_book_words_owed[], sql_book_word[];
extern const char *const sql_roster[]; /* ends with NULL */
extern const char sql_listed_unasked[], sql_training_of_entry[], sql_training_list[], sql_certificate_list[], sql_certificate_due[], sql_mark_list[], sql_mark_page[], sql_work_list[], sql_offer_page[];
extern const char sql_post_list[], sql_filing_list[], sql_alarm_list[], sql_watch_teams[], sql_watch_apps[], sql_watch_trade[], sql_watch_cards[], sql_watch_trainings[];
extern const char sql_post_list[], sql_filing_list[], sql_alarm_list[], sql_watch_teams[], sql_watch_apps[], sql_watch_trade[], sql_watch_cards[];
extern const char sql_device_list[], sql_device_silent[], sql_push_leftover[], sql_on_site[], sql_collected_list[], sql_collected_count[];
const char *sql_merge_moves(size_t i); /* what merging moves, a statement each; NULL: no more */

#endif
