/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shiming-samv-sim: a SAM_V module on a pty, with a deck of cards. Told what to do by lines on stdin and on a
 * socket; ends at the end of stdin. README.md beside this file describes the lines.
 */
#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "line.h"
#include "sam.h"

#define CLIENTS 8
#define COMMAND_MAX 1024
#define IDLE_MS 500
#define BITS_PER_BYTE 10 /* 8N1 */
#define PACE 115200

static const struct { unsigned bits; speed_t speed; } rates[] = {
	{ 115200, B115200 }, { 57600, B57600 }, { 38400, B38400 }, { 19200, B19200 }, { 9600, B9600 },
};

struct client {
	int fd; /* -1: free */
	struct buf in;
};

struct sim {
	const char *link, *cards, *control;
	bool paced, trace;
	unsigned rate;              /* 0: any */
	struct deck deck;
	struct sam sam;
	struct line line;
	struct frame_receiver request;
	struct sam_reply reply;     /* being sent */
	bool sending;
	size_t sent;
	int64_t asked_us, begin_us; /* request whole; reply may begin */
	int listener;
	struct client client[CLIENTS + 1]; /* the last is stdin */
	struct buf answer;
	bool over;
};

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* --- the line --- */

static void trace(const struct sim *s)
{
	if (!s->trace)
		return;
	printf("trace %02X %02X %02X asked=%lld answered=%lld bytes=%zu\n", s->reply.cmd, s->reply.para, s->reply.sw3,
	       (long long)s->asked_us, (long long)now_us(), s->sent);
	fflush(stdout);
}

static void reply_ended(struct sim *s)
{
	s->sending = false;
	trace(s);
	if (s->reply.unplug)
		line_unplug(&s->line);
}

/* How many bytes of the reply the line has had time for. */
static size_t allowed(const struct sim *s)
{
	int64_t us = now_us() - s->begin_us;

	if (us < 0)
		return 0;
	if (!s->paced)
		return s->reply.n;
	us = us * PACE / BITS_PER_BYTE / 1000000 + 1;
	return us > (int64_t)s->reply.n ? s->reply.n : (size_t)us;
}

static void send_reply(struct sim *s)
{
	size_t may = allowed(s);

	if (now_us() < s->begin_us)
		return;
	while (s->sent < may) {
		ssize_t n = write(s->line.master, s->reply.bytes + s->sent, may - s->sent);

		if (n <= 0)
			return;
		s->sent += (size_t)n;
	}
	if (s->sent == s->reply.n)
		reply_ended(s);
}

/* A module hears nothing that comes at another rate than its own. */
static bool heard(const struct sim *s)
{
	struct termios t;

	if (s->rate == 0 || tcgetattr(s->line.master, &t) < 0)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
		if (rates[i].bits == s->rate)
			return cfgetospeed(&t) == rates[i].speed;
	}
	return false;
}

static void answer_request(struct sim *s, enum frame_result result)
{
	const uint8_t *payload;
	size_t n;

	payload = frame_receiver_payload(&s->request, &n);
	s->asked_us = now_us();
	sam_answer(&s->sam, result, payload, n, &s->reply);
	s->begin_us = s->asked_us + (int64_t)s->reply.delay_ms * 1000;
	s->sent = 0;
	s->sending = true;
	send_reply(s);
}

/* One byte at a time: a request is answered before the next is looked at, as a module does. */
static void read_line(struct sim *s)
{
	enum frame_result result = FRAME_MORE;
	uint8_t byte;

	while (!s->sending && s->line.master >= 0 && io_read_some(s->line.master, &byte, 1) == 1) {
		frame_receiver_put(&s->request, &byte, 1, &result);
		if (result != FRAME_MORE && heard(s))
			answer_request(s, result);
	}
}

/* --- commands --- */

static void say(struct sim *s, const char *text)
{
	buf_adds(&s->answer, text);
	buf_adds(&s->answer, "\n");
}

