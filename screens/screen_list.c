/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen_list.h"

#include "base/text.h"
#include "dialog.h"
#include "form.h"

const struct screen_ops *const screen_table[] = {
	&login_screen,
	&home_screen,
	&menu_screen,
	&roster_screen,
	&person_screen,
	&possible_screen,
	&photo_screen, &training_screen, &certificates_screen, &work_screen, &marks_screen, &alike_screen, &due_screen,
	&compare_screen, &dossier_form_screen,
	&register_screen,
	&acts_screen,
	&teams_screen,
	&participants_screen,
	&site_form_screen,
	&upload_screen,
	&results_screen,
	&whole_screen,
	&by_hand_screen,
	&connection_screen,
	&outbox_screen,
	&messages_screen,
	&drafts_screen,
	&audit_screen,
	&prompts_screen,
	&help_screen,
	&lock_screen,
	&hiring_screen,
	&contracts_screen,
	&hire_form_screen,
	&quit_screen,
	&cards_screen,
	&dialog_screen,
	&picker_screen,
	&accounts_screen,
	&account_form_screen,
	&export_screen,
	&import_screen,
	&undo_screen,
	&late_screen,
	&gate_screen,
};
const size_t screen_table_size = ARRAY_LEN(screen_table);
