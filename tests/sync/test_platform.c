/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real platform over real TLS, by the runner's own HTTP: the contract held at both ends, faults as they
 * come over a line, P4. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/dates.h"
#include "base/text.h"
#include "platform/certs.h"
#include "sync/contract.h"
#include "sync/native.h"
#include "sync/people.h"
#include "sync/place.h"

static int post_range(struct transport t, const struct people *p, size_t from, size_t n,
		      struct http_answer *a, struct err *e)
{
	struct http_request q = {.method = "POST", .path = NATIVE_OPERATIONS};
	struct buf body;
	int last;

	buf_init(&body, 8u << 20);
	assert_int_equal(native_request(&p->box, p->item + from, n, &body, e), 0);
	q.body = body.data;
	q.body_bytes = body.len;
	last = t.call(t.self, &q, a, e);
	buf_release(&body);
	return last;
}

static int get(struct transport t, const char *path, struct http_answer *a, struct err *e)
{
	struct http_request q = {.method = "GET", .path = path};

	return t.call(t.self, &q, a, e);
}

/* How many of the answers are of a kind. */
static size_t answers(const struct people *p, size_t from, size_t n, const struct http_answer *a,
		      enum answer_kind kind)
{
	const char **ops = calloc(n, sizeof(*ops));
	struct answers got;
	struct err e = {0};
	size_t hits = 0;

	for (size_t i = 0; i < n; i++)
		ops[i] = p->item[from + i].op;
	answers_init(&got);
	if (native_parse_results(&got, ops, n, a->body.data, a->body.len, &e))
		fail_msg("%s", e.detail);
	for (size_t i = 0; i < n; i++)
		hits += got.item[i].kind == kind;
	answers_release(&got);
	free(ops);
	return hits;
}

static int send(struct transport t, struct http_answer *a, const char *method, const char *path, const char *body,
		size_t n, int64_t offset)
{
	struct err e = {0};

	if (t.call(t.self,
		   &(struct http_request){.method = method, .path = path, .body = body, .body_bytes = n, .offset = offset}, a,
		   &e))
		fail_msg("%s %s: %s", method, path, e.detail);
	return a->status;
}

/* Announced, asked about, in pieces, at the wrong place, spoiled, whole; R12 as the contract has it. */
static void attachments(struct transport t, struct http_answer *a, const char *person)
{
	/* of "abcdefgh" (sha256sum) */
	static const char path[] =
		"/v1/attachments/9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab";
	char body[600];

	assert_int_equal(send(t, a, "HEAD", path, NULL, 0, 0), 404);
	text_format(body, sizeof(body),
		    "{\"attachments\":[{\"sha256\":\"%s\",\"bytes\":8,\"mime\":\"image/jpeg\",\"role\":\"photo\",\"person\":"
		    "\"%s\"}]}",
		    path + strlen("/v1/attachments/"), person);
	assert_int_equal(send(t, a, "POST", "/v1/attachments", body, strlen(body), 0), 200);
	assert_non_null(strstr(a->body.data, "\"offset\":0"));
	assert_int_equal(send(t, a, "PATCH", path, "abc", 3, 0), 200);
	assert_non_null(strstr(a->body.data, "\"complete\":false"));
	assert_int_equal(send(t, a, "PATCH", path, "abc", 3, 0), 409);
	assert_int_equal(a->offset, 3);
	assert_int_equal(send(t, a, "HEAD", path, NULL, 0, 0), 200);
	assert_int_equal(a->offset, 3);
	assert_int_equal(send(t, a, "PATCH", path, "XXXXX", 5, 3), 422); /* another content: begins anew */
	assert_int_equal(send(t, a, "HEAD", path, NULL, 0, 0), 200);
	assert_int_equal(a->offset, 0);
	assert_int_equal(send(t, a, "PATCH", path, "abcdefghi", 9, 0), 422); /* longer than announced */
	assert_int_equal(send(t, a, "PATCH", path, "abcdefgh", 8, 0), 200);
	assert_non_null(strstr(a->body.data, "\"complete\":true"));
	assert_int_equal(send(t, a, "PATCH", path, "abcdefgh", 8, 0), 200); /* again: the same answer */
}

