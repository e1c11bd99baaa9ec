/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Alarms: each kind stands on its day and not on the day before, what mends the cause takes it away, what the
 * platform says takes the place of what is reckoned, and a clock that jumps raises nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "alarm.h"
#include "base/text.h"
#include "desk/alarm.h"
#include "desk/association.h"
#include "desk/contract.h"
#include "desk/device.h"
#include "desk/dossier.h"
#include "desk/gateway.h"
#include "desk/hiring.h"
#include "desk/particulars.h"
#include "desk/post.h"
#include "desk/project.h"
#include "desk_private.h"
#include "desk_site.h"
#include "store/attendance.h"
#include "store/member.h"
#include "store/person.h"
#include "store/site.h"
#include "store/wage.h"

#define SAFETY "P08"

static void sheet_says(struct site *s, const char *name, const char *value)
{
	struct particulars p;
	struct sheet_findings f;
	char uid[UID_TEXT];
	size_t changed;

	text_copy(uid, sizeof(uid), s->d->project.uid);
	OK(desk_sheet(s->d, SHEET_PROJECT, uid, &p, E));
	particulars_set(&p, name, value);
	OK(desk_sheet_save(s->d, &p, uid, &f, &changed, E));
}

static void smart_site(struct site *s)
{
	site_make(s, "chengdu");
	sheet_says(s, "kind", "building");
	sheet_says(s, "area", "32000");
	sheet_says(s, "standing", "local");
	sheet_says(s, "filed_on", "2026-11-25");
	sheet_says(s, "starts_on", "2026-11-01");
	sheet_says(s, "completes_on", "2028-10-31");
}

static void today_is(const char *day)
{
	date_t d;

	assert_true(date_parse(day, &d));
	now_ms = date_begin_ms(d) + 6 * 3600000;
	clock_fix_ms(now_ms);
}

static date_t day(const char *text)
{
	date_t d;

	assert_true(date_parse(text, &d));
	return d;
}

/* Rows of a kind; the first is handed out. */
static size_t rows_of(struct site *s, enum alarm_kind kind, struct alarm_row *first)
{
	const struct alarm_query q = {.most = 500, .people = true};
	struct alarm_set set;
	size_t n = 0;

	OK(desk_alarms(s->d, &q, &set, E));
	for (size_t i = 0; i < set.n; i++)
		if (set.row[i].kind == kind && n++ == 0 && first)
			*first = set.row[i];
	desk_alarms_free(&set);
	return n;
}

static struct alarm_row row_of(struct site *s, enum alarm_kind kind, const char *subject, int month)
{
	const struct alarm_query q = {.most = 500, .people = true, .over = true};
	struct alarm_row out = {.id = 0};
	struct alarm_set set;

	OK(desk_alarms(s->d, &q, &set, E));
	for (size_t i = 0; i < set.n; i++)
		if (set.row[i].kind == kind && strcmp(set.row[i].subject, subject) == 0 &&
		    set.row[i].month == month)
			out = set.row[i];
	desk_alarms_free(&set);
	return out;
}

static void clocks(struct site *s, int64_t person, const char *from, const char *to)
{
	struct clock_rules rules = {.shift_hours = 16, .break_hours = 4};
	struct db_assignment a;
	size_t n;

	OK(db_assignment_list(s->d->store, person, &a, 1, &n, E));
	OK(store_begin(s->d->store, E));
	for (date_t d = day(from); d <= day(to); d++) {
		struct db_attendance row = {.project = s->d->project.id,
					    .person = person,
					    .assignment = a.id,
					    .at_ms = date_begin_ms(d) + 8 * 3600000,
					    .way = CLOCK_IN,
					    .means = CLOCK_FACE,
					    .source = CLOCK_BY_DEVICE};
		int64_t id;
		bool fresh;

		OK(db_attendance_insert(s->d->store, &row, &fresh, &id, E));
		OK(db_attendance_fold(s->d->store, &rules, row.project, person, row.at_ms, E));
	}
	OK(store_end(s->d->store, 0, E));
}

static int64_t holder(struct site *s, unsigned n, const char *post)
{
	static const char *const kinds[] = {"AQY", "AKC", "ZC2", "ZLY", "ZJY"};
	int64_t person = person_register(s, n, NULL);

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct certificate_new c = {
			.person = person, .kind = kinds[i], .number = "TEST-1", .valid_to = DATE_LONG_TERM};

		OK(desk_certificate_add(s->d, &c, E));
	}
	OK(desk_post_act(
		s->d,
		&(struct post_act){
			.event = EVENT_POST_FILL, .post = post, .seat = 1, .person = person, .on = DATE_NONE},
		E));
	return person;
}

