/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Key posts (F3–F5): what a site demands, who may hold a post and why not, review and change, vacancy,
 * absence and outages filed, and what each month's attendance comes to (CD 3.2.3–3.2.6).
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk/dossier.h"
#include "desk/particulars.h"
#include "desk/post.h"
#include "desk/project.h"
#include "desk/undo.h"
#include "desk_private.h"
#include "desk_site.h"
#include "store/attendance.h"
#include "store/person.h"

#define DAY 86400000LL
#define SAFETY "P08" /* safety officer: two certificates, two seats where the firm is from outside */

#define REFUSED_WHY(call, expected, words)                                                                   \
	do {                                                                                                 \
		struct err e_ = {ERR_NONE};                                                                  \
		assert_int_not_equal((call), 0);                                                             \
		if (e_.code != (expected) || !strstr(e_.detail, words))                                      \
			fail_msg("%s: %s: %s (expected %s)", #call, err_name(e_.code), e_.detail, words);    \
	} while (0)

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

/* A smart site of a local firm, filed on the day before the box came to know it. */
static void smart_site(struct site *s)
{
	site_make(s, "chengdu");
	sheet_says(s, "kind", "房建");
	sheet_says(s, "area", "32000");
	sheet_says(s, "standing", "local");
	sheet_says(s, "filed_on", "2026-11-25");
}

static struct post_row seat_of(struct site *s, const char *post, int seat)
{
	struct post_row *rows = calloc(POST_SEATS, sizeof(*rows)), out = {.seat = 0};
	size_t n;

	OK(desk_posts(s->d, rows, POST_SEATS, &n, E));
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].post, post) == 0 && rows[i].seat == seat)
			out = rows[i];
	free(rows);
	assert_int_equal(out.seat, seat);
	return out;
}

static size_t seats(struct site *s)
{
	struct post_row *rows = calloc(POST_SEATS, sizeof(*rows));
	size_t n;

	OK(desk_posts(s->d, rows, POST_SEATS, &n, E));
	free(rows);
	return n;
}

static void holds(struct site *s, int64_t person, const char *kind, const char *until)
{
	struct certificate_new c = {.person = person, .kind = kind, .number = "TEST-0001"};

	assert_true(date_parse(until, &c.valid_to));
	OK(desk_certificate_add(s->d, &c, E));
}

static int act(struct site *s, enum event event, const char *post, int64_t person, struct err *e)
{
	return desk_post_act(
		s->d,
		&(struct post_act){
			.event = event, .post = post, .seat = 1, .person = person, .on = DATE_NONE},
		e);
}

static int64_t officer(struct site *s, unsigned n)
{
	int64_t person = person_register(s, n, NULL);

	holds(s, person, "AQY", "2030-01-01");
	holds(s, person, "AKC", "2030-01-01");
	return person;
}

/* Every day of from..to, each once, as a device would have it. */
static void clocks(struct site *s, int64_t person, const char *from, const char *to)
{
	struct db_assignment a;
	date_t first, last;
	size_t n;

	assert_true(date_parse(from, &first) && date_parse(to, &last));
	OK(db_assignment_list(s->d->store, person, &a, 1, &n, E));
	OK(store_begin(s->d->store, E));
	for (date_t d = first; d <= last; d++) {
		struct db_attendance row = {.project = s->d->project.id,
					    .person = person,
					    .assignment = a.id,
					    .at_ms = date_begin_ms(d) + 8 * 3600000,
					    .way = CLOCK_IN,
					    .means = CLOCK_FACE,
					    .source = CLOCK_BY_DEVICE};
		struct clock_rules rules = {.shift_hours = 16, .break_hours = 4};
		int64_t id;
		bool fresh;

		OK(db_attendance_insert(s->d->store, &row, &fresh, &id, E));
		OK(db_attendance_fold(s->d->store, &rules, row.project, person, row.at_ms, E));
	}
	OK(store_end(s->d->store, 0, E));
}

static void today_is(const char *day)
{
	date_t d;

	assert_true(date_parse(day, &d));
	now_ms = date_begin_ms(d) + 6 * 3600000;
	clock_fix_ms(now_ms);
}