static void run_platform(struct place *place, const char *verb, const char *word, char *out, size_t size)
{
	char command[700];
	FILE *f;

	text_format(command, sizeof(command), BIN_DIR "/shiming-platform %s --dir '%s' '%s'", verb, place->dir, word);
	f = popen(command, "r");
	assert_non_null(f);
	if (!fgets(out, (int)size, f))
		out[0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	assert_int_equal(pclose(f), 0);
}

/* A one-time code from the running platform's own command; a token for the box that asked first, and for it only. */
static void enrolment(struct judged *j, struct place *place)
{
	struct http_options o = {.base_url = place->url, .token = "", .anonymous = true, .ca_file = place->ca};
	char code[64], token[200], box[UID_TEXT], other[UID_TEXT];
	struct transport inner = j->inner, t = judged_transport(j);
	struct http_answer a;
	struct http *h = NULL;
	struct err e = {0};
	struct buf body;

	uid_new(box);
	uid_new(other);
	http_answer_init(&a);
	buf_init(&body, 4096);
	assert_int_equal(http_open(&h, &o, &e), 0);
	j->inner = http_transport(h);
	run_platform(place, "enrol", "second", code, sizeof(code));
	assert_int_equal(strlen(code), 17);
	native_enrolment("00000-00000-00000", box, "云溪", &body, &e);
	assert_int_equal(send(t, &a, "POST", NATIVE_ENROL, body.data, body.len, 0), 403);
	for (char *c = code; *c; c++) /* read out, typed in lower case */
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 'a' - 'A' : *c);
	native_enrolment(code, box, "云溪", &body, &e);
	assert_int_equal(send(t, &a, "POST", NATIVE_ENROL, body.data, body.len, 0), 200);
	assert_int_equal(native_parse_enrolled(a.body.data, a.body.len, token, sizeof(token), &e), 0);
	assert_int_equal(send(t, &a, "POST", NATIVE_ENROL, body.data, body.len, 0), 200); /* the answer was lost */
	assert_null(strstr(a.body.data, token));
	native_enrolment(code, other, "云溪", &body, &e);
	assert_int_equal(send(t, &a, "POST", NATIVE_ENROL, body.data, body.len, 0), 403);
	http_close(h);
	j->inner = inner;
	http_answer_release(&a);
	buf_release(&body);
}

static void platform__keeps_the_contract(void **state)
{
	struct judged j = {.contract = contract_open(OPENAPI), .answers = true};
	char person[UID_TEXT], employment[UID_TEXT], path[128];
	struct transport t;
	struct http_answer a;
	struct people p;
	struct place place;
	struct http *h;
	struct err e = {0};
	struct buf body;
	size_t first;

	(void)state;
	place_open(&place);
	place_start(&place, (const char *const[]){"--share", NULL});
	h = place_http(&place);
	j.inner = http_transport(h);
	t = judged_transport(&j);
	http_answer_init(&a);
	people_make(&p, 20, 3);
	people_subject(&p, PEOPLE_SITE, person);
	people_subject(&p, PEOPLE_SITE + 1, employment);

	assert_int_equal(get(t, NATIVE_BOX, &a, &e), 0);
	assert_string_equal(a.body.data, "{\"box\":null,\"epoch\":0,\"sequence\":0}");
	assert_int_equal(post_range(t, &p, 0, p.n, &a, &e), 0);
	assert_int_equal(a.status, 200);
	assert_int_equal(answers(&p, 0, p.n, &a, ANSWER_ACCEPTED), p.n);
	assert_int_equal(get(t, NATIVE_BOX, &a, &e), 0);
	assert_non_null(strstr(a.body.data, p.box.uid));

	/* refusals with their code, words and field */
	first = people_step(&p, "assignment.enter", employment, "2026-11-20");
	people_step(&p, "employment.register", employment, "2026-11-20");
	people_step(&p, "team.enter", person, "2026-11-20");
	assert_int_equal(post_range(t, &p, first, 3, &a, &e), 0);
	assert_int_equal(answers(&p, first, 3, &a, ANSWER_REJECTED), 3);
	assert_non_null(strstr(a.body.data, "\"not-consented\""));
	assert_non_null(strstr(a.body.data, "本人尚未同意"));

	/* look-ups, one and many, of what is there and what is not */
	text_format(path, sizeof(path), NATIVE_OPERATIONS "/%s", p.item[2].op);
	assert_int_equal(get(t, path, &a, &e), 0);
	assert_int_equal(a.status, 200);
	text_format(path, sizeof(path), NATIVE_OPERATIONS "/%s", person);
	assert_int_equal(get(t, path, &a, &e), 0);
	assert_int_equal(a.status, 404);
	buf_init(&body, 65536);
	native_lookup_request((const char *const[]){person}, 1, &body, &e);
	assert_int_equal(t.call(t.self,
				&(struct http_request){.method = "POST",
						       .path = NATIVE_LOOKUP,
						       .body = body.data,
						       .body_bytes = body.len},
				&a, &e),
			 0);
	assert_non_null(strstr(a.body.data, "\"absent\""));

	/* what a person decides comes as a change */
	cJSON_Delete(place_say(&place, "consent all"));
	assert_int_equal(get(t, "/v1/changes?cursor=", &a, &e), 0);
	assert_non_null(strstr(a.body.data, "employment.consent"));
	assert_non_null(strstr(a.body.data, employment));
	assert_int_equal(get(t, "/v1/changes?cursor=20", &a, &e), 0);
	assert_non_null(strstr(a.body.data, "\"changes\":[]"));
	assert_int_equal(get(t, "/v1/changes?cursor=nonsense", &a, &e), 0);
	assert_int_equal(a.status, 422);

	/* this box's own people are nobody else's; a question that is none is refused */
	buf_reset(&body);
	native_person_request("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", &body, &e);
	assert_int_equal(send(t, &a, "POST", NATIVE_PERSON, body.data, body.len, 0), 200);
	assert_non_null(strstr(a.body.data, "\"known\":false"));
	attachments(t, &a, person);
	assert_int_equal(http_stats(h).connections, 1); /* one kept connection for all of it */
	enrolment(&j, &place);
	assert_null(contract_unused(j.contract));
	buf_release(&body);
	http_answer_release(&a);
	people_release(&p);
	http_close(h);
	place_close(&place);
	contract_close(j.contract);
}

