/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/service.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "base/uid.h"
#include "desk/connection.h"
#include "desk/rekey.h"
#include "desk/upkeep.h"
#include "sync/witness.h"

#define ACROSS_MOST 10 /* records of one batch on a paced line while others wait for their turn */
#define LINES_MOST 32 /* rows looked at in one go */
#define ONCE_TRIES 5 /* cuts in a row after which --once leaves it at that */

/* --- the connection --- */

/* Somebody wants another line than the one at work, or another's time has come. */
static bool another_waits(const struct service *s, int64_t now_ms)
{
	for (size_t i = 0; i < s->sessions.wishes; i++) {
		if (s->at && s->sessions.wish[i].project != s->at->project)
			return true;
	}
	for (size_t i = 0; i < s->n; i++) {
		if (s->line[i] != s->at && s->line[i]->next_ms <= now_ms)
			return true;
	}
	return false;
}

static bool still_wanted(struct service *s)
{
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

/* The first answer on this link is still to come. */
static bool unproven(const struct service_line *l)
{
	return l->runner.counts.requests <= l->requests + 1;
}

/* Asked while a platform is waited for. A silent one is not waited for while another line has its turn. */
static bool line_go_on(void *arg)
{
	struct service_line *l = arg;
	int64_t now = clock_steady_ms();

	if (!still_wanted(l->service))
		return false;
	for (size_t i = 0; i < l->service->sessions.wishes; i++)
		l->halted |= l->service->sessions.wish[i].project == l->project && l->service->sessions.wish[i].stop;
	if (now - l->began_ms > SERVICE_PATIENCE_MS && unproven(l) && another_waits(l->service, now))
		l->gave_way = true;
	return !l->gave_way && !l->halted;
}

static bool line_pause(void *arg, int64_t ms)
{
	struct service_line *l = arg;
	struct service *s = l->service;

	if (sessions_wait(&s->sessions, s->signal_fd, ms < 1000 ? (int)ms : 1000))
		s->stopping = true;
	return line_go_on(l);
}

static bool line_give_way(void *arg)
{
	const struct service_line *l = arg;

	return another_waits(l->service, clock_steady_ms());
}

/* Texts before contents: what was nudged for, or "now", goes first. */
static bool line_hurry(void *arg)
{
	const struct service_line *l = arg;

	return l->service->sessions.wishes || line_give_way(arg);
}

void service_init(struct service *s, struct desk *d, const char *dir)
{
	*s = (struct service){.desk = d, .dir = dir, .signal_fd = -1};
	sessions_init(&s->sessions);
}

/* What the link is opened by, as the settings say it now: another address or another certificate is another platform. */
static int place_of(struct service_line *l, char out[SERVICE_PLACE], struct err *e)
{
	char url[1024], ca[4096];
	struct desk *d = l->service->desk;

	if (desk_setting_get(d, "platform.url", url, sizeof(url), e) || desk_setting_get(d, "platform.ca_file", ca, sizeof(ca), e))
		return -1;
	text_format(out, SERVICE_PLACE, "%s\n%s", url, ca);
	return 0;
}

static void disconnect(struct service_line *l)
{
	if (l->connected)
		l->link.dialect->close(&l->link);
	l->connected = false;
}

void service_release(struct service *s)
{
	for (size_t i = 0; i < s->n; i++) {
		disconnect(s->line[i]);
		free(s->line[i]);
	}
	free(s->line);
	s->line = NULL;
	s->n = 0;
	sessions_release(&s->sessions);
}

static int64_t number_setting(struct desk *d, const char *name, int64_t least, int64_t most, int64_t fallback)
{
	char text[24];
	long long n;

	if (desk_setting_get(d, name, text, sizeof(text), NULL) || !text_is_digits(text))
		return fallback;
	n = strtoll(text, NULL, 10);
	return n < least ? least : n > most ? most : n;
}

static void find_witness(struct service_line *l)
{
	struct service *s = l->service;
	struct box box;

	l->runner.witness = NULL;
	if (!desk_box(s->desk, &box, NULL) && witness_path(&(struct witness_of){s->dir, WITNESS_SHARED, box.uid}, l->witness, sizeof(l->witness)))
		l->runner.witness = l->witness;
	else
		log_write(LOG_WRN, "no place for a witness: an old copy is noticed by the platform alone");
}

/* What the profile says, lowered by the setting, at most the dialect's own. */
static int64_t limit(struct desk *d, const char *what, size_t most)
{
	const struct profile *p = desk_profile(d);
	char key[32], setting[32];
	int64_t n = (int64_t)most, wanted;

	text_format(key, sizeof(key), "upload.batch_%s", what);
	text_format(setting, sizeof(setting), "platform.batch_%s", what);
	wanted = p ? profile_number(p, key, n) : n;
	wanted = number_setting(d, setting, 1, n, wanted);
	return wanted < n ? wanted : n;
}

static size_t batch_items(const struct service_line *l)
{
	size_t items = (size_t)limit(l->service->desk, "items", l->link.dialect->max_items);

	return l->link.dialect->pause_ms && l->service->n > 1 && items > ACROSS_MOST ? ACROSS_MOST : items;
}

/* In the dialect of the project's profile, as the settings of the desk say; ERR_NET_NOT_CONFIGURED. */
static int connect_line(struct service_line *l, struct err *e)
{
	struct desk *d = l->service->desk;
	struct dialect_at at = {.desk = d, .dir = l->service->dir, .go_on = line_go_on, .go_on_arg = l};
	const struct profile *p = desk_profile(d);
	const char *name = p ? profile_text(p, "upload.dialect", "native") : "native";
	const struct dialect *dialect = dialect_find(name);

	disconnect(l);
	l->requests = l->runner.counts.requests;
	if (place_of(l, l->place, e))
		return -1;
	if (!dialect)
		return err_set(e, ERR_NET_NOT_CONFIGURED, "no dialect %s", name);
	if (dialect->open(&at, &l->link, e))
		return -1;
	l->connected = true;
	find_witness(l);
	l->runner.dialect = dialect;
	l->runner.self = l->link.self;
	l->runner.line = l->link.line;
	l->runner.max_items = batch_items(l);
	l->runner.max_bytes = (size_t)limit(d, "bytes", dialect->max_bytes);
	return 0;
}

/* The desk is the line's project's from here on. */
static int turn_to(struct service_line *l, struct err *e)
{
	const struct project *p = desk_project(l->service->desk);

	l->service->at = l;
	return p && p->id == l->project ? 0 : desk_project_use(l->service->desk, l->project, e);
}

/* A clerk may have entered another address while the former still answers: nothing more goes there. */
static int leave_former_place(struct service_line *l, struct err *e)
{
	char now[SERVICE_PLACE];

	if (!l->connected)
		return 0;
	if (place_of(l, now, e))
		return -1;
	if (strcmp(now, l->place))
		disconnect(l);
	return 0;
}

static int pass(struct service_line *l, bool fetch, struct err *e)
{
	l->began_ms = clock_steady_ms();
	if (turn_to(l, e) || leave_former_place(l, e))
		return -1;
	if (!l->connected && (room_has(l->service->room, l->service->desk, l->service->dir, l->project, "platform.ca_file", e) || connect_line(l, e)))
		return -1;
	return runner_pass(&l->runner, fetch, e);
}

/* --- the lines --- */

static struct service_line *line_of(const struct service *s, int64_t project)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->line[i]->project == project)
			return s->line[i];
	}
	return NULL;
}