/* --- posts
 * -------------------------------------------------------------------------------------------------------- */

/* December: 21 days count, 17 needed. It comes until it is met; missed, it stands on 1 January and not on 31
 * December. */
static void a_month_missed(void **state)
{
	struct alarm_row r;
	struct site s;
	int64_t person;

	(void)state;
	smart_site(&s);
	person = holder(&s, 1, SAFETY);
	today_is("2026-12-11");
	r = row_of(&s, WATCH_POST_RATE, SAFETY, 202612);
	assert_int_equal(r.standing, ALARM_COMES);
	assert_int_equal(r.due_on, day("2026-12-15")); /* 17 days from the 15th reach the 31st */
	clocks(&s, person, "2026-12-11", "2026-12-26");
	today_is("2026-12-31");
	r = row_of(&s, WATCH_POST_RATE, SAFETY, 202612);
	assert_int_equal(r.standing, ALARM_COMES);
	assert_int_equal(r.due_on, day("2026-12-31"));
	today_is("2027-01-01");
	r = row_of(&s, WATCH_POST_RATE, SAFETY, 202612);
	assert_int_equal(r.standing, ALARM_STANDS);
	assert_int_equal(r.due_on, day("2027-01-01"));
	assert_non_null(strstr(r.what, "只到 16 天"));
	clocks(&s, person, "2026-12-31",
	       "2026-12-31"); /* a device delivers late: the day was clocked after all */
	assert_int_equal(row_of(&s, WATCH_POST_RATE, SAFETY, 202612).id, 0);
	site_drop(&s);
}

/* What the platform has said holds: a deduction that is void is over, whatever is reckoned; a post's alarm
 * cannot be withdrawn. */
static void the_platforms_word(void **state)
{
	struct alarm_act a = {.event = EVENT_ALARM_RAISE,
			      .kind = WATCH_POST_RATE,
			      .subject = SAFETY,
			      .month = 202612,
			      .on = DATE_NONE};
	struct err e = {ERR_NONE};
	enum event events[8];
	struct alarm_row r;
	struct site s;
	size_t n;

	(void)state;
	smart_site(&s);
	today_is("2027-01-03");
	r = row_of(&s, WATCH_POST_RATE, SAFETY, 202612);
	assert_int_equal(r.record, 0);
	n = desk_alarm_possible(s.d, &r, events, 8);
	assert_int_equal(n, 1);
	assert_int_equal(events[0], EVENT_ALARM_RAISE);
	OK(desk_alarm_act(s.d, &a, E));
	r = row_of(&s, WATCH_POST_RATE, SAFETY, 202612);
	assert_int_equal(r.state, ALARM_RAISED);
	a.event = EVENT_ALARM_WITHDRAW;
	assert_int_not_equal(desk_alarm_act(s.d, &a, &e), 0);
	assert_int_equal(e.code, ERR_FORBIDDEN);
	assert_non_null(strstr(e.detail, "不会消除"));
	for (enum event event = EVENT_ALARM_DEDUCT; event <= EVENT_ALARM_VOID; event++) {
		a.event = event;
		OK(desk_alarm_act(s.d, &a, E));
	}
	assert_int_equal(row_of(&s, WATCH_POST_RATE, SAFETY, 202612).standing, ALARM_OVER);
	a.event = EVENT_ALARM_RAISE;
	assert_int_not_equal(desk_alarm_act(s.d, &a, &e), 0); /* final */
	a.kind = WATCH_CONTRACT;
	a.subject = "";
	assert_int_not_equal(desk_alarm_act(s.d, &a, &e), 0); /* no platform raises it */
	site_drop(&s);
}

/* Three in all, or a third of the period's months; the credit row comes one before. */
static void three_alarms(void **state)
{
	struct alarm_row r;
	struct site s;

	(void)state;
	smart_site(&s);
	(void)holder(&s, 1, SAFETY);
	today_is("2026-12-20");
	assert_int_equal(rows_of(&s, WATCH_CREDIT, NULL), 0);
	today_is("2027-01-01"); /* every post was missed; the contractor's and the supervising firm's have counts of their own (CD 3.2.6) */
	assert_int_equal(rows_of(&s, WATCH_CREDIT, NULL), 2);
	assert_int_equal(row_of(&s, WATCH_CREDIT, "post", 0).standing, ALARM_STANDS);
	assert_non_null(strstr(row_of(&s, WATCH_CREDIT, "post", 0).what, "累计预警 7 次"));
	assert_non_null(strstr(row_of(&s, WATCH_CREDIT, "supervision", 0).who, "监理单位"));
	sheet_says(&s, "completes_on", "2026-12-01"); /* two months begun: one alarm is a third */
	assert_int_equal(rows_of(&s, WATCH_CREDIT, &r), 2);
	assert_non_null(strstr(r.what, "1 次起"));
	site_drop(&s);
}

