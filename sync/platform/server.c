/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/server.h"

#include "platform/archive.h"
#include "platform/pack.h"
#include "platform/people.h"
#include "platform/share.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/tcp.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/io.h"
#include "base/json.h"
#include "base/text.h"

#define ANSWER_MAX (16u << 20)
#define GZIP_FROM 1024
#define IDLE_SECONDS 60u
#define LOGIN_PAGE                                                                                           \
	"<!DOCTYPE html><html><head><title>login</title></head><body><form "                                 \
	"action=\"/login\"></form></body></html>"
#define LOGIN_URL "http://login.invalid/"

/* One request on its way. */
struct call {
	enum fault_target target;
	struct fault fault;
	struct buf body, answer;
	size_t body_limit;
	bool too_large, routed;
	int status;
	/* of pieces of attachments: known from the head on, so that what came before a cut is kept */
	bool piece, allowed;
	char hash[65];
	int64_t offset, answer_offset; /* -1: none */
};

typedef int (*handler)(struct server *s, struct pbox *box, const char *rest, const cJSON *body,
		       struct buf *out);

static int do_operations(struct server *s, struct pbox *box, const char *rest, const cJSON *body,
			 struct buf *out)
{
	(void)rest;
	s->office.refuse_at = s->faults.refuse_at;
	s->office.refuse_phone = s->faults.refuse_phone;
	return office_operations(&s->office, box, body, out);
}

static int do_lookup(struct server *s, struct pbox *box, const char *rest, const cJSON *body, struct buf *out)
{
	(void)rest;
	return office_lookup(&s->office, box, body, out);
}

static int do_lookup_one(struct server *s, struct pbox *box, const char *rest, const cJSON *body,
			 struct buf *out)
{
	(void)body;
	return office_lookup_one(&s->office, box, rest, out);
}

static int do_changes(struct server *s, struct pbox *box, const char *cursor, const cJSON *body,
		      struct buf *out)
{
	(void)body;
	return office_changes(&s->office, box, cursor, out);
}

static int do_box(struct server *s, struct pbox *box, const char *rest, const cJSON *body, struct buf *out)
{
	(void)s, (void)rest, (void)body;
	return office_box(box, out);
}

static int do_person(struct server *s, struct pbox *box, const char *rest, const cJSON *body, struct buf *out)
{
	(void)rest;
	return share_look_up(&s->office, box, body, out);
}

static int do_announce(struct server *s, struct pbox *box, const char *rest, const cJSON *body, struct buf *out)
{
	(void)rest;
	return archive_announce(s->office.store, box, body, out);
}

static int do_enrol(struct server *s, struct pbox *box, const char *rest, const cJSON *body, struct buf *out)
{
	(void)box, (void)rest;
	return people_enrol(s->office.store, body, out);
}

static int do_pending(struct server *s, struct pbox *box, const char *rest, const cJSON *body, struct buf *out)
{
	(void)box, (void)rest, (void)body;
	return people_pending(s->office.store, out);
}

static int do_decision(struct server *s, struct pbox *box, const char *rest, const cJSON *body, struct buf *out)
{
	(void)rest;
	return people_decide(&s->office, box->label, body, out);
}

enum door { DOOR_BOX, DOOR_OPEN, DOOR_ACCOUNT };

