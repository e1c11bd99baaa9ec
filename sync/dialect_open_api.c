/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The open.api as a dialect (DESIGN 9): one call a second and method, results that come later; people of one
 * team in one call as far as the standard allows. A call refused as a whole, or one whose result is a
 * failure, says nothing of its single people: those are asked about and sent one by one, so that one bad
 * record keeps nobody else back.
 *
 * Accepted is not stored: an Add is answered with a serial number, which waits in the operation's `number`
 * until AsyncHandleResult.Query has a word. An unknown outcome is never sent again before the platform was
 * asked whether it has the record. "It exists already", which these platforms say in words only, is believed
 * when the sentence names the team's number or a query finds the record; else the refusal stands, for a human
 * to see.
 */
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/json.h"
#include "base/text.h"
#include "open_api/answer.h"
#include "profile/profile.h"
#include "sync/dialect.h"

#define PACE_MS 1000
#define DATA_MAX (8u << 20)
#define ASK "待核对" /* in `number`: the platform says it has it; to be believed when a query finds it */
#define NOT_FOUND_CODE "open-api-present"
#define NOT_FOUND_WORDS "平台说这条记录已存在，但按本条内容查询不到；请到平台核对后改正"

struct open_api {
	struct http *http;
	struct open_api_manner manner;
	struct open_api_key key;
	char appid[65], secret[65], corp_secret[65], version[16], prefix[64], path[64];
	int64_t pace_ms;
	size_t alone; /* so many more go one by one */
	struct {
		const char *name;
		int64_t next_ms;
	} paced[32]; /* one a method and query: static names */
};

/* --- opening --- */

static int read_settings(struct open_api *s, const struct dialect_at *at, struct err *e)
{
	if (desk_setting_get(at->desk, "platform.appid", s->appid, sizeof(s->appid), e) ||
	    desk_setting_get(at->desk, "platform.token", s->secret, sizeof(s->secret), e) ||
	    desk_setting_get(at->desk, "platform.corp_secret", s->corp_secret, sizeof(s->corp_secret), e))
		return -1;
	if (!s->appid[0] && desk_project(at->desk)) /* one project, one key: then it is the project's code */
		text_copy(s->appid, sizeof(s->appid), desk_project(at->desk)->code);
	s->key = (struct open_api_key){s->appid, s->secret, s->corp_secret};
	if (!s->appid[0])
		return err_set(e, ERR_NET_NOT_CONFIGURED,
			       "neither platform.appid nor the project's code is set");
	if (strlen(s->secret) != 16 && strlen(s->secret) != 24 && strlen(s->secret) != 32)
		return err_set(e, ERR_NET_NOT_CONFIGURED,
			       "platform.token: the secret has 16, 24 or 32 characters");
	return 0;
}

static int read_profile(struct open_api *s, const struct profile *p, struct err *e)
{
	const char *digest = profile_text(p, "upload.digest", "sha256"),
		   *time = profile_text(p, "upload.time", "compact");

	if (!open_api_digest_parse(digest, &s->manner.digest) || !open_api_time_parse(time, &s->manner.time))
		return err_set(e, ERR_PROFILE, "upload.digest or upload.time");
	s->manner.keep_case = profile_flag(p, "upload.keep_case", false);
	s->manner.version = s->version;
	s->manner.image_prefix = s->prefix;
	s->pace_ms = profile_number(p, "upload.pace_ms", PACE_MS);
	text_copy(s->version, sizeof(s->version), profile_text(p, "upload.version", "1.0"));
	text_copy(s->prefix, sizeof(s->prefix),
		  profile_text(p, "upload.image_prefix", "data:image/jpeg;base64,"));
	text_copy(s->path, sizeof(s->path), profile_text(p, "upload.path", "/open.api"));
	return 0;
}

static void close_link(struct dialect_link *link)
{
	struct open_api *s = link->self;

	if (!s)
		return;
	http_close(s->http);
	wipe(s, sizeof(*s));
	free(s);
	link->self = NULL;
}

