/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The real programs as they run beside a clerk, tried from inside: a debugger's hand makes each of them open,
 * connect and start what a broken parser would, and the kernel refuses; what it needs still opens. (amd64;
 * elsewhere the kernel's word on each is taken: its seccomp and no-new-privileges.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/dates.h"
#include "journeys/moves.h"
#include "journeys/world.h"
#include "samples.h"

static struct world world;

static int setup(void **state)
{
	(void)state;
	char address[32];

	world_open(&world, "national", NULL);
	world_gateway(&world, address);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

static bool it_says(pid_t pid, const char *file, const char *line)
{
	static char text[8192];
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/%s", (long)pid, file);
	f = fopen(path, "r");
	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	return strstr(text, line) != NULL;
}

static void says(pid_t pid, const char *line)
{
	if (!it_says(pid, "status", line))
		fail_msg("process %ld does not say: %s", (long)pid, line);
}

static void wait_until(pid_t pid, const char *file, const char *line)
{
	int64_t until = clock_steady_ms() + TERMINAL_DEADLINE;

	while (!it_says(pid, file, line)) {
		if (clock_steady_ms() >= until)
			fail_msg("process %ld never says in %s: %s", (long)pid, file, line);
		poll(NULL, 0, 10);
	}
}

#ifdef __x86_64__
#define BELOW 1024 /* the stack beneath the red zone */

/* One call of that process, with `text` as its argument number `at`; what the kernel answers. It goes on as
 * if nothing had been. */
static long call_in(pid_t pid, long number, long a, long b, long c, int at, const char *text)
{
	struct user_regs_struct was, now;
	char there[256] = "";
	long place;
	int status;

	assert_int_equal(ptrace(PTRACE_ATTACH, pid, NULL, NULL), 0);
	assert_int_equal(waitpid(pid, &status, __WALL), pid);
	assert_int_equal(ptrace(PTRACE_GETREGS, pid, NULL, &was), 0);
	/* it waits in a call: the instruction stands before where it goes on */
	assert_int_equal(ptrace(PTRACE_PEEKTEXT, pid, (void *)(was.rip - 2), NULL) & 0xffff, 0x050f);
	now = was;
	place = (long)((was.rsp - BELOW) & ~15ul);
	snprintf(there, sizeof(there), "%s", text);
	assert_true(process_vm_writev(pid, &(struct iovec){there, sizeof(there)}, 1,
				      &(struct iovec){(void *)place, sizeof(there)}, 1, 0) == sizeof(there));
	now.rip -= 2;
	now.orig_rax = (unsigned long)-1; /* nothing is begun again */
	now.rax = (unsigned long)number;
	now.rdi = (unsigned long)(at == 0 ? place : a);
	now.rsi = (unsigned long)(at == 1 ? place : b);
	now.rdx = (unsigned long)(at == 2 ? place : c);
	now.r10 = 0;
	assert_int_equal(ptrace(PTRACE_SETREGS, pid, NULL, &now), 0);
	assert_int_equal(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL), 0);
	assert_int_equal(waitpid(pid, &status, __WALL), pid);
	assert_true(WIFSTOPPED(status));
	assert_int_equal(ptrace(PTRACE_GETREGS, pid, NULL, &now), 0);
	assert_int_equal(ptrace(PTRACE_SETREGS, pid, NULL, &was), 0);
	assert_int_equal(ptrace(PTRACE_DETACH, pid, NULL, NULL), 0);
	return (long)now.rax;
}

static long opens(pid_t pid, const char *path, int flags)
{
	long fd = call_in(pid, SYS_openat, AT_FDCWD, 0, flags, 1, path);

	if (fd >= 0)
		call_in(pid, SYS_close, fd, 0, 0, -1, "");
	return fd >= 0 ? 0 : fd;
}

static void tried_from_inside(pid_t pid, const char *program, const char *outside)
{
	if (opens(pid, outside, O_RDONLY) != -EACCES || opens(pid, outside, O_WRONLY) != -EACCES)
		fail_msg("%s opens what is not its own", program);
	assert_int_equal(opens(pid, "/etc/resolv.conf", O_WRONLY), -EACCES);
	assert_int_equal(opens(pid, "/dev/null", O_WRONLY), 0);
	assert_int_equal(call_in(pid, SYS_execve, 0, 0, 0, 0, "/bin/true"), -EPERM);
	assert_int_equal(call_in(pid, SYS_socket, AF_PACKET, SOCK_RAW, 0, -1, ""), -EPERM);
}
#else
static void tried_from_inside(pid_t pid, const char *program, const char *outside)
{
	(void)pid, (void)program, (void)outside;
}

static long opens(pid_t pid, const char *path, int flags)
{
	(void)pid, (void)path, (void)flags;
	return 0;
}
#endif

static pid_t running(const char *program)
{
	pid_t pid = world_find_process(&world, program);

	if (!pid)
		fail_msg("%s does not run", program);
	says(pid, "NoNewPrivs:\t1");
	says(pid, "Seccomp:\t2");
	return pid;
}

static void reader_runner_and_gateway(void **state)
{
	struct terminal *t = world_shiming(&world);
	char outside[128], inside[128];
	pid_t reader, runner, gateway;
	FILE *f;

	(void)state;
	snprintf(outside, sizeof(outside), "%s/outside", world.dir); /* beside the data directory */
	snprintf(inside, sizeof(inside), "%s/shiming.db", world.data);
	f = fopen(outside, "w");
	assert_non_null(f);
	assert_int_equal(fclose(f), 0);
	move_login(t, "clerk");
	terminal_expect(t, "读卡器就绪");
	world_wait_outbox_empty(&world);
	reader = running("shiming-reader");
	runner = running("shiming-sync");
	gateway = running("shiming-gateway");
	if (!confine_files_possible())
		skip();
	tried_from_inside(reader, "shiming-reader", outside);
	tried_from_inside(runner, "shiming-sync", outside);
	tried_from_inside(gateway, "shiming-gateway", outside);
	assert_int_equal(opens(runner, inside, O_RDWR), 0);
	assert_int_equal(opens(gateway, inside, O_RDWR), 0);
	assert_int_equal(opens(runner, world.services.ca_file, O_RDONLY), 0);
#ifdef __x86_64__
	assert_int_equal(opens(reader, inside, O_RDONLY), -EACCES);
	assert_int_equal(call_in(reader, SYS_socket, AF_INET, SOCK_STREAM, 0, -1, ""), -EPERM);
#endif
	/* they go on as before */
	world_place(&world, "li-xiulan");
	terminal_expect(t, "李秀兰");
	world_remove(&world);
	move_home(t);
	move_leave(t);
	terminal_close(t);
}

/* The maker of tables waits for its first line; fonts and libraries are read, nothing is written but through
 * what is open. */
static void maker_of_tables(void **state)
{
	char file[128], outside[128];
	int ends[2], fd;
	pid_t pid;

	(void)state;
	snprintf(file, sizeof(file), "%s/made.csv", world.dir);
	snprintf(outside, sizeof(outside), "%s/outside", world.dir);
	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	if (!pid) {
		dup2(ends[0], STDIN_FILENO);
		dup2(fd, 3);
		execl(BIN_DIR "/shiming-office", "shiming-office", "csv", (char *)NULL);
		_exit(127);
	}
	close(fd);
	close(ends[0]);
	wait_until(pid, "status", "Seccomp:\t2");
	says(pid, "NoNewPrivs:\t1");
#ifdef __x86_64__
	if (confine_files_possible()) {
		wait_until(pid, "syscall", "0 0x0 "); /* in read(0, …) */
		assert_int_equal(opens(pid, outside, O_WRONLY), -EACCES);
		assert_int_equal(call_in(pid, SYS_execve, 0, 0, 0, 0, "/bin/true"), -EPERM);
		assert_int_equal(call_in(pid, SYS_socket, AF_UNIX, SOCK_STREAM, 0, -1, ""), -EPERM);
	}
#endif
	close(ends[1]); /* it has changed its mind */
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* Noise, as a camera's file; the name of it. */
static void put_picture(char file[128])
{
	struct buf b;
	FILE *f;

	snprintf(file, 128, "%s/noise.jpg", world.dir);
	buf_init(&b, SAMPLE_CEILING);
	sample_jpeg(&(struct jpeg_sample){.width = 640, .height = 480, .noise = true}, &b);
	f = fopen(file, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(b.data, 1, b.len, f), b.len);
	assert_int_equal(fclose(f), 0);
	buf_release(&b);
}

/* The decoder of pictures has read and decoded, and waits for its answer to be read: nothing is left to it but to write that. */
static void decoder_of_pictures(void **state)
{
	char file[128], outside[128];
	int ends[2], in;
	pid_t pid;

	(void)state;
	put_picture(file);
	snprintf(outside, sizeof(outside), "%s/outside", world.dir);
	in = open(file, O_RDONLY | O_CLOEXEC);
	assert_true(in >= 0);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_true(fcntl(ends[1], F_SETPIPE_SZ, 4096) >= 0);
	pid = fork();
	if (!pid) {
		dup2(in, STDIN_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		execl(BIN_DIR "/shiming-picture", "shiming-picture", "fit", (char *)NULL);
		_exit(127);
	}
	close(in);
	close(ends[1]);
	wait_until(pid, "syscall", "1 0x1 "); /* in write(1, …) */
	says(pid, "NoNewPrivs:\t1");
	assert_true(it_says(pid, "limits", "Max core file size        0                    0 "));
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
	says(pid, "Seccomp:\t2");
	assert_int_equal(opens(pid, outside, O_RDONLY), -EPERM);
	assert_int_equal(opens(pid, file, O_RDONLY), -EPERM);
	assert_int_equal(opens(pid, "/dev/null", O_WRONLY), -EPERM);
	assert_int_equal(call_in(pid, SYS_execve, 0, 0, 0, 0, "/bin/true"), -EPERM);
	assert_int_equal(call_in(pid, SYS_socket, AF_UNIX, SOCK_STREAM, 0, -1, ""), -EPERM);
	assert_int_equal(call_in(pid, SYS_kill, getpid(), 0, 0, -1, ""), -EPERM);
#endif
	close(ends[0]); /* nobody wants the answer any more */
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* --- where the kernel does it not: a filter answers for such a kernel
 * ------------------------------------------------------------------ */

#define NR BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))
#define FIRST BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0]))
#define IS(what, then, otherwise) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, what, then, otherwise)
#define SAYS(what) BPF_STMT(BPF_RET | BPF_K, what)

static const struct sock_filter no_landlock[] = {NR, IS(SYS_landlock_create_ruleset, 0, 1),
						 SAYS(SECCOMP_RET_ERRNO | ENOSYS), SAYS(SECCOMP_RET_ALLOW)};
static const struct sock_filter no_seccomp[] = {NR,
						IS(SYS_prctl, 0, 3),
						FIRST,
						IS(PR_SET_SECCOMP, 0, 1),
						SAYS(SECCOMP_RET_ERRNO | EINVAL),
						SAYS(SECCOMP_RET_ALLOW)};

static void doctor_on(const struct sock_filter *kernel, size_t n, char *out, size_t size)
{
	struct sock_fprog program = {.filter = (struct sock_filter *)(uintptr_t)kernel,
				     .len = (unsigned short)n};
	int ends[2];
	size_t have = 0;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		    (n && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)))
			_exit(126);
		execl(BIN_DIR "/shiming", "shiming", "doctor", "--data", world.data, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	for (ssize_t got; have < size - 1 && (got = read(ends[0], out + have, size - 1 - have)) > 0;)
		have += (size_t)got;
	out[have] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void doctor_says_what_lacks(void **state)
{
	static char out[65536];

	(void)state;
	doctor_on(NULL, 0, out, sizeof(out));
	assert_non_null(strstr(out, "seccomp、landlock"));
	assert_null(strstr(out, "内核没有"));
	doctor_on(no_landlock, sizeof(no_landlock) / sizeof(no_landlock[0]), out, sizeof(out));
	assert_non_null(strstr(out, "内核没有 landlock"));
	doctor_on(no_seccomp, sizeof(no_seccomp) / sizeof(no_seccomp[0]), out, sizeof(out));
	assert_non_null(strstr(out, "内核没有 seccomp"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(reader_runner_and_gateway),
					   cmocka_unit_test(maker_of_tables),
					   cmocka_unit_test(decoder_of_pictures),
					   cmocka_unit_test(doctor_says_what_lacks)};

	return cmocka_run_group_tests(tests, setup, teardown);
}