static const struct route {
	const char *method, *path;
	bool prefix; /* what follows the path is the handler's `rest` */
	enum fault_target target;
	handler handle; /* NULL: the open.api, which takes forms and knows its callers by signature, or a piece */
	enum door door;
} routes[] = {
	{"POST", "/v1/operations", false, TARGET_POST, do_operations},
	{"POST", "/v1/operations/lookup", false, TARGET_LOOKUP, do_lookup},
	{"GET", "/v1/operations/", true, TARGET_LOOKUP, do_lookup_one},
	{"GET", "/v1/changes", false, TARGET_CHANGES, do_changes},
	{"GET", "/v1/box", false, TARGET_BOX, do_box},
	{"POST", "/v1/people/lookup", false, TARGET_BOX, do_person},
	{"POST", OPEN_API_PATH, false, TARGET_POST, NULL},
	{"POST", "/v1/attachments", false, TARGET_ATTACHMENT, do_announce},
	{"HEAD", "/v1/attachments/", true, TARGET_ATTACHMENT, NULL},
	{"PATCH", "/v1/attachments/", true, TARGET_ATTACHMENT, NULL},
	{"POST", "/v1/enrol", false, TARGET_BOX, do_enrol, DOOR_OPEN},
	{"GET", "/v1/pending", false, TARGET_BOX, do_pending, DOOR_ACCOUNT},
	{"POST", "/v1/decisions", false, TARGET_BOX, do_decision, DOOR_ACCOUNT},
};

static const struct route *route_of(const char *method, const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		const struct route *r = &routes[i];

		if (!strcmp(r->method, method) &&
		    (r->prefix ? !strncmp(r->path, path, strlen(r->path)) : !strcmp(r->path, path)))
			return r;
	}
	return NULL;
}

/* --- one request --- */

static const char *head(struct MHD_Connection *c, const char *name)
{
	const char *value = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);

	return value ? value : "";
}

static bool has_token(struct server *s, struct MHD_Connection *c, struct pbox *box)
{
	static const char bearer[] = "Bearer ";
	const char *given = head(c, "Authorization");
	unsigned char hash[PSTORE_HASH];
	bool found = false;

	if (strncmp(given, bearer, sizeof(bearer) - 1))
		return false;
	given += sizeof(bearer) - 1;
	crypto_hash_sha256(hash, (const unsigned char *)given, strlen(given));
	return !pstore_box_by_token(s->office.store, hash, box, &found, NULL) && found;
}

static int read_body(struct server *s, struct MHD_Connection *c, struct call *call, cJSON **out)
{
	struct buf plain, *text = &call->body;
	struct err e = {0};
	int status = 0;

	buf_init(&plain, s->body_max);
	if (!call->too_large && !strcmp(head(c, "Content-Encoding"), "gzip")) {
		if (pack_open(&call->body, s->body_max, &plain, &e))
			status = e.code == ERR_TOO_LARGE ? 413 : 400;
		text = &plain;
	}
	if (call->too_large || text->len > s->body_max)
		status = 413;
	if (!status && json_parse(out, text->data ? text->data : "", text->len, s->body_max, &e))
		status = 400;
	buf_wipe_release(&plain);
	if (status == 413)
		return office_refusal(413, "too-large", "请求过大", &call->answer);
	return status ? office_refusal(400, "json", "请求不是有效的 JSON", &call->answer) : 0;
}

/* HEAD and PATCH of a content. */
static int handle_piece(struct server *s, const char *method, struct call *call)
{
	if (!call->allowed)
		return office_refusal(401, "token", "令牌无效", &call->answer);
	if (call->too_large)
		return office_refusal(413, "too-large", "请求过大", &call->answer);
	if (!strcmp(method, "HEAD"))
		return archive_offset(s->office.store, call->hash, &call->answer_offset, &call->answer);
	return archive_piece(s->office.store, call->hash, call->offset, call->body.data ? call->body.data : "",
			     call->body.len, &call->answer_offset, &call->answer);
}

static bool may_enter(struct server *s, struct MHD_Connection *c, enum door door, struct pbox *box)
{
	if (door == DOOR_ACCOUNT)
		return people_login(s->office.store, head(c, "Authorization"), box->label);
	return door == DOOR_OPEN || has_token(s, c, box);
}

