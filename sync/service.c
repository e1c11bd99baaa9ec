/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/service.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "base/uid.h"
#include "desk/upkeep.h"
#include "sync/backoff.h"
#include "sync/witness.h"

#define ONCE_TRIES 5 /* cuts in a row after which --once leaves it at that */

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

static bool service_pause(void *arg, int64_t ms)
{
	struct service *s = arg;

	if (sessions_wait(&s->sessions, s->signal_fd, ms < 1000 ? (int)ms : 1000))
		s->stopping = true;
	return service_go_on(s);
}

/* Texts before contents: what was nudged for, or "now", goes first. */
static bool service_hurry(void *arg)
{
	const struct service *s = arg;

	return s->sessions.nudged || s->sessions.now;
}

void service_init(struct service *s, struct desk *d, const char *dir)
{
	*s = (struct service){.desk = d, .dir = dir, .signal_fd = -1};
	sessions_init(&s->sessions);
	s->runner =
		(struct runner){.desk = d, .go_on = service_go_on, .pause = service_pause, .hurry = service_hurry, .go_on_arg = s};
}

static void disconnect(struct service *s)
{
	if (s->connected)
		s->link.dialect->close(&s->link);
	s->connected = false;
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

static void find_witness(struct service *s)
{
	struct box box;

	s->runner.witness = NULL;
	if (!desk_box(s->desk, &box, NULL) && witness_path(&(struct witness_of){s->dir, WITNESS_SHARED, box.uid}, s->witness, sizeof(s->witness)))
		s->runner.witness = s->witness;
	else
		log_write(LOG_WRN, "no place for a witness: an old copy is noticed by the platform alone");
}

/* What the profile says, lowered by the setting, at most the dialect's own. */
static int64_t limit(struct service *s, const struct profile *p, const char *what, size_t most)
{
	char key[32], setting[32];
	int64_t n = (int64_t)most, wanted;

	text_format(key, sizeof(key), "upload.batch_%s", what);
	text_format(setting, sizeof(setting), "platform.batch_%s", what);
	wanted = p ? profile_number(p, key, n) : n;
	wanted = number_setting(s, setting, 1, n, wanted);
	return wanted < n ? wanted : n;
}

int service_connect(struct service *s, struct err *e)
{
	struct dialect_at at = {.desk = s->desk, .dir = s->dir, .go_on = service_go_on, .go_on_arg = s};
	const struct profile *p = desk_profile(s->desk);
	const char *name = p ? profile_text(p, "upload.dialect", "native") : "native";
	const struct dialect *dialect = dialect_find(name);

	disconnect(s);
	if (!dialect)
		return err_set(e, ERR_NET_NOT_CONFIGURED, "no dialect %s", name);
	if (dialect->open(&at, &s->link, e))
		return -1;
	s->connected = true;
	find_witness(s);
	s->runner.dialect = dialect;
	s->runner.self = s->link.self;
	s->runner.line = s->link.line;
	s->runner.max_items = (size_t)limit(s, p, "items", dialect->max_items);
	s->runner.max_bytes = (size_t)limit(s, p, "bytes", dialect->max_bytes);
	return 0;
}

static int pass(struct service *s, bool fetch, struct err *e)
{
	if (!s->connected && service_connect(s, e))
		return -1;
	return runner_pass(&s->runner, fetch, e);
}

/* --- running --- */

struct plan {
	struct backoff backoff;
	bool in_trouble;
	int64_t next_ms, fetch_ms, poll_ms; /* steady clock */
	int64_t backup_ms;
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
	p->next_ms = s->runner.attachments_left ? now : p->fetch_ms;
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

/* Backups by themselves (desk/upkeep.h), when nothing else is to be done. A failed one is tried again, and doctor sees its age. */
static void keep_backups(struct service *s, struct plan *p)
{
	enum backup_step step = BACKUP_NOT_DUE;
	struct err why = {0};

	if (p->backup_ms > clock_steady_ms())
		return;
	if (desk_backup_hourly(s->desk, &step, &why))
		log_err("backup", &why);
	p->backup_ms = clock_steady_ms() + (why.code || step == BACKUP_MADE ? SERVICE_BACKUP_PAUSE_MS : SERVICE_BACKUP_LOOK_MS);
}

int service_run(struct service *s, struct err *e)
{
	struct plan p = {.backup_ms = clock_steady_ms() + SERVICE_BACKUP_LOOK_MS}; /* first the clerk, who has just come */

	s->first_link_until_ms = clock_steady_ms() + SERVICE_FIRST_LINK_MS;
	while (service_go_on(s)) {
		take_wishes(s, &p);
		if (p.next_ms <= clock_steady_ms()) {
			if (one_pass(s, &p, e))
				return -1;
			continue;
		}
		keep_backups(s, &p);
		if (sessions_wait(&s->sessions, s->signal_fd, wait_for(s, &p)))
			s->stopping = true;
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
