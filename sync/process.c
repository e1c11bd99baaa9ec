/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "base/text.h"

#define LOG_MOST (1 << 20)

void process_log(const char *name, const char *dir, const char *file)
{
	char path[4096];
	struct stat st;
	int fd;

	if (!dir || !text_format(path, sizeof(path), "%s/%s", dir, file)) {
		log_open(name, STDERR_FILENO, LOG_INF);
		return;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0 && !fstat(fd, &st) && st.st_size > LOG_MOST && ftruncate(fd, 0))
		log_write(LOG_WRN, "log is large");
	log_open(name, fd, LOG_INF);
}

int process_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

bool process_readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) > 0;
}

bool process_ended(int fd)
{
	char away[256];

	while (process_readable(fd))
		if (io_read_some(fd, away, sizeof(away)) <= 0)
			return true;
	return false;
}
