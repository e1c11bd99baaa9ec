/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/dates.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "terminfo.h"

#define MAX_ROWS 500
#define MAX_COLS 1000
#define OUT_CEILING (8u << 20)
#define REPORT_MS 2000 /* how long an answer about the cursor's place is waited for */
#define GAP 4          /* equal cells up to here are sent again rather than jumped over */

struct term {
	int in, out;
	struct termios saved;
	bool raw;
	struct canvas want, have; /* to be shown; on the screen */
	bool known;               /* have is what the screen shows */
	int row, col;             /* the cursor; col -1: not known */
	unsigned attr;            /* attributes in force */
	uint16_t fg, bg;          /* a picture's colours in force, as in struct cell */
	bool ansi, color, no_color;
	struct buf bytes;
	uint64_t sent;
	struct keys keys;
	int scroll_top, scroll_bottom, scroll_lines;
	int64_t asked;            /* when the cursor's place was asked for; 0: no answer awaited */
	bool paste, function_keys, console, palette;
	const char *smcup, *rmcup, *smkx, *rmkx, *cup, *el, *ed, *clear, *csr, *ind, *ri, *bold, *rev, *smul, *dim, *sgr0, *setaf, *setab, *hpa, *u7, *cnorm;
};

/* For the handlers of deadly signals, which cannot be given a struct: how to put the terminal right. One terminal at a time. */
static struct {
	volatile sig_atomic_t armed;
	int in, out;
	struct termios saved;
	char bytes[128];
	size_t n;
} rescue;

/* --- output ------------------------------------------------------------------------------------------------------------------ */

static void send_cap(struct term *t, const char *cap)
{
	terminfo_put(&t->bytes, cap);
}

static int write_out(struct term *t, struct err *e)
{
	int last = 0;

	if (t->bytes.failed)
		last = err_set(e, ERR_MEMORY, "terminal output");
	else if (t->bytes.len)
		last = io_write_all(t->out, t->bytes.data, t->bytes.len, e);
	t->sent += t->bytes.len;
	if (t->bytes.data)
		wipe(t->bytes.data, t->bytes.len);
	buf_reset(&t->bytes);
	return last;
}

/* --- attributes and cursor --------------------------------------------------------------------------------------------------- */

static void attr_one(struct term *t, unsigned attr)
{
	if (attr & ATTR_BOLD)
		send_cap(t, t->bold);
	if (attr & ATTR_REVERSE)
		send_cap(t, t->rev);
	if (attr & ATTR_UNDERLINE)
		send_cap(t, t->smul);
	if (attr & ATTR_DIM)
		send_cap(t, t->dim);
	if ((attr & ATTR_COLOR) && t->color)
		terminfo_put2(&t->bytes, t->setaf, (int)((attr & ATTR_COLOR) >> 4), 0);
}

/* The short reset of ANSI terminals; sgr0 of most descriptions also resets a character set that we never change. */
static void reset_attr(struct term *t)
{
	if (t->ansi)
		buf_adds(&t->bytes, "\033[m");
	else
		send_cap(t, t->sgr0);
	t->attr = ATTR_PLAIN;
	t->fg = t->bg = 0;
}

static void set_attr(struct term *t, unsigned attr)
{
	if (t->fg || t->bg)
		reset_attr(t);

	if (!t->color)
		attr &= ~(unsigned)ATTR_COLOR;
	if (attr == t->attr)
		return;
	if ((t->attr & ~attr) || ((t->attr & ATTR_COLOR) != (attr & ATTR_COLOR) && (t->attr & ATTR_COLOR)))
		reset_attr(t);
	attr_one(t, attr & ~t->attr);
	t->attr = attr;
}

/* A picture's cell has colours and no attributes. */
static void set_colors(struct term *t, uint16_t fg, uint16_t bg)
{
	if (t->attr || (t->fg && !fg) || (t->bg && !bg))
		reset_attr(t);
	if (fg != t->fg)
		terminfo_put2(&t->bytes, t->setaf, fg - 1, 0);
	if (bg != t->bg)
		terminfo_put2(&t->bytes, t->setab, bg - 1, 0);
	t->fg = fg;
	t->bg = bg;
}

static void set_look(struct term *t, const struct cell *c)
{
	if (t->palette && (c->fg || c->bg))
		set_colors(t, c->fg, c->bg);
	else
		set_attr(t, c->attr);
}

