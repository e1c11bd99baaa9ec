/* SPDX-License-Identifier: GPL-3.0-or-later */
/* F1: who may clock, by what means, what is kept for ever, what comes twice, what goes up and what arrives.
 */
#include "desk/attendance.h"

#include <string.h>

#include "attendance.h"
#include "desk/project.h"
#include "desk/undo.h"
#include "desk_site.h"
#include "store/store.h"
#include "store/vault.h"

#define HOUR 3600000LL
#define DAY 86400000LL

static struct verdict clock_him(struct site *s, const struct clocking *c, struct clocked *out)
{
	struct verdict v;

	OK(desk_clock(s->d, c, &v, out, E));
	return v;
}

/* The runner's session, as the gateway has it. */
static void as_runner(struct site *s)
{
	unsigned char key[DESK_KEY_BYTES];

	OK(desk_export_key(s->d, key, E));
	OK(desk_adopt_key(s->d, key, E));
	OK(desk_project_use(s->d, 1, E));
}

static void at_the_desk(void **state)
{
	struct clocking c = {.means = CLOCK_WORKER_CODE, .source = CLOCK_AT_DESK};
	struct clock_row rows[8];
	struct clocked out;
	struct verdict v;
	struct site s;
	uint32_t days;
	int64_t last;
	size_t n;

	(void)state;
	site_make(&s, "shanghai");
	c.person = person_on_site(&s, 1);
	v = clock_him(&s, &c, &out);
	assert_true(v.can);
	assert_int_equal(out.way, CLOCK_IN); /* nothing before: in */
	assert_int_equal(out.at_ms, now_ms);
	assert_true(out.reported && !out.again);
	clock_add(30 * 1000);
	v = clock_him(&s, &c, &out); /* the scanner read twice */
	assert_true(v.can && out.again);
	clock_add(4 * HOUR);
	clock_him(&s, &c, &out);
	assert_int_equal(out.way, CLOCK_OUT);
	assert_false(out.again);
	OK(desk_clock_list(s.d, c.person, NULL, rows, 8, &n, E));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].way, CLOCK_OUT);
	assert_int_equal(rows[1].means, CLOCK_WORKER_CODE);
	OK(desk_clock_list(s.d, 0, &rows[0], rows, 8, &n, E));
	assert_int_equal(n, 1);
	OK(desk_attended(s.d, c.person, month_of(date_today()), &days, &last, E));
	assert_int_equal(days, 1u << 19); /* the 20th */
	assert_int_equal(last, out.at_ms);
	site_drop(&s);
}

/* What the region does not permit, who is not on site, who may not, what is later than now. */
static void refused(void **state)
{
	struct clocking c = {.means = CLOCK_CARD, .source = CLOCK_AT_DESK};
	struct clocked out;
	struct err e = {0};
	struct verdict v;
	struct site s;
	size_t n;
	struct clock_row rows[4];

	(void)state;
	site_make(&s, "shanghai");
	c.person = person_register(&s, 1, NULL);
	v = clock_him(&s, &c, &out);
	assert_false(v.can);
	assert_non_null(strstr(v.why, "刷身份证")); /* off by default */
	c.means = CLOCK_WORKER_CODE;
	v = clock_him(&s, &c, &out);
	assert_false(v.can);
	assert_non_null(strstr(v.why, "还没有进场"));
	assert_non_null(strstr(v.would, "进场"));
	c.person = person_on_site(&s, 2);
	assert_int_equal(desk_clock(s.d,
				    &(struct clocking){.person = c.person,
						       .means = CLOCK_FACE,
						       .source = CLOCK_BY_DEVICE,
						       .device = "A1"},
				    &v, &out, &e),
			 -1);
	assert_int_equal(e.code, ERR_NOT_PERMITTED); /* an account is no device */
	c.at_ms = now_ms - HOUR;
	assert_int_equal(desk_clock(s.d, &c, &v, &out, &e), -1); /* none is made for another moment */
	c.at_ms = 0;
	person_act(&s, c.person, EVENT_EXIT);
	v = clock_him(&s, &c, &out);
	assert_true(v.can); /* still his last day */
	clock_add(DAY);
	v = clock_him(&s, &c, &out);
	assert_false(v.can);
	assert_non_null(strstr(v.why, "已经退场"));
	OK(desk_clock_list(s.d, 0, NULL, rows, 4, &n, E));
	assert_int_equal(n, 1);
	as_runner(&s);
	v = clock_him(&s,
		      &(struct clocking){.person = c.person,
					 .means = CLOCK_FACE,
					 .source = CLOCK_BY_DEVICE,
					 .device = "A1",
					 .at_ms = now_ms + HOUR},
		      &out);
	assert_false(v.can);
	assert_non_null(strstr(v.why, "晚于"));
	site_drop(&s);
}

