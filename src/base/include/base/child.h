/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Helper processes: started with argv and pipes, never through a shell; none outlives its parent.
 *
 * The child gets PR_SET_PDEATHSIG SIGKILL (checked against a parent that died in between), its own descriptors and no others
 * (everything above 2 is closed but for `pass`), no blocked or ignored signals, the inherited environment with `env` added. A
 * helper of ours also ends when its stdin reaches end of input (the lifeline). The kernel counts the thread that started the
 * child as its parent: start children from a thread that lives as long as the program. What a child of ours starts itself is
 * reached through its process group when new_session is set; before_exec may take stronger means (a process namespace).
 *
 * Duties of the caller: fill struct child_spec, child_start(), read and write the pipes, child_stop() or child_reap(), then
 * child_release(). Pipes are non-blocking on our side and close-on-exec; child_release() closes them.
 */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct child_spec {
	const char *const *argv;     /* NULL-terminated; argv[0] is an absolute path, or a bare name looked for by child_helper_path() */
	const char *const *env;      /* NULL-terminated "K=V" added to the inherited environment; may be NULL */
	bool want_stdin;             /* a pipe to the child's stdin; else /dev/null */
	bool want_stdout;            /* a pipe from the child's stdout; else the parent's stderr */
	int stderr_fd;               /* 0: the parent's stderr; > 0: this descriptor (a log file) */
	int pass_fd[4];              /* descriptors handed over unchanged in number order as pass_to[]; -1 or 0 ends the list */
	int pass_to[4];              /* 3..63 */
	bool new_session;            /* setsid() in the child: no signals from the terminal */
	/* Run in the child after descriptors are set up, before exec; non-zero refuses. Async-signal-safe calls only. May be NULL. */
	int (*before_exec)(void *arg);
	void *before_exec_arg;
};

struct child {
	pid_t pid;   /* 0: none */
	int in;      /* write end to its stdin, -1 when none */
	int out;     /* read end of its stdout, -1 when none */
	int status;  /* as waitpid's, once reaped */
	bool reaped;
	bool group;  /* it leads a process group of its own (new_session): signals go to the group */
};

#define CHILD_NONE { .pid = 0, .in = -1, .out = -1 }

/* The program must ignore SIGPIPE, or a child that dies takes it along. ERR_HELPER_MISSING when the program is not there (noticed before returning, through a close-on-exec pipe). */
int child_start(struct child *c, const struct child_spec *spec, struct err *e);
bool child_reap(struct child *c);            /* non-blocking; true once it has ended */
bool child_wait(struct child *c, int ms);    /* waits until it has ended by itself; false when it still runs after ms */
void child_stop(struct child *c, int grace_ms); /* SIGTERM, then SIGKILL after grace; reaps */
void child_release(struct child *c);         /* stops with no grace if still running; closes the pipes */

/* Where a helper lies: $SHIMING_LIBEXEC, else beside this program, else the compiled-in libexec. ERR_HELPER_MISSING. */
int child_helper_path(const char *name, char *out, size_t size, struct err *e);

#endif
