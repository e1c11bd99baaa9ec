/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * P4's times: 1,000 registrations to the reference platform over 200 ms round trip and 5 % loss each way, by what the runner sends (one kept
 * connection, gzipped batches), and in the same run by what it is not: HTTP/2 without batches (nginx in front), one kept connection without
 * batches, a connection for each. The slow two are measured over some and multiplied; the row says so. A round without delay and one without loss
 * come first, so that the machine's own share, the round trips' and the losses' are known. `bench-line ours` leaves the others out.
 */
#include <curl/curl.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "bench.h"
#include "platform/certs.h"
#include "sync/http.h"
#include "sync/native.h"
#include "sync/people.h"
#include "wire.h"

#define REGISTRATIONS 1000
#define EACH 3 /* operations of one */
#define RUNS 9
#define PEER_RUNS 3
#define KEPT_SAMPLE 50
#define FRESH_SAMPLE 20
#define TOKEN "token-of-the-bench-box"
#define PORT "8443"
#define H2_PORT "8444"
#define BOX "0193483c-b000-7000-8000-0000000000b1"
#define READY_MS 20000

struct place {
	char dir[64], ca[96];
	bool nginx, peers;
};

static _Noreturn void fail(const char *what, const struct err *e)
{
	fprintf(stderr, "bench-line: %s %s\n", what, e ? e->detail : "");
	exit(1);
}

/* --- the other side --- */

static void write_nginx(const struct place *p, char path[128])
{
	FILE *f;

	snprintf(path, 128, "%s/nginx.conf", p->dir);
	f = fopen(path, "w");
	if (!f)
		fail("nginx.conf", NULL);
	fprintf(f,
		"daemon off; master_process off; pid %s/nginx.pid; error_log %s/nginx.log;\n"
		"events { worker_connections 2048; }\n"
		"http { access_log off; client_body_temp_path %s/body; proxy_temp_path %s/proxy; fastcgi_temp_path %s/f; uwsgi_temp_path %s/u;\n"
		"scgi_temp_path %s/s; client_max_body_size 8m;\n"
		"upstream platform { server " WIRE_THERE ":" PORT "; keepalive 32; }\n"
		"server { listen " WIRE_THERE ":" H2_PORT " ssl http2; ssl_certificate %s/" CERTS_SERVER "; ssl_certificate_key %s/" CERTS_KEY ";\n"
		"http2_max_concurrent_streams 1000; keepalive_requests 100000;\n"
		"location / { proxy_pass https://platform; proxy_http_version 1.1; proxy_set_header Connection \"\"; } } }\n",
		p->dir, p->dir, p->dir, p->dir, p->dir, p->dir, p->dir, p->dir, p->dir);
	if (fclose(f))
		fail("nginx.conf", NULL);
}

static void far_side(void *arg)
{
	const struct place *p = arg;
	char conf[128], log[128];
	pid_t nginx = 0;
	int fd;

	if (p->nginx) {
		write_nginx(p, conf);
		nginx = fork();
		if (!nginx) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			execlp("nginx", "nginx", "-p", p->dir, "-c", conf, NULL);
			_exit(127);
		}
	}
	snprintf(log, sizeof(log), "%s/platform.log", p->dir);
	fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	dup2(fd, STDERR_FILENO);
	execl(BIN_DIR "/shiming-platform", "shiming-platform", "serve", "--dir", p->dir, "--listen", WIRE_THERE, "--port", PORT, "--token",
	      "box=" TOKEN, NULL);
	_exit(127);
}

/* --- this side --- */

static struct http *connect_to(const struct place *p)
{
	struct http_options o = {.base_url = "https://" WIRE_THERE ":" PORT, .token = TOKEN, .ca_file = p->ca};
	struct http *h = NULL;
	struct err e = {0};

	if (http_open(&h, &o, &e))
		fail("connection", &e);
	return h;
}

static bool try_call(struct http *h, const char *method, const char *path, const struct buf *body)
{
	struct http_request q = {.method = method, .path = path};
	struct transport t = http_transport(h);
	struct http_answer a;
	struct err e = {0};
	bool done;

	if (body) {
		q.body = body->data;
		q.body_bytes = body->len;
	}
	http_answer_init(&a);
	done = !t.call(t.self, &q, &a, &e) && a.status == 200;
	http_answer_release(&a);
	return done;
}

static void call(struct http *h, const char *method, const char *path, const struct buf *body)
{
	if (!try_call(h, method, path, body))
		fail(path, NULL);
}

static void request_of(const struct people *p, size_t from, size_t n, struct buf *body)
{
	struct err e = {0};

	if (native_request(&p->box, p->item + from, n, body, &e))
		fail("request", &e);
}

static void people_of(struct people *p, unsigned registrations)
{
	static unsigned seed;

	people_make(p, registrations, ++seed);
	memcpy(p->box.uid, BOX, sizeof(BOX));
}