static void platform__survives_a_kill(void **state)
{
	struct http_answer a;
	struct people p;
	struct place place;
	struct http *h;
	struct err e = {0};

	(void)state;
	place_open(&place);
	place_start(&place, NULL);
	h = place_http(&place);
	http_answer_init(&a);
	people_make(&p, 5, 4);
	assert_int_equal(post_range(http_transport(h), &p, 0, p.n, &a, &e), 0);
	place_kill(&place);
	e = (struct err){0};
	assert_int_equal(post_range(http_transport(h), &p, 0, p.n, &a, &e), -1);
	assert_int_equal(e.code, ERR_NET_OFFLINE);
	place_start(&place, NULL);
	assert_int_equal(post_range(http_transport(h), &p, 0, p.n, &a, &e),
			 0); /* again: the same results, no second effect */
	assert_int_equal(answers(&p, 0, p.n, &a, ANSWER_ACCEPTED), p.n);
	assert_int_equal(place_applied(&place, "person"), 5);
	assert_int_equal(place_applied(&place, "assignment"), 5);
	assert_int_equal(place_operations(&place, "accepted"), (int64_t)p.n);
	http_answer_release(&a);
	people_release(&p);
	http_close(h);
	place_close(&place);
}

/* What each fault is at the runner's end of the line: trouble of the line, or an answer whose head says it.
 */
static void platform__faults_over_the_line(void **state)
{
	static const struct {
		const char *rule;
		int status;
		enum err_code code;
		bool left;
	} cases[] = {
		{"drop@1", 0, ERR_NET_OFFLINE, true},
		{"cut-request=100@1", 0, ERR_NET_OFFLINE, true},
		{"cut-answer=20@1", 0, ERR_NET_OFFLINE, true},
		{"cut-answer=0@1", 0, ERR_NET_OFFLINE, true},
		{"huge=6000000@1", 0, ERR_NET_ANSWER, true},
		{"401@1", 401, ERR_NONE, true},
		{"503=9@1", 503, ERR_NONE, true},
		{"portal-302@1", 302, ERR_NONE, true},
		{"portal-html@1", 200, ERR_NONE, true},
		{"delay=50@1", 200, ERR_NONE, true},
	};
	struct place place;
	struct people p;

	(void)state;
	place_open(&place);
	place_start(&place, NULL);
	people_make(&p, 2, 5);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct http *h = place_http(&place);
		struct http_answer a;
		struct err e = {0};
		char command[64];
		int last;

		http_answer_init(&a);
		cJSON_Delete(place_say(&place, "no-faults"));
		get(http_transport(h), NATIVE_BOX, &a,
		    &e); /* so that the connection is a kept one, which curl would like to repeat on */
		text_format(command, sizeof(command), "fault %s", cases[i].rule);
		cJSON_Delete(place_say(&place, command));
		last = post_range(http_transport(h), &p, 0, p.n, &a, &e);
		if (last ? cases[i].status != 0 : a.status != cases[i].status)
			fail_msg("%s: %d, status %d, %s %s", cases[i].rule, last, a.status, err_name(e.code),
				 e.detail);
		if (last && (e.code != cases[i].code || a.may_have_left != cases[i].left))
			fail_msg("%s: %s %s, left %d", cases[i].rule, err_name(e.code), e.detail,
				 a.may_have_left);
		if (!strncmp(cases[i].rule, "503", 3))
			assert_int_equal(a.retry_after_ms, 9000);
		http_answer_release(&a);
		http_close(h);
	}
	/* each lost answer was one request: nothing below the runner repeats a POST */
	assert_int_equal(place_applied(&place, "person"), 2);
	people_release(&p);
	place_close(&place);
}