/* Within the grace it comes; on the first day that counts it stands; filled it is gone. */
static void vacancy(void **state)
{
	struct alarm_row r;
	struct site s;
	size_t n;

	(void)state;
	smart_site(&s);
	today_is("2026-12-10");
	n = rows_of(&s, WATCH_POST_VACANT, &r);
	assert_int_equal(n, 9);
	assert_int_equal(r.standing, ALARM_COMES);
	today_is("2026-12-11");
	assert_int_equal(rows_of(&s, WATCH_POST_VACANT, &r), 9);
	assert_int_equal(r.standing, ALARM_STANDS);
	(void)holder(&s, 1, SAFETY);
	assert_int_equal(rows_of(&s, WATCH_POST_VACANT, &r), 8);
	sheet_says(&s, "area", "800"); /* no smart site: set elsewhere */
	assert_int_equal(rows_of(&s, WATCH_POST_VACANT, NULL), 0);
	assert_int_equal(rows_of(&s, WATCH_POST_RATE, NULL), 0);
	site_drop(&s);
}

static void five_days(void **state)
{
	struct alarm_row r;
	struct site s;

	(void)state;
	smart_site(&s);
	today_is("2026-12-15"); /* the 11th is the first that counts; today is the fifth */
	assert_int_equal(rows_of(&s, WATCH_SUPERVISOR, &r), 1);
	assert_int_equal(r.standing, ALARM_COMES);
	assert_int_equal(r.due_on, day("2026-12-16"));
	today_is("2026-12-16");
	assert_int_equal(rows_of(&s, WATCH_SUPERVISOR, &r), 1);
	assert_int_equal(r.standing, ALARM_STANDS);
	assert_int_equal(r.month, 202612);
	site_drop(&s);
}

static void pays(struct site *s, int64_t person, date_t on)
{
	struct db_wage w = {.project = s->d->project.id, .person = person, .month = 202612, .owed = 500000, .paid = 500000, .paid_on = on, .fact = 1};

	OK(store_begin(s->d->store, E));
	OK(db_wage_insert(s->d->store, &w, NULL, E));
	OK(store_end(s->d->store, 0, E));
}

/* F6, CD 3.3.4: the forecast comes until the 11th; on the 11th the real figure stands, from what has been paid; paying more who clocked in takes it
 * away. */
static void wages(void **state)
{
	struct alarm_row r;
	struct site s;
	int64_t more;

	(void)state;
	smart_site(&s);
	for (unsigned i = 1; i <= 4; i++) {
		int64_t person = person_register(&s, i, NULL);

		if (i < 4)
			clocks(&s, person, "2026-12-03", "2026-12-03");
		pays(&s, person, i < 4 ? day("2027-01-05") : DATE_NONE);
	}
	more = person_register(&s, 5, NULL);
	clocks(&s, more, "2026-12-31", "2026-12-31");
	today_is("2027-01-10");
	r = row_of(&s, WATCH_MATCH, "", 202612);
	assert_int_equal(r.standing, ALARM_COMES); /* 3 of 4 planned */
	assert_int_equal(r.due_on, day("2027-01-11"));
	assert_non_null(strstr(r.what, "再给 1 个"));
	today_is("2027-01-11");
	assert_int_equal(row_of(&s, WATCH_MATCH, "", 202612).id, 0); /* 3 of 3 paid */
	pays(&s, person_register(&s, 6, NULL), day("2027-01-11"));
	r = row_of(&s, WATCH_MATCH, "", 202612);
	assert_int_equal(r.standing, ALARM_STANDS);
	sheet_says(&s, "kind", "rail"); /* building and municipal works only */
	sheet_says(&s, "cost", "90000");
	assert_int_equal(row_of(&s, WATCH_MATCH, "", 202612).id, 0);
	sheet_says(&s, "kind", "building");
	pays(&s, more, day("2027-01-12"));
	assert_int_equal(row_of(&s, WATCH_MATCH, "", 202612).id, 0);
	site_drop(&s);
}

