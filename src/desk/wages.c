/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/wages.h"

#include <stdlib.h>
#include <string.h>

#include "announce.h"
#include "attendance.h"
#include "base/i18n.h"
#include "base/text.h"
#include "domain/phone.h"
#include "folk.h"
#include "json_out.h"
#include "store/dossier.h"
#include "store/wage.h"
#include "import_cells.h"
#include "table_in.h"
#include "wire.h"

#define MAY_PAY (ROLE_CLERK | ROLE_PROJECT_MANAGER | ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE)
#define ROWS 32
#define CYCLE "wage"

/* --- the sheet ------------------------------------------------------------------------------------------- */

enum { W_NAME, W_NUMBER, W_MONTH, W_DAYS, W_OWED, W_PAID, W_BACK, W_PAID_ON, W_BANK, W_CARD, W_RECORD, W_COLUMNS };

/* Names as the national payroll has them (STD Payroll.Add) and as firms' sheets do. */
static const struct table_column columns[W_COLUMNS] = {
	[W_NAME] = {"name", N_("姓名"), {"员工姓名", "工人姓名"}, FIELD_TEXT, true},
	[W_NUMBER] = {"number", N_("证件号码"), {"身份证号", "身份证号码", "证件号"}, FIELD_DOCUMENT, true},
	[W_MONTH] = {"month", N_("工资月份"), {"发放月份", "所属月份", "月份"}, FIELD_TEXT, false},
	[W_DAYS] = {"days", N_("考勤天数"), {"出勤天数", "工日", "出勤"}, FIELD_DIGITS, false},
	[W_OWED] = {"owed", N_("应发金额"), {"应发工资", "应付工资", "应发"}, FIELD_MONEY, true},
	[W_PAID] = {"paid", N_("实发金额"), {"实发工资", "实付工资", "实发"}, FIELD_MONEY, true},
	[W_BACK] = {"back_month", N_("补发月份"), {"补发所属月份"}, FIELD_TEXT, false},
	[W_PAID_ON] = {"paid_on", N_("发放日期"), {"支付日期", "结算日期", "付款日期"}, FIELD_DATE, false},
	[W_BANK] = {"bank", N_("开户行"), {"开户银行", "银行", "银行名称"}, FIELD_TEXT, false},
	[W_CARD] = {"card", N_("银行卡号"), {"工资卡号", "卡号", "银行账号"}, FIELD_BANK_CARD, false},
	[W_RECORD] = {"record", N_("银行流水号"), {"流水号", "凭证号", "交易流水号"}, FIELD_DIGITS, false},
};

struct sheet { /* of one import */
	struct month month;
	int64_t *seen; /* persons × back month, of this file */
	size_t n, room;
};

static bool month_cell(const char *text, struct month *out)
{
	char plain[TABLE_CELL];
	size_t n = 0;

	for (const char *s = text; *s && n + 1 < sizeof(plain); s++) /* 2026年11月, 2026/11, 2026.11 */
		if ((*s >= '0' && *s <= '9') || *s == '-')
			plain[n++] = *s;
		else if (n == 4)
			plain[n++] = '-';
	plain[n] = '\0';
	while (n && plain[n - 1] == '-')
		plain[--n] = '\0';
	for (size_t i = 4; plain[0] && i + 1 < n && plain[i] == '-' && plain[i + 1] == '-';)
		memmove(plain + i, plain + i + 1, n-- - i);
	if (n == 6 && plain[4] == '-') { /* 2026-9 */
		memmove(plain + 6, plain + 5, 2);
		plain[5] = '0';
	}
	return month_parse(plain, out);
}

static bool take_month(const struct sheet *s, struct table_row *r, struct db_wage *w)
{
	struct month m = s->month, back;

	if (r->cell[W_MONTH][0] && !month_cell(r->cell[W_MONTH], &m)) {
		table_refuse(r, _(columns[W_MONTH].label), _("月份写成 2026-11"));
		return false;
	}
	w->month = wage_month_key(m);
	if (!r->cell[W_BACK][0])
		return true;
	if (!month_cell(r->cell[W_BACK], &back) || back.first >= m.first) {
		table_refuse(r, _(columns[W_BACK].label), _("补发月份应早于工资月份，写成 2026-10；不是补发的留空"));
		return false;
	}
	w->back_month = wage_month_key(back);
	return true;
}

