/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/gateway.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/attendance.h"
#include "device_rows.h"
#include "folk.h"

#define RESIDENT "01" /* the document type that cards of this protocol are */
#define JPEG_LIMIT 51200 /* of a photograph handed to a device: as of one that comes from it */
#define AHEAD_MS (10 * 60 * 1000)

/* --- logging in -------------------------------------------------------------------------------------- */

/* The region's own rules say whether devices come here at all. */
static int served(struct desk *d, int64_t project, struct err *e)
{
	char why[200];

	if (d->project.id != project && desk_load_project(d, project, e))
		return -1;
	return desk_devices_served(d, why, sizeof(why)) ? 0 : err_set(e, ERR_DEVICE_DIRECT, NULL);
}

int desk_gateway_admit(struct desk *d, const char *maker, const char *serial, struct device_caller *out, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_device r;

	if (desk_may(d, ROLE_RUNNER, true, e))
		return -1;
	if (db_device_by_serial(d->store, serial, &r, &own))
		return own.code == ERR_NO_SUCH ? err_set(e, ERR_DEVICE_UNKNOWN, NULL) : err_set(e, own.code, "%s", own.detail);
	if (!r.allowed || (r.maker[0] && strcmp(r.maker, maker)))
		return err_set(e, ERR_DEVICE_UNKNOWN, NULL);
	if (served(d, r.project, e))
		return -1;
	*out = (struct device_caller){.id = r.id, .project = r.project};
	text_copy(out->serial, sizeof(out->serial), r.serial);
	return 0;
}

int desk_gateway_heard(struct desk *d, const struct device_heard *heard, size_t n, struct err *e)
{
	int rc = 0;

	if (desk_may(d, ROLE_RUNNER, true, e) || store_begin(d->store, e))
		return -1;
	for (size_t i = 0; !rc && i < n; i++)
		rc = db_device_heard(d->store, heard[i].id, heard[i].at_ms, e);
	return store_end(d->store, rc, e);
}

static int may(struct desk *d, const struct device_caller *c, struct err *e)
{
	if (desk_may_in_project(d, ROLE_RUNNER, e))
		return -1;
	return d->project.id == c->project ? 0 : err_set(e, ERR_INTERNAL, "another project's device");
}

/* --- the list ---------------------------------------------------------------------------------------- */

#define PAGE 64

static void fill_who(const struct db_on_site *p, const struct db_document *doc, struct gateway_person *out)
{
	*out = (struct gateway_person){.worker = (uint32_t)p->person,
				       .photo_bytes = p->photo_bytes > 0 && p->photo_bytes <= JPEG_LIMIT ? (uint32_t)p->photo_bytes : 0};
	text_copy(out->name, sizeof(out->name), p->name);
	text_copy(out->number, sizeof(out->number), doc->number);
}

