/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a helper takes from itself before it touches foreign bytes. Each step is for itself: what a kernel, a
 * container or a sanitizer does not allow is left out, the rest holds.
 */
#ifndef BASE_CONFINE_H
#define BASE_CONFINE_H

#include <stdbool.h>

#include "base/err.h"

struct confine_limits {
	unsigned long memory; /* bytes of address space; 0: not limited */
	unsigned long file;   /* bytes of any file it writes */
	unsigned cpu_s, files;
};

/* For programs that hold keys, papers or what is typed (S1): no core file, and not dumpable, so that no collector of crashes gets one either (the limit
 * alone does not keep the kernel from a core_pattern that is a pipe) and nobody but root may trace it. A build with sanitizers stays traceable. */
void confine_no_core(void);

/* For the process and everything it starts: no new privileges, no core, these limits. Async-signal-safe: also
 * for before_exec. */
int confine_limit(const struct confine_limits *l);

/* For this process: ends with its parent, cannot be traced or dumped, the limits that fit the work. own: its
 * limits; a file that stands at stdout or stderr may grow by a MiB in any case. others: what the
 * programs that it starts may have (.memory, .file, .files; they cannot have more than it has itself); NULL: it
 * starts none. */
void confine_start(const struct confine_limits *own, const struct confine_limits *others);

/* From here on: memory, writing what is open, ending. No opening, no starting, no network (seccomp; amd64 and
 * arm64). False: the kernel does not do it. */
bool confine_seal(void);

/* Would the kernel do it? Changes nothing; for doctor. */
bool confine_possible(void);

/*
 * For programs that live on and speak with others, once they have started: the room they have left. Always refused (EPERM): starting programs, other
 * processes' memory, mounts, namespaces, the kernel's own interfaces, sockets of any other family (seccomp). writes: NULL: files as before; else nothing is made,
 * changed or removed but below these (landlock), and, where reads is given, nothing is opened but below one of the two. What is open stays open. False: the
 * kernel does not do all of it; what it does holds. Reading and sealing of foreign bytes in one go is confine_seal().
 */
enum confine_net { CONFINE_NO_SOCKETS, CONFINE_LOCAL /* of this machine: pcscd, syslog */, CONFINE_INTERNET /* no raw ones */ };
struct confine_room {
	enum confine_net net;
	const char *const *reads, *const *writes; /* ended by NULL */
	unsigned long memory; /* bytes of address space; 0: as before. Not in a build with sanitizers */
	unsigned files;       /* descriptors; 0: as before */
};
bool confine_to(const struct confine_room *r);
/* Would the kernel keep files from it (landlock)? For doctor. */
bool confine_files_possible(void);

/* confine_seal() and the own limit of memory from here on at the latest; but not in a build with sanitizers, which
 * need more. */
void confine_before_decoding(const struct confine_limits *own);

#endif
