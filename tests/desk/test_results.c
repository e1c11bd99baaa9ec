/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Upload results by kind, again in one go, one now, by hand, the whole (G1, G2, K4). */
#include <string.h>

#include "desk_site.h"

#include "base/text.h"
#include "desk/results.h"

static struct platform platform;

static struct area_row area(struct site *s, const char *name)
{
	struct area_row rows[UPLOAD_AREAS];
	int at = 0;

	assert_true(upload_area_parse(name, &at));
	OK(desk_upload_areas(s->d, rows, E));
	return rows[at - 1];
}

static void fresh(struct site *s)
{
	memset(&platform, 0, sizeof(platform));
	site_make(s, "national");
}

static void results__by_kind(void **state)
{
	struct outbox_row row[8];
	struct outbox_page page = {.row = row, .cap = 8};
	struct area_row people;
	struct site s;
	int64_t n = -1;
	int at = 0;

	(void)state;
	fresh(&s);
	for (unsigned i = 1; i <= 3; i++)
		person_register(&s, i, NULL);
	assert_int_equal(area(&s, "person").open, 3);
	assert_int_equal(area(&s, "attendance").open, 0);
	text_copy(platform.refuse_kind, sizeof(platform.refuse_kind), "person.add");
	text_copy(platform.refuse_code, sizeof(platform.refuse_code), "phone");
	site_send_all(&s);
	site_drain(&s, &platform, NULL);
	people = area(&s, "person");
	assert_int_equal(people.refused + people.accepted + people.open, 3);
	assert_true(people.refused > 0);
	/* refused ones first */
	assert_true(upload_area_parse("person", &at));
	OK(desk_upload_of_area(s.d, at, 0, 0, &page, E));
	assert_int_equal(page.n, 3);
	assert_int_equal(row[0].state, OUTBOX_REJECTED);
	/* all of a kind in one go; of another kind none */
	assert_true(upload_area_parse("team", &at));
	OK(desk_outbox_retry_all(s.d, at, &n, E));
	assert_int_equal(n, 0);
	OK(desk_outbox_retry_all(s.d, 0, &n, E));
	assert_true(n >= people.refused);
	assert_int_equal(area(&s, "person").refused, 0);
	platform.refuse_kind[0] = '\0';
	site_drain(&s, &platform, NULL);
	assert_int_equal(area(&s, "person").accepted, 3);
	site_drop(&s);
}

static void results__one_now(void **state)
{
	struct outbox_row row[64];
	struct outbox_page page = {.row = row, .cap = 64};
	struct err e = {0};
	struct batch b;
	struct site s;
	int64_t next;
	int at = 0;

	(void)state;
	fresh(&s);
	site_send_all(&s);
	site_drain(&s, &platform, NULL);
	person_register(&s, 1, NULL);
	assert_true(upload_area_parse("person", &at));
	OK(desk_upload_of_area(s.d, at, 0, 0, &page, E));
	assert_int_equal(page.n, 1);
	assert_int_equal(row[0].state, OUTBOX_HELD);
	assert_true(row[0].held_until_ms > now_ms);
	OK(desk_outbox_send_one(s.d, row[0].id, E));
	assert_int_equal(desk_outbox_send_one(s.d, row[0].id, &e), -1); /* it waits no longer */
	assert_int_equal(e.code, ERR_FORBIDDEN);
	OK(desk_take_batch(s.d, 16, 1 << 19, &b, &next, E));
	assert_int_equal(b.n, 1); /* the others wait as they did */
	assert_string_equal(b.item[0].kind, "person.add");
	desk_release_batch(&b);
	site_drop(&s);
}

/* What no dialect carries waits for the clerk; what rests on it goes on when it is ticked. */
static void results__by_hand(void **state)
{
	struct outbox_row row[16];
	struct outbox_page page = {.row = row, .cap = 16};
	struct err e = {0};
	struct batch b;
	struct site s;
	int64_t next, hand;

	(void)state;
	fresh(&s);
	site_send_all(&s);
	OK(desk_take_batch(s.d, 1, 1 << 19, &b, &next, E));
	OK(desk_take_answers(
		s.d,
		&(struct answer){.op = b.item[0].op, .kind = ANSWER_WAITING, .reason_code = OUTBOX_BY_HAND}, 1, E));
	desk_release_batch(&b);
	OK(desk_by_hand(s.d, 0, &page, E));
	assert_int_equal(page.n, 1);
	assert_true(row[0].by_hand);
	hand = row[0].id;
	clock_add(120000);
	OK(desk_to_look_up(s.d, 16, false, &b, E));
	assert_int_equal(b.n, 0); /* nobody is asked about it */
	desk_release_batch(&b);
	site_drain(&s, &platform, NULL);
	assert_true(area(&s, "participant").open > 0 || area(&s, "team").open > 0);
	OK(desk_by_hand_done(s.d, hand, "P-17", E));
	assert_int_equal(desk_by_hand_done(s.d, hand, "P-17", &e), -1); /* once */
	OK(desk_outbox_get(s.d, hand, &row[0], E));
	assert_int_equal(row[0].state, OUTBOX_ACCEPTED);
	assert_string_equal(row[0].number, "P-17");
	OK(desk_by_hand(s.d, 0, &page, E));
	assert_int_equal(page.n, 0);
	site_drop(&s);
}

static void results__the_whole(void **state)
{
	struct missing_row rows[8];
	struct whole parts[WHOLE_PARTS];
	struct site s;
	bool complete, more;
	size_t n;

	(void)state;
	fresh(&s);
	OK(desk_whole(s.d, parts, &complete, E));
	assert_false(complete);
	assert_int_equal(parts[WHOLE_PARTICIPANTS].n, 0);
	assert_int_equal(parts[WHOLE_PARTICIPANTS].of, 2);
	OK(desk_missing(s.d, WHOLE_PARTICIPANTS, 0, rows, 1, &n, &more, E));
	assert_int_equal(n, 1);
	assert_true(more);
	assert_true(rows[0].outbox > 0);
	OK(desk_missing(s.d, rows[0].part, rows[0].id, rows, 8, &n, &more, E));
	assert_true(n >= 3); /* the other participant, the teams */
	assert_false(more);
	site_send_all(&s);
	site_drain(&s, &platform, NULL);
	OK(desk_whole(s.d, parts, &complete, E));
	assert_true(complete);
	assert_int_equal(parts[WHOLE_TEAMS].n, parts[WHOLE_TEAMS].of);
	OK(desk_missing(s.d, WHOLE_PARTICIPANTS, 0, rows, 8, &n, &more, E));
	assert_int_equal(n, 0);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(results__by_kind),
		cmocka_unit_test(results__one_now),
		cmocka_unit_test(results__by_hand),
		cmocka_unit_test(results__the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
