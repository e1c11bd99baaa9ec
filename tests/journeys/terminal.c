/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journeys/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define ROW_TEXT 2048
#define MAX_ROWS 200

struct terminal {
	struct terminal *next; /* of those open */
	int master;
	pid_t pid;
	bool ended;
	int status;
	int rows, cols;
	VTerm *vt;
	VTermScreen *screen;
	VTermPos cursor;
	bool cursor_visible;
	size_t bytes;
	double last_byte_ms;
	char row_text[MAX_ROWS][ROW_TEXT];
	char *gone; /* lines that were pushed out of the screen; owned */
	size_t gone_n;
};

static struct terminal *open_ones;

static double precise_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1000 + (double)ts.tv_nsec / 1e6;
}

static int64_t now_ms(void)
{
	return (int64_t)precise_ms();
}

/* --- the program ------------------------------------------------------------------------------------------------------------- */

static void child_environment(const struct terminal_spec *spec)
{
	setenv("TERM", spec->term ? spec->term : "xterm-256color", 1);
	for (const char *const *e = spec->env; e && *e; e++) {
		const char *eq = strchr(*e, '=');
		char name[128];

		if (!eq) {
			unsetenv(*e);
			continue;
		}
		snprintf(name, sizeof(name), "%.*s", (int)(eq - *e), *e);
		setenv(name, eq + 1, 1);
	}
}

static void child_run(const struct terminal_spec *spec)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	child_environment(spec);
	if (spec->stderr_file) {
		int fd = open(spec->stderr_file, O_WRONLY | O_CREAT | O_APPEND, 0644);
		if (fd >= 0)
			dup2(fd, 2);
	}
	if (spec->cwd && chdir(spec->cwd) != 0)
		_exit(126);
	if (spec->uid && (setgroups(0, NULL) != 0 || setgid((gid_t)spec->uid) != 0 || setuid(spec->uid) != 0))
		_exit(126);
	closefrom(3);
	execv(spec->argv[0], (char *const *)spec->argv);
	fprintf(stderr, "%s: %s\n", spec->argv[0], strerror(errno));
	_exit(127);
}

/* --- libvterm ------------------------------------------------------------------------------------------------------------------ */

static void on_output(const char *s, size_t n, void *user)
{
	terminal_bytes(user, s, n);
}

static int on_cursor(VTermPos pos, VTermPos old, int visible, void *user)
{
	struct terminal *t = user;

	(void)old;
	t->cursor = pos;
	t->cursor_visible = visible != 0;
	return 1;
}

static int on_property(VTermProp prop, VTermValue *value, void *user)
{
	struct terminal *t = user;

	if (prop == VTERM_PROP_CURSORVISIBLE)
		t->cursor_visible = value->boolean != 0;
	return 1;
}

static size_t utf8(uint32_t c, char *out);

static int on_line_gone(int cols, const VTermScreenCell *cells, void *user)
{
	struct terminal *t = user;
	char *grown = realloc(t->gone, t->gone_n + (size_t)cols * VTERM_MAX_CHARS_PER_CELL * 4 + 2);

	assert_non_null(grown);
	t->gone = grown;
	for (int col = 0; col < cols; col++)
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cells[col].chars[i] && cells[col].chars[i] != UINT32_MAX; i++)
			t->gone_n += utf8(cells[col].chars[i], t->gone + t->gone_n);
	t->gone[t->gone_n++] = '\n';
	t->gone[t->gone_n] = '\0';
	return 1;
}

static const VTermScreenCallbacks callbacks = { .movecursor = on_cursor, .settermprop = on_property, .sb_pushline = on_line_gone };

struct terminal *terminal_open(const struct terminal_spec *spec)
{
	struct terminal *t = calloc(1, sizeof(*t));
	struct winsize size;

