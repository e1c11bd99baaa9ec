/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "cli_private.h"
#include "desk/people.h"
#include "desk/site.h"

#define SECRET_MAX 1024
#define PAGE 50
#define SITE_ROWS 512
#define CTRL_C 3

/* --- files of the clerk's -------------------------------------------------------------------------------------------------- */

int ask_read_file(const char *path, size_t max, struct buf *out, struct err *e)
{
	char some[4096];
	int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : io_open_as_user(path, O_RDONLY, e), ret = 0;
	ssize_t n;

	if (fd < 0)
		return -1;
	while (ret == 0 && (n = io_read_some(fd, some, sizeof(some))) > 0)
		if (out->len + (size_t)n > max || buf_add(out, some, (size_t)n))
			ret = err_set(e, ERR_TOO_LARGE, "%s", path);
	if (ret == 0 && n < 0)
		ret = err_errno(e, path);
	wipe(some, sizeof(some));
	close(fd);
	return ret;
}

/* --- secrets ---------------------------------------------------------------------------------------------------------------- */

static int secret_from_file(const char *file, char *out, size_t size, struct err *e)
{
	struct buf text;
	size_t n;
	int ret = -1;

	buf_init(&text, SECRET_MAX);
	if (ask_read_file(file, SECRET_MAX, &text, e))
		goto out;
	n = text.data ? strcspn(text.data, "\r\n") : 0;
	if (n == 0 || n >= size || !text_valid(text.data, n)) {
		err_set(e, ERR_USAGE, "%s", _("口令文件的第一行是空的或不是文字"));
		goto out;
	}
	memcpy(out, text.data, n);
	out[n] = '\0';
	ret = 0;
out:
	buf_wipe_release(&text);
	return ret;
}

/* One line without echo. Ctrl-C is read as a character, so that the terminal is never left without its echo. */
static int secret_from_terminal(int fd, const char *prompt, char *out, size_t size, struct err *e)
{
	struct termios was, quiet;
	size_t n = 0;
	char c = 0;
	int ret = 0;

	if (tcgetattr(fd, &was))
		return err_errno(e, "terminal");
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	quiet.c_cc[VEOL] = CTRL_C; /* hands the line over, as Enter does */
	io_write_all(fd, prompt, strlen(prompt), NULL);
	tcsetattr(fd, TCSAFLUSH, &quiet);
	while (io_read_some(fd, &c, 1) == 1 && c != '\n' && c != '\r' && c != CTRL_C)
		if (n + 1 < size)
			out[n++] = c;
	tcsetattr(fd, TCSAFLUSH, &was);
	io_write_all(fd, "\n", 1, NULL);
	out[n] = '\0';
	if (c == CTRL_C || n == 0 || !text_valid(out, n))
		ret = err_set(e, ERR_USAGE, "%s", _("没有输入口令"));
	return ret;
}

int ask_secret(const char *file, const char *prompt, char *out, size_t size, struct err *e)
{
	int fd, ret;

	if (file)
		return secret_from_file(file, out, size, e);
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_set(e, ERR_USAGE, "%s", _("这里没有终端，请用 --password-file 给出口令"));
	ret = secret_from_terminal(fd, prompt, out, size, e);
	close(fd);
	return ret;
}

int ask_new_password(const char *file, char *out, size_t size, struct err *e)
{
	char again[SECRET_MAX];
	int ret;

	if (ask_secret(file, _("新口令："), out, size, e))
		return -1;
	if (file)
		return 0;
	ret = ask_secret(NULL, _("再输一遍："), again, sizeof(again), e);
	if (ret == 0 && strcmp(again, out) != 0)
		ret = err_set(e, ERR_USAGE, "%s", _("两次输入的口令不一样"));
	wipe(again, sizeof(again));
	return ret;
}

/* --- the desk ---------------------------------------------------------------------------------------------------------------- */

int ask_open(struct cli *c, struct err *e)
{
	struct desk_options how = {.dir = c->dir, .checkpoint = true};

	return desk_open(&c->desk, &how, e);
}

static int use_project(struct cli *c, struct err *e)
{
	struct project rows[64];
	size_t n;

	if (!c->project)
		return 0;
	if (desk_project_list(c->desk, rows, ARRAY_LEN(rows), &n, e))
		return -1;
	for (size_t i = 0; i < n && i < ARRAY_LEN(rows); i++)
		if (!strcmp(rows[i].code, c->project) || !strcmp(rows[i].name, c->project) || !strcmp(rows[i].uid, c->project))
			return desk_project_use(c->desk, rows[i].id, e);
	return err_set(e, ERR_NO_SUCH, "%s", _("没有这个项目"));
}

