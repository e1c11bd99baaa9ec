/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/service.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "base/uid.h"
#include "sync/backoff.h"
#include "sync/native.h"

#define ONCE_TRIES 5 /* cuts in a row after which --once leaves it at that */
#define PATH_BYTES 4096

/* --- the connection --- */

static bool service_go_on(void *arg)
{
	struct service *s = arg;

	if (!s->stopping && sessions_wait(&s->sessions, s->signal_fd, 0))
		s->stopping = true;
	if (s->sessions.n)
		s->first_link_until_ms = 0; /* they have come: from now on it ends with the last of them */
	if (s->attended && !s->sessions.n) {
		int64_t now = clock_steady_ms();

		if (now > s->first_link_until_ms && now - s->sessions.empty_since_ms > SERVICE_GRACE_MS)
			s->stopping = true;
	}
	return !s->stopping;
}

void service_init(struct service *s, struct desk *d, const char *dir)
{
	*s = (struct service){.desk = d, .dir = dir, .signal_fd = -1};
	sessions_init(&s->sessions);
	s->runner = (struct runner){.desk = d, .go_on = service_go_on, .go_on_arg = s};
}

static void disconnect(struct service *s)
{
	http_close(s->http);
	s->http = NULL;
}

void service_release(struct service *s)
{
	disconnect(s);
	sessions_release(&s->sessions);
}

static int64_t number_setting(struct service *s, const char *name, int64_t least, int64_t most,
			      int64_t fallback)
{
	char text[24];
	long long n;

	if (desk_setting_get(s->desk, name, text, sizeof(text), NULL) || !text_is_digits(text))
		return fallback;
	n = strtoll(text, NULL, 10);
	return n < least ? least : n > most ? most : n;
}

/* A relative name lies in the data directory. */
static int ca_path(struct service *s, char *out, size_t size, struct err *e)
{
	char name[PATH_BYTES];

	if (desk_setting_get(s->desk, "platform.ca_file", name, sizeof(name), e))
		return -1;
	if (!text_format(out, size, "%s%s%s", *name && *name != '/' ? s->dir : "",
			 *name && *name != '/' ? "/" : "", name))
		return err_set(e, ERR_NET_NOT_CONFIGURED, "platform.ca_file is too long");
	return 0;
}

int service_connect(struct service *s, struct err *e)
{
	char url[1024], token[513], ca[PATH_BYTES * 2];
	struct http_options o = {
		.base_url = url, .token = token, .ca_file = ca, .go_on = service_go_on, .go_on_arg = s};
	int last = -1;

	disconnect(s);
	if (desk_setting_get(s->desk, "platform.url", url, sizeof(url), e) ||
	    desk_setting_get(s->desk, "platform.token", token, sizeof(token), e) ||
	    ca_path(s, ca, sizeof(ca), e))
		goto out;
	last = http_open(&s->http, &o, e);
	if (last)
		goto out;
	s->runner.line = http_transport(s->http);
	s->runner.max_items =
		(size_t)number_setting(s, "platform.batch_items", 1, NATIVE_BATCH_MAX, NATIVE_BATCH_MAX);
	s->runner.max_bytes = (size_t)number_setting(s, "platform.batch_bytes", 1024, NATIVE_BATCH_BYTES,
						     NATIVE_BATCH_BYTES);
out:
	wipe(token, sizeof(token));
	return last;
}

static int pass(struct service *s, bool fetch, struct err *e)
{
	if (!s->http && service_connect(s, e))
		return -1;
	return runner_pass(&s->runner, fetch, e);
}

/* --- running --- */

struct plan {
	struct backoff backoff;
	bool in_trouble;
	int64_t next_ms, fetch_ms, poll_ms; /* steady clock */
};

static uint32_t any32(void)
{
	uint32_t n;

	random_bytes(&n, sizeof(n));
	return n;
}

static void tell_line(struct service *s, enum err_code trouble, int64_t wait_ms, const char *detail)
{
	struct err why = {0};

	if (desk_set_line_state(s->desk, trouble, trouble ? clock_now_ms() + wait_ms : 0, detail, &why))
		log_err("line state", &why);
	sessions_tell_changed(&s->sessions);
}

