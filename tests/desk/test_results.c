/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Upload results by kind, again in one go, one now, by hand, the whole (G1, G2, K4). */
#include <string.h>

#include "desk_site.h"

#include "base/text.h"
#include "desk/photo.h"
#include "desk/results.h"
#include "desk/undo.h"
#include "own_profile.h"

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

static int64_t open_row_of(struct site *s, const char *kind)
{
	struct outbox_row row[32];
	struct outbox_page page = {.row = row, .cap = 32};
	struct outbox_query q = {.view = OUTBOX_VIEW_ALL};

	OK(desk_outbox(s->d, &q, &page, E));
	for (size_t i = 0; i < page.n; i++)
		if (!strcmp(row[i].kind, kind))
			return row[i].id;
	return 0;
}

/* 'Now' for one takes along what it rests on: an offer without its person would wait all the same. */
static void results__one_now_with_its_needs(void **state)
{
	struct batch b;
	struct site s;
	int64_t next;

	(void)state;
	fresh(&s);
	site_send_all(&s);
	site_drain(&s, &platform, NULL);
	person_register(&s, 1, NULL);
	person_register(&s, 2, NULL);
	OK(desk_outbox_send_one(s.d, open_row_of(&s, "employment.offer"), E)); /* of the second, who came last */
	OK(desk_take_batch(s.d, 16, 1 << 19, &b, &next, E));
	assert_int_equal(b.n, 2);
	assert_string_equal(b.item[0].kind, "person.add");
	assert_string_equal(b.item[1].kind, "employment.offer");
	assert_true(next > 0); /* the first's wait as they did */
	desk_release_batch(&b);
	site_drop(&s);
}

/* What became of one record: made, refused, sent again, confirmed with the platform's number and time. */
static void results__history(void **state)
{
	struct outbox_row past[OUTBOX_HISTORY];
	struct site s;
	int64_t id, n;
	size_t k;

	(void)state;
	fresh(&s);
	text_copy(platform.refuse_kind, sizeof(platform.refuse_kind), "person.add");
	text_copy(platform.refuse_code, sizeof(platform.refuse_code), "phone");
	person_register(&s, 1, NULL);
	site_send_all(&s);
	site_drain(&s, &platform, NULL);
	platform.refuse_kind[0] = '\0';
	OK(desk_outbox_retry_all(s.d, 0, &n, E));
	clock_add(1000);
	site_drain(&s, &platform, NULL);
	id = open_row_of(&s, "person.add");
	OK(desk_outbox_history(s.d, id, past, OUTBOX_HISTORY, &k, E));
	assert_int_equal(k, 2);
	assert_int_equal(past[0].id, id); /* the newest first */
	assert_int_equal(past[0].state, OUTBOX_ACCEPTED);
	assert_string_not_equal(past[0].number, "");
	assert_int_equal(past[0].answered_ms, now_ms);
	assert_int_equal(past[1].state, OUTBOX_SUPERSEDED);
	assert_string_equal(past[1].reason_code, "phone");
	assert_true(past[1].sent_ms > 0 && past[1].sent_ms < past[0].sent_ms);
	site_drop(&s);
}

/* The counts say what the list shows, in the status line and by kind. */
static void counts_are_the_lists(struct site *s)
{
	struct area_row areas[UPLOAD_AREAS];
	struct outbox_row row[64];
	struct outbox_page page = {.row = row, .cap = 64};
	int64_t by_state[OUTBOX_STATE_COUNT] = {0}, by_kind = 0;
	struct outbox_counts c;

	OK(desk_outbox(s->d, &(struct outbox_query){.view = OUTBOX_VIEW_OPEN}, &page, E));
	assert_false(page.more);
	for (size_t i = 0; i < page.n; i++)
		by_state[row[i].state]++;
	OK(desk_outbox_counts(s->d, &c, E));
	for (int i = 0; i < OUTBOX_STATE_COUNT; i++)
		if (by_state[i] || i == OUTBOX_HELD || i == OUTBOX_READY || i == OUTBOX_REJECTED)
			assert_int_equal(c.state[i], by_state[i]);
	OK(desk_upload_areas(s->d, areas, E));
	for (int i = 0; i < UPLOAD_AREAS; i++)
		by_kind += areas[i].refused + areas[i].unknown + areas[i].open;
	assert_int_equal(by_kind, page.n);
}

