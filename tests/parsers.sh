#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tests/parsers.tsv names every file that reads what comes from outside its process, and every fuzz target; what it names is there.
set -eu
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
reads='\b(io_take_line|io_read_file|io_fill|io_read_some|json_parse|fgets|fread|getline|recv|ini_parse[a-z_]*|XML_Parse|csv_parse|zip_open_from_source|inflate|curl_getdate|jpeg_read_header|png_read_info|SCardTransmit|libusb_bulk_transfer)\('
grep -v '^#' tests/parsers.tsv >"$work/rows"
cut -f1 "$work/rows" | sort >"$work/named"
grep -rlE "$reads" --include='*.c' src screens sync reader | sort >"$work/reading"
find tests -name 'fuzz_*.c' ! -name fuzz_replay.c | sed 's|.*/||; s|[.]c$||' | sort >"$work/targets"
cut -f2 "$work/rows" | tr ' ' '\n' | sort -u >"$work/by"
bad=0
say() { echo "tests/parsers.tsv: $1"; bad=1; }
[ -s "$work/reading" ] && [ -s "$work/targets" ] || say "nothing was found to be held against it"
for f in $(uniq -d "$work/named"); do say "$f has two rows"; done
for f in $(comm -23 "$work/reading" "$work/named"); do say "$f reads from outside and has no row"; done
while read -r f; do [ -f "$f" ] || say "there is no $f"; done <"$work/named"
for t in $(comm -23 "$work/targets" "$work/by"); do say "$t has no row"; done
for t in $(comm -13 "$work/targets" "$work/by"); do
	case $t in own | bytes | root | practice) ;; *) say "there is no target $t" ;; esac
done
[ "$(awk -F '\t' 'NF != 3 || $3 == ""' "$work/rows" | wc -l)" = 0 ] || say "a row is not of three parts"
exit $bad
