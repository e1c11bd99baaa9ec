/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "members.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/text.h"

#define MEMBERS_MOST 500

static bool offered(const struct members *m, const struct roster_row *r)
{
	if (m->on_site ? r->assignment != ASSIGNMENT_ON_SITE
		       : r->assignment == ASSIGNMENT_NONE || lifecycle_final(CYCLE_ASSIGNMENT, (int)r->assignment))
		return false;
	if (lifecycle_final(CYCLE_EMPLOYMENT, (int)r->employment)) /* has left, and only not exited yet */
		return false;
	return !m->left_out || !m->left_out(m->owner, r->person);
}

/* The value is no code that anybody would type: long enough not to be shown as one. */
static void choice_of(const struct roster_row *r, struct form_choice *out)
{
	text_format(out->value, sizeof(out->value), "%020lld", (long long)r->person);
	text_format(out->label, sizeof(out->label), "%s %s %s", r->name, r->tail, r->trade);
}

static size_t collect(struct ui *ui, const struct members *m, struct form_choice *out, struct err *e)
{
	struct roster_row row[32];
	struct roster_page page = {.row = row, .cap = ARRAY_LEN(row), .more = true};
	struct roster_query q = {.filter = m->on_site ? ROSTER_ON_SITE : ROSTER_ALL, .team = m->team};
	size_t n = 0;

	while (page.more && n < MEMBERS_MOST) {
		if (desk_roster(ui_desk(ui), &q, &page, e))
			return 0;
		for (size_t i = 0; i < page.n && n < MEMBERS_MOST; i++)
			if (offered(m, &row[i]))
				choice_of(&row[i], &out[n++]);
		q.after = page.last;
	}
	return n;
}

void members_pick(struct ui *ui, const struct members *m)
{
	struct form_choice *all = calloc(MEMBERS_MOST, sizeof(*all));
	struct err e = {0};
	size_t n = 0;

	if (all)
		n = collect(ui, m, all, &e);
	else
		err_set(&e, ERR_MEMORY, "members");
	if (n && e.code == ERR_NONE) {
		ui_push(ui, &picker_screen, &(struct picker_arg){.title = m->title, .choices = all, .n = n, .typed = "", .done = m->done, .owner = m->owner});
		return;
	}
	free(all);
	if (e.code != ERR_NONE)
		ui_fail(ui, &e);
	else
		ui_say(ui, SAY_WARN, "%s", m->on_site ? _("班组里没有别人在场，无人可接任") : _("班组里没有人可以任班组长；先把人分配到这个班组"));
}

int64_t members_person(const struct form_choice *choice)
{
	return strtoll(choice->value, NULL, 10);
}
