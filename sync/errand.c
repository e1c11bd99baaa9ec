/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/errand.h"

#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/json.h"
#include "base/text.h"
#include "sync/native.h"

#define TIMEOUT_MS 20000
#define PATH_BYTES 8192
#define CLOCK_OFF_MS CLOCK_OFF_SHOWN_MS

struct finding {
	enum err_code trouble;
	const char *cause;
	char detail[200];
	int64_t clock_off_ms;
	char token[520];
	cJSON *answer; /* of a look-up: its members go beside the others */
};

/* Where trouble with the answer's head comes from. */
static const struct {
	enum err_code trouble;
	const char *cause;
} heads[] = {
	{ERR_NET_PORTAL, "portal"}, {ERR_NET_PROXY, "proxy"},	 {ERR_NET_UNAUTHORIZED, "token"},
	{ERR_NET_TLS, "tls"},	    {ERR_NET_ANSWER, "foreign"}, {ERR_NET_FOREIGN, "foreign"},
	{ERR_NET_REDIRECT, "portal"}, {ERR_NET_LOGIN, "portal"},
};

static void found(struct finding *f, enum err_code trouble, const char *cause, const char *detail)
{
	f->trouble = trouble;
	f->cause = cause;
	text_copy(f->detail, sizeof(f->detail), detail);
	for (size_t i = 0; !*f->cause && i < ARRAY_LEN(heads); i++) {
		if (heads[i].trouble == trouble)
			f->cause = heads[i].cause;
	}
}

static void hear_clock(struct finding *f, const struct http_answer *a)
{
	f->clock_off_ms = a->date_ms ? a->date_ms - clock_now_ms() : 0;
	if (!f->trouble && (f->clock_off_ms > CLOCK_OFF_MS || f->clock_off_ms < -CLOCK_OFF_MS))
		f->cause = "clock";
}

static int write_out(struct finding *f, struct buf *out)
{
	cJSON *o = cJSON_CreateObject();
	char *text;

	cJSON_AddStringToObject(o, "trouble", f->trouble ? err_name(f->trouble) : "");
	cJSON_AddStringToObject(o, "cause", f->cause);
	cJSON_AddStringToObject(o, "detail", f->detail);
	cJSON_AddNumberToObject(o, "clock_off_ms", (double)f->clock_off_ms);
	if (*f->token)
		cJSON_AddStringToObject(o, "token", f->token);
	for (cJSON *one; f->answer && (one = f->answer->child);) {
		cJSON_DetachItemViaPointer(f->answer, one);
		cJSON_AddItemToObject(o, one->string, one);
	}
	cJSON_Delete(f->answer);
	text = json_text(o);
	cJSON_Delete(o);
	wipe(f->token, sizeof(f->token));
	buf_reset(out);
	if (text)
		buf_adds(out, text);
	if (text)
		wipe(text, strlen(text));
	free(text);
	return text && !buf_adds(out, "\n") ? 0 : -1;
}

/* --- the test --- */

static int read_box(const struct dialect_link *link, const struct http_answer *a, struct err *e)
{
	enum err_code trouble;
	struct far_box box;

	if (link->dialect->fate(link->self, a, &trouble) != FATE_READ)
		return err_set(e, trouble ? trouble : ERR_NET_ANSWER, "HTTP %d", a->status);
	return link->dialect->box_results(link->self, a, &box, e);
}

/* A dialect without such a question is asked for its address alone: any answer of a head shows that somebody
 * is there. */
static void ask(const struct dialect_link *link, struct finding *f)
{
	struct http_request plain = {.method = "GET", .path = "/"};
	bool box = link->dialect->box_request != NULL;
	struct http_answer a;
	struct request q;
	struct err e = {0};

	request_init(&q);
	http_answer_init(&a);
	if (box && link->dialect->box_request(link->self, &q, &e)) {
		found(f, e.code, "", e.detail);
	} else {
		if (box)
			plain = (struct http_request){.method = q.method, .path = q.path.data};
		if (link->line.call(link->line.self, &plain, &a, &e) || (box && read_box(link, &a, &e)))
			found(f, e.code, a.cause, e.detail);
		hear_clock(f, &a);
	}
	http_answer_release(&a);
	request_release(&q);
}

int errand_probe(struct desk *d, const char *dir, struct buf *out)
{
	struct dialect_at at = {.desk = d, .dir = dir};
	const struct dialect *dialect =
		dialect_find(profile_text(desk_profile(d), "upload.dialect", "native"));
	struct dialect_link link = {.dialect = dialect};
	struct finding f = {.cause = ""};
	struct err e = {0};

	if (!dialect) {
		found(&f, ERR_NET_NOT_CONFIGURED, "", "no dialect");
	} else if (dialect->open(&at, &link, &e)) {
		found(&f, e.code, e.code == ERR_NET_NOT_CONFIGURED ? "" : "tls", e.detail);
	} else {
		ask(&link, &f);
		dialect->close(&link);
	}
	return write_out(&f, out);
}