/* I6: an account that acts for a participant is told of its own people's, teams' and company's operations, and acts on none of the others'. */
static void results__keep_to_the_scope(void **state)
{
	struct account_new special = {.name = "special", .password = PASSWORD, .roles = ROLE_CLERK, .kdf_mib = 8};
	struct outbox_row row[64];
	struct outbox_page page = {.row = row, .cap = 64};
	struct participant_row units[8];
	struct err e = {0};
	int64_t person, team, done = 0;
	struct site s;
	size_t n;
	int at = 0;

	(void)state;
	fresh(&s);
	person_register(&s, 1, NULL); /* the labour subcontractor's */
	person = open_row_of(&s, "person.add");
	OK(desk_participant_list(s.d, units, 8, &n, E));
	for (size_t i = 0; i < n; i++)
		if (!strcmp(units[i].uid, s.contractor))
			special.participant = units[i].id;
	assert_true(special.participant > 0);
	site_login(&s, "manager");
	OK(desk_account_add(s.d, &special, E));
	site_login(&s, "special");
	OK(desk_outbox(s.d, &(struct outbox_query){.view = OUTBOX_VIEW_ALL}, &page, E));
	assert_false(page.more);
	assert_true(page.n >= 3); /* its company, its part, its team */
	for (size_t i = 0; i < page.n; i++)
		assert_int_equal(row[i].person, 0);
	counts_are_the_lists(&s);
	assert_true(upload_area_parse("person", &at));
	OK(desk_upload_of_area(s.d, at, 0, 0, &page, E));
	assert_int_equal(page.n, 0);
	team = open_row_of(&s, "team.add");
	OK(desk_outbox_get(s.d, team, &row[0], E));
	assert_string_not_equal(row[0].subject, "木工一班"); /* the other's */
	assert_int_equal(desk_outbox_get(s.d, person, &row[0], &e), -1);
	assert_int_equal(e.code, ERR_NO_SUCH);
	e = (struct err){0};
	assert_int_equal(desk_outbox_send_one(s.d, person, &e), -1);
	assert_int_equal(e.code, ERR_NO_SUCH);
	e = (struct err){0};
	assert_int_equal(desk_outbox_history(s.d, person, row, 8, &n, &e), -1);
	assert_int_equal(e.code, ERR_NO_SUCH);
	/* nor in one go */
	site_login(&s, "clerk");
	text_copy(platform.refuse_kind, sizeof(platform.refuse_kind), "person.add");
	text_copy(platform.refuse_code, sizeof(platform.refuse_code), "phone");
	site_send_all(&s);
	site_drain(&s, &platform, NULL);
	site_login(&s, "special");
	OK(desk_outbox_retry_all(s.d, 0, &done, E));
	assert_int_equal(done, 0);
	counts_are_the_lists(&s);
	assert_int_equal(area(&s, "person").refused, 0); /* the other's */
	assert_true(area(&s, "team").accepted > 0);
	site_login(&s, "clerk");
	counts_are_the_lists(&s);
	assert_int_equal(area(&s, "person").refused, 1);
	site_drop(&s);
}

