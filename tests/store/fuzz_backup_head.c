/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as the head of a backup: refused, or a head whose ways in can be walked. The recovery code is tried: it costs nothing, a password would. */
#include <sodium.h>
#include <stdlib.h>

#include "backup_head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct backup_way way = {.recovery_code = "00000-00000-00000-00000-00000-00000-00000-00000"};
	struct backup_way nobody = {.account = "", .password = ""};
	unsigned char key[VAULT_KEY_BYTES];
	struct backup_head h;
	struct err e = {0};

	if (sodium_init() < 0)
		abort();
	if (size > BACKUP_HEAD_MAX || backup_head_read(&h, data, size, &e))
		return 0;
	if (!backup_head_open(&h, &way, key, &e)) /* no code of 200 bits is guessed */
		abort();
	if (h.n_accounts == 0)
		if (!backup_head_open(&h, &nobody, key, &e))
			abort();
	return 0;
}
