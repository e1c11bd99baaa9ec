/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shiming-sync: the runner. The only network client of the product; started by a session, by `shiming sync`,
 * or by systemd. */
#include <argp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/dates.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "sync/errand.h"
#include "sync/process.h"
#include "sync/room.h"
#include "sync/service.h"

#define LOG_FILE "sync.log"

const char *argp_program_version = "shiming-sync 0.1.0";

struct arguments {
	struct process_how how;
	int64_t project; /* 0: every one */
	bool once, now, json, probe, enrol, look_up;
};

static const struct argp_option options[] = {
	{"project", 'P', "ID", 0, "this project's line alone", 0},
	{"once", '1', 0, 0, "send and fetch until nothing is left, then end", 0},
	{"now", 'n', 0, 0, "with --once: what is held for undoing too", 0},
	{"json", 'j', 0, 0, "with --once: print the counts as JSON", 0},
	{"probe", 'p', 0, 0, "test the connection: one line of JSON says what is wrong", 0},
	{"enrol", 'e', 0, 0, "a one-time code (a line of standard input) for a token: one line of JSON", 0},
	{"look-up", 'l', 0, 0, "whether the platform knows a person (a hash on standard input): one line of JSON", 0},
	{0},
};

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->how;
		break;
	case 'P':
		if (!text_is_digits(arg) || strlen(arg) > 18)
			argp_error(state, "--project: a number");
		a->project = strtoll(arg, NULL, 10);
		break;
	case '1':
		a->once = true;
		break;
	case 'n':
		a->now = true;
		break;
	case 'j':
		a->json = true;
		break;
	case 'p':
		a->probe = true;
		break;
	case 'e':
		a->enrol = true;
		break;
	case 'l':
		a->look_up = true;
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "no arguments are taken");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static bool is_errand(const struct arguments *a)
{
	return a->probe || a->enrol || a->look_up;
}

static void open_log(const struct arguments *a)
{
	if (a->once || is_errand(a))
		log_open("shiming-sync", STDERR_FILENO, LOG_WRN);
	else
		process_log("shiming-sync", a->how.unattended ? NULL : a->how.dir, LOG_FILE);
}

static void add_counts(struct runner_counts *sum, const struct runner_counts *c)
{
	sum->sent += c->sent;
	sum->accepted += c->accepted;
	sum->waiting += c->waiting;
	sum->rejected += c->rejected;
	sum->unknown += c->unknown;
	sum->looked_up += c->looked_up;
	sum->changes += c->changes;
	sum->requests += c->requests;
}

static void counts_json(cJSON *o, const struct runner_counts *c, enum err_code trouble)
{
	const struct {
		const char *name;
		int64_t n;
	} rows[] = {{"sent", c->sent},	       {"accepted", c->accepted},   {"waiting", c->waiting}, {"rejected", c->rejected},
		    {"unknown", c->unknown},   {"looked_up", c->looked_up}, {"changes", c->changes}, {"requests", c->requests}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		cJSON_AddNumberToObject(o, rows[i].name, (double)rows[i].n);
	cJSON_AddStringToObject(o, "trouble", trouble ? err_name(trouble) : "");
}

/* What became of each line. json NULL: a sentence each, named where there are several. */
static void say_line(const struct service_line *l, cJSON *json, enum err_code trouble)
{
	const struct project *p = desk_project(l->service->desk);
	const struct runner_counts *c = &l->runner.counts;
	cJSON *o;

	if (json) {
		o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "project", p && p->id == l->project ? p->name : "");
		counts_json(o, c, trouble);
		cJSON_AddItemToArray(json, o);
		return;
	}
	if (l->service->n > 1)
		printf("%s: ", p && p->id == l->project ? p->name : "");
	printf(_("已发送 %lld 条：平台确认 %lld，待处理 %lld，退回 %lld；收到平台消息 %lld 条\n"), (long long)c->sent, (long long)c->accepted,
	       (long long)c->waiting, (long long)c->rejected, (long long)c->changes);
}

/* Every line has its turn, whatever became of the one before; the first trouble is told at the end. */
static int run_lines(struct service *s, bool now, cJSON *each, struct runner_counts *sum, struct err *e)
{
	int last = service_find_lines(s, e);

	for (size_t i = 0; i < s->n; i++) {
		struct err why = {0};

		if (service_once(s->line[i], now, &why) && !last) {
			*e = why;
			last = -1;
		}
		add_counts(sum, &s->line[i]->runner.counts);
		say_line(s->line[i], each, why.code);
	}
	return last;
}

