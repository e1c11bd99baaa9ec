/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A new data key while people work (issue 7, S2; store/rekey.h says how and what of the old one stays): after somebody who could log in has left, or
 * a copy of the file has gone astray. By whoever may make accounts and holds the key. Everybody goes on with his own password; a new recovery code is
 * shown once, the former opens only backups made before. The sealing anew goes on beside the work: the screen, the command line and the runner each do
 * groups of it, whoever is there.
 */
#ifndef DESK_REKEY_H
#define DESK_REKEY_H

#include "desk/desk.h"

#define REKEY_WORD "更换密钥"
#define REKEY_LEFT_OUT 16
struct rekey_preview {
	char left_out[REKEY_LEFT_OUT][64]; /* accounts that need a new password afterwards: they have not logged in since this can be done */
	size_t n;
	bool under_way; /* one is being replaced: nothing to begin, only to go on */
};
int desk_rekey_preview(struct desk *d, struct rekey_preview *out, struct err *e);

/* code: the new recovery code, wiped by the caller. unattended_ended: the service needs to be allowed again. ERR_KEY_WORD: another word; ERR_FORBIDDEN: one
 * is under way, ERR_NOT_PERMITTED. */
int desk_rekey(struct desk *d, const char *word, char code[RECOVERY_CODE_TEXT], bool *unattended_ended, struct err *e);

struct rekey_progress { bool under_way; int64_t resealed; };
/* One group, where a key is being replaced; any session with the key, the runner's too. */
int desk_rekey_step(struct desk *d, struct rekey_progress *out, struct err *e);

/* The data key was replaced and this session cannot take the new one: it ends, and is begun again by whoever can. */
bool desk_key_lost(struct desk *d);

#endif
