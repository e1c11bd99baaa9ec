/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real shiming-sync as sessions meet it: started by a link, told and telling, ending with the last of
 * them; and --once. */
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "desk/desk_site.h"

#include "base/io.h"
#include "base/json.h"
#include "base/text.h"
#include "desk/connection.h"
#include "desk/project.h"
#include "desk/runner_link.h"
#include "sync/once.h"
#include "sync/place.h"
#include "sync/room.h"
#include "sync/sessions.h"
#include "sync/witness.h"

#define DEADLINE_MS 20000
#define SECOND_CREDIT_CODE "91440499MA00000999"

struct rig {
	struct place place;
	struct site site;
};

static void set(struct rig *r, const char *name, const char *value)
{
	OK(desk_setting_set(r->site.d, name, value, E));
}

static void rig_open(struct rig *r)
{
	place_open(&r->place);
	place_start(&r->place, (const char *const[]){"--left-out", "register", "--left-out", "done", NULL});
	site_make(&r->site, "national");
	set(r, "platform.url", r->place.url);
	set(r, "platform.token", PLACE_TOKEN);
	set(r, "platform.ca_file", r->place.ca);
	set(r, "platform.poll_seconds", "1");
}

static int64_t in_state(struct rig *r, enum outbox_state state)
{
	struct outbox_counts c;

	OK(desk_outbox_counts(r->site.d, &c, E));
	return c.state[state];
}

static bool runner_alive_now(struct rig *r)
{
	struct line_state line;

	OK(desk_line_state(r->site.d, &line, E));
	return line.runner_alive;
}

/* Waits for a state by way of the links, which say when something has changed; once a second looks all the
 * same. */
static bool wait_for(struct rig *r, struct runner_link *l,
		     bool (*there)(struct rig *r, struct runner_link *l))
{
	int64_t until = clock_steady_ms() + DEADLINE_MS;

	while (!there(r, l)) {
		struct pollfd p = {.fd = l ? runner_link_fd(l) : -1, .events = POLLIN};

		if (clock_steady_ms() > until)
			return false;
		poll(&p, 1, 100);
		if (l)
			runner_link_read(l);
	}
	return true;
}

static bool linked(struct rig *r, struct runner_link *l)
{
	(void)r;
	return runner_link_fd(l) >= 0;
}

static bool nothing_held(struct rig *r, struct runner_link *l)
{
	(void)l;
	return !in_state(r, OUTBOX_HELD);
}

static bool all_accepted(struct rig *r, struct runner_link *l)
{
	(void)l;
	return in_state(r, OUTBOX_ACCEPTED) && !in_state(r, OUTBOX_READY) && !in_state(r, OUTBOX_HELD) &&
	       !in_state(r, OUTBOX_SENDING) && !in_state(r, OUTBOX_UNKNOWN);
}

static int64_t watched;

static bool has_agreed(struct rig *r, struct runner_link *l)
{
	(void)l;
	return person_employment(&r->site, watched, NULL) == EMPLOYMENT_REGISTERED;
}

static bool in_trouble(struct rig *r, struct runner_link *l)
{
	struct line_state line;

	(void)l;
	OK(desk_line_state(r->site.d, &line, E));
	return line.trouble == ERR_NET_OFFLINE && line.next_try_ms > 0;
}

static bool no_trouble(struct rig *r, struct runner_link *l)
{
	struct line_state line;

	(void)l;
	OK(desk_line_state(r->site.d, &line, E));
	return line.trouble == ERR_NONE;
}

static bool runner_gone(struct rig *r, struct runner_link *l)
{
	(void)l;
	return !runner_alive_now(r);
}

static pid_t runner_pid(struct runner_link *l)
{
	struct ucred who;
	socklen_t n = sizeof(who);

	assert_int_equal(getsockopt(runner_link_fd(l), SOL_SOCKET, SO_PEERCRED, &who, &n), 0);
	return who.pid;
}

static struct runner_link *open_link(struct rig *r)
{
	struct runner_link *l = NULL;

	OK(runner_link_open(&l, r->site.d, E));
	assert_true(wait_for(r, l, linked));
	return l;
}

