/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screens/glass.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <vterm.h>

#include "base/text.h"

#define DEADLINE_S 20

struct glass {
	int master, tty;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t came;
	char *bytes;           /* read, not yet given to the glass */
	size_t n, room;
	uint64_t total;
	bool ended;
	VTerm *vt;
	VTermScreen *screen;
	VTermPos cursor;
	int rows, cols;
	char row[4096];
};

static int move_cursor(VTermPos pos, VTermPos old, int visible, void *user)
{
	(void)old;
	(void)visible;
	((struct glass *)user)->cursor = pos;
	return 1;
}

static const VTermScreenCallbacks callbacks = {.movecursor = move_cursor};

static void keep(struct glass *g, const char *bytes, size_t n)
{
	pthread_mutex_lock(&g->lock);
	while (g->n + n > g->room) {
		g->room = g->room ? g->room * 2 : 65536;
		g->bytes = realloc(g->bytes, g->room);
	}
	memcpy(g->bytes + g->n, bytes, n);
	g->n += n;
	g->total += n;
	pthread_cond_broadcast(&g->came);
	pthread_mutex_unlock(&g->lock);
}

static void *reader(void *arg)
{
	struct glass *g = arg;
	char chunk[65536];
	ssize_t got;

	while ((got = read(g->master, chunk, sizeof(chunk))) > 0 || (got < 0 && errno == EINTR))
		if (got > 0)
			keep(g, chunk, (size_t)got);
	pthread_mutex_lock(&g->lock);
	g->ended = true;
	pthread_cond_broadcast(&g->came);
	pthread_mutex_unlock(&g->lock);
	return NULL;
}

struct glass *glass_open(int rows, int cols)
{
	struct glass *g = calloc(1, sizeof(*g));
	struct winsize w = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

	if (!g || openpty(&g->master, &g->tty, NULL, NULL, &w)) {
		free(g);
		return NULL;
	}
	g->rows = rows;
	g->cols = cols;
	pthread_mutex_init(&g->lock, NULL);
	pthread_cond_init(&g->came, NULL);
	g->vt = vterm_new(rows, cols);
	vterm_set_utf8(g->vt, 1);
	g->screen = vterm_obtain_screen(g->vt);
	vterm_screen_set_callbacks(g->screen, &callbacks, g);
	vterm_screen_enable_altscreen(g->screen, 1);
	vterm_screen_reset(g->screen, 1);
	pthread_create(&g->thread, NULL, reader, g);
	return g;
}

void glass_hang_up(struct glass *g)
{
	if (g->tty >= 0)
		close(g->tty);
	g->tty = -1;
}

void glass_close(struct glass *g)
{
	if (!g)
		return;
	glass_hang_up(g);
	pthread_join(g->thread, NULL);
	close(g->master);
	vterm_free(g->vt);
	pthread_mutex_destroy(&g->lock);
	pthread_cond_destroy(&g->came);
	free(g->bytes);
	free(g);
}

int glass_tty(const struct glass *g)
{
	return g->tty;
}

void glass_type(struct glass *g, const void *bytes, size_t n)
{
	const char *from = bytes;

	while (n) {
		ssize_t done = write(g->master, from, n);

		if (done <= 0)
			return;
		from += done;
		n -= (size_t)done;
	}
}

void glass_resize(struct glass *g, int rows, int cols)
{
	struct winsize w = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

	ioctl(g->tty, TIOCSWINSZ, &w);
	g->rows = rows;
	g->cols = cols;
	vterm_set_size(g->vt, rows, cols);
}

void glass_catch_up(struct glass *g, uint64_t sent)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += DEADLINE_S;
	pthread_mutex_lock(&g->lock);
	while (g->total < sent && !g->ended)
		if (pthread_cond_timedwait(&g->came, &g->lock, &until)) {
			fprintf(stderr, "the terminal got %llu of %llu bytes\n", (unsigned long long)g->total, (unsigned long long)sent);
			break;
		}
	vterm_input_write(g->vt, g->bytes ? g->bytes : "", g->n);
	g->n = 0;
	pthread_mutex_unlock(&g->lock);
	vterm_screen_flush_damage(g->screen);
}

static int palette(const VTermColor *color)
{
	return VTERM_COLOR_IS_DEFAULT_FG(color) || VTERM_COLOR_IS_DEFAULT_BG(color) || !VTERM_COLOR_IS_INDEXED(color) ? -1 : color->indexed.idx;
}

void glass_cell(struct glass *g, int row, int col, struct glass_cell *out)
{
	VTermScreenCell cell = {0};

	vterm_screen_get_cell(g->screen, (VTermPos){row, col}, &cell);
	if (cell.chars[0] == (uint32_t)-1) { /* the right half of a wide character, whose colours are its left half's */
		*out = (struct glass_cell){.width = cell.width, .fg = -1, .bg = -1};
		return;
	}
	*out = (struct glass_cell){.cp = cell.chars[0], .width = cell.width, .bold = cell.attrs.bold,
				   .reverse = cell.attrs.reverse, .fg = palette(&cell.fg), .bg = palette(&cell.bg)};
}

void glass_cursor(struct glass *g, int *row, int *col)
{
	*row = g->cursor.row;
	*col = g->cursor.col;
}

const char *glass_row(struct glass *g, int row)
{
	size_t n = 0, last = 0;

	for (int col = 0; col < g->cols && n + 32 < sizeof(g->row);) {
		VTermScreenCell cell = {0};
		bool blank;

		vterm_screen_get_cell(g->screen, (VTermPos){row, col}, &cell);
		blank = !cell.chars[0] || cell.chars[0] == ' ' || cell.chars[0] == (uint32_t)-1;
		if (blank)
			g->row[n++] = ' ';
		for (int i = 0; !blank && i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			n += text_encode(cell.chars[i], g->row + n);
		if (!blank)
			last = n;
		col += cell.width > 1 ? cell.width : 1;
	}
	g->row[last] = '\0';
	return g->row;
}

bool glass_shows(struct glass *g, const char *text)
{
	for (int row = 0; row < g->rows; row++)
		if (strstr(glass_row(g, row), text))
			return true;
	return false;
}

void glass_print(struct glass *g)
{
	for (int row = 0; row < g->rows; row++)
		fprintf(stderr, "%3d|%s\n", row, glass_row(g, row));
	fprintf(stderr, "cursor %d,%d\n", g->cursor.row, g->cursor.col);
}