static void move_to(struct term *t, int row, int col)
{
	if (t->row == row && t->col == col)
		return;
	if (t->col >= 0 && t->row == row && col == 0)
		buf_adds(&t->bytes, "\r");
	else if (t->col >= 0 && t->row + 1 == row && col == 0 && row < t->want.rows)
		buf_adds(&t->bytes, "\r\n");
	else if (t->col >= 0 && t->row == row && t->col == col + 1)
		buf_adds(&t->bytes, "\b");
	else if (t->row == row && t->hpa)
		terminfo_put2(&t->bytes, t->hpa, col, 0);
	else
		terminfo_put2(&t->bytes, t->cup, row, col);
	t->row = row;
	t->col = col;
}

/* Terminals agree on ASCII and on the ideographs of the basic plane; on the rest they may not. */
static bool agreed(const struct cell *c)
{
	uint32_t cp;
	size_t n = text_decode(c->text, c->n, &cp);

	if (n != c->n)
		return false;
	return cp < 0x80 || (cp >= 0x3000 && cp < 0x3040) || (cp >= 0x3400 && cp < 0xA000) || (cp >= 0xFF00 && cp < 0xFF60);
}

static void send_cell(struct term *t, int row, int col, const struct cell *c)
{
	move_to(t, row, col);
	set_look(t, c);
	if (c->width == 2 && !agreed(c)) { /* should the terminal show it narrow, nothing old is left beside it */
		buf_adds(&t->bytes, "  ");
		t->col = -1;
		move_to(t, row, col);
	}
	buf_add(&t->bytes, c->text, c->n);
	t->col = col + c->width;
	if (!agreed(c) || t->col >= t->want.cols)
		t->col = -1;
}

/* --- painting ---------------------------------------------------------------------------------------------------------------- */

static bool same_cell(const struct cell *a, const struct cell *b)
{
	return a->n == b->n && a->width == b->width && a->attr == b->attr && a->fg == b->fg && a->bg == b->bg && !memcmp(a->text, b->text, a->n);
}

static bool is_blank(const struct cell *c)
{
	return c->n == 1 && c->text[0] == ' ' && !c->bg && !(c->attr & (ATTR_REVERSE | ATTR_UNDERLINE));
}

/* The last column that is not blank, + 1. */
static int used_columns(const struct canvas *c, int row)
{
	int col = c->cols;

	while (col && is_blank(canvas_at(c, row, col - 1)))
		col--;
	return col;
}

/* Where the next difference at or after col begins, moved left to the beginning of a wide character in either canvas. */
static int next_difference(const struct term *t, int row, int col, int end)
{
	while (col < end && same_cell(canvas_at(&t->want, row, col), canvas_at(&t->have, row, col)))
		col++;
	while (col > 0 && col < end && !canvas_at(&t->want, row, col)->width)
		col--;
	return col;
}

/* A short run of cells that are right already is cheaper to send again than to jump over. */
static int bridge(const struct term *t, int row, int from, int to)
{
	if (t->col != from || to - from > GAP)
		return to;
	for (int x = from; x < to; x++) {
		const struct cell *c = canvas_at(&t->want, row, x);

		if (!agreed(c) || c->attr != t->attr || c->fg != t->fg || c->bg != t->bg)
			return to;
	}
	return from;
}

static void paint_cells(struct term *t, int row, int end)
{
	int col = 0;

	for (;;) {
		int next = next_difference(t, row, col, end);

		if (next >= end)
			return;
		col = bridge(t, row, col, next);
		do {
			struct cell *c = canvas_at(&t->want, row, col);
			int width = c->width ? c->width : 1;

			if (c->width)
				send_cell(t, row, col, c);
			col += width;
		} while (col <= next && col < end);
	}
}

static void paint_row(struct term *t, int row)
{
	int want = used_columns(&t->want, row), have = used_columns(&t->have, row), last = t->want.cols;
	bool erase = have > want + 3;
	/* the last place of the last row is never written: it would scroll the screen */
	if (row == t->want.rows - 1)
		last--;
	paint_cells(t, row, erase || want > last ? (want < last ? want : last) : (have > want ? (have < last ? have : last) : want));
	if (!erase)
		return;
	move_to(t, row, want);
	set_attr(t, ATTR_PLAIN);
	send_cap(t, t->el);
}

static int differing(const struct term *t, int row, int of)
{
	int n = 0;

	for (int x = 0; x < t->want.cols; x++)
		n += !same_cell(canvas_at(&t->want, row, x), canvas_at(&t->have, of, x));
	return n;
}

