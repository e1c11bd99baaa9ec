#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every string of the program that is marked for translation has an English translation, with the same formats, and only one.
#
#   catalogue.sh TREE [PARTS]      PARTS: folder of the catalogue's parts, default TREE/src/po/en.d
set -eu
tree=$1
parts=$(cd "${2:-$tree/src/po/en.d}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

fail() {
	printf '%s:\n' "$1"
	cat "$2"
	failed=1
}

# What is marked: _() N_() P_(), and both sentences of the table of errors, which takes two passes.
extract() {
	to=$1
	shift
	xgettext --from-code=UTF-8 --language=C --no-wrap --force-po -o "$work/$to" -f "$work/files" -k "$@" 2>"$work/log" || {
		cat "$work/log"
		exit 1
	}
}
cd "$tree"
for folder in src reader sync screens; do
	[ ! -d "$folder" ] || find "$folder" -name '*.[ch]' -type f
done | sort >"$work/files"
extract marked.pot -k_ -kN_ -kP_:1c,2 -kERR:4
extract advice.pot -kERR:5
# … and the words of the code tables, and those that a profile puts in their place (code_word() of profile/profile.h).
{
	[ ! -d src/profile/codes ] || awk -F'\t' 'FNR == 1 {headed = 0} /^#/ {next} !headed {headed = 1; next} $2 != "" {print $2}' src/profile/codes/*.tsv
	for profile in src/profile/*.json; do
		[ ! -f "$profile" ] || grep -o '"words": *{[^}]*}' "$profile" | grep -o ': *"[^"]*"' | sed 's/^: *"//; s/"$//' || :
	done
} | sort -u | sed 's/.*/msgctxt "code"\nmsgid "&"\nmsgstr ""\n/' >"$work/words"
{ sed '/^$/q' "$work/marked.pot"; cat "$work/words"; } >"$work/codes.pot"
# … and what the registers of profiles are called on screen and paper.
for profile in src/profile/*.json; do
	[ ! -f "$profile" ] || sed -n '/^\t"registers"/,/^\t}/p' "$profile" | grep -oE '"(title|print|label|help)": *"[^"]*"' | sed 's/^[^:]*: *"//; s/"$//' || :
done | sort -u | sed 's/.*/msgid "&"\nmsgstr ""\n/' >"$work/books"
# … and what a platform's prompt means and what is to be done.
for profile in src/profile/*.json; do
	[ ! -f "$profile" ] || sed -n '/^\t"prompts"/,/^\t]/p' "$profile" | grep -oE '"(cause|remedy)": *"[^"]*"' | sed 's/^[^:]*: *"//; s/"$//' || :
done | sort -u | sed 's/.*/msgid "&"\nmsgstr ""\n/' >>"$work/books"
{ sed '/^$/q' "$work/marked.pot"; cat "$work/books"; } >"$work/books.pot"
msgcat --no-wrap --use-first -o "$work/all.pot" "$work/marked.pot" "$work/advice.pot" "$work/codes.pot" "$work/books.pot"
[ "$(grep -c '^msgid ' "$work/all.pot")" -gt 1 ] || { echo "no marked string found in $tree"; exit 1; }

# The parts joined. Where two of them translate one string differently, msgcat marks both.
msgcat --no-wrap --force-po -o "$work/en.po" "$parts"/*.po
if grep -q '^"#-#-#-#-#' "$work/en.po"; then
	msgattrib --only-fuzzy --no-wrap "$work/en.po" >"$work/list" || :
	fail "translated in two ways (agree on one, or tell them apart with P_)" "$work/list"
fi
msgcat --no-wrap --use-first --force-po -o "$work/en.po" "$parts"/*.po

msgmerge --quiet --no-fuzzy-matching --no-wrap -o "$work/merged.po" "$work/en.po" "$work/all.pot"
msgattrib --untranslated --no-obsolete --no-wrap "$work/merged.po" >"$work/list"
if [ -s "$work/list" ]; then
	sed "1,/^$/d" "$work/list" >"$work/missing" # without the header
	fail "marked in the source, no English in src/po/en.d" "$work/missing"
fi

# msgmerge makes fuzzy what does not take the formats of its source.
msgattrib --only-fuzzy --no-obsolete --no-wrap "$work/merged.po" | sed '1,/^$/d' >"$work/list"
[ ! -s "$work/list" ] || fail "formats do not agree, or marked fuzzy" "$work/list"
msgfmt --check-format --check-header -o /dev/null "$work/merged.po" 2>"$work/list" || fail "msgfmt fails" "$work/list"

# English that is the Chinese again.
msgattrib --translated --no-obsolete --no-wrap "$work/merged.po" |
	awk '/^msgid /{id = substr($0, 7)} /^msgstr /{if (substr($0, 8) == id && id ~ /[^\001-\177]/) print id}' >"$work/list"
[ ! -s "$work/list" ] || fail "translated by itself" "$work/list"

[ $failed -ne 0 ] || echo "$(grep -c '^msgid ' "$work/all.pot") strings, all translated"
exit $failed