static int handle(struct server *s, struct MHD_Connection *c, const char *method, const char *path,
		  struct call *call)
{
	const struct route *r = route_of(method, path);
	const char *rest = r && r->prefix ? path + strlen(r->path)
					  : MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "cursor");
	struct pbox box;
	cJSON *body = NULL;
	int status;

	if (!r)
		return office_refusal(404, "no-such-address", "没有这个地址", &call->answer);
	if (call->piece)
		return handle_piece(s, method, call);
	if (!r->handle)
		return s->open_api.apps ? open_api_door_call(&s->open_api, &call->body, &call->answer)
					: office_refusal(404, "no-such-address", "没有开通开放接口", &call->answer);
	if (!may_enter(s, c, r->door, &box))
		return office_refusal(401, r->door == DOOR_BOX ? "token" : "account",
				      r->door == DOOR_BOX ? "令牌无效" : "帐号或口令不对", &call->answer);
	status = !strcmp(method, "POST") ? read_body(s, c, call, &body) : 0;
	if (!status)
		status = r->handle(s, &box, rest ? rest : "", body, &call->answer);
	cJSON_Delete(body);
	return status;
}

static void wait_ms(struct server *s, int64_t ms)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	while (!s->stopping && pthread_cond_timedwait(&s->ending, &s->lock, &until) != ETIMEDOUT)
		;
}

/* The part of an answer that is sent before the line is cut. */
struct cut {
	struct buf data;
	uint64_t at;
};

static ssize_t give_cut(void *arg, uint64_t pos, char *to, size_t most)
{
	struct cut *cut = arg;
	size_t n;

	if (pos >= cut->at || pos >= cut->data.len)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	n = cut->at - pos < most ? (size_t)(cut->at - pos) : most;
	if (n > cut->data.len - pos)
		n = cut->data.len - pos;
	memcpy(to, cut->data.data + pos, n);
	return (ssize_t)n;
}

static void free_cut(void *arg)
{
	struct cut *cut = arg;

	buf_release(&cut->data);
	free(cut);
}

static struct MHD_Response *cut_response(struct call *call)
{
	struct cut *cut = calloc(1, sizeof(*cut));
	struct MHD_Response *r;

	if (!cut)
		return NULL;
	buf_init(&cut->data, ANSWER_MAX);
	buf_add(&cut->data, call->answer.data, call->answer.len);
	cut->at = (uint64_t)call->fault.arg;
	r = MHD_create_response_from_callback(cut->data.len, 4096, give_cut, cut, free_cut);
	if (!r)
		free_cut(cut);
	return r;
}

static void add_heads(struct MHD_Connection *c, struct call *call, struct MHD_Response *r, bool packed)
{
	char after[24];

	(void)c;
	MHD_add_response_header(r, "Content-Type",
				call->fault.kind == FAULT_PAGE ? "text/html" : "application/json");
	MHD_add_response_header(r, "Cache-Control", "no-store");
	if (packed)
		MHD_add_response_header(r, "Content-Encoding", "gzip");
	if (call->answer_offset >= 0) {
		text_format(after, sizeof(after), "%lld", (long long)call->answer_offset);
		MHD_add_response_header(r, "Upload-Offset", after);
	}
	if (call->status == 401)
		MHD_add_response_header(r, "WWW-Authenticate", "Bearer");
	if (call->fault.kind == FAULT_REDIRECT)
		MHD_add_response_header(r, "Location", LOGIN_URL);
	if (call->fault.kind == FAULT_STATUS && call->fault.arg) {
		text_format(after, sizeof(after), "%lld", (long long)call->fault.arg);
		MHD_add_response_header(r, "Retry-After", after);
	}
}

static enum MHD_Result answer(struct server *s, struct MHD_Connection *c, struct call *call)
{
	bool packed = call->answer.len > GZIP_FROM && call->fault.kind != FAULT_CUT_ANSWER &&
		      strstr(head(c, "Accept-Encoding"), "gzip") && pack(&call->answer);
	size_t n = call->answer.len;
	struct MHD_Response *r;
	enum MHD_Result done;
	char *data;