/* Only identity cards: the protocol has 18 places and no type for a document. */
static int add_person(struct desk *d, const struct db_on_site *p, struct gateway_person *rows, size_t *n, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_document doc;

	if (db_document_current(d->store, p->person, &doc, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	if (!strcmp(doc.type, RESIDENT) && p->person <= UINT32_MAX)
		fill_who(p, &doc, &rows[(*n)++]);
	wipe(&doc, sizeof(doc));
	return 0;
}

static int fill_list(struct desk *d, struct gateway_person *rows, size_t most, size_t *n, struct err *e)
{
	struct db_on_site_query q = {.project = d->project.id, .view = ROSTER_ON_SITE, .scope = SCOPE_PROJECT};
	struct db_on_site *page = calloc(PAGE, sizeof(*page));
	char key[sizeof(page->sort_key)] = "";
	size_t got = PAGE;
	int rc = page ? 0 : err_set(e, ERR_MEMORY, "list");

	while (!rc && got == PAGE && *n < most) {
		q.after_key = key;
		rc = db_on_site(d->store, &q, page, PAGE, &got, e);
		for (size_t i = 0; !rc && i < got && *n < most; i++)
			rc = add_person(d, &page[i], rows, n, e);
		if (!rc && got) {
			q.after_person = page[got - 1].person;
			text_copy(key, sizeof(key), page[got - 1].sort_key);
		}
	}
	free(page);
	return rc;
}

/* Who is off the list has been told to the device with the list it gets now. */
static int told(struct desk *d, const struct device_caller *c, struct err *e)
{
	struct db_push page[PAGE];
	size_t got = PAGE;

	while (got == PAGE) {
		if (db_push_leftover(d->store, c->id, c->project, false, 0, page, PAGE, &got, e))
			return -1;
		for (size_t i = 0; i < got; i++) {
			page[i].at_ms = clock_now_ms();
			if (!push_move(page[i].state, EVENT_PUSH_WITHDRAW, &page[i].state))
				return err_set(e, ERR_INTERNAL, "push");
			page[i].why = PUSH_WHY_NONE;
			if (db_push_save(d->store, &page[i], e))
				return -1;
		}
	}
	return 0;
}

static int tell(struct desk *d, const struct device_caller *c, struct err *e)
{
	struct db_push one;
	size_t any;

	if (db_push_leftover(d->store, c->id, c->project, false, 0, &one, 1, &any, e))
		return -1;
	if (!any)
		return 0;
	return store_begin(d->store, e) ? -1 : store_end(d->store, told(d, c, e), e);
}

int desk_gateway_list(struct desk *d, const struct device_caller *c, size_t most, struct gateway_person **rows, size_t *n, struct err *e)
{
	struct gateway_person *made;
	int64_t there;

	*rows = NULL;
	*n = 0;
	if (may(d, c, e) || db_tally(d->store, d->project.id, ROSTER_ON_SITE, SCOPE_PROJECT, 0, &there, e))
		return -1;
	if ((uint64_t)there < most)
		most = (size_t)there;
	made = calloc(most + 1, sizeof(*made));
	if (!made)
		return err_set(e, ERR_MEMORY, "list");
	if (fill_list(d, made, most, n, e) || tell(d, c, e)) {
		wipe(made, (most + 1) * sizeof(*made));
		free(made);
		return -1;
	}
	*rows = made;
	return 0;
}

/* --- features ---------------------------------------------------------------------------------------- */

static int on_the_list(struct desk *d, const struct device_caller *c, const char *number, struct db_on_site *out, struct err *e)
{
	int64_t person;

	if (db_person_by_document(d->store, RESIDENT, number, &person, e))
		return -1;
	return person ? db_on_site_get(d->store, d->project.id, c->id, person, out, e) : err_set(e, ERR_NO_SUCH, "on this device's list");
}

/* Only what is done with is on file: whoever is handed out now has waited since. */
static int hand_out(struct desk *d, const struct db_on_site *p, const struct device_caller *c, enum push_why why, struct err *e)
{
	enum event event = why ? EVENT_PUSH_FAIL : EVENT_PUSH_DONE;
	struct db_push row = {.device = c->id, .worker = p->person, .state = p->push.state, .why = why, .at_ms = clock_now_ms()};

	if (p->push.why == why && push_now(p) == (why ? PUSH_FAILED : PUSH_DONE))
		return 0;
	if (!push_move(row.state, EVENT_PUSH, &row.state) || !push_move(row.state, event, &row.state))
		return err_set(e, ERR_INTERNAL, "push");
	text_copy(row.photo, sizeof(row.photo), p->photo);
	return store_begin(d->store, e) ? -1 : store_end(d->store, db_push_save(d->store, &row, e), e);
}

static int fill_features(struct desk *d, const struct db_on_site *p, const char *number, struct gateway_features *out, struct err *e)
{
	struct record r;
	int rc;

	*out = (struct gateway_features){.who = {.worker = (uint32_t)p->person, .photo_bytes = (uint32_t)p->photo_bytes}};
	text_copy(out->who.name, sizeof(out->who.name), p->name);
	text_copy(out->who.number, sizeof(out->who.number), number);
	record_init(&r);
	rc = db_fields_load(d->store, OWNER_PERSON, p->person, &r, e);
	if (!rc) {
		text_copy(out->sex, sizeof(out->sex), record_get(&r, F_SEX));
		text_copy(out->nation, sizeof(out->nation), record_get(&r, F_NATION));
		out->birth = record_date(&r, F_BIRTH);
	}
	record_release(&r);
	return rc;
}

int desk_gateway_features(struct desk *d, const struct device_caller *c, const char *number, struct gateway_features *out, struct buf *photo,
			  struct err *e)
{
	struct db_on_site p;
	enum push_why why;

	if (may(d, c, e) || on_the_list(d, c, number, &p, e))
		return -1;
	why = !p.photo_id ? PUSH_WHY_NO_PHOTO : p.photo_bytes > JPEG_LIMIT ? PUSH_WHY_PHOTO_LARGE : PUSH_WHY_NONE;
	if (!why && (fill_features(d, &p, number, out, e) || db_attachment_content(d->store, p.photo_id, photo, e)))
		return -1;
	if (hand_out(d, &p, c, why, e))
		return -1;
	return why ? err_set(e, ERR_DEVICE_PHOTO, NULL) : 0;
}

/* --- punches ----------------------------------------------------------------------------------------- */

/* The number that was handed out stands for whoever the person has become (a merged file). */
static int person_of(struct desk *d, uint32_t worker, int64_t *person, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_person p = {.merged_into = worker};

	*person = 0;
	do {
		if (db_person_get(d->store, p.merged_into, &p, &own))
			return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	} while (p.merged_into);
	*person = p.id;
	return 0;
}

static enum punched refuse(const char *why, char *words, size_t size)
{
	text_copy(words, size, why);
	return PUNCH_REFUSED;
}

static bool is_jpeg(const struct gateway_punch *p)
{
	const unsigned char *s = p->picture;

	return !p->picture_bytes || (p->picture_bytes > 3 && s[0] == 0xFF && s[1] == 0xD8);
}

/* What no later attempt can make good. NULL: nothing. */
static const char *faulty(const struct gateway_punch *p)
{
	if (p->mode != GATEWAY_FACE) /* JM-3 1.2.4 documents no other; a card or a code would be a false face */
		return _("打卡方式不是人脸");
	if (p->picture_bytes > GATEWAY_PICTURE_MAX)
		return _("照片超过 50 KB");
	if (!is_jpeg(p))
		return _("照片不是 JPEG");
	return p->at_ms > clock_now_ms() + AHEAD_MS ? _("考勤时间晚于当前时间") : NULL;
}

static int way_of(struct desk *d, int64_t device, enum clock_way *out, struct err *e)
{
	struct db_device r;

	if (db_device_get(d->store, device, &r, e))
		return -1;
	*out = !strcmp(r.way, "in") ? CLOCK_IN : !strcmp(r.way, "out") ? CLOCK_OUT : CLOCK_UNKNOWN;
	return 0;
}

int desk_gateway_punch(struct desk *d, const struct device_caller *c, const struct gateway_punch *p, enum punched *out, char *words, size_t size,
		       struct err *e)
{
	struct clocking clocking = {.means = CLOCK_FACE,
				    .source = CLOCK_BY_DEVICE,
				    .at_ms = p->at_ms,
				    .device = c->serial,
				    .picture = p->picture_bytes ? p->picture : NULL,
				    .picture_bytes = p->picture_bytes};
	const char *fault = faulty(p);
	struct err own = {ERR_NONE};
	struct verdict verdict;
	struct clocked done;

	if (may(d, c, e) || person_of(d, p->worker, &clocking.person, e) || way_of(d, c->id, &clocking.way, e))
		return -1;
	if (fault || !clocking.person) {
		*out = refuse(fault ? fault : _("没有此人"), words, size);
		return 0;
	}
	if (desk_clock(d, &clocking, &verdict, &done, &own)) {
		if (own.code != ERR_NO_SUCH)
			return err_set(e, own.code, "%s", own.detail);
		*out = refuse(_("没有此人"), words, size);
		return 0;
	}
	*out = !verdict.can ? refuse(verdict.why, words, size) : done.again ? PUNCHED_AGAIN : PUNCHED;
	return 0;
}

/* --- collected persons ------------------------------------------------------------------------------- */

static int save_collected(struct desk *d, const struct device_caller *c, const struct record *r, const struct buf *body, const void *photo, size_t bytes,
			  struct err *e)
{
	struct db_collected row = {.project = c->project, .device = c->id, .at_ms = clock_now_ms()};

	return db_collected_save(d->store, &row, record_get(r, F_NUMBER), body, photo, bytes, e);
}

int desk_gateway_collected(struct desk *d, const struct device_caller *c, const struct record *r, const void *photo, size_t photo_bytes, struct err *e)
{
	cJSON *json;
	char *text;
	struct buf body;
	int rc = -1;

	if (may(d, c, e))
		return -1;
	if (!record_get(r, F_NUMBER)[0] || !record_get(r, F_NAME)[0] || photo_bytes > GATEWAY_COLLECTED_MAX)
		return err_set(e, ERR_TOO_LARGE, "collected person");
	if (!record_whole(r))
		return err_set(e, ERR_MEMORY, "collected person");
	json = record_to_json(r);
	text = json ? json_text(json) : NULL;
	cJSON_Delete(json);
	buf_init(&body, 64 * 1024);
	if (!text || buf_adds(&body, text))
		err_set(e, ERR_MEMORY, "collected person");
	else if (store_begin(d->store, e) == 0)
		rc = store_end(d->store, save_collected(d, c, r, &body, photo, photo_bytes, e), e);
	if (text)
		wipe(text, strlen(text));
	free(text);
	buf_wipe_release(&body);
	return rc;
}
