/* SPDX-License-Identifier: GPL-3.0-or-later */
/* person elsewhere: whether another site of the firm knows somebody, and where he worked (L8). Nothing of his record is printed. */
#include "desk/elsewhere.h"

#include <poll.h>
#include <stdio.h>

#include "base/i18n.h"
#include "commands.h"

static int wait_for(struct errand *r, struct elsewhere *out, struct err *e)
{
	int got = 0;

	while (!got) {
		struct pollfd p = {.fd = desk_errand_fd(r), .events = POLLIN};

		poll(&p, 1, 1000);
		got = desk_elsewhere_read(r, out, e);
	}
	return got < 0 ? -1 : 0;
}

cJSON *work_json(const struct work_row *w)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "project", w->project);
	cJSON_AddStringToObject(o, "contractor", w->contractor);
	cJSON_AddStringToObject(o, "team", w->team);
	cJSON_AddStringToObject(o, "trade", w->trade);
	cJSON_AddStringToObject(o, "state_word", w->state);
	add_date(o, "entered_on", w->entered_on);
	add_date(o, "exited_on", w->exited_on);
	return o;
}

static int print_json_of(const struct elsewhere *x, struct err *e)
{
	cJSON *o = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(o, "work");

	cJSON_AddBoolToObject(o, "known", x->known);
	for (size_t i = 0; i < x->n; i++)
		cJSON_AddItemToArray(list, work_json(&x->work[i]));
	return print_object(o, e);
}

static void print_work(const struct work_row *w)
{
	char from[DATE_TEXT], to[DATE_TEXT];

	date_format(w->entered_on, from);
	date_format(w->exited_on, to);
	printf("%s  %s  %s  %s  %s  %s\n", from, to[0] ? to : "-", w->project, w->contractor, w->team, w->state);
}

int run_person_elsewhere(struct cli *c, struct err *e)
{
	struct elsewhere x = {.known = false};
	struct errand *r = NULL;
	int ret;

	if (desk_elsewhere_ask(c->desk, c->argv[0], &r, e))
		return -1;
	ret = wait_for(r, &x, e);
	desk_errand_end(r);
	if (!ret && c->json) {
		ret = print_json_of(&x, e);
	} else if (!ret) {
		printf("%s\n", x.known ? _("本单位别的项目登记过此人") : _("本单位别的项目没有登记过此人"));
		for (size_t i = 0; i < x.n; i++)
			print_work(&x.work[i]);
	}
	desk_elsewhere_release(&x);
	return ret;
}