static struct month month(const char *day)
{
	date_t d;

	assert_true(date_parse(day, &d));
	return month_of(d);
}

/* --- what is demanded
 * ------------------------------------------------------------------------------------------ */

/* 6 of a local firm, 12 of one from outside or watched, besides manager, chief and specialist supervisors;
 * small sites lock all of them elsewhere. */
static void demanded(void **state)
{
	struct post_site site;
	struct site s;

	(void)state;
	smart_site(&s);
	assert_int_equal(seats(&s), 3 + 6);
	assert_false(seat_of(&s, SAFETY, 1).locked);
	assert_true(seat_of(&s, "P01", 1).locked);
	OK(desk_post_site(s.d, &site, E));
	assert_true(site.smart && site.rated);
	sheet_says(&s, "standing", "outside");
	assert_int_equal(seats(&s), 3 + 12);
	sheet_says(&s, "standing", "watched");
	assert_int_equal(seats(&s), 3 + 12);
	sheet_says(&s, "area", "4999");
	OK(desk_post_site(s.d, &site, E));
	assert_false(site.smart || site.rated);
	assert_true(seat_of(&s, SAFETY, 1).locked);
	sheet_says(&s, "area", "5000");
	OK(desk_post_site(s.d, &site, E));
	assert_true(site.smart);
	sheet_says(&s, "kind", "rail");
	sheet_says(&s, "cost", "4999.9"); /* ten thousands of yuan */
	OK(desk_post_site(s.d, &site, E));
	assert_false(site.smart);
	sheet_says(&s, "cost", "5000");
	OK(desk_post_site(s.d, &site, E));
	assert_true(site.smart);
	site_drop(&s);
	site_make(&s, "jiangmen");
	assert_int_equal(seats(&s), 0);
	site_drop(&s);
}

/* --- who may
 * ---------------------------------------------------------------------------------------------------- */

static void candidates(void **state)
{
	struct candidate row[8];
	struct candidate_page page = {.row = row, .cap = 8};
	struct candidate_query q = {.post = SAFETY, .seat = 1, .all = true};
	struct site s;
	int64_t none, lapsed, good;

	(void)state;
	smart_site(&s);
	none = person_register(&s, 1, NULL);
	lapsed = person_register(&s, 2, NULL);
	good = officer(&s, 3);
	holds(&s, lapsed, "AQY", "2026-11-19");
	holds(&s, lapsed, "AKC", "long-term");
	OK(desk_post_candidates(s.d, &q, &page, E));
	assert_int_equal(page.n, 3);
	for (size_t i = 0; i < page.n; i++) {
		assert_int_equal(row[i].can, row[i].person == good);
		if (row[i].person == none)
			assert_non_null(strstr(row[i].why, "安全员证、安全生产考核合格证 C 证"));
		if (row[i].person == lapsed)
			assert_non_null(strstr(row[i].why, "安全员证（已过期）"));
	}
	REFUSED_WHY(act(&s, EVENT_POST_FILL, SAFETY, none, E), ERR_FORBIDDEN, "缺少证书");
	REFUSED_WHY(act(&s, EVENT_POST_FILL, "P01", good, E), ERR_FORBIDDEN, "审核");
	REFUSED_WHY(act(&s, EVENT_POST_PROPOSE, SAFETY, good, E), ERR_FORBIDDEN, "不用审核");
	REFUSED_WHY(act(&s, EVENT_POST_FILL, "P10", good, E), ERR_FORBIDDEN, "没有这个岗位");
	REFUSED_WHY(desk_post_act(s.d,
				  &(struct post_act){.event = EVENT_POST_FILL,
						     .post = SAFETY,
						     .seat = 2,
						     .person = good,
						     .on = DATE_NONE},
				  E),
		    ERR_FORBIDDEN, "没有这个岗位"); /* a local firm has one seat */
	OK(act(&s, EVENT_POST_FILL, SAFETY, good, E));
	assert_int_equal(seat_of(&s, SAFETY, 1).person, good);
	REFUSED_WHY(act(&s, EVENT_POST_FILL, "P07", good, E), ERR_FORBIDDEN, "已任安全员");
	OK(act(&s, EVENT_POST_FILL, "P07", none, E)); /* none is asked for */
	site_drop(&s);
}

