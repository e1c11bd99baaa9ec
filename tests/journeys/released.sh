#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What only a build as it is released shows: our own free() that overwrites (base/wipe_free.c), and decoders that seal themselves. A sanitizer has a heap
# of its own and cannot be sealed, so that the scans of memory and the attempts from inside run on such a build as well.
#   released.sh SOURCE_DIR BUILD_DIR
set -eu
source=$1 build=$2
mkdir -p "$build"
cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DSHIMING_TESTS=ON >/dev/null
for test in test_journey_planted test_journey_confined; do
	cmake --build "$build" --target $test >"$build/released.out" 2>&1 || { tail -20 "$build/released.out" >&2; exit 1; }
	"$build/tests/$test"
done
