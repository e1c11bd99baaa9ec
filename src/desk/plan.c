/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"

#include "base/text.h"

/* The main way through each life cycle. Ways that branch off (refusal, return, withdrawal, taking back) never fire by themselves. */
static const struct {
	enum cycle cycle;
	int state;
	enum event next;
	bool can_be_left_out; /* by a profile; entry, exit and leaving are always acts of their own */
} main_way[] = {
	{ CYCLE_EMPLOYMENT, EMPLOYMENT_OFFERED, EVENT_CONSENT, true },
	{ CYCLE_EMPLOYMENT, EMPLOYMENT_ACCEPTED, EVENT_REGISTER, true },
	{ CYCLE_EMPLOYMENT, EMPLOYMENT_PROCESSING, EVENT_DONE, true },
	{ CYCLE_EMPLOYMENT, EMPLOYMENT_LEAVING, EVENT_AGREE_LEAVE, false },
	{ CYCLE_EMPLOYMENT, EMPLOYMENT_DISMISSING, EVENT_CONSENT_DISMISSAL, true },
	{ CYCLE_EMPLOYMENT, EMPLOYMENT_LEAVING_ON, EVENT_LEAVING_DAY, false },
	{ CYCLE_ASSIGNMENT, ASSIGNMENT_DRAFTED, EVENT_SUBMIT, true },
	{ CYCLE_ASSIGNMENT, ASSIGNMENT_RETURNED, EVENT_SUBMIT, false },
	{ CYCLE_ASSIGNMENT, ASSIGNMENT_SUBMITTED, EVENT_ACCEPT, true },
	{ CYCLE_ASSIGNMENT, ASSIGNMENT_ACCEPTED, EVENT_CONFIRM, true },
	{ CYCLE_ASSIGNMENT, ASSIGNMENT_CONFIRMED, EVENT_ENTER, false },
	{ CYCLE_ASSIGNMENT, ASSIGNMENT_ON_SITE, EVENT_EXIT, false },
	{ CYCLE_TEAM, TEAM_REQUESTED, EVENT_ASSOCIATION_CONFIRMED, true },
	{ CYCLE_TEAM_SITE, SITE_NOT_ENTERED, EVENT_SITE_ENTER, true },
	{ CYCLE_TEAM_SITE, SITE_ENTERED, EVENT_SITE_EXIT, false },
	{ CYCLE_PARTICIPANT, SITE_NOT_ENTERED, EVENT_SITE_ENTER, true },
	{ CYCLE_PARTICIPANT, SITE_ENTERED, EVENT_SITE_EXIT, false },
};

enum event plan_next(enum cycle cycle, int state)
{
	for (size_t i = 0; i < ARRAY_LEN(main_way); i++)
		if (main_way[i].cycle == cycle && main_way[i].state == state)
			return main_way[i].next;
	return EVENT_NONE;
}

static bool may_fire(const struct profile *p, const struct transition *row, enum plan_source source)
{
	bool platforms = profile_authority(p, row->event) == AUTHORITY_PLATFORM;

	if (source == PLAN_DESK)
		return row->roles != 0;
	return source != PLAN_MESSAGE || row->by_message || platforms;
}

/* The step that fires with its predecessor because the profile leaves it out; NULL: none. */
static const struct transition *left_out(const struct profile *p, enum cycle cycle, int state)
{
	for (size_t i = 0; i < ARRAY_LEN(main_way); i++)
		if (main_way[i].cycle == cycle && main_way[i].state == state && main_way[i].can_be_left_out &&
		    !profile_has_step(p, main_way[i].next))
			return lifecycle_find(cycle, state, main_way[i].next);
	return NULL;
}

bool plan_event(const struct profile *p, enum cycle cycle, int state, enum event event, enum plan_source source, struct plan *out)
{
	const struct transition *row = lifecycle_find(cycle, state, event);
	bool reports = source == PLAN_DESK || source == PLAN_EFFECT; /* else whoever sent the message knows */
	struct plan plan = { .end_state = state };

	if (!row || !may_fire(p, row, source))
		return false;
	if (source == PLAN_DESK && profile_authority(p, event) == AUTHORITY_PLATFORM) {
		plan.step[plan.n++] = (struct planned){ .row = row, .asked = true, .upload = row->upload };
		*out = plan;
		return true;
	}
	plan.step[plan.n++] = (struct planned){ .row = row, .upload = reports ? row->upload : NULL };
	plan.end_state = row->to;
	while (plan.n < PLAN_STEPS && (row = left_out(p, cycle, plan.end_state))) {
		plan.step[plan.n++] = (struct planned){ .row = row, .skipped_step = true };
		plan.end_state = row->to;
	}
	*out = plan;
	return true;
}
