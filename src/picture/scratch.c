/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "base/tmpfs.h"

#define PREFIX "shiming-picture."
#define DEPTH_MOST 8 /* a decoder may make directories; deeper ones are left to the machine's next start */

static void empty(int dir, int depth);

static void take_away(int dir, const char *name, int depth)
{
	int inside;

	if (!unlinkat(dir, name, 0))
		return;
	inside = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (inside >= 0) {
		if (depth < DEPTH_MOST)
			empty(inside, depth + 1);
		close(inside);
	}
	unlinkat(dir, name, AT_REMOVEDIR);
}

static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

static void empty(int dir, int depth)
{
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = copy >= 0 ? fdopendir(copy) : NULL;
	struct dirent *entry;

	if (!list) {
		if (copy >= 0)
			close(copy);
		return;
	}
	while ((entry = readdir(list))) {
		if (!is_dots(entry->d_name))
			take_away(dir, entry->d_name, depth);
	}
	closedir(list);
}

/* Ours, and nobody holds it any more. */
static void sweep_one(int under, const char *name)
{
	int dir = openat(under, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (dir < 0)
		return;
	if (!fstat(dir, &st) && st.st_uid == geteuid() && !flock(dir, LOCK_EX | LOCK_NB)) {
		empty(dir, 0);
		unlinkat(under, name, AT_REMOVEDIR);
	}
	close(dir);
}

static void sweep(const char *path)
{
	DIR *list = opendir(path);
	struct dirent *entry;

	while (list && (entry = readdir(list))) {
		if (!strncmp(entry->d_name, PREFIX, strlen(PREFIX)))
			sweep_one(dirfd(list), entry->d_name);
	}
	if (list)
		closedir(list);
}

/* Another run's sweep may take the new directory between its making and its locking: then it has no name any
 * more, and a next one is made. */
static int make(struct scratch *s, const char *under, struct err *e)
{
	struct stat st;

	for (int i = 0; i < 10; i++) {
		if (!text_format(s->path, sizeof(s->path), "%s/" PREFIX "XXXXXX", under))
			return err_set(e, ERR_SYSTEM, "path too long");
		if (!mkdtemp(s->path))
			return err_errno(e, "temporary directory");
		s->dir = open(s->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (s->dir >= 0 && !flock(s->dir, LOCK_EX | LOCK_NB) && !fstat(s->dir, &st) && st.st_nlink)
			return 0;
		if (s->dir >= 0)
			close(s->dir);
		s->dir = -1;
	}
	return err_set(e, ERR_SYSTEM, "temporary directory cannot be locked");
}

int scratch_open(struct scratch *s, const char *under, struct err *e)
{
	char found[200];

	*s = (struct scratch)SCRATCH_NONE;
	if (!under && !tmpfs_find(found, sizeof(found)))
		return err_set(e, ERR_NOT_FOUND, "no tmpfs to write to");
	if (!under)
		under = found;
	sweep(under);
	return make(s, under, e);
}

void scratch_close(struct scratch *s)
{
	if (s->dir < 0)
		return;
	empty(s->dir, 0);
	rmdir(s->path);
	close(s->dir); /* the lock goes last */
	s->dir = -1;
}

void scratch_path(const struct scratch *s, const char *name, char *out, size_t size)
{
	text_format(out, size, "%s/%s", s->path, name);
}

int scratch_write(const struct scratch *s, const char *name, const void *data, size_t n, struct err *e)
{
	int fd = openat(s->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), last;

	if (fd < 0)
		return err_errno(e, name);
	last = io_write_all(fd, data, n, e);
	close(fd);
	return last;
}

int scratch_read(const struct scratch *s, const char *name, size_t max, struct buf *out, struct err *e)
{
	int fd = openat(s->dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), got = 1,
	    last = -1;
	struct stat st;

	if (fd < 0)
		return err_set(e, ERR_NOT_FOUND, "%s", name);
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || !st.st_size) {
		err_set(e, ERR_NOT_FOUND, "%s: no content", name);
		goto out;
	}
	while (out->len <= max && got > 0)
		got = io_fill(fd, out);
	last = out->len > max || out->failed ? err_set(e, ERR_TOO_LARGE, "%s: more than %zu bytes", name, max)
					     : 0;
out:
	close(fd);
	return last;
}