/* Proposed, turned down: as it was; proposed, approved by a message: the new one. */
static void reviewed(void **state)
{
	struct site s;
	int64_t first, second;

	(void)state;
	smart_site(&s);
	first = person_register(&s, 1, NULL);
	second = person_register(&s, 2, NULL);
	OK(act(&s, EVENT_POST_PROPOSE, "P01", first, E));
	assert_int_equal(seat_of(&s, "P01", 1).state, POST_NOMINATED);
	OK(act(&s, EVENT_POST_TURN_DOWN, "P01", 0, E));
	assert_int_equal(seat_of(&s, "P01", 1).state, POST_VACANT);
	OK(act(&s, EVENT_POST_PROPOSE, "P01", first, E));
	OK(act(&s, EVENT_POST_APPROVE, "P01", 0, E));
	assert_int_equal(seat_of(&s, "P01", 1).person, first);
	OK(act(&s, EVENT_POST_PROPOSE, "P01", second, E));
	assert_int_equal(seat_of(&s, "P01", 1).person, first);
	change_arrives(&s, "post.post_approve", seat_of(&s, "P01", 1).uid, APPLIED);
	assert_int_equal(seat_of(&s, "P01", 1).person, second);
	assert_int_equal(seat_of(&s, "P01", 1).state, POST_FILLED);
	site_drop(&s);
}

/* Set, reported with what it rests on, taken back while it is here. */
static void reported_and_undone(void **state)
{
	struct platform *platform = calloc(1, sizeof(*platform));
	struct undo_row row;
	struct site s;
	int64_t person;
	bool more;
	size_t n;

	(void)state;
	smart_site(&s);
	person = officer(&s, 1);
	OK(act(&s, EVENT_POST_FILL, SAFETY, person, E));
	OK(desk_undo_list(s.d, true, 0, &row, 1, &n, &more, E));
	assert_string_equal(row.what, "设置岗位人员");
	OK(desk_undo(s.d, row.act, E));
	assert_int_equal(seat_of(&s, SAFETY, 1).person, 0);
	OK(act(&s, EVENT_POST_FILL, SAFETY, person, E));
	OK(desk_absence_file(
		s.d,
		&(struct absence_new){
			.post = SAFETY, .seat = 1, .from = date_today(), .to = DATE_NONE, .reason = "开会"},
		E));
	site_send_all(&s);
	site_drain(&s, platform, NULL);
	assert_int_equal(platform_count(platform, "post.fill"), 1);
	assert_int_equal(platform_count(platform, "post.absence"), 1);
	assert_int_equal(platform->out_of_order, 0);
	free(platform);
	site_drop(&s);
}

/* Roles are asked in the desk. */
static void who_may_not(void **state)
{
	struct site s;
	int64_t person;

	(void)state;
	smart_site(&s);
	person = officer(&s, 1);
	site_login(&s, "manager");
	OK(desk_account_add(s.d,
			    &(struct account_new){.name = "gate",
						  .display = "门卫",
						  .password = PASSWORD,
						  .roles = ROLE_SITE_OPERATOR,
						  .kdf_mib = 8},
			    E));
	site_login(&s, "gate");
	REFUSED_WHY(act(&s, EVENT_POST_FILL, SAFETY, person, E), ERR_NOT_PERMITTED, "");
	REFUSED_WHY(desk_absence_file(s.d,
				      &(struct absence_new){.post = SAFETY,
							    .seat = 1,
							    .from = date_today(),
							    .to = DATE_NONE,
							    .reason = "开会"},
				      E),
		    ERR_NOT_PERMITTED, "");
	site_login(&s, "clerk");
	OK(act(&s, EVENT_POST_FILL, SAFETY, person, E));
	site_drop(&s);
}

/* --- days
 * ------------------------------------------------------------------------------------------------------- */

/* Filed 25 November: grace to 10 December, 21 days of December, 17 needed. The grace's own days count for
 * nothing. */
