/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drafts of forms (U6): one sealed row per account and form, no audit, no outbox. */
#include "store/draft.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk_private.h"

#define DRAFT_MAX (256 * 1024)

/* Takes the body over: wiped and freed. NULL: there was no memory for it. */
static int save(struct desk *d, const char *form, int64_t person, char *body, struct err *e)
{
	struct db_draft row = {.account = d->session.account,
			       .project = d->project.id,
			       .person = person,
			       .at_ms = clock_now_ms()};
	int rc;

	if (!body)
		return err_set(e, ERR_MEMORY, "draft");
	text_copy(row.form, sizeof(row.form), form);
	rc = store_begin(d->store, e);
	if (!rc)
		rc = store_end(d->store, db_draft_save(d->store, &row, body, e), e);
	wipe(body, strlen(body));
	free(body);
	return rc;
}

static char *body_of(cJSON *json)
{
	char *text = json ? json_text(json) : NULL;

	cJSON_Delete(json);
	return text;
}

int desk_draft_save(struct desk *d, const char *form, int64_t person, const struct record *r, struct err *e)
{
	if (desk_may_in_project(d, ROLES_WITH_KEY, e))
		return -1;
	if (!record_whole(r))
		return err_set(e, ERR_MEMORY, "record");
	return save(d, form, person, body_of(record_to_json(r)), e);
}

int desk_draft_save_texts(struct desk *d, const char *form, const struct draft_text *texts, size_t n,
			  struct err *e)
{
	cJSON *json;

	if (desk_may_in_project(d, ROLES_WITH_KEY, e))
		return -1;
	json = cJSON_CreateObject();
	for (size_t i = 0; json && i < n && i < DRAFT_TEXTS_MAX; i++)
		if (!cJSON_AddStringToObject(json, texts[i].name, texts[i].text)) {
			cJSON_Delete(json);
			json = NULL;
		}
	return save(d, form, 0, body_of(json), e);
}

static int draft_record(const struct buf *body, struct record *r, struct err *e)
{
	struct record read;
	cJSON *json = NULL;
	int rc = -1;

	record_init(&read);
	if (json_parse(&json, body->data, body->len, DRAFT_MAX, e) == 0 &&
	    record_from_json(&read, json, e) == 0) {
		record_release(r);
		*r = read; /* the values are r's now */
		rc = 0;
	} else {
		record_release(&read);
	}
	cJSON_Delete(json);
	return rc;
}

int desk_draft_load(struct desk *d, const char *form, int64_t *person, struct record *r, bool *found,
		    struct err *e)
{
	struct db_draft row;
	struct buf body;
	bool there;
	int rc = -1;

	if (desk_may_in_project(d, ROLES_WITH_KEY, e))
		return -1;
	buf_init(&body, DRAFT_MAX);
	if (db_draft_load(d->store, d->session.account, form, &row, &body, &there, e))
		goto out;
	if (there && draft_record(&body, r, e))
		goto out;
	*person = there ? row.person : 0;
	*found = there;
	rc = 0;
out:
	buf_wipe_release(&body);
	return rc;
}

static int draft_texts(const struct buf *body, void (*each)(void *arg, const struct draft_text *text), void *arg,
		       struct err *e)
{
	cJSON *json = NULL;
	const cJSON *item;

	if (json_parse(&json, body->data, body->len, DRAFT_MAX, e))
		return -1;
	cJSON_ArrayForEach(item, json) if (item->string && cJSON_IsString(item))
		each(arg, &(struct draft_text){.name = item->string, .text = item->valuestring});
	cJSON_Delete(json);
	return 0;
}

int desk_draft_load_texts(struct desk *d, const char *form,
			  void (*each)(void *arg, const struct draft_text *text), void *arg, bool *found,
			  struct err *e)
{
	struct db_draft row;
	struct buf body;
	bool there;
	int rc = -1;

	if (desk_may_in_project(d, ROLES_WITH_KEY, e))
		return -1;
	buf_init(&body, DRAFT_MAX);
	if (db_draft_load(d->store, d->session.account, form, &row, &body, &there, e) ||
	    (there && draft_texts(&body, each, arg, e)))
		goto out;
	*found = there;
	rc = 0;
out:
	buf_wipe_release(&body);
	return rc;
}

int desk_draft_drop(struct desk *d, const char *form, struct err *e)
{
	if (desk_may(d, 0, false, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, db_draft_drop(d->store, d->session.account, form, e), e);
}

int desk_draft_about(struct desk *d, const char *form, char out[NAME_TEXT], struct err *e)
{
	struct db_draft row;
	struct buf body;
	cJSON *json = NULL;
	const cJSON *values;
	const char *name;
	bool there;
	int rc = -1;

	out[0] = '\0';
	if (desk_may_in_project(d, ROLES_WITH_KEY, e))
		return -1;
	buf_init(&body, DRAFT_MAX);
	if (db_draft_load(d->store, d->session.account, form, &row, &body, &there, e) ||
	    (there && json_parse(&json, body.data, body.len, DRAFT_MAX, e)))
		goto out;
	values = json_get(json, "values"); /* a record; else texts */
	name = json_string(values ? values : json, "name");
	text_copy(out, NAME_TEXT, name ? name : "");
	rc = 0;
out:
	cJSON_Delete(json);
	buf_wipe_release(&body);
	return rc;
}

int desk_draft_list(struct desk *d, struct draft_row *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_draft page[16];
	int64_t after = 0;
	size_t count = 0, got;

	if (desk_may(d, 0, false, e))
		return -1;
	do {
		if (db_draft_list(d->store, after, page, ARRAY_LEN(page), &got, e))
			return -1;
		for (size_t i = 0; i < got && count < cap; i++, count++) {
			rows[count] = (struct draft_row){.id = page[i].id,
							 .at_ms = page[i].at_ms,
							 .mine = page[i].account == d->session.account};
			text_copy(rows[count].form, sizeof(rows[count].form), page[i].form);
			text_copy(rows[count].account, sizeof(rows[count].account), page[i].account_name);
			text_copy(rows[count].display, sizeof(rows[count].display), page[i].display);
		}
		if (got)
			after = page[got - 1].id;
	} while (got == ARRAY_LEN(page) && count < cap);
	*n = count;
	return 0;
}
