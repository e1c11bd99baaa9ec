#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual knows every command and every key of --json, the platform's every command and option: all are read out of the sources.
#   manual.sh SOURCE_DIR
set -eu
page=$(sed 's/\\-/-/g' "$1/packaging/man/shiming.1")
missing=

want() {	# want WORDS: they stand in the manual, as words
	printf '%s\n' "$page" | grep -qE "(^|[^a-z_.-])$1([^a-z_-]|\$)" || missing="$missing '$1'"
}

commands=$(sed -n 's/^[^.]*{\.name = "\([a-z-]*\)", \.verb = "\([a-z-]*\)".*/\1 \2/p; s/^[^.]*{\.name = "\([a-z-]*\)", \.\(help\|args\).*/\1/p;
	s/^.*ACT("\([a-z-]*\)", "\([a-z-]*\)".*/\1 \2/p' "$1/src/cli/commands.c")
keys=$(sed -n 's/.*cJSON_Add[A-Za-z]*ToObject([a-z]*, "\([a-z_]*\)".*/\1/p; s/.*add_\(stamp\|date\)(o, "\([a-z_]*\)".*/\2/p' "$1"/src/cli/*.c)
if [ "$(printf '%s\n' "$commands" | wc -l)" -lt 40 ] || [ "$(printf '%s\n' "$keys" | wc -l)" -lt 90 ]; then
	echo "the sources are not read as they should be" >&2
	exit 1
fi
keys=$(printf '%s\n' "$keys" | grep -vxE 'can_word|words')	# of tables for people only
old=$IFS
IFS='
'
for word in $commands $keys; do
	want "$word"
done
IFS=$old
[ -z "$missing" ] || {
	echo "not in packaging/man/shiming.1:$missing" >&2
	exit 1
}

page=$(sed 's/\\-/-/g' "$1/packaging/man/shiming-platform.1")
words=$(sed -n 's/^[[:space:]]{"\([a-z-]*\)", \(.[a-z].\|OPT_[A-Z_]*\), .*/--\1/p; s/^[[:space:]]{"\([a-z]*\)", "[^"]*", do_[a-z]*}.*/\1/p' "$1/sync/platform/main.c")
[ "$(printf '%s\n' "$words" | wc -l)" -ge 25 ] || {
	echo "sync/platform/main.c is not read as it should be" >&2
	exit 1
}
for word in $words; do
	want "$word"
done
[ -z "$missing" ] || {
	echo "not in packaging/man/shiming-platform.1:$missing" >&2
	exit 1
}
