/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the key comes to the runner (DESIGN 5): from a session through an inherited pipe, or unattended from a systemd credential.
 * Never by argument or environment: the environment names the credentials' directory, which only this service can read.
 */
#ifndef SYNC_KEY_H
#define SYNC_KEY_H

#include "desk/desk.h"

#define KEY_CREDENTIAL "shiming-key" /* in $CREDENTIALS_DIRECTORY (systemd.exec(5), "CREDENTIALS"): 32 bytes */

/* The data key, whole or not at all: a pipe whose writer has died gives fewer bytes. Closes fd. ERR_SEAL. */
int key_from_pipe(struct desk *d, int fd, struct err *e);
/* The secret of desk_unattended_make(). ERR_UNATTENDED: no credential, not a plain file of 32 bytes closed to others, or void. */
int key_from_credential(struct desk *d, struct err *e);

#endif
