#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every use case of the desk that writes is killed at its commits in test_kill_each.c, or stands in one of the two lists below.
#   kill_each.sh SOURCE_DIR
set -eu
# Walked by other tests: whole flows (test_kill.c), mixed work and power cuts (test_cuts.c), making a file, devices (sync/test_gateway.c).
elsewhere="desk_conflict_choose desk_init desk_draft_drop desk_gateway_collected desk_gateway_heard"
# Owe their row: what they need before them is not on the site of test_kill_each.c.
owed="desk_absence_file desk_account_add desk_account_disable desk_alarm_act desk_app_record desk_application_act
	desk_attachments_mark desk_book_remove desk_book_save desk_by_hand_done desk_certificate_remove
	desk_certificate_reveal desk_clock desk_device_add desk_late_evidence_add desk_contract_act desk_contract_edit desk_contract_set_scan
	desk_filing_remove desk_lend desk_loan_end desk_mark_lift desk_mark_override desk_messages_seen desk_move_box
	desk_offer_take desk_outage_cover desk_outage_file desk_participant_act desk_participant_add
	desk_participant_delete desk_person_merge desk_person_unmerge desk_person_whole desk_post_act desk_project_act
	desk_project_add desk_sheet_save desk_team_delete desk_term_erase desk_training_remove desk_unattended_end
	desk_unattended_make"
here=$(dirname "$0")
writing=$(awk '/^(int|bool) desk_[a-z_]*\(/ { name = $2; sub(/\(.*/, "", name) } /store_begin\(/ && name { print name; name = "" } /^}/ { name = "" }' \
	"$1"/src/desk/*.c | sort -u)
rows=$(sed -n 's/^	{"\(desk_[a-z_]*\)[ "].*/\1/p' "$here/test_kill_each.c")
if [ "$(printf '%s\n' "$writing" | wc -l)" -lt 50 ] || [ "$(printf '%s\n' "$rows" | wc -l)" -lt 25 ]; then
	echo "the sources are not read as they should be" >&2
	exit 1
fi
missing=
for name in $writing; do
	printf '%s\n' $rows $elsewhere $owed | grep -qx "$name" || missing="$missing $name"
done
[ -z "$missing" ] || {
	echo "no row in tests/desk/test_kill_each.c for:$missing" >&2
	exit 1
}
stale=
for name in $elsewhere $owed; do
	printf '%s\n' "$writing" | grep -qx "$name" || stale="$stale $name"
done
[ -z "$stale" ] || {
	echo "kill_each.sh names what is no use case that writes:$stale" >&2
	exit 1
}
