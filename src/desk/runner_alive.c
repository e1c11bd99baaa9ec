/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "runner_alive.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"

#define LOCK_FILE "sync.lock" /* as sync/sessions.h: the runner makes and locks it */

bool runner_alive(const char *dir)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char path[4096 + sizeof(LOCK_FILE)];
	bool held;
	int fd;

	if (!text_format(path, sizeof(path), "%s/" LOCK_FILE, dir))
		return false;
	fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	held = fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
	close(fd);
	return held;
}