/* Received twice counts once; what comes late and out of order makes the same days. */
static void devices(void **state)
{
	struct site s;
	struct clocked out;
	struct clock_day days[8];
	struct clocking c = {.means = CLOCK_FACE, .source = CLOCK_BY_DEVICE, .device = "SN-0001"};
	int64_t entered, at[] = {10, 6, 34, 30, 20}; /* hours after the entry's midnight + 24 */
	enum clock_way way[] = {CLOCK_OUT, CLOCK_IN, CLOCK_OUT, CLOCK_IN, CLOCK_IN};
	size_t n;

	(void)state;
	site_make(&s, "shanghai");
	c.person = person_on_site(&s, 1);
	entered = date_begin_ms(date_today());
	clock_add(4 * DAY);
	as_runner(&s);
	for (int twice = 0; twice < 2; twice++)
		for (size_t i = 0; i < 5; i++) {
			c.at_ms = entered + DAY + at[i] * HOUR;
			c.way = way[i];
			assert_true(clock_him(&s, &c, &out).can);
			assert_int_equal(out.again, twice);
		}
	OK(desk_attended_days(s.d, c.person, date_today() - 10, date_today(), days, 8, &n, E));
	assert_int_equal(n, 2);
	assert_int_equal(days[0].n, 3); /* 06 in, 10 out, 20 in */
	assert_int_equal(days[1].n, 2); /* next day 06 in, 10 out */
	assert_int_equal(days[1].day - days[0].day, 1);
	site_drop(&s);
}

/* Goes up with everything it rests on; comes from elsewhere once and is not sent back. */
static void up_and_down(void **state)
{
	static struct platform p;
	struct clocking c = {.means = CLOCK_WORKER_CODE, .source = CLOCK_AT_DESK};
	struct changed_field fields[] = {
		{"person", "", NULL}, {"direction", "", "in"}, {"means", "", "site_code"}};
	struct change change = {.kind = "attendance.clock", .n_fields = 3, .field = fields};
	char uid[UID_TEXT], subject[UID_TEXT];
	struct person_file file;
	struct clock_row rows[8];
	enum applied applied;
	struct clocked out;
	struct site s;
	size_t n;

	(void)state;
	site_make(&s, "shanghai");
	memset(&p, 0, sizeof(p));
	c.person = person_on_site(&s, 1);
	assert_true(clock_him(&s, &c, &out).can);
	site_send_all(&s);
	site_drain(&s, &p, NULL);
	assert_int_equal(platform_count(&p, "attendance.clock"), 1);
	assert_int_equal(p.out_of_order, 0);
	OK(desk_person_file(s.d, c.person, &file, E));
	assert_false(file.row.waiting); /* clockings mark nobody */
	fields[0].to = file.uid;
	uid_new(uid);
	uid_new(subject);
	change.uid = uid;
	change.subject = subject;
	change.at_ms = now_ms - HOUR;
	OK(desk_take_changes(s.d, &change, 1, NULL, &applied, E));
	assert_int_equal(applied, APPLIED);
	uid_new(uid);
	OK(desk_take_changes(s.d, &change, 1, NULL, &applied, E));
	assert_int_equal(applied, APPLIED_BEFORE);
	OK(desk_clock_list(s.d, c.person, NULL, rows, 8, &n, E));
	assert_int_equal(n, 2);
	assert_int_equal(rows[1].means, CLOCK_SITE_CODE);
	assert_int_equal(rows[1].source, CLOCK_BY_PLATFORM);
	site_send_all(&s);
	site_drain(&s, &p, NULL);
	assert_int_equal(platform_count(&p, "attendance.clock"), 1); /* not sent back */
	site_drop(&s);
}