	assert_non_null(t);
	t->rows = spec->rows ? spec->rows : 24;
	t->cols = spec->cols ? spec->cols : 80;
	size = (struct winsize){ .ws_row = (unsigned short)t->rows, .ws_col = (unsigned short)t->cols };
	t->pid = forkpty(&t->master, NULL, NULL, &size);
	if (t->pid == 0)
		child_run(spec);
	if (t->pid < 0) {
		free(t);
		fail_msg("forkpty: %s", strerror(errno));
	}
	fcntl(t->master, F_SETFD, FD_CLOEXEC);
	fcntl(t->master, F_SETFL, O_NONBLOCK);
	t->cursor_visible = true;
	t->vt = vterm_new(t->rows, t->cols);
	vterm_set_utf8(t->vt, 1);
	vterm_output_set_callback(t->vt, on_output, t);
	t->screen = vterm_obtain_screen(t->vt);
	vterm_screen_set_callbacks(t->screen, &callbacks, t);
	vterm_screen_enable_altscreen(t->screen, 1);
	vterm_screen_reset(t->screen, 1);
	t->next = open_ones;
	open_ones = t;
	return t;
}

static bool reap(struct terminal *t)
{
	if (!t->ended && waitpid(t->pid, &t->status, WNOHANG) == t->pid)
		t->ended = true;
	return t->ended;
}

void terminal_close(struct terminal *t)
{
	if (!t)
		return;
	for (struct terminal **at = &open_ones; *at; at = &(*at)->next)
		if (*at == t) {
			*at = t->next;
			break;
		}
	if (!reap(t)) {
		kill(-t->pid, SIGKILL);
		kill(t->pid, SIGKILL);
		while (waitpid(t->pid, &t->status, 0) < 0 && errno == EINTR)
			;
	}
	if (t->master >= 0)
		close(t->master);
	vterm_free(t->vt);
	free(t->gone);
	free(t);
}

void terminal_close_all(void)
{
	while (open_ones)
		terminal_close(open_ones);
}

pid_t terminal_pid(const struct terminal *t)
{
	return t->pid;
}

/* One round: waits up to `ms` for output and takes in all there is. False when nothing came. */
static bool take_in(struct terminal *t, int ms)
{
	struct pollfd p = { .fd = t->master, .events = POLLIN };
	char buf[65536];
	ssize_t n;
	bool any = false;

	if (t->master < 0) { /* we hung up: only the end of the program is left to wait for */
		poll(NULL, 0, ms < 20 ? ms : 20);
		return false;
	}
	if (poll(&p, 1, ms) <= 0)
		return false;
	while ((n = read(t->master, buf, sizeof(buf))) > 0) {
		t->bytes += (size_t)n;
		t->last_byte_ms = precise_ms();
		vterm_input_write(t->vt, buf, (size_t)n);
		any = true;
	}
	vterm_screen_flush_damage(t->screen);
	if (!any && ms > 0) /* the other side is closed: do not spin until the deadline */
		poll(NULL, 0, ms < 20 ? ms : 20);
	return any;
}

/* --- keys ------------------------------------------------------------------------------------------------------------------------ */

static const struct { const char *name; VTermKey key; VTermModifier mod; } named[] = {
	{ "Enter", VTERM_KEY_ENTER, 0 }, { "Esc", VTERM_KEY_ESCAPE, 0 }, { "Tab", VTERM_KEY_TAB, 0 },
	{ "BackTab", VTERM_KEY_TAB, VTERM_MOD_SHIFT }, { "Backspace", VTERM_KEY_BACKSPACE, 0 }, { "Del", VTERM_KEY_DEL, 0 },
	{ "Ins", VTERM_KEY_INS, 0 }, { "Up", VTERM_KEY_UP, 0 }, { "Down", VTERM_KEY_DOWN, 0 }, { "Left", VTERM_KEY_LEFT, 0 },
	{ "Right", VTERM_KEY_RIGHT, 0 }, { "Home", VTERM_KEY_HOME, 0 }, { "End", VTERM_KEY_END, 0 },
	{ "PgUp", VTERM_KEY_PAGEUP, 0 }, { "PgDn", VTERM_KEY_PAGEDOWN, 0 },
};

