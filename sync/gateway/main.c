/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shiming-gateway: serves the attendance devices of the site's own network (H2). Started by a session, by `shiming gateway`, or by systemd. */
#include <argp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/text.h"
#include "gateway/server.h"
#include "desk/rekey.h"
#include "profile/profile.h"
#include "sync/process.h"
#include "sync/sessions.h"

#define NAME "shiming-gateway"
#define GRACE_MS 2000	    /* attended: without a link for so long, it ends */
#define FIRST_LINK_MS 10000 /* … but the session that started it has this long to come */

const char *argp_program_version = NAME " 0.1.0";

struct arguments {
	struct process_how how;
	const char *listen;
	bool here;
};

static const struct argp_option options[] = {
	{"listen", 'l', "ADDRESS:PORT", 0, "instead of the setting gateway.listen", 0},
	{"here", 'h', 0, 0, "say the port on standard output, log to standard error, end when standard input does", 0},
	{0},
};

static error_t take_option(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->how;
		break;
	case 'l':
		a->listen = arg;
		break;
	case 'h':
		a->here = true;
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "no arguments are taken");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

struct serving {
	struct gateway gateway;
	struct sessions sessions;
	const struct arguments *a;
	int signal_fd;
	int64_t first_link_until_ms;
};

/* A session that is gone takes its key along; the service has one of its own. */
static bool still_wanted(struct serving *s)
{
	int64_t now = clock_steady_ms();

	if (s->sessions.n)
		s->first_link_until_ms = 0;
	s->sessions.wishes = 0; /* nothing is sent from here */
	return !s->a->how.attended || s->sessions.n || now <= s->first_link_until_ms || now - s->sessions.empty_since_ms <= GRACE_MS;
}

static bool told_to_end(const struct serving *s)
{
	return process_readable(s->signal_fd) || (s->a->here && process_ended(STDIN_FILENO));
}

static int serve(struct serving *s, struct err *e)
{
	bool stored = false;

	s->first_link_until_ms = clock_steady_ms() + FIRST_LINK_MS;
	while (still_wanted(s) && !told_to_end(s)) {
		if (desk_key_lost(s->gateway.desk)) /* whoever has the new key starts another */
			return err_set(e, ERR_KEY_CHANGED, "the gateway's key was replaced");
		sessions_wait(&s->sessions, s->gateway.epoll_fd, s->a->how.attended && !s->sessions.n ? 200 : GATEWAY_TICK_MS);
		if (gateway_turn(&s->gateway, &stored, e))
			return -1;
		if (stored)
			sessions_tell_changed(&s->sessions);
	}
	return 0;
}

static int listen_to(struct serving *s, struct err *e)
{
	char at[64] = "";

	if (s->a->listen)
		text_copy(at, sizeof(at), s->a->listen);
	else if (desk_setting_get(s->gateway.desk, "gateway.listen", at, sizeof(at), e))
		return -1;
	return at[0] ? gateway_listen(&s->gateway, at, e) : err_set(e, ERR_GATEWAY_OFF, NULL);
}

static int run(struct serving *s, struct err *e)
{
	if (sessions_lock(&s->sessions, s->a->how.dir, e) || sessions_listen(&s->sessions, e) || listen_to(s, e))
		return -1;
	s->signal_fd = process_signals();
	log_write(LOG_INF, "listening for devices on port %d", s->gateway.port);
	if (s->a->here && (printf("%d\n", s->gateway.port) < 0 || fflush(stdout)))
		return err_errno(e, "standard output");
	return serve(s, e);
}

/* Devices' packets are foreign: nothing is written but below the data directory, nothing read but there and in the system's own folders and the
 * profiles', no program is started. */
static void shut_the_door(const char *dir)
{
	char profiles[4096] = "/usr";
	const char *const reads[] = {"/usr", "/lib", "/lib64", "/etc", "/run", "/proc", "/sys", "/dev", profiles, NULL};
	const char *const writes[] = {dir, "/dev/null", NULL};

	profile_directory(profiles, sizeof(profiles), NULL);
	confine_to(&(struct confine_room){.net = CONFINE_INTERNET, .reads = reads, .writes = writes, .memory = 2ul << 30, .files = 4096});
}

int main(int argc, char **argv)
{
	static const struct argp_child children[] = {{&process_argp, 0, NULL, 0}, {0}};
	static const struct argp parser = {
		.options = options, .parser = take_option, .children = children, .doc = "The gateway of shiming: attendance devices of the site's own network log in here."};
	struct arguments a = {.how = {.key_fd = -1}};
	struct serving s = {.a = &a, .signal_fd = -1};
	struct desk_options how = {.checkpoint = true};
	struct desk *d = NULL;
	struct err e = {ERR_NONE};
	int last;

	confine_no_core();
	i18n_init(NULL);
	clock_init();
	argp_err_exit_status = 2;
	if (argp_parse(&parser, argc, argv, 0, NULL, &a))
		return 2;
	process_log(NAME, a.how.unattended || a.here ? NULL : a.how.dir, "gateway.log");
	shut_the_door(a.how.dir);
	how.dir = a.how.dir;
	how.shared = a.how.unattended;
	sessions_init(&s.sessions);
	sessions_name(&s.sessions, GATEWAY_LOCK_FILE, DESK_GATEWAY_SOCKET);
	if (sodium_init() < 0)
		last = err_set(&e, ERR_INTERNAL, "libsodium");
	else
		last = desk_open(&d, &how, &e) || process_take_key(d, &a.how, &e) ? -1 : 0;
	gateway_init(&s.gateway, d);
	if (!last)
		last = run(&s, &e);
	gateway_release(&s.gateway);
	sessions_release(&s.sessions);
	desk_close(d);
	if (!last)
		return 0;
	if (a.here)
		fprintf(stderr, NAME ": %s（%s）\n%s\n", err_sentence(e.code), e.detail, err_advice(e.code));
	else
		log_err("gateway", &e);
	return err_exit_status(e.code);
}