static int open_link(const struct dialect_at *at, struct dialect_link *out, struct err *e)
{
	struct open_api *s = calloc(1, sizeof(*s));
	char url[1024], ca[8192];
	struct http_options o = {.base_url = url,
				 .ca_file = ca,
				 .anonymous = true,
				 .go_on = at->go_on,
				 .go_on_arg = at->go_on_arg};

	*out = (struct dialect_link){.dialect = &dialect_open_api, .self = s};
	if (!s)
		return err_set(e, ERR_MEMORY, "dialect");
	o.plain = desk_plain_allowed(at->desk);
	if (read_settings(s, at, e) || read_profile(s, desk_profile(at->desk), e) ||
	    desk_setting_get(at->desk, "platform.url", url, sizeof(url), e) ||
	    dialect_path(at, "platform.ca_file", ca, sizeof(ca), e) || http_open(&s->http, &o, e)) {
		close_link(out);
		return -1;
	}
	out->line = http_transport(s->http);
	return 0;
}

/* --- calls --- */

static int call_out(struct open_api *s, const char *method, const struct buf *data, struct request *out,
		    struct err *e)
{
	struct open_api_call call = {
		.method = method, .data = data->data, .data_bytes = data->len, .now_ms = clock_now_ms()};

	out->method = "POST";
	out->name = method;
	out->form = true;
	buf_reset(&out->path);
	if (buf_adds(&out->path, s->path))
		return err_set(e, ERR_MEMORY, "path");
	return open_api_body(&s->manner, &s->key, &call, &out->body, e);
}

static int parse_body(const struct outgoing *item, cJSON **out, struct err *e)
{
	if (item->body)
		return json_parse(out, item->body, item->body_bytes, DATA_MAX, e);
	return err_set(e, ERR_INTERNAL, "an operation without its body");
}

/* What knows no team yet cannot be told of by itself: the worker's own call will carry it. */
static enum upload_way carries(void *self, const struct outgoing *item, const char **why)
{
	const struct open_api_method *m = open_api_method(item->kind);
	cJSON *body = NULL;
	enum upload_way way = upload_way(DIALECT_OPEN_API, item->kind);

	(void)self, (void)why;
	if (way == WAY_SENDS && m->update && !parse_body(item, &body, NULL) && !json_get(body, "teamSysNo"))
		way = WAY_TOLD_WITH;
	cJSON_Delete(body);
	return way;
}

static bool has_serial(const struct outgoing *item)
{
	return item->number[0] && strcmp(item->number, ASK);
}

/* Parsed bodies of some operations; released by free_bodies(). */
static int parse_bodies(const struct outgoing *items, size_t n, cJSON **out, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (parse_body(&items[i], &out[i], e))
			return -1;
	}
	return 0;
}

static void free_bodies(cJSON **bodies, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cJSON_Delete(bodies[i]);
}

#define TOGETHER 50

static size_t portion(void *self, const struct outgoing *items, size_t n)
{
	const struct open_api_method *m = open_api_method(items[0].kind);
	cJSON *bodies[TOGETHER] = {NULL};
	struct open_api *s = self;
	size_t most = m && !s->alone ? m->most : 1, some = 1;

	if (s->alone)
		s->alone--;
	if (most > n)
		most = n;
	if (most > TOGETHER)
		most = TOGETHER;
	if (most > 1 && !parse_body(&items[0], &bodies[0], NULL)) {
		while (some < most && !strcmp(items[some].kind, items[0].kind) &&
		       !parse_body(&items[some], &bodies[some], NULL) &&
		       open_api_together(m, bodies[0], bodies[some]))
			some++;
	}
	free_bodies(bodies, TOGETHER);
	return some;
}

/* One question about all that wait for the same result; what has none is asked about singly. */
static size_t look_portion(void *self, const struct outgoing *items, size_t n)
{
	size_t some = 1;

	(void)self;
	while (has_serial(&items[0]) && some < n && some < TOGETHER &&
	       !strcmp(items[some].number, items[0].number))
		some++;
	return some;
}

static int make_request(void *self, const struct box *box, const struct outgoing *items, size_t n,
			struct request *out, struct err *e)
{
	const struct open_api_method *m = open_api_method(items[0].kind);
	cJSON *bodies[TOGETHER] = {NULL};
	struct open_api *s = self;
	struct buf data;
	int last = -1;

	(void)box;
	buf_init(&data, DATA_MAX);
	if (!m)
		err_set(e, ERR_INTERNAL, "%s is not carried", items[0].kind);
	else if (!parse_bodies(items, n, bodies, e) &&
		 !open_api_arguments(m, &s->manner, &s->key, (const cJSON *const *)bodies, n, &data, e))
		last = call_out(s, m->name, &data, out, e);
	free_bodies(bodies, TOGETHER);
	buf_wipe_release(&data);
	return last;
}

