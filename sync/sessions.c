/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/sessions.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "desk/desk.h"

#define PROJECT_DIGITS 18
#define CHANGED "changed\n"
#define NOW "now "
#define NUDGE "nudge "
#define STOP "stop "

void sessions_init(struct sessions *s)
{
	*s = (struct sessions){.lock = SYNC_LOCK_FILE, .socket = DESK_SOCKET, .lock_fd = -1, .dir_fd = -1, .listen_fd = -1};
}

void sessions_name(struct sessions *s, const char *lock, const char *socket)
{
	s->lock = lock;
	s->socket = socket;
}

int sessions_lock(struct sessions *s, const char *dir, struct err *e)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct stat st;

	s->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->dir_fd < 0 || fstat(s->dir_fd, &st))
		return err_set(e, ERR_NO_DATA, "%s", dir);
	s->uid = geteuid();
	s->gid = st.st_gid;
	s->group = (st.st_mode & S_IWGRP) != 0;
	s->lock_fd = openat(s->dir_fd, s->lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
			    s->group ? 0660 : 0600);
	if (s->lock_fd < 0)
		return err_errno(e, s->lock);
	if (s->group && fchmod(s->lock_fd, 0660) && errno != EPERM) /* whatever umask says; another's has it already */
		return err_errno(e, s->lock);
	if (!fcntl(s->lock_fd, F_OFD_SETLK, &whole))
		return 0;
	if (errno == EAGAIN || errno == EACCES)
		return err_set(e, ERR_DATA_LOCKED, "another process holds %s", s->lock);
	return err_errno(e, s->lock);
}

/* By way of the open directory: sun_path is short, a data directory's path may be long. */
static bool address_of(const struct sessions *s, struct sockaddr_un *to)
{
	*to = (struct sockaddr_un){.sun_family = AF_UNIX};
	return text_format(to->sun_path, sizeof(to->sun_path), "/proc/self/fd/%d/%s", s->dir_fd, s->socket);
}

int sessions_listen(struct sessions *s, struct err *e)
{
	struct sockaddr_un at;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t mask;
	int bad;

	if (fd < 0)
		return err_errno(e, "socket");
	if (unlinkat(s->dir_fd, s->socket, 0) && errno != ENOENT) {
		close(fd);
		return err_errno(e, s->socket);
	}
	mask = umask(s->group ? 0117 : 0177);
	bad = !address_of(s, &at) || bind(fd, (struct sockaddr *)&at, sizeof(at)) ||
	      listen(fd, SESSIONS_MOST);
	umask(mask);
	if (bad) {
		err_errno(e, s->socket);
		close(fd);
		return -1;
	}
	s->listen_fd = fd;
	s->empty_since_ms = clock_steady_ms();
	return 0;
}

static void drop(struct sessions *s, size_t i)
{
	close(s->link[i].fd);
	s->link[i] = s->link[--s->n];
	if (!s->n)
		s->empty_since_ms = clock_steady_ms();
}

void sessions_release(struct sessions *s)
{
	while (s->n)
		drop(s, s->n - 1);
	if (s->listen_fd >= 0) {
		unlinkat(s->dir_fd, s->socket, 0);
		close(s->listen_fd);
	}
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	if (s->dir_fd >= 0)
		close(s->dir_fd);
	s->lock_fd = s->dir_fd = s->listen_fd = -1;
}

static bool welcome(const struct sessions *s, int fd)
{
	struct ucred who;
	socklen_t n = sizeof(who);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n))
		return false;
	return who.uid == s->uid || (s->group && who.gid == s->gid);
}

static void take_links(struct sessions *s)
{
	int fd;

	while ((fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		if (s->n == SESSIONS_MOST || !welcome(s, fd)) {
			log_write(LOG_WRN, "a link was refused");
			close(fd);
			continue;
		}
		s->link[s->n++] = (struct session_link){.fd = fd};
	}
}

/* One more than there is room for is left to the next look at the changes. */
static void wish(struct sessions *s, int64_t project, bool now, bool stop)
{
	for (size_t i = 0; i < s->wishes; i++) {
		if (s->wish[i].project == project) {
			s->wish[i].now |= now;
			s->wish[i].stop |= stop;
			return;
		}
	}
	if (s->wishes < ARRAY_LEN(s->wish))
		s->wish[s->wishes++] = (struct session_wish){.project = project, .now = now, .stop = stop};
}

static bool read_wish(struct sessions *s, const char *line, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(line, word, n) || !text_is_digits(line + n) || strlen(line + n) > PROJECT_DIGITS)
		return false;
	wish(s, strtoll(line + n, NULL, 10), !strcmp(word, NOW), !strcmp(word, STOP));
	return true;
}

static bool understood(struct sessions *s, const char *line, size_t n)
{
	return strlen(line) == n && (read_wish(s, line, NOW) || read_wish(s, line, NUDGE) || read_wish(s, line, STOP));
}

static bool take_lines(struct sessions *s, struct session_link *l)
{
	char *end;
	bool fine = true;

	while (fine && (end = memchr(l->in, '\n', l->have))) {
		size_t n = (size_t)(end - l->in), ends = n && l->in[n - 1] == '\r' ? n - 1 : n;

		l->in[ends] = '\0';
		fine = understood(s, l->in, ends);
		l->have -= n + 1;
		memmove(l->in, end + 1, l->have);
	}
	return fine;
}

/* False: the link has ended or its peer does not keep to the lines. */
static bool serve(struct sessions *s, struct session_link *l)
{
	ssize_t got = io_read_some(l->fd, l->in + l->have, sizeof(l->in) - l->have);

	if (got < 0)
		return errno == EAGAIN;
	l->have += (size_t)got;
	return got && take_lines(s, l) && l->have < sizeof(l->in);
}

bool sessions_wait(struct sessions *s, int also, int wait_ms)
{
	struct pollfd p[SESSIONS_MOST + 2];
	size_t n = s->n;

	for (size_t i = 0; i < n; i++)
		p[i] = (struct pollfd){.fd = s->link[i].fd, .events = POLLIN};
	p[n] = (struct pollfd){.fd = s->listen_fd, .events = POLLIN};
	p[n + 1] = (struct pollfd){.fd = also, .events = POLLIN};
	if (poll(p, (nfds_t)n + 2, wait_ms) <= 0)
		return false;
	for (size_t i = n; i-- > 0;) {
		if (p[i].revents && !serve(s, &s->link[i]))
			drop(s, i);
	}
	if (p[n].revents)
		take_links(s);
	return p[n + 1].revents != 0;
}

void sessions_tell_changed(struct sessions *s)
{
	for (size_t i = s->n; i-- > 0;) {
		ssize_t done = send(s->link[i].fd, CHANGED, sizeof(CHANGED) - 1, MSG_NOSIGNAL);

		/* a full pipe has a "changed" in it already; half a line would not be one */
		if (done >= 0 ? done != sizeof(CHANGED) - 1 : errno != EAGAIN)
			drop(s, i);
	}
}
