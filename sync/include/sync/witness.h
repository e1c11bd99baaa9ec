/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The witness: how far this box had come, kept outside the data directory, so that an old copy of the data put back is
 * noticed before it sends old facts (QUALITY R11). One small file a box: uid, epoch, sequence, count and keyed hash of
 * the audit log; nothing personal. Written through a new file and renamed, so that it is the old or the new one whole.
 *
 * Where: one place for all who use the file. A data directory that is a group's (2770, as packaged) has it in `shared`, made by the packaging for
 * that group, so that clerks and the unattended runner see the same one; a user's own directory in $SHIMING_WITNESS, else $XDG_STATE_HOME/shiming,
 * else $HOME/.local/state/shiming. A setgid program does not listen to the environment.
 */
#ifndef SYNC_WITNESS_H
#define SYNC_WITNESS_H

#include "desk/exchange.h"

/* Makes a user's own directory, never the shared one. false: there is no place for it; the run goes on with the platform's word alone. */
struct witness_of {
	const char *data_dir, *shared, *box;
};
bool witness_path(const struct witness_of *of, char *out, size_t size);
/* *found false: there is none yet, or what is there is none of ours. */
int witness_read(const char *path, struct head *out, bool *found, struct err *e);
int witness_write(const char *path, const struct head *head, struct err *e);

/* What stands in it: one JSON object. Whoever may write there may have written anything: the texts are bounded, the figures counted from
 * nought and small enough to be told exactly; false: none of ours. */
bool witness_parse(const char *text, size_t n, struct head *out);
int witness_print(const struct head *head, struct buf *out);

#endif
