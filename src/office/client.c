/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "office/client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/helper.h"
#include "base/io.h"
#include "base/text.h"

#define PROGRAM "shiming-office"
#define IN_MAX ((size_t)4 << 20) /* a row at its longest and what came with it */
#define LINE_MAX_BYTES ((size_t)2 << 20)
#define SAID_MAX 16384
#define OUT_BLOCK 32768
#define OUT_MAX ((size_t)1 << 20)
#define GRACE_MS 1000

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int start(struct child *c, int *trouble, const char *verb, int fd, bool reads, struct err *e)
{
	const char *argv[] = {PROGRAM, verb, NULL};
	struct child_spec spec = {.argv = argv,
				  .want_stdin = !reads,
				  .want_stdout = reads,
				  .pass_fd = {fd},
				  .pass_to = {OFFICE_FD},
				  .before_exec = helper_drop_group};
	int said[2], last;

	if (pipe2(said, O_CLOEXEC | O_NONBLOCK))
		return err_errno(e, "pipe");
	spec.stderr_fd = said[1];
	last = child_start(c, &spec, e);
	close(said[1]);
	if (last)
		close(said[0]);
	else
		*trouble = said[0];
	return last;
}

/* Its pipes are closed: how did it end? */
static int outcome(struct child *c, int *trouble, int wait_ms, struct err *e)
{
	struct buf said;
	int last = 0;

	buf_init(&said, SAID_MAX);
	if (!child_wait(c, wait_ms)) {
		child_stop(c, GRACE_MS);
		last = err_set(e, ERR_OFFICE_SLOW, PROGRAM);
		goto out;
	}
	while (*trouble >= 0 && io_fill(*trouble, &said) > 0)
		;
	if (WIFSIGNALED(c->status))
		last = err_set(e, WTERMSIG(c->status) == SIGXCPU ? ERR_OFFICE_SLOW : ERR_HELPER_DIED,
			       PROGRAM ": signal %d", WTERMSIG(c->status));
	else if (WEXITSTATUS(c->status))
		last = helper_said(&said, e)
			       ? -1
			       : err_set(e, ERR_HELPER_DIED, PROGRAM ": status %d", WEXITSTATUS(c->status));
out:
	buf_release(&said);
	return last;
}

/* --- reading ------------------------------------------------------------------------------------------ */

int office_in_open(struct office_in *o, int fd, struct err *e)
{
	struct office_in made = {.child = CHILD_NONE, .trouble = -1};

	if (start(&made.child, &made.trouble, "read", fd, true, e))
		return -1;
	buf_init(&made.in, IN_MAX);
	buf_init(&made.line, LINE_MAX_BYTES);
	*o = made;
	return 0;
}

int office_in_fd(const struct office_in *o)
{
	return o->child.pid ? o->child.out : -1;
}

/* What cannot be read any more is not the end of the table: rows would be missing that nobody misses. */
static int fill(struct office_in *o, struct err *e)
{
	int got, failed;

	errno = 0;
	got = io_fill(o->child.out, &o->in);
	failed = errno;
	if (got < 0)
		close_fd(&o->child.out);
	if (got >= 0 || (!failed && !o->in.failed))
		return got;
	child_stop(&o->child, 0);
	errno = failed;
	return o->in.failed ? err_set(e, ERR_TOO_LARGE, "a row") : err_errno(e, PROGRAM);
}

int office_in_next(struct office_in *o, struct err *e)
{
	int got = 1;

	err_clear(e);
	while (!io_take_line(&o->in, &o->line)) {
		if (e->code != ERR_NONE)
			return -1;
		if (got <= 0 || o->child.out < 0)
			return got == 0 ? 0 : (outcome(&o->child, &o->trouble, OFFICE_WAIT_MS, e), -1);
		got = fill(o, e);
	}
	return o->line.failed ? err_set(e, ERR_TOO_LARGE, "a row") : 1;
}

void office_in_release(struct office_in *o)
{
	if (!o->child.pid)
		return;
	child_release(&o->child);
	close_fd(&o->trouble);
	buf_wipe_release(&o->in);
	buf_wipe_release(&o->line);
	*o = (struct office_in){.child = CHILD_NONE, .trouble = -1};
}

/* --- making ------------------------------------------------------------------------------------------- */

int office_out_open(struct office_out *o, const char *kind, int fd, struct err *e)
{
	struct office_out made = {.child = CHILD_NONE, .trouble = -1};

	if (start(&made.child, &made.trouble, kind, fd, false, e))
		return -1;
	buf_init(&made.out, OUT_MAX);
	*o = made;
	return 0;
}

