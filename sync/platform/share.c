/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/share.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/json.h"
#include "base/text.h"

#define PERSONS_MOST 32 /* boxes that know one document */
#define WORKS_MOST 64	/* times that one person was on a site of one box */
#define BODY_MOST (1u << 20)

/* What the desk asks about: the number in capitals, as it stands on the wire. */
static void hash_of(const char *number, char hex[SHARE_HASH])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)number, strlen(number));
	sodium_bin2hex(hex, SHARE_HASH, hash, sizeof(hash));
}

static cJSON *body_of(const struct precord *r)
{
	cJSON *body = NULL;

	return r->body && !json_parse(&body, r->body, strlen(r->body), BODY_MOST, NULL) ? body : NULL;
}

static int note_document(struct office *o, const struct precord *r, struct err *e)
{
	cJSON *body = body_of(r);
	const char *number = body ? json_string(body, "idCardNumber") : NULL;
	char hex[SHARE_HASH];
	int last = 0;

	if (number && *number) {
		hash_of(number, hex);
		last = pstore_document_put(o->store, r->uid, hex, e);
	}
	cJSON_Delete(body);
	return last;
}

/* --- telling the boxes --- */

static int tell(struct office *o, int64_t box, const char *person, const char *work, struct err *e)
{
	struct pchange c = {.box = box, .at_ms = clock_now_ms(), .kind = SHARE_HISTORY};

	uid_new(c.uid);
	text_copy(c.subject, sizeof(c.subject), person);
	text_copy(c.by, sizeof(c.by), "平台");
	return pstore_change_add(o->store, &c, e) || pstore_change_work_add(o->store, c.uid, work, e) ? -1 : 0;
}