static void cmd_place(struct sim *s, char *rest)
{
	const struct sim_card *card = deck_find(&s->deck, rest);

	if (!card) {
		say(s, "error no card of that name");
		return;
	}
	sam_place(&s->sam, card);
	say(s, "ok");
}

static void cmd_remove(struct sim *s, char *rest)
{
	(void)rest;
	sam_place(&s->sam, NULL);
	say(s, "ok");
}

static void cmd_list(struct sim *s, char *rest)
{
	(void)rest;
	for (size_t i = 0; i < s->deck.n; i++) {
		const struct sim_card *card = &s->deck.card[i];

		buf_addf(&s->answer, "card %s\t%s\t%s\n", card->name, card->zh, card->en);
	}
	say(s, "ok");
}

static void cmd_status(struct sim *s, char *rest)
{
	(void)rest;
	buf_addf(&s->answer, "status card=%s mode=%s plugged=%s faults=%zu\n", s->sam.card ? s->sam.card->name : "-",
		 s->sam.mode == SAM_ONCE ? "once" : "rediscover", s->line.master >= 0 ? "yes" : "no", s->sam.faults);
	say(s, "ok");
}

static void cmd_mode(struct sim *s, char *rest)
{
	if (strcmp(rest, "once") == 0)
		s->sam.mode = SAM_ONCE;
	else if (strcmp(rest, "rediscover") == 0)
		s->sam.mode = SAM_REDISCOVER;
	else {
		say(s, "error mode is rediscover or once");
		return;
	}
	say(s, "ok");
}

static void cmd_module(struct sim *s, char *rest)
{
	unsigned long sw = strtoul(rest, NULL, 16);

	if (sw != 0x90 && sw != 0x60 && sw != 0x66) {
		say(s, "error module is 90, 60 or 66");
		return;
	}
	s->sam.health = (uint8_t)sw;
	say(s, "ok");
}

/* A word of "fault": a step, xTIMES, or the number (hex after sw). */
static bool fault_word(struct fault *f, const char *word)
{
	char *end;
	unsigned long n;

	if (sam_step_parse(word, &f->step))
		return true;
	if (word[0] == 'x') {
		n = strtoul(word + 1, &end, 10);
		f->times = (unsigned)n;
		return n > 0 && n <= 1000000 && !*end;
	}
	n = strtoul(word, &end, f->kind == FAULT_SW ? 16 : 10);
	f->n = (unsigned)n;
	return *word && !*end && n <= 100000;
}

static void cmd_fault(struct sim *s, char *rest)
{
	struct fault f = { .step = SAM_ANY, .times = 1 };
	char *word = strsep(&rest, " ");
	bool right = true;

	if (strcmp(word, "clear") == 0) {
		s->sam.faults = 0;
		say(s, "ok");
		return;
	}
	right = fault_kind_parse(word, &f.kind);
	while (right && (word = strsep(&rest, " ")))
		right = !*word || fault_word(&f, word);
	if (!right || !sam_order_fault(&s->sam, &f)) {
		say(s, right ? "error too many faults" : "error fault KIND [N] [STEP] [xTIMES]");
		return;
	}
	say(s, "ok");
}

static void cmd_unplug(struct sim *s, char *rest)
{
	(void)rest;
	s->sending = false;
	line_unplug(&s->line);
	say(s, "ok");
}

static void cmd_plug(struct sim *s, char *rest)
{
	struct err e = { 0 };

	(void)rest;
	frame_receiver_init(&s->request, FRAME_LEAST_REQUEST);
	if (line_plug(&s->line, &e) < 0)
		buf_addf(&s->answer, "error %s\n", e.detail);
	else
		say(s, "ok");
}

static void cmd_quit(struct sim *s, char *rest)
{
	(void)rest;
	s->over = true;
	say(s, "ok");
}

