/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/io.h"
#include "base/text.h"

#define LINE_MAX_BYTES 1024

static struct {
	char program[32];
	int fd;
	enum log_level least;
} log_to = {.program = "shiming", .fd = STDERR_FILENO, .least = LOG_WRN};

static const char *const level_names[] = {
	[LOG_DBG] = "debug", [LOG_INF] = "info", [LOG_WRN] = "warning", [LOG_ERR] = "error"};

void log_open(const char *program, int fd, enum log_level least)
{
	text_copy(log_to.program, sizeof(log_to.program), program);
	log_to.fd = fd;
	log_to.least = least;
}

/* "2026-11-20T06:00:00.123Z shiming-sync[812] info: " */
static size_t write_head(char *line, size_t size, enum log_level level)
{
	int64_t now = clock_now_ms();
	time_t seconds = (time_t)(now / 1000);
	struct tm utc = {0};
	char stamp[32];

	gmtime_r(&seconds, &utc);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &utc);
	text_format(line, size, "%s.%03dZ %s[%d] %s: ", stamp, (int)(now % 1000), log_to.program,
		    (int)getpid(), level_names[level]);
	return strlen(line);
}

/* One event is one line whatever it holds: nobody forges a second one. */
static void blank_controls(char *s)
{
	for (; *s; s++) {
		if ((unsigned char)*s < 0x20 || *s == 0x7F)
			*s = ' ';
	}
}

static void __attribute__((format(printf, 2, 0)))
log_vwrite(enum log_level level, const char *fmt, va_list ap)
{
	char line[LINE_MAX_BYTES];
	size_t head = write_head(line, sizeof(line), level);

	text_vformat(line + head, sizeof(line) - head - 1, fmt, ap);
	blank_controls(line);
	strcat(line, "\n");
	io_write_all(log_to.fd, line, strlen(line), NULL);
}

void log_write(enum log_level level, const char *fmt, ...)
{
	va_list ap;

	if (log_to.fd < 0 || level < log_to.least)
		return;
	va_start(ap, fmt);
	log_vwrite(level, fmt, ap);
	va_end(ap);
}

void log_err(const char *doing, const struct err *e)
{
	log_write(LOG_ERR, "%s: %s%s%s", doing, err_name(e->code), e->detail[0] ? ": " : "", e->detail);
}