static void press(struct terminal *t, const char *name)
{
	int f;

	if (sscanf(name, "F%d", &f) == 1 && f >= 1 && f <= 12) {
		vterm_keyboard_key(t->vt, (VTermKey)VTERM_KEY_FUNCTION(f), VTERM_MOD_NONE);
		return;
	}
	if (name[0] == 'C' && name[1] == '-' && name[2] >= 'a' && name[2] <= 'z' && !name[3]) {
		char c = (char)(name[2] & 0x1f);
		terminal_bytes(t, &c, 1);
		return;
	}
	if (strcmp(name, "Lt") == 0) {
		terminal_bytes(t, "<", 1);
		return;
	}
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (strcmp(name, named[i].name) == 0) {
			vterm_keyboard_key(t->vt, named[i].key, named[i].mod);
			return;
		}
	fail_msg("no key is called <%s>", name);
}

void terminal_keys(struct terminal *t, const char *keys)
{
	while (*keys) {
		const char *end = *keys == '<' ? strchr(keys, '>') : NULL;
		size_t plain = strcspn(keys + 1, "<") + 1;
		char name[16];

		if (!end) {
			terminal_bytes(t, keys, plain);
			keys += plain;
			continue;
		}
		snprintf(name, sizeof(name), "%.*s", (int)(end - keys - 1), keys + 1);
		press(t, name);
		keys = end + 1;
	}
}

void terminal_bytes(struct terminal *t, const void *bytes, size_t n)
{
	const char *p = bytes;
	int64_t until = now_ms() + TERMINAL_DEADLINE;

	while (n > 0 && t->master >= 0 && now_ms() < until) {
		ssize_t w = write(t->master, p, n);

		if (w > 0) {
			p += w;
			n -= (size_t)w;
		} else if (w < 0 && errno == EAGAIN) { /* the line is full: the program paints while we type */
			struct pollfd wait = { .fd = t->master, .events = POLLOUT };
			poll(&wait, 1, 20);
			take_in(t, 0);
		} else if (errno != EINTR) {
			return; /* the program has gone: whoever waits for something will say so */
		}
	}
}

void terminal_end_input(struct terminal *t)
{
	take_in(t, 0);
	close(t->master);
	t->master = -1;
}

void terminal_resize(struct terminal *t, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	take_in(t, 0);
	t->rows = rows;
	t->cols = cols;
	vterm_set_size(t->vt, rows, cols);
	ioctl(t->master, TIOCSWINSZ, &size);
}

/* --- the screen -------------------------------------------------------------------------------------------------------------------- */

static size_t utf8(uint32_t c, char *out)
{
	if (c < 0x80)
		return out[0] = (char)c, 1;
	if (c < 0x800)
		return out[0] = (char)(0xc0 | c >> 6), out[1] = (char)(0x80 | (c & 63)), 2;
	if (c < 0x10000)
		return out[0] = (char)(0xe0 | c >> 12), out[1] = (char)(0x80 | (c >> 6 & 63)), out[2] = (char)(0x80 | (c & 63)), 3;
	return out[0] = (char)(0xf0 | c >> 18), out[1] = (char)(0x80 | (c >> 12 & 63)), out[2] = (char)(0x80 | (c >> 6 & 63)),
		out[3] = (char)(0x80 | (c & 63)), 4;
}

const char *terminal_row(struct terminal *t, int row)
{
	char *out, *text;

	if (row < 0 || row >= t->rows || row >= MAX_ROWS)
		return "";
	out = text = t->row_text[row];
	for (int col = 0; col < t->cols && out < text + ROW_TEXT - 32;) {
		VTermScreenCell cell;

		vterm_screen_get_cell(t->screen, (VTermPos){ .row = row, .col = col }, &cell);
		if (!cell.chars[0] || cell.chars[0] == UINT32_MAX)
			*out++ = ' ';
		else
			for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
				out += utf8(cell.chars[i], out);
		col += cell.width > 0 ? cell.width : 1;
	}
	while (out > text && out[-1] == ' ')
		out--;
	*out = '\0';
	return text;
}

