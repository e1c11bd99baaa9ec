#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every test that SECURITY.md names exists in this build.
#   security_names.sh SOURCE_DIR BUILD_DIR
set -eu
known=$(ctest --test-dir "$2" -N | sed -n 's/^ *Test *#[0-9]*: //p')
named=$(grep -oE '\b(test|store|fuzz)_[a-z_]+' "$1/SECURITY.md" | sort -u)
[ "$(printf '%s\n' "$named" | wc -l)" -gt 20 ] || { echo "SECURITY.md is not read as it should be" >&2; exit 1; }
missing=
for name in $named; do
	printf '%s\n' "$known" | grep -qx "$name" || missing="$missing $name"
done
[ -z "$missing" ] || { echo "SECURITY.md names tests that are not there:$missing" >&2; exit 1; }
