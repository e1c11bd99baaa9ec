#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every action that the desk writes into the audit log has a word in src/desk/audit.c, or is an event of a life cycle (which has one).
#   audit_words.sh SOURCE_DIR
set -eu
desk=$1/src/desk
written=$(cat "$desk"/*.c | tr '\n' ' ' | grep -oE '\.action = ("[a-z_]+"|[a-z]+ \? "[a-z_]+" : "[a-z_]+")|(on_record|put_password)\([^;]*;|dossier_audit\(d, "[a-z_]+"' | grep -oE '"[a-z_]+"' | tr -d '"' | sort -u)
known=$(sed -n 's/^	{"\([a-z_]*\)", N_(.*/\1/p' "$desk/audit.c"; sed -n 's/.*\[EVENT_[A-Z_]*\] = {"\([a-z_]*\)".*/\1/p' "$1/src/domain/lifecycle.c")
if [ "$(printf '%s\n' "$written" | wc -l)" -lt 15 ] || [ "$(printf '%s\n' "$known" | wc -l)" -lt 40 ]; then
	echo "the sources are not read as they should be" >&2
	exit 1
fi
missing=
for action in $written; do
	printf '%s\n' "$known" | grep -qx "$action" || missing="$missing $action"
done
[ -z "$missing" ] || {
	echo "no word in src/desk/audit.c for:$missing" >&2
	exit 1
}