int terminal_find(struct terminal *t, const char *text, int *col)
{
	for (int row = 0; row < t->rows; row++) {
		const char *line = terminal_row(t, row), *at = strstr(line, text);

		if (!at)
			continue;
		if (col) { /* columns, not bytes: walk the cells up to the match */
			VTermScreenCell cell;
			size_t bytes = 0;
			char c[8];

			for (*col = 0; *col < t->cols && bytes < (size_t)(at - line); *col += cell.width > 0 ? cell.width : 1) {
				vterm_screen_get_cell(t->screen, (VTermPos){ .row = row, .col = *col }, &cell);
				bytes += cell.chars[0] ? 0 : 1;
				for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
					bytes += utf8(cell.chars[i], c);
			}
		}
		return row;
	}
	return -1;
}

bool terminal_shows(struct terminal *t, const char *text)
{
	take_in(t, 0);
	return terminal_find(t, text, NULL) >= 0;
}

void terminal_cursor(struct terminal *t, int *row, int *col, bool *visible)
{
	*row = t->cursor.row;
	*col = t->cursor.col;
	if (visible)
		*visible = t->cursor_visible;
}

void terminal_cell_at(struct terminal *t, int row, int col, struct terminal_cell *out)
{
	VTermScreenCell cell;

	vterm_screen_get_cell(t->screen, (VTermPos){ .row = row, .col = col }, &cell);
	memset(out, 0, sizeof(*out));
	for (int i = 0; i < 6 && i < VTERM_MAX_CHARS_PER_CELL; i++)
		out->chars[i] = cell.chars[i];
	out->width = cell.width;
	out->bold = cell.attrs.bold;
	out->reverse = cell.attrs.reverse;
}

const char *terminal_scrolled_off(struct terminal *t)
{
	take_in(t, 0);
	return t->gone ? t->gone : "";
}

void terminal_print(struct terminal *t)
{
	take_in(t, 0);
	fprintf(stderr, "+-- %d x %d, cursor %d,%d%s%s\n", t->rows, t->cols, t->cursor.row, t->cursor.col,
		t->cursor_visible ? "" : " hidden", reap(t) ? ", the program has ended" : "");
	for (int row = 0; row < t->rows; row++)
		fprintf(stderr, "|%s\n", terminal_row(t, row));
	fprintf(stderr, "+--\n");
}

size_t terminal_count_bytes(struct terminal *t)
{
	size_t n = t->bytes;

	t->bytes = 0;
	return n;
}

double terminal_last_byte_ms(const struct terminal *t)
{
	return t->last_byte_ms;
}

void terminal_drain(struct terminal *t, int quiet_ms)
{
	while (take_in(t, quiet_ms))
		;
}

/* --- waiting ------------------------------------------------------------------------------------------------------------------------- */

bool terminal_wait_until(struct terminal *t, bool (*holds)(struct terminal *t, void *arg), void *arg, int deadline_ms)
{
	int64_t until = now_ms() + deadline_ms;

	for (;;) {
		int64_t left = until - now_ms();

		take_in(t, 0);
		if (holds(t, arg))
			return true;
		if (left <= 0)
			return false;
		take_in(t, left < 50 ? (int)left : 50);
	}
}

static bool holds_text(struct terminal *t, void *text)
{
	return terminal_find(t, text, NULL) >= 0;
}

static bool holds_no_text(struct terminal *t, void *text)
{
	return terminal_find(t, text, NULL) < 0;
}

static bool holds_end(struct terminal *t, void *arg)
{
	(void)arg;
	return reap(t);
}

bool terminal_wait_for(struct terminal *t, const char *text, int deadline_ms)
{
	return terminal_wait_until(t, holds_text, (void *)(uintptr_t)text, deadline_ms);
}

bool terminal_wait_gone(struct terminal *t, const char *text, int deadline_ms)
{
	return terminal_wait_until(t, holds_no_text, (void *)(uintptr_t)text, deadline_ms);
}

bool terminal_wait_end(struct terminal *t, int deadline_ms, int *status)
{
	if (!terminal_wait_until(t, holds_end, NULL, deadline_ms))
		return false;
	take_in(t, 0);
	*status = t->status;
	return true;
}

void terminal_fail(struct terminal *t, const char *what, const char *file, int line)
{
	fprintf(stderr, "%s\n", what);
	terminal_print(t);
	_fail(file, line);
}
