/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever a session says to the runner over its socket, in pieces whose size the first byte chooses: wishes
 * of the three kinds for projects that can be, no more of them than there is room for, and an end for whoever
 * does not keep to the lines. What the lines mean is worked out here once more, the plain way.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "sync/sessions.h"

#define LINE_ROOM SESSION_LINE /* a line that is not ended within it is nobody's */
#define PIECE_MOST 200

static void must(bool it)
{
	if (!it)
		abort();
}

/* "now 3", "nudge 3", "stop 3". */
static bool understood(const char *line, size_t n)
{
	static const char *const words[] = {"now ", "nudge ", "stop "};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t k = strlen(words[i]);

		if (n > k && n - k <= 18 && !memcmp(line, words[i], k) &&
		    strspn(line + k, "0123456789") >= n - k)
			return true;
	}
	return false;
}

/* Do whole lines up to `most` of the text keep to the protocol? */
static bool keeps(const char *text, size_t most)
{
	for (const char *at = text, *end; (end = memchr(at, '\n', most - (size_t)(at - text)));
	     at = end + 1) {
		size_t n = (size_t)(end - at);

		if (!understood(at, n && at[n - 1] == '\r' ? n - 1 : n))
			return false;
	}
	return true;
}

static size_t longest_open(const char *text, size_t n)
{
	size_t longest = 0, open = 0;

	for (size_t i = 0; i < n; i++) {
		open = text[i] == '\n' ? 0 : open + 1;
		longest = open > longest ? open : longest;
	}
	return longest;
}

static void judge(const struct sessions *s, const char *text, size_t n)
{
	must(s->wishes <= ARRAY_LEN(s->wish));
	for (size_t i = 0; i < s->wishes; i++)
		must(s->wish[i].project >= 0);
	if (s->n) { /* still welcome */
		must(keeps(text, n));
		must(s->link[0].have < LINE_ROOM);
	} else {
		must(!keeps(text, n) || longest_open(text, n) + 2 >= LINE_ROOM);
	}
}

static bool unread(int fd)
{
	int n = 0;

	return !ioctl(fd, FIONREAD, &n) && n > 0;
}

static void say(struct sessions *s, int to, const char *text, size_t n, size_t piece)
{
	size_t at = 0;

	while (at < n && s->n) {
		size_t k = n - at < piece ? n - at : piece;

		must(send(to, text + at, k, MSG_NOSIGNAL) == (ssize_t)k);
		at += k;
		while (s->n && unread(s->link[0].fd))
			sessions_wait(s, -1, 0);
	}
	judge(s, text, at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sessions s;
	char *text = calloc(1, size + 1);
	int pair[2];

	log_open("fuzz", -1, LOG_ERR);
	must(text && !socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair));
	sessions_init(&s);
	s.link[0].fd = pair[0]; /* nothing has come yet */
	s.n = 1;
	if (size > 1) {
		memcpy(text, data + 1, size - 1);
		say(&s, pair[1], text, size - 1, 1 + data[0] % PIECE_MOST);
	}
	close(pair[1]);
	sessions_wait(&s, -1, 0);
	must(!s.n);
	sessions_release(&s);
	free(text);
	return 0;
}
