/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/process.h"

#include <string.h>
#include <stdlib.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "sync/key.h"

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

/* --- started with ------------------------------------------------------------------------------------- */

static const struct argp_option options[] = {
	{"data", 'd', "DIR", 0, "the data directory", 0},
	{"key-fd", 'k', "N", 0, "descriptor from which the key is read (32 bytes)", 0},
	{"attended", 'a', 0, 0, "end when the last session has gone", 0},
	{"unattended", 'u', 0, 0, "the key is the service's credential; for systemd", 0},
	{0},
};

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	struct process_how *how = state->input;

	switch (key) {
	case 'd':
		how->dir = arg;
		break;
	case 'k':
		if (!text_is_digits(arg) || strlen(arg) > 5)
			argp_error(state, "--key-fd: a number");
		how->key_fd = atoi(arg);
		break;
	case 'a':
		how->attended = true;
		break;
	case 'u':
		how->unattended = true;
		break;
	case ARGP_KEY_END:
		if (!how->dir || (how->key_fd < 0) != how->unattended || (how->attended && how->unattended))
			argp_error(state, "--data and either --key-fd or --unattended are needed");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp process_argp = {.options = options, .parser = take_option};

int process_take_key(struct desk *d, const struct process_how *how, struct err *e)
{
	return how->unattended ? key_from_credential(d, e) : key_from_pipe(d, how->key_fd, e);
}