static int add_line(struct service *s, int64_t project, struct err *e)
{
	struct service_line **more = realloc(s->line, (s->n + 1) * sizeof(struct service_line *));
	struct service_line *l = calloc(1, sizeof(*l));

	if (more)
		s->line = more;
	if (!more || !l) {
		free(l);
		return err_set(e, ERR_MEMORY, "line");
	}
	*l = (struct service_line){.project = project, .service = s};
	l->runner = (struct runner){
		.desk = s->desk, .go_on = line_go_on, .pause = line_pause, .hurry = line_hurry, .give_way = line_give_way, .go_on_arg = l};
	s->line[s->n++] = l;
	return 0;
}

/* A line stays once it is there: an address that was taken away is trouble that the clerks are told of. */
static int take_rows(struct service *s, const struct line_row *rows, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		int64_t id = rows[i].project.id;

		if (s->only && id != s->only)
			continue;
		if (rows[i].url[0] && !line_of(s, id) && add_line(s, id, e))
			return -1;
	}
	return 0;
}

int service_find_lines(struct service *s, struct err *e)
{
	struct line_row *rows = calloc(LINES_MOST, sizeof(*rows));
	int64_t after = 0;
	size_t n = 0;
	int last;

	if (!rows)
		return err_set(e, ERR_MEMORY, "lines");
	do {
		last = desk_line_list(s->desk, after, rows, LINES_MOST, &n, e) || take_rows(s, rows, n, e) ? -1 : 0;
		after = n ? rows[n - 1].project.id : 0;
	} while (!last && n == LINES_MOST);
	free(rows);
	s->look_ms = clock_steady_ms() + SERVICE_LOOK_MS;
	return last || s->n ? last : err_set(e, ERR_NET_NOT_CONFIGURED, "no project has a platform.url");
}

