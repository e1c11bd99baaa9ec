/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shiming-device-sim: an attendance device that is none, for practice: logs in to a gateway, fetches whom it is to know, and lets them punch one after
 * the other. Ends when its input does. */
#include <argp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/log.h"
#include "base/text.h"
#include "sync/device_line.h"
#include "sync/process.h"

#define NAME "shiming-device-sim"
#define LIST_MS 5000 /* between two looks at the list */

const char *argp_program_version = NAME " 0.1.0";

struct arguments {
	char host[64];
	int port, punch_s;
	const char *device, *maker;
};

static const struct argp_option options[] = {
	{"to", 't', "ADDRESS:PORT", 0, "the gateway", 0},
	{"device", 'd', "SERIAL", 0, "what it logs in with", 0},
	{"maker", 'm', "CODE", 0, "its manufacturer code", 0},
	{"punch-every", 'p', "SECONDS", 0, "somebody of its list punches so often (default 20)", 0},
	{0},
};

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	char *colon;

	switch (key) {
	case 't':
		colon = strrchr(arg, ':');
		if (!colon || (size_t)(colon - arg) >= sizeof(a->host) || !text_is_digits(colon + 1))
			argp_error(state, "--to: ADDRESS:PORT");
		text_format(a->host, sizeof(a->host), "%.*s", (int)(colon - arg), arg);
		a->port = atoi(colon + 1);
		break;
	case 'd':
		a->device = arg;
		break;
	case 'm':
		a->maker = arg;
		break;
	case 'p':
		a->punch_s = atoi(arg);
		break;
	case ARGP_KEY_END:
		if (!a->port || !a->device || a->punch_s < 1)
			argp_error(state, "--to, --device and a --punch-every of a second at least are needed");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

struct sim {
	const struct arguments *a;
	struct device_line *line;
	struct device_list list;
	size_t next;			  /* whose turn it is to punch */
	int64_t list_ms, punch_ms;	  /* steady clock: when to do so again */
	enum err_code trouble;
};

/* Said once, not every second. */
static void note(struct sim *s, const struct err *e)
{
	if (s->trouble != e->code)
		log_err("gateway", e);
	s->trouble = e->code;
}

static int ask(struct sim *s, uint16_t command, const struct buf *content, struct device_reply *reply)
{
	struct err e = {ERR_NONE};
	bool left;

	if (device_line_ask(s->line, command, content, reply, &left, &e)) {
		note(s, &e);
		return -1;
	}
	s->trouble = ERR_NONE;
	return reply->frame.flag ? -1 : 0;
}

/* The features are looked at and forgotten: nobody's face is known to a device that is none. */
static void learn(struct sim *s, const struct device_listed *who)
{
	struct device_reply reply;
	struct buf content;

	device_reply_init(&reply);
	buf_init(&content, 256);
	device_features_ask_write(&(struct device_manner){0}, s->a->device, who->number, &content);
	ask(s, DEVICE_FEATURES, &content, &reply);
	buf_wipe_release(&content);
	device_reply_release(&reply);
}

static void fetch_list(struct sim *s)
{
	struct device_reply reply;
	struct device_list fresh;
	struct buf content;
	size_t known = s->list.n;

	device_reply_init(&reply);
	buf_init(&content, 64);
	device_list_ask_write(0, 0, &content);
	if (!ask(s, DEVICE_WHITELIST, &content, &reply) && !device_list_read(&(struct device_manner){0}, &reply.frame, &fresh, NULL)) {
		device_list_release(&s->list);
		s->list = fresh;
		for (size_t i = 0; i < fresh.n && (fresh.n != known || i == s->next % fresh.n); i++)
			learn(s, &fresh.item[i]);
	}
	buf_release(&content);
	device_reply_release(&reply);
}

static void punch(struct sim *s)
{
	struct device_punch p = {.at_ms = clock_now_ms() / 1000 * 1000, .mode = DEVICE_FACE};
	struct device_reply reply;
	struct buf content;

	if (!s->list.n)
		return;
	p.worker = s->list.item[s->next++ % s->list.n].worker;
	device_reply_init(&reply);
	buf_init(&content, 256);
	device_punch_write(&(struct device_manner){0}, &p, &content);
	ask(s, DEVICE_PUNCH, &content, &reply);
	buf_release(&content);
	device_reply_release(&reply);
}

static void step(struct sim *s)
{
	int64_t now = clock_steady_ms();

	if (now >= s->list_ms) {
		fetch_list(s);
		s->list_ms = now + LIST_MS;
	}
	if (now >= s->punch_ms && s->list.n) {
		punch(s);
		s->punch_ms = now + s->a->punch_s * 1000;
	}
}

int main(int argc, char **argv)
{
	static const struct argp parser = {.options = options, .parser = take_option, .doc = "An attendance device that is none, for practice."};
	struct arguments a = {.maker = "", .punch_s = 20};
	struct device_line_options o = {.reply_ms = 3000};
	struct sim s = {.a = &a};
	struct err e = {ERR_NONE};

	argp_err_exit_status = 2;
	if (argp_parse(&parser, argc, argv, 0, NULL, &a))
		return 2;
	process_log(NAME, NULL, NULL);
	process_signals();
	o.host = a.host;
	o.port = a.port;
	text_copy(o.who.maker, sizeof(o.who.maker), a.maker);
	text_copy(o.who.device, sizeof(o.who.device), a.device);
	if (device_line_open(&s.line, &o, &e)) {
		log_err("line", &e);
		return 1;
	}
	while (!process_ended(STDIN_FILENO)) {
		step(&s);
		poll(&(struct pollfd){.fd = STDIN_FILENO, .events = POLLIN}, 1, 1000);
	}
	device_line_close(s.line);
	device_list_release(&s.list);
	return 0;
}