/* The site is there before. */
static void prepare(const struct place *p, const struct people *who)
{
	struct http *h = connect_to(p);
	struct buf body;

	buf_init(&body, 8u << 20);
	request_of(who, 0, PEOPLE_SITE, &body);
	call(h, "POST", NATIVE_OPERATIONS, &body);
	buf_release(&body);
	http_close(h);
}

/* As the runner: is the file as new as the platform's word, the batches, the changes on the back of the last. connected: it has been up before, as a
 * site's runner mostly has, and keeps its connection; what it sent then is not counted. */
static double batches(const struct place *p, bool connected, struct http_stats *stats)
{
	struct people who;
	struct http *h;
	struct buf body;
	struct http_stats before = {0};
	double began;

	people_of(&who, REGISTRATIONS);
	prepare(p, &who);
	buf_init(&body, 8u << 20);
	began = bench_ms();
	h = connect_to(p);
	call(h, "GET", NATIVE_BOX, NULL);
	if (connected) {
		before = http_stats(h);
		began = bench_ms();
	}
	for (size_t at = PEOPLE_SITE; at < who.n; at += NATIVE_BATCH_MAX) {
		request_of(&who, at, who.n - at < NATIVE_BATCH_MAX ? who.n - at : NATIVE_BATCH_MAX, &body);
		if (native_ask_changes("", &body, NULL))
			fail("cursor", NULL);
		call(h, "POST", NATIVE_OPERATIONS, &body);
	}
	began = bench_ms() - began;
	*stats = http_stats(h);
	stats->requests -= before.requests;
	stats->bytes_in -= before.bytes_in;
	stats->bytes_out -= before.bytes_out;
	http_close(h);
	buf_release(&body);
	people_release(&who);
	return began;
}

/* One registration a request; a connection for each, or one for all. */
static double singly(const struct place *p, unsigned registrations, bool fresh)
{
	struct people who;
	struct http *h = NULL;
	struct buf body;
	double began;

	people_of(&who, registrations);
	prepare(p, &who);
	buf_init(&body, 8u << 20);
	began = bench_ms();
	for (size_t at = PEOPLE_SITE; at < who.n; at += EACH) {
		if (!h)
			h = connect_to(p);
		request_of(&who, at, EACH, &body);
		call(h, "POST", NATIVE_OPERATIONS, &body);
		if (fresh) {
			http_close(h);
			h = NULL;
		}
	}
	began = bench_ms() - began;
	http_close(h);
	buf_release(&body);
	people_release(&who);
	return began;
}

/* --- HTTP/2, all at once, nothing put together --- */

static size_t drop(char *data, size_t size, size_t n, void *arg)
{
	(void)data, (void)arg;
	return size * n;
}

struct streams {
	CURLM *multi;
	CURL *one[REGISTRATIONS];
	struct buf body[REGISTRATIONS];
	struct curl_slist *heads;
};

static void add_stream(struct streams *s, size_t i, const struct place *p, const struct people *who)
{
	CURL *c = s->one[i] = curl_easy_init();

	buf_init(&s->body[i], 1u << 20);
	request_of(who, PEOPLE_SITE + i * EACH, EACH, &s->body[i]);
	curl_easy_setopt(c, CURLOPT_URL, "https://" WIRE_THERE ":" H2_PORT NATIVE_OPERATIONS);
	curl_easy_setopt(c, CURLOPT_CAINFO, p->ca);
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(c, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, s->heads);
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)s->body[i].len);
	curl_easy_setopt(c, CURLOPT_POSTFIELDS, s->body[i].data);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop);
	curl_multi_add_handle(s->multi, c);
}