/* --- running --- */

static uint32_t any32(void)
{
	uint32_t n;

	random_bytes(&n, sizeof(n));
	return n;
}

static void tell_line(struct service_line *l, enum err_code trouble, int64_t wait_ms, const char *detail)
{
	struct service *s = l->service;
	struct err why = {0};

	if (desk_set_line_state(s->desk, trouble, trouble ? clock_now_ms() + wait_ms : 0, detail, &why))
		log_err("line state", &why);
	sessions_tell_changed(&s->sessions);
}

static void plan_after_success(struct service_line *l)
{
	int64_t now = clock_steady_ms(), poll_ms;

	backoff_succeeded(&l->backoff);
	poll_ms = number_setting(l->service->desk, "platform.poll_seconds", 1, 3600, SERVICE_POLL_SECONDS) * 1000;
	if (l->fetch_ms <= now && !l->runner.left)
		l->fetch_ms = now + poll_ms + poll_ms / 10 * any32() / UINT32_MAX;
	l->next_ms = l->runner.left ? now : l->fetch_ms;
	if (l->runner.next_held_ms) {
		int64_t held = l->runner.next_held_ms - clock_now_ms();

		/* the wall clock may jump: never later than the next poll, never at once in a loop */
		held = now + (held < 100 ? 100 : held);
		if (held < l->next_ms)
			l->next_ms = held;
	}
}

/* One that was not waited for to the end is tried again soon: who knows whether it would have answered. */
static void plan_after_trouble(struct service_line *l, const struct err *why)
{
	int64_t wait = l->gave_way ? BACKOFF_FIRST_MS : backoff_failed(&l->backoff, l->runner.retry_after_ms, any32());

	l->gave_way = false;
	l->in_trouble = true;
	l->next_ms = clock_steady_ms() + wait;
	log_err("run", why);
	tell_line(l, why->code, wait, why->detail);
	disconnect(l);
}

/* A clerk has told this line to stand still. What went wrong before is not gone on about. */
static bool stands_still(struct service_line *l)
{
	struct err why = {0};

	l->halted = false;
	if (turn_to(l, &why) || !desk_upload_paused(l->service->desk))
		return false;
	if (l->in_trouble)
		tell_line(l, ERR_NONE, 0, "");
	l->in_trouble = false;
	backoff_succeeded(&l->backoff);
	disconnect(l);
	l->next_ms = clock_steady_ms() + SERVICE_LOOK_MS;
	sessions_tell_changed(&l->service->sessions);
	return true;
}

/* -1: what a runner cannot live with. */
static int one_pass(struct service_line *l, struct err *e)
{
	bool first = !l->fetch_ms, fetch = l->fetch_ms <= clock_steady_ms() || l->in_trouble;
	struct service *s = l->service;
	struct err why = {0};

	if (stands_still(l))
		return 0;
	l->runner.changed = false;
	if (!pass(l, fetch, &why) && l->gave_way)
		err_set(&why, ERR_NET_OFFLINE, "no answer yet, and another line's turn");
	if (l->halted && !l->gave_way && err_class_of(why.code) != ERR_CLASS_FATAL) {
		l->next_ms = 0; /* looks at the setting first */
		return 0;
	}
	if (!why.code) {
		if (l->in_trouble || first)
			tell_line(l, ERR_NONE, 0, "");
		else if (l->runner.changed)
			sessions_tell_changed(&s->sessions);
		l->in_trouble = false;
		plan_after_success(l);
		return 0;
	}
	if (s->stopping)
		return 0;
	if (err_class_of(why.code) == ERR_CLASS_FATAL) {
		*e = why;
		return -1;
	}
	plan_after_trouble(l, &why);
	return 0;
}

/* The one that has waited longest; NULL: there is none. */
static struct service_line *next_line(const struct service *s)
{
	struct service_line *next = s->n ? s->line[0] : NULL;

	for (size_t i = 1; i < s->n; i++) {
		if (s->line[i]->next_ms < next->next_ms)
			next = s->line[i];
	}
	return next;
}

