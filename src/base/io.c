/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

#define CHUNK 16384

static void wait_writable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	poll(&p, 1, -1);
}

int io_write_all(int fd, const void *data, size_t n, struct err *e)
{
	const char *from = data;

	while (n) {
		ssize_t done = write(fd, from, n);

		if (done >= 0) {
			from += done;
			n -= (size_t)done;
		} else if (errno == EAGAIN) {
			wait_writable(fd);
		} else if (errno != EINTR) {
			return err_errno(e, "write");
		}
	}
	return 0;
}

ssize_t io_read_some(int fd, void *data, size_t n)
{
	ssize_t got;

	do {
		got = read(fd, data, n);
	} while (got < 0 && errno == EINTR);
	return got;
}

int io_open_as_user(const char *path, int flags, struct err *e)
{
	gid_t group = getegid();
	int fd, failed;

	if (setegid(getgid()))
		return err_errno(e, "setegid");
	fd = open(path, flags | O_CLOEXEC, 0600);
	failed = errno;
	if (setegid(group)) {
		if (fd >= 0)
			close(fd);
		return err_errno(e, "setegid");
	}
	errno = failed;
	return fd < 0 ? err_errno(e, path) : fd;
}

static int read_to_end(int fd, const char *path, size_t max, struct buf *out, struct err *e)
{
	char chunk[CHUNK];
	size_t total = 0;
	ssize_t got;
	int last = -1;

	while ((got = io_read_some(fd, chunk, sizeof(chunk))) > 0) {
		total += (size_t)got;
		if (total > max || buf_add(out, chunk, (size_t)got)) {
			err_set(e, total > max || total > out->ceiling ? ERR_TOO_LARGE : ERR_MEMORY,
				"%s: more than %zu bytes", path, max < out->ceiling ? max : out->ceiling);
			goto out;
		}
	}
	last = got < 0 ? err_errno(e, path) : 0;
out:
	wipe(chunk, sizeof(chunk));
	return last;
}

int io_read_file(const char *path, size_t max, struct buf *out, struct err *e)
{
	struct buf read;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), last;

	if (fd < 0)
		return err_errno(e, path);
	buf_init(&read, max);
	last = read_to_end(fd, path, max, &read, e);
	close(fd);
	if (!last && buf_add(out, read.data, read.len))
		last = err_set(e, ERR_TOO_LARGE, "%s: more than %zu bytes", path, out->ceiling);
	buf_wipe_release(&read);
	return last;
}

int io_fill(int fd, struct buf *in)
{
	char chunk[CHUNK];
	ssize_t got = io_read_some(fd, chunk, sizeof(chunk));
	int last = 1;

	if (got < 0)
		last = errno == EAGAIN ? 0 : -1;
	else if (!got || buf_add(in, chunk, (size_t)got))
		last = -1;
	if (got > 0)
		wipe(chunk, (size_t)got);
	return last;
}

bool io_take_line(struct buf *in, struct buf *line)
{
	char *end = in->len ? memchr(in->data, '\n', in->len) : NULL;
	size_t n;

	if (!end)
		return false;
	n = (size_t)(end - in->data);
	buf_reset(line);
	buf_add(line, in->data, n && in->data[n - 1] == '\r' ? n - 1 : n);
	buf_drop_front(in, n + 1);
	return true;
}