static void service__serves_a_session(void **state)
{
	struct runner_link *l, *other;
	struct stat st;
	char path[300];
	struct rig r;
	pid_t pid;

	(void)state;
	rig_open(&r);
	watched = person_register(&r.site, 1, NULL);
	assert_true(in_state(&r, OUTBOX_HELD) > 0); /* may still be undone */
	l = open_link(&r);
	text_format(path, sizeof(path), "%s/" DESK_SOCKET, r.site.dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(runner_alive_now(&r));
	assert_int_equal(getsid(runner_pid(l)), runner_pid(l)); /* not the terminal's */
	runner_link_nudge(l, true);
	assert_true(wait_for(&r, l, all_accepted));
	cJSON_Delete(place_say(&r.place, "consent all"));
	assert_true(wait_for(&r, l, has_agreed)); /* nobody asked: it looks by itself */

	/* another session: the same runner; the first may go */
	other = open_link(&r);
	pid = runner_pid(other);
	assert_int_equal(runner_pid(l), pid);
	runner_link_close(l);
	person_register(&r.site, 2, NULL);
	runner_link_nudge(other, true);
	assert_true(wait_for(&r, other, all_accepted));
	assert_int_equal(runner_pid(other), pid);
	runner_link_close(other);
	assert_true(wait_for(&r, NULL, runner_gone));
	assert_int_equal(stat(path, &st), -1);
	assert_int_equal(place_applied(&r.place, "person"), 2);
	site_drop(&r.site);
	place_close(&r.place);
}

static void service__trouble_and_back(void **state)
{
	struct runner_link *l;
	struct rig r;

	(void)state;
	rig_open(&r);
	place_kill(&r.place);
	person_register(&r.site, 1, NULL);
	l = open_link(&r);
	runner_link_nudge(l, true);
	assert_true(wait_for(&r, l, in_trouble));
	assert_true(in_state(&r, OUTBOX_READY) + in_state(&r, OUTBOX_HELD) > 0);
	assert_int_equal(in_state(&r, OUTBOX_ACCEPTED) + in_state(&r, OUTBOX_UNKNOWN), 0);
	place_start(&r.place, (const char *const[]){"--left-out", "register", "--left-out", "done", NULL});
	runner_link_nudge(l, true); /* a human does not wait for the back-off */
	assert_true(wait_for(&r, l, all_accepted));
	assert_true(wait_for(&r, l, no_trouble));
	runner_link_close(l);
	assert_true(wait_for(&r, NULL, runner_gone));
	site_drop(&r.site);
	place_close(&r.place);
}

/* kill -9 of the runner: the kernel frees the lock, the session starts another, the old socket file is in
 * nobody's way. */
static void service__killed_and_started_again(void **state)
{
	struct runner_link *l;
	struct rig r;
	pid_t first;

	(void)state;
	rig_open(&r);
	l = open_link(&r);
	first = runner_pid(l);
	assert_int_equal(kill(first, SIGKILL), 0);
	assert_true(wait_for(&r, NULL, runner_gone));
	person_register(&r.site, 1, NULL);
	while (runner_link_fd(l) >= 0)
		runner_link_read(l);
	runner_link_nudge(l, true); /* owed to the next one */
	assert_true(wait_for(&r, l, linked));
	assert_int_not_equal(runner_pid(l), first);
	assert_true(wait_for(&r, l, all_accepted));
	runner_link_close(l);
	assert_true(wait_for(&r, NULL, runner_gone));
	site_drop(&r.site);
	place_close(&r.place);
}

static void service__not_configured(void **state)
{
	struct runner_link *l = NULL;
	struct err e = {0};
	struct rig r;

	(void)state;
	rig_open(&r);
	set(&r, "platform.url", "");
	assert_int_equal(runner_link_open(&l, r.site.d, &e), -1);
	assert_int_equal(e.code, ERR_NET_NOT_CONFIGURED);
	assert_null(l);
	site_drop(&r.site);
	place_close(&r.place);
}

/* U14: a clerk stops what is under way; nothing more leaves, nothing is lost, and it goes on where it was. */
static bool paused_and_still(struct rig *r, struct runner_link *l)
{
	struct line_state line;

	(void)l;
	OK(desk_line_state(r->site.d, &line, E));
	return line.paused && !in_state(r, OUTBOX_SENDING);
}

static void service__paused(void **state)
{
	struct runner_link *l;
	int64_t requests;
	struct rig r;

	(void)state;
	rig_open(&r);
	l = open_link(&r);
	OK(desk_upload_pause(r.site.d, true, E));
	runner_link_stop(l);
	person_register(&r.site, 1, NULL);
	runner_link_nudge(l, true); /* even "now" does not move it: a clerk has stopped it */
	assert_true(wait_for(&r, l, nothing_held));
	assert_true(wait_for(&r, l, paused_and_still));
	requests = place_requests(&r.place);
	person_register(&r.site, 2, NULL);
	runner_link_nudge(l, true);
	assert_true(wait_for(&r, l, nothing_held)); /* it has heard, and held its peace */
	assert_int_equal(place_requests(&r.place), requests);
	assert_int_equal(place_applied(&r.place, "person"), 0);
	OK(desk_upload_pause(r.site.d, false, E));
	runner_link_nudge(l, false);
	assert_true(wait_for(&r, l, all_accepted));
	assert_int_equal(place_applied(&r.place, "person"), 2);
	runner_link_close(l);
	assert_true(wait_for(&r, NULL, runner_gone));
	site_drop(&r.site);
	place_close(&r.place);
}

/* --- --once --- */

static int once(struct rig *r, const unsigned char *key, const char *more, struct buf *said)
{
	return sync_once(r->site.d, key, more, said);
}

static int64_t count(const struct buf *said, const char *key)
{
	int64_t n;
	cJSON *doc;

	assert_non_null(said->data);
	assert_int_equal(json_parse(&doc, said->data, said->len, 4096, NULL), 0);
	n = json_int(doc, key, -1);
	cJSON_Delete(doc);
	return n;
}

static void service__once(void **state)
{
	static const unsigned char wrong[DESK_KEY_BYTES] = {1, 2, 3};
	struct runner_link *l;
	struct buf said;
	struct rig r;

	(void)state;
	rig_open(&r);
	buf_init(&said, 4096);
	person_register(&r.site, 1, NULL);
	/* what is held may be undone: it stays, unless asked */
	assert_int_equal(once(&r, NULL, NULL, &said), 0);
	assert_int_equal(count(&said, "sent"), 0);
	assert_int_equal(once(&r, NULL, "--now", &said), 0);
	assert_true(count(&said, "accepted") > 0);
	assert_int_equal(count(&said, "accepted"), in_state(&r, OUTBOX_ACCEPTED));
	cJSON_Delete(place_say(&r.place, "consent all"));
	assert_int_equal(once(&r, NULL, NULL, &said), 0);
	assert_int_equal(count(&said, "changes"), 1);
	/* lost answers on the way are looked up within the same run */
	person_register(&r.site, 2, NULL);
	cJSON_Delete(place_say(&r.place, "no-faults")); /* counts from here */
	cJSON_Delete(place_say(&r.place, "fault post:drop@1"));
	assert_int_equal(once(&r, NULL, "--now", &said), 0);
	assert_int_equal(place_applied(&r.place, "person"), 2);
	assert_int_equal(in_state(&r, OUTBOX_UNKNOWN), 0);
	cJSON_Delete(place_say(&r.place, "no-faults"));
	/* refused or failed: 1, and why */
	set(&r, "platform.token", "wrong");
	assert_int_equal(once(&r, NULL, NULL, &said), 1);
	assert_non_null(strstr(said.data, "ERR_NET_UNAUTHORIZED"));
	set(&r, "platform.token", PLACE_TOKEN);
	assert_int_equal(once(&r, wrong, NULL, &said), 1);
	/* beside a running one: the data are taken */
	l = open_link(&r);
	assert_int_equal(once(&r, NULL, NULL, &said), 3);
	runner_link_close(l);
	assert_true(wait_for(&r, NULL, runner_gone));
	buf_release(&said);
	site_drop(&r.site);
	place_close(&r.place);
}

/* --- unattended --- */

/* The service as systemd starts it: a directory with the credential, no session, no pipe. */
static void start_unattended(struct rig *r, const char *credentials, struct child *c)
{
	const char *argv[] = {BIN_DIR "/shiming-sync", "--data", r->site.dir, "--unattended", NULL};
	char env[340];
	const char *const more[] = {env, NULL};
	struct child_spec spec = {.argv = argv, .env = more, .want_stdout = true};

	text_format(env, sizeof(env), "CREDENTIALS_DIRECTORY=%s", credentials);
	*c = (struct child)CHILD_NONE;
	OK(child_start(c, &spec, E));
}

static int end_of(struct child *c)
{
	int status;

	child_stop(c, DEADLINE_MS);
	status = WIFEXITED(c->status) ? WEXITSTATUS(c->status) : -1;
	child_release(c);
	return status;
}

/* Until it ends by itself. */
static int refusal(struct rig *r, const char *credentials)
{
	int64_t until = clock_steady_ms() + DEADLINE_MS;
	struct child c;

	start_unattended(r, credentials, &c);
	while (!child_reap(&c) && clock_steady_ms() < until)
		poll(NULL, 0, 5);
	return end_of(&c);
}

static void put_credential(struct rig *r, const char *dir, mode_t mode)
{
	unsigned char secret[DESK_KEY_BYTES];
	char path[340];
	int fd;

	text_format(path, sizeof(path), "%s/shiming-key", dir);
	OK(desk_unattended_make(r->site.d, secret, E));
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	OK(io_write_all(fd, secret, sizeof(secret), E));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static bool runner_there(struct rig *r, struct runner_link *l)
{
	(void)l;
	return runner_alive_now(r);
}

static void service__unattended(void **state)
{
	char dir[] = "/tmp/shiming-credential-XXXXXX", command[80];
	struct child c;
	struct rig r;

	(void)state;
	assert_non_null(mkdtemp(dir));
	rig_open(&r);
	assert_int_equal(refusal(&r, dir), 4); /* nobody has allowed it */
	put_credential(&r, dir, 0604);
	assert_int_equal(refusal(&r, dir), 4); /* open to others */
	put_credential(&r, dir, 0400);
	person_register(&r.site, 1, NULL);
	OK(desk_outbox_send_now(r.site.d, E)); /* the time in which it could be undone is over */
	start_unattended(&r, dir, &c);
	assert_true(wait_for(&r, NULL, runner_there));
	assert_true(wait_for(&r, NULL, all_accepted));
	assert_int_equal(place_applied(&r.place, "person"), 1);
	assert_int_equal(end_of(&c), 0); /* SIGTERM */
	assert_false(runner_alive_now(&r));
	OK(desk_unattended_end(r.site.d, E));
	assert_int_equal(refusal(&r, dir), 4); /* void */
	site_drop(&r.site);
	place_close(&r.place);
	text_format(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

/* Whoever makes it first, with whatever umask: the next member of the group can take it. */
static void service__lock_of_a_group(void **state)
{
	char dir[] = "/tmp/shiming-sync-XXXXXX", path[80];
	mode_t was = umask(077);
	struct sessions s;
	struct err e = {0};
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chmod(dir, 02770), 0);
	sessions_init(&s);
	assert_int_equal(sessions_lock(&s, dir, &e), 0);
	text_format(path, sizeof(path), "%s/sync.lock", dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	sessions_release(&s);
	umask(was);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

/* --- the witness --- */

static bool witness_in(const char *data, const char *shared, char path[300])
{
	return witness_path(&(struct witness_of){data, shared, "box"}, path, 300);
}

/* A group's data: the group's place or none, whatever the environment says. A user's own: the environment's. */
static void service__witness_of_a_group(void **state)
{
	char data[] = "/tmp/shiming-data-XXXXXX", shared[] = "/tmp/shiming-shared-XXXXXX", path[300], own[300];
	struct head head = {.audit_count = 1};
	struct err e = {0};
	struct stat st;

	(void)state;
	assert_true(mkdtemp(data) && mkdtemp(shared));
	assert_true(witness_in(data, shared, own));
	assert_null(strstr(own, shared));
	assert_int_equal(chmod(data, 02770), 0);
	assert_false(witness_in(data, shared, path)); /* not the group's */
	assert_int_equal(chmod(shared, 02777), 0);
	assert_false(witness_in(data, shared, path)); /* everybody's */
	assert_int_equal(chmod(shared, 02770), 0);
	assert_true(witness_in(data, shared, path));
	assert_int_equal(strncmp(path, shared, strlen(shared)), 0);
	assert_int_equal(witness_write(path, &head, &e), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(shared), 0);
	assert_false(witness_in(data, shared, path));
	assert_int_equal(rmdir(data), 0);
}

/* --- several projects, several platforms --- */

struct two { struct rig r; struct place other; int64_t first, second; };

static const char *const nothing_left_out[] = {"--left-out", "register", "--left-out", "done", NULL};

/* A second project on a platform of its own, whose url the test may change. */
static void two_open(struct two *t)
{
	struct project made;
	struct err e = {0};

	rig_open(&t->r);
	t->first = desk_project(t->r.site.d)->id;
	place_open(&t->other);
	place_start(&t->other, nothing_left_out);
	assert_int_equal(desk_project_add(t->r.site.d, &(struct project_new){.name = "第二工地"}, &made, &e), 0);
	t->second = made.id;
	OK(desk_project_use(t->r.site.d, t->second, E));
	set(&t->r, "platform.url", t->other.url);
	set(&t->r, "platform.token", PLACE_TOKEN);
	set(&t->r, "platform.ca_file", t->other.ca);
	set(&t->r, "platform.poll_seconds", "1");
	OK(desk_project_use(t->r.site.d, t->first, E));
}

static void two_close(struct two *t)
{
	site_drop(&t->r.site);
	place_close(&t->r.place);
	place_close(&t->other);
}

/* Something of the second project for its platform. */
static void add_participant(struct two *t)
{
	char company[UID_TEXT], uid[UID_TEXT];

	OK(desk_project_use(t->r.site.d, t->second, E));
	OK(desk_company_add(t->r.site.d, &(struct company_new){.credit_code = SECOND_CREDIT_CODE, .name = "第二工地总承包有限公司"}, company, E));
	OK(desk_participant_add(t->r.site.d, &(struct participant_new){.company_uid = company, .type = "009"}, uid, E));
}

static struct line_row line_of(struct rig *r, int64_t project)
{
	struct line_row row;
	size_t n;

	OK(desk_line_list(r->site.d, project - 1, &row, 1, &n, E));
	assert_int_equal(n, 1);
	assert_int_equal(row.project.id, project);
	return row;
}

static int64_t watched_project;

static bool its_line_is_in_trouble(struct rig *r, struct runner_link *l)
{
	(void)l;
	return line_of(r, watched_project).line.trouble == ERR_NET_OFFLINE;
}

static bool its_queue_is_accepted(struct rig *r, struct runner_link *l)
{
	const struct line_row row = line_of(r, watched_project);

	(void)l;
	return row.counts.state[OUTBOX_ACCEPTED] && !row.counts.state[OUTBOX_HELD] && !row.counts.state[OUTBOX_READY] &&
	       !row.counts.state[OUTBOX_SENDING] && !row.counts.state[OUTBOX_UNKNOWN];
}

/* The first project's platform is dead: the second's work goes out, and neither line's state is the other's. */
static void service__one_platform_dead(void **state)
{
	struct runner_link *l;
	struct two t;

	(void)state;
	two_open(&t);
	place_kill(&t.r.place);
	person_register(&t.r.site, 1, NULL);
	l = open_link(&t.r);
	watched_project = t.first;
	assert_true(wait_for(&t.r, l, its_line_is_in_trouble));
	add_participant(&t);
	watched_project = t.second;
	runner_link_nudge(l, true); /* of the project that is current now */
	assert_true(wait_for(&t.r, l, its_queue_is_accepted));
	assert_int_equal(place_applied(&t.other, "participant"), 1);
	assert_int_equal(line_of(&t.r, t.second).line.trouble, ERR_NONE);
	assert_int_equal(line_of(&t.r, t.first).line.trouble, ERR_NET_OFFLINE);
	assert_true(line_of(&t.r, t.first).counts.state[OUTBOX_HELD] > 0); /* "now" was not said of these */
	assert_int_equal(line_of(&t.r, t.first).counts.state[OUTBOX_ACCEPTED], 0);
	/* and back */
	place_start(&t.r.place, nothing_left_out);
	OK(desk_project_use(t.r.site.d, t.first, E));
	watched_project = t.first;
	runner_link_nudge(l, true);
	assert_true(wait_for(&t.r, l, its_queue_is_accepted));
	assert_int_equal(place_applied(&t.r.place, "person"), 1);
	assert_int_equal(place_applied(&t.other, "person"), 0);
	runner_link_close(l);
	assert_true(wait_for(&t.r, NULL, runner_gone));
	two_close(&t);
}

/* Something for the platform of whatever project is current. */
static void add_company(struct rig *r, const char *credit_code)
{
	char company[UID_TEXT], uid[UID_TEXT];

	OK(desk_company_add(r->site.d, &(struct company_new){.credit_code = credit_code, .name = "换址试验公司"}, company, E));
	OK(desk_participant_add(r->site.d, &(struct participant_new){.company_uid = company, .type = "009"}, uid, E));
}

static void sent(struct rig *r, struct runner_link *l)
{
	runner_link_nudge(l, true);
	assert_true(wait_for(r, l, all_accepted));
}

static bool copy_file(const char *from, const char *to)
{
	struct buf text;
	struct err e = {0};
	int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), rc;

	buf_init(&text, 1 << 16);
	rc = fd < 0 || io_read_file(from, 1 << 16, &text, &e) || io_write_all(fd, text.data, text.len, &e);
	buf_release(&text);
	close(fd);
	return !rc;
}

/* The platform has moved: nothing more goes to where it was, though that still answers; and a certificate at a place that the runner has shut itself out
 * of is read by another runner, which the session starts. */
static void service__the_platform_has_moved(void **state)
{
	char copy[120];
	struct place other;
	struct runner_link *l;
	struct rig r;
	pid_t first, second;
	int64_t there;

	(void)state;
	rig_open(&r);
	place_open(&other);
	place_start(&other, nothing_left_out);
	l = open_link(&r);
	add_company(&r, SECOND_CREDIT_CODE);
	sent(&r, l);
	first = runner_pid(l);
	there = place_applied(&r.place, "participant");
	assert_true(there > 0);

	/* the same address, its certificate at another place: the same platform, by another runner */
	text_format(copy, sizeof(copy), "%s/ca-of-a-stick.pem", other.dir);
	assert_true(copy_file(r.place.ca, copy));
	set(&r, "platform.ca_file", copy);
	add_company(&r, "91440499MA00000986");
	sent(&r, l);
	second = runner_pid(l);
	assert_int_not_equal(second, first);
	assert_int_equal(place_applied(&r.place, "participant"), there + 1);

	/* both others */
	set(&r, "platform.url", other.url);
	set(&r, "platform.ca_file", other.ca);
	add_company(&r, "91440499MA00000973");
	sent(&r, l);
	assert_int_not_equal(runner_pid(l), second);
	second = runner_pid(l);
	assert_int_equal(place_applied(&r.place, "participant"), there + 1);
	assert_int_equal(place_applied(&other, "participant"), 1);

	/* the address alone: no place of this machine, the same runner */
	place_kill(&other);
	place_start(&other, nothing_left_out);
	set(&r, "platform.url", other.url);
	add_company(&r, "91440499MA00000960");
	sent(&r, l);
	assert_int_equal(runner_pid(l), second);
	assert_int_equal(place_applied(&other, "participant"), 2);
	runner_link_close(l);
	assert_true(wait_for(&r, NULL, runner_gone));
	site_drop(&r.site);
	place_close(&other);
	place_close(&r.place);
}

/* What a room has and misses, in a process of its own, because rooms are for good. */
static int look_around(const struct site *site, const char *stick, const char *other)
{
	struct room room = {.n = 0};
	struct desk *d = site_open_another(site, "manager");
	struct err e = {0};

	if (desk_setting_set(d, "backup.dir", stick, &e) || room_shut(&room, d, site->dir, &e))
		return 1;
	if (room_has(&room, d, site->dir, 0, "backup.dir", &e))
		return 2; /* as it was when it was shut */
	if (desk_setting_set(d, "backup.dir", other, &e) || !room_has(&room, d, site->dir, 0, "backup.dir", &e) || e.code != ERR_RUNNER_ANEW)
		return 3; /* another place */
	if (desk_setting_set(d, "backup.dir", "", &e) || room_has(&room, d, site->dir, 0, "backup.dir", &e))
		return 4; /* none */
	if (desk_setting_set(d, "backup.dir", stick, &e) || room_has(&room, d, site->dir, 0, "backup.dir", &e))
		return 5;
	if (kill(getpid(), SIGSTOP)) /* the stick goes, another comes to its place */
		return 6;
	if (!room_has(&room, d, site->dir, 0, "backup.dir", &e) || e.code != ERR_RUNNER_ANEW)
		return 7;
	if (room_has(NULL, d, site->dir, 0, "backup.dir", &e))
		return 8; /* nothing was shut */
	desk_close(d);
	return 0;
}

static void service__a_stick_is_another_place(void **state)
{
	char stick[80], other[80];
	struct site site;
	int status;
	pid_t pid;

	(void)state;
	site_make(&site, "national");
	text_format(stick, sizeof(stick), "%s/stick", site.dir);
	text_format(other, sizeof(other), "%s/other", site.dir);
	assert_int_equal(mkdir(stick, 0700) | mkdir(other, 0700), 0);
	pid = fork();
	if (!pid)
		_exit(look_around(&site, stick, other));
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_int_equal(WIFEXITED(status) ? WEXITSTATUS(status) : 0, 0);
	assert_true(WIFSTOPPED(status));
	assert_int_equal(rename(stick, other), 0); /* keeps the inode from coming back at once */
	assert_int_equal(mkdir(stick, 0700), 0);
	kill(pid, SIGCONT);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	site_drop(&site);
}

/* A machine that takes connections and never says a word is not waited for to the end (a minute) while the other has its turn. */
static void service__one_platform_silent(void **state)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int silent = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t n = sizeof(at);
	struct runner_link *l;
	char url[64];
	struct two t;

	(void)state;
	two_open(&t);
	assert_int_equal(bind(silent, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(silent, 8), 0);
	assert_int_equal(getsockname(silent, (struct sockaddr *)&at, &n), 0);
	text_format(url, sizeof(url), "https://127.0.0.1:%d", ntohs(at.sin_port));
	set(&t.r, "platform.url", url);
	l = open_link(&t.r);
	add_participant(&t);
	watched_project = t.second;
	runner_link_nudge(l, true);
	assert_true(wait_for(&t.r, l, its_queue_is_accepted));
	watched_project = t.first;
	assert_true(wait_for(&t.r, l, its_line_is_in_trouble));
	runner_link_close(l);
	assert_true(wait_for(&t.r, NULL, runner_gone));
	close(silent);
	two_close(&t);
}

/* All lines in one run, each with its counts; one alone where it is asked for. */
static void service__once_for_all(void **state)
{
	char id[24];
	struct buf said;
	struct two t;

	(void)state;
	two_open(&t);
	buf_init(&said, 8192);
	person_register(&t.r.site, 1, NULL);
	add_participant(&t);
	text_format(id, sizeof(id), "--project=%lld", (long long)t.second);
	OK(desk_outbox_send_now(t.r.site.d, E));
	assert_int_equal(once(&t.r, NULL, id, &said), 0);
	assert_int_equal(place_applied(&t.other, "participant"), 1);
	assert_int_equal(place_operations(&t.r.place, "accepted"), 0);
	place_kill(&t.other);
	assert_int_equal(once(&t.r, NULL, "--now", &said), 1); /* one is dead … */
	assert_non_null(strstr(said.data, "ERR_NET_OFFLINE"));
	assert_int_equal(place_applied(&t.r.place, "person"), 1); /* … the other is served */
	assert_non_null(strstr(said.data, "第二工地"));
	buf_release(&said);
	two_close(&t);
}

/* --- the socket --- */

static int connect_to(const char *dir)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	text_format(to.sun_path, sizeof(to.sun_path), "%s/" DESK_SOCKET, dir);
	return connect(fd, (struct sockaddr *)&to, sizeof(to)) ? -1 : fd;
}

static void service__lines(void **state)
{
	static const struct {
		const char *line;
		size_t wishes;
		struct session_wish first;
		size_t left;
	} cases[] = {
		{"nudge 3\n", 1, {3, false}, 1},
		{"now 3\n", 1, {3, true}, 1},
		{"stop 3\nnow 4\n", 2, {3, false, true}, 1},
		{"nudge 3\nnow 3\nnudge 3\n", 1, {3, true}, 1},
		{"now 3\nnudge 12\n", 2, {3, true}, 1},
		{"nud", 0, {0, false}, 1},
		{"now\n", 0, {0, false}, 0},
		{"now x\n", 0, {0, false}, 0},
		{"now -1\n", 0, {0, false}, 0},
		{"now 1234567890123456789\n", 0, {0, false}, 0},
		{"rm -rf /\n", 0, {0, false}, 0},
		{"\n", 0, {0, false}, 0},
		{"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 0, {0, false}, 0},
	};
	char dir[] = "/tmp/shiming-sync-XXXXXX", changed[32] = "", command[64];
	struct sessions s, second;
	struct err e = {0};
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	sessions_init(&s);
	sessions_init(&second);
	assert_int_equal(sessions_lock(&s, dir, &e), 0);
	assert_int_equal(sessions_lock(&second, dir, &e), -1);
	assert_int_equal(e.code, ERR_DATA_LOCKED);
	sessions_release(&second);
	assert_int_equal(sessions_listen(&s, &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		fd = connect_to(dir);
		assert_true(fd >= 0);
		sessions_wait(&s, -1, 1000);
		assert_int_equal(s.n, 1);
		assert_int_equal(write(fd, cases[i].line, strlen(cases[i].line)),
				 (ssize_t)strlen(cases[i].line));
		sessions_wait(&s, -1, 1000);
		if (s.n == 1 && !cases[i].left)
			sessions_wait(&s, -1, 1000);
		if (s.wishes != cases[i].wishes || s.n != cases[i].left ||
		    (s.wishes && (s.wish[0].project != cases[i].first.project || s.wish[0].now != cases[i].first.now || s.wish[0].stop != cases[i].first.stop)))
			fail_msg("%s: %zu wishes, the first of %lld now %d, links %zu", cases[i].line, s.wishes,
				 (long long)s.wish[0].project, s.wish[0].now, s.n);
		if (s.n) {
			sessions_tell_changed(&s);
			memset(changed, 0, sizeof(changed));
			assert_int_equal(read(fd, changed, sizeof(changed)), 8);
			assert_string_equal(changed, "changed\n");
		}
		close(fd);
		if (s.n)
			sessions_wait(&s, -1, 1000);
		assert_int_equal(s.n, 0);
		s.wishes = 0;
	}
	/* a peer that never reads is told as long as it can be, and never blocks anybody */
	fd = connect_to(dir);
	sessions_wait(&s, -1, 1000);
	for (int i = 0; i < 200000 && s.n; i++)
		sessions_tell_changed(&s);
	close(fd);
	sessions_release(&s);
	assert_int_equal(sessions_lock(&second, dir, &e), 0); /* free again */
	sessions_release(&second);
	text_format(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(service__lines),
		cmocka_unit_test(service__not_configured),
		cmocka_unit_test(service__serves_a_session),
		cmocka_unit_test(service__trouble_and_back),
		cmocka_unit_test(service__killed_and_started_again),
		cmocka_unit_test(service__paused),
		cmocka_unit_test(service__once),
		cmocka_unit_test(service__one_platform_dead),
		cmocka_unit_test(service__one_platform_silent),
		cmocka_unit_test(service__the_platform_has_moved),
		cmocka_unit_test(service__a_stick_is_another_place),
		cmocka_unit_test(service__once_for_all),
		cmocka_unit_test(service__unattended),
		cmocka_unit_test(service__lock_of_a_group),
		cmocka_unit_test(service__witness_of_a_group),
	};

	signal(SIGPIPE, SIG_IGN);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	setenv("SHIMING_PROFILES", PROFILE_DIR, 1);
	setenv("SHIMING_CLOCK", "2026-11-20T06:00:00Z",
	       1); /* as the desk's fixed one: the helper's runs on from there */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
