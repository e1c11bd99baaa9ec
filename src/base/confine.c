/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
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

/* --- the room ------------------------------------------------------------------------------------------------ */

#ifdef ARCH
#define REFUSE(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), ANSWER(SECCOMP_RET_ERRNO | EPERM)

/* What none of ours does once it has started: other programs, other processes' memory, namespaces and mounts, the kernel's own, and io_uring, which would
 * open sockets past the filter. */
static const struct sock_filter refused[] = {
	LOAD(arch),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
	ANSWER(SECCOMP_RET_KILL_PROCESS),
	LOAD(nr),
#ifdef __x86_64__
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), /* x32 */
	ANSWER(SECCOMP_RET_ERRNO | EPERM),
#endif
	REFUSE(execve),
	REFUSE(execveat),
#if !SANITIZED /* LeakSanitizer traces at the end */
	REFUSE(ptrace),
#endif
	REFUSE(process_vm_readv),
	REFUSE(process_vm_writev),
	REFUSE(kcmp),
	REFUSE(unshare),
	REFUSE(setns),
	REFUSE(mount),
	REFUSE(umount2),
	REFUSE(pivot_root),
	REFUSE(chroot),
	REFUSE(bpf),
	REFUSE(perf_event_open),
	REFUSE(add_key),
	REFUSE(request_key),
	REFUSE(keyctl),
	REFUSE(init_module),
	REFUSE(finit_module),
	REFUSE(kexec_load),
	REFUSE(userfaultfd),
	REFUSE(io_uring_setup),
	REFUSE(pidfd_getfd),
	REFUSE(open_by_handle_at),
};

#define SOCKET BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 1, 0), ANSWER(SECCOMP_RET_ALLOW)
#define FAMILY(family) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, family, 0, 1), ANSWER(SECCOMP_RET_ALLOW)
/* No raw sockets: the kind is the lowest half byte of the second argument. */
#define STREAMS_AND_DATAGRAMS(family)                                                                        \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, family, 0, 5), LOAD(args[1]),                                    \
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xf), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SOCK_RAW, 0, 1),           \
		ANSWER(SECCOMP_RET_ERRNO | EPERM), ANSWER(SECCOMP_RET_ALLOW)

static const struct sock_filter no_sockets[] = {SOCKET, ANSWER(SECCOMP_RET_ERRNO | EPERM)};
static const struct sock_filter local_sockets[] = {SOCKET, LOAD(args[0]), FAMILY(AF_UNIX), ANSWER(SECCOMP_RET_ERRNO | EPERM)};
/* The resolver asks the kernel for addresses by netlink. */
static const struct sock_filter internet[] = {SOCKET,
					      LOAD(args[0]),
					      FAMILY(AF_UNIX),
					      FAMILY(AF_NETLINK),
					      STREAMS_AND_DATAGRAMS(AF_INET),
					      LOAD(args[0]),
					      STREAMS_AND_DATAGRAMS(AF_INET6),
					      ANSWER(SECCOMP_RET_ERRNO | EPERM)};

static const struct {
	const struct sock_filter *filter;
	size_t n;
} nets[] = {
	[CONFINE_NO_SOCKETS] = {no_sockets, ARRAY_LEN(no_sockets)},
	[CONFINE_LOCAL] = {local_sockets, ARRAY_LEN(local_sockets)},
	[CONFINE_INTERNET] = {internet, ARRAY_LEN(internet)},
};

static bool refuse_calls(enum confine_net net)
{
	struct sock_filter all[ARRAY_LEN(refused) + ARRAY_LEN(internet)];
	struct sock_fprog program = {.filter = all};

	memcpy(all, refused, sizeof(refused));
	memcpy(all + ARRAY_LEN(refused), nets[net].filter, nets[net].n * sizeof(all[0]));
	program.len = (unsigned short)(ARRAY_LEN(refused) + nets[net].n);
	return !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
#else
static bool refuse_calls(enum confine_net net)
{
	(void)net;
	return false;
}
#endif

/* Landlock's first version; later rights (moving between directories, cutting) come with the second and third. */
#define FILE_READS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FILE_WRITES                                                                                          \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |    \
	 LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |          \
	 LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |       \
	 LANDLOCK_ACCESS_FS_MAKE_SYM)
#define CUTS (1ull << 14) /* LANDLOCK_ACCESS_FS_TRUNCATE, of the third version */
#define ON_FILES (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | CUTS)

static int landlock_version(void)
{
	return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

/* What is not there needs no room; a rule about a file may name only what is done to files. */
static void give(int rules, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr below = {.allowed_access = rights};
	struct stat st;

	below.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (below.parent_fd < 0)
		return;
	if (!fstat(below.parent_fd, &st) && !S_ISDIR(st.st_mode))
		below.allowed_access &= ON_FILES;
	syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0);
	close(below.parent_fd);
}

static bool refuse_files(const struct confine_room *r)
{
	int version = landlock_version(), rules;
	uint64_t writes = FILE_WRITES | (version >= 3 ? CUTS : 0);
	struct landlock_ruleset_attr attr = {.handled_access_fs = (r->reads ? FILE_READS : 0) | writes};
	bool shut;

	if (version < 1)
		return false;
	rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr.handled_access_fs), 0);
	if (rules < 0)
		return false;
	for (const char *const *p = r->reads; p && *p; p++)
		give(rules, *p, FILE_READS);
	for (const char *const *p = r->writes; p && *p; p++)
		give(rules, *p, (r->reads ? FILE_READS : 0) | writes);
	shut = !syscall(SYS_landlock_restrict_self, rules, 0);
	close(rules);
	return shut;
}

bool confine_files_possible(void)
{
	return landlock_version() >= 1;
}

bool confine_to(const struct confine_room *r)
{
	bool files, calls;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return false;
	if (!SANITIZED && r->memory)
		set_limit(RLIMIT_AS, r->memory, r->memory);
	if (r->files)
		set_limit(RLIMIT_NOFILE, r->files, r->files);
	files = !r->writes || refuse_files(r);
	calls = refuse_calls(r->net);
	return files && calls;
}

void confine_before_decoding(const struct confine_limits *own)
{
	if (SANITIZED)
		return;
	set_limit(RLIMIT_AS, own->memory, own->memory);
	confine_seal();
}
