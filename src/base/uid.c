/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/uid.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/dates.h"

void random_bytes(void *out, size_t n)
{
	unsigned char *to = out;

	while (n) {
		ssize_t got = getrandom(to, n, 0);

		if (got < 0 && errno != EINTR)
			abort();
		if (got > 0) {
			to += got;
			n -= (size_t)got;
		}
	}
}

/* RFC 9562 6.2, method 1: 48 bits of milliseconds, then 12 bits that count within one; a clock set back
 * counts on. */
static uint64_t next_tick(void)
{
	static _Atomic uint64_t last;
	int64_t now = clock_now_ms();
	uint64_t fresh = (now > 0 ? (uint64_t)now & 0xFFFFFFFFFFFFu : 0) << 12;
	uint64_t seen = atomic_load(&last), next;

	do {
		next = fresh > seen ? fresh : seen + 1;
	} while (!atomic_compare_exchange_weak(&last, &seen, next));
	return next;
}

/*
 * The random part is this process's own, drawn once: the tick alone tells its uids apart, the random part tells processes and boxes
 * apart. So the uids of a day share their tail, which packs to almost nothing on the line (QUALITY P4). A forked child draws anew,
 * since it counts on from the same tick.
 */
static uint64_t own_tail(void)
{
	static _Atomic uint64_t tail;
	static _Atomic pid_t drawn_by;
	pid_t me = getpid();
	uint64_t fresh;

	if (atomic_load(&drawn_by) != me) {
		random_bytes(&fresh, sizeof(fresh));
		atomic_store(&tail, fresh);
		atomic_store(&drawn_by, me);
	}
	return atomic_load(&tail);
}

void uid_new(char out[UID_TEXT])
{
	uint64_t tick = next_tick(), random = own_tail();

	snprintf(out, UID_TEXT, "%08x-%04x-7%03x-%04x-%012llx", (unsigned)(tick >> 28),
		 (unsigned)(tick >> 12) & 0xFFFF, (unsigned)tick & 0xFFF,
		 0x8000 | ((unsigned)(random >> 48) & 0x3FFF),
		 (unsigned long long)(random & 0xFFFFFFFFFFFFu));
}

bool uid_valid(const char *s)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t i;

	for (i = 0; form[i]; i++) {
		if (!s[i] || (form[i] == '-' ? s[i] != '-' : !strchr("0123456789abcdef", s[i])))
			return false;
	}
	return s[i] == '\0';
}