/* What no dialect carries waits for the clerk; what rests on it goes on when it is ticked. */
static void results__by_hand(void **state)
{
	struct outbox_row row[16];
	struct outbox_page page = {.row = row, .cap = 16};
	struct err e = {0};
	struct undo_row act;
	struct batch b;
	struct site s;
	int64_t next, hand, open;
	size_t n;
	bool more;

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
	OK(desk_by_hand_done(s.d, hand, "P-16", E)); /* noted by mistake */
	OK(desk_undo_list(s.d, true, 0, &act, 1, &n, &more, E));
	assert_string_equal(act.what, "记下平台页面已办");
	OK(desk_undo(s.d, act.act, E));
	OK(desk_outbox_get(s.d, hand, &row[0], E));
	assert_true(row[0].by_hand);
	assert_string_equal(row[0].number, "");
	open = area(&s, "participant").open + area(&s, "team").open;
	site_drain(&s, &platform, NULL); /* what rests on it waits again */
	assert_int_equal(area(&s, "participant").open + area(&s, "team").open, open);
	assert_int_equal(desk_undo(s.d, act.act, &e), -1); /* once */
	OK(desk_by_hand_done(s.d, hand, "P-17", E));
	assert_int_equal(desk_by_hand_done(s.d, hand, "P-17", &e), -1); /* once */
	OK(desk_outbox_get(s.d, hand, &row[0], E));
	assert_int_equal(row[0].state, OUTBOX_ACCEPTED);
	assert_string_equal(row[0].number, "P-17");
	OK(desk_by_hand(s.d, 0, &page, E));
	assert_int_equal(page.n, 0);
	OK(desk_undo_list(s.d, true, 0, &act, 1, &n, &more, E));
	site_send_all(&s);
	site_drain(&s, &platform, NULL);
	e = (struct err){0};
	assert_int_equal(desk_undo(s.d, act.act, &e), -1); /* what rests on it is there */
	assert_non_null(strstr(e.detail, "已经上传"));
	OK(desk_outbox_get(s.d, hand, &row[0], E));
	assert_int_equal(row[0].state, OUTBOX_ACCEPTED);
	site_drop(&s);
}

/* --- photographs and attachments, by dialect --------------------------------------------------------------- */

static void a_picture(struct site *s, int64_t person, enum photo_kind kind)
{
	char jpeg[2000] = "\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xFF\xDA\0\2";

	memset(jpeg + 24, 'a' + (int)kind, sizeof(jpeg) - 26);
	memcpy(jpeg + sizeof(jpeg) - 2, "\xFF\xD9", 2);
	OK(desk_photo_set(s->d, person, kind, jpeg, sizeof(jpeg), E));
}

struct expect_files {
	bool with_records;
	int64_t of, by_hand, under_way;
};

static void files_are(struct site *s, struct expect_files want)
{
	struct whole parts[WHOLE_PARTS];
	struct upload_progress p;
	bool complete;

	OK(desk_whole(s->d, parts, &complete, E));
	assert_int_equal(parts[WHOLE_ATTACHMENTS].with_records, want.with_records);
	assert_int_equal(parts[WHOLE_ATTACHMENTS].of, want.of);
	assert_int_equal(parts[WHOLE_ATTACHMENTS].by_hand, want.by_hand);
	OK(desk_upload_progress(s->d, &p, E));
	assert_int_equal(p.files, want.under_way);
	assert_int_equal(p.bytes > 0, want.under_way > 0);
}

/* What waits for something that is refused is not under way: nothing goes until somebody mends it. */
static void waits_for_a_refused_one(void **state)
{
	static struct platform p;
	struct upload_progress now;
	struct outbox_counts c;
	struct site s;

	(void)state;
	p = (struct platform){.refuse_kind = "person.add", .refuse_code = "phone", .refuse_field = "cellPhone"};
	site_make(&s, "national");
	person_register(&s, 1, NULL);
	site_send_all(&s);
	OK(desk_upload_progress(s.d, &now, E));
	assert_true(now.records > 1);
	site_drain(&s, &p, NULL);
	OK(desk_outbox_counts(s.d, &c, E));
	assert_int_equal(c.state[OUTBOX_REJECTED], 1);
	assert_true(c.state[OUTBOX_READY] > 0);
	OK(desk_upload_progress(s.d, &now, E));
	assert_int_equal(now.records, 0);
	site_drop(&s);
}