static void a_month(void **state)
{
	struct post_rate r;
	struct site s;
	int64_t one, two;
	bool reckoned;

	(void)state;
	smart_site(&s);
	one = officer(&s, 1);
	two = officer(&s, 2);
	OK(act(&s, EVENT_POST_FILL, SAFETY, one, E));
	clocks(&s, one, "2026-12-01", "2026-12-20");
	clocks(&s, two, "2026-12-15", "2026-12-31");
	today_is("2026-12-15");
	OK(act(&s, EVENT_POST_FILL, SAFETY, two, E)); /* changes hands: on the 15th either counts */
	r = seat_of(&s, SAFETY, 1).rate;
	assert_int_equal(r.counting, 21);
	assert_int_equal(r.needed, 17);
	today_is("2026-12-25");
	OK(act(&s, EVENT_POST_VACATE, SAFETY, 0, E));
	today_is("2027-01-01");
	OK(desk_post_month(s.d, &(struct post_row){.post = SAFETY, .seat = 1}, month("2026-12-01"), &r,
			   &reckoned, E));
	assert_true(reckoned);
	assert_int_equal(r.present,
			 15); /* 11 to 25 December; what she clocked after it was vacated is her own */
	assert_false(r.met);
	OK(desk_post_month(s.d, &(struct post_row){.post = SAFETY, .seat = 1}, month("2026-11-01"), &r,
			   &reckoned, E));
	assert_false(reckoned); /* before the grace was over */
	OK(desk_post_month(s.d, &(struct post_row){.post = "P07", .seat = 1}, month("2026-12-01"), &r,
			   &reckoned, E));
	assert_true(reckoned); /* never filled: vacancies count */
	assert_int_equal(r.present, 0);
	site_drop(&s);
}

/* Months whose beginning this box did not see are not reckoned. */
static void unknown_months(void **state)
{
	struct post_rate r;
	struct site s;
	bool reckoned;

	(void)state;
	smart_site(&s);
	sheet_says(&s, "filed_on", "2026-09-01");
	assert_true(seat_of(&s, SAFETY, 1).partial); /* of November it has seen a part */
	today_is("2026-12-05");
	assert_false(seat_of(&s, SAFETY, 1).partial);
	OK(desk_post_month(s.d, &(struct post_row){.post = SAFETY, .seat = 1}, month("2026-10-01"), &r,
			   &reckoned, E));
	assert_false(reckoned);
	OK(desk_post_month(s.d, &(struct post_row){.post = SAFETY, .seat = 1}, month("2026-11-01"), &r,
			   &reckoned, E));
	assert_false(reckoned);
	OK(desk_post_month(s.d, &(struct post_row){.post = SAFETY, .seat = 1}, month("2026-12-01"), &r,
			   &reckoned, E));
	assert_true(reckoned);
	assert_int_equal(r.counting, 31);
	sheet_says(&s, "supervised_on", "2026-11-19"); /* where it is known it comes before the filing */
	OK(desk_post_month(s.d, &(struct post_row){.post = SAFETY, .seat = 1}, month("2026-12-01"), &r,
			   &reckoned, E));
	assert_int_equal(r.counting, 27);
	site_drop(&s);
}

/* The day on which absence is filed does not count, no other; devices off count once all are covered; a
 * stopped project counts no days. */
