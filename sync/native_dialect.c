/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The native dialect as the runner speaks it: native.h behind the functions of dialect.h. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sync/dialect.h"
#include "sync/native.h"

#define LOOK_ONE_BY_ONE 3 /* so few are asked for one by one */
#define PATH_BYTES 4096

static const char *text_of(const struct http_answer *a)
{
	return a->body.data ? a->body.data : "";
}

/* --- the line --- */

static int open_http(const struct dialect_at *at, struct http **out, struct err *e)
{
	char url[1024], token[513], ca[PATH_BYTES * 2];
	struct http_options o = {.base_url = url,
				 .token = token,
				 .ca_file = ca,
				 .go_on = at->go_on,
				 .go_on_arg = at->go_on_arg};
	int last = -1;

	if (!desk_setting_get(at->desk, "platform.url", url, sizeof(url), e) &&
	    !desk_setting_get(at->desk, "platform.token", token, sizeof(token), e) &&
	    !dialect_path(at, "platform.ca_file", ca, sizeof(ca), e))
		last = http_open(out, &o, e);
	wipe(token, sizeof(token));
	return last;
}

static void close_link(struct dialect_link *link)
{
	struct native_self *n = link->self;

	if (n)
		http_close(n->http);
	free(n);
	*link = (struct dialect_link){.dialect = link->dialect};
}

static int open_link(const struct dialect_at *at, struct dialect_link *out, struct err *e)
{
	struct native_self *n = calloc(1, sizeof(*n));

	if (!n)
		return err_set(e, ERR_MEMORY, "native");
	*out = (struct dialect_link){.dialect = &dialect_native, .self = n};
	if (open_http(at, &n->http, e)) {
		close_link(out);
		return -1;
	}
	out->line = http_transport(n->http);
	return 0;
}

/* --- sending --- */

static int path(struct request *out, const char *method, const char *to, struct err *e)
{
	out->method = method;
	buf_reset(&out->path);
	return buf_adds(&out->path, to) ? err_set(e, ERR_MEMORY, "path") : 0;
}

static int request(void *self, const struct box *box, const struct outgoing *items, size_t n,
		   struct request *out, struct err *e)
{
	(void)self;
	return path(out, "POST", NATIVE_OPERATIONS, e) || native_request(box, items, n, &out->body, e) ? -1
												       : 0;
}

static enum fate fate(void *self, const struct http_answer *a, enum err_code *trouble)
{
	(void)self;
	return http_fate(a, trouble);
}

static const char **ops_of(const struct outgoing *items, size_t n)
{
	const char **ops = calloc(n + 1, sizeof(*ops));

	for (size_t i = 0; ops && i < n; i++)
		ops[i] = items[i].op;
	return ops;
}

static int results(void *self, const struct outgoing *items, size_t n, const struct http_answer *a,
		   struct answers *out, struct err *e)
{
	const char **ops = ops_of(items, n);
	int last = ops ? native_parse_results(out, ops, n, text_of(a), a->body.len, e)
		       : err_set(e, ERR_MEMORY, "answers");

	(void)self;
	free(ops);
	return last;
}

static bool refusal(void *self, const struct http_answer *a, char *code, size_t code_size, char *reason,
		    size_t reason_size)
{
	(void)self;
	return native_parse_refusal(text_of(a), a->body.len, code, code_size, reason, reason_size);
}

/* --- looking up --- */

static size_t look_portion(void *self, const struct outgoing *items, size_t n)
{
	const struct native_self *me = self;

	(void)items;
	return n <= LOOK_ONE_BY_ONE || (me && me->no_lookup) ? 1 : n;
}

static int look_request(void *self, const struct outgoing *items, size_t n, struct request *out,
			struct err *e)
{
	const char **ops;
	int last;

	(void)self;
	if (n == 1) {
		out->method = "GET";
		buf_reset(&out->path);
		return buf_addf(&out->path, NATIVE_OPERATIONS "/%s", items[0].op)
			       ? err_set(e, ERR_MEMORY, "path")
			       : 0;
	}
	ops = ops_of(items, n);
	if (!ops || path(out, "POST", NATIVE_LOOKUP, e))
		last = err_set(e, ERR_MEMORY, "look-up");
	else
		last = native_lookup_request(ops, n, &out->body, e);
	free(ops);
	return last;
}

static enum look look_result(const struct outgoing *item, const struct http_answer *a, struct answers *out,
			     struct err *e)
{
	enum err_code trouble;
	enum fate fate = http_fate(a, &trouble);
	const char *op = item->op;

	if (fate == FATE_READ)
		return native_parse_result(out, item->op, text_of(a), a->body.len, e) ? LOOK_FAILED
										      : LOOK_READ;
	if (fate != FATE_ABSENT) {
		err_set(e, trouble ? trouble : ERR_NET_ANSWER, "HTTP %d", a->status);
		return LOOK_FAILED;
	}
	if (answers_for(out, &op, 1, e))
		return LOOK_FAILED;
	out->item[0].kind = ANSWER_NOT_SENT;
	out->absent[0] = true;
	return LOOK_READ;
}

