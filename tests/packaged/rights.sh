#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The setgid installation, tried with two unix accounts (DESIGN 5, QUALITY S1, S3, S9): numeric ones, so that nothing is added to the machine. Each tries
# every way to the data that a shell gives, and the environment of a hostile clerk; the program itself works for both.
#   rights.sh SOURCE_DIR BUILD_DIR      as root; 77: not root, or no setpriv
# The programs are built plainly in BUILD_DIR: LeakSanitizer cannot run set-group-id.
set -eu
source=$1 build=$2
[ "$(id -u)" = 0 ] || { echo "skipped: not root"; exit 77; }
command -v setpriv >/dev/null || { echo "skipped: no setpriv"; exit 77; }
GROUP=61900 ANNA=61901 BELA=61902
export LANG=C.UTF-8 SHIMING_LANG=zh
top=$(mktemp -d /tmp/shiming-rights-XXXXXX)
trap 'rm -rf "$top"' EXIT
chmod 755 "$top"
n=0
fail() { echo "FAILED: $*" >&2; exit 1; }
done_with() { n=$((n + 1)); echo "ok $n - $*"; }

cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DSHIMING_TESTS=OFF >/dev/null
cmake --build "$build" >"$top/build.out" 2>&1 || { tail -20 "$top/build.out" >&2; fail "the plain build"; }

# --- as installed ---------------------------------------------------------------------------------------
DESTDIR=$top cmake --install "$build" >/dev/null
bin=$(find "$top" -path '*bin/shiming' -type f | head -1)
libexec=$(find "$top" -name shiming-sync -type f -printf '%h\n' | head -1)
[ -n "$bin" ] && [ -n "$libexec" ] || fail "nothing was installed"
chgrp $GROUP "$bin" && chmod 2755 "$bin"
profiles=$(find "$top" -name common.json -printf '%h\n' | head -1)
data=$top/data
install -d -m 2770 -g $GROUP "$data"
for who in $ANNA $BELA; do install -d -m 700 -o $who -g $who "$top/home.$who"; done
printf 'Lianxi-2026\n' >"$top/password" && chmod 644 "$top/password"

as() {	# as UID COMMAND…: a clerk's shell
	who=$1
	shift
	(cd "$top/home.$who" && exec setpriv --reuid "$who" --regid "$who" --clear-groups env -u SHIMING_PROFILES HOME="$top/home.$who" SHIMING_DATA="$data" "$@")
}
app() { who=$1; shift; as "$who" "$bin" "$@" --password-file "$top/password"; }

app $ANNA init --profile national --project 云溪花园一期（试验） --account anna --roles clerk >"$top/init.out" 2>&1 ||
	{ cat "$top/init.out" >&2; fail "init in the setgid installation"; }
recovery=$(grep -oE '([0-9A-Z]{5}-){7}[0-9A-Z]{5}' "$top/init.out" | head -1)
[ -n "$recovery" ] || fail "no recovery code"
rm -f "$top/init.out"
[ "$(stat -c '%a %g' "$data")" = "2770 $GROUP" ] || fail "the directory is $(stat -c '%a %g' "$data")"
for f in "$data"/shiming.db*; do
	[ "$(stat -c '%a %g' "$f")" = "660 $GROUP" ] || fail "$f is $(stat -c '%a %g' "$f")"
done
done_with "directory 2770, files 660, of the group"
app $ANNA user add bela --roles clerk --new-password-file "$top/password" >/dev/null 2>&1 ||
	app $ANNA user add bela --roles clerk >/dev/null 2>&1 || true
app $ANNA project list --user anna >/dev/null || fail "the first clerk cannot work"
app $BELA project list --user anna >/dev/null || fail "the second unix account cannot work"
done_with "both unix accounts work through the program"
as $ANNA "$bin" doctor --json >"$top/doctor.json" 2>/dev/null || true
grep -q '"isolation","health":"good"' "$top/doctor.json" || fail "doctor: $(grep isolation "$top/doctor.json")"
chown $ANNA "$data"
as $ANNA "$bin" doctor --json >"$top/doctor.json" 2>/dev/null || true
grep -q '"data","health":"note"' "$top/doctor.json" || fail "doctor is content with a clerk's own directory"
chown root "$data"
done_with "doctor: seccomp is there, a clerk's own directory is named"

# --- by any way but the program -------------------------------------------------------------------------
refused() {	# refused UID WORDS COMMAND…
	who=$1 words=$2
	shift 2
	as "$who" "$@" >"$top/out" 2>&1 && fail "$words: went through"
	done_with "refused: $words"
}
for who in $ANNA $BELA; do
	refused $who "listing the data directory" ls "$data"
	refused $who "reading the file" cat "$data/shiming.db"
	refused $who "reading the log" cat "$data/shiming.db-wal"
	refused $who "linking to the file" ln "$data/shiming.db" "$top/home.$who/mine"
	refused $who "opening it with another program" dd if="$data/shiming.db" of=/dev/null
	refused $who "writing beside it" touch "$data/more"
	refused $who "moving it away" mv "$data" "$top/home.$who/"
	refused $who "changing the modes" chmod 777 "$data"
	refused $who "joining the group" setpriv --regid $GROUP --clear-groups cat "$data/shiming.db"
	refused $who "a helper of one's own on the data" "$libexec/shiming-sync" --data "$data" --once
