/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "commands.h"
#include "helper.h"

#define REPORT_MAX (512 * 1024)
#define PACKAGES_MS 5000
#define LINE 1024

void report_add(struct report *r, const char *fmt, ...)
{
	char line[LINE];
	va_list ap;

	if (!r->path)
		return;
	va_start(ap, fmt);
	text_vformat(line, sizeof(line), fmt, ap);
	va_end(ap);
	buf_adds(&r->text, line);
}

/* The distribution's name for itself; nothing else of the file. */
static void add_system(struct report *r)
{
	char line[LINE];
	struct utsname u;
	FILE *f = fopen("/etc/os-release", "re");

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "PRETTY_NAME=", 12) == 0)
			report_add(r, "system %s", line + 12);
	if (f)
		fclose(f);
	if (uname(&u) == 0) /* not its nodename */
		report_add(r, "kernel %s %s %s\n", u.sysname, u.release, u.machine);
}

static bool package_line(void *arg, const char *text, size_t n)
{
	report_add(arg, "package %.*s\n", (int)n, text);
	return true;
}

static void add_packages(struct report *r)
{
	static const char *const argv[] = {"/usr/bin/dpkg-query", "-W", "-f", "${Package} ${Version} ${db:Status-Status}\n", "shiming",
					   "pcscd", "libpcsclite1", "libccid", "libusb-1.0-0", "libpam-systemd", "openssh-server", NULL};
	struct child_spec spec = {.argv = argv, .want_stdout = true, .stderr_fd = open("/dev/null", O_WRONLY | O_CLOEXEC)};
	struct helper_run run = {.spec = &spec, .line_max = LINE, .timeout_ms = PACKAGES_MS, .line = package_line, .arg = r};
	struct err e = {0};

	if (access(argv[0], X_OK) == 0)
		helper_run(&run, &e); /* what is not installed it says on stderr */
	if (spec.stderr_fd >= 0)
		close(spec.stderr_fd);
}

void report_begin(struct report *r, const char *path)
{
	char now[STAMP_TEXT];

	*r = (struct report){.path = path};
	buf_init(&r->text, REPORT_MAX);
	stamp_format(clock_now_ms(), now);
	report_add(r, "shiming %s, %s\n", SHIMING_VERSION, now);
	if (path) {
		add_system(r);
		add_packages(r);
	}
}

static int write_it(const struct report *r, struct err *e)
{
	int fd = strcmp(r->path, "-") == 0 ? dup(STDOUT_FILENO) : io_open_as_user(r->path, O_WRONLY | O_CREAT | O_TRUNC, e), ret;

	if (fd < 0)
		return -1;
	ret = io_write_all(fd, r->text.data, r->text.len, e);
	if (close(fd) && ret == 0)
		ret = err_errno(e, r->path);
	return ret;
}

void report_drop(struct report *r)
{
	buf_release(&r->text);
}

int report_end(struct report *r, struct err *e)
{
	struct err reader = {0};
	int ret = 0;

	if (!r->path)
		return 0;
	if (card_report(&r->text, &reader))
		report_add(r, "helper %s\n", err_name(reader.code));
	if (r->text.failed)
		ret = err_set(e, ERR_MEMORY, "report");
	else
		ret = write_it(r, e);
	if (ret == 0 && strcmp(r->path, "-") != 0)
		fprintf(stderr, _("报告已写入 %s；其中没有任何个人信息\n"), r->path);
	report_drop(r);
	return ret;
}