static int wait_for(const struct service *s, const struct service_line *next)
{
	int64_t wait = (next ? next->next_ms : s->look_ms) - clock_steady_ms();

	if (s->attended && !s->sessions.n && wait > 200)
		wait = 200; /* the grace ends soon */
	return wait < 0 ? 0 : wait > SERVICE_LOOK_MS ? SERVICE_LOOK_MS : (int)wait;
}

static void take_wish(struct service *s, const struct session_wish *wish)
{
	struct service_line *l = line_of(s, wish->project);
	struct err why = {0};

	if (!l && !service_find_lines(s, NULL)) /* it may have been given a platform just now */
		l = line_of(s, wish->project);
	if (!l || (!wish->now && l->in_trouble))
		return;
	l->next_ms = 0;
	if (wish->now && (turn_to(l, &why) || desk_outbox_send_now(s->desk, &why)))
		log_err("send now", &why);
}

static void take_wishes(struct service *s)
{
	for (size_t i = 0; i < s->sessions.wishes; i++)
		take_wish(s, &s->sessions.wish[i]);
	s->sessions.wishes = 0;
	s->at = NULL;
}

/* Backups by themselves (desk/upkeep.h), when nothing else is to be done. A failed one is tried again, and doctor sees its age. */
static int keep_backups(struct service *s, struct err *e)
{
	enum backup_step step = BACKUP_NOT_DUE;
	struct err why = {0};

	if (s->backup_ms > clock_steady_ms())
		return 0;
	if (room_has(s->room, s->desk, s->dir, 0, "backup.dir", e)) /* whoever starts another gives it the place */
		return -1;
	if (desk_backup_hourly(s->desk, &step, &why))
		log_err("backup", &why);
	s->backup_ms = clock_steady_ms() + (why.code || step == BACKUP_MADE ? SERVICE_BACKUP_PAUSE_MS : SERVICE_BACKUP_LOOK_MS);
	return 0;
}

/* A data key that is being replaced (desk/rekey.h): a group at a time between passes. True: there is more. */
static bool go_on_resealing(struct service *s)
{
	struct rekey_progress now;
	struct err why = {0};

	if (s->reseal_ms > clock_steady_ms())
		return false;
	if (desk_rekey_step(s->desk, &now, &why))
		log_err("new data key", &why);
	s->reseal_ms = now.under_way ? 0 : clock_steady_ms() + SERVICE_RESEAL_LOOK_MS;
	return now.under_way && !why.code;
}

int service_run(struct service *s, struct err *e)
{
	s->first_link_until_ms = clock_steady_ms() + SERVICE_FIRST_LINK_MS;
	s->backup_ms = clock_steady_ms() + SERVICE_BACKUP_LOOK_MS; /* first the clerk, who has just come */
	while (still_wanted(s)) {
		struct service_line *next;
		struct err why = {0};

		if (desk_key_lost(s->desk)) /* whoever has the new key starts another */
			return err_set(e, ERR_KEY_CHANGED, "the runner's key was replaced");
		take_wishes(s);
		if (s->look_ms <= clock_steady_ms() && service_find_lines(s, &why) && why.code != ERR_NET_NOT_CONFIGURED)
			log_err("lines", &why);
		next = next_line(s);
		if (next && next->next_ms <= clock_steady_ms()) {
			if (one_pass(next, e))
				return -1;
			continue;
		}
		if (keep_backups(s, e))
			return -1;
		if (sessions_wait(&s->sessions, s->signal_fd, go_on_resealing(s) ? 0 : wait_for(s, next)))
			s->stopping = true;
	}
	return 0;
}

/* A cut after the request left is looked up and gone on from at once; anything else waits for the next run.
 */
int service_once(struct service_line *l, bool now, struct err *e)
{
	const struct runner_counts *c = &l->runner.counts;
	int64_t before, tries = 0;
	struct err why = {0};
	int last;

	if (turn_to(l, e) || (now && desk_outbox_send_now(l->service->desk, e)))
		return -1;
	do {
		before = c->accepted + c->rejected + c->waiting + c->looked_up;
		why = (struct err){0};
		last = pass(l, true, &why);
		if (c->accepted + c->rejected + c->waiting + c->looked_up > before)
			tries = 0;
	} while (((last && why.code == ERR_NET_OFFLINE && c->unknown && ++tries < ONCE_TRIES) || (!last && l->runner.left)) &&
		 !l->service->stopping);
	tell_line(l, why.code, 0, why.detail);
	if (last && e)
		*e = why;
	return last;
}
