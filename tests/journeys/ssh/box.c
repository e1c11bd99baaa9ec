/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journeys/ssh/box.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/dates.h"
#include "base/text.h"
#include "desk/card_socket.h"

#define DEADLINE_MS 30000
#define TEXT_MAX 8192

static void must(const char *format, ...)
{
	char command[512];
	va_list ap;

	va_start(ap, format);
	text_vformat(command, sizeof(command), format, ap);
	va_end(ap);
	if (system(command) != 0)
		fail_msg("%s", command);
}

/* --- accounts
 * ------------------------------------------------------------------------------------------------- */

static bool own_run(void)
{
	char text[256];

	if (mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=1m") ||
	    mkdir("/run/sshd", 0755) || mkdir("/run/user", 0755))
		return false;
	for (unsigned uid = BOX_FIRST_UID; uid < BOX_FIRST_UID + CLERKS; uid++) {
		text_format(text, sizeof(text), "/run/user/%u", uid);
		if (mkdir(text, 0700) || chown(text, uid, uid))
			return false;
		text_format(text, sizeof(text), PACKAGING_DIR "/ssh/runtime-name add %u", uid);
		if (system(text) != 0)
			return false;
	}
	return true;
}

static bool own_passwd(void)
{
	char file[] = "/tmp/shiming-passwd-XXXXXX", command[96];
	int fd = mkostemp(file, O_CLOEXEC | O_APPEND);
	bool made;

	if (fd < 0)
		return false;
	text_format(command, sizeof(command), "cat /etc/passwd >>%s", file);
	made = system(command) == 0 && fchmod(fd, 0644) == 0;
	for (unsigned i = 0; i < CLERKS; i++)
		made = made && dprintf(fd, "clerk-%c:*:%u:%u::/:/bin/sh\n", (char)('a' + i),
				       BOX_FIRST_UID + i, BOX_FIRST_UID + i) > 0;
	close(fd);
	made = made && mount(file, "/etc/passwd", NULL, MS_BIND, NULL) == 0;
	unlink(file);
	return made;
}

