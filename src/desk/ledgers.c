/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 二本台账 on paper: who works here, and who was owed and paid what in a month. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/people.h"
#include "desk/wages.h"
#include "desk_private.h"
#include "domain/record.h"
#include "office/client.h"
#include "store/member.h"

#define PAGE 32

struct heading {
	const char *words;
	int width;
};

static int begin(struct desk *d, const char *title, const char *what, const struct heading *columns, size_t n, struct office_out *out, struct err *e)
{
	cJSON *head = office_table(title);
	char note[NAME_TEXT + 40], foot[NAME_TEXT + 64], now[STAMP_TEXT];
	int last = head ? 0 : err_set(e, ERR_MEMORY, "ledger");

	stamp_format(clock_now_ms(), now);
	text_format(note, sizeof(note), "%s%s%s", d->project.name, what[0] ? "  " : "", what);
	text_format(foot, sizeof(foot), _("制表：%s  %s"), d->session.display, now);
	if (head)
		office_notes(head, note, foot);
	for (size_t i = 0; i < n && !last; i++)
		last = office_column(head, _(columns[i].words), columns[i].width, false) ? err_set(e, ERR_MEMORY, "ledger") : 0;
	if (!last)
		last = office_out_line(out, head, e);
	cJSON_Delete(head);
	return last;
}

/* --- workers -------------------------------------------------------------------------------------------------- */

static const struct heading worker_columns[] = {{N_("序号"), 5},  {N_("姓名"), 10},	{N_("证件尾号"), 9}, {N_("工种"), 12},	  {N_("班组"), 14},
						{N_("单位"), 20}, {N_("进场日期"), 11}, {N_("退场日期"), 11}, {N_("状态"), 10}};

static int worker(struct desk *d, const struct roster_row *r, long number, struct office_out *out, struct err *e)
{
	char at[24], entered[DATE_TEXT], exited[DATE_TEXT];
	struct db_member m;

	if (db_member_get(d->store, d->project.id, r->person, &m, e))
		return -1;
	text_format(at, sizeof(at), "%ld", number);
	date_format(m.entered_on, entered);
	date_format(m.exited_on, exited);
	return office_out_row(out,
			      (const char *const[]){at, r->name, r->tail, r->trade, r->team, r->company, entered, exited,
						    state_word(CYCLE_ASSIGNMENT, (int)r->assignment)},
			      ARRAY_LEN(worker_columns), e);
}

static int workers(struct desk *d, struct office_out *out, long *rows, struct err *e)
{
	struct roster_row row[PAGE];
	struct roster_query q = {.filter = ROSTER_ALL};
	struct roster_page page = {.row = row, .cap = PAGE, .more = true};
	long number = 0;

	if (begin(d, _("用工台账"), "", worker_columns, ARRAY_LEN(worker_columns), out, e))
		return -1;
	for (; page.more; q.after = page.last) {
		if (desk_roster(d, &q, &page, e))
			return -1;
		for (size_t i = 0; i < page.n; i++)
			if (worker(d, &row[i], ++number, out, e))
				return -1;
	}
	*rows += number;
	return 0;
}

/* --- wages ------------------------------------------------------------------------------------------------------ */

static const struct heading wage_columns[] = {{N_("序号"), 5},	    {N_("姓名"), 10},	  {N_("证件尾号"), 9}, {N_("班组"), 14},     {N_("考勤天数"), 9},
					      {N_("应发金额"), 12}, {N_("实发金额"), 12}, {N_("补发月份"), 9}, {N_("发放日期"), 11}, {N_("银行流水号"), 14},
					      {N_("签名"), 10}};

static int wage(const struct wage_row *r, long number, struct office_out *out, struct err *e)
{
	char at[24], days[12], owed[32], paid[32], back[DATE_TEXT] = "", paid_on[DATE_TEXT];

	text_format(at, sizeof(at), "%ld", number);
	text_format(days, sizeof(days), "%d", r->days);
	money_show(r->owed, owed, sizeof(owed));
	money_show(r->paid, paid, sizeof(paid));
	date_format(r->paid_on, paid_on);
	if (r->back) {
		date_format(r->back_month.first, back);
		back[7] = '\0';
	}
	return office_out_row(out, (const char *const[]){at, r->name, r->tail, r->team, days, owed, paid, back, paid_on, r->record, ""},
			      ARRAY_LEN(wage_columns), e);
}

static int wages(struct desk *d, struct month month, struct office_out *out, long *rows, struct err *e)
{
	struct wage_row row[PAGE];
	struct wage_page page = {.row = row, .cap = PAGE, .more = true};
	char first[DATE_TEXT];
	long number = 0;

	date_format(month.first, first);
	first[7] = '\0';
	if (begin(d, _("工资台账"), first, wage_columns, ARRAY_LEN(wage_columns), out, e))
		return -1;
	while (page.more) {
		if (desk_wages(d, month, WAGES_ALL, page.last, &page, e))
			return -1;
		for (size_t i = 0; i < page.n; i++)
			if (wage(&row[i], ++number, out, e))
				return -1;
		page.more = page.more && page.n;
	}
	*rows += number;
	return 0;
}

int desk_two_ledgers(struct desk *d, struct month month, struct office_out *out, long *rows, struct err *e)
{
	*rows = 0;
	return workers(d, out, rows, e) || wages(d, month, out, rows, e) ? -1 : 0;
}
