/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/nearby.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "base/json.h"
#include "base/text.h"
#include "sync/native.h"

#define CHANGES "/v1/changes"
#define BODY_MOST (4u << 20)

static void file_of(const struct nearby *n, char out[96])
{
	text_format(out, 96, "%s/office.db", n->dir);
}

void nearby_reopen(struct nearby *n)
{
	struct err e = {0};
	char path[96];

	file_of(n, path);
	if (pstore_open(&n->office.store, path, &e))
		fail_msg("office: %s", e.detail);
}

void nearby_open(struct nearby *n)
{
	*n = (struct nearby){.dir = "/tmp/shiming-nearby-XXXXXX"};
	assert_non_null(mkdtemp(n->dir));
	nearby_reopen(n);
}

void nearby_close(struct nearby *n)
{
	char command[100];

	pstore_close(n->office.store);
	text_format(command, sizeof(command), "rm -rf '%s'", n->dir);
	assert_int_equal(system(command), 0);
}

void nearby_box(struct nearby *n, const char *label, struct pbox *out)
{
	unsigned char hash[PSTORE_HASH];
	struct err e = {0};
	bool found;

	crypto_hash_sha256(hash, (const unsigned char *)label, strlen(label));
	if (pstore_box_by_token(n->office.store, hash, out, &found, &e) ||
	    (!found && (pstore_token_put(n->office.store, label, hash, &e) ||
			pstore_box_by_token(n->office.store, hash, out, &found, &e))))
		fail_msg("box %s: %s", label, e.detail);
	assert_true(found);
}

void nearby_status(struct nearby *n, const char *label, const char *op, char out[16])
{
	struct poperation known;
	struct err e = {0};
	struct pbox box;
	bool found;

	nearby_box(n, label, &box);
	if (pstore_operation_get(n->office.store, box.id, op, &known, &found, &e))
		fail_msg("%s", e.detail);
	text_copy(out, 16, found ? known.status : "");
}

static int serve(struct nearby *n, struct pbox *box, const struct http_request *q, const cJSON *body,
		 struct buf *out)
{
	if (!strcmp(q->path, NATIVE_BOX))
		return office_box(box, out);
	if (!strcmp(q->path, NATIVE_LOOKUP))
		return office_lookup(&n->office, box, body, out);
	if (!strcmp(q->path, NATIVE_OPERATIONS))
		return office_operations(&n->office, box, body, out);
	if (!strncmp(q->path, NATIVE_OPERATIONS "/", strlen(NATIVE_OPERATIONS) + 1))
		return office_lookup_one(&n->office, box, q->path + strlen(NATIVE_OPERATIONS) + 1, out);
	if (!strncmp(q->path, CHANGES, strlen(CHANGES))) {
		const char *cursor = strstr(q->path, "cursor=");

		return office_changes(&n->office, box, cursor ? cursor + strlen("cursor=") : "", out);
	}
	return office_refusal(404, "no-such-address", "没有这个地址", out);
}

static void act(struct nearby_line *line, const struct http_request *q, struct http_answer *a)
{
	cJSON *body = NULL;
	struct pbox box;

	nearby_box(line->at, line->label, &box);
	if (q->body)
		assert_int_equal(json_parse(&body, q->body, q->body_bytes, BODY_MOST, NULL), 0);
	buf_reset(&a->body);
	a->status = serve(line->at, &box, q, body, &a->body);
	cJSON_Delete(body);
	text_copy(a->content_type, sizeof(a->content_type), "application/json");
	line->at->requests++;
	line->at->bytes += (int64_t)(q->body_bytes + a->body.len);
}

static int lost(struct http_answer *a, struct err *e)
{
	a->status = 0;
	buf_reset(&a->body);
	return err_set(e, ERR_NET_OFFLINE, "cut");
}

static int call(void *self, const struct http_request *q, struct http_answer *a, struct err *e)
{
	struct nearby_line *line = self;
	char fate = line->fate && *line->fate ? *line->fate++ : '.';

	if (fate == '!')
		_exit(NEARBY_DEAD);
	a->may_have_left = true;
	if (fate == '<') /* whoever sent it cannot know */
		return lost(a, e);
	act(line, q, a);
	if (fate == '*')
		_exit(NEARBY_DEAD);
	return fate == '>' ? lost(a, e) : 0;
}

struct transport nearby_transport(struct nearby_line *line)
{
	return (struct transport){.self = line, .call = call};
}