static void plan_after_success(struct service *s, struct plan *p)
{
	int64_t now = clock_steady_ms();

	backoff_succeeded(&p->backoff);
	p->poll_ms = number_setting(s, "platform.poll_seconds", 1, 3600, SERVICE_POLL_SECONDS) * 1000;
	if (p->fetch_ms <= now)
		p->fetch_ms = now + p->poll_ms + p->poll_ms / 10 * any32() / UINT32_MAX;
	p->next_ms = p->fetch_ms;
	if (s->runner.next_held_ms) {
		int64_t held = s->runner.next_held_ms - clock_now_ms();

		/* the wall clock may jump: never later than the next poll, never at once in a loop */
		held = now + (held < 100 ? 100 : held);
		if (held < p->next_ms)
			p->next_ms = held;
	}
}

static void plan_after_trouble(struct service *s, struct plan *p, const struct err *why)
{
	int64_t wait = backoff_failed(&p->backoff, s->runner.retry_after_ms, any32());

	p->in_trouble = true;
	p->next_ms = clock_steady_ms() + wait;
	log_err("run", why);
	tell_line(s, why->code, wait, why->detail);
	disconnect(s);
}

/* -1: what a runner cannot live with. */
static int one_pass(struct service *s, struct plan *p, struct err *e)
{
	bool first = !p->fetch_ms, fetch = p->fetch_ms <= clock_steady_ms() || p->in_trouble;
	struct err why = {0};

	s->runner.changed = false;
	if (!pass(s, fetch, &why)) {
		if (p->in_trouble || first)
			tell_line(s, ERR_NONE, 0, "");
		else if (s->runner.changed)
			sessions_tell_changed(&s->sessions);
		p->in_trouble = false;
		plan_after_success(s, p);
		return 0;
	}
	if (s->stopping)
		return 0;
	if (err_class_of(why.code) == ERR_CLASS_FATAL) {
		*e = why;
		return -1;
	}
	plan_after_trouble(s, p, &why);
	return 0;
}

static int wait_for(const struct service *s, const struct plan *p)
{
	int64_t wait = p->next_ms - clock_steady_ms();

	if (s->attended && !s->sessions.n && wait > 200)
		wait = 200; /* the grace ends soon */
	return wait < 0 ? 0 : wait > 60000 ? 60000 : (int)wait;
}

static void take_wishes(struct service *s, struct plan *p)
{
	struct err why = {0};

	if (s->sessions.now) {
		if (desk_outbox_send_now(s->desk, &why))
			log_err("send now", &why);
		p->next_ms = 0;
	} else if (s->sessions.nudged && !p->in_trouble) {
		p->next_ms = 0;
	}
	s->sessions.now = s->sessions.nudged = false;
}

int service_run(struct service *s, struct err *e)
{
	struct plan p = {0};

	s->first_link_until_ms = clock_steady_ms() + SERVICE_FIRST_LINK_MS;
	while (service_go_on(s)) {
		take_wishes(s, &p);
		if (p.next_ms <= clock_steady_ms()) {
			if (one_pass(s, &p, e))
				return -1;
		} else if (sessions_wait(&s->sessions, s->signal_fd, wait_for(s, &p))) {
			s->stopping = true;
		}
	}
	return 0;
}

/* A cut after the request left is looked up and gone on from at once; anything else waits for the next run.
 */
int service_once(struct service *s, struct err *e)
{
	int64_t before, tries = 0;
	struct err why = {0};
	int last;

	do {
		const struct runner_counts *c = &s->runner.counts;

		before = c->accepted + c->rejected + c->waiting + c->looked_up;
		why = (struct err){0};
		last = pass(s, true, &why);
		if (c->accepted + c->rejected + c->waiting + c->looked_up > before)
			tries = 0;
	} while (last && why.code == ERR_NET_OFFLINE && s->runner.counts.unknown && ++tries < ONCE_TRIES &&
		 !s->stopping);
	tell_line(s, why.code, 0, why.detail);
	if (last && e)
		*e = why;
	return last;
}