static void outage(void **state)
{
	struct outage_new o = {.to = DATE_NONE, .devices = 2, .covered = 1, .reason = "断电"};
	struct filing_row f;
	struct site s;
	size_t n;

	(void)state;
	smart_site(&s);
	today_is("2026-12-11");
	o.from = date_today();
	OK(desk_outage_file(s.d, &o, E));
	assert_int_equal(rows_of(&s, WATCH_OUTAGE, NULL), 1);
	OK(desk_filing_list(s.d, &f, 1, &n, E));
	OK(desk_outage_cover(s.d, f.id, 2, E));
	assert_int_equal(rows_of(&s, WATCH_OUTAGE, NULL), 0);
	site_drop(&s);
}

/* --- teams and people
 * ---------------------------------------------------------------------------------------------------- */

/* C7, CD 3.3.3: 30 days after it was neither associated nor own; associated it is gone; 30 days more cost
 * credit. */
static void association(void **state)
{
	struct alarm_row r;
	struct db_team t;
	struct site s;

	(void)state;
	smart_site(&s);
	OK(db_team_by_uid(s.d->store, s.team, &t, E));
	OK(store_begin(s.d->store, E));
	OK(db_team_relation(s.d->store, t.id, TEAM_OWN, TEAM_REQUESTED, date_today(), E));
	OK(store_end(s.d->store, 0, E));
	today_is("2026-12-19"); /* 29 days after 20 November */
	assert_int_equal(rows_of(&s, WATCH_ASSOCIATION, &r), 1);
	assert_int_equal(r.standing, ALARM_COMES);
	today_is("2026-12-20");
	assert_int_equal(rows_of(&s, WATCH_ASSOCIATION, &r), 1);
	assert_int_equal(r.standing, ALARM_STANDS);
	assert_non_null(strstr(r.cost, "2027-01-19"));
	change_arrives(&s, "team.association_confirmed", s.team, APPLIED);
	assert_int_equal(rows_of(&s, WATCH_ASSOCIATION, NULL), 0);
	site_drop(&s);
}

static void runs_out(void **state)
{
	struct certificate_new c = {.kind = "01", .number = "TEST-2", .valid_to = day("2026-12-31")};
	struct alarm_row r;
	struct site s;

	(void)state;
	smart_site(&s);
	c.person = person_register(&s, 1, NULL);
	OK(desk_certificate_add(s.d, &c, E));
	today_is("2026-12-31"); /* the last day is valid yet */
	assert_int_equal(rows_of(&s, WATCH_CERTIFICATE, &r), 1);
	assert_int_equal(r.standing, ALARM_COMES);
	today_is("2027-01-01");
	assert_int_equal(rows_of(&s, WATCH_CERTIFICATE, &r), 1);
	assert_int_equal(r.standing, ALARM_STANDS);
	assert_int_equal(r.person, c.person);
	c.valid_to = day("2029-01-01");
	OK(desk_certificate_add(s.d, &c, E));
	assert_int_equal(rows_of(&s, WATCH_CERTIFICATE, NULL), 0);
	site_drop(&s);
}

/* L1: training is good for a year without work: the 366th day is too late. On the day's screen nobody is looked through. */
static void training_lapses(void **state)
{
	const struct alarm_query q = {.most = 500};
	struct alarm_set set;
	struct alarm_row r;
	struct site s;
	int64_t person;

	(void)state;
	smart_site(&s);
	person = person_register(&s, 1, NULL);
	(void)desk_training_add(s.d, &(struct training_new){.persons = &person, .n = 1, .kind = "basic", .on = date_today()}, NULL);
	today_is("2027-11-20");
	assert_int_equal(rows_of(&s, WATCH_TRAINING, NULL), 0);
	today_is("2027-11-21");
	assert_int_equal(rows_of(&s, WATCH_TRAINING, &r), 1);
	assert_int_equal(r.standing, ALARM_STANDS);
	assert_int_equal(r.person, person);
	OK(desk_alarms(s.d, &q, &set, E));
	for (size_t i = 0; i < set.n; i++)
		assert_int_not_equal(set.row[i].kind, WATCH_TRAINING);
	desk_alarms_free(&set);
	site_drop(&s);
}