/* A helper that takes no more has said why. */
static int send(struct office_out *o, struct err *e)
{
	int last = o->out.failed ? err_set(e, ERR_TOO_LARGE, "a row")
				 : io_write_all(o->child.in, o->out.data, o->out.len, e);

	wipe(o->out.data, o->out.len);
	buf_reset(&o->out);
	if (last && !o->out.failed) {
		struct err own = {0};

		close_fd(&o->child.in);
		if (outcome(&o->child, &o->trouble, GRACE_MS, &own))
			*e = own;
	}
	return last;
}

int office_out_line(struct office_out *o, const cJSON *line, struct err *e)
{
	char *text = line ? json_text(line) : NULL;

	if (!text)
		return err_set(e, ERR_MEMORY, "row");
	buf_adds(&o->out, text);
	buf_adds(&o->out, "\n");
	wipe(text, strlen(text));
	free(text);
	return o->out.len < OUT_BLOCK && !o->out.failed ? 0 : send(o, e);
}

int office_out_row(struct office_out *o, const char *const *cells, size_t n, struct err *e)
{
	cJSON *row = cJSON_CreateStringArray(cells, (int)n);
	int last = office_out_line(o, row, e);

	cJSON_Delete(row);
	return last;
}

int office_out_end(struct office_out *o, struct err *e)
{
	buf_adds(&o->out, OFFICE_DONE "\n");
	if (send(o, e))
		return -1;
	close_fd(&o->child.in);
	return outcome(&o->child, &o->trouble, OFFICE_WAIT_MS, e);
}

void office_out_release(struct office_out *o)
{
	if (!o->child.pid)
		return;
	child_release(&o->child);
	close_fd(&o->trouble);
	buf_wipe_release(&o->out);
	*o = (struct office_out){.child = CHILD_NONE, .trouble = -1};
}

/* --- files -------------------------------------------------------------------------------------------- */

int office_path(const char *named, char out[OFFICE_PATH], struct err *e)
{
	const char *home = getenv("HOME");
	bool below;

	if (strncmp(named, "~//", 3) == 0) /* a whole path typed behind the offered "~/" */
		named += 2;
	below = strncmp(named, "~/", 2) == 0 && home;
	if (!(below ? text_format(out, OFFICE_PATH, "%s%s", home, named + 1)
		    : text_copy(out, OFFICE_PATH, named)))
		return err_set(e, ERR_NOT_FOUND, "path too long");
	return 0;
}

static int empty(int fd, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st))
		return err_errno(e, "file");
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_NOT_FOUND, "no plain file");
	return ftruncate(fd, 0) ? err_errno(e, "file") : 0;
}

int office_file_new(struct office_file *f, const char *path, bool overwrite, struct err *e)
{
	struct err own = {ERR_NONE};

	if (office_path(path, f->path, e))
		return -1;
	f->fd = io_open_as_user(f->path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, &own);
	f->made = f->fd >= 0;
	if (f->made)
		return 0;
	if (own.code != ERR_FILE_EXISTS || !overwrite)
		return err_set(e, own.code, "%s", own.detail);
	f->fd = io_open_as_user(f->path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK, e);
	if (f->fd < 0)
		return -1;
	if (empty(f->fd, e) == 0)
		return 0;
	close_fd(&f->fd);
	return -1;
}

int office_file_end(struct office_file *f, int last, struct err *e)
{
	int failed = close(f->fd);

	f->fd = -1;
	if (last == 0 && failed)
		last = err_errno(e, "file");
	if (last && f->made)
		unlink(f->path);
	return last;
}

/* --- heads -------------------------------------------------------------------------------------------- */

cJSON *office_table(const char *title)
{
	cJSON *head = cJSON_CreateObject();

	if (cJSON_AddStringToObject(head, "title", title) && cJSON_AddArrayToObject(head, "columns"))
		return head;
	cJSON_Delete(head);
	return NULL;
}

void office_notes(cJSON *head, const char *note, const char *foot)
{
	cJSON_AddStringToObject(head, "note", note);
	cJSON_AddStringToObject(head, "foot", foot);
}

int office_column(cJSON *table, const char *title, int width, bool number)
{
	cJSON *columns = cJSON_GetObjectItemCaseSensitive(table, "columns"), *column = cJSON_CreateObject();

	if (cJSON_AddStringToObject(column, "title", title) &&
	    cJSON_AddNumberToObject(column, "width", width) &&
	    (!number || cJSON_AddTrueToObject(column, "number")) && cJSON_AddItemToArray(columns, column))
		return 0;
	cJSON_Delete(column);
	return -1;
}

const char *office_kind_of(const char *path)
{
	static const char *const kinds[] = {"xlsx", "csv", "pdf"};
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < ARRAY_LEN(kinds); i++)
		if (!strcasecmp(dot + 1, kinds[i]))
			return kinds[i];
	return NULL;
}
