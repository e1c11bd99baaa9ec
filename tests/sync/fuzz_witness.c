/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as the witness (DESIGN 9), a file that a clerk with a shell can write: a head whose figures are
 * counted from nought and whose texts end, which is written and understood again unchanged, or none.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sync/witness.h"

static void must(bool it)
{
	if (!it)
		abort();
}

static bool same(const struct head *a, const struct head *b)
{
	return a->box.epoch == b->box.epoch && a->box.sequence == b->box.sequence &&
	       a->audit_count == b->audit_count && !strcmp(a->box.uid, b->box.uid) &&
	       !strcmp(a->audit_hash, b->audit_hash);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct head h, again;
	struct buf line;

	if (!witness_parse((const char *)data, size, &h))
		return 0;
	must(uid_valid(h.box.uid) && h.box.epoch >= 0 && h.box.sequence >= 0 && h.audit_count >= 0);
	must(memchr(h.audit_hash, '\0', sizeof(h.audit_hash)));
	buf_init(&line, 4096);
	must(!witness_print(&h, &line));
	must(witness_parse(line.data, line.len, &again) && same(&h, &again));
	buf_release(&line);
	return 0;
}