static void platform__one_post_is_one_post(void **state)
{
	struct place place;
	struct people p;
	struct http_answer a;
	struct http *h;
	struct err e = {0};
	int64_t before;

	(void)state;
	place_open(&place);
	place_start(&place, (const char *const[]){"--fault", "drop", NULL});
	people_make(&p, 2, 6);
	h = place_http(&place);
	http_answer_init(&a);
	get(http_transport(h), NATIVE_BOX, &a, &e);
	before = place_requests(&place);
	assert_int_equal(post_range(http_transport(h), &p, 0, p.n, &a, &e), -1);
	assert_true(a.may_have_left);
	assert_int_equal(place_requests(&place), before + 1);
	http_answer_release(&a);
	http_close(h);
	people_release(&p);
	place_close(&place);
}

static enum err_code try_box(const struct http_options *o, bool *left)
{
	struct http_answer a;
	struct http *h = NULL;
	struct err e = {0};

	http_answer_init(&a);
	if (!http_open(&h, o, &e) && !get(http_transport(h), NATIVE_BOX, &a, &e))
		http_fate(&a, &e.code);
	*left = a.may_have_left;
	http_answer_release(&a);
	http_close(h);
	return e.code;
}

/* S6: only the platform whose certificate this authority signed, by the name it was made for; nothing leaves
 * before that is known. */
static void platform__tls(void **state)
{
	char other[80], url[80], missing[80];
	struct place place;
	struct err e = {0};
	bool left;

	(void)state;
	place_open(&place);
	place_start(&place, NULL);
	text_format(other, sizeof(other), "%s/other", place.dir);
	text_format(missing, sizeof(missing), "%s/nothing.pem", place.dir);
	assert_int_equal(mkdir(other, 0700), 0);
	assert_int_equal(certs_make(other, NULL, 0, &e), 0);
	text_format(other, sizeof(other), "%s/other/" CERTS_CA, place.dir);

	struct http_options o = {.base_url = place.url, .token = PLACE_TOKEN, .ca_file = place.ca};
	assert_int_equal(try_box(&o, &left), ERR_NONE);
	o.ca_file = other;
	assert_int_equal(try_box(&o, &left), ERR_NET_TLS);
	assert_false(left);
	o.ca_file = ""; /* the system's authorities do not know it */
	assert_int_equal(try_box(&o, &left), ERR_NET_TLS);
	o.ca_file = missing;
	assert_int_equal(try_box(&o, &left), ERR_NET_TLS);
	o.ca_file = place.ca;
	text_format(url, sizeof(url), "https://127.0.0.2:%d", place.port); /* listens on 127.0.0.1 only */
	o.base_url = url;
	assert_int_equal(try_box(&o, &left), ERR_NET_OFFLINE);
	assert_false(left);
	o.base_url = place.url;
	o.token = "wrong";
	assert_int_equal(try_box(&o, &left), ERR_NET_UNAUTHORIZED);
	place_close(&place);
}

static void platform__addresses(void **state)
{
	static const char *const bad[] = {"",
					  "http://localhost",
					  "https://",
					  "ftp://x",
					  "file:///etc/passwd",
					  "localhost:443",
					  "https://user:pass@host",
					  "https://host?x=1",
					  "https://host#x",
					  "https://ho st",
					  "https://host\r\nx: y"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct http_options o = {.base_url = bad[i], .token = "t", .ca_file = ""};
		struct http *h = NULL;
		struct err e = {0};

		if (!http_open(&h, &o, &e))
			fail_msg("passed: %s", bad[i]);
		assert_int_equal(e.code, ERR_NET_NOT_CONFIGURED);
	}
	struct http_options o = {.base_url = "https://localhost", .token = "a\r\nHost: b"};
	struct http *h = NULL;
	assert_int_equal(http_open(&h, &o, NULL), -1);
}