	s->bytes_out += n;
	if (call->fault.kind == FAULT_CUT_ANSWER) {
		r = cut_response(call);
	} else {
		data = n ? buf_detach(&call->answer) : calloc(1, 1);
		r = data ? MHD_create_response_from_buffer(n, data, MHD_RESPMEM_MUST_FREE) : NULL;
	}
	if (!r)
		return MHD_NO;
	add_heads(c, call, r, packed);
	done = MHD_queue_response(c, (unsigned)call->status, r);
	MHD_destroy_response(r);
	return done;
}

static void refuse_by_fault(struct call *call)
{
	call->status = call->fault.status;
	buf_reset(&call->answer);
	if (call->fault.kind == FAULT_PAGE)
		buf_adds(&call->answer, LOGIN_PAGE);
	else if (call->fault.kind == FAULT_FOREIGN)
		buf_adds(&call->answer, "{\"success\":true,\"data\":{\"total\":1}}");
	else
		office_refusal(call->status, "fault", "按测试要求", &call->answer);
}

/* Under the lock. */
static enum MHD_Result complete(struct server *s, struct MHD_Connection *c, const char *method,
				const char *path, struct call *call)
{
	s->requests++;
	s->bytes_in += call->body.len;
	if (fault_before(call->fault.kind))
		refuse_by_fault(call);
	else
		call->status = handle(s, c, method, path, call);
	if (call->fault.kind == FAULT_DELAY)
		wait_ms(s, call->fault.arg);
	if (call->fault.kind == FAULT_DROP || call->fault.kind == FAULT_CUT_REQUEST)
		return MHD_NO;
	if (call->status == 200)
		fault_spoil(&call->fault, &call->answer);
	return answer(s, c, call);
}

/* Which content, and whether this box may send it, before its bytes come. Under the lock. */
static void begin_piece(struct server *s, struct MHD_Connection *c, const struct route *r, const char *path,
			struct call *call)
{
	const char *at = head(c, "Upload-Offset");
	struct pbox box;

	call->piece = true;
	call->allowed = has_token(s, c, &box);
	if (!text_copy(call->hash, sizeof(call->hash), path + strlen(r->path)))
		call->hash[0] = '\0';
	call->offset = text_is_digits(at) && strlen(at) < 16 ? strtoll(at, NULL, 10) : -1;
}

static struct call *start_call(struct server *s, struct MHD_Connection *c, const char *method, const char *path)
{
	struct call *call = calloc(1, sizeof(*call));
	const struct route *r = route_of(method, path);

	if (!call)
		return NULL;
	call->routed = r != NULL;
	call->offset = call->answer_offset = -1;
	call->body_limit = s->body_max;
	buf_init(&call->body, s->body_max);
	buf_init(&call->answer, ANSWER_MAX);
	if (r) {
		pthread_mutex_lock(&s->lock);
		call->fault = faults_next(&s->faults, r->target);
		if (r->target == TARGET_ATTACHMENT && r->prefix)
			begin_piece(s, c, r, path, call);
		pthread_mutex_unlock(&s->lock);
	}
	return call;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *path, const char *method,
				  const char *version, const char *upload, size_t *upload_n, void **state)
{
	struct server *s = arg;
	struct call *call = *state;
	enum MHD_Result done;

	(void)version;
	if (!call) {
		*state = start_call(s, c, method, path);
		return *state ? MHD_YES : MHD_NO;
	}
	if (*upload_n) {
		if (call->fault.kind == FAULT_CUT_REQUEST &&
		    (int64_t)(call->body.len + *upload_n) > call->fault.arg) {
			buf_add(&call->body, upload, (size_t)call->fault.arg - call->body.len); /* so much came */
			return MHD_NO;
		}
		if (!call->too_large && buf_add(&call->body, upload, *upload_n))
			call->too_large =
				true; /* the rest is read and thrown away, so that the answer can be read */
		*upload_n = 0;
		return MHD_YES;
	}
	pthread_mutex_lock(&s->lock);
	done = complete(s, c, method, path, call);
	pthread_mutex_unlock(&s->lock);
	return done;
}

