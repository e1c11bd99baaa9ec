/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shiming-picture: a picture on stdin, what was asked for on stdout; or nothing, one line
 * {"error":"ERR_…","detail":"…"} on stderr and the exit status of DESIGN 12. It reads everything first, then
 * gives up whatever it could do besides computing, and only then looks at what it was given. No key, no
 * database, no network, no file but the portrait decoder's scratch directory.
 */
#include <argp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/helper.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "base/confine.h"
#include "picture/camera.h"
#include "picture/picture.h"
#include "picture/wlt.h"

struct job {
	const struct verb *verb;
	struct picture_fit_options fit;
	struct picture_cells_options cells;
	struct wlt_options wlt;
	struct camera_options camera;
	struct buf in, out;
};

struct verb {
	const char *name;
	size_t most_in; /* 0: nothing is read */
	const struct confine_limits *others; /* of what it starts; NULL: it starts nothing */
	int (*run)(struct job *job, struct err *e);
};

/* memory: the source, PICTURE_WORK_BYTES at the worst, bins and rasters. */
static const struct confine_limits own = {.memory = 1ul << 30, .cpu_s = 60, .files = 16};

static int run_fit(struct job *job, struct err *e)
{
	confine_before_decoding(&own);
	return picture_fit(job->in.data, job->in.len, &job->fit, &job->out, e);
}

static int run_cells(struct job *job, struct err *e)
{
	struct grid g = {0};
	int last;

	confine_before_decoding(&own);
	if (picture_cells(job->in.data, job->in.len, &job->cells, &g, e))
		return -1;
	last = grid_write(&g, &job->out, e);
	grid_release(&g);
	return last;
}

static volatile sig_atomic_t stop;

static void on_stop(int number)
{
	(void)number;
	stop = 1;
}

/* What a decoder writes is as foreign as any picture; its faults are the decoder's. */
static int run_wlt(struct job *job, struct err *e)
{
	struct buf picture;
	int last;

	sigaction(SIGTERM, &(struct sigaction){.sa_handler = on_stop}, NULL);
	job->wlt.stop = &stop;
	buf_init(&picture, WLT_PICTURE_MAX);
	last = wlt_decode(job->in.data, job->in.len, &job->wlt, &picture, e);
	if (last)
		goto out;
	confine_before_decoding(&own);
	last = picture_fit(picture.data, picture.len, &job->fit, &job->out, e);
	if (last && e->code != ERR_MEMORY)
		err_set(e, ERR_PICTURE_DECODER_OUTPUT, "%s: %s", err_name(e->code), e->detail);
out:
	buf_wipe_release(&picture);
	return last;
}

/* What the camera gave is judged as any picture; that it is none is the camera's fault. */
static int run_camera(struct job *job, struct err *e)
{
	struct buf picture;
	int last;

	sigaction(SIGTERM, &(struct sigaction){.sa_handler = on_stop}, NULL);
	job->camera.stop = &stop;
	buf_init(&picture, PICTURE_SOURCE_BYTES);
	last = camera_take(&job->camera, &picture, e);
	if (last)
		goto out;
	confine_before_decoding(&own);
	last = picture_fit(picture.data, picture.len, &job->fit, &job->out, e);
	if (last && e->code != ERR_MEMORY && e->code != ERR_USAGE)
		err_set(e, ERR_CAMERA_OUTPUT, "%s: %s", err_name(e->code), e->detail);
out:
	buf_wipe_release(&picture);
	return last;
}

/* child_start() needs numbers of files above 64. */
static const struct confine_limits decoders = {.memory = 1ul << 30, .file = WLT_PICTURE_MAX, .files = 128},
				   cameras = {.file = PICTURE_SOURCE_BYTES, .files = 1024};

static const struct verb verbs[] = {
	{"fit", PICTURE_SOURCE_BYTES, NULL, run_fit},
	{"cells", PICTURE_SOURCE_BYTES, NULL, run_cells},
	{"wlt", WLT_BYTES, &decoders, run_wlt},
	{"camera", 0, &cameras, run_camera},
};

/* --- the command line --- */

enum option_key {
	KEY_LIMIT = 256,
	KEY_PIXELS,
	KEY_COLUMNS,
	KEY_ROWS,
	KEY_COLOURS,
	KEY_SYMBOLS,
	KEY_WIDTH,
	KEY_DECODER,
	KEY_CAMERA,
	KEY_TIMEOUT
};

static unsigned number_arg(const char *arg, unsigned least, unsigned most, struct argp_state *state)
{
	unsigned long value = text_is_digits(arg) && strlen(arg) < 10 ? strtoul(arg, NULL, 10) : 0;

	if (value < least || value > most)
		argp_error(state, "%s: %u..%u", arg, least, most);
	return (unsigned)value;
}

static int word_arg(const char *arg, int which, struct argp_state *state)
{
	if (which < 0)
		argp_error(state, "%s?", arg);
	return which;
}

static void pixels_arg(struct job *job, const char *arg, struct argp_state *state)
{
	char width[16];
	const char *x = strchr(arg, 'x');

	if (!x || !text_format(width, sizeof(width), "%.*s", (int)(x - arg), arg)) {
		argp_error(state, "%s: WxH", arg);
		return;
	}
	job->fit.max_width = number_arg(width, PICTURE_SIDE_LEAST, PICTURE_SIDE_MOST, state);
	job->fit.max_height = number_arg(x + 1, PICTURE_SIDE_LEAST, PICTURE_SIDE_MOST, state);
}