/* --- what came --- */

/* A call refused as a whole has not been looked into: signature, right, address, pace. */
static enum fate judge_head(void *self, const struct http_answer *a, enum err_code *trouble)
{
	struct open_api_answer said;
	size_t i = 0;

	(void)self;
	if (a->status < 200 || a->status > 299)
		return http_fate(a, trouble);
	while (i < a->body.len && strchr(" \t\r\n\xEF\xBB\xBF", a->body.data[i]))
		i++;
	if (i == a->body.len || a->body.data[i] != '{') /* JSON comes under many names here; a page is none */
		return http_fate(a, trouble);
	open_api_read_answer(a->body.data, a->body.len, &said);
	*trouble = said.trouble;
	return said.said == OPEN_API_AWAY ? FATE_NOT_SENT : FATE_READ;
}

/* Strings of an answer live as long as its document. */
static const char *keep(struct answers *out, const char *text)
{
	cJSON *kept;

	if (!text[0])
		return NULL;
	if (!out->doc)
		out->doc = cJSON_CreateArray();
	kept = cJSON_CreateString(text);
	if (!out->doc || !kept || !cJSON_AddItemToArray(out->doc, kept)) {
		cJSON_Delete(kept);
		return NULL;
	}
	return kept->valuestring;
}

/* Stored, or there before: done when nothing more is to be known, else to be asked for. */
static void done(struct answers *out, size_t at, const struct open_api_method *m,
		 const struct open_api_answer *said)
{
	bool ask = !said->number[0] && (m->number || (said->said == OPEN_API_PRESENT && m->match));

	out->item[at].kind = ask ? ANSWER_WAITING : ANSWER_ACCEPTED;
	out->item[at].number = keep(out, ask ? ASK : said->number);
}

static void refuse(struct answers *out, const struct open_api_answer *said)
{
	out->item[0].kind = ANSWER_REJECTED;
	out->item[0].reason_code = keep(out, said->code);
	out->item[0].reason = keep(out, said->reason);
	out->item[0].field = keep(out, said->field);
}

static void answer_one(struct answers *out, size_t at, const struct outgoing *item,
		       const struct open_api_answer *said)
{
	switch (said->said) {
	case OPEN_API_TAKEN:
	case OPEN_API_LATER:
		out->item[at].kind = ANSWER_WAITING;
		out->item[at].number = keep(out, said->said == OPEN_API_TAKEN ? said->number : item->number);
		break;
	case OPEN_API_DONE:
	case OPEN_API_PRESENT:
		done(out, at, open_api_method(item->kind), said);
		break;
	case OPEN_API_REFUSED:
		refuse(out, said);
		break;
	default:
		break; /* unknown */
	}
}

/* Of several in one call: a refusal is nobody's in particular. `kind`: what each of them is then. */
static void answer_of(struct open_api *s, struct answers *out, const struct outgoing *items, size_t n,
		      const struct open_api_answer *said, enum answer_kind kind)
{
	bool whole = n > 1 && (said->said == OPEN_API_REFUSED || said->said == OPEN_API_PRESENT);

	if (whole)
		s->alone += n;
	for (size_t i = 0; i < n; i++) {
		if (whole)
			out->item[i].kind = kind;
		else
			answer_one(out, i, &items[i], said);
	}
}

static int answers_for_items(struct answers *out, const struct outgoing *items, size_t n, struct err *e)
{
	const char *ops[TOGETHER];

	if (n > TOGETHER)
		return err_set(e, ERR_INTERNAL, "%zu operations", n);
	for (size_t i = 0; i < n; i++)
		ops[i] = items[i].op;
	return answers_for(out, ops, n, e);
}

static int read_results(void *self, const struct outgoing *items, size_t n, const struct http_answer *a,
			struct answers *out, struct err *e)
{
	struct open_api_answer said;

	if (answers_for_items(out, items, n, e))
		return -1;
	open_api_read_answer(a->body.data ? a->body.data : "", a->body.len, &said);
	answer_of(self, out, items, n, &said, ANSWER_NOT_SENT); /* none of a refused call is stored */
	return 0;
}

/* --- looking up --- */