/* What came of a piece before the line was cut is not asked for again (R12). */
static void keep_piece(struct server *s, struct call *call)
{
	if (!call->allowed || call->too_large || !call->body.len)
		return;
	pthread_mutex_lock(&s->lock);
	s->bytes_in += call->body.len;
	archive_piece(s->office.store, call->hash, call->offset, call->body.data, call->body.len, &call->answer_offset,
		      &call->answer);
	pthread_mutex_unlock(&s->lock);
}

static void on_end(void *arg, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode how)
{
	struct call *call = *state;

	(void)c;
	if (!call)
		return;
	if (call->piece && !call->status && how != MHD_REQUEST_TERMINATED_COMPLETED_OK)
		keep_piece(arg, call);
	buf_wipe_release(&call->body);
	buf_wipe_release(&call->answer);
	free(call);
	*state = NULL;
}

/* --- starting --- */

static void no_log(void *arg, const char *fmt, va_list ap)
{
	(void)arg, (void)fmt, (void)ap; /* a client that breaks off is no news, and tests do it all day */
}

int server_init(struct server *s, struct pstore *store, struct err *e)
{
	*s = (struct server){.body_max = SERVER_BODY_MAX};
	s->office.store = store;
	open_api_door_init(&s->open_api, store);
	device_door_init(&s->devices, store, &s->lock);
	faults_init(&s->faults);
	if (pthread_mutex_init(&s->lock, NULL) || pthread_cond_init(&s->ending, NULL))
		return err_set(e, ERR_SYSTEM, "lock");
	return 0;
}

static int load(const char *path, char **out, struct err *e)
{
	struct buf b;
	int last;

	buf_init(&b, 65536);
	last = io_read_file(path, 65536, &b, e);
	if (!last && !(*out = buf_detach(&b)))
		last = err_set(e, ERR_MEMORY, "%s", path);
	buf_wipe_release(&b);
	return last;
}

/* TLS shakes hands in several writes: held back for the acknowledgement of the first they cost a round trip (P4). What is accepted
 * takes the setting from the socket that listens. */
static void send_at_once(struct MHD_Daemon *daemon)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_LISTEN_FD);
	int on = 1;

	if (info)
		setsockopt(info->listen_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

int server_start(struct server *s, const struct server_options *o, int *port, struct err *e)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)o->port)};
	const union MHD_DaemonInfo *info;

	if (inet_pton(AF_INET, o->listen, &at.sin_addr) != 1)
		return err_set(e, ERR_USAGE, "%s is no address", o->listen);
	if (load(o->key_file, &s->key, e) || load(o->certificate_file, &s->certificate, e))
		return -1;
	s->daemon = MHD_start_daemon(
		MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL | MHD_USE_TLS |
			MHD_USE_ERROR_LOG,
		(uint16_t)o->port, NULL, NULL, on_request, s, MHD_OPTION_EXTERNAL_LOGGER, no_log, NULL,
		MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at, MHD_OPTION_HTTPS_MEM_KEY, s->key,
		MHD_OPTION_HTTPS_MEM_CERT, s->certificate, MHD_OPTION_HTTPS_PRIORITIES,
		"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2", MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS,
		MHD_OPTION_NOTIFY_COMPLETED, on_end, s, MHD_OPTION_END);
	if (!s->daemon)
		return err_set(e, ERR_SYSTEM, "cannot listen on %s:%d", o->listen, o->port);
	send_at_once(s->daemon);
	info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
	*port = info ? info->port : o->port;
	return 0;
}

void server_stop(struct server *s)
{
	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	pthread_cond_broadcast(&s->ending);
	pthread_mutex_unlock(&s->lock);
	device_door_stop(&s->devices);
	if (s->daemon)
		MHD_stop_daemon(s->daemon);
	if (s->key)
		wipe(s->key, strlen(s->key));
	free(s->key);
	free(s->certificate);
	pthread_cond_destroy(&s->ending);
	pthread_mutex_destroy(&s->lock);
	*s = (struct server){0};
}