bool box_make_accounts(void)
{
	if (geteuid() != 0 || unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return false;
	return own_passwd() && own_run();
}

/* --- files
 * ------------------------------------------------------------------------------------------------------ */

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void read_text(const char *path, char text[TEXT_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	assert_true(fd >= 0);
	n = read(fd, text, TEXT_MAX - 1);
	assert_in_range(n, 1, TEXT_MAX - 2);
	text[n] = '\0';
	close(fd);
}

/* What the shipped file says, with one thing of this machine's in the place of a site's. */
static void replace(char text[TEXT_MAX], const char *what, const char *by)
{
	char *at = strstr(text, what), rest[TEXT_MAX];

	if (!at)
		fail_msg("'%s' is not in the shipped configuration", what);
	text_copy(rest, sizeof(rest), at + strlen(what));
	*at = '\0';
	assert_true(text_format(at, TEXT_MAX - strlen(text), "%s%s", by, rest));
}

/* --- the server
 * ---------------------------------------------------------------------------------------------------- */

static void add_key(struct box *b, size_t i)
{
	char path[96], key[TEXT_MAX];
	FILE *f;

	must("/usr/bin/ssh-keygen -q -t ed25519 -N '' -C test -f %s/key-%zu", b->dir, i);
	text_format(path, sizeof(path), "%s/key-%zu.pub", b->dir, i);
	read_text(path, key);
	text_format(path, sizeof(path), "%s/authorized_keys", b->dir);
	f = fopen(path, "ae");
	assert_non_null(f);
	if (!b->accounts)
		fprintf(f, "environment=\"XDG_RUNTIME_DIR=%s\" ", b->clerk[i].runtime);
	fputs(key, f);
	assert_int_equal(fclose(f), 0);
}

static struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
				    .sin_port = htons((uint16_t)port),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int free_port(void)
{
	struct sockaddr_in a = loopback(0);
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	close(fd);
	return ntohs(a.sin_port);
}

static bool answers(int port)
{
	struct sockaddr_in a = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool good = connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0;

	close(fd);
	return good;
}

/* false: ended at once, as where another took the port in between. */
static bool start_sshd(struct box *b)
{
	char config[96], text[1024], log[96];
	const char *argv[] = {"/usr/sbin/sshd", "-D", "-e", "-f", config, NULL};
	struct child_spec spec = {.argv = argv, .new_session = true};
	int64_t until = clock_steady_ms() + DEADLINE_MS;
	struct err e = {0};

	b->port = free_port();
	text_format(config, sizeof(config), "%s/sshd_config", b->dir);
	text_format(text, sizeof(text),
		    "Include " PACKAGING_DIR
		    "/ssh/sshd-shiming.conf\nListenAddress 127.0.0.1:%d\nHostKey %s/host\nPidFile none\n"
		    "AuthorizedKeysFile %s/authorized_keys\nUsePAM no\nStrictModes no\nPermitUserEnvironment "
		    "XDG_RUNTIME_DIR\n"
		    "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin "
		    "prohibit-password\n",
		    b->port, b->dir, b->dir);
	write_text(config, text);
	text_format(log, sizeof(log), "%s/sshd.log", b->dir);
	spec.stderr_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	assert_true(spec.stderr_fd > 0);
	if (geteuid() == 0 && mkdir("/run/sshd", 0755) != 0) /* the system's service makes it, which need not run here */
		assert_int_equal(errno, EEXIST);
	assert_int_equal(child_start(&b->sshd, &spec, &e), 0);
	close(spec.stderr_fd);
	while (clock_steady_ms() < until && !child_reap(&b->sshd)) {
		if (answers(b->port))
			return true;
		poll(NULL, 0, 10);
	}
	child_release(&b->sshd);
	return false;
}

static void name_clerk(struct box *b, size_t i)
{
	struct clerk *c = &b->clerk[i];
	const struct passwd *me = getpwuid(getuid());

	c->line = (struct child)CHILD_NONE;
	if (b->accounts) {
		c->uid = BOX_FIRST_UID + (uid_t)i;
		text_format(c->name, sizeof(c->name), "clerk-%c", (char)('a' + i));
		text_format(c->runtime, sizeof(c->runtime), "/run/user/%u", (unsigned)c->uid);
	} else {
		assert_non_null(me);
		c->uid = me->pw_uid;
		text_copy(c->name, sizeof(c->name), me->pw_name);
		text_format(c->runtime, sizeof(c->runtime), "%s/run-%zu", b->dir, i);
		assert_int_equal(mkdir(c->runtime, 0700), 0);
	}
	text_format(c->socket, sizeof(c->socket), "%s/" CARD_SOCKET_NAME, c->runtime);
	text_format(c->config, sizeof(c->config), "%s/ssh-%zu", b->dir, i);
	text_format(c->shared, sizeof(c->shared), "%s/ssh-shared-%zu", b->dir, i);
	add_key(b, i);
}

void box_open(struct box *b, bool accounts)
{
	char log[TEXT_MAX], path[96];

	*b = (struct box){.dir = "/tmp/shiming-box-XXXXXX", .accounts = accounts, .bin = BIN_DIR};
	signal(SIGPIPE, SIG_IGN);
	assert_non_null(mkdtemp(b->dir));
	assert_int_equal(chmod(b->dir, 0755), 0); /* sshd reads the keys as the clerk */
	if (accounts) {				  /* the tree may lie where the clerks cannot go */
		text_format(b->bin, sizeof(b->bin), "%s/bin", b->dir);
		assert_int_equal(mkdir(b->bin, 0755), 0);
		assert_int_equal(mount(BIN_DIR, b->bin, NULL, MS_BIND, NULL), 0);
	}
	for (size_t i = 0; i < CLERKS; i++)
		name_clerk(b, i);
	must("/usr/bin/ssh-keygen -q -t ed25519 -N '' -C test -f %s/host", b->dir);
	for (int i = 0; i < 5; i++)
		if (start_sshd(b))
			return;
	text_format(path, sizeof(path), "%s/sshd.log", b->dir);
	read_text(path, log);
	fail_msg("sshd: %s", log);
}

/* --- processes of the server
 * ------------------------------------------------------------------------------------------ */

static pid_t parent_of(pid_t pid)
{
	char path[64], line[512] = "";
	const char *end;
	int fd;

	text_format(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (read(fd, line, sizeof(line) - 1) < 0)
		line[0] = '\0';
	close(fd);
	end = strrchr(line, ')');
	return end ? (pid_t)strtol(end + 4, NULL, 10) : 0;
}

static bool descends(pid_t pid, pid_t from)
{
	while (pid > 1 && pid != from)
		pid = parent_of(pid);
	return pid == from;
}

void box_sshd_cut(struct box *b)
{
	DIR *d = opendir("/proc");
	const struct dirent *entry;

	assert_non_null(d);
	while ((entry = readdir(d))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid > 1 && pid != b->sshd.pid && descends(pid, b->sshd.pid))
			kill(pid, SIGKILL);
	}
	closedir(d);
	for (size_t i = 0; i < CLERKS; i++)
		child_release(&b->clerk[i].line);
}

void box_close(struct box *b)
{
	if (b->sshd.pid > 0)
		box_sshd_cut(b); /* first: what runs for the clerks on the box is still its descendant */
	child_release(&b->sshd);
	for (size_t i = 0; i < CLERKS; i++) {
		if (b->clerk[i].plugged)
			rig_stop(&b->clerk[i].pc);
		unlink(b->clerk[i].socket);
	}
	if (b->accounts)
		umount2(b->bin, MNT_DETACH);
	must("rm -rf %s", b->dir);
}

/* --- the clerk's PC
 * --------------------------------------------------------------------------------------------------- */

static void configure(struct box *b, size_t i, const char *path, const char *control)
{
	struct clerk *c = &b->clerk[i];
	char shipped[TEXT_MAX], text[2 * TEXT_MAX], host[TEXT_MAX], known[96], by[128];

	text_format(known, sizeof(known), "%s/host.pub", b->dir);
	read_text(known, host);
	text_format(known, sizeof(known), "%s/known", b->dir);
	text_format(text, sizeof(text), "[127.0.0.1]:%d %s", b->port, host);
	write_text(known, text);
	read_text(PACKAGING_DIR "/ssh/client-shiming.conf", shipped);
	replace(shipped, " /run/pcscd/pcscd.comm",
		text_format(by, sizeof(by), " %s", c->pc.pcscd.socket) ? by : "");
	if (!b->accounts)
		replace(shipped, "/run/shiming/%r", c->runtime);
	/* The first word on an option counts: this machine's first, then what is shipped. */
	text_format(
		text, sizeof(text),
		"Host shiming-box\nHostName 127.0.0.1\nPort %d\nUser %s\nIdentityFile "
		"%s/key-%zu\nIdentitiesOnly yes\nBatchMode yes\n"
		"UserKnownHostsFile %s\nGlobalKnownHostsFile /dev/null\nStrictHostKeyChecking yes\n%s\n%s",
		b->port, c->name, b->dir, i, known, control, shipped);
	write_text(path, text);
}

void box_plug(struct box *b, size_t i)
{
	struct clerk *c = &b->clerk[i];
	char control[128];

	rig_start(&c->pc, 1, NULL);
	c->plugged = true;
	child_release(&c->pc.reader); /* nobody reads on the PC itself */
	configure(b, i, c->config, "ControlMaster no\nControlPath none");
	text_format(control, sizeof(control), "ControlPath %s/line-%zu", b->dir, i);
	configure(b, i, c->shared, control);
}

/* --- commands
 * ------------------------------------------------------------------------------------------------------------
 */

const char *box_shiming(const struct box *b, const char *args)
{
	static char command[512];

	text_format(command, sizeof(command), "exec env SHIMING_LANG=zh %s/shiming %s", b->bin, args);
	return command;
}

static void read_file(const char *path, char *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, out, BOX_OUTPUT - 1);

	close(fd);
	out[n > 0 ? n : 0] = '\0';
}

static void drain(struct box *b, struct child *c)
{
	int64_t until = clock_steady_ms() + DEADLINE_MS;
	size_t n = 0;
	ssize_t got = 1;

	while (got != 0 && clock_steady_ms() < until) {
		struct pollfd p = {.fd = c->out, .events = POLLIN};

		poll(&p, 1, 100);
		got = read(c->out, b->out + n, BOX_OUTPUT - 1 - n);
		n += got > 0 ? (size_t)got : 0;
	}
	b->out[n] = '\0';
}

static int run(struct box *b, const char *const *argv, const char *const *env)
{
	struct child_spec spec = {.argv = argv, .env = env, .want_stdin = true, .want_stdout = true};
	struct child c = CHILD_NONE;
	struct err e = {0};
	char path[96];
	int status;

	text_format(path, sizeof(path), "%s/stderr", b->dir);
	spec.stderr_fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_int_equal(child_start(&c, &spec, &e), 0);
	close(spec.stderr_fd);
	drain(b, &c);
	assert_true(child_wait(&c, DEADLINE_MS));
	status = c.status;
	child_release(&c);
	read_file(path, b->err);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static const char *const *ssh_argv(struct box *b, size_t i, enum box_login how, const char *command)
{
	static const char *argv[10];
	const struct clerk *c = &b->clerk[i];
	size_t n = 0;

	argv[n++] = "/usr/bin/ssh";
	argv[n++] = "-F";
	argv[n++] = how == BOX_SHARED ? c->shared : c->config;
	if (how == BOX_PLAIN) {
		argv[n++] = "-o";
		argv[n++] = "ClearAllForwardings=yes";
	}
	if (!command)
		argv[n++] = "-N";
	argv[n++] = "shiming-box";
	argv[n++] = command;
	argv[n] = NULL;
	return argv;
}

int box_ssh(struct box *b, size_t i, enum box_login how, const char *command)
{
	return run(b, ssh_argv(b, i, how, command), NULL);
}

void box_ssh_watch(struct box *b, size_t i, enum box_login how)
{
	rig_start_reader(&b->clerk[i].pc, ssh_argv(b, i, how, box_shiming(b, "card watch --json")));
}

/* "sh -c COMMAND" as the clerk. */
static const char *const *own_argv(struct box *b, size_t i, const char *command)
{
	static const char *argv[12];
	static char id[16];
	size_t n = 0;

	if (b->accounts) {
		text_format(id, sizeof(id), "%u", (unsigned)b->clerk[i].uid);
		argv[n++] = "/usr/bin/setpriv";
		argv[n++] = "--reuid";
		argv[n++] = id;
		argv[n++] = "--regid";
		argv[n++] = id;
		argv[n++] = "--clear-groups";
		argv[n++] = "--pdeathsig";
		argv[n++] = "KILL";
	}
	argv[n++] = "/bin/sh";
	argv[n++] = "-c";
	argv[n++] = command;
	argv[n] = NULL;
	return argv;
}

int box_run(struct box *b, size_t i, const char *command)
{
	char runtime[128];
	const char *env[] = {runtime, NULL};

	text_format(runtime, sizeof(runtime), "XDG_RUNTIME_DIR=%s", b->clerk[i].runtime);
	return run(b, own_argv(b, i, command), env);
}

int box_run_as_is(struct box *b, const char *command)
{
	const char *argv[] = {"/bin/sh", "-c", command, NULL};

	return run(b, argv, NULL);
}

void box_run_watch(struct box *b, size_t i)
{
	struct clerk *c = &b->clerk[i];

	/* the rig adds one variable: here the one that a login sets */
	text_format(c->pc.csock, sizeof(c->pc.csock), "XDG_RUNTIME_DIR=%s", c->runtime);
	rig_start_reader(&c->pc, own_argv(b, i, box_shiming(b, "card watch --json")));
}

/* --- lines
 * ------------------------------------------------------------------------------------------------------------------
 */

void box_line_up(struct box *b, size_t i)
{
	struct child_spec spec = {.argv = ssh_argv(b, i, BOX_FORWARD, NULL), .want_stdin = true};
	struct clerk *c = &b->clerk[i];
	int64_t until = clock_steady_ms() + DEADLINE_MS;
	struct stat before = {0}, now;
	struct err e = {0};

	stat(c->socket, &before);
	child_release(&c->line);
	assert_int_equal(child_start(&c->line, &spec, &e), 0);
	while (stat(c->socket, &now) || (now.st_ino == before.st_ino && now.st_ctime == before.st_ctime &&
					 now.st_ctim.tv_nsec == before.st_ctim.tv_nsec)) {
		if (clock_steady_ms() > until || child_reap(&c->line))
			fail_msg("no socket came through ssh");
		poll(NULL, 0, 5);
	}
}

void box_line_cut(struct box *b, size_t i)
{
	child_release(&b->clerk[i].line);
}
