/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/tmpfs.h"

#include <linux/magic.h>
#include <stdlib.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/text.h"

static bool in_memory(const char *path)
{
	struct statfs fs;

	return !statfs(path, &fs) && (fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC) &&
	       !access(path, W_OK | X_OK);
}

bool tmpfs_find(char *out, size_t size)
{
	const char *runtime = secure_getenv("XDG_RUNTIME_DIR");
	char own[64];
	const char *const places[] = {runtime ? runtime : "", own, "/dev/shm"};

	text_format(own, sizeof(own), "/run/user/%u", (unsigned)geteuid());
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		if (places[i][0] == '/' && in_memory(places[i]) && text_copy(out, size, places[i]))
			return true;
	}
	return false;
}
