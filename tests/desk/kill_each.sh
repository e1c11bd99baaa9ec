#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every use case of the desk that writes is killed at its commits in test_kill_each.c or test_kill_more.c, or stands in the list below.
#   kill_each.sh SOURCE_DIR
set -eu
# Walked by other tests: conflicts (sync/test_interleavings.c), whole flows (test_kill.c), mixed work and power cuts (test_cuts.c), making a file, devices (sync/test_gateway.c), a new
# data key (store/test_rekey.c).
elsewhere="desk_conflict_choose desk_conflict_open desk_init desk_draft_drop desk_gateway_heard desk_rekey desk_rekey_step"
here=$(dirname "$0")
writing=$(awk '/^(int|bool) desk_[a-z_]*\(/ { name = $2; sub(/\(.*/, "", name) } /store_begin\(/ && name { print name; name = "" } /^}/ { name = "" }' \
	"$1"/src/desk/*.c | sort -u)
rows=$(sed -n 's/^	{"\(desk_[a-z_]*\)[ "].*/\1/p' "$here/test_kill_each.c" "$here/test_kill_more.c")
if [ "$(printf '%s\n' "$writing" | wc -l)" -lt 50 ] || [ "$(printf '%s\n' "$rows" | wc -l)" -lt 65 ]; then
	echo "the sources are not read as they should be" >&2
	exit 1
fi
# Their transaction is opened by a function that they share, so that they are named.
shared="desk_association_ask desk_association_unbind desk_book_find desk_collected_drop desk_collected_take desk_device_allow desk_device_edit
	desk_device_withdraw desk_gateway_features desk_gateway_list desk_gateway_punch desk_term_keep desk_term_settled"
missing=
for name in $writing $shared; do
	printf '%s\n' $rows $elsewhere | grep -qx "$name" || missing="$missing $name"
done
[ -z "$missing" ] || {
	echo "no row in tests/desk/test_kill_each.c or test_kill_more.c for:$missing" >&2
	exit 1
}
stale=
for name in $elsewhere; do
	printf '%s\n' "$writing" | grep -qx "$name" || stale="$stale $name"
done
[ -z "$stale" ] || {
	echo "kill_each.sh names what is no use case that writes:$stale" >&2
	exit 1
}