/* --- enrolling --- */

static void read_enrolled(const struct http_answer *a, struct finding *f)
{
	char code[NATIVE_CODE_BYTES + 1], reason[NATIVE_REASON_BYTES + 1];
	const char *text = a->body.data ? a->body.data : "";
	enum err_code trouble;
	struct err e = {0};

	if ((a->status == 403 || a->status == 422) &&
	    native_parse_refusal(text, a->body.len, code, sizeof(code), reason, sizeof(reason)))
		found(f, ERR_NET_REFUSED, "code", reason);
	else if (http_fate(a, &trouble) != FATE_READ)
		found(f, trouble ? trouble : ERR_NET_ANSWER, "", "no enrolment here");
	else if (native_parse_enrolled(text, a->body.len, f->token, sizeof(f->token), &e))
		found(f, e.code, "", e.detail);
}

static int send_code(struct desk *d, struct http *h, const char *code, struct finding *f, struct err *e)
{
	struct transport line = http_transport(h);
	struct http_answer a;
	struct buf body;
	struct box box;
	int last;

	http_answer_init(&a);
	buf_init(&body, 4096);
	last = desk_box(d, &box, e) || native_enrolment(code, box.uid, desk_project(d)->name, &body, e) ? -1
													: 0;
	if (!last && line.call(line.self,
			       &(struct http_request){.method = "POST",
						      .path = NATIVE_ENROL,
						      .body = body.data,
						      .body_bytes = body.len},
			       &a, e))
		found(f, e->code, a.cause, e->detail);
	else if (!last)
		read_enrolled(&a, f);
	hear_clock(f, &a);
	buf_wipe_release(&body);
	http_answer_release(&a);
	return last;
}

int errand_enrol(struct desk *d, const char *dir, const char *code, struct buf *out)
{
	struct dialect_at at = {.desk = d, .dir = dir};
	char url[1024], ca[PATH_BYTES];
	struct http_options o = {.base_url = url, .ca_file = ca, .anonymous = true, .timeout_ms = TIMEOUT_MS};
	struct finding f = {.cause = ""};
	struct http *h = NULL;
	struct err e = {0};

	if (desk_setting_get(d, "platform.url", url, sizeof(url), &e) ||
	    dialect_path(&at, "platform.ca_file", ca, sizeof(ca), &e) || http_open(&h, &o, &e) ||
	    send_code(d, h, code, &f, &e))
		found(&f, e.code, "", e.detail);
	http_close(h);
	return write_out(&f, out);
}

/* --- looking up a person --- */

static void read_person(const struct dialect_link *link, const struct http_answer *a, struct finding *f)
{
	enum err_code trouble;
	struct err e = {0};

	if (a->status == 403 || a->status == 404 || a->status == 405)
		found(f, ERR_NET_REFUSED, "unshared", "the platform shares no people");
	else if (link->dialect->fate(link->self, a, &trouble) != FATE_READ)
		found(f, trouble ? trouble : ERR_NET_ANSWER, "", "no word on the person");
	else if (native_parse_person(a->body.data ? a->body.data : "", a->body.len, &f->answer, &e))
		found(f, e.code, "", e.detail);
}

static void ask_person(const struct dialect_link *link, const char *document, struct finding *f)
{
	struct http_request q = {.method = "POST", .path = NATIVE_PERSON};
	struct http_answer a;
	struct err e = {0};
	struct buf body;

	http_answer_init(&a);
	buf_init(&body, 4096);
	if (native_person_request(document, &body, &e)) {
		found(f, e.code, "", e.detail);
	} else {
		q.body = body.data;
		q.body_bytes = body.len;
		if (link->line.call(link->line.self, &q, &a, &e))
			found(f, e.code, a.cause, e.detail);
		else
			read_person(link, &a, f);
	}
	buf_release(&body);
	http_answer_release(&a);
}

int errand_look_up(struct desk *d, const char *dir, const char *document, struct buf *out)
{
	struct dialect_at at = {.desk = d, .dir = dir};
	struct dialect_link link = {.dialect = &dialect_native};
	struct finding f = {.cause = ""};
	struct err e = {0};

	if (strspn(document, "0123456789abcdef") != 64 || document[64]) {
		found(&f, ERR_USAGE, "", "not a SHA-256");
	} else if (dialect_native.open(&at, &link, &e)) {
		found(&f, e.code, "", e.detail);
	} else {
		ask_person(&link, document, &f);
		dialect_native.close(&link);
	}
	return write_out(&f, out);
}
