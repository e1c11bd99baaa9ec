/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A finished PDF to the printer: a command's standard input, never a file on the disk. */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/helper.h"
#include "base/io.h"
#include "base/text.h"
#include "desk/commands.h"
#include "desk/paper.h"

#define WORDS 32
#define USUAL "/usr/bin/lp"
#define BLOCK 65536
#define WAIT_MS 60000
#define GRACE_MS 1000

struct command_words {
	char text[COMMAND_TEXT];
	const char *argv[WORDS + 1];
};

/* Words between blanks, the first an absolute path; no shell. */
static int split(const char *command, struct command_words *w, struct err *e)
{
	size_t n = 0;
	char *rest;

	text_copy(w->text, sizeof(w->text), command[0] ? command : USUAL);
	for (char *word = strtok_r(w->text, " \t", &rest); word && n < WORDS;
	     word = strtok_r(NULL, " \t", &rest))
		w->argv[n++] = word;
	w->argv[n] = NULL;
	if (!n || w->argv[0][0] != '/')
		return err_set(e, ERR_PRINTER_NONE, "no absolute path");
	return access(w->argv[0], X_OK) ? err_set(e, ERR_PRINTER_NONE, "%s", w->argv[0]) : 0;
}

static int feed(int from, struct child *c, struct err *e)
{
	char block[BLOCK];
	ssize_t n;
	int last = 0;

	if (lseek(from, 0, SEEK_SET) < 0)
		return err_errno(e, "print");
	while (!last && (n = io_read_some(from, block, sizeof(block))) > 0)
		last = io_write_all(c->in, block, (size_t)n, e);
	wipe(block, sizeof(block));
	close(c->in);
	c->in = -1;
	return last;
}

int desk_printer_send(int fd, struct err *e)
{
	struct commands commands;
	struct command_words w;
	struct child_spec spec = {
		.argv = w.argv, .want_stdin = true, .new_session = true, .before_exec = helper_drop_group};
	struct child c = CHILD_NONE;
	int last;

	if (commands_load(&commands, e) || split(commands.printer, &w, e) || child_start(&c, &spec, e))
		return -1;
	last = feed(fd, &c, e);
	if (!child_wait(&c, WAIT_MS))
		child_stop(&c, GRACE_MS);
	if (!WIFEXITED(c.status) || WEXITSTATUS(c.status))
		last = err_set(e, ERR_PRINTER_FAILED, "%s: status %d", w.argv[0], c.status);
	child_release(&c);
	return last;
}