static enum look look_results(void *self, const struct outgoing *items, size_t n, const struct http_answer *a,
			      struct answers *out, struct err *e)
{
	struct native_self *me = self;
	enum err_code trouble;
	enum fate fate = http_fate(a, &trouble);

	if (n == 1)
		return look_result(items, a, out, e);
	if (fate == FATE_ABSENT || fate == FATE_SPLIT || a->status == 405) {
		me->no_lookup = true;
		return LOOK_OTHERWISE;
	}
	if (fate == FATE_READ)
		return results(self, items, n, a, out, e) ? LOOK_FAILED : LOOK_READ;
	err_set(e, trouble ? trouble : ERR_NET_ANSWER, "HTTP %d", a->status);
	return LOOK_FAILED;
}

/* --- box and changes --- */

static int box_request(void *self, struct request *out, struct err *e)
{
	(void)self;
	return path(out, "GET", NATIVE_BOX, e);
}

static int box_results(void *self, const struct http_answer *a, struct far_box *out, struct err *e)
{
	(void)self;
	return native_parse_box(out, text_of(a), a->body.len, e);
}

static int changes_request(void *self, const char *cursor, struct request *out, struct err *e)
{
	(void)self;
	out->method = "GET";
	return native_changes_path(cursor, &out->path)
		       ? err_set(e, ERR_INTERNAL, "cursor of %zu bytes", strlen(cursor))
		       : 0;
}

static int changes_results(void *self, const struct http_answer *a, struct changes *out, struct err *e)
{
	(void)self;
	return native_parse_changes(out, text_of(a), a->body.len, e);
}

static int ask_changes(void *self, const char *cursor, struct request *q, struct err *e)
{
	(void)self;
	return native_ask_changes(cursor, &q->body, e);
}

static int changes_inside(void *self, const struct http_answer *a, struct changes *out, bool *there, struct err *e)
{
	(void)self;
	return native_parse_inside(out, text_of(a), a->body.len, there, e);
}

/* --- attachments --- */

static int announce_request(void *self, const struct outgoing_attachment *items, size_t n, struct request *out,
			    struct err *e)
{
	(void)self;
	return path(out, "POST", NATIVE_ATTACHMENTS, e) || native_announcement(items, n, &out->body, e) ? -1 : 0;
}

static int announce_results(void *self, const struct outgoing_attachment *items, size_t n,
			    const struct http_answer *a, struct far_attachment *out, struct err *e)
{
	(void)self;
	return native_parse_announced(items, n, text_of(a), a->body.len, out, e);
}

static int attachment_path(const char *method, const struct outgoing_attachment *item, struct request *out,
			   struct err *e)
{
	out->method = method;
	buf_reset(&out->path);
	return buf_addf(&out->path, NATIVE_ATTACHMENTS "/%s", item->hash) ? err_set(e, ERR_MEMORY, "path") : 0;
}

static int offset_request(void *self, const struct outgoing_attachment *item, struct request *out,
			  struct err *e)
{
	(void)self;
	return attachment_path("HEAD", item, out, e);
}

static int piece_request(void *self, const struct outgoing_attachment *item, const char *data, size_t n,
			 int64_t offset, struct request *out, struct err *e)
{
	(void)self;
	out->offset = offset;
	buf_reset(&out->body);
	if (attachment_path("PATCH", item, out, e))
		return -1;
	return buf_add(&out->body, data, n) ? err_set(e, ERR_MEMORY, "piece of %zu bytes", n) : 0;
}

/* 404: it was never told of it. 409: the piece belongs elsewhere; where, says the head. 422: what came was not that
 * content; it begins anew. To HEAD the head answers alone. */
static int piece_results(void *self, const struct outgoing_attachment *item, const struct http_answer *a,
			 struct far_attachment *out, struct err *e)
{
	enum err_code trouble;
	enum fate fate;

	(void)self;
	*out = (struct far_attachment){.known = a->status != 404, .mismatched = a->status == 422};
	if (a->status == 404 || a->status == 422)
		return 0;
	if ((a->status == 409 || (a->status == 200 && !a->body.len)) && a->offset >= 0) {
		out->offset = a->offset <= item->bytes ? a->offset : 0;
		return 0;
	}
	fate = http_fate(a, &trouble);
	if (fate == FATE_READ)
		return native_parse_piece(item, text_of(a), a->body.len, out, e);
	return err_set(e, trouble ? trouble : ERR_NET_ANSWER, "HTTP %d", a->status);
}

const struct dialect dialect_native = {
	.name = "native",
	.max_items = NATIVE_BATCH_MAX,
	.max_bytes = NATIVE_BATCH_BYTES,
	.open = open_link,
	.close = close_link,
	.request = request,
	.fate = fate,
	.results = results,
	.refusal = refusal,
	.look_portion = look_portion,
	.look_request = look_request,
	.look_results = look_results,
	.box_request = box_request,
	.box_results = box_results,
	.changes_request = changes_request,
	.changes_results = changes_results,
	.ask_changes = ask_changes,
	.changes_inside = changes_inside,
	.announce_request = announce_request,
	.announce_results = announce_results,
	.offset_request = offset_request,
	.piece_request = piece_request,
	.piece_results = piece_results,
};