/* Would moving the lines of the hint leave less to paint? */
static bool scroll_pays(const struct term *t)
{
	int with = 0, without = 0;

	for (int y = t->scroll_top; y <= t->scroll_bottom; y++) {
		int from = y + t->scroll_lines;

		without += differing(t, y, y);
		with += from < t->scroll_top || from > t->scroll_bottom ? used_columns(&t->want, y) : differing(t, y, from);
	}
	return with + 30 < without;
}

static void shift_have(struct term *t)
{
	int n = t->scroll_lines, top = t->scroll_top, bottom = t->scroll_bottom, cols = t->have.cols;
	int kept = bottom - top + 1 - abs(n);
	struct cell *from = canvas_at(&t->have, n > 0 ? top + n : top, 0), *to = canvas_at(&t->have, n > 0 ? top : top - n, 0);
	struct canvas fresh = {.rows = abs(n), .cols = cols, .cell = canvas_at(&t->have, n > 0 ? bottom - n + 1 : top, 0)};

	memmove(to, from, (size_t)(kept * cols) * sizeof(*to));
	canvas_clear(&fresh);
}

static void scroll_have(struct term *t)
{
	int n = t->scroll_lines, height = t->scroll_bottom - t->scroll_top + 1;

	if (!n || !t->known || !t->csr || !t->ri || abs(n) >= height || t->scroll_top < 0 || t->scroll_bottom >= t->want.rows || !scroll_pays(t))
		return;
	set_attr(t, ATTR_PLAIN);
	terminfo_put2(&t->bytes, t->csr, t->scroll_top, t->scroll_bottom);
	t->row = t->col = -1;
	move_to(t, n > 0 ? t->scroll_bottom : t->scroll_top, 0);
	for (int i = 0; i < abs(n); i++)
		send_cap(t, n > 0 ? t->ind : t->ri);
	terminfo_put2(&t->bytes, t->csr, 0, (t->want.rows - 1));
	t->row = t->col = -1;
	shift_have(t);
}

static void clear_screen(struct term *t)
{
	set_attr(t, ATTR_PLAIN);
	send_cap(t, t->clear);
	t->row = t->col = 0;
	canvas_clear(&t->have);
	t->known = true;
}

int term_flush(struct term *t, struct err *e)
{
	if (!t->known)
		clear_screen(t);
	scroll_have(t);
	t->scroll_lines = 0;
	for (int y = 0; y < t->want.rows; y++)
		paint_row(t, y);
	set_attr(t, ATTR_PLAIN);
	if (t->want.cursor_row >= 0)
		move_to(t, t->want.cursor_row, t->want.cursor_col);
	memcpy(t->have.cell, t->want.cell, (size_t)t->want.rows * (size_t)t->want.cols * sizeof(*t->want.cell));
	return write_out(t, e);
}

void term_scrolled(struct term *t, int top, int bottom, int n)
{
	t->scroll_top = top;
	t->scroll_bottom = bottom;
	t->scroll_lines = n;
}

void term_forget(struct term *t)
{
	t->known = false;
	t->row = t->col = -1;
	t->attr = ~0u & (ATTR_BOLD | ATTR_REVERSE);
}

/* --- size and ambiguous width ------------------------------------------------------------------------------------------------ */

static int clamp(int n, int fallback, int most)
{
	return n <= 0 ? fallback : n > most ? most : n;
}

int term_measure(struct term *t)
{
	struct winsize w = {0};
	struct canvas want = {0}, have = {0};
	int rows, cols;

	ioctl(t->out, TIOCGWINSZ, &w);
	rows = clamp(w.ws_row, 24, MAX_ROWS);
	cols = clamp(w.ws_col, 80, MAX_COLS);
	if (t->want.cell && rows == t->want.rows && cols == t->want.cols)
		return 0;
	if (canvas_resize(&want, rows, cols) || canvas_resize(&have, rows, cols)) {
		canvas_release(&want);
		return -1;
	}
	canvas_release(&t->want);
	canvas_release(&t->have);
	t->want = want;
	t->have = have;
	term_forget(t);
	return 1;
}

/* How wide this terminal shows an ambiguous character: one is printed where the first paint covers it, and the cursor asked for. The
 * answer comes as a key; nothing waits for it. */
static void ask_width(struct term *t)
{
	if (!t->u7)
		return;
	terminfo_put2(&t->bytes, t->cup, 0, 0);
	buf_adds(&t->bytes, "\xC2\xB7");
	send_cap(t, t->u7);
	t->asked = clock_steady_ms();
	t->keys.expect_report = true;
}