static bool take_money(struct table_row *r, struct db_wage *w)
{
	bool good = true;

	if (!money_parse(r->cell[W_OWED], &w->owed)) {
		table_refuse(r, _(columns[W_OWED].label), _("应是金额，单位元，至多两位小数"));
		good = false;
	}
	if (!money_parse(r->cell[W_PAID], &w->paid)) {
		table_refuse(r, _(columns[W_PAID].label), _("应是金额，单位元，至多两位小数"));
		good = false;
	}
	if (good && w->paid > w->owed) {
		table_refuse(r, _(columns[W_PAID].label), _("实发不应多于应发"));
		good = false;
	}
	return good;
}

static bool take_rest(struct table_row *r, struct db_wage *w)
{
	char card[BANK_CARD_TEXT];

	w->paid_on = DATE_NONE;
	if (r->cell[W_PAID_ON][0] && (!date_parse(r->cell[W_PAID_ON], &w->paid_on) || w->paid_on == DATE_LONG_TERM || w->paid_on > date_today())) {
		table_refuse(r, _(columns[W_PAID_ON].label), _("应是今天或以前的日期；还没有发放的留空"));
		return false;
	}
	if (r->cell[W_DAYS][0] && (!text_is_digits(r->cell[W_DAYS]) || strlen(r->cell[W_DAYS]) > 2 || atoi(r->cell[W_DAYS]) > 31)) {
		table_refuse(r, _(columns[W_DAYS].label), _("应是 0 至 31 的天数"));
		return false;
	}
	w->days = atoi(r->cell[W_DAYS]);
	if (r->cell[W_CARD][0] && !bank_card_normalise(r->cell[W_CARD], card)) {
		table_refuse(r, _(columns[W_CARD].label), _("应是 12 至 21 位数字"));
		return false;
	}
	if (r->cell[W_CARD][0])
		text_copy(w->card, sizeof(w->card), card);
	text_copy(w->bank, sizeof(w->bank), r->cell[W_BANK]);
	text_copy(w->record, sizeof(w->record), r->cell[W_RECORD]);
	return true;
}

static int take_person(struct desk *d, struct table_row *r, struct db_wage *w, bool *good, struct err *e)
{
	struct folk f;
	int64_t person;

	*good = false;
	if (db_number_owner(d->store, r->cell[W_NUMBER], &person, e))
		return -1;
	if (person && folk_load(d, person, &f, e))
		return -1;
	if (!person || (!f.assignment.id && !f.employment.id) || !folk_in_scope(d, f.participant.id)) {
		table_refuse(r, _(columns[W_NUMBER].label), _("本项目没有这个人；先登记，再导入"));
		return 0;
	}
	if (strcmp(f.person.name, r->name)) {
		table_refuse(r, _(columns[W_NAME].label), _("与证件号码的主人姓名不符"));
		return 0;
	}
	w->person = r->person = f.person.id;
	*good = true;
	return 0;
}

/* Twice in one sheet: which of the two is meant nobody can tell. */
static int only_once(struct sheet *s, struct table_row *r, const struct db_wage *w, bool *good, struct err *e)
{
	int64_t key = w->person * 1000000 * 10 + w->back_month * 10LL;

	for (size_t i = 0; i < s->n; i++)
		if (s->seen[2 * i] == key && s->seen[2 * i + 1] == w->month) {
			table_refuse(r, _(columns[W_NUMBER].label), _("这个人在表里出现了两次，只留一行；补发的写明补发月份"));
			*good = false;
			return 0;
		}
	if (s->n == s->room) {
		size_t room = s->room ? 2 * s->room : 256;
		int64_t *more = realloc(s->seen, room * 2 * sizeof(*more));

		if (!more)
			return err_set(e, ERR_MEMORY, "sheet");
		s->seen = more;
		s->room = room;
	}
	s->seen[2 * s->n] = key;
	s->seen[2 * s->n++ + 1] = w->month;
	return 0;
}

static bool same(const struct db_wage *a, const struct db_wage *b)
{
	return a->owed == b->owed && a->paid == b->paid && a->paid_on == b->paid_on && a->days == b->days && !strcmp(a->bank, b->bank) &&
	       !strcmp(a->card, b->card) && !strcmp(a->record, b->record);
}

