/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"

#include "base/text.h"

/* What comes after the ways that a profile can shorten (lifecycle_forward): acts of their own, named as the
 * next step. */
static const struct {
	enum cycle cycle;
	int state;
	enum event next;
} then[] = {
	{CYCLE_EMPLOYMENT, EMPLOYMENT_LEAVING, EVENT_AGREE_LEAVE},
	{CYCLE_EMPLOYMENT, EMPLOYMENT_DISMISSING, EVENT_CONSENT_DISMISSAL},
	{CYCLE_EMPLOYMENT, EMPLOYMENT_LEAVING_ON, EVENT_LEAVING_DAY},
	{CYCLE_ASSIGNMENT, ASSIGNMENT_RETURNED, EVENT_SUBMIT},
	{CYCLE_ASSIGNMENT, ASSIGNMENT_CONFIRMED, EVENT_ENTER},
	{CYCLE_ASSIGNMENT, ASSIGNMENT_ON_SITE, EVENT_EXIT},
	{CYCLE_TEAM_SITE, SITE_NOT_ENTERED, EVENT_SITE_ENTER},
	{CYCLE_TEAM_SITE, SITE_ENTERED, EVENT_SITE_EXIT},
	{CYCLE_PARTICIPANT, SITE_NOT_ENTERED, EVENT_SITE_ENTER},
	{CYCLE_PARTICIPANT, SITE_ENTERED, EVENT_SITE_EXIT},
};

enum event plan_next(enum cycle cycle, int state)
{
	enum event forward = lifecycle_forward(cycle, state);

	for (size_t i = 0; forward == EVENT_NONE && i < ARRAY_LEN(then); i++)
		if (then[i].cycle == cycle && then[i].state == state)
			return then[i].next;
	return forward;
}

static bool may_fire(const struct profile *p, const struct transition *row, enum plan_source source)
{
	bool platforms = profile_authority(p, row->event) == AUTHORITY_PLATFORM;

	if (source == PLAN_DESK)
		return row->roles != 0;
	return source != PLAN_MESSAGE || row->by_message || platforms;
}

/* The step that fires with its predecessor because the profile leaves it out; NULL: none. */
static const struct transition *left_out(const struct plan_request *r, int state)
{
	enum event next = lifecycle_forward(r->cycle, state);
	const struct transition *row;

	if (next == EVENT_NONE || profile_has_step(r->profile, next))
		return NULL;
	row = lifecycle_find(r->cycle, state, next);
	return row && (!r->lets || r->lets(row, r->arg)) ? row : NULL;
}

bool plan_event(const struct plan_request *r, struct plan *out)
{
	const struct transition *row = lifecycle_find(r->cycle, r->state, r->event);
	bool reports =
		r->source == PLAN_DESK; /* whoever sent a message knows; what follows the platform derives */
	struct plan plan = {.end_state = r->state};

	if (!row || !may_fire(r->profile, row, r->source))
		return false;
	if (r->source == PLAN_DESK && profile_authority(r->profile, r->event) == AUTHORITY_PLATFORM) {
		plan.step[plan.n++] = (struct planned){.row = row, .asked = true, .upload = row->upload};
		*out = plan;
		return true;
	}
	plan.step[plan.n++] = (struct planned){.row = row, .upload = reports ? row->upload : NULL};
	plan.end_state = row->to;
	while (plan.n < PLAN_STEPS && (row = left_out(r, plan.end_state))) {
		plan.step[plan.n++] = (struct planned){
			.row = row,
			.skipped_step = true,
			.upload = reports && profile_reports(r->profile, row->event) ? row->upload : NULL,
		};
		plan.end_state = row->to;
	}
	*out = plan;
	return true;
}
