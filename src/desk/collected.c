/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom devices have collected (JM-3 1.2.6): looked at by a clerk, taken over into a file or put aside. */
#include <string.h>

#include "base/text.h"
#include "desk/device.h"
#include "desk/photo.h"
#include "folk.h"
#include "store/device.h"

#define BODY_MAX (64 * 1024)
#define MAY_TAKE (ROLE_CLERK | ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE | ROLE_PROJECT_MANAGER)

static int here(struct desk *d, const struct db_collected *c, struct err *e)
{
	return c->project == d->project.id ? 0 : err_set(e, ERR_NO_SUCH, "collected person of another project");
}

/* r: released first where it held something. */
static int record_of(struct desk *d, int64_t id, struct db_collected *c, struct record *r, struct err *e)
{
	cJSON *json = NULL;
	struct buf body;
	int rc = -1;

	buf_init(&body, BODY_MAX);
	if (db_collected_get(d->store, id, c, &body, NULL, e) == 0 && here(d, c, e) == 0 && json_parse(&json, body.data, body.len, BODY_MAX, e) == 0)
		rc = record_from_json(r, json, e);
	cJSON_Delete(json);
	buf_wipe_release(&body);
	return rc;
}

static int row_out(struct desk *d, const struct db_collected *c, struct collected_row *out, struct err *e)
{
	struct db_collected again;
	struct record r;
	const char *number;
	int rc;

	*out = (struct collected_row){.id = c->id, .at_ms = c->at_ms, .photo = c->photo};
	text_copy(out->serial, sizeof(out->serial), c->serial);
	text_copy(out->place, sizeof(out->place), c->place);
	record_init(&r);
	rc = record_of(d, c->id, &again, &r, e);
	if (!rc) {
		number = record_get(&r, F_NUMBER);
		text_copy(out->name, sizeof(out->name), record_get(&r, F_NAME));
		text_copy(out->tail, sizeof(out->tail), strlen(number) > 4 ? number + strlen(number) - 4 : "");
		out->typed = r.origin[F_NUMBER] == ORIGIN_TYPED;
		rc = db_person_by_document(d->store, record_get(&r, F_DOC_TYPE), number, &out->person, e);
	}
	record_release(&r);
	return rc;
}

#define PAGE 16

int desk_collected_list(struct desk *d, int64_t after, struct collected_row *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_collected page[PAGE];
	size_t got = PAGE, count = 0;

	if (desk_may_in_project(d, MAY_TAKE, e))
		return -1;
	while (count < cap && got == PAGE) {
		if (db_collected_list(d->store, d->project.id, after, page, PAGE, &got, e))
			return -1;
		for (size_t i = 0; i < got && count < cap; i++) {
			after = page[i].id;
			if (row_out(d, &page[i], &rows[count++], e))
				return -1;
		}
	}
	*n = count;
	return 0;
}

int desk_collected_count(struct desk *d, int64_t limit, int64_t *n, struct err *e)
{
	struct err own = {ERR_NONE};

	*n = 0;
	if (desk_may_in_project(d, 0, e))
		return -1;
	return desk_may_in_project(d, MAY_TAKE, &own) ? 0 : db_collected_count(d->store, d->project.id, limit, n, e);
}

int desk_collected_open(struct desk *d, int64_t id, struct record *r, struct err *e)
{
	struct db_collected c;

	return desk_may_in_project(d, MAY_TAKE, e) ? -1 : record_of(d, id, &c, r, e);
}

static int settle(struct desk *d, const struct db_collected *c, bool taken, struct err *e)
{
	if (db_collected_settle(d->store, c->id, taken, d->session.account, clock_now_ms(), e))
		return -1;
	return desk_audit(
		d, &(struct audit_entry){.action = taken ? "collected_take" : "collected_drop", .object = "collected", .uid = c->uid, .detail = c->serial},
		e);
}

/* What the device took is the person's photograph where there is none; one that is not fit for it stays where it is. */
static int give_photo(struct desk *d, const struct buf *jpeg, int64_t person, struct err *e)
{
	struct err own = {ERR_NONE};
	struct photo info;

	if (!jpeg->len || !desk_photo_may(d))
		return 0;
	if (desk_photo_info(d, person, PHOTO_FACE, &info, e))
		return -1;
	if (info.fact || desk_photo_set(d, person, PHOTO_FACE, jpeg->data, jpeg->len, &own) == 0)
		return 0;
	return own.code == ERR_PICTURE_FORMAT || own.code == ERR_PHOTO_LARGE ? 0 : err_set(e, own.code, "%s", own.detail);
}

static int settle_in_one(struct desk *d, const struct db_collected *c, bool taken, struct err *e)
{
	return store_begin(d->store, e) ? -1 : store_end(d->store, settle(d, c, taken, e), e);
}

int desk_collected_take(struct desk *d, int64_t id, int64_t person, struct err *e)
{
	struct db_collected c;
	struct buf photo;
	int rc = -1;

	buf_init(&photo, VAULT_MAX);
	if (desk_may_in_project(d, MAY_TAKE, e) == 0 && db_collected_get(d->store, id, &c, NULL, &photo, e) == 0 && here(d, &c, e) == 0 &&
	    store_group_begin(d->store, e) == 0) {
		rc = give_photo(d, &photo, person, e) || settle_in_one(d, &c, true, e) ? -1 : 0;
		if (store_group_end(d->store, rc == 0, rc ? NULL : e))
			rc = -1;
	}
	buf_wipe_release(&photo);
	return rc;
}

int desk_collected_drop(struct desk *d, int64_t id, struct err *e)
{
	struct db_collected c;

	if (desk_may_in_project(d, MAY_TAKE, e) || db_collected_get(d->store, id, &c, NULL, NULL, e) || here(d, &c, e))
		return -1;
	return settle_in_one(d, &c, false, e);
}