bool term_reported(struct term *t)
{
	bool timely = t->asked && clock_steady_ms() - t->asked <= REPORT_MS;
	int width = t->keys.report_column - 1;

	t->asked = 0;
	if (!timely || t->keys.report_row != 1 || (width != 1 && width != 2) || width == text_ambiguous_width())
		return false;
	text_set_ambiguous_width(width);
	term_forget(t);
	return true;
}

/* --- opening and closing ------------------------------------------------------------------------------------------------------- */

static const struct { const char *name; int key; } known_keys[] = {
	{"kf1", K_F1}, {"kf2", K_F2}, {"kf3", K_F3}, {"kf4", K_F4}, {"kf5", K_F5}, {"kf6", K_F6}, {"kf7", K_F7}, {"kf8", K_F8}, {"kf9", K_F9},
	{"kf10", K_F10}, {"kf11", K_F11}, {"kf12", K_F12}, {"kcuu1", K_UP}, {"kcud1", K_DOWN}, {"kcuf1", K_RIGHT}, {"kcub1", K_LEFT},
	{"khome", K_HOME}, {"kend", K_END}, {"kpp", K_PAGE_UP}, {"knp", K_PAGE_DOWN}, {"kdch1", K_DELETE}, {"kich1", K_INSERT},
	{"kcbt", K_BACKTAB}, {"kent", K_ENTER}, {"kbs", K_BACKSPACE},
};

