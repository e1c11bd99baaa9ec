/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shiming-reader: cards as JSON lines on stdout (domain/id_card.h). Holds no key, no database; ends with its
 * parent, and in watch mode at the end of its stdin.
 */
#include <argp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "reader/pcsc.h"
#include "reader/plugged.h"
#include "reader/watch.h"

#define STEP_MS 60000
#define REPORT_MAX (256 * 1024)

#define MODES "list | read | watch | report"

enum mode { MODE_NONE, MODE_LIST, MODE_READ, MODE_WATCH, MODE_REPORT };

struct job {
	enum mode mode;
	const char *reader;
	int timeout_s;
	struct buf line;
	const struct watch *watch;
	bool over;
	int status; /* exit status once over */
};

static int mode_of(const char *word)
{
	static const char *const words[] = { "", "list", "read", "watch", "report" };

	for (size_t i = 1; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i], word) == 0)
			return (int)i;
	}
	return MODE_NONE;
}

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct job *job = state->input;

	switch (key) {
	case 'r':
		job->reader = arg;
		return 0;
	case 't':
		job->timeout_s = atoi(arg);
		if (job->timeout_s <= 0 || job->timeout_s > 86400)
			argp_error(state, "--timeout: %s", arg);
		return 0;
	case ARGP_KEY_ARG:
		if (job->mode != MODE_NONE || (job->mode = (enum mode)mode_of(arg)) == MODE_NONE)
			argp_error(state, "%s: %s", arg, MODES);
		return 0;
	case ARGP_KEY_END:
		if (job->mode == MODE_NONE)
			argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Whoever started us starts another, which finds reader and card anew: better than an event that nobody is told of. */
static void give_up(const char *doing, enum err_code code) __attribute__((noreturn));
static void give_up(const char *doing, enum err_code code)
{
	log_err(doing, &(struct err){ .code = code });
	_exit(1);
}

static void print_event(struct job *job, const struct card_event *ev)
{
	if (card_event_write(ev, &job->line) < 0 || buf_adds(&job->line, "\n") < 0)
		give_up("telling an event", ERR_MEMORY);
	if (io_write_all(STDOUT_FILENO, job->line.data, job->line.len, NULL) < 0)
		_exit(1); /* nobody listens any more */
	wipe(job->line.data, job->line.len);
}

static void end(struct job *job, int status)
{
	job->over = true;
	job->status = status;
}

/* In read mode the first card ends it, and so does a failure that laying the card down again would not mend.
 */
static void judge(struct job *job, const struct card_event *ev)
{
	/* What keeps one reader away does not matter while there is another. */
	if (ev->kind == CARD_EVENT_TROUBLE && ev->cause != ERR_NONE && job->watch->n == 0)
		end(job, 1);
	if (job->mode != MODE_READ)
		return;
	if (ev->kind == CARD_EVENT_READ)
		end(job, 0);
	else if (ev->kind == CARD_EVENT_FAILED && ev->cause != ERR_CARD_REMOVED)
		end(job, 1);
}

static void on_event(void *arg, const struct card_event *ev)
{
	struct job *job = arg;

	if (job->over)
		return;
	print_event(job, ev);
	if (job->mode != MODE_WATCH)
		judge(job, ev);
}

/* The lifeline: whoever started us holds the other end. Nothing here needs an orderly end. */
static void *lifeline(void *arg)
{
	char byte;

	(void)arg;
	while (io_read_some(STDIN_FILENO, &byte, 1) > 0)
		;
	_exit(0);
}

static void watch_for_ever(struct watch *w)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, lifeline, NULL) != 0)
		give_up("watching who started us", ERR_SYSTEM);
	pthread_detach(thread);
	for (;;)
		watch_step(w, STEP_MS);
}

static void read_one(struct watch *w, struct job *job)
{
	int64_t until = clock_steady_ms() + job->timeout_s * INT64_C(1000), left;
	struct card_event late = { .kind = CARD_EVENT_FAILED, .cause = ERR_CARD_TIMEOUT };

	while (!job->over && (left = until - clock_steady_ms()) > 0)
		watch_step(w, (int)left);
	if (job->over)
		return;
	late.at = clock_now_ms();
	print_event(job, &late);
	end(job, 1);
}

static int report(struct card_source *source)
{
	struct err e = { 0 };
	struct buf text;
	int rc;

	buf_init(&text, REPORT_MAX);
	rc = pcsc_report(source, &text, &e);
	if (io_write_all(STDOUT_FILENO, text.data, text.len, NULL) < 0)
		rc = -1;
	buf_release(&text);
	source->ops->close(source->self);
	return rc < 0;
}

static int run(struct job *job)
{
	struct card_source source;
	struct err e = { 0 };
	struct watch w;

	if (pcsc_open(&source, &e) < 0) {
		log_err("pcsc", &e);
		return 1;
	}
	if (job->mode == MODE_REPORT)
		return report(&source);
	watch_init(&w, &source, on_event, job);
	job->watch = &w;
	if (job->reader)
		text_copy(w.only, sizeof(w.only), job->reader);
	if (job->mode == MODE_WATCH)
		watch_for_ever(&w);
	else if (job->mode == MODE_READ)
		read_one(&w, job);
	else
		watch_list(&w);
	watch_release(&w);
	return job->status;
}

/* It asks pcscd and looks at what is plugged in: nothing else is within reach of a card that breaks a parser. */
static void shut_the_door(void)
{
	const char *root = plugged_root();
	const char *const reads[] = { "/usr", "/lib", "/lib64", "/etc", "/run", "/sys", "/proc", "/dev", root && *root ? root : NULL, NULL };
	static const char *const writes[] = { "/dev/null", NULL };

	confine_to(&(struct confine_room){ .net = CONFINE_LOCAL, .reads = reads, .writes = writes, .memory = 1ul << 30, .files = 64 });
}

int main(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "reader", 'r', "N", 0, "only this reader: its place in the list (from 1), or part of its name", 0 },
		{ "timeout", 't', "S", 0, "read: give up after so many seconds (30)", 0 },
		{ 0 },
	};
	static const struct argp parser = { options, option, MODES,
					    "Identity cards through PC/SC, one JSON line an event; "
					    "report: text for support, without anything of a card.",
					    NULL, NULL, NULL };
	struct job job = { .timeout_s = 30 };
	int status;

	confine_no_core();
	i18n_init(NULL);
	clock_init();
	argp_err_exit_status = 2;
	argp_parse(&parser, argc, argv, 0, NULL, &job);
	shut_the_door();
	buf_init(&job.line, CARD_EVENT_LINE);
	status = run(&job);
	buf_wipe_release(&job.line);
	return status;
}