/* A foreign clock-in is the platform's word (NJ 1): seven days to the exit; withdrawn, it is over. */
static void mismatch(void **state)
{
	struct changed_field fields[2] = {{"kind", NULL, "mismatch"}, {"subject", NULL, NULL}};
	struct change change = {.uid = "01970000-0000-7000-8000-000000000001",
				.kind = "alarm.alarm_raise",
				.subject = "01970000-0000-7000-8000-00000000a1a1",
				.note = "就职单位与考勤单位不一致",
				.field = fields,
				.n_fields = 2,
				.base = -1};
	enum applied result;
	struct db_person p;
	struct alarm_row r;
	struct site s;
	int64_t person;

	(void)state;
	site_make(&s, "nanjing");
	person = person_register(&s, 1, NULL);
	OK(db_person_get(s.d->store, person, &p, E));
	fields[1].to = p.uid;
	change.at_ms = now_ms;
	OK(desk_take_changes(s.d, &change, 1, NULL, &result, E));
	assert_int_equal(result, APPLIED);
	today_is("2026-11-26");
	assert_int_equal(rows_of(&s, WATCH_MISMATCH, &r), 1);
	assert_int_equal(r.standing, ALARM_COMES);
	assert_int_equal(r.due_on, day("2026-11-27"));
	assert_int_equal(r.person, person);
	today_is("2026-11-27");
	assert_int_equal(rows_of(&s, WATCH_MISMATCH, &r), 1);
	assert_int_equal(r.standing, ALARM_STANDS);
	change_arrives(&s, "alarm.alarm_withdraw", change.subject, APPLIED);
	assert_int_equal(rows_of(&s, WATCH_MISMATCH, NULL), 0);
	site_drop(&s);
}

/* F10: not set, not on duty this month; the threshold is unset. */
static void duty(void **state)
{
	struct alarm_row r;
	struct site s;
	int64_t person;

	(void)state;
	site_make(&s, "jiangmen");
	assert_int_equal(rows_of(&s, WATCH_DUTY, &r), 4);
	assert_string_equal(r.what, "没有设置");
	person = person_register(&s, 1, NULL);
	{
		struct db_member m;

		OK(db_member_get(s.d->store, s.d->project.id, person, &m, E));
		text_copy(m.trade, sizeof(m.trade), "P01");
		m.employment_state = EMPLOYMENT_REGISTERED;
		OK(store_begin(s.d->store, E));
		OK(db_member_save(s.d->store, &m, NULL, 0, E));
		OK(store_end(s.d->store, 0, E));
	}
	r = row_of(&s, WATCH_DUTY, "P01", 202611);
	assert_string_equal(r.what, "本月没有到岗");
	clocks(&s, person, "2026-11-20", "2026-11-20");
	assert_int_equal(row_of(&s, WATCH_DUTY, "P01", 202611).id, 0);
	site_drop(&s);
}

/* --- the clock
 * ----------------------------------------------------------------------------------------------------------------
 */

/* A box whose clock stands a year ahead, and one that was set back: the platform's day is believed, the jump
 * is named, nothing is raised. */
static void jumping_clock(void **state)
{
	struct alarm_row r;
	struct site s;
	int64_t real;

	(void)state;
	smart_site(&s);
	today_is("2026-11-30");
	real = now_ms;
	assert_int_equal(rows_of(&s, WATCH_CLOCK, NULL), 0);
	OK(desk_set_clock(s.d, 0, E));
	assert_int_equal(rows_of(&s, WATCH_CLOCK, NULL), 0);
	now_ms = real + 366 * 86400000LL;
	clock_fix_ms(now_ms);
	OK(desk_set_clock(s.d, real - now_ms, E));
	assert_int_equal(rows_of(&s, WATCH_CLOCK, &r), 1);
	assert_non_null(strstr(r.what, "2026-11-30"));
	assert_non_null(strstr(r.what, "2027-12-01"));
	assert_int_equal(rows_of(&s, WATCH_POST_RATE, NULL), 0); /* the grace runs yet */
	assert_int_equal(rows_of(&s, WATCH_SUPERVISOR, NULL), 0);
	now_ms = real - 40 * 86400000LL; /* set back behind what was heard */
	clock_fix_ms(now_ms);
	assert_int_equal(rows_of(&s, WATCH_CLOCK, NULL), 1);
	assert_int_equal(desk_checked_day(s.d), day("2026-11-30"));
	site_drop(&s);
}

/* --- every kind: on its day, not the day before; mended it is gone; a clock that jumps raises nothing ------------------------ */

static int64_t someone, spare;
static char employed[UID_TEXT];