static const struct command {
	const char *word;
	void (*run)(struct sim *s, char *rest);
} commands[] = {
	{ "place", cmd_place },   { "remove", cmd_remove }, { "list", cmd_list },     { "status", cmd_status },
	{ "mode", cmd_mode },     { "fault", cmd_fault },   { "module", cmd_module }, { "unplug", cmd_unplug },
	{ "plug", cmd_plug },     { "quit", cmd_quit },
};

static void run_command(struct sim *s, char *line)
{
	char *word = strsep(&line, " ");

	buf_reset(&s->answer);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i].word, word) == 0) {
			commands[i].run(s, line ? line : (char[1]){ "" });
			return;
		}
	}
	say(s, "error unknown command");
}

/* --- who commands --- */

static void drop_client(struct sim *s, struct client *c)
{
	if (c->fd == STDIN_FILENO)
		s->over = true;
	else
		close(c->fd);
	c->fd = -1;
	buf_release(&c->in);
}

static void answer_client(struct sim *s, struct client *c)
{
	int fd = c->fd == STDIN_FILENO ? STDOUT_FILENO : c->fd;

	if (fd == STDOUT_FILENO)
		io_write_all(fd, s->answer.data, s->answer.len, NULL);
	else if (send(fd, s->answer.data, s->answer.len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		drop_client(s, c);
}

static void serve_client(struct sim *s, struct client *c)
{
	struct buf line;
	int got = io_fill(c->fd, &c->in);

	buf_init(&line, COMMAND_MAX);
	while (c->fd >= 0 && io_take_line(&c->in, &line)) {
		run_command(s, line.data ? line.data : (char[1]){ "" });
		answer_client(s, c);
	}
	buf_release(&line);
	if (c->fd >= 0 && (got < 0 || c->in.len >= COMMAND_MAX))
		drop_client(s, c);
}

static void accept_client(struct sim *s)
{
	int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	for (size_t i = 0; fd >= 0 && i < CLIENTS; i++) {
		if (s->client[i].fd >= 0)
			continue;
		s->client[i].fd = fd;
		buf_init(&s->client[i].in, COMMAND_MAX);
		return;
	}
	if (fd >= 0)
		close(fd);
}

static int open_control(struct sim *s, struct err *e)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	if (!s->control)
		return 0;
	if (!text_copy(a.sun_path, sizeof(a.sun_path), s->control))
		return err_set(e, ERR_TOO_LARGE, "control: path too long");
	unlink(s->control);
	umask(0077);
	s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->listener < 0 || bind(s->listener, (struct sockaddr *)&a, sizeof(a)) < 0 || listen(s->listener, CLIENTS) < 0)
		return err_errno(e, "control");
	return 0;
}

/* --- the loop --- */

static size_t gather(const struct sim *s, struct pollfd *p, const struct client **whose)
{
	size_t n = 0;

	p[n++] = (struct pollfd){ .fd = s->sending ? -1 : s->line.master, .events = POLLIN };
	p[n++] = (struct pollfd){ .fd = s->listener, .events = POLLIN };
	for (size_t i = 0; i <= CLIENTS; i++) {
		if (s->client[i].fd < 0)
			continue;
		whose[n] = &s->client[i];
		p[n++] = (struct pollfd){ .fd = s->client[i].fd, .events = POLLIN };
	}
	return n;
}

static void step(struct sim *s)
{
	const struct client *whose[CLIENTS + 3] = { NULL };
	struct pollfd p[CLIENTS + 3];
	size_t n = gather(s, p, whose);
	int rc = poll(p, n, s->sending ? 1 : IDLE_MS);

	if (rc == 0 && !s->sending)
		line_forget_exclusive(&s->line);
	if (s->sending)
		send_reply(s);
	for (size_t i = 2; rc > 0 && i < n; i++) {
		if (p[i].revents)
			serve_client(s, (struct client *)whose[i]);
	}
	if (rc > 0 && p[1].revents)
		accept_client(s);
	if (s->line.master >= 0 && !s->sending)
		read_line(s);
}