static void load_caps(struct term *t)
{
	const struct { const char **at; const char *name; } rows[] = {
		{&t->smcup, "smcup"}, {&t->rmcup, "rmcup"}, {&t->smkx, "smkx"}, {&t->rmkx, "rmkx"}, {&t->cup, "cup"}, {&t->el, "el"}, {&t->ed, "ed"},
		{&t->clear, "clear"}, {&t->csr, "csr"}, {&t->ind, "ind"}, {&t->ri, "ri"}, {&t->bold, "bold"}, {&t->rev, "rev"}, {&t->smul, "smul"},
		{&t->dim, "dim"}, {&t->sgr0, "sgr0"}, {&t->setaf, "setaf"}, {&t->setab, "setab"}, {&t->hpa, "hpa"}, {&t->u7, "u7"}, {&t->cnorm, "cnorm"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		*rows[i].at = terminfo_string(rows[i].name);
	for (size_t i = 0; i < ARRAY_LEN(known_keys); i++)
		keys_know(&t->keys, terminfo_string(known_keys[i].name), known_keys[i].key);
	t->ansi = t->sgr0 && strstr(t->sgr0, "\033[m") && t->bold && !strncmp(t->bold, "\033[1m", 4);
	t->color = !t->no_color && t->setaf && terminfo_number("colors") >= 8;
	t->palette = t->color && t->setab && terminfo_number("colors") >= 256;
	t->function_keys = terminfo_string("kf10") && terminfo_string("kf5");
	t->paste = terminfo_flag("XT");
}

static void restore_bytes(struct term *t)
{
	set_attr(t, ATTR_PLAIN);
	send_cap(t, t->sgr0);
	if (t->paste)
		buf_adds(&t->bytes, "\033[?2004l");
	send_cap(t, t->rmkx);
	send_cap(t, t->cnorm);
	if (!t->rmcup) /* nothing of what was shown stays behind (QUALITY S9) */
		send_cap(t, t->clear);
	send_cap(t, t->rmcup);
	buf_adds(&t->bytes, "\r");
}

/* The same bytes kept where a signal handler can send them. */
static void arm_rescue(struct term *t)
{
	rescue.armed = 0;
	rescue.in = t->in;
	rescue.out = t->out;
	rescue.saved = t->saved;
	restore_bytes(t);
	rescue.n = t->bytes.len < sizeof(rescue.bytes) ? t->bytes.len : 0;
	if (rescue.n)
		memcpy(rescue.bytes, t->bytes.data, rescue.n);
	buf_reset(&t->bytes);
	rescue.armed = 1;
}

static void rescue_terminal(int signal)
{
	if (rescue.armed) {
		rescue.armed = 0;
		if (write(rescue.out, rescue.bytes, rescue.n) < 0) {
			/* nothing can be done about it here */
		}
		tcsetattr(rescue.in, TCSANOW, &rescue.saved);
	}
	raise(signal); /* SA_RESETHAND: the default, or a sanitizer's report, comes next */
}

static const int deadly[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

static void catch_deadly(bool on)
{
	for (size_t i = 0; i < ARRAY_LEN(deadly); i++) {
		struct sigaction a = {.sa_handler = on ? rescue_terminal : SIG_DFL, .sa_flags = SA_RESETHAND | SA_NODEFER}, old;

		sigemptyset(&a.sa_mask);
		if (on && !sigaction(deadly[i], NULL, &old) && (old.sa_flags & SA_SIGINFO))
			continue; /* a sanitizer watches this one */
		sigaction(deadly[i], &a, NULL);
	}
}

static int set_raw(struct term *t)
{
	struct termios raw = t->saved;

	cfmakeraw(&raw);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	return tcsetattr(t->in, TCSADRAIN, &raw);
}

static int raw_mode(struct term *t, struct err *e)
{
	if (tcgetattr(t->in, &t->saved))
		return err_set(e, ERR_TERMINAL, "standard input is no terminal");
	if (set_raw(t))
		return err_set(e, ERR_TERMINAL, "tcsetattr: %s", strerror(errno));
	t->raw = true;
	return 0;
}

static void enter_screen(struct term *t)
{
	send_cap(t, t->smcup);
	send_cap(t, t->smkx);
	if (t->paste)
		buf_adds(&t->bytes, "\033[?2004h");
}

void term_resume(struct term *t)
{
	set_raw(t);
	enter_screen(t);
	term_forget(t);
}

static int describe(struct term *t, const char *type, struct err *e)
{
	if (!terminfo_open(type, t->out))
		return err_set(e, ERR_TERMINAL, "no description of terminal %s", type ? type : "(TERM is unset)");
	load_caps(t);
	if (!t->cup || !t->clear || !t->el)
		return err_set(e, ERR_TERMINAL, "terminal %s cannot move its cursor", type ? type : "");
	return 0;
}

int term_open(struct term **out, const struct term_options *options, struct err *e)
{
	struct term *t = calloc(1, sizeof(*t));
	const char *type = options->type ? options->type : getenv("TERM");

	if (!t)
		return err_set(e, ERR_MEMORY, "terminal");
	t->in = options->in;
	t->out = options->out;
	t->no_color = options->no_color;
	t->console = type && !strncmp(type, "linux", 5);
	buf_init(&t->bytes, OUT_CEILING);
	keys_init(&t->keys);
	if (!isatty(t->out)) {
		err_set(e, ERR_TERMINAL, "standard output is no terminal");
		goto fail;
	}
	if (describe(t, type, e) || raw_mode(t, e))
		goto fail;
	if (term_measure(t) < 0) {
		err_set(e, ERR_MEMORY, "terminal");
		goto fail;
	}
	arm_rescue(t);
	catch_deadly(true);
	enter_screen(t);
	text_set_ambiguous_width(options->ambiguous == 2 ? 2 : 1);
	if (!options->ambiguous)
		ask_width(t);
	*out = t;
	return 0;
fail:
	term_close(t);
	return -1;
}

void term_close(struct term *t)
{
	if (!t)
		return;
	if (t->raw) {
		buf_reset(&t->bytes);
		if (t->want.cell) {
			t->attr = ATTR_PLAIN;
			restore_bytes(t);
			write_out(t, NULL);
		}
		rescue.armed = 0;
		catch_deadly(false);
		tcsetattr(t->in, TCSADRAIN, &t->saved);
	}
	terminfo_close();
	canvas_release(&t->want);
	canvas_release(&t->have);
	buf_wipe_release(&t->bytes);
	wipe(&t->keys, sizeof(t->keys));
	free(t);
}

/* --- small things ---------------------------------------------------------------------------------------------------------------- */

int term_read(struct term *t, int64_t now)
{
	unsigned char chunk[1024];
	struct pollfd p = {.fd = t->in, .events = POLLIN};
	size_t room = KEYS_BUFFER - t->keys.n;
	ssize_t got;

	if (!room || poll(&p, 1, 0) <= 0)
		return 0;
	got = io_read_some(t->in, chunk, room < sizeof(chunk) ? room : sizeof(chunk));
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	if (got <= 0)
		return -1;
	keys_feed(&t->keys, chunk, (size_t)got, now);
	wipe(chunk, (size_t)got);
	return 1;
}

struct canvas *term_canvas(struct term *t)
{
	return &t->want;
}

struct keys *term_keys(struct term *t)
{
	return &t->keys;
}

int term_in(const struct term *t)
{
	return t->in;
}

bool term_has_function_keys(const struct term *t)
{
	return t->function_keys;
}

int term_palette(const struct term *t)
{
	return t->palette ? 256 : 0;
}

bool term_console(const struct term *t)
{
	return t->console;
}

uint64_t term_bytes(const struct term *t)
{
	return t->sent;
}
