/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"

void line_init(struct line *l, const char *link)
{
	memset(l, 0, sizeof(*l));
	l->master = l->slave = -1;
	text_copy(l->link, sizeof(l->link), link);
}

static bool make_raw(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t) < 0)
		return false;
	cfmakeraw(&t);
	return tcsetattr(fd, TCSANOW, &t) == 0;
}

static bool open_pty(struct line *l)
{
	l->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (l->master < 0 || grantpt(l->master) < 0 || unlockpt(l->master) < 0 ||
	    ptsname_r(l->master, l->slave_path, sizeof(l->slave_path)) != 0)
		return false;
	l->slave = open(l->slave_path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	return l->slave >= 0 && make_raw(l->slave);
}

/* Only ever replaces a symbolic link, never anything that someone keeps. */
static bool make_link(const struct line *l)
{
	struct stat st;

	if (lstat(l->link, &st) == 0) {
		errno = EEXIST;
		if (!S_ISLNK(st.st_mode) || unlink(l->link) < 0)
			return false;
	}
	return symlink(l->slave_path, l->link) == 0;
}

int line_plug(struct line *l, struct err *e)
{
	int rc;

	if (l->master >= 0)
		return 0;
	if (open_pty(l) && make_link(l))
		return 0;
	rc = err_errno(e, "pty");
	line_unplug(l);
	return rc;
}

static bool link_is_ours(const struct line *l)
{
	char target[64];
	ssize_t n = readlink(l->link, target, sizeof(target) - 1);

	if (n < 0)
		return false;
	target[n] = '\0';
	return strcmp(target, l->slave_path) == 0;
}

void line_unplug(struct line *l)
{
	if (l->slave_path[0] && link_is_ours(l))
		unlink(l->link);
	if (l->slave >= 0)
		close(l->slave);
	if (l->master >= 0)
		close(l->master);
	l->master = l->slave = -1;
	l->slave_path[0] = '\0';
}

void line_forget_exclusive(struct line *l)
{
	if (l->slave >= 0)
		ioctl(l->slave, TIOCNXCL);
}