static int default_cards(char *out, size_t size)
{
	const char *set = getenv("SHIMING_CARDS");
	ssize_t n = readlink("/proc/self/exe", out, size - 1);
	char *slash;

	if (set)
		return text_copy(out, size, set) ? 0 : -1;
	if (n <= 0)
		return -1;
	out[n] = '\0';
	slash = strrchr(out, '/');
	*slash = '\0';
	if (text_format(slash, size - (size_t)(slash - out), "/../share/shiming/cards") && access(out, X_OK) == 0)
		return 0;
	return text_copy(out, size, SHIMING_CARD_DIR) ? 0 : -1;
}

static int sim_start(struct sim *s, struct err *e)
{
	char dir[PATH_MAX] = "";

	if (!s->cards && default_cards(dir, sizeof(dir)) < 0)
		return err_set(e, ERR_NOT_FOUND, "cards");
	if (deck_load(&s->deck, s->cards ? s->cards : dir, e) < 0 || open_control(s, e) < 0)
		return -1;
	line_init(&s->line, s->link);
	if (line_plug(&s->line, e) < 0)
		return -1;
	frame_receiver_init(&s->request, FRAME_LEAST_REQUEST);
	printf("ready %s %s\n", s->line.slave_path, s->link);
	fflush(stdout);
	return 0;
}

static void sim_end(struct sim *s)
{
	line_unplug(&s->line);
	if (s->listener >= 0) {
		close(s->listener);
		unlink(s->control);
	}
	for (size_t i = 0; i <= CLIENTS; i++)
		buf_release(&s->client[i].in);
	buf_release(&s->answer);
}

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct sim *s = state->input;

	switch (key) {
	case 'c':
		s->cards = arg;
		return 0;
	case 'l':
		s->link = arg;
		return 0;
	case 's':
		s->control = arg;
		return 0;
	case 'o':
		s->sam.mode = SAM_ONCE;
		return 0;
	case 'p':
		s->paced = true;
		return 0;
	case 'r':
		s->rate = (unsigned)strtoul(arg, NULL, 10);
		return 0;
	case 't':
		s->trace = true;
		return 0;
	case ARGP_KEY_END:
		if (!s->link)
			argp_error(state, "--link");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int main(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "link", 'l', "PATH", 0, "symbolic link to the pty, made here", 0 },
		{ "cards", 'c', "DIR", 0, "directory of cards (the packaged ones)", 0 },
		{ "control", 's', "SOCKET", 0, "takes commands here as well as on stdin", 0 },
		{ "once", 'o', NULL, 0, "find does not answer to a card already read", 0 },
		{ "paced", 'p', NULL, 0, "as slow as a line at 115200", 0 },
		{ "rate", 'r', "BITS", 0, "hears nothing at any other rate of the line (115200 to 9600)", 0 },
		{ "trace", 't', NULL, 0, "one line on stdout for each command answered", 0 },
		{ 0 },
	};
	static const struct argp parser = { options, option, NULL, "A simulated SAM_V module on a pty.",
					    NULL, NULL, NULL };
	static struct sim s;
	struct err e = { 0 };
	int status = 0;

	signal(SIGPIPE, SIG_IGN);
	sam_init(&s.sam);
	s.listener = -1;
	for (size_t i = 0; i <= CLIENTS; i++)
		s.client[i].fd = -1;
	s.client[CLIENTS].fd = STDIN_FILENO;
	buf_init(&s.client[CLIENTS].in, COMMAND_MAX);
	buf_init(&s.answer, 65536);
	argp_err_exit_status = 2;
	argp_parse(&parser, argc, argv, 0, NULL, &s);
	if (sim_start(&s, &e) < 0) {
		fprintf(stderr, "shiming-samv-sim: %s: %s\n", err_name(e.code), e.detail);
		status = 1;
	}
	while (status == 0 && !s.over)
		step(&s);
	sim_end(&s);
	return status;
}