static int ask_result(struct open_api *s, const struct outgoing *item, struct request *out, struct err *e)
{
	cJSON *ask = cJSON_CreateObject();
	char *text;
	struct buf data;
	int last = -1;

	buf_init(&data, DATA_MAX);
	cJSON_AddStringToObject(ask, "requestSerialCode", item->number);
	text = json_text(ask);
	if (text && !buf_adds(&data, text))
		last = call_out(s, OPEN_API_RESULT, &data, out, e);
	else
		err_set(e, ERR_MEMORY, "question");
	free(text);
	cJSON_Delete(ask);
	buf_release(&data);
	return last;
}

static int look_request(void *self, const struct outgoing *items, size_t n, struct request *out,
			struct err *e)
{
	const struct open_api_method *m = open_api_method(items[0].kind);
	struct open_api *s = self;
	cJSON *body = NULL;
	struct buf data;
	int last = -1;

	(void)n;
	if (has_serial(&items[0]))
		return ask_result(s, &items[0], out, e);
	buf_init(&data, DATA_MAX);
	if (!m)
		err_set(e, ERR_INTERNAL, "%s is not carried", items[0].kind);
	else if (!parse_body(&items[0], &body, e) && !open_api_query_arguments(m, &s->key, body, &data, e))
		last = call_out(s, m->query, &data, out, e);
	cJSON_Delete(body);
	buf_wipe_release(&data);
	return last;
}

/* The platform's own rows: found is done. An update finds nothing, and is sent again: it sets the same. */
static void rows_answer(struct answers *out, const struct open_api_method *m, const struct outgoing *item,
			const struct open_api_answer *said)
{
	static const struct open_api_answer missing = {.code = NOT_FOUND_CODE, .reason = NOT_FOUND_WORDS};
	bool claimed = item->number[0] != '\0';

	if (said->said == OPEN_API_UNCLEAR ||
	    (said->said == OPEN_API_PRESENT && m->number && !said->number[0]))
		return;
	if (said->said == OPEN_API_PRESENT) {
		out->item[0].kind = ANSWER_ACCEPTED;
		out->item[0].number = keep(out, said->number);
	} else if (claimed)
		refuse(out, &missing);
	else
		out->item[0].kind = ANSWER_NOT_SENT;
}

static enum look look_results(void *self, const struct outgoing *items, size_t n, const struct http_answer *a,
			      struct answers *out, struct err *e)
{
	const struct open_api_method *m = open_api_method(items[0].kind);
	const char *text = a->body.data ? a->body.data : "";
	struct open_api *s = self;
	struct open_api_answer said;
	enum err_code trouble;
	cJSON *body = NULL;

	if (judge_head(self, a, &trouble) != FATE_READ) {
		err_set(e, trouble ? trouble : ERR_NET_ANSWER, "HTTP %d", a->status);
		return LOOK_FAILED;
	}
	if (answers_for_items(out, items, n, e))
		return LOOK_FAILED;
	if (has_serial(&items[0])) {
		open_api_read_result(text, a->body.len, &said);
		answer_of(s, out, items, n, &said,
			  ANSWER_UNKNOWN); /* some may be stored: each is asked about */
		return LOOK_READ;
	}
	if (parse_body(&items[0], &body, e))
		return LOOK_FAILED;
	open_api_read_rows(text, a->body.len, m, &s->key, body, &said);
	rows_answer(out, m, &items[0], &said);
	cJSON_Delete(body);
	return LOOK_READ;
}

/* --- pace --- */

/* One call of a method in pace_ms, never two at once (the runner is one thread). */
static int64_t pause_ms(void *self, const struct request *q, int64_t now_ms)
{
	struct open_api *s = self;
	size_t i = 0;

	while (i < ARRAY_LEN(s->paced) - 1 && s->paced[i].name && strcmp(s->paced[i].name, q->name))
		i++;
	if (s->paced[i].name && s->paced[i].next_ms > now_ms)
		return s->paced[i].next_ms - now_ms;
	s->paced[i].name = q->name;
	s->paced[i].next_ms = now_ms + s->pace_ms;
	return 0;
}

const struct dialect dialect_open_api = {
	.name = "open_api",
	.max_items = TOGETHER,
	.max_bytes = DATA_MAX,
	.bodies = true,
	.open = open_link,
	.close = close_link,
	.carries = carries,
	.portion = portion,
	.request = make_request,
	.fate = judge_head,
	.results = read_results,
	.look_portion = look_portion,
	.look_request = look_request,
	.look_results = look_results,
	.pause_ms = pause_ms,
};
