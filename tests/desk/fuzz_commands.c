/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as the file that names the programs ours runs (commands.conf): commands inside their room, or a
 * refusal that names the line and leaves what stood there before.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "desk/commands.h"

static void must(bool it)
{
	if (!it)
		abort();
}

static void must_be_a_text(const char *s)
{
	must(memchr(s, '\0', COMMAND_TEXT) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct commands before = {
		.camera = "/bin/before", .camera_seconds = 9, .decoder = "", .printer = ""};
	struct commands c = before;
	struct err e = {ERR_NONE};
	char path[64];
	int fd = memfd_create("commands", MFD_CLOEXEC);

	must(fd >= 0 && !fchmod(fd, 0600) && write(fd, data, size) == (ssize_t)size);
	must(text_format(path, sizeof(path), "/proc/self/fd/%d", fd));
	if (commands_read(&c, path, getuid(), &e)) {
		must(e.code == ERR_COMMANDS_FILE && !memcmp(&c, &before, sizeof(c)));
	} else {
		must_be_a_text(c.camera);
		must_be_a_text(c.decoder);
		must_be_a_text(c.printer);
	}
	close(fd);
	return 0;
}