int ask_login(struct cli *c, struct err *e)
{
	char password[SECRET_MAX];
	char prompt[128];
	int ret;

	if (ask_open(c, e))
		return -1;
	if (!c->user || !*c->user)
		return err_set(e, ERR_USAGE, "%s", _("请用 --user 或 SHIMING_USER 指定帐号"));
	text_format(prompt, sizeof(prompt), _("%s 的口令："), c->user);
	ret = ask_secret(c->password_file, prompt, password, sizeof(password), e);
	if (ret == 0)
		ret = desk_login(c->desk, c->user, password, e);
	wipe(password, sizeof(password));
	return ret || use_project(c, e) ? -1 : 0;
}

/* --- what a word names -------------------------------------------------------------------------------------------------------- */

/* A search may find more than the clerk meant: only the name itself, or a number found once, is taken. */
static int person_by_search(struct cli *c, const char *word, int64_t *out, struct err *e)
{
	struct roster_query q = {.filter = ROSTER_ALL};
	struct roster_row *rows = calloc(PAGE, sizeof(*rows));
	struct roster_page page = {.row = rows, .cap = PAGE};
	size_t found = 0;
	int ret = -1;

	if (!rows)
		return err_set(e, ERR_MEMORY, "roster");
	if (!text_copy(q.text, sizeof(q.text), word)) {
		err_set(e, ERR_NO_SUCH, NULL);
		goto out;
	}
	if (desk_roster(c->desk, &q, &page, e))
		goto out;
	for (size_t i = 0; i < page.n; i++)
		if (text_is_digits(word) || strspn(word, "0123456789Xx") == strlen(word) || strcmp(rows[i].name, word) == 0) {
			*out = rows[i].person;
			found++;
		}
	if (found == 1)
		ret = 0;
	else if (found)
		err_set(e, ERR_USAGE, "%s", _("有好几个人，请改用编号（person list 的第一列）"));
	else
		err_set(e, ERR_NO_SUCH, "%s", _("没有这个人"));
out:
	wipe(rows, PAGE * sizeof(*rows));
	free(rows);
	return ret;
}

int ask_person(struct cli *c, const char *word, int64_t *out, struct err *e)
{
	if (text_is_digits(word) && strlen(word) <= 10) {
		*out = strtoll(word, NULL, 10);
		return 0;
	}
	return person_by_search(c, word, out, e);
}

int ask_participant(struct cli *c, const char *word, char uid[UID_TEXT], struct err *e)
{
	struct participant_row *rows = calloc(SITE_ROWS, sizeof(*rows));
	size_t n = 0, found = 0;
	int ret;

	if (!rows)
		return err_set(e, ERR_MEMORY, "participants");
	ret = desk_participant_list(c->desk, rows, SITE_ROWS, &n, e);
	for (size_t i = 0; ret == 0 && i < n && i < SITE_ROWS; i++)
		if (!strcmp(rows[i].uid, word) || !strcmp(rows[i].credit_code, word) || !strcmp(rows[i].company, word) ||
		    !strcmp(rows[i].short_name, word)) {
			text_copy(uid, UID_TEXT, rows[i].uid);
			found++;
		}
	free(rows);
	if (ret == 0 && found != 1)
		ret = err_set(e, found ? ERR_USAGE : ERR_NO_SUCH, "%s", found ? _("有好几个这样的单位") : _("本项目没有这个参建单位"));
	return ret;
}

int ask_team(struct cli *c, const char *word, const char *participant_uid, char uid[UID_TEXT], struct err *e)
{
	struct team_row *rows = calloc(SITE_ROWS, sizeof(*rows));
	size_t n = 0, found = 0;
	int ret;

	if (!rows)
		return err_set(e, ERR_MEMORY, "teams");
	ret = desk_team_list(c->desk, rows, SITE_ROWS, &n, e);
	for (size_t i = 0; ret == 0 && i < n && i < SITE_ROWS; i++) {
		if (strcmp(rows[i].uid, word) && strcmp(rows[i].name, word))
			continue;
		if (participant_uid && *participant_uid && strcmp(participant_uid, rows[i].participant_uid))
			continue;
		text_copy(uid, UID_TEXT, rows[i].uid);
		found++;
	}
	free(rows);
	if (ret == 0 && found != 1)
		ret = err_set(e, found ? ERR_USAGE : ERR_NO_SUCH, "%s", found ? _("有好几个同名班组，请同时指定单位") : _("没有这个班组"));
	return ret;
}

/* A new file, the clerk's own and for his eyes; never over another one. */
static int open_new(const char *path, struct err *e)
{
	int fd = io_open_as_user(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, NULL);

	if (fd < 0 && errno == EEXIST)
		return err_set(e, ERR_USAGE, _("文件已存在，不会覆盖：%s"), path);
	return fd < 0 ? err_errno(e, path) : fd;
}

int ask_write_new(const char *path, const struct buf *b, struct err *e)
{
	int fd, ret;

	if (strcmp(path, "-") == 0)
		return io_write_all(STDOUT_FILENO, b->data, b->len, e);
	fd = open_new(path, e);
	if (fd < 0)
		return -1;
	ret = io_write_all(fd, b->data, b->len, e);
	if (close(fd) && ret == 0)
		ret = err_errno(e, path);
	return ret;
}