static void arrives_with(struct site *s, const char *kind, const char *subject, const char *note)
{
	char uid[UID_TEXT];
	struct change c = {.uid = uid, .kind = kind, .subject = subject, .at_ms = now_ms, .by = "本人", .note = note};
	enum applied result;

	uid_new(uid);
	OK(desk_take_changes(s->d, &c, 1, uid, &result, E));
	assert_int_equal(result, APPLIED);
}

/* The threshold that a post's rows hang on is gone: nothing else withdraws them (CD 3.2.6). */
static void unrated(struct site *s)
{
	sheet_says(s, "area", "800");
}

static void a_holder(struct site *s)
{
	someone = holder(s, 1, SAFETY);
	clocks(s, someone, "2026-12-11", "2026-12-26");
}

/* A device delivers late: the day was clocked after all. */
static void clocked_after_all(struct site *s)
{
	clocks(s, someone, "2026-12-31", "2026-12-31");
}

static void filled(struct site *s)
{
	(void)holder(s, 2, SAFETY);
}

static void paid_who_never_came(struct site *s)
{
	for (unsigned i = 1; i <= 5; i++) {
		int64_t person = person_register(s, i, NULL);

		if (i != 4)
			clocks(s, person, "2026-12-03", "2026-12-03");
		if (i < 5)
			pays(s, person, day("2027-01-05"));
		else
			spare = person;
	}
}

static void paid_one_more(struct site *s)
{
	pays(s, spare, day("2027-01-11"));
}

static void unassociated(struct site *s)
{
	struct db_team t;

	OK(db_team_by_uid(s->d->store, s->team, &t, E));
	OK(store_begin(s->d->store, E));
	OK(db_team_relation(s->d->store, t.id, TEAM_OWN, TEAM_REQUESTED, date_today(), E));
	OK(store_end(s->d->store, 0, E));
}

static void associated(struct site *s)
{
	change_arrives(s, "team.association_confirmed", s->team, APPLIED);
}

#define FOREIGN "01970000-0000-7000-8000-00000000a1a1"

static void foreign_clocking(struct site *s)
{
	struct changed_field fields[2] = {{"kind", NULL, "mismatch"}, {"subject", NULL, NULL}};
	struct change change = {.uid = "01970000-0000-7000-8000-000000000001", .kind = "alarm.alarm_raise", .subject = FOREIGN,
				.note = "就职单位与考勤单位不一致", .field = fields, .n_fields = 2, .base = -1, .at_ms = now_ms};
	enum applied result;
	struct db_person p;

	OK(db_person_get(s->d->store, person_register(s, 1, NULL), &p, E));
	fields[1].to = p.uid;
	OK(desk_take_changes(s->d, &change, 1, NULL, &result, E));
	assert_int_equal(result, APPLIED);
}

static void foreign_withdrawn(struct site *s)
{
	change_arrives(s, "alarm.alarm_withdraw", FOREIGN, APPLIED);
}

/* Asked at noon: an answer within 24 hours, so that it stands at noon of the next day. */
static void asks_to_leave(struct site *s)
{
	someone = person_register(s, 1, NULL);
	(void)person_employment(s, someone, employed);
	change_arrives(s, "employment.consent", employed, APPLIED);
	if (person_employment(s, someone, NULL) == EMPLOYMENT_ACCEPTED) {
		person_act(s, someone, EVENT_REGISTER);
		change_arrives(s, "employment.done", employed, APPLIED);
	}
	arrives_with(s, "employment.ask_leave", employed, "回家收麦");
}

static void stays(struct site *s)
{
	change_arrives(s, "employment.take_back", employed, APPLIED);
}

static void employs(struct site *s)
{
	someone = person_register(s, 1, NULL);
}

static void contract_renewed(struct site *s)
{
	struct contract_new c = {.person = someone, .kind = "0", .price = -1, .starts_on = day("2029-01-01"), .ends_on = day("2030-12-31")};
	struct contract_row row;
	struct contract_query q = {.person = someone};
	struct contract_page page = {.row = &row, .cap = 1};
	int64_t id;

	OK(desk_contracts(s->d, &q, &page, E));
	c.renews = row.id;
	OK(desk_contract_add(s->d, &c, NULL, &id, E));
}

static void certified_to(struct site *s, const char *until)
{
	struct certificate_new c = {.person = someone, .kind = "01", .number = "TEST-2", .valid_to = day(until)};

	OK(desk_certificate_add(s->d, &c, E));
}

static void certified(struct site *s)
{
	employs(s);
	certified_to(s, "2026-12-31");
}

static void certified_anew(struct site *s)
{
	certified_to(s, "2029-01-01");
}