static void days_that_do_not_count(void **state)
{
	struct absence_new a = {.post = SAFETY, .seat = 1, .to = DATE_NONE, .reason = "开会"};
	struct outage_new o = {.to = DATE_NONE, .devices = 2, .covered = 1, .reason = "断电"};
	struct filing_row rows[8];
	struct site s;
	size_t n;

	(void)state;
	smart_site(&s);
	today_is("2026-12-14");
	a.from = date_today();
	REFUSED_WHY(desk_absence_file(s.d, &a, E), ERR_FORBIDDEN, "空缺");
	OK(act(&s, EVENT_POST_FILL, SAFETY, officer(&s, 1), E));
	assert_int_equal(seat_of(&s, SAFETY, 1).rate.counting, 21);
	a.reason = "";
	REFUSED_WHY(desk_absence_file(s.d, &a, E), ERR_FINDINGS, "原因");
	a.reason = "开会";
	a.from = date_today() - 1;
	REFUSED_WHY(desk_absence_file(s.d, &a, E), ERR_FINDINGS, "当天");
	a.from = date_today() + 1;
	REFUSED_WHY(desk_absence_file(s.d, &a, E), ERR_FINDINGS, "当天");
	a.from = date_today();
	a.to = a.from + 3;
	REFUSED_WHY(desk_absence_file(s.d, &a, E), ERR_FINDINGS, "当天");
	a.to = DATE_NONE;
	OK(desk_absence_file(s.d, &a, E));
	REFUSED_WHY(desk_absence_file(s.d, &a, E), ERR_FINDINGS, "已经报备");
	assert_int_equal(seat_of(&s, SAFETY, 1).rate.counting, 20);
	assert_true(seat_of(&s, SAFETY, 1).filed_today);
	assert_int_equal(seat_of(&s, "P07", 1).rate.counting, 21); /* another post's days go on */
	o.from = date_today() - 2;
	o.to = date_today() - 1;
	OK(desk_outage_file(s.d, &o, E));
	assert_int_equal(seat_of(&s, "P07", 1).rate.counting, 21);
	OK(desk_filing_list(s.d, rows, 8, &n, E));
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++)
		if (rows[i].devices) {
			assert_false(rows[i].counts);
			OK(desk_outage_cover(s.d, rows[i].id, 2, E));
		}
	assert_int_equal(seat_of(&s, "P07", 1).rate.counting, 19);
	OK(desk_filing_list(s.d, rows, 8, &n, E));
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++)
		if (!rows[i].devices)
			OK(desk_filing_remove(s.d, rows[i].id, "改派了人", E));
	assert_int_equal(seat_of(&s, SAFETY, 1).rate.counting, 19);
	today_is("2026-12-20");
	OK(desk_project_act(s.d, EVENT_STOP, DATE_NONE, E));
	assert_int_equal(seat_of(&s, "P07", 1).rate.counting, 7); /* 11, 14 to 19 December */
	today_is("2026-12-24");
	OK(desk_project_act(s.d, EVENT_RESUME, DATE_NONE, E));
	assert_int_equal(seat_of(&s, "P07", 1).rate.counting, 15);
	site_drop(&s);
}

/* The chief supervisor: five days in a row, no rate. */
static void supervisor(void **state)
{
	struct post_row row;
	struct site s;
	int64_t person;

	(void)state;
	smart_site(&s);
	person = person_register(&s, 1, NULL);
	OK(act(&s, EVENT_POST_PROPOSE, POST_SUPERVISOR, person, E));
	OK(act(&s, EVENT_POST_APPROVE, POST_SUPERVISOR, 0, E));
	clocks(&s, person, "2026-12-11", "2026-12-12");
	today_is("2026-12-17");
	row = seat_of(&s, POST_SUPERVISOR, 1);
	assert_true(row.five_days && !row.rated);
	assert_int_equal(row.absence.days, 4);
	assert_false(row.absence.raised);
	today_is("2026-12-18");
	assert_true(seat_of(&s, POST_SUPERVISOR, 1).absence.raised);
	site_drop(&s);
}

/* Who left is as good as a vacancy. */
static void holder_left(void **state)
{
	struct site s;
	int64_t person;

	(void)state;
	smart_site(&s);
	person = officer(&s, 1);
	OK(act(&s, EVENT_POST_FILL, SAFETY, person, E));
	assert_false(seat_of(&s, SAFETY, 1).gone);
	person_act(&s, person, EVENT_DIED);
	assert_true(seat_of(&s, SAFETY, 1).gone);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(demanded),	  cmocka_unit_test(candidates),
		cmocka_unit_test(reviewed),	  cmocka_unit_test(reported_and_undone),
		cmocka_unit_test(who_may_not),	  cmocka_unit_test(a_month),
		cmocka_unit_test(unknown_months), cmocka_unit_test(days_that_do_not_count),
		cmocka_unit_test(supervisor),	  cmocka_unit_test(holder_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
