#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# No region's name stands in what a C file does: rules are a profile's. The names are those of the profiles there are, their titles too.
# Comments may cite a document; they are taken away first.
#   names.sh SOURCE_DIR
set -eu
cd "$1"
names=$(for f in src/profile/*.json; do basename "$f" .json; done | grep -vxE 'common|national')
titles=$(for n in $names; do sed -n 's/^\t"title": "\(.*\)",$/\1/p' "src/profile/$n.json"; done)
[ "$(printf '%s\n' $names $titles | wc -l)" -ge 8 ] || {
	echo "the profiles are not read as they should be" >&2
	exit 1
}
pattern=$(printf '%s|' $names $titles | sed 's/|$//')
# Comments go, strings stay: one character after another.
strip() {
	awk '{
		out = ""
		for (i = 1; i <= length($0); i++) {
			c = substr($0, i, 1)
			two = substr($0, i, 2)
			if (comment) {
				if (two == "*/") { comment = 0; i++ }
			} else if (string) {
				out = out c
				if (c == "\\") { out = out substr($0, ++i, 1) } else if (c == "\"") string = 0
			} else if (two == "/*") { comment = 1; i++ }
			else if (two == "//") break
			else { out = out c; if (c == "\"") string = 1 }
		}
		string = 0
		print out
	}' "$1"
}
found=$(find src screens sync reader \( -name '*.c' -o -name '*.h' \) | sort | while read -r f; do
	strip "$f" | grep -iE "$pattern" | sed "s|^|$f: |" || true
done)
[ -z "$found" ] || {
	printf '%s\n' "$found" >&2
	exit 1
}