/* A body that swells when unpacked is refused before it has swollen. */
static void platform__limits(void **state)
{
	struct place place;
	struct people p;
	struct http_answer a;
	struct http *h;
	struct err e = {0};

	(void)state;
	place_open(&place);
	place_start(&place, (const char *const[]){"--max-body", "20000", NULL});
	h = place_http(&place);
	http_answer_init(&a);
	people_make(&p, 100, 7);
	assert_int_equal(post_range(http_transport(h), &p, 0, p.n, &a, &e), 0);
	assert_int_equal(a.status, 413);
	assert_int_equal(post_range(http_transport(h), &p, 0, 8, &a, &e), 0);
	assert_int_equal(a.status, 200);
	http_answer_release(&a);
	http_close(h);
	people_release(&p);
	place_close(&place);
}

/* P4: 1,000 registrations, ≤ 170 kB both ways and ≤ 8 round trips, box and changes with them. */
static void platform__p4_a_thousand_registrations(void **state)
{
	struct place place;
	struct people p;
	struct http_stats s;
	struct http_answer a;
	struct http *h;
	struct err e = {0};
	size_t done = 0;

	(void)state;
	place_open(&place);
	place_start(&place, NULL);
	people_make(&p, 1000, 8);
	h = place_http(&place);
	http_answer_init(&a);
	assert_int_equal(post_range(http_transport(h), &p, 0, PEOPLE_SITE, &a, &e),
			 0); /* the site is there before */
	http_close(h);
	h = place_http(&place);
	assert_int_equal(get(http_transport(h), NATIVE_BOX, &a, &e), 0);
	for (size_t at = PEOPLE_SITE; at < p.n; at += NATIVE_BATCH_MAX) {
		size_t n = p.n - at < NATIVE_BATCH_MAX ? p.n - at : NATIVE_BATCH_MAX, bytes = 0;

		for (size_t i = 0; i < n; i++)
			bytes += p.item[at + i].body_bytes;
		assert_true(bytes <= NATIVE_BATCH_BYTES);
		assert_int_equal(post_range(http_transport(h), &p, at, n, &a, &e), 0);
		done += answers(&p, at, n, &a, ANSWER_ACCEPTED);
	}
	assert_int_equal(get(http_transport(h), "/v1/changes?cursor=", &a, &e), 0);
	assert_int_equal(done, 3000);
	assert_int_equal(place_applied(&place, "person"), 1000);
	s = http_stats(h);
	print_message(
		"P4: 1000 registrations: %d round trips, %d bytes out, %d in, %d both ways, %d connection\n",
		(int)s.requests, (int)s.bytes_out, (int)s.bytes_in, (int)(s.bytes_out + s.bytes_in),
		(int)s.connections);
	assert_true(s.requests <= 8);
	assert_int_equal(s.connections, 1);
	assert_true(s.bytes_out + s.bytes_in <= 170000);
	http_answer_release(&a);
	http_close(h);
	people_release(&p);
	place_close(&place);
}

/* Nothing stays behind: the platform ends with its parent's end of the lifeline. */
static void platform__ends_with_the_lifeline(void **state)
{
	struct place place;
	int64_t until;

	(void)state;
	place_open(&place);
	place_start(&place, (const char *const[]){"--consent-after", "0", NULL});
	close(place.platform.in);
	place.platform.in = -1;
	until = clock_steady_ms() + 10000;
	while (!child_reap(&place.platform) && clock_steady_ms() < until)
		usleep(1000);
	assert_true(place.platform.reaped);
	assert_int_equal(place.platform.status, 0);
	place.platform.pid = 0;
	place_close(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(platform__keeps_the_contract),
		cmocka_unit_test(platform__survives_a_kill),
		cmocka_unit_test(platform__faults_over_the_line),
		cmocka_unit_test(platform__one_post_is_one_post),
		cmocka_unit_test(platform__tls),
		cmocka_unit_test(platform__addresses),
		cmocka_unit_test(platform__limits),
		cmocka_unit_test(platform__p4_a_thousand_registrations),
		cmocka_unit_test(platform__ends_with_the_lifeline),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