/* An account of the labour subcontractor's, or of the general contractor's alone. */
static void acts_for(struct site *s, const char *name, const char *participant)
{
	struct participant_row rows[8];
	int64_t id = 0;
	size_t n;

	site_login(s, "manager");
	OK(desk_participant_list(s->d, rows, 8, &n, E));
	for (size_t i = 0; i < n; i++)
		if (!strcmp(rows[i].uid, participant))
			id = rows[i].id;
	OK(desk_account_add(s->d,
			    &(struct account_new){.name = name, .password = PASSWORD, .roles = ROLE_SUBCONTRACTOR_CLERK, .participant = id, .kdf_mib = 8},
			    E));
	site_login(s, name);
}

static void files_on(const char *own_file, const char *profile, struct expect_files all)
{
	struct own_profile own;
	struct site s;
	int64_t person;

	if (own_file) {
		own_profile_make(&own, own_file);
		site_profiles = own.dir;
	}
	site_make(&s, profile);
	person = person_register(&s, 1, NULL);
	a_picture(&s, person, PHOTO_FACE);
	a_picture(&s, person, PHOTO_CARD_FRONT);
	files_are(&s, all);
	acts_for(&s, "labour", s.labour); /* the person's own employer sees the same */
	files_are(&s, all);
	acts_for(&s, "general", s.contractor);
	files_are(&s, (struct expect_files){.with_records = all.with_records});
	site_drop(&s);
	if (own_file) {
		own_profile_drop(&own);
		site_profiles = PROFILE_DIR;
	}
}

/* Native: by themselves, and counted. open.api: both with the worker's record. Device: the face with it, the card's side on the platform's page. */
static void results__files_by_dialect(void **state)
{
	(void)state;
	files_on(NULL, "national", (struct expect_files){false, 2, 0, 2});
	files_on("open_api/open_api.json", "open_api", (struct expect_files){true, 0, 0, 0});
	files_on("device/device.json", "device", (struct expect_files){true, 0, 1, 0});
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

/* All of a kind at once, as many as were shown; what rests on them goes on. */
static void results__all_of_a_kind_by_hand(void **state)
{
	struct err e = {0};
	struct batch b;
	struct site s;
	int64_t next, n;

	(void)state;
	fresh(&s);
	site_send_all(&s);
	OK(desk_take_batch(s.d, 64, 1 << 19, &b, &next, E));
	for (size_t i = 0; i < b.n; i++)
		OK(desk_take_answers(s.d, &(struct answer){.op = b.item[i].op, .kind = ANSWER_WAITING, .reason_code = OUTBOX_BY_HAND}, 1, E));
	OK(desk_by_hand_count(s.d, NULL, 1000, &n, E));
	assert_int_equal(n, (int64_t)b.n);
	OK(desk_by_hand_count(s.d, "company.add", 1000, &n, E));
	assert_int_equal(n, 2);
	assert_int_equal(desk_by_hand_done_kind(s.d, "company.add", 1, &n, &e), -1); /* another came in between */
	assert_int_equal(e.code, ERR_CONFLICT);
	OK(desk_by_hand_count(s.d, "company.add", 1000, &n, E));
	assert_int_equal(n, 2); /* nothing of it was written */
	OK(desk_by_hand_done_kind(s.d, "company.add", 2, &n, E));
	assert_int_equal(n, 2);
	OK(desk_by_hand_count(s.d, NULL, 1000, &n, E));
	assert_int_equal(n, (int64_t)b.n - 2);
	desk_release_batch(&b);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_for_a_refused_one),
		cmocka_unit_test(results__by_kind),
		cmocka_unit_test(results__one_now),
		cmocka_unit_test(results__one_now_with_its_needs),
		cmocka_unit_test(results__history),
		cmocka_unit_test(results__keep_to_the_scope),
		cmocka_unit_test(results__by_hand),
		cmocka_unit_test(results__all_of_a_kind_by_hand),
		cmocka_unit_test(results__the_whole),
		cmocka_unit_test(results__files_by_dialect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
