/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which pcscd the card reader's helper speaks to: the one on the clerk's own PC, whose socket ssh has
 * forwarded to here, before that of this machine.
 *
 * The place: CARD_SOCKET_NAME directly in $XDG_RUNTIME_DIR where that is a directory of the clerk's, else in
 * /run/user/UID (pam_systemd makes it before sshd serves the forward). Not in a folder of ours below it: sshd
 * makes no directories. One per clerk; a second login takes its place (StreamLocalBindUnlink, packaging/ssh).
 *
 * It is used when it is a socket of the clerk's, in a directory that nobody else may write, that nobody else
 * can reach and somebody listens on; otherwise the system's is used and `forward` keeps why. A
 * PCSCLITE_CSOCK_NAME in the environment (practice, tests, an administrator) goes before both.
 *
 * The program hands the choice to the helper: an ssh server drops a client's SetEnv, and a set-group-id
 * program's helper would not look at its environment where libpcsclite uses secure_getenv() (2.0 and later),
 * which is why card_socket_drop_group() runs before its exec; a helper has no business with the data's group
 * anyway.
 *
 * A socket may come, go and be replaced while the program runs (a terminal multiplexer outlives the ssh
 * session): card_socket_changed() says so without touching the line, and the caller then starts the helper
 * anew.
 */
#ifndef DESK_CARD_SOCKET_H
#define DESK_CARD_SOCKET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

#define CARD_SOCKET_NAME "shiming-pcscd.comm"
#define CARD_SOCKET_SYSTEM "/run/pcscd/pcscd.comm" /* compiled into Debian's libpcsclite1 */
#define CARD_SOCKET_VARIABLE "PCSCLITE_CSOCK_NAME"
#define CARD_SOCKET_PATH 108 /* sun_path, with its NUL (unix(7)) */

enum card_socket_place { CARD_SOCKET_IS_SYSTEM, CARD_SOCKET_IS_FORWARD, CARD_SOCKET_IS_GIVEN };

enum card_forward {
	CARD_FORWARD_NONE,	/* nothing there: nobody forwards */
	CARD_FORWARD_LISTENING, /* usable as far as this machine goes */
	CARD_FORWARD_STALE,	/* left behind by a login that has ended */
	CARD_FORWARD_FOREIGN,	/* not a socket, not the clerk's, or in a directory that others may write */
	CARD_FORWARD_OPEN,	/* others can reach it */
	CARD_FORWARD_DENIED,	/* the clerk's own, and yet not to be opened by the clerk */
};

struct card_socket {
	enum card_socket_place place;
	char path[CARD_SOCKET_PATH]; /* what the helper is to use */
	enum card_forward forward;
	char forwarded[CARD_SOCKET_PATH]; /* where the forwarded one is looked for */
	unsigned mode;			  /* of what lies there, 0 when nothing does */
	uid_t owner;
	dev_t device; /* which one it is, for card_socket_changed() */
	ino_t inode;
	int64_t changed_ns;
	char variable[sizeof(CARD_SOCKET_VARIABLE) + CARD_SOCKET_PATH];
	const char *env[2]; /* set by card_socket_env() */
};

/* Looks and chooses. Never waits, never fails. */
void card_socket_find(struct card_socket *s);
/* The forwarded socket is no longer what card_socket_find() met: one lstat(). */
bool card_socket_changed(const struct card_socket *s);
/* The same with regard to a helper that has lost its service and goes on looking at the place it was sent to:
 * it finds what lies there now by itself, need not be started anew, and knows the card that still lies there
 * for the one it has read. */
bool card_socket_moved(struct card_socket *s, bool helper_looks);
/* For child_spec.env, valid as long as *s and not moved; NULL for the system's: nothing to add. */
const char *const *card_socket_env(struct card_socket *s);
/* For child_spec.before_exec. */
int card_socket_drop_group(void *unused);

/* A cause told by the helper, in the words that fit the place: a service that is away or refuses beyond a
 * forward is on the clerk's own PC (which of the two cannot be seen from here); a service missing here, with
 * a forward that could not be used, is the forward's fault. Looks at the place again; never waits. */
enum err_code card_socket_cause(const struct card_socket *s, enum err_code said);

/* The version of the service's protocol, asked as libpcsclite asks (doctor). ERR_CARD_SERVICE: nobody listens
 * at s->path; ERR_CARD_FORWARD_FAR: somebody does, and no service answers behind; ERR_NO_PERMISSION. Waits at
 * most timeout_ms. */
struct card_protocol {
	int major, minor;
};
int card_socket_ask(const struct card_socket *s, int timeout_ms, struct card_protocol *out, struct err *e);
/* Releases of pcsc-lite that speak it: "1.8.24 – 2.2", "" when not known. */
const char *card_protocol_releases(const struct card_protocol *p);

#endif