static size_t finish_streams(struct streams *s)
{
	size_t fine = 0;
	long status, version;

	for (size_t i = 0; i < REGISTRATIONS; i++) {
		curl_easy_getinfo(s->one[i], CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(s->one[i], CURLINFO_HTTP_VERSION, &version);
		fine += status == 200 && version == CURL_HTTP_VERSION_2_0;
		curl_multi_remove_handle(s->multi, s->one[i]);
		curl_easy_cleanup(s->one[i]);
		buf_release(&s->body[i]);
	}
	curl_slist_free_all(s->heads);
	curl_multi_cleanup(s->multi);
	return fine;
}

static double http2(const struct place *p)
{
	struct streams *s = calloc(1, sizeof(*s));
	struct people who;
	int running = 1;
	double began;

	if (!s)
		fail("memory", NULL);
	people_of(&who, REGISTRATIONS);
	prepare(p, &who);
	s->multi = curl_multi_init();
	curl_multi_setopt(s->multi, CURLMOPT_MAX_HOST_CONNECTIONS, 1L);
	curl_multi_setopt(s->multi, CURLMOPT_MAX_CONCURRENT_STREAMS, 100L); /* with 1,000 at once libcurl 7.88 stands still over a slow line */
	s->heads = curl_slist_append(NULL, "Authorization: Bearer " TOKEN);
	s->heads = curl_slist_append(s->heads, "Content-Type: application/json");
	for (size_t i = 0; i < REGISTRATIONS; i++)
		add_stream(s, i, p, &who);
	began = bench_ms();
	while (running) {
		curl_multi_perform(s->multi, &running);
		curl_multi_poll(s->multi, NULL, 0, 1000, NULL);
	}
	began = bench_ms() - began;
	if (finish_streams(s) != REGISTRATIONS)
		fail("not every stream of HTTP/2 was answered", NULL);
	free(s);
	people_release(&who);
	return began;
}

/* --- the table --- */

static bool there(const struct place *p)
{
	double until = bench_ms() + READY_MS;
	struct http *h;
	bool up = false;

	while (!up && bench_ms() < until) {
		h = connect_to(p);
		up = try_call(h, "GET", NATIVE_BOX, NULL);
		http_close(h);
		if (!up)
			poll(NULL, 0, 100);
	}
	return up;
}

static void measure(const struct place *p, const char *line)
{
	double v[RUNS];
	struct http_stats stats = {0};
	char what[120];

	for (int connected = 1; connected >= 0; connected--) {
		for (size_t i = 0; i < RUNS; i++)
			v[i] = batches(p, connected, &stats);
		snprintf(what, sizeof(what), "%s: batches, %s (%lld requests, %lld kB)", line, connected ? "connected" : "just started",
			 (long long)stats.requests, (long long)(stats.bytes_in + stats.bytes_out) / 1000);
		bench_row(what, v, RUNS, "P4 <= 2000 median at 200 ms, 5 %");
		fflush(stdout);
	}
	if (!p->peers)
		return;
	if (p->nginx) {
		for (size_t i = 0; i < PEER_RUNS; i++)
			v[i] = http2(p);
		snprintf(what, sizeof(what), "%s: HTTP/2 without batches", line);
		bench_row(what, v, PEER_RUNS, "peer");
	}
	for (size_t i = 0; i < PEER_RUNS; i++)
		v[i] = singly(p, KEPT_SAMPLE, false) * REGISTRATIONS / KEPT_SAMPLE;
	snprintf(what, sizeof(what), "%s: kept connection (%d, times %d)", line, KEPT_SAMPLE, REGISTRATIONS / KEPT_SAMPLE);
	bench_row(what, v, PEER_RUNS, "peer");
	for (size_t i = 0; i < PEER_RUNS; i++)
		v[i] = singly(p, FRESH_SAMPLE, true) * REGISTRATIONS / FRESH_SAMPLE;
	snprintf(what, sizeof(what), "%s: a connection each (%d, times %d)", line, FRESH_SAMPLE, REGISTRATIONS / FRESH_SAMPLE);
	bench_row(what, v, PEER_RUNS, "peer");
	fflush(stdout);
}

static bool has_nginx(void)
{
	return !system("command -v nginx >/dev/null 2>&1");
}

/* In a process of its own: a namespace is not left again. */
static int over(int delay_ms, int loss, const char *line, bool peers)
{
	static const char *const names[] = {WIRE_THERE};
	struct place p = {.dir = "/tmp/shiming-bench-XXXXXX", .nginx = peers && has_nginx(), .peers = peers};
	char command[100];
	struct wire w;
	struct err e = {0};

	if (!mkdtemp(p.dir) || chmod(p.dir, 0755) || certs_make(p.dir, names, 1, &e))
		fail("certificates", &e);
	snprintf(p.ca, sizeof(p.ca), "%s/" CERTS_CA, p.dir);
	if (!wire_open(&w, delay_ms, loss, far_side, &p))
		return 0; /* it has been said why */
	wire_go(&w);
	if (there(&p))
		measure(&p, line);
	else
		fprintf(stderr, "bench-line: the platform did not come up: see %s\n", p.dir);
	wire_close(&w);
	snprintf(command, sizeof(command), "rm -rf %s", p.dir);
	return system(command) ? 1 : 0;
}

int main(int argc, char **argv)
{
	static const struct {
		int delay_ms, loss;
		const char *line;
	} lines[] = {{0, 0, "no delay"}, {100, 0, "200 ms"}, {100, 5, "200 ms, 5 %"}};
	bool peers = argc < 2 || strcmp(argv[1], "ours") != 0;
	int status, worst = 0;

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		pid_t pid = fork();

		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGTERM);
			_exit(over(lines[i].delay_ms, lines[i].loss, lines[i].line, peers));
		}
		if (waitpid(pid, &status, 0) != pid || status)
			worst = 1;
	}
	return worst;
}