static int print_counts(cJSON *o, cJSON *each, const struct runner_counts *sum, enum err_code trouble, struct err *e)
{
	char *text;

	counts_json(o, sum, trouble);
	cJSON_AddItemToObject(o, "projects", each);
	text = json_text(o);
	cJSON_Delete(o);
	if (!text)
		return err_set(e, ERR_MEMORY, "counts");
	printf("%s\n", text);
	free(text);
	return 0;
}

static int run_once(struct service *s, const struct arguments *a, struct err *e)
{
	cJSON *o = a->json ? cJSON_CreateObject() : NULL, *each = a->json ? cJSON_CreateArray() : NULL;
	struct runner_counts sum = {0};
	int last;

	if (a->json && (!o || !each)) {
		cJSON_Delete(o);
		cJSON_Delete(each);
		return err_set(e, ERR_MEMORY, "counts");
	}
	last = run_lines(s, a->now, each, &sum, e);
	if (o && print_counts(o, each, &sum, last ? e->code : ERR_NONE, last ? NULL : e))
		last = -1;
	if (!last && sum.rejected)
		last = err_set(e, ERR_OP_REJECTED, "%lld", (long long)sum.rejected);
	return last;
}

static int serve(struct service *s, const struct arguments *a, struct err *e)
{
	int last = sessions_lock(&s->sessions, a->how.dir, e);

	if (last || a->once)
		return last ? last : run_once(s, a, e);
	s->attended = a->how.attended;
	return sessions_listen(&s->sessions, e) ? -1 : service_run(s, e);
}

/* Beside a runner that may be at work: these touch no record. */
static int run_errand(struct service *s, const struct arguments *a, struct err *e)
{
	char code[128] = "";
	struct buf out;
	int last;

	buf_init(&out, 1u << 20);
	if (!a->probe && !fgets(code, sizeof(code), stdin)) {
		last = err_set(e, ERR_USAGE, "no code came");
	} else {
		code[strcspn(code, "\r\n")] = '\0';
		last = a->enrol	    ? errand_enrol(s->desk, a->how.dir, code, &out)
		       : a->look_up ? errand_look_up(s->desk, a->how.dir, code, &out)
				    : errand_probe(s->desk, a->how.dir, &out);
		if (!last)
			last = io_write_all(STDOUT_FILENO, out.data, out.len, e);
	}
	wipe(code, sizeof(code));
	buf_wipe_release(&out);
	return last;
}

static int run(struct service *s, const struct arguments *a, struct err *e)
{
	s->only = a->project;
	if (a->project && desk_project_use(s->desk, a->project, e))
		return -1;
	if (is_errand(a))
		return run_errand(s, a, e);
	return serve(s, a, e);
}

int main(int argc, char **argv)
{
	static const struct argp_child children[] = {{&process_argp, 0, NULL, 0}, {0}};
	static const struct argp parser = {
		.options = options,
		.parser = take_option,
		.children = children,
		.doc = "The runner of shiming: carries the outbox to the platform."};
	struct arguments a = {.how = {.key_fd = -1}};
	struct desk_options how = {.checkpoint = true};
	struct service s;
	static struct room room;
	struct desk *d = NULL;
	struct err e = {0};
	int last;

	confine_no_core();
	i18n_init(NULL);
	clock_init();
	argp_err_exit_status = 2;
	if (argp_parse(&parser, argc, argv, 0, NULL, &a))
		return 2;
	open_log(&a);
	/* The platform's answers are foreign: no program is started from here, whatever they say. Files follow when the file is open and says which. */
	confine_to(&(struct confine_room){.net = CONFINE_INTERNET, .memory = 4ul << 30, .files = 1024});
	service_init(&s, NULL, a.how.dir);
	how.dir = a.how.dir;
	how.shared = a.how.unattended;
	if (sodium_init() < 0)
		last = err_set(&e, ERR_INTERNAL, "libsodium");
	else
		last = desk_open(&d, &how, &e) || process_take_key(d, &a.how, &e) || room_shut(&room, d, a.how.dir, &e) ? -1 : 0;
	if (!last) {
		service_init(&s, d, a.how.dir);
		s.room = &room;
		s.signal_fd = process_signals();
		last = run(&s, &a, &e);
	}
	service_release(&s);
	desk_close(d);
	if (!last)
		return 0;
	if (a.once || is_errand(&a))
		fprintf(stderr, "shiming-sync: %s（%s）\n%s\n", err_sentence(e.code), e.detail,
			err_advice(e.code));
	else
		log_err("runner", &e);
	return err_exit_status(e.code);
}
