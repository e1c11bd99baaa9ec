/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journeys/world.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/dates.h"
#include "base/text.h"
#include "domain/lifecycle.h"
#include "practice_site.h"
#include "profile/profile.h"

#define TOKEN "token-of-a-journey-0123456789abc" /* as long as an open.api secret must be */
#define PROJECT_CODE "LX20260001"
#define ADMIN_PASSWORD "Admin-of-a-journey-1"
#define SHIMING BIN_DIR "/shiming"

static void must(int rc, const struct err *e, const char *doing)
{
	if (rc != 0)
		fail_msg("%s: %s: %s", doing, err_name(e->code), e->detail);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static void extra(struct world *w, const char *name, const char *value)
{
	assert_true(w->n_extra + 3 < ARRAY_LEN(w->platform_extra));
	w->platform_extra[w->n_extra++] = name;
	w->platform_extra[w->n_extra++] = value;
	w->platform_extra[w->n_extra] = NULL;
}

static void tell_left_out_steps(struct world *w, const char *name)
{
	struct profile *p = NULL;
	struct err e = { 0 };

	must(profile_load(&p, NULL, name, &e), &e, "profile");
	for (int event = EVENT_NONE + 1; event < EVENT_COUNT; event++)
		if (lifecycle_may_leave_out((enum event)event) && !profile_has_step(p, (enum event)event) &&
		    !profile_reports(p, (enum event)event))
			extra(w, "--left-out", event_name((enum event)event));
	if (strcmp(profile_text(p, "upload.dialect", "native"), "open_api") == 0) {
		extra(w, "--open-api", PROJECT_CODE "=" TOKEN);
		extra(w, "--open-api-pace", "0");
		extra(w, "--open-api-delay", "200");
	}
	profile_free(p);
}

static void open_site(struct world *w, const char *profile, const char *consent_after, bool weeks)
{
	struct practice_site site = { .profile = profile, .token = TOKEN, .admin_password = ADMIN_PASSWORD, .hold_seconds = "0",
		.poll_seconds = "1", .weeks = weeks };
	struct err e = { 0 };

	*w = (struct world){ .dir = "/tmp/shiming-journey-XXXXXX" };
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	signal(SIGPIPE, SIG_IGN);
	assert_non_null(mkdtemp(w->dir));
	snprintf(w->data, sizeof(w->data), "%s/data", w->dir);
	snprintf(w->platform, sizeof(w->platform), "%s/platform", w->dir);
	snprintf(w->runtime, sizeof(w->runtime), "%s/run", w->dir);
	assert_int_equal(mkdir(w->runtime, 0700), 0);
	if (consent_after)
		extra(w, "--consent-after", consent_after);
	tell_left_out_steps(w, profile);
	if (weeks)
		w->platform_extra[w->n_extra++] = "--consent-known";
	must(practice_services_init(&w->services, w->runtime, &e), &e, "services");
	must(practice_cards_start(&w->services, NULL, &e), &e, "cards");
	world_platform_on(w);
	site.dir = w->data;
	must(practice_site_make(&site, &e), &e, "site");
	must(practice_site_connect(w->data, ADMIN_PASSWORD, &(struct practice_places){.url = w->services.url, .ca_file = w->services.ca_file, .gateway = ""}, &e),
	     &e, "connection");
}

void world_gateway(struct world *w, char address[32])
{
	struct err e = { 0 };

	must(practice_gateway_address(address, 32, &e), &e, "port");
	must(practice_site_connect(w->data, ADMIN_PASSWORD, &(struct practice_places){.url = w->services.url, .ca_file = w->services.ca_file, .gateway = address}, &e),
	     &e, "connection");
}

void world_open(struct world *w, const char *profile, const char *consent_after)
{
	open_site(w, profile, consent_after, false);
}

void world_open_weeks(struct world *w, const char *profile)
{
	open_site(w, profile, NULL, true);
}

void world_close(struct world *w)
{
	pid_t left[16];
	int n;

	terminal_close_all();
	practice_services_stop(&w->services);
	n = world_processes(w, left, ARRAY_LEN(left));
	for (int i = 0; i < n; i++) /* a test that failed half-way must not leave a runner behind */
		kill(left[i], SIGKILL);
	nftw(w->dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* --- the application ---------------------------------------------------------------------------------------------------------------------- */

struct terminal *world_shiming(struct world *w)
{
	const char *argv[] = { SHIMING, "--data", w->data, NULL };
	char log[96];

	snprintf(log, sizeof(log), "%s/stderr.log", w->dir);
	return terminal_open(&(struct terminal_spec){ .argv = argv, .stderr_file = log });
}

int world_run(struct world *w, const char *const *argv, char *out, size_t size)
{
	const struct child_spec spec = { .argv = argv, .want_stdin = true, .want_stdout = true };
	struct child c = CHILD_NONE;
	struct err e = { 0 };
	int64_t until = clock_steady_ms() + TERMINAL_DEADLINE;
	size_t n = 0;
	int status;

	(void)w;
	must(child_start(&c, &spec, &e), &e, argv[0]);
	while (!child_reap(&c) && clock_steady_ms() < until) {
		struct pollfd p = { .fd = c.out, .events = POLLIN };
		ssize_t got = poll(&p, 1, 50) > 0 ? read(c.out, out + n, size - 1 - n) : 0;

		n += got > 0 ? (size_t)got : 0;
	}
	for (ssize_t got; n < size - 1 && (got = read(c.out, out + n, size - 1 - n)) > 0;)
		n += (size_t)got;
	out[n] = '\0';
	assert_true(c.reaped);
	status = c.status;
	child_release(&c);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static bool reachable_for(uid_t uid)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0)
		_exit(setuid(uid) != 0 || access(SHIMING, X_OK) != 0);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void world_programs_for(uid_t uid, const char *dir, char *out, size_t size)
{
	const char *copy[] = { "/bin/cp", "-r", BIN_DIR, BIN_DIR "/../lib", BIN_DIR "/../share", dir, NULL };
	char said[512];

	if (!uid || reachable_for(uid)) {
		text_copy(out, size, BIN_DIR);
		return;
	}
	assert_int_equal(world_run(NULL, copy, said, sizeof(said)), 0);
	text_format(out, size, "%s/bin", dir);
}

/* --- the reader ----------------------------------------------------------------------------------------------------------------------------- */

void world_place(struct world *w, const char *card)
{
	struct err e = { 0 };
	char line[96];

	snprintf(line, sizeof(line), "place %s", card);
	must(practice_cards_tell(&w->services, line, &e), &e, line);
}

void world_remove(struct world *w)
{
	struct err e = { 0 };

	must(practice_cards_tell(&w->services, "remove", &e), &e, "remove");
}

/* --- the platform ------------------------------------------------------------------------------------------------------------------------------ */

void world_platform_off(struct world *w)
{
	practice_platform_stop(&w->services, true);
}

void world_platform_kill(struct world *w)
{
	practice_platform_stop(&w->services, false);
}

void world_platform_on(struct world *w)
{
	struct err e = { 0 };

	must(practice_platform_start(&w->services, w->platform, TOKEN, w->platform_extra, &e), &e, "platform");
}

void world_decide(struct world *w, const char *command)
{
	const char *argv[12] = { BIN_DIR "/shiming-platform", "control", "--dir", w->platform };
	char words[256], out[4096], *rest = words;
	size_t n = 4;

	text_copy(words, sizeof(words), command);
	for (char *word; (word = strsep(&rest, " ")) && n < ARRAY_LEN(argv) - 1;)
		argv[n++] = word;
	if (world_run(w, argv, out, sizeof(out)) != 0)
		fail_msg("platform control %s: %s", command, out);
}

static bool query(const char *dir, const char *file, const char *sql, char *out, size_t size)
{
	char path[128];
	sqlite3 *db = NULL;
	sqlite3_stmt *q = NULL;
	bool done = false;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK && sqlite3_busy_timeout(db, 5000) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW) {
		const unsigned char *text = sqlite3_column_text(q, 0);

		text_copy(out, size, text ? (const char *)text : "");
		done = true;
	}
	if (!done && sqlite3_errcode(db) != SQLITE_DONE && sqlite3_errcode(db) != SQLITE_BUSY)
		fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
	sqlite3_finalize(q);
	sqlite3_close(db);
	return done;
}

void world_platform_text(struct world *w, const char *sql, char *out, size_t size)
{
	out[0] = '\0';
	query(w->platform, "platform.db", sql, out, size);
}

int64_t world_platform_number(struct world *w, const char *sql)
{
	char text[64];

	world_platform_text(w, sql, text, sizeof(text));
	return text[0] ? strtoll(text, NULL, 10) : -1;
}

void world_expect_at(struct world *w, const char *sql, const char *want, const char *file, int line)
{
	int64_t until = clock_steady_ms() + TERMINAL_DEADLINE;
	char got[512];

	do {
		world_platform_text(w, sql, got, sizeof(got));
		if (strcmp(got, want) == 0)
			return;
		poll(NULL, 0, 20);
	} while (clock_steady_ms() < until);
	fprintf(stderr, "%s\n  gives \"%s\", not \"%s\"\n", sql, got, want);
	_fail(file, line);
}

void world_box_text(struct world *w, const char *sql, char *out, size_t size)
{
	int64_t until = clock_steady_ms() + TERMINAL_DEADLINE;

	while (!query(w->data, "shiming.db", sql, out, size)) {
		if (clock_steady_ms() >= until)
			fail_msg("no answer: %s", sql);
		poll(NULL, 0, 20);
	}
}

void world_wait_box(struct world *w, const char *sql, const char *want)
{
	int64_t until = clock_steady_ms() + TERMINAL_DEADLINE;
	char got[128] = "";

	while (!query(w->data, "shiming.db", sql, got, sizeof(got)) || strcmp(got, want) != 0) {
		if (clock_steady_ms() >= until)
			fail_msg("%s gives \"%s\", not \"%s\"", sql, got, want);
		poll(NULL, 0, 20);
	}
}

int64_t world_outbox_open(struct world *w)
{
	char text[64];

	if (!query(w->data, "shiming.db", "SELECT count(*) FROM outbox WHERE state IN (0, 1, 2, 3, 6)",
		text, sizeof(text)))
		return -1;
	return strtoll(text, NULL, 10);
}

void world_wait_outbox_empty(struct world *w)
{
	int64_t until = clock_steady_ms() + TERMINAL_DEADLINE;

	while (world_outbox_open(w) != 0) {
		if (clock_steady_ms() >= until)
			fail_msg("the outbox holds %lld", (long long)world_outbox_open(w));
		poll(NULL, 0, 20);
	}
}

/* --- processes ----------------------------------------------------------------------------------------------------------------------------------- */

static bool file_names(const char *pid, const char *file, const char *dir)
{
	static char text[65536];
	char path[300];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd >= 0 ? read(fd, text, sizeof(text)) : -1;
	if (fd >= 0)
		close(fd);
	return n > 0 && memmem(text, (size_t)n, dir, strlen(dir)); /* a zombie has neither */
}

/* The card helper names no directory; it was told the reader's socket by the environment. */
static bool names_world(const char *pid, const char *dir)
{
	return file_names(pid, "cmdline", dir) || file_names(pid, "environ", dir);
}

int world_processes(struct world *w, pid_t *pids, size_t cap)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	size_t n = 0;

	while (proc && (entry = readdir(proc)))
		if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9' && atoi(entry->d_name) != getpid() &&
		    names_world(entry->d_name, w->dir) && n < cap)
			pids[n++] = atoi(entry->d_name);
	if (proc)
		closedir(proc);
	return (int)n;
}

pid_t world_find_process(struct world *w, const char *program)
{
	pid_t pids[32];
	int n = world_processes(w, pids, ARRAY_LEN(pids));

	for (int i = 0; i < n; i++) {
		char path[64], name[4096];
		ssize_t got;
		const char *base;

		snprintf(path, sizeof(path), "/proc/%ld/exe", (long)pids[i]);
		got = readlink(path, name, sizeof(name) - 1);
		name[got > 0 ? got : 0] = '\0';
		base = strrchr(name, '/');
		if (base && strcmp(base + 1, program) == 0)
			return pids[i];
	}
	return 0;
}
