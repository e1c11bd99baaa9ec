/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a confined process tries and is refused, tried from inside, each in a child of its own; and that what it needs still works. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/text.h"

static char dir[64], mine[96], other[96], outside[96];

static int opened(void **state)
{
	int fd;

	(void)state;
	text_copy(dir, sizeof(dir), "/tmp/confine-XXXXXX");
	assert_non_null(mkdtemp(dir));
	text_format(mine, sizeof(mine), "%s/mine", dir);
	text_format(other, sizeof(other), "%s/other", dir);
	text_format(outside, sizeof(outside), "%s/other/file", dir);
	assert_int_equal(mkdir(mine, 0700) | mkdir(other, 0700), 0);
	fd = open(outside, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	return close(fd);
}

static int closed(void **state)
{
	char path[128];

	(void)state;
	text_format(path, sizeof(path), "%s/made", mine);
	unlink(path);
	unlink(outside);
	rmdir(mine);
	rmdir(other);
	return rmdir(dir);
}

/* In a child: 0 when every try went as it should, else the number of the one that did not. */
static int in_child(const struct confine_room *room, int (*tries)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid)
		_exit(confine_to(room) ? tries() : 99);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool refused(long got, int why)
{
	return got < 0 && errno == why;
}

static bool family(int domain, int kind)
{
	int fd = socket(domain, kind, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int never(void)
{
	static char *const none[] = {NULL};
	char byte;

	if (!refused(execve("/bin/true", none, none), EPERM))
		return 1;
	if (!refused(syscall(SYS_execveat, AT_FDCWD, "/bin/true", none, none, 0), EPERM))
		return 2;
	if (!refused(syscall(SYS_process_vm_readv, getppid(), &(struct { void *p; size_t n; }){&byte, 1}, 1, NULL, 0, 0), EPERM))
		return 3;
	if (!refused(syscall(SYS_unshare, 0), EPERM) || !refused(syscall(SYS_io_uring_setup, 1, NULL), EPERM))
		return 4;
#if !defined(__SANITIZE_ADDRESS__)
	if (!refused(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL), EPERM))
		return 5;
#endif
	return 0;
}

static int without_sockets(void)
{
	if (never())
		return never();
	if (family(AF_UNIX, SOCK_STREAM) || family(AF_INET, SOCK_STREAM) || family(AF_NETLINK, SOCK_RAW))
		return 10;
	return 0;
}

static int with_local_sockets(void)
{
	if (never())
		return never();
	if (!family(AF_UNIX, SOCK_STREAM))
		return 20;
	if (family(AF_INET, SOCK_STREAM) || family(AF_INET6, SOCK_DGRAM) || family(AF_PACKET, SOCK_RAW))
		return 21;
	return 0;
}

static int with_the_internet(void)
{
	if (never())
		return never();
	if (!family(AF_UNIX, SOCK_STREAM) || !family(AF_INET, SOCK_STREAM) || !family(AF_INET, SOCK_DGRAM))
		return 30;
	if (!refused(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, 1), EPERM) || !refused(socket(AF_PACKET, SOCK_RAW, 0), EPERM) ||
	    !refused(socket(AF_INET6, SOCK_RAW, 58), EPERM))
		return 31;
	return 0;
}

static void calls_and_sockets(void **state)
{
	(void)state;
	if (!confine_possible())
		skip();
	assert_int_equal(in_child(&(struct confine_room){.net = CONFINE_NO_SOCKETS}, without_sockets), 0);
	assert_int_equal(in_child(&(struct confine_room){.net = CONFINE_LOCAL}, with_local_sockets), 0);
	assert_int_equal(in_child(&(struct confine_room){.net = CONFINE_INTERNET}, with_the_internet), 0);
}

static bool opens(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int writes_below(void)
{
	char path[128];

	text_format(path, sizeof(path), "%s/made", mine);
	if (!opens(path, O_CREAT | O_WRONLY) || !opens(outside, O_RDONLY) || !opens("/etc/passwd", O_RDONLY))
		return 40;
	if (opens(outside, O_WRONLY) || opens(outside, O_WRONLY | O_TRUNC) || !unlink(outside) || !mkdir("/tmp/confine-new", 0700))
		return 41;
	return opens("/dev/null", O_WRONLY) ? 42 : 0;
}

static int reads_below(void)
{
	char path[128];

	text_format(path, sizeof(path), "%s/made", mine);
	if (!opens(path, O_CREAT | O_RDWR) || !opens("/proc/self/stat", O_RDONLY))
		return 50;
	return opens(outside, O_RDONLY) || opens("/etc/passwd", O_RDONLY) || opens("/", O_RDONLY | O_DIRECTORY) ? 51 : 0;
}

static void files(void **state)
{
	const char *const reads[] = {"/proc", NULL}, *const writes[] = {mine, "/no/such/place", NULL};

	(void)state;
	if (!confine_files_possible())
		skip();
	assert_int_equal(in_child(&(struct confine_room){.net = CONFINE_LOCAL, .writes = writes}, writes_below), 0);
	assert_int_equal(in_child(&(struct confine_room){.net = CONFINE_LOCAL, .reads = reads, .writes = writes}, reads_below), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_and_sockets),
		cmocka_unit_test(files),
	};

	return cmocka_run_group_tests(tests, opened, closed);
}
