/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/once.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "desk/desk_site.h"

#include "base/child.h"
#include "base/io.h"

#define DEADLINE_MS 20000

int sync_once(struct desk *d, const unsigned char *key, const char *more, struct buf *said)
{
	const char *argv[] = {BIN_DIR "/shiming-sync",
			      "--data",
			      desk_dir(d),
			      "--key-fd",
			      "3",
			      "--once",
			      "--json",
			      more,
			      NULL};
	struct child_spec spec = {.argv = argv, .want_stdout = true, .pass_fd = {-1}, .pass_to = {3}};
	unsigned char own[DESK_KEY_BYTES];
	int ends[2], null = open("/dev/null", O_WRONLY), status;
	struct child c = CHILD_NONE;

	if (!key)
		OK(desk_export_key(d, own, E));
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	OK(io_write_all(ends[1], key ? key : own, DESK_KEY_BYTES, E));
	close(ends[1]);
	spec.pass_fd[0] = ends[0];
	spec.pass_fd[1] = -1;
	spec.stderr_fd = null;
	OK(child_start(&c, &spec, E));
	close(ends[0]);
	buf_reset(said);
	for (int got = 0; got >= 0;) {
		struct pollfd p = {.fd = c.out, .events = POLLIN};

		poll(&p, 1, DEADLINE_MS);
		got = io_fill(c.out, said);
	}
	child_stop(&c, DEADLINE_MS);
	status = WIFEXITED(c.status) ? WEXITSTATUS(c.status) : -1;
	child_release(&c);
	close(null);
	return status;
}
