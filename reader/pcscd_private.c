/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/pcscd_private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/text.h"

#define PCSCD "/usr/sbin/pcscd"
#define RUN_PCSCD "/run/pcscd"
#define USB_DEVICES "/dev/bus/usb"
#define LISTEN_FD 3
#define STOP_GRACE_MS 1000

/* --- files --- */

static int write_device(FILE *f, const struct pcscd_device *d, size_t channel)
{
	return fprintf(f, "FRIENDLYNAME \"%s\"\nDEVICENAME %s\n", d->name, d->device) > 0 &&
	       fprintf(f, "CHANNELID %zu\n", channel) > 0;
}

/* All readers in one file: several files come in the order of the directory, which is none. */
static int write_config(const char *dir, const char *driver, const struct pcscd_device *devices, size_t n,
			struct err *e)
{
	char path[160];
	bool done = true;
	FILE *f;

	text_format(path, sizeof(path), "%s/reader.conf.d", dir);
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return err_errno(e, "reader.conf.d");
	text_format(path, sizeof(path), "%s/reader.conf.d/shiming", dir);
	f = fopen(path, "we");
	if (!f)
		return err_errno(e, "reader.conf.d");
	for (size_t i = 0; i < n && done; i++)
		done = write_device(f, &devices[i], i) && fprintf(f, "LIBPATH %s\n\n", driver) > 0;
	if (fclose(f) != 0 || !done)
		return err_errno(e, "reader.conf.d");
	return 0;
}

static int listen_on(const char *path, struct err *e)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd;

	text_copy(a.sun_path, sizeof(a.sun_path), path);
	unlink(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0 && chmod(path, 0600) == 0 && listen(fd, 64) == 0)
		return fd;
	err_errno(e, "pcscd.sock");
	if (fd >= 0)
		close(fd);
	return -1;
}

int pcscd_private_driver(char *out, size_t size, struct err *e)
{
	static const char installed[] = SHIMING_DRIVER_PATH;
	const char *set = secure_getenv("SHIMING_DRIVER");
	char beside[PATH_MAX + 32];
	ssize_t n = readlink("/proc/self/exe", beside, PATH_MAX - 1);

	if (n > 0) {
		beside[n] = '\0';
		*strrchr(beside, '/') = '\0';
		strcat(beside, "/../lib/libifdsamv.so");
	}
	if (!set && n > 0 && access(beside, R_OK) == 0)
		set = beside;
	if (!set)
		set = installed;
	if (access(set, R_OK) < 0)
		return err_set(e, ERR_NOT_FOUND, "libifdsamv.so");
	return text_copy(out, size, set) ? 0 : err_set(e, ERR_TOO_LARGE, "path of the driver");
}

/* --- the child, between fork and exec: nothing but system calls and its own memory --- */

struct launch {
	char config[160];
	uid_t uid;
	gid_t gid;
	pid_t parent;
	int listener, log, report;
	bool no_polkit;
};

static void write_once(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		errno = 0; /* an older kernel without setgroups; what follows shows whether it matters */
	close(fd);
}

static bool enter_namespaces(const struct launch *l)
{
	char map[64];

	if (l->uid == 0)
		return unshare(CLONE_NEWNS) == 0;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return false;
	write_once("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1\n", (unsigned)l->uid);
	write_once("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1\n", (unsigned)l->gid);
	write_once("/proc/self/gid_map", map);
	return getuid() == 0;
}

/* A private place for pcscd's pid file. The smaller mount where it is possible: all else in /run stays in
 * sight. */
static bool private_run(const struct launch *l)
{
	struct stat st;

	if (!enter_namespaces(l) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return false;
	/* The readers plugged into this machine belong to the system's pcscd. */
	if (stat(USB_DEVICES, &st) == 0 && mount("tmpfs", USB_DEVICES, "tmpfs", MS_NOSUID | MS_NODEV, "size=4k") < 0)
		return false;
	if (stat(RUN_PCSCD, &st) == 0)
		return mount("tmpfs", RUN_PCSCD, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=64k") == 0;
	return mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=64k") == 0 &&
	       mkdir(RUN_PCSCD, 0755) == 0;
}

static bool place_descriptors(const struct launch *l)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(null, 0) < 0)
		return false;
	if (dup2(l->log >= 0 ? l->log : null, 1) < 0 || dup2(l->log >= 0 ? l->log : null, 2) < 0)
		return false;
	/* report first: it may stand where the listener has to go. */
	if (fcntl(l->report, F_DUPFD_CLOEXEC, 100) != 100)
		return false;
	if (l->listener == LISTEN_FD ? fcntl(LISTEN_FD, F_SETFD, 0) < 0 : dup2(l->listener, LISTEN_FD) < 0)
		return false;
	return close_range(LISTEN_FD + 1, 99, 0) == 0 && close_range(101, ~0u, 0) == 0;
}