/* What the fact says: the line as it is now. Wiped by the caller. */
static void body_of(const struct db_wage *w, struct buf *out)
{
	char day[DATE_TEXT];

	date_format(w->paid_on, day);
	json_out_open(out);
	json_out_number(out, "month", w->month);
	if (w->back_month)
		json_out_number(out, "back_month", w->back_month);
	json_out_number(out, "owed", w->owed);
	json_out_number(out, "paid", w->paid);
	json_out_text(out, "paid_on", day);
	json_out_number(out, "days", w->days);
	json_out_text(out, "bank", w->bank);
	json_out_text(out, "card", w->card);
	json_out_text(out, "record", w->record);
	json_out_close(out);
}

static int fact_of(struct desk *d, const struct db_wage *w, const char *event, int64_t supersedes, int64_t *id, struct err *e)
{
	struct db_fact fact = {.project = d->project.id, .subject = w->id, .person = w->person, .account = d->session.account, .at_ms = clock_now_ms(),
			       .on = date_today(), .true_on = DATE_NONE, .supersedes = supersedes};
	struct buf body;
	int rc;

	text_copy(fact.cycle, sizeof(fact.cycle), CYCLE);
	text_copy(fact.event, sizeof(fact.event), event);
	text_copy(fact.actor, sizeof(fact.actor), actor_name(deed_actor(d, CYCLE_EMPLOYMENT)));
	text_copy(fact.authority, sizeof(fact.authority), "desk");
	buf_init(&body, 4096);
	body_of(w, &body);
	rc = body.failed ? err_set(e, ERR_MEMORY, "wage") : db_fact_insert(d->store, &fact, body.data, id, e);
	buf_wipe_release(&body);
	return rc;
}

/* The open.api takes what has been paid only (STD Payroll.Add balanceDate, which may not lie ahead): a line goes up when it is paid. */
static int report(struct desk *d, const struct db_wage *w, const char *name, struct err *e)
{
	struct announcing t = {.entity = "payroll", .uid = w->uid, .title = name, .fact = w->fact, .person = w->person, .n_needs = 1};
	int64_t need;

	if (w->paid_on == DATE_NONE && !wire_takes_unpaid(d))
		return 0;
	t.needs = &need;
	return announce_need(d, w->person, &need, e) || announce(d, &t, e) ? -1 : 0;
}

static int add_line(struct desk *d, struct db_wage *w, const char *name, struct err *e)
{
	uid_new(w->uid);
	if (db_wage_insert(d->store, w, &w->id, e) || fact_of(d, w, "add", 0, &w->fact, e) || db_wage_update(d->store, w, e))
		return -1;
	return report(d, w, name, e);
}

static int change_line(struct desk *d, struct db_wage *w, const struct db_wage *was, const char *name, struct err *e)
{
	int64_t standing; /* after a taking-back it is not the row's */

	w->id = was->id;
	memcpy(w->uid, was->uid, sizeof(w->uid));
	if (db_fact_latest(d->store, CYCLE, was->id, NULL, &standing, e) || fact_of(d, w, "amend", standing, &w->fact, e) || db_wage_update(d->store, w, e))
		return -1;
	return report(d, w, name, e);
}

/* A line that is taken says at once what F6 will say of it. */
static int look_at_attendance(struct desk *d, struct table_row *r, const struct db_wage *w, struct err *e)
{
	struct month m = wage_month(w->back_month ? w->back_month : w->month);
	char sentence[120];
	int64_t last;
	uint32_t days;

	if (db_attendance_month(d->store, d->project.id, w->person, m, &days, &last, e))
		return -1;
	if (!days && w->paid > 0)
		import_why(r->why, _(columns[W_DAYS].label), _("这个月没有一条考勤，算不匹配"));
	else if (r->cell[W_DAYS][0] && w->days != days_in(days)) {
		text_format(sentence, sizeof(sentence), _("表上 %d 天，打卡 %d 天"), w->days, days_in(days));
		import_why(r->why, _(columns[W_DAYS].label), sentence);
	}
	return 0;
}

