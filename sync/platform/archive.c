/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/archive.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/json.h"
#include "base/text.h"
#include "platform/office.h"

static bool is_hash(const char *s)
{
	return s && strlen(s) == 64 && strspn(s, "0123456789abcdef") == 64;
}

static cJSON *state_of(const struct pattachment *a)
{
	cJSON *r = cJSON_CreateObject();

	cJSON_AddStringToObject(r, "sha256", a->sha256);
	cJSON_AddNumberToObject(r, "offset", (double)a->offset);
	cJSON_AddBoolToObject(r, "complete", a->complete);
	return r;
}

static int write_out(cJSON *from, int status, struct buf *out)
{
	char *text = json_text(from);

	cJSON_Delete(from);
	buf_reset(out);
	if (text)
		buf_adds(out, text);
	cJSON_free(text);
	return text && !out->failed ? status : office_refusal(500, "memory", "平台内部错误", out);
}

/* --- announcing --- */

static bool well_formed(const cJSON *one)
{
	const char *mime = json_string(one, "mime"), *role = json_string(one, "role"),
		   *person = json_string(one, "person");
	int64_t bytes = json_int(one, "bytes", -1);

	return is_hash(json_string(one, "sha256")) && bytes > 0 && bytes <= ARCHIVE_MOST && mime && *mime &&
	       role && *role && (!person || uid_valid(person));
}

static int known_person(struct pstore *s, const char *person, bool *known, struct err *e)
{
	struct precord r = {0};
	int last;

	*known = true;
	if (!person)
		return 0;
	last = pstore_record_get(s, person, &r, known, e);
	precord_release(&r);
	return last;
}

/* A content whose person is not here yet is passed over: it is not named in the answer, and announced again
 * later. */
static int take_announcement(struct pstore *s, const struct pbox *box, const cJSON *one, cJSON *answers,
			     struct err *e)
{
	struct pattachment a = {.bytes = json_int(one, "bytes", 0)}, there;
	const char *person = json_string(one, "person");
	bool known, found;

	if (known_person(s, person, &known, e))
		return -1;
	if (!known)
		return 0;
	text_copy(a.sha256, sizeof(a.sha256), json_string(one, "sha256"));
	text_copy(a.mime, sizeof(a.mime), json_string(one, "mime"));
	if (pstore_attachment_get(s, a.sha256, &there, &found, e))
		return -1;
	if (!found && pstore_attachment_put(s, &a, e))
		return -1;
	if (pstore_attachment_link(s, box->id, a.sha256, person ? person : "", json_string(one, "role"), e))
		return -1;
	cJSON_AddItemToArray(answers, state_of(found ? &there : &a));
	return 0;
}

static int announce_all(struct pstore *s, const struct pbox *box, const cJSON *list, cJSON *answers,
			struct err *e)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, list)
	{
		if (take_announcement(s, box, one, answers, e))
			return -1;
	}
	return 0;
}

int archive_announce(struct pstore *s, const struct pbox *box, const cJSON *request, struct buf *out)
{
	const cJSON *list = json_get(request, "attachments"), *one;
	int n = cJSON_GetArraySize(list), last;
	struct err e = {0};
	cJSON *answer;

	if (!cJSON_IsArray(list) || !n || n > ARCHIVE_AT_ONCE)
		return office_refusal(422, "attachments", "附件条数应为 1 至 200", out);
	cJSON_ArrayForEach(one, list)
	{
		if (!well_formed(one))
			return office_refusal(422, "attachments", "附件缺少摘要、大小、类型或用途", out);
	}
	if (pstore_begin(s, &e))
		return office_failed(&e, out);
	answer = cJSON_CreateObject();
	last = announce_all(s, box, list, cJSON_AddArrayToObject(answer, "attachments"), &e);
	if (pstore_end(s, !last, last ? NULL : &e) || last) {
		cJSON_Delete(answer);
		return office_failed(&e, out);
	}
	return write_out(answer, 200, out);
}

/* --- pieces --- */

int archive_offset(struct pstore *s, const char *sha256, int64_t *offset, struct buf *out)
{
	struct pattachment a;
	struct err e = {0};
	bool found = false;

	if (is_hash(sha256) && pstore_attachment_get(s, sha256, &a, &found, &e))
		return office_failed(&e, out);
	if (!found)
		return office_refusal(404, "absent", "没有登记过这个附件", out);
	*offset = a.offset;
	buf_reset(out);
	return 200;
}

/* Whether the whole hashes to its name. */
static int is_whole(struct pstore *s, const char *sha256, bool *yes, struct err *e)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char hex[65];
	struct buf content;
	int last;

	buf_init(&content, ARCHIVE_MOST);
	last = pstore_attachment_content(s, sha256, &content, e);
	if (!last) {
		crypto_hash_sha256(hash, (const unsigned char *)(content.data ? content.data : ""),
				   content.len);
		sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
		*yes = !strcmp(hex, sha256);
	}
	buf_wipe_release(&content);
	return last;
}

/* *wrong: it came to its length and is another content. */
static int take_piece(struct pstore *s, struct pattachment *a, const void *data, size_t n, bool *wrong,
		      struct err *e)
{
	bool whole = false;

	*wrong = false;
	if (n && pstore_attachment_part(s, a->sha256, a->offset, data, n, e))
		return -1;
	a->offset += (int64_t)n;
	if (a->offset < a->bytes || a->complete)
		return 0;
	if (is_whole(s, a->sha256, &whole, e))
		return -1;
	a->complete = whole;
	*wrong = !whole;
	return whole ? pstore_attachment_done(s, a->sha256, e) : pstore_attachment_drop(s, a->sha256, e);
}

int archive_piece(struct pstore *s, const char *sha256, int64_t at, const void *data, size_t n,
		  int64_t *offset, struct buf *out)
{
	struct pattachment a;
	struct err e = {0};
	bool found = false, wrong = false;
	int last;

	if (is_hash(sha256) && pstore_attachment_get(s, sha256, &a, &found, &e))
		return office_failed(&e, out);
	if (!found)
		return office_refusal(404, "absent", "没有登记过这个附件", out);
	*offset = a.offset;
	if (at != a.offset && !a.complete)
		return office_refusal(409, "offset", "内容的位置不对", out);
	if (!a.complete && (int64_t)n > a.bytes - a.offset)
		return office_refusal(422, "too-long", "内容比登记的长", out);
	if (pstore_begin(s, &e))
		return office_failed(&e, out);
	last = a.complete ? 0 : take_piece(s, &a, data, n, &wrong, &e);
	if (pstore_end(s, !last, last ? NULL : &e) || last)
		return office_failed(&e, out);
	*offset = wrong ? 0 : a.offset;
	return wrong ? office_refusal(422, "hash", "内容与摘要不一致，请重新上传", out)
		     : write_out(state_of(&a), 200, out);
}
