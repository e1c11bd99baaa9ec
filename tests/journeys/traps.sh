#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every test that README.md names as holding a trap is there and is run: `file.c: function` stands in that file's table of tests.
#   traps.sh JOURNEYS_DIR
set -eu
cd "$1"
held=$(grep -o '`[a-z_/.]*\.c: [a-z_0-9]*`' README.md | tr -d '`')
if [ "$(printf '%s\n' "$held" | wc -l)" -lt 20 ]; then
	echo "README.md is not read as it should be" >&2
	exit 1
fi
missing=
while IFS=' ' read -r file name; do
	file=${file%:}
	grep -q "^static void $name(void \*\*state)" "$file" && grep -Eq "(T|cmocka_unit_test(_setup_teardown)?)\($name\b" "$file" ||
		missing="$missing $file:$name"
done <<END
$held
END
[ -z "$missing" ] || {
	echo "README.md names tests that are not there or not run:$missing" >&2
	exit 1
}