static int write_line(struct desk *d, struct table_row *r, struct db_wage *w, struct err *e)
{
	struct db_wage was;
	bool found;
	int rc = -1;

	if (db_wage_find(d->store, d->project.id, w->month, w->person, w->back_month, &was, &found, e))
		return -1;
	r->outcome = !found ? IMPORT_NEW : same(w, &was) ? IMPORT_SAME : IMPORT_CHANGED;
	if (r->outcome == IMPORT_SAME)
		rc = 0;
	else
		rc = found ? change_line(d, w, &was, r->name, e) : add_line(d, w, r->name, e);
	wipe(&was, sizeof(was));
	return rc ? -1 : look_at_attendance(d, r, w, e);
}

static int take_row(struct desk *d, void *arg, struct table_row *r, struct err *e)
{
	struct db_wage w = {.project = d->project.id, .paid_on = DATE_NONE};
	bool good;
	int rc = 0;

	text_copy(r->name, sizeof(r->name), r->cell[W_NAME]);
	if (take_person(d, r, &w, &good, e))
		return -1;
	good = take_month(arg, r, &w) && good;
	good = take_money(r, &w) && good;
	good = take_rest(r, &w) && good;
	if (good && only_once(arg, r, &w, &good, e))
		rc = -1;
	if (!rc && good)
		rc = write_line(d, r, &w, e);
	wipe(&w, sizeof(w));
	return rc;
}

static void drop_sheet(void *arg)
{
	free(((struct sheet *)arg)->seen);
	free(arg);
}

int wage_form(struct desk *d, const struct sheet_import_options *o, struct table_form *out, struct err *e)
{
	struct sheet *s;

	if (desk_may_in_project(d, MAY_PAY, e))
		return -1;
	s = calloc(1, sizeof(*s));
	if (!s)
		return err_set(e, ERR_MEMORY, "sheet");
	s->month = o->month.days ? o->month : month_of(date_today());
	*out = (struct table_form){.column = columns, .n = W_COLUMNS, .audit = "wages", .row = take_row, .drop = drop_sheet, .arg = s};
	return 0;
}

/* --- the ledger -------------------------------------------------------------------------------------------- */

static const char *const filter_words[WAGE_FILTERS] = {
	[WAGES_ALL] = N_("全部"), [WAGES_UNPAID] = N_("还没有发放"), [WAGES_NOT_ATTENDED] = N_("当月没有考勤")};

const char *wage_filter_word(enum wage_filter f)
{
	return _(filter_words[f]);
}

static bool listed(const struct db_wage *w, enum wage_filter f)
{
	if (f == WAGES_UNPAID)
		return w->paid_on == DATE_NONE;
	return f != WAGES_NOT_ATTENDED || !w->attended;
}

static int row_out(struct desk *d, const struct db_wage *w, struct wage_row *r, struct err *e)
{
	struct month m = wage_month(w->back_month ? w->back_month : w->month);
	struct db_member member;
	struct err own = {ERR_NONE};
	int64_t last;
	uint32_t days;

	*r = (struct wage_row){.id = w->id, .person = w->person, .month = wage_month(w->month), .back = w->back_month != 0, .back_month = m,
			       .owed = w->owed, .paid = w->paid, .paid_on = w->paid_on, .sheet_days = w->days};
	text_copy(r->name, sizeof(r->name), w->name);
	text_copy(r->bank, sizeof(r->bank), w->bank);
	text_mask(r->card, sizeof(r->card), w->card, 0, 4);
	text_mask(r->record, sizeof(r->record), w->record, 0, 6);
	if (db_member_get(d->store, d->project.id, w->person, &member, &own) == 0) {
		text_copy(r->team, sizeof(r->team), member.team_name);
		text_copy(r->tail, sizeof(r->tail), member.tail);
	}
	if (db_attendance_month(d->store, d->project.id, w->person, m, &days, &last, e))
		return -1;
	r->days = days_in(days);
	return 0;
}