static void verb_arg(struct job *job, const char *arg, struct argp_state *state)
{
	for (size_t i = 0; !job->verb && i < ARRAY_LEN(verbs); i++) {
		if (!strcmp(verbs[i].name, arg)) {
			job->verb = &verbs[i];
			return;
		}
	}
	argp_error(state, "%s: fit | cells | wlt | camera", arg);
}

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct job *job = state->input;

	switch (key) {
	case KEY_LIMIT:
		job->fit.base64_limit = number_arg(arg, PICTURE_BASE64_LEAST, PICTURE_BASE64_MOST, state);
		return 0;
	case KEY_PIXELS:
		pixels_arg(job, arg, state);
		return 0;
	case KEY_COLUMNS:
		job->cells.columns = number_arg(arg, 1, GRID_MOST, state);
		return 0;
	case KEY_ROWS:
		job->cells.rows = number_arg(arg, 1, GRID_MOST, state);
		return 0;
	case KEY_COLOURS:
		job->cells.colours = (enum grid_colours)word_arg(arg, grid_colours_of(arg), state);
		return 0;
	case KEY_SYMBOLS:
		job->cells.symbols = (enum picture_symbols)word_arg(arg, picture_symbols_of(arg), state);
		return 0;
	case KEY_WIDTH:
		text_set_ambiguous_width((int)number_arg(arg, 1, 2, state));
		return 0;
	case KEY_DECODER:
		job->wlt.command = arg;
		return 0;
	case KEY_CAMERA:
		job->camera.command = arg;
		return 0;
	case KEY_TIMEOUT:
		job->wlt.timeout_ms = (int)number_arg(arg, 1, CAMERA_SECONDS_MOST, state) * 1000;
		job->camera.timeout_ms = job->wlt.timeout_ms;
		return 0;
	case ARGP_KEY_ARG:
		verb_arg(job, arg, state);
		return 0;
	case ARGP_KEY_END:
		if (!job->verb)
			argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void read_arguments(struct job *job, int argc, char **argv)
{
	static const struct argp_option options[] = {
		{0, 0, 0, 0, "fit: a baseline JPEG without metadata, within", 1},
		{"base64-limit", KEY_LIMIT, "N", 0, "characters of its Base64 text (51200)", 1},
		{"max-pixels", KEY_PIXELS, "WxH", 0, "pixels (800x800)", 1},
		{0, 0, 0, 0, "cells: JSON lines for a terminal", 2},
		{"columns", KEY_COLUMNS, "N", 0, "room across (40)", 2},
		{"rows", KEY_ROWS, "N", 0, "room down (20)", 2},
		{"colours", KEY_COLOURS, "C", 0, "256 (default), truecolor, none", 2},
		{"symbols", KEY_SYMBOLS, "S", 0, "auto, half, quarter; without colours braille, shade, ascii",
		 2},
		{"ambiguous-width", KEY_WIDTH, "N", 0, "columns of an ambiguous character (1)", 2},
		{0, 0, 0, 0,
		 "wlt: the 1024 bytes of a card's portrait, through an external decoder, then as fit", 3},
		{"decoder", KEY_DECODER, "COMMAND", 0,
		 "absolute path and arguments; {in} and {out} are files, else stdin and stdout", 3},
		{"timeout", KEY_TIMEOUT, "S", 0, "seconds (10; camera 20)", 3},
		{0, 0, 0, 0, "camera: a photograph taken by a camera's command, then as fit", 4},
		{"command", KEY_CAMERA, "COMMAND", 0,
		 "absolute path and arguments; {out} is a file, else stdout", 4},
		{0},
	};
	static const struct argp parser = {
		options, option, "fit | cells | wlt | camera", "A picture on stdin; the answer on stdout.", NULL,
		NULL,	 NULL};

	argp_err_exit_status = 2;
	argp_parse(&parser, argc, argv, 0, NULL, job);
}

/* --- the run --- */

static int read_stdin(struct job *job, struct err *e)
{
	bool portrait = job->verb->most_in == WLT_BYTES;

	if (!job->verb->most_in)
		return 0;
	buf_init(&job->in, job->verb->most_in);
	while (io_fill(STDIN_FILENO, &job->in) > 0)
		;
	if (job->in.failed)
		return err_set(e, portrait ? ERR_PICTURE_PORTRAIT : ERR_PICTURE_TOO_LARGE,
			       "more than %zu bytes", job->verb->most_in);
	return 0;
}

static int answer(struct job *job, struct err *e)
{
	if (read_stdin(job, e) || job->verb->run(job, e))
		return -1;
	return io_write_all(STDOUT_FILENO, job->out.data, job->out.len, e);
}

int main(int argc, char **argv)
{
	struct job job = {.cells = {.columns = 40, .rows = 20, .colours = GRID_256}, .wlt = {.command = ""}, .camera = {.command = ""}};
	struct err e = {0};
	int status = 0;

	i18n_init(NULL);
	read_arguments(&job, argc, argv);
	confine_start(&own, job.verb->others);
	buf_init(&job.out, GRID_WIRE_MAX);
	if (answer(&job, &e)) {
		helper_tell(&e);
		status = err_exit_status(e.code);
	}
	buf_wipe_release(&job.in);
	buf_wipe_release(&job.out);
	return status;
}