/* None can be altered or removed, whoever writes SQL. */
static void append_only(void **state)
{
	struct clocking c = {.means = CLOCK_WORKER_CODE, .source = CLOCK_AT_DESK};
	struct err e = {0};
	struct clocked out;
	struct undo_row undo[16];
	struct site s;
	size_t n, before;
	bool more;

	(void)state;
	site_make(&s, "shanghai");
	c.person = person_on_site(&s, 1);
	OK(desk_undo_list(s.d, false, 0, undo, 16, &before, &more, E));
	clock_him(&s, &c, &out);
	OK(store_begin(s.d->store, E));
	assert_int_equal(db_attendance_reported(s.d->store, out.id, 1, &e), -1);
	OK(store_end(s.d->store, 0, E));
	OK(desk_undo_list(s.d, false, 0, undo, 16, &n, &more, E));
	assert_int_equal(n, before); /* not among what can be taken back */
	site_drop(&s);
}

static void sheet_of(struct site *s, struct month m, struct sheet_row *rows, size_t *n)
{
	struct sheet_query q = {.month = m};
	struct sheet_page page = {.row = rows, .cap = 1};

	*n = 0;
	do { /* a page a person: nobody twice, nobody left out */
		page.row = &rows[*n];
		OK(desk_month_sheet(s->d, &q, &page, E));
		*n += page.n;
		q.after = page.last;
	} while (page.more);
}

/* F2, B5: who was there, √ a day, the rate over the month's days without those on which the project stood still. */
static void month_sheet(void **state)
{
	struct clocking c = {.means = CLOCK_FACE, .source = CLOCK_BY_DEVICE, .device = "SN-1"};
	struct month november, december;
	struct sheet_row rows[8];
	struct clocked out;
	struct site s;
	uint32_t stopped;
	char words[120];
	size_t n;

	(void)state;
	site_make(&s, "shanghai"); /* 20 November 2026 */
	november = month_of(date_today());
	december = month_next(november, 1);
	c.person = person_on_site(&s, 1);
	person_register(&s, 2, NULL); /* never on site: not in the sheet */
	clock_add(12 * DAY);	       /* 2 December */
	as_runner(&s);
	for (int day = 0; day < 8; day++) {
		c.at_ms = date_begin_ms(november.first + 20 + day) + 8 * HOUR;
		assert_true(clock_him(&s, &c, &out).can);
	}
	site_login(&s, "clerk");
	sheet_of(&s, november, rows, &n);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].person, c.person);
	assert_int_equal(rows[0].attended, 8);
	assert_int_equal(days_in(rows[0].there), 11); /* from the 20th */
	assert_int_equal(rows[0].counted, 30);
	assert_int_equal(rows[0].rate, 2666); /* 8 of 30 */
	OK(desk_presence_words(s.d, c.person, words, sizeof(words), E));
	assert_non_null(strstr(words, "4 天前"));
	site_login(&s, "manager");
	OK(desk_project_act(s.d, EVENT_STOP, DATE_NONE, E));
	clock_add(10 * DAY); /* 12 December */
	OK(desk_project_act(s.d, EVENT_RESUME, DATE_NONE, E));
	OK(desk_stopped_days(s.d, december, &stopped, E));
	assert_int_equal(stopped, 0x7feu); /* the 2nd to the 11th */
	sheet_of(&s, december, rows, &n);
	assert_int_equal(rows[0].counted, 21);
	sheet_of(&s, month_next(november, -1), rows, &n);
	assert_int_equal(n, 0);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_the_desk), cmocka_unit_test(refused),     cmocka_unit_test(devices),
		cmocka_unit_test(up_and_down), cmocka_unit_test(append_only), cmocka_unit_test(month_sheet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