static int tell_others(struct office *o, const struct precord *r, struct err *e)
{
	struct pperson known[PERSONS_MOST];
	size_t n = 0;

	if (pstore_same_document(o->store, r->person, known, PERSONS_MOST, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (known[i].box != r->box && tell(o, known[i].box, known[i].uid, r->uid, e))
			return -1;
	}
	return 0;
}

/* One work of each other box's record of the same person: f(work). */
static int tell_newcomer(struct office *o, const struct precord *r, struct err *e)
{
	char work[WORKS_MOST][UID_TEXT];
	struct pperson known[PERSONS_MOST];
	size_t n = 0, works = 0;

	if (pstore_same_document(o->store, r->uid, known, PERSONS_MOST, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (known[i].box == r->box)
			continue;
		if (pstore_works(o->store, known[i].uid, work, WORKS_MOST, &works, e))
			return -1;
		for (size_t k = 0; k < works; k++)
			if (tell(o, r->box, r->uid, work[k], e))
				return -1;
	}
	return 0;
}

static bool went_in_or_out(const struct precord *r)
{
	return r->entered_on[0] && (!strcmp(r->state, "on_site") || !strcmp(r->state, "exited"));
}

int share_put(struct office *o, const struct precord *r, struct err *e)
{
	bool person = !strcmp(r->entity, "person");

	if (person && note_document(o, r, e))
		return -1;
	if (!o->share)
		return 0;
	if (person && r->applied == 1)
		return tell_newcomer(o, r, e);
	return !strcmp(r->entity, "assignment") && went_in_or_out(r) ? tell_others(o, r, e) : 0;
}

/* --- what there is to tell --- */

static void copy_text(cJSON *to, const char *key, const cJSON *from, const char *wire)
{
	const char *text = from ? json_string(from, wire) : NULL;

	if (text && *text)
		cJSON_AddStringToObject(to, key, text);
}

/* A word out of the body of another record; nothing where that is not there any more. */
static int copy_from(struct office *o, cJSON *to, const char *key, const char *uid, const char *wire, struct err *e)
{
	struct precord r = {0};
	cJSON *body;
	bool found = false;

	if (*uid && pstore_record_get(o->store, uid, &r, &found, e))
		return -1;
	body = found ? body_of(&r) : NULL;
	copy_text(to, key, body, wire);
	cJSON_Delete(body);
	precord_release(&r);
	return 0;
}

static int contractor(struct office *o, cJSON *to, const struct precord *assignment, struct err *e)
{
	struct precord employment = {0};
	bool found = false;
	int last = 0;

	if (assignment->parent[0])
		last = pstore_record_get(o->store, assignment->parent, &employment, &found, e);
	if (!last && found)
		last = copy_from(o, to, "contractor", employment.parent, "corpName", e);
	precord_release(&employment);
	return last;
}

static int work_of(struct office *o, const struct precord *r, cJSON *to, struct err *e)
{
	char project[PSTORE_NAME];
	cJSON *body = body_of(r);
	const char *team = body ? json_string(body, "team") : NULL;
	int last = pstore_box_name(o->store, r->box, project, sizeof(project), e);

	cJSON_AddStringToObject(to, "uid", r->uid);
	cJSON_AddStringToObject(to, "projectName", project);
	cJSON_AddStringToObject(to, "status", r->state);
	copy_text(to, "workType", body, "workType");
	if (r->entered_on[0])
		cJSON_AddStringToObject(to, "enteredOn", r->entered_on);
	if (r->exited_on[0])
		cJSON_AddStringToObject(to, "exitedOn", r->exited_on);
	if (!last)
		last = contractor(o, to, r, e);
	if (!last && team)
		last = copy_from(o, to, "team", team, "teamName", e);
	cJSON_Delete(body);
	return last;
}

static int work(struct office *o, const char *uid, cJSON **out, struct err *e)
{
	struct precord r = {0};
	bool found;
	int last = pstore_record_get(o->store, uid, &r, &found, e);

	*out = NULL;
	if (!last && found) {
		*out = cJSON_CreateObject();
		last = work_of(o, &r, *out, e);
	}
	precord_release(&r);
	if (last) {
		cJSON_Delete(*out);
		*out = NULL;
	}
	return last;
}

int share_add_work(struct office *o, const struct pchange *c, cJSON *to, struct err *e)
{
	char uid[UID_TEXT];
	cJSON *one;

	if (strcmp(c->kind, SHARE_HISTORY))
		return 0;
	if (pstore_change_work(o->store, c->uid, uid, e) || work(o, uid, &one, e))
		return -1;
	if (one)
		cJSON_AddItemToObject(to, "work", one);
	return 0;
}

/* --- asked about --- */

/* The last word that any other box had of the person, without that box's uid. */
static int add_person(struct office *o, const char *uid, cJSON *answer, struct err *e)
{
	struct precord r = {0};
	cJSON *body;
	bool found;
	int last = pstore_record_get(o->store, uid, &r, &found, e);

	body = !last && found ? body_of(&r) : NULL;
	if (body) {
		cJSON_DeleteItemFromObjectCaseSensitive(body, "uid");
		cJSON_AddItemToObject(answer, "person", body);
	}
	precord_release(&r);
	return last;
}

static int add_works(struct office *o, const char *person, cJSON *list, struct err *e)
{
	char uid[WORKS_MOST][UID_TEXT];
	size_t n = 0;
	cJSON *one;

	if (pstore_works(o->store, person, uid, WORKS_MOST, &n, e))
		return -1;
	for (size_t i = 0; i < n && cJSON_GetArraySize(list) < WORKS_MOST; i++) {
		if (work(o, uid[i], &one, e))
			return -1;
		if (one)
			cJSON_AddItemToArray(list, one);
	}
	return 0;
}

static int look_up(struct office *o, const struct pbox *box, const char *hex, cJSON *answer, struct err *e)
{
	struct pperson known[PERSONS_MOST];
	cJSON *history;
	size_t n = 0;
	bool any = false;

	if (pstore_with_document(o->store, hex, known, PERSONS_MOST, &n, e))
		return -1;
	history = cJSON_CreateArray();
	cJSON_AddItemToObject(answer, "history", history);
	for (size_t i = 0; i < n; i++) {
		if (known[i].box == box->id)
			continue;
		if ((!any && add_person(o, known[i].uid, answer, e)) || add_works(o, known[i].uid, history, e))
			return -1;
		any = true;
	}
	cJSON_AddBoolToObject(answer, "known", any);
	return 0;
}

int share_look_up(struct office *o, const struct pbox *box, const cJSON *request, struct buf *out)
{
	const char *hex = json_string(request, "document");
	struct err e = {0};
	cJSON *answer;
	char *text;

	if (!o->share)
		return office_refusal(403, "not-shared", "本平台不在各项目之间共享人员信息", out);
	if (!hex || strlen(hex) != SHARE_HASH - 1 || strspn(hex, "0123456789abcdef") != SHARE_HASH - 1)
		return office_refusal(422, "document", "缺少证件号码的摘要", out);
	answer = cJSON_CreateObject();
	if (look_up(o, box, hex, answer, &e)) {
		cJSON_Delete(answer);
		return office_failed(&e, out);
	}
	text = json_text(answer);
	cJSON_Delete(answer);
	buf_reset(out);
	if (text)
		buf_adds(out, text);
	if (text)
		wipe(text, strlen(text));
	free(text);
	return text && !out->failed ? 200 : office_refusal(500, "memory", "平台内部错误", out);
}
