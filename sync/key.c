/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/key.h"

#include <fcntl.h>
#include <poll.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"

#define KEY_WAIT_MS 10000

static int read_key(int fd, unsigned char key[DESK_KEY_BYTES], struct err *e)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	size_t got = 0;

	while (got < DESK_KEY_BYTES) {
		ssize_t n =
			poll(&p, 1, KEY_WAIT_MS) == 1 ? io_read_some(fd, key + got, DESK_KEY_BYTES - got) : 0;

		if (n <= 0)
			return err_set(e, ERR_SEAL, "no key came");
		got += (size_t)n;
	}
	return 0;
}

/* Where systemd keeps access by an ACL the group's bits show its mask: only others' bits mean an open door. */
static int open_credential(struct err *e)
{
	const char *dir = secure_getenv("CREDENTIALS_DIRECTORY");
	char path[4096];
	struct stat st;
	int fd;

	if (!dir || !text_format(path, sizeof(path), "%s/" KEY_CREDENTIAL, dir))
		return err_set(e, ERR_UNATTENDED, "no credential " KEY_CREDENTIAL);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) && !(st.st_mode & S_IRWXO) &&
	    st.st_size == DESK_KEY_BYTES)
		return fd;
	if (fd >= 0)
		close(fd);
	return err_set(e, ERR_UNATTENDED, "credential " KEY_CREDENTIAL);
}

/* Takes the bytes of fd to `adopt` in locked, guarded memory, left out of dumps. Closes fd. */
static int hand_over(struct desk *d, int fd,
		     int (*adopt)(struct desk *d, const unsigned char key[DESK_KEY_BYTES], struct err *e),
		     struct err *e)
{
	unsigned char *key = sodium_malloc(DESK_KEY_BYTES);
	int last = -1;

	if (!key)
		err_set(e, ERR_MEMORY, "locked memory");
	else if (!read_key(fd, key, e))
		last = adopt(d, key, e);
	sodium_free(key); /* wipes */
	close(fd);
	return last;
}

int key_from_pipe(struct desk *d, int fd, struct err *e)
{
	return hand_over(d, fd, desk_adopt_key, e);
}

int key_from_credential(struct desk *d, struct err *e)
{
	int fd = open_credential(e);

	return fd < 0 ? -1 : hand_over(d, fd, desk_unattended_adopt, e);
}
