/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screens/screens.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/text.h"
#include "desk/desk.h"
#include "screen_list.h"
#include "terminal.h"
#include "ui.h"

#define LOG_FILE "shiming.log"

static int ambiguous_setting(const struct screens_options *o)
{
	const char *s = getenv("SHIMING_AMBIGUOUS");

	if (o->ambiguous_width)
		return o->ambiguous_width;
	return s && (!strcmp(s, "1") || !strcmp(s, "2")) ? s[0] - '0' : 0;
}

/* The log must not write across the screen: a file in the data directory, or nothing. */
static int open_log(const char *dir)
{
	char path[4096];
	int fd;

	text_format(path, sizeof(path), "%s/%s", dir, LOG_FILE);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);
	log_open("shiming", fd, LOG_WRN);
	return fd;
}

static int run(struct desk *desk, struct term *term, const struct screens_options *o, struct err *e)
{
	struct ui *ui = NULL;
	int last = ui_new(&ui, desk, term, o, e);

	if (!last)
		last = ui_push(ui, &login_screen, NULL);
	if (!last && term_console(term) && i18n_language() == LANGUAGE_ZH)
		ui_say(ui, SAY_WARN, "%s", "No Chinese on this console: use SSH or a graphical terminal, or start with SHIMING_LANG=en");
	if (!last)
		last = ui_run(ui, e);
	ui_free(ui);
	return last;
}

int screens_main(const struct screens_options *o, struct err *e)
{
	struct desk_options desk_options = {.dir = o->dir, .profile_dir = o->profile_dir};
	struct term_options term_options = {
		.in = STDIN_FILENO, .out = STDOUT_FILENO, .ambiguous = ambiguous_setting(o), .no_color = getenv("NO_COLOR") && *getenv("NO_COLOR")};
	struct desk *desk = NULL;
	struct term *term = NULL;
	int log = -1, last = -1;

	if (o->language)
		i18n_init(o->language);
	if (desk_open(&desk, &desk_options, e))
		goto out;
	if (term_open(&term, &term_options, e))
		goto out;
	log = open_log(desk_dir(desk));
	last = run(desk, term, o, e);
out:
	term_close(term);
	desk_close(desk);
	log_open("shiming", STDERR_FILENO, LOG_WRN);
	if (log >= 0)
		close(log);
	return last;
}
