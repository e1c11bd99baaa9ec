/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Replacing the data key while people work (issue 7; DESIGN 5), for when somebody who held it is to hold it no more.
 *
 * One transaction begins it: the new key is sealed to every account that has a pair (crypto_box_seal to an X25519 key whose secret half is made of
 * the account's password key), to the unattended runner and to a new recovery code; the wraps of the old key go. From then on every session writes
 * under the new key: a transaction that begins takes it first, and so does a look-up by a blind index (ERR_KEY_CHANGED where it is not sealed to the
 * session; the runner's process then ends and is started again).
 *
 * The rest goes on beside the work, a bounded group a transaction (blind.h: GROUP_ROWS changed rows at most, fewer while somebody waits to write),
 * by whoever calls db_rekey_step(): killed anywhere, the next call goes on.
 *  1. The blind indexes turn, so that who knows the old key cannot look numbers up. Until they have, look-ups ask under both keys and find everybody,
 *     and what is unique is refused twice whichever key its twin is under (blind.h says why).
 *  2. Values are sealed anew, a column after the other. Until the last one, and for good in the notes of the audit log, which is never rewritten,
 *     values of the former generation open by its field subkey, which the new key keeps sealed (vault_former): the way leads from new to old and
 *     never back.
 *  3. What could be taken back is forgotten: it holds rows as they were under the old key. From the beginning to the end nothing can be taken back
 *     (db_act_revert()), or such rows would come back behind the groups that are done.
 *
 * Fingerprints of frozen operations and the audit chain stay under the first key's subkeys: who held a key that was replaced could still compute those, and
 * is found by the chain's heads at platform and syslog. Backups made before open by the passwords and the code of their time.
 */
#ifndef STORE_REKEY_H
#define STORE_REKEY_H

#include "store/account.h"

/* An account that the new key cannot be sealed to: it has not logged in since pairs are made; its way in goes, and it needs a new password. */
int db_rekey_left_out(struct store *s, struct db_account *rows, size_t cap, size_t *n, struct err *e);

/* In a transaction, not in a group; needs VAULT_DATA. code: shown once. ended: the unattended runner had no pair and needs to be allowed again.
 * ERR_FORBIDDEN: one is under way. On a rollback the vault is as it was. */
int db_rekey_begin(struct store *s, char code[RECOVERY_TEXT], bool *ended, struct err *e);

struct db_rekey { bool under_way, turned /* the blind indexes */; int64_t begun_ms, resealed; };
int db_rekey_state(struct store *s, struct db_rekey *out, struct err *e);
/* One group, in a transaction; needs VAULT_DATA. *more false: nothing is left; the row is gone with this transaction. */
int db_rekey_step(struct store *s, bool *more, struct err *e);

/* Takes the newest key, where another session has replaced it. ERR_KEY_CHANGED: it is not sealed to this session. */
int db_key_fresh(struct store *s, struct err *e);

#endif
