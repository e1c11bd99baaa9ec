/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/card_socket.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/text.h"

/* --- the place ---------------------------------------------------------------------------------------- */

/* Left over from another account (su, sudo) it is somebody else's: not where our logins forward to. */
static bool own_directory(const char *path)
{
	struct stat st;

	return path && *path == '/' && !stat(path, &st) && S_ISDIR(st.st_mode) && st.st_uid == getuid();
}

static bool runtime_directory(char *out, size_t size)
{
	const char *set = getenv("XDG_RUNTIME_DIR");

	if (own_directory(set))
		return text_copy(out, size, set);
	return text_format(out, size, "/run/user/%u", (unsigned)getuid());
}

static int open_socket(const char *path, int *why)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	*why = ENAMETOOLONG;
	if (fd < 0)
		*why = errno;
	else if (text_copy(to.sun_path, sizeof(to.sun_path), path))
		*why = connect(fd, (struct sockaddr *)&to, sizeof(to)) ? errno : 0;
	if (fd >= 0 && *why) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* EAGAIN: a full backlog, so somebody is there. */
static enum card_forward listens(const char *path)
{
	int why, fd = open_socket(path, &why);

	if (fd >= 0)
		close(fd);
	if (!why || why == EAGAIN)
		return CARD_FORWARD_LISTENING;
	if (why == ENOENT)
		return CARD_FORWARD_NONE;
	return why == EACCES || why == EPERM ? CARD_FORWARD_DENIED : CARD_FORWARD_STALE;
}

/* Connecting takes the right to write the socket and to pass through its directory (unix(7)). */
static enum card_forward judge(const char *dir, const char *path, const struct stat *st)
{
	struct stat d;

	if (!S_ISSOCK(st->st_mode) || st->st_uid != getuid())
		return CARD_FORWARD_FOREIGN;
	if (stat(dir, &d) || d.st_uid != getuid() || d.st_mode & 0022)
		return CARD_FORWARD_FOREIGN;
	if (d.st_mode & 0011 && st->st_mode & 0022)
		return CARD_FORWARD_OPEN;
	return listens(path);
}

static int64_t changed_ns(const struct stat *st)
{
	return st->st_ctim.tv_sec * INT64_C(1000000000) + st->st_ctim.tv_nsec;
}

static void find_forward(struct card_socket *s)
{
	char dir[CARD_SOCKET_PATH];
	struct stat st;

	if (!runtime_directory(dir, sizeof(dir)) ||
	    !text_format(s->forwarded, sizeof(s->forwarded), "%s/" CARD_SOCKET_NAME, dir)) {
		s->forwarded[0] = '\0'; /* too long for any socket: sshd could not have made one there */
		return;
	}
	if (lstat(s->forwarded, &st))
		return;
	s->mode = st.st_mode;
	s->owner = st.st_uid;
	s->device = st.st_dev;
	s->inode = st.st_ino;
	s->changed_ns = changed_ns(&st);
	s->forward = judge(dir, s->forwarded, &st);
}

void card_socket_find(struct card_socket *s)
{
	const char *given = getenv(CARD_SOCKET_VARIABLE);

	*s = (struct card_socket){.path = CARD_SOCKET_SYSTEM};
	if (given && *given && text_copy(s->path, sizeof(s->path), given)) {
		s->place = CARD_SOCKET_IS_GIVEN;
		return;
	}
	text_copy(s->path, sizeof(s->path), CARD_SOCKET_SYSTEM);
	find_forward(s);
	if (s->forward != CARD_FORWARD_LISTENING)
		return;
	s->place = CARD_SOCKET_IS_FORWARD;
	text_copy(s->path, sizeof(s->path), s->forwarded);
}

bool card_socket_changed(const struct card_socket *s)
{
	struct stat st;

	if (!*s->forwarded)
		return false;
	if (lstat(s->forwarded, &st))
		return s->mode != 0;
	return st.st_mode != s->mode || st.st_uid != s->owner || st.st_dev != s->device ||
	       st.st_ino != s->inode || changed_ns(&st) != s->changed_ns;
}

bool card_socket_moved(struct card_socket *s, bool helper_looks)
{
	struct card_socket now;

	if (!card_socket_changed(s))
		return false;
	card_socket_find(&now);
	if (!helper_looks || now.place != s->place || strcmp(now.path, s->path) != 0)
		return true;
	*s = now;
	return false;
}