/* LISTEN_PID must be the pid of pcscd itself, so it can only be written here. */
static void run_pcscd(const struct launch *l)
{
	static char pid_text[40];
	static char fds[] = "LISTEN_FDS=1", path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", lang[] = "LANG=C.UTF-8";
	char *const env[] = { pid_text, fds, path, lang, NULL };
	const char *argv[7] = { PCSCD, "--foreground", "--config", l->config };

	if (l->no_polkit)
		argv[4] = "--disable-polkit";
	snprintf(pid_text, sizeof(pid_text), "LISTEN_PID=%ld", (long)getpid());
	execve(PCSCD, (char *const *)argv, env);
}

static void child(const struct launch *l)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	private_run(l); /* without it pcscd still runs where /run/pcscd exists; if not, it ends and says so */
	if (place_descriptors(l)) {
		/* After the namespaces: gaining their rights clears it. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* In a new user namespace the parent's id is still its id: only the mounts are private. */
		if (getppid() == l->parent)
			run_pcscd(l);
	}
	if (write(100, &errno, sizeof(errno)) < 0)
		_exit(126);
	_exit(127);
}

/* --- the parent --- */

/* pcscd 2.0.0 and later ask polkit, which knows no private instance; earlier ones refuse the option. */
static bool knows_polkit_option(void)
{
	FILE *f = popen(PCSCD " --help 2>&1", "re");
	char line[256];
	bool found = false;

	while (f && fgets(line, sizeof(line), f))
		found = found || strstr(line, "disable-polkit");
	if (f)
		pclose(f);
	return found;
}

static int spawn(struct pcscd_private *p, struct launch *l, struct err *e)
{
	int report[2], child_errno = 0;
	ssize_t got;

	if (pipe2(report, O_CLOEXEC) < 0)
		return err_errno(e, "pipe");
	l->report = report[1];
	p->pid = fork();
	if (p->pid == 0)
		child(l);
	close(report[1]);
	if (p->pid < 0) {
		p->pid = 0;
		close(report[0]);
		return err_errno(e, "fork");
	}
	while ((got = read(report[0], &child_errno, sizeof(child_errno))) < 0 && errno == EINTR)
		;
	close(report[0]);
	if (got == 0)
		return 0;
	waitpid(p->pid, NULL, 0);
	p->pid = 0;
	return err_set(e, ERR_CARD_SERVICE, "pcscd: %s", strerror(child_errno));
}

static int check_dir(const char *dir, struct err *e)
{
	if (dir[0] != '/' || strncmp(dir, "/run/", 5) == 0)
		return err_set(e, ERR_INTERNAL, "pcscd needs an absolute directory outside /run");
	if (strlen(dir) >= sizeof(((struct pcscd_private *)0)->dir))
		return err_set(e, ERR_TOO_LARGE, "pcscd: directory name too long");
	return 0;
}

int pcscd_private_start(struct pcscd_private *p, const char *dir, const char *driver, const struct pcscd_device *devices,
			size_t n, int log_fd, struct err *e)
{
	struct launch l = { .uid = geteuid(), .gid = getegid(), .parent = getpid(), .log = log_fd };
	char found[PATH_MAX];
	int rc;

	memset(p, 0, sizeof(*p));
	if (check_dir(dir, e) < 0 || (!driver && pcscd_private_driver(found, sizeof(found), e) < 0))
		return -1;
	if (access(PCSCD, X_OK) < 0)
		return err_set(e, ERR_CARD_SERVICE, PCSCD " is not installed");
	if (write_config(dir, driver ? driver : found, devices, n, e) < 0)
		return -1;
	text_copy(p->dir, sizeof(p->dir), dir);
	text_format(p->socket, sizeof(p->socket), "%s/pcscd.sock", dir);
	text_format(l.config, sizeof(l.config), "%s/reader.conf.d", dir);
	l.no_polkit = knows_polkit_option();
	l.listener = listen_on(p->socket, e);
	if (l.listener < 0)
		return -1;
	rc = spawn(p, &l, e);
	close(l.listener);
	return rc;
}

static bool reaped_within(pid_t pid, int ms)
{
	int64_t until = clock_steady_ms() + ms;

	do {
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return true;
		poll(NULL, 0, 2);
	} while (clock_steady_ms() < until);
	return false;
}

void pcscd_private_stop(struct pcscd_private *p)
{
	if (p->pid <= 0)
		return;
	kill(p->pid, SIGTERM);
	if (!reaped_within(p->pid, STOP_GRACE_MS)) {
		kill(p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
	}
	unlink(p->socket);
	p->pid = 0;
}
