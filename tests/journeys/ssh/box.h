/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A site box and its clerks' PCs on one machine: a real sshd on loopback with a configuration, keys and a
 * port of its own, in a mkdtemp directory, including the shipped drop-in; each clerk's PC is a rig (simulated
 * module, pcscd) and an ssh client with the shipped client configuration. All that is started ends with the
 * test.
 *
 * With accounts (as root) the box is a mount namespace with two made-up accounts and a /run of its own: sshd
 * switches users as it does at a site, and the sockets lie in /run/user/UID, which the clients reach by
 * account name. Without, both clerks are the user who runs the test, each with a runtime directory of his
 * own, set by his key.
 */
#ifndef TESTS_JOURNEYS_SSH_BOX_H
#define TESTS_JOURNEYS_SSH_BOX_H

#include <stdbool.h>
#include <sys/types.h>

#include "reader/rig.h"

#define CLERKS 2
#define BOX_OUTPUT (64 * 1024)
#define BOX_FIRST_UID 65101

struct clerk {
	char name[32]; /* account on the box */
	uid_t uid;
	char runtime[96];	     /* his runtime directory on the box */
	char socket[128];	     /* where his reader's socket arrives */
	char config[96], shared[96]; /* of his ssh: a line for each login; one line for all */
	struct rig pc;
	bool plugged;
	struct child line; /* ssh -N: the forward alone */
};

struct box {
	char dir[64];
	bool accounts;
	char bin[96]; /* where the clerks find the programs */
	int port;
	struct child sshd;
	struct clerk clerk[CLERKS];
	char out[BOX_OUTPUT], err[BOX_OUTPUT]; /* of the last command */
};

/* Once, in main(), as root: this process moves into a namespace with the accounts. false: not to be had here.
 */
bool box_make_accounts(void);

void box_open(struct box *b, bool accounts);
void box_close(struct box *b);

/* The clerk's PC comes up: pcscd with one reader. */
void box_plug(struct box *b, size_t clerk);

/* "shiming ARGS" in Chinese as a command line for the box. */
const char *box_shiming(const struct box *b, const char *args);
enum box_login { BOX_PLAIN, BOX_FORWARD, BOX_SHARED };
/* `ssh shiming-box COMMAND`: its exit status; its output in b->out and b->err. */
int box_ssh(struct box *b, size_t clerk, enum box_login how, const char *command);
/* The same, running on; its events are read through the clerk's rig. */
void box_ssh_watch(struct box *b, size_t clerk, enum box_login how);

/* On the box itself, as the clerk, in a session that outlives ssh as a terminal multiplexer's does. */
int box_run(struct box *b, size_t clerk, const char *command);
int box_run_as_is(struct box *b, const char *command); /* as whoever runs the test */
void box_run_watch(struct box *b, size_t clerk);

/* A line that only forwards; returns once its socket is there. */
void box_line_up(struct box *b, size_t clerk);
void box_line_cut(struct box *b, size_t clerk); /* the client is killed */
void box_sshd_cut(struct box *b); /* the box's side of every line is killed: sockets stay behind */

#endif
