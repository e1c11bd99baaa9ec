/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/place.h"

#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/dates.h"
#include "base/io.h"
#include "base/text.h"
#include "platform/certs.h"

#define MORE_ARGS 24

void place_open(struct place *p)
{
	struct err e = {0};

	*p = (struct place){.platform = CHILD_NONE};
	text_copy(p->dir, sizeof(p->dir), "/tmp/shiming-sync-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	text_format(p->ca, sizeof(p->ca), "%s/" CERTS_CA, p->dir);
	buf_init(&p->said, 4u << 20);
	if (certs_make(p->dir, NULL, 0, &e))
		fail_msg("certificates: %s", e.detail);
}

static void read_line(struct place *p, struct buf *line)
{
	struct err e = {0};
	int64_t until = clock_steady_ms() + 20000;

	while (!io_take_line(&p->said, line)) {
		int got = io_fill(p->platform.out, &p->said);

		if (got < 0 || clock_steady_ms() > until)
			fail_msg("the platform says nothing: %s", e.detail);
		if (!got)
			usleep(1000); /* waits for a line, with a deadline */
	}
}

void place_start(struct place *p, const char *const *more)
{
	char port[16];
	const char *argv[MORE_ARGS + 16] = {BIN_DIR "/shiming-platform",
					    "serve",
					    "--dir",
					    p->dir,
					    "--port",
					    port,
					    "--ready-fd",
					    "1",
					    "--lifeline",
					    "--token",
					    "box=" PLACE_TOKEN};
	struct child_spec spec = {.argv = argv, .want_stdin = true, .want_stdout = true};
	struct err e = {0};
	struct buf line;
	size_t n = 11;

	text_format(port, sizeof(port), "%d", p->port); /* started again, it has the same port */
	while (more && *more && n < MORE_ARGS + 11)
		argv[n++] = *more++;
	buf_reset(&p->said);
	if (child_start(&p->platform, &spec, &e))
		fail_msg("platform: %s", e.detail);
	buf_init(&line, 4096);
	read_line(p, &line);
	p->port = atoi(line.data);
	assert_true(p->port > 0);
	text_format(p->url, sizeof(p->url), "https://127.0.0.1:%d", p->port);
	buf_release(&line);
}

void place_kill(struct place *p)
{
	if (p->platform.pid > 0)
		kill(p->platform.pid, SIGKILL);
	child_stop(&p->platform, 0);
	child_release(&p->platform);
	p->platform = (struct child)CHILD_NONE;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

void place_close(struct place *p)
{
	if (p->platform.pid > 0) {
		child_stop(&p->platform, 5000);
		assert_true(WIFEXITED(p->platform.status) &&
			    !WEXITSTATUS(p->platform.status)); /* leaks and sanitizers tell here */
	}
	child_release(&p->platform);
	buf_release(&p->said);
	nftw(p->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

cJSON *place_say(struct place *p, const char *command)
{
	struct err e = {0};
	struct buf line;
	cJSON *doc;

	buf_init(&line, 4u << 20);
	assert_int_equal(io_write_all(p->platform.in, command, strlen(command), &e), 0);
	assert_int_equal(io_write_all(p->platform.in, "\n", 1, &e), 0);
	read_line(p, &line);
	if (json_parse(&doc, line.data, line.len, 4u << 20, &e))
		fail_msg("%s: %s", command, e.detail);
	if (!json_bool(doc, "ok", false))
		fail_msg("%s: %s", command, line.data);
	buf_release(&line);
	return doc;
}

static int64_t sum(struct place *p, const char *key, const char *name, const char *state, const char *what)
{
	cJSON *doc = place_say(p, "status");
	const cJSON *row;
	int64_t n = 0;

	cJSON_ArrayForEach(row, json_get(doc, "store"))
	{
		const char *is = json_string(row, key), *stands = json_string(row, "state");

		if (is && !strcmp(is, name) && (!*state || (stands && !strcmp(stands, state))))
			n += json_int(row, what, 0);
	}
	cJSON_Delete(doc);
	return n;
}

int64_t place_count(struct place *p, const char *entity, const char *state)
{
	return sum(p, "entity", entity, state, "count");
}

int64_t place_applied(struct place *p, const char *entity)
{
	return sum(p, "entity", entity, "", "applied");
}

int64_t place_operations(struct place *p, const char *status)
{
	return sum(p, "operations", status, "", "count");
}

int64_t place_requests(struct place *p)
{
	cJSON *doc = place_say(p, "status");
	int64_t n = json_int(doc, "requests", -1);

	cJSON_Delete(doc);
	return n;
}

struct http *place_http(struct place *p)
{
	struct http_options o = {
		.base_url = p->url, .token = PLACE_TOKEN, .ca_file = p->ca, .timeout_ms = 20000};
	struct err e = {0};
	struct http *h = NULL;

	if (http_open(&h, &o, &e))
		fail_msg("http: %s", e.detail);
	return h;
}
