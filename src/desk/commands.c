/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/text.h"

#define FILE_MOST 65536
#define SECONDS_MOST 60
#define LINE_MOST (INI_MAX_LINE - 10) /* a longer line would be cut by the parser, and half a command run */

struct reading {
	struct commands *c;
	unsigned seen; /* bits: keys that this file has given; a second time, or a line that goes on, is a fault */
};

static int set_text(char *out, const char *value)
{
	return text_valid(value, strlen(value)) && text_copy(out, COMMAND_TEXT, value) ? 0 : -1;
}

static int set_camera(struct commands *c, const char *value)
{
	return set_text(c->camera, value);
}

static int set_seconds(struct commands *c, const char *value)
{
	unsigned long n = text_is_digits(value) && strlen(value) < 5 ? strtoul(value, NULL, 10) : 0;

	if (n < 1 || n > SECONDS_MOST)
		return -1;
	c->camera_seconds = (unsigned)n;
	return 0;
}

static int set_decoder(struct commands *c, const char *value)
{
	return set_text(c->decoder, value);
}

static int set_printer(struct commands *c, const char *value)
{
	return set_text(c->printer, value);
}

static const struct {
	const char *section, *name;
	int (*set)(struct commands *c, const char *value);
} keys[] = {
	{"camera", "command", set_camera},
	{"camera", "seconds", set_seconds},
	{"wlt", "decoder", set_decoder},
	{"print", "command", set_printer},
};

/* As the parser calls it: 0 is a fault of this line. */
static int take(void *arg, const char *section, const char *name, const char *value)
{
	struct reading *r = arg;

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (strcmp(keys[i].section, section) || strcmp(keys[i].name, name))
			continue;
		if (r->seen & 1u << i)
			return 0;
		r->seen |= 1u << i;
		return keys[i].set(r->c, value) == 0;
	}
	return 0;
}

/* The first line that is too long; 0: none. */
static int longest_line(const char *text)
{
	int at = 1;

	for (const char *end; *text; text = *end ? end + 1 : end, at++) {
		end = strchrnul(text, '\n');
		if (end - text > LINE_MOST)
			return at;
	}
	return 0;
}

/* Only its owner and root may have written it. */
static int trusted(int fd, const char *path, uid_t owner, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st))
		return err_errno(e, path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_COMMANDS_FILE, "%s: no plain file", path);
	if ((st.st_uid != 0 && st.st_uid != owner) || (st.st_mode & (S_IWGRP | S_IWOTH)))
		return err_set(e, ERR_COMMANDS_OWNER, "%s: uid %u, mode %o", path, (unsigned)st.st_uid,
			       (unsigned)st.st_mode & 07777);
	return 0;
}

static int read_all(const char *path, uid_t owner, struct buf *text, bool *there, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), last;

	*there = fd >= 0;
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : err_errno(e, path);
	last = trusted(fd, path, owner, e);
	while (!last && io_fill(fd, text) > 0)
		;
	close(fd);
	if (!last && (text->failed || (text->data && strlen(text->data) != text->len)))
		last = err_set(e, ERR_COMMANDS_FILE, "%s: no text, or too long", path);
	return last;
}

int commands_read(struct commands *c, const char *path, uid_t owner, struct err *e)
{
	struct commands got = *c;
	struct reading r = {.c = &got};
	struct buf text;
	bool there;
	int last, line = 0;

	buf_init(&text, FILE_MOST);
	last = read_all(path, owner, &text, &there, e);
	if (!last && text.len) {
		line = longest_line(text.data);
		line = line ? line : ini_parse_string(text.data, take, &r);
	}
	if (line)
		last = err_set(e, ERR_COMMANDS_FILE, "%s:%d", path, line);
	if (!last)
		*c = got;
	buf_release(&text);
	return last;
}

static bool own_path(char *out, size_t size)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (config && config[0] == '/')
		return text_format(out, size, "%s/shiming/commands.conf", config);
	return home && home[0] == '/' && text_format(out, size, "%s/.config/shiming/commands.conf", home);
}

int commands_load(struct commands *out, struct err *e)
{
	bool set_id = getauxval(AT_SECURE) || getegid() != getgid() || geteuid() != getuid();
	struct commands c = {.camera = ""};
	char own[4096];

	if (commands_read(&c, COMMANDS_FILE, 0, e) ||
	    (!set_id && own_path(own, sizeof(own)) && commands_read(&c, own, getuid(), e)))
		return -1;
	*out = c;
	return 0;
}
