/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands' functions, one a row of the table in commands.c. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli_private.h"
#include "domain/post_rate.h"

struct work_row;
cJSON *work_json(const struct work_row *w); /* a time on a site, of history and elsewhere */

int run_init(struct cli *c, struct err *e);
int run_user_list(struct cli *c, struct err *e);
int run_user_add(struct cli *c, struct err *e);
int run_user_disable(struct cli *c, struct err *e);
int run_user_enable(struct cli *c, struct err *e);
int run_user_reset(struct cli *c, struct err *e);
int run_user_lend(struct cli *c, struct err *e);
int run_user_loans(struct cli *c, struct err *e);
int run_user_takeback(struct cli *c, struct err *e);
int run_user_passwd(struct cli *c, struct err *e);
int run_card_readers(struct cli *c, struct err *e);
int run_card_read(struct cli *c, struct err *e);
int run_card_watch(struct cli *c, struct err *e);
int run_person_list(struct cli *c, struct err *e);
int run_person_elsewhere(struct cli *c, struct err *e);
int run_person_history(struct cli *c, struct err *e);
int run_training_list(struct cli *c, struct err *e);
int run_training_add(struct cli *c, struct err *e);
int run_training_remove(struct cli *c, struct err *e);
int run_certificate_list(struct cli *c, struct err *e);
int run_certificate_add(struct cli *c, struct err *e);
int run_certificate_remove(struct cli *c, struct err *e);
int run_mark_list(struct cli *c, struct err *e);
int run_mark_set(struct cli *c, struct err *e);
int run_mark_lift(struct cli *c, struct err *e);
int run_mark_override(struct cli *c, struct err *e);
int run_late_evidence(struct cli *c, struct err *e);
int run_person_show(struct cli *c, struct err *e);
int run_person_add(struct cli *c, struct err *e);
int run_person_edit(struct cli *c, struct err *e);
int run_person_merge(struct cli *c, struct err *e);
int run_person_unmerge(struct cli *c, struct err *e);
int run_person_photo(struct cli *c, struct err *e);
int run_employment_list(struct cli *c, struct err *e);
int run_employment_offer(struct cli *c, struct err *e);
int run_employment_app(struct cli *c, struct err *e);
int run_contract_list(struct cli *c, struct err *e);
int run_contract_show(struct cli *c, struct err *e);
int run_contract_add(struct cli *c, struct err *e);
int run_contract_edit(struct cli *c, struct err *e);
int run_contract_act(struct cli *c, struct err *e); /* command->event */
int run_contract_scan(struct cli *c, struct err *e);
int run_alarm_list(struct cli *c, struct err *e);
int run_alarm_act(struct cli *c, struct err *e); /* command->event */
int run_post_list(struct cli *c, struct err *e);
int run_post_candidates(struct cli *c, struct err *e);
int run_post_act(struct cli *c, struct err *e); /* command->event */
int run_post_absence(struct cli *c, struct err *e);
int run_post_outage(struct cli *c, struct err *e);
int run_post_cover(struct cli *c, struct err *e);
int run_post_unfile(struct cli *c, struct err *e);
int run_post_filings(struct cli *c, struct err *e);
int run_company_list(struct cli *c, struct err *e);
int run_company_add(struct cli *c, struct err *e);
int run_participant_list(struct cli *c, struct err *e);
int run_participant_add(struct cli *c, struct err *e);
int run_participant_act(struct cli *c, struct err *e);
int run_team_list(struct cli *c, struct err *e);
int run_team_add(struct cli *c, struct err *e);
int run_team_act(struct cli *c, struct err *e);
int run_sheet_show(struct cli *c, struct err *e);
int run_sheet_edit(struct cli *c, struct err *e);
int run_project_list(struct cli *c, struct err *e);
int run_project_add(struct cli *c, struct err *e);
int run_project_act(struct cli *c, struct err *e);
int run_project_check(struct cli *c, struct err *e);
int run_project_offers(struct cli *c, struct err *e);
int run_project_fetch(struct cli *c, struct err *e);
int run_application_list(struct cli *c, struct err *e);
int run_application_add(struct cli *c, struct err *e);
int run_application_act(struct cli *c, struct err *e);
int run_team_edit(struct cli *c, struct err *e);
int run_team_delete(struct cli *c, struct err *e);
int run_participant_delete(struct cli *c, struct err *e);
int run_clear_out(struct cli *c, struct err *e);
int run_associate(struct cli *c, struct err *e);
int run_association_answer(struct cli *c, struct err *e);
int run_association_list(struct cli *c, struct err *e);
int run_act(struct cli *c, struct err *e); /* command->event, on the persons named */
int run_alter_team(struct cli *c, struct err *e);
int run_alter_trade(struct cli *c, struct err *e);
int run_alter_wage(struct cli *c, struct err *e);
int run_attendance_clock(struct cli *c, struct err *e);
int run_attendance_list(struct cli *c, struct err *e);
int run_attendance_days(struct cli *c, struct err *e);
int run_attendance_month(struct cli *c, struct err *e);
int run_register_books(struct cli *c, struct err *e);
int run_register_list(struct cli *c, struct err *e);
int run_register_add(struct cli *c, struct err *e);
int run_register_edit(struct cli *c, struct err *e);
int run_register_remove(struct cli *c, struct err *e);
int run_register_import(struct cli *c, struct err *e);
int run_register_template(struct cli *c, struct err *e);
int run_register_print(struct cli *c, struct err *e);
int run_wages_list(struct cli *c, struct err *e);
int run_wages_match(struct cli *c, struct err *e);
int run_wages_missing(struct cli *c, struct err *e);
int run_wages_import(struct cli *c, struct err *e);
int run_wages_print(struct cli *c, struct err *e);
int run_wages_template(struct cli *c, struct err *e);
/* wages.c: a table into a form of desk/sheet_import.h, with --dry-run; its template, with --overwrite. */
int sheet_import(struct cli *c, const char *form, const char *path, struct month month, struct err *e);
int sheet_template(struct cli *c, const char *form, const char *path, struct err *e);
int run_worker_code(struct cli *c, struct err *e);
int run_assignment_others(struct cli *c, struct err *e);
int run_late(struct cli *c, struct err *e);
int run_team_leader(struct cli *c, struct err *e);
int run_device_list(struct cli *c, struct err *e);
int run_device_add(struct cli *c, struct err *e);
int run_device_edit(struct cli *c, struct err *e);
int run_device_allow(struct cli *c, struct err *e); /* command->verb: allow, forbid */
int run_device_withdraw(struct cli *c, struct err *e);
int run_device_pushes(struct cli *c, struct err *e);
int run_device_collected(struct cli *c, struct err *e);
int run_device_settle(struct cli *c, struct err *e); /* command->verb: take, drop */
int run_undo_list(struct cli *c, struct err *e);
int run_undo_take_back(struct cli *c, struct err *e);
int run_sync(struct cli *c, struct err *e);
int run_gateway(struct cli *c, struct err *e);
int run_outbox_list(struct cli *c, struct err *e);
int run_outbox_show(struct cli *c, struct err *e);
int run_outbox_retry(struct cli *c, struct err *e);
int run_outbox_give_up(struct cli *c, struct err *e);
int run_outbox_results(struct cli *c, struct err *e);
int run_outbox_whole(struct cli *c, struct err *e);
int run_outbox_done_kind(struct cli *c, struct err *e);
int run_outbox_by_hand(struct cli *c, struct err *e);
int run_outbox_done(struct cli *c, struct err *e);
int run_outbox_send(struct cli *c, struct err *e);
int run_conflict_list(struct cli *c, struct err *e);
int run_conflict_take(struct cli *c, struct err *e);
int run_enrol(struct cli *c, struct err *e);
int run_connection_show(struct cli *c, struct err *e);
int run_connection_lines(struct cli *c, struct err *e);
int run_connection_test(struct cli *c, struct err *e);
int run_connection_move(struct cli *c, struct err *e);
int run_connection_take_over(struct cli *c, struct err *e);
int run_profile_list(struct cli *c, struct err *e);
int run_profile_check(struct cli *c, struct err *e);
int run_profile_show(struct cli *c, struct err *e);
int run_explain(struct cli *c, struct err *e);
int run_setting(struct cli *c, struct err *e);
int run_audit_list(struct cli *c, struct err *e);
int run_audit_verify(struct cli *c, struct err *e);
int run_key_rotate(struct cli *c, struct err *e);
int run_terms_list(struct cli *c, struct err *e);
int run_terms_erased(struct cli *c, struct err *e);
int run_terms_keep(struct cli *c, struct err *e);
int run_terms_settled(struct cli *c, struct err *e);
int run_terms_erase(struct cli *c, struct err *e);
int run_person_export(struct cli *c, struct err *e);
int run_backup(struct cli *c, struct err *e);
int run_restore(struct cli *c, struct err *e);
int run_doctor(struct cli *c, struct err *e);
int run_import_roster(struct cli *c, struct err *e);
int run_import_template(struct cli *c, struct err *e);
int run_export(struct cli *c, struct err *e);
int run_print_list(struct cli *c, struct err *e);
int run_print_sheet(struct cli *c, struct err *e); /* command->verb: record or application */
int run_print_people(struct cli *c, struct err *e); /* command->verb: which paper */
int run_practice(struct cli *c, struct err *e); /* never called: handed over before options are read */

/* --- card.c, for person add: a card from the reader's helper. CARD_EVENT_READ's card in *ev, to be wiped; else -1 with the cause --- */
struct card_event;
int card_read_one(struct cli *c, struct card_event *ev, struct err *e);
int card_report(struct buf *out, struct err *e); /* the helper's lines for a support report are added */
/* Each reader that the helper names; returns how many, -1 with the cause. */
int card_readers(void (*each)(void *arg, const struct card_event *ev), void *arg, struct err *e);

#endif