done
refused $ANNA "the program's files as its own (restore)" "$bin" restore "$data/shiming.db" --data "$top/home.$ANNA/other" --user anna --password-file "$top/password"
refused $ANNA "a backup over somebody's file" "$bin" backup "$top/home.$BELA/b" --user anna --password-file "$top/password"
app $ANNA backup "$top/home.$ANNA/mine" --user anna >/dev/null || fail "backup into the own directory"
[ "$(stat -c '%a %u' "$top/home.$ANNA/mine")" = "600 $ANNA" ] || fail "the backup is $(stat -c '%a %u' "$top/home.$ANNA/mine")"
refused $BELA "somebody else's backup" cat "$top/home.$ANNA/mine"
done_with "a backup is the clerk's own, 600"

# --- a clerk's process seen by another, and by himself ----------------------------------------------------
mkfifo "$top/hold" && chmod 666 "$top/hold"
(as $ANNA "$bin" user list --user anna --password-file "$top/hold" >/dev/null 2>&1) &
holder=$!
exec 9>"$top/hold"
pid=
while [ -z "$pid" ]; do
	kill -0 $holder 2>/dev/null || fail "the program ended early"
	pid=$(for p in /proc/[0-9]*; do [ "$(readlink "$p/exe" 2>/dev/null)" = "$bin" ] && echo "${p#/proc/}"; done | head -1)
done
for who in $ANNA $BELA; do
	refused $who "memory of a running program" head -c 1 "/proc/$pid/mem"
	refused $who "environment of a running program" cat "/proc/$pid/environ"
	refused $who "its open files" ls "/proc/$pid/fd/"
	refused $who "its maps" cat "/proc/$pid/maps"
done
refused $BELA "ending it" kill -9 "$pid"
tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q Lianxi && fail "the password stands in the process list"
grep -q '^Max core file size *0 *0' "/proc/$pid/limits" || fail "a core may be written: $(grep core "/proc/$pid/limits")"
done_with "no password in the process list, no core"
kill -SEGV "$pid" 2>/dev/null || true
exec 9>&-
wait $holder 2>/dev/null || true
[ -z "$(find "$top" -name 'core*' -type f -newer "$top/password" -size +0 ! -path '*/usr/*' ! -name core.scm)" ] || fail "a core was written"
done_with "a crash leaves no core"

# --- a hostile environment --------------------------------------------------------------------------------
evil=$top/evil
install -d -m 755 "$evil"
for helper in shiming-sync shiming-reader shiming-office shiming-picture lp; do
	printf '#!/bin/sh\ntouch "%s/ran"\n' "$top/home.$ANNA" >"$evil/$helper"
	chmod 755 "$evil/$helper"
done
cp -r "$profiles" "$evil/profiles"
sed -i 's/"title": *"[^"]*"/"title": "坏规则"/' "$evil/profiles/national.json"
hostile() { as $ANNA "$@" >"$top/out" 2>&1; }
hostile env PATH="$evil" SHIMING_LIBEXEC="$evil" "$bin" doctor || true
hostile env PATH="$evil" SHIMING_LIBEXEC="$evil" "$bin" card readers || true
[ ! -e "$top/home.$ANNA/ran" ] || fail "a clerk's own helper was started with the group"
done_with "PATH and SHIMING_LIBEXEC start nothing of the clerk's"
hostile env SHIMING_PROFILES="$evil/profiles" "$bin" profile list
grep -q 坏规则 "$top/out" && fail "SHIMING_PROFILES changed the rules"
done_with "SHIMING_PROFILES changes no rule"
hostile env SHIMING_CLOCK=2001-01-01T00:00:00 "$bin" user list --user anna --password-file "$top/password"
hostile "$bin" audit list --limit 5 --user anna --password-file "$top/password"
grep -q 2001 "$top/out" && fail "SHIMING_CLOCK dated a record"
done_with "SHIMING_CLOCK dates nothing"
hostile sh -c "umask 000; exec '$bin' project list --user anna --password-file '$top/password'"
hostile sh -c "umask 777; exec '$bin' project list --user anna --password-file '$top/password'" || fail "umask 777: $(cat "$top/out")"
for f in "$data"/shiming.db*; do [ "$(stat -c %a "$f")" = 660 ] || fail "umask made $f $(stat -c %a "$f")"; done
done_with "umask changes no mode"
hostile sh -c "exec '$bin' project list --user anna --password-file '$top/password' <&- >&- 2>&-" || true
hostile sh -c "cd / && exec '$bin' project list --user anna --password-file '$top/password'" || fail "another working directory"
hostile env -i "$bin" project list --data "$data" --user anna --password-file "$top/password" || fail "an empty environment: $(cat "$top/out")"
hostile env TMPDIR="$evil" TMP="$evil" "$bin" project list --user anna --password-file "$top/password" || fail "another TMPDIR"
app $BELA audit verify --user anna >/dev/null || fail "the chain after all that"
done_with "closed descriptors, working directory, empty environment, TMPDIR: the file is sound"
echo "1..$n"