int desk_wages(struct desk *d, struct month month, enum wage_filter filter, int64_t after, struct wage_page *page, struct err *e)
{
	struct db_wage rows[ROWS];
	size_t n = 0;
	bool sees;
	int rc = 0;

	page->n = 0;
	page->last = after;
	if (desk_may_in_project(d, MAY_PAY, e))
		return -1;
	do {
		rc = db_wage_page(d->store, d->project.id, wage_month_key(month), page->last, rows, ROWS, &n, e);
		for (size_t i = 0; !rc && i < n && page->n < page->cap; i++) {
			page->last = rows[i].id;
			rc = folk_sees(d, rows[i].person, &sees, e);
			if (!rc && sees && listed(&rows[i], filter))
				rc = row_out(d, &rows[i], &page->row[page->n++], e);
		}
	} while (!rc && n == ROWS && page->n < page->cap);
	wipe(rows, sizeof(rows));
	page->more = n == ROWS || page->n == page->cap;
	return rc;
}

static int sums(struct desk *d, struct month month, struct wage_match *out, struct err *e)
{
	struct db_wage rows[ROWS];
	int64_t after = 0;
	size_t n;

	do {
		if (db_wage_page(d->store, d->project.id, wage_month_key(month), after, rows, ROWS, &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			after = rows[i].id;
			out->owed += rows[i].owed;
			out->paid_fen += rows[i].paid_on == DATE_NONE ? 0 : rows[i].paid;
		}
	} while (n == ROWS);
	wipe(rows, sizeof(rows));
	return 0;
}

int desk_wage_match(struct desk *d, struct month month, struct wage_match *out, struct err *e)
{
	bool up = strcmp(d->profile ? profile_text(d->profile, "alarm_rounding", "up") : "", "down") != 0;
	struct db_wage_match m;
	int day;

	if (desk_may_in_project(d, MAY_PAY, e) || db_wage_match(d->store, d->project.id, wage_month_key(month), &m, e))
		return -1;
	*out = (struct wage_match){.percent = (int)profile_number(d->profile, "limits.match_percent", 0), .real_on = DATE_NONE,
				   .planned = {m.planned, m.planned_attended}, .paid = {m.paid, m.paid_attended}};
	out->rated = out->percent > 0;
	day = (int)profile_number(d->profile, "limits.match_day", 0);
	out->forecast = match_rate(out->planned, out->percent, up);
	out->real = match_rate(out->paid, out->percent, up);
	if (day)
		out->real_on = match_day(month, day);
	return sums(d, month, out, e);
}

int desk_wage_month(struct desk *d, struct month *out, struct err *e)
{
	int key;

	if (desk_may_in_project(d, MAY_PAY, e) || db_wage_newest_month(d->store, d->project.id, &key, e))
		return -1;
	*out = key ? wage_month(key) : month_of(date_today());
	return 0;
}

/* --- who is missing ------------------------------------------------------------------------------------------ */

static int missing_row(struct desk *d, const struct sheet_row *s, struct month month, struct unpaid_page *page, struct err *e)
{
	struct unpaid_row *r = &page->row[page->n];
	struct db_wage w;
	bool found;

	if (!s->days)
		return 0;
	if (db_wage_find(d->store, d->project.id, wage_month_key(month), s->person, 0, &w, &found, e))
		return -1;
	wipe(&w, sizeof(w));
	if (found)
		return 0;
	*r = (struct unpaid_row){.person = s->person, .days = s->attended};
	text_copy(r->name, sizeof(r->name), s->name);
	text_copy(r->team, sizeof(r->team), s->team);
	page->n++;
	return 0;
}

int desk_wage_missing(struct desk *d, struct month month, struct unpaid_page *page, struct err *e)
{
	struct sheet_row rows[ROWS];
	struct sheet_query q = {.month = month};
	struct sheet_page sheet = {.row = rows, .more = true};

	_Static_assert(sizeof(q.after) <= sizeof(page->after), "a roster's cursor");
	memcpy(&q.after, page->after, sizeof(q.after));
	page->n = 0;
	if (desk_may_in_project(d, MAY_PAY, e))
		return -1;
	while (sheet.more && page->n < page->cap) {
		sheet.cap = page->cap - page->n < ROWS ? page->cap - page->n : ROWS;
		if (desk_month_sheet(d, &q, &sheet, e))
			return -1;
		for (size_t i = 0; i < sheet.n; i++)
			if (missing_row(d, &rows[i], month, page, e))
				return -1;
		q.after = sheet.last;
	}
	memcpy(page->after, &q.after, sizeof(q.after));
	page->more = sheet.more;
	return 0;
}
