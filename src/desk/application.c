/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Applications for a project (B8): prepared here, made on the platform's page; its account and outcome are kept. */
#include <string.h>

#include "base/text.h"
#include "desk/project.h"
#include "sheets.h"

int desk_application_list(struct desk *d, int64_t after, struct application_row *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_application page[8];
	size_t got, count = 0;

	if (desk_may_in_project(d, 0, e))
		return -1;
	do {
		size_t room = cap - count < ARRAY_LEN(page) ? cap - count : ARRAY_LEN(page);

		if (db_application_list(d->store, d->project.id, after, page, room, &got, e))
			return -1;
		for (size_t i = 0; i < got; i++) {
			struct application_row *r = &rows[count++];

			*r = (struct application_row){.id = page[i].id,
						      .state = page[i].state,
						      .applied_on = page[i].applied_on,
						      .answered_on = page[i].answered_on};
			text_copy(r->uid, sizeof(r->uid), page[i].uid);
			text_copy(r->name, sizeof(r->name), page[i].name);
			after = r->id;
		}
	} while (got && count < cap);
	*n = count;
	return 0;
}

static int answer(struct desk *d, const char *uid, enum event event, date_t on, const char *note, struct err *e)
{
	struct situation situation = {.profile = d->profile, .today = date_today(), .on = on, .event = event, .not_before = DATE_NONE};
	struct db_application a;
	struct subject s = {.cycle = CYCLE_APPLICATION};

	if (db_application_by_uid(d->store, uid, &a, e))
		return -1;
	if (a.project != d->project.id)
		return err_set(e, ERR_NO_SUCH, "application of another project");
	s.id = a.id;
	s.state = (int)a.state;
	text_copy(s.uid, sizeof(s.uid), a.uid);
	text_copy(s.title, sizeof(s.title), a.name);
	if (site_judged(d, &s, event, &situation, e) ||
	    deed_do(d,
		    &(struct deed){.subject = &s,
				   .event = event,
				   .source = PLAN_DESK,
				   .on = on,
				   .note = note,
				   .actor = event == EVENT_APPLY ? ACTOR_SITE : ACTOR_PLATFORM},
		    NULL, e))
		return -1;
	return desk_audit(
		d, &(struct audit_entry){.action = event_name(event), .object = "application", .uid = uid, .note = note}, e);
}

int desk_application_act(struct desk *d, const char *uid, enum event event, date_t on, const char *note, struct err *e)
{
	if (desk_may_in_project(d, 0, e))
		return -1;
	if (event_cycle(event) != CYCLE_APPLICATION)
		return err_set(e, ERR_USAGE, "%s is no act on an application", event_name(event));
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store, answer(d, uid, event, on, note, e), e);
}