/* --- for the helper ----------------------------------------------------------------------------------- */

const char *const *card_socket_env(struct card_socket *s)
{
	if (s->place == CARD_SOCKET_IS_SYSTEM)
		return NULL;
	text_format(s->variable, sizeof(s->variable), CARD_SOCKET_VARIABLE "=%s", s->path);
	s->env[0] = s->variable;
	s->env[1] = NULL;
	return s->env;
}

/* The bare call: between fork and exec the library's own, which speaks to other threads, has no place. */
int card_socket_drop_group(void *unused)
{
	gid_t own = getgid();

	(void)unused;
	return (int)syscall(SYS_setresgid, own, own, own);
}

static enum err_code missing_beyond(void)
{
	struct card_socket now;

	card_socket_find(&now);
	return now.forward == CARD_FORWARD_LISTENING ? ERR_CARD_FORWARD_FAR : ERR_CARD_FORWARD_STALE;
}

enum err_code card_socket_cause(const struct card_socket *s, enum err_code said)
{
	if (said != ERR_CARD_SERVICE && said != ERR_CARD_REFUSED_SERVICE)
		return said;
	/* A service that refuses closes the line as one that is not there does (pcsc-lite,
	 * IsClientAuthorized()): from here they look alike. */
	if (s->place == CARD_SOCKET_IS_FORWARD)
		return missing_beyond();
	if (s->place == CARD_SOCKET_IS_GIVEN)
		return said;
	if (s->forward == CARD_FORWARD_STALE)
		return ERR_CARD_FORWARD_STALE;
	return s->forward > CARD_FORWARD_STALE ? ERR_CARD_FORWARD_UNSAFE : said;
}

/* --- the service's version ------------------------------------------------------------------------------ */

/* pcsc-lite, src/winscard_msg.h: struct rxHeader, then struct version_struct; both in the machine's byte
 * order. */
struct version_message {
	uint32_t size, command;
	int32_t major, minor;
	uint32_t rv;
};
#define HEADER_BYTES (2 * sizeof(uint32_t))
#define CMD_VERSION 0x11

static int take_answer(int fd, int timeout_ms, unsigned char *to, size_t size)
{
	int64_t until = clock_steady_ms() + timeout_ms, left;
	size_t have = 0;

	while (have < size && (left = until - clock_steady_ms()) > 0) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		ssize_t got;

		if (poll(&p, 1, (int)left) <= 0)
			continue;
		got = read(fd, to + have, size - have);
		if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
			return -1;
		have += got > 0 ? (size_t)got : 0;
	}
	return have == size ? 0 : -1;
}

int card_socket_ask(const struct card_socket *s, int timeout_ms, struct card_protocol *out, struct err *e)
{
	struct version_message m = {
		.size = sizeof(m) - HEADER_BYTES, .command = CMD_VERSION, .major = 4, .minor = 4};
	unsigned char *body = (unsigned char *)&m + HEADER_BYTES;
	int why, fd = open_socket(s->path, &why), ret = -1;

	if (fd < 0 && (why == EACCES || why == EPERM))
		return err_set(e, ERR_NO_PERMISSION, "%s", s->path);
	if (fd < 0)
		return err_set(e, ERR_CARD_SERVICE, "%s: %s", s->path, strerror(why));
	if (send(fd, &m, sizeof(m), MSG_NOSIGNAL) != sizeof(m) ||
	    take_answer(fd, timeout_ms, body, sizeof(m) - HEADER_BYTES)) {
		err_set(e, ERR_CARD_FORWARD_FAR, "%s: no answer", s->path);
	} else {
		*out = (struct card_protocol){m.major, m.minor};
		ret = 0;
	}
	close(fd);
	return ret;
}

/* pcsc-lite's own history of PROTOCOL_VERSION_MINOR. */
const char *card_protocol_releases(const struct card_protocol *p)
{
	static const char *const releases[] = {[4] = "1.8.24 – 2.2", [5] = "2.3 – 2.4", [6] = "2.5"};

	if (p->major != 4 || p->minor < 4 || p->minor >= (int)ARRAY_LEN(releases))
		return "";
	return releases[p->minor];
}