static void trained(struct site *s)
{
	struct training_new t = {.persons = &someone, .n = 1, .kind = "basic", .on = date_today()};

	OK(desk_training_add(s->d, &t, E));
}

static void trained_once(struct site *s)
{
	employs(s);
	(void)desk_training_add(s->d, &(struct training_new){.persons = &someone, .n = 1, .kind = "basic", .on = date_today()}, NULL);
}

static void applies_in_app(struct site *s)
{
	employs(s);
	OK(desk_app_record(s->d, someone, EVENT_APP_APPLY, DATE_NONE, E));
}

static void done_in_app(struct site *s)
{
	OK(desk_app_record(s->d, someone, EVENT_APP_DONE, DATE_NONE, E));
}

static void half_filed(struct site *s)
{
	struct outage_new o = {.to = DATE_NONE, .devices = 2, .covered = 1, .reason = "断电", .from = date_today()};

	OK(desk_outage_file(s->d, &o, E));
}

static void wholly_filed(struct site *s)
{
	struct filing_row f;
	size_t n;

	OK(desk_filing_list(s->d, &f, 1, &n, E));
	OK(desk_outage_cover(s->d, f.id, 2, E));
}

static void device_put_up(struct site *s)
{
	struct device_new device = {.serial = "LX-09", .place = "南门", .method = "gate", .biometric = "face", .way = "in"};

	OK(desk_device_add(s->d, &device, employed, E));
}

static void device_heard(struct site *s)
{
	unsigned char key[DESK_KEY_BYTES];
	struct device_row row;
	struct device_heard heard;

	OK(desk_device_by_serial(s->d, "LX-09", &row, E));
	heard = (struct device_heard){row.id, now_ms};
	OK(desk_export_key(s->d, key, E)); /* as the gateway has it */
	OK(desk_adopt_key(s->d, key, E));
	OK(desk_gateway_heard(s->d, &heard, 1, E));
	site_login(s, "clerk");
}

static void manager_unseen(struct site *s)
{
	struct db_member m;

	someone = person_register(s, 1, NULL);
	OK(db_member_get(s->d->store, s->d->project.id, someone, &m, E));
	text_copy(m.trade, sizeof(m.trade), "P01");
	m.employment_state = EMPLOYMENT_REGISTERED;
	OK(store_begin(s->d->store, E));
	OK(db_member_save(s->d->store, &m, NULL, 0, E));
	OK(store_end(s->d->store, 0, E));
}

static void manager_comes(struct site *s)
{
	clocks(s, someone, "2026-12-01", "2026-12-01");
}

/* As a card that is read again leaves it. */
static void card_says(struct site *s, const char *until)
{
	struct db_document d;

	OK(db_document_current(s->d->store, someone, &d, E));
	d.valid_to = day(until);
	OK(store_begin(s->d->store, E));
	OK(db_document_update(s->d->store, &d, E));
	OK(store_end(s->d->store, 0, E));
}

static void enters(struct site *s)
{
	someone = person_on_site(s, 1);
	card_says(s, "2026-12-31");
}

static void card_read_anew(struct site *s)
{
	card_says(s, "2046-12-31");
}

static void clock_wrong(struct site *s)
{
	OK(desk_set_clock(s->d, 3600000, E));
}

static void clock_right(struct site *s)
{
	OK(desk_set_clock(s->d, 0, E));
}

/* subject NULL: of whatever subject. before NULL: it is of this very moment, there is no day before. Looked at 6 in the morning; what began at 2 in the
 * afternoon of the 20th and has 24 hours stands on the 22nd then. */
