/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* Never more than is allowed already. */
static int set_limit(int what, rlim_t soft, rlim_t hard)
{
	struct rlimit now;

	if (getrlimit(what, &now))
		return -1;
	if (hard > now.rlim_max)
		hard = now.rlim_max;
	if (soft > hard)
		soft = hard;
	return setrlimit(what, &(struct rlimit){soft, hard});
}

void confine_no_core(void)
{
	set_limit(RLIMIT_CORE, 0, 0);
	if (!SANITIZED)
		prctl(PR_SET_DUMPABLE, 0);
}

int confine_limit(const struct confine_limits *l)
{
	int last = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);

	last |= set_limit(RLIMIT_CORE, 0, 0);
	last |= set_limit(RLIMIT_FSIZE, l->file, l->file);
	last |= set_limit(RLIMIT_CPU, l->cpu_s, l->cpu_s + 1); /* SIGXCPU, which has a name, before SIGKILL */
	last |= set_limit(RLIMIT_NOFILE, l->files, l->files);
	if (l->memory)
		last |= set_limit(RLIMIT_AS, l->memory, l->memory);
	return last;
}

#define SHARE (1ul << 20) /* of a file that somebody has put at stdout or stderr */

/* Nothing more goes to a file than given, unless somebody has put a file there: its present length and our share more. */
static unsigned long file_limit(const struct confine_limits *own, const struct confine_limits *others)
{
	unsigned long most = others && others->file > own->file ? others->file : own->file;
	struct stat st;

	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
		if (!fstat(fd, &st) && S_ISREG(st.st_mode) && (unsigned long)st.st_size + SHARE > most)
			most = (unsigned long)st.st_size + SHARE;
	}
	return most;
}

void confine_start(const struct confine_limits *given, const struct confine_limits *others)
{
	struct confine_limits own = {.file = file_limit(given, others),
				     .cpu_s = given->cpu_s,
				     .files = others ? others->files : given->files};
	struct sigaction ignored = {.sa_handler = SIG_IGN};
	pid_t parent = getppid();

	prctl(PR_SET_PDEATHSIG, others ? SIGTERM : SIGKILL); /* the first leaves time to clean up */
	if (getppid() != parent)
		_exit(1);
	sigaction(SIGXFSZ, &ignored, NULL); /* EFBIG instead: then there is somebody to say it */
	sigaction(SIGPIPE, &ignored, NULL);
	if (!SANITIZED) {
		own.memory = others ? others->memory : given->memory;
		prctl(PR_SET_DUMPABLE, 0);
	}
	confine_limit(&own);
}

/* --- the seal --- */

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef ARCH
#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, what)
#define ALLOW(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), ANSWER(SECCOMP_RET_ALLOW)
/* Memory, but none that could be run: the protection is the third argument. */
#define ALLOW_UNLESS_EXEC(call)                                                                              \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 4), LOAD(args[2]),                                \
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1), ANSWER(SECCOMP_RET_ERRNO | EPERM),    \
		ANSWER(SECCOMP_RET_ALLOW)

/* Whatever is not listed fails with EPERM: a C library that tries something new gets an error, not a dead
 * process. On a little-endian machine args[2] is its lower half, where the bits of protection are. */
static const struct sock_filter filter[] = {
	LOAD(arch),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
	ANSWER(SECCOMP_RET_KILL_PROCESS),
	LOAD(nr),
	ALLOW(write),
	ALLOW(ppoll), /* poll() on arm64 */
#ifdef SYS_poll
	ALLOW(poll),
#endif
	ALLOW(brk),
	ALLOW(munmap),
	ALLOW(mremap),
	ALLOW(madvise),
	ALLOW(futex),
	ALLOW(clock_gettime),
	ALLOW(getrandom),
	ALLOW(close),
	ALLOW(rt_sigreturn),
	ALLOW(rt_sigprocmask),
	ALLOW(restart_syscall),
	ALLOW(exit),
	ALLOW(exit_group),
	ALLOW_UNLESS_EXEC(mmap),
	ALLOW_UNLESS_EXEC(mprotect),
	ANSWER(SECCOMP_RET_ERRNO | EPERM),
};

/* A filter at no address: a kernel that has filters says that it cannot be read. */
bool confine_possible(void)
{
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) && errno == EFAULT;
}

bool confine_seal(void)
{
	struct sock_fprog program = {.len = ARRAY_LEN(filter), .filter = (struct sock_filter *)filter};

	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
#else
bool confine_possible(void)
{
	return false;
}

bool confine_seal(void)
{
	return false;
}
#endif

void confine_before_decoding(const struct confine_limits *own)
{
	if (SANITIZED)
		return;
	set_limit(RLIMIT_AS, own->memory, own->memory);
	confine_seal();
}
