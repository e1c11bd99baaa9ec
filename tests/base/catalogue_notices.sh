#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The check of the catalogue is checked: it must name each of the faults planted beside this file.
here=$(cd "$(dirname "$0")" && pwd)
if out=$(sh "$here/catalogue.sh" "$here/planted" "$here/planted/en.d"); then
	echo "it takes the planted faults"
	exit 1
fi
for fault in 'msgid "没有译文"' 'msgid "也没有译文"' 'msgctxt "上下文"' 'msgid "句子没有译文"' 'msgid "办法没有译文"' \
	'formats do not agree' 'translated by itself' '"照抄"' 'translated in two ways' 'msgid "两种"'; do
	case $out in
	*"$fault"*) ;;
	*) echo "not noticed: $fault"; exit 1 ;;
	esac
done
case $out in
*'msgid "有译文"'*) echo "a translated string is named"; exit 1 ;;
esac