static const struct day_case {
	enum alarm_kind kind;
	const char *profile, *subject;
	void (*cause)(struct site *s);
	const char *before, *on;
	void (*mend)(struct site *s);
} day_cases[] = {
	{WATCH_POST_RATE, "chengdu", SAFETY, a_holder, "2026-12-31", "2027-01-01", clocked_after_all},
	{WATCH_POST_VACANT, "chengdu", SAFETY, NULL, "2026-12-10", "2026-12-11", filled},
	{WATCH_SUPERVISOR, "chengdu", NULL, NULL, "2026-12-15", "2026-12-16", unrated},
	{WATCH_MATCH, "chengdu", NULL, paid_who_never_came, "2027-01-10", "2027-01-11", paid_one_more},
	{WATCH_CREDIT, "chengdu", "post", NULL, "2026-12-31", "2027-01-01", unrated},
	{WATCH_ASSOCIATION, "chengdu", NULL, unassociated, "2026-12-19", "2026-12-20", associated},
	{WATCH_MISMATCH, "nanjing", NULL, foreign_clocking, "2026-11-26", "2026-11-27", foreign_withdrawn},
	{WATCH_LEAVE, "shanghai", NULL, asks_to_leave, "2026-11-20", "2026-11-22", stays},
	{WATCH_CONTRACT, "chengdu", NULL, employs, "2028-12-31", "2029-01-01", contract_renewed},
	{WATCH_CERTIFICATE, "chengdu", NULL, certified, "2026-12-31", "2027-01-01", certified_anew},
	{WATCH_TRAINING, "chengdu", NULL, trained_once, "2027-11-20", "2027-11-21", trained},
	{WATCH_APP, "shanghai", NULL, applies_in_app, "2026-12-11", "2026-12-14", done_in_app},
	{WATCH_OUTAGE, "chengdu", NULL, half_filed, NULL, "2026-11-20", wholly_filed},
	{WATCH_DEVICE, "chengdu", NULL, device_put_up, "2026-11-21", "2026-11-22", device_heard},
	{WATCH_DUTY, "jiangmen", "P01", manager_unseen, NULL, "2026-12-01", manager_comes},
	{WATCH_CARD, "national", NULL, enters, "2026-12-31", "2027-01-01", card_read_anew},
	{WATCH_CLOCK, "national", NULL, clock_wrong, NULL, "2026-11-20", clock_right},
};

static size_t stand(struct site *s, const struct day_case *c)
{
	const struct alarm_query q = {.most = 500, .people = true};
	struct alarm_set set;
	size_t n = 0;

	OK(desk_alarms(s->d, &q, &set, E));
	for (size_t i = 0; i < set.n; i++)
		n += set.row[i].kind == c->kind && set.row[i].standing == ALARM_STANDS && (!c->subject || !strcmp(set.row[i].subject, c->subject));
	desk_alarms_free(&set);
	return n;
}

/* The platform's clock is right and heard: ours shows other days. */
static void clock_jumps(struct site *s, const struct day_case *c, int64_t by_ms)
{
	int64_t real = now_ms;

	now_ms = real + by_ms;
	clock_fix_ms(now_ms);
	OK(desk_set_clock(s->d, -by_ms, E));
	if (stand(s, c))
		fail_msg("%s: raised by a clock that jumps %lld days", alarm_kind_name(c->kind), (long long)(by_ms / 86400000));
	now_ms = real;
	clock_fix_ms(now_ms);
	OK(desk_set_clock(s->d, 0, E));
}

static void day_by_day(struct site *s, const struct day_case *c)
{
	const char *name = alarm_kind_name(c->kind);

	if (c->cause)
		c->cause(s);
	if (c->before) {
		today_is(c->before);
		OK(desk_set_clock(s->d, 0, E));
		if (stand(s, c))
			fail_msg("%s: stands on %s", name, c->before);
		clock_jumps(s, c, 400 * 86400000LL);
		clock_jumps(s, c, -400 * 86400000LL);
	}
	today_is(c->on);
	if (c->before)
		OK(desk_set_clock(s->d, 0, E));
	if (!stand(s, c))
		fail_msg("%s: does not stand on %s", name, c->on);
	c->mend(s);
	if (stand(s, c))
		fail_msg("%s: stands though it was mended", name);
}

static void every_kind_has_its_day(void **state)
{
	bool had[WATCH_KINDS] = {false};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(day_cases); i++) {
		struct site s;

		if (strcmp(day_cases[i].profile, "chengdu"))
			site_make(&s, day_cases[i].profile);
		else
			smart_site(&s);
		day_by_day(&s, &day_cases[i]);
		site_drop(&s);
		had[day_cases[i].kind] = true;
	}
	for (int k = 0; k < WATCH_KINDS; k++)
		if (!had[k])
			fail_msg("%s: no case", alarm_kind_name((enum alarm_kind)k));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_month_missed), cmocka_unit_test(the_platforms_word),
		cmocka_unit_test(three_alarms),	  cmocka_unit_test(vacancy),
		cmocka_unit_test(five_days),	  cmocka_unit_test(outage), cmocka_unit_test(wages),
		cmocka_unit_test(association),	  cmocka_unit_test(runs_out),
		cmocka_unit_test(mismatch), cmocka_unit_test(training_lapses),	  cmocka_unit_test(duty),
		cmocka_unit_test(jumping_clock), cmocka_unit_test(every_kind_has_its_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
