/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes out and comes in (DESIGN 9; K1, K5, K6, G1, G3): order, holding, refusal and mending, answers and
 * changes taken once. */
#include <sodium.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "desk/results.h"
#include "desk/undo.h"
#include "desk_private.h"
#include "desk_site.h"
#include "own_profile.h"
#include "store/outbox.h"

static struct platform platform;

static void fresh(struct site *s, const char *profile)
{
	memset(&platform, 0, sizeof(platform));
	site_make(s, profile);
}

static size_t rows_of(struct site *s, enum outbox_view view, struct outbox_row *rows, size_t cap)
{
	struct outbox_page page = {.row = rows, .cap = cap};
	struct outbox_query q = {.view = view};

	OK(desk_outbox(s->d, &q, &page, E));
	return page.n;
}

static const struct outbox_row *row_of(const struct outbox_row *rows, size_t n, const char *kind)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].kind, kind) == 0 && rows[i].state != OUTBOX_SUPERSEDED)
			return &rows[i];
	return NULL;
}

/* Held for the setting's time, then ready; undo has its thirty seconds. */
static void holding(void **state)
{
	struct outbox_counts c;
	struct site s;
	struct batch b;
	int64_t next;

	(void)state;
	fresh(&s, "national");
	OK(desk_take_batch(s.d, 100, 1 << 19, &b, &next, E));
	assert_int_equal(b.n, 0);
	assert_int_equal(next, now_ms + 30000);
	clock_add(29999);
	OK(desk_take_batch(s.d, 100, 1 << 19, &b, &next, E));
	assert_int_equal(b.n, 0);
	clock_add(1);
	OK(desk_take_batch(s.d, 100, 1 << 19, &b, &next, E));
	assert_true(b.n > 0);
	OK(desk_outbox_counts(s.d, &c, E));
	assert_int_equal(c.state[OUTBOX_SENDING], b.n); /* durable before a byte leaves */
	desk_release_batch(&b);
	OK(desk_setting_set(s.d, "hold_seconds", "0", E));
	person_register(&s, 1, NULL);
	OK(desk_outbox_counts(s.d, &c, E));
	assert_int_equal(c.state[OUTBOX_HELD], 0);
	site_drop(&s);
}

/* Causes before effects, all of it in few batches; sequences count up without a gap. */
static void order(void **state)
{
	struct box box;
	struct site s;
	struct batch b;
	int64_t next, sequence = 0;
	size_t total = 0;

	(void)state;
	fresh(&s, "jiangmen");
	for (unsigned n = 1; n <= 20; n++)
		person_act(&s, person_register(&s, n, NULL), EVENT_ENTER);
	site_send_all(&s);
	OK(desk_take_batch(s.d, 500, 1 << 19, &b, &next, E));
	for (size_t i = 0; i < b.n; i++) {
		assert_int_equal(b.item[i].sequence, ++sequence);
		assert_int_equal(b.item[i].epoch, 1);
		assert_null(platform_take(&platform, &b.item[i]));
	}
	total = b.n;
	assert_int_equal(platform.out_of_order, 0);
	assert_int_equal(platform_count(&platform, "assignment.enter"), 20);
	OK(desk_box(s.d, &box, E));
	assert_int_equal(box.sequence, (int64_t)total);
	desk_release_batch(&b);
	site_drop(&s);
}

/* Batches are bounded in bytes and items; one too large goes alone. */
static void bounds(void **state)
{
	struct site s;
	struct batch b;
	int64_t next;

	(void)state;
	fresh(&s, "jiangmen");
	person_register(&s, 1, NULL);
	site_send_all(&s);
	OK(desk_take_batch(s.d, 3, 1 << 19, &b, &next, E));
	assert_int_equal(b.n, 3);
	for (size_t i = 0; i < b.n; i++)
		OK(desk_take_answers(s.d, &(struct answer){.op = b.item[i].op, .kind = ANSWER_NOT_SENT}, 1,
				     E));
	desk_release_batch(&b);
	OK(desk_take_batch(s.d, 100, 10, &b, &next, E));
	assert_int_equal(b.n, 1);
	OK(desk_take_answers(s.d, &(struct answer){.op = b.item[0].op, .kind = ANSWER_NOT_SENT}, 1, E));
	desk_release_batch(&b);
	OK(desk_take_batch(s.d, 100, 1000, &b, &next, E));
	assert_true(b.n > 1);
	{
		size_t bytes = 0;

		for (size_t i = 0; i < b.n; i++)
			bytes += b.item[i].body_bytes;
		assert_true(bytes <= 1000);
	}
	desk_release_batch(&b);
	site_drop(&s);
}

/* A refused record: marked, named with field and advice; what rests on it waits; mended, it goes again and
 * the rest follows. */
static void refused_and_mended(void **state)
{
	struct outbox_row rows[64];
	const struct outbox_row *row;
	struct person_file *file = test_calloc(1, sizeof(*file));
	struct findings f;
	struct record r;
	struct site s;
	int64_t p, other;
	int changed;
	size_t n;

	(void)state;
	fresh(&s, "jiangmen");
	site_drain(&s, &platform, NULL);
	strcpy(platform.refuse_kind, "person.add");
	strcpy(platform.refuse_code, "phone");
	strcpy(platform.refuse_field, "cellPhone");
	p = person_register(&s, 1, NULL);
	person_act(&s, p, EVENT_ENTER); /* work goes on on a state that is not confirmed yet */
	site_drain(&s, &platform, NULL);
	platform.refuse_kind[0] = '\0';
	platform.out_of_order = 0; /* the dependants in the batch of the refused one: they wait, and are not
				      refused themselves */
	other = person_register(&s, 2, NULL);
	site_drain(&s, &platform, NULL); /* one refused record holds up nobody else (K6) */
	assert_int_equal(platform_count(&platform, "person.add"), 1);
	assert_int_equal(platform_count(&platform, "assignment.confirm"), 1);
	n = rows_of(&s, OUTBOX_VIEW_OPEN, rows, 64);
	row = row_of(rows, n, "person.add");
	assert_non_null(row);
	assert_int_equal(row->state, OUTBOX_REJECTED);
	assert_ptr_equal(row, &rows[0]); /* failures first */
	assert_string_equal(row->field, "phone");
	assert_non_null(strstr(row->advice, "手机"));
	assert_int_equal(row->person, p);
	row = row_of(rows, n, "employment.offer");
	assert_int_equal(row->state, OUTBOX_READY);
	assert_true(row->waits_for[0] != '\0');
	OK(desk_person_file(s.d, p, file, E));
	assert_true(file->row.refused);
	assert_string_equal(file->refusal, "平台说不行");
	OK(desk_person_file(s.d, other, file, E));
	assert_false(file->row.refused);
	assert_false(file->row.waiting);

	record_init(&r);
	OK(desk_person_record(s.d, p, &r, E));
	OK(desk_amend(s.d, p, &r, &f, &changed, E));
	assert_int_equal(changed, 0); /* nothing differs: nothing is written */
	assert_int_equal(record_set(&r, F_PHONE, "13900001234", ORIGIN_TYPED), 0);
	OK(desk_amend(s.d, p, &r, &f, &changed, E));
	assert_int_equal(changed, 1);
	record_release(&r);
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "person.add"), 2);
	assert_int_equal(platform_count(&platform, "person.amend"), 0); /* it never had the first one */
	assert_int_equal(platform_count(&platform, "assignment.enter"), 1);
	assert_int_equal(platform.out_of_order, 0);
	n = rows_of(&s, OUTBOX_VIEW_OPEN, rows, 64);
	for (size_t i = 0; i < n; i++)
		print_error("open: %s %s %s\n", rows[i].kind, outbox_state_name(rows[i].state),
			    rows[i].waits_for);
	assert_int_equal(n, 0);
	OK(desk_person_file(s.d, p, file, E));
	assert_false(file->row.refused || file->row.waiting);
	test_free(file);
	site_drop(&s);
}

/* What the platform has taken is amended there; what is on its way is amended after it. */
static void amended(void **state)
{
	struct findings f;
	struct record r;
	struct batch b;
	struct site s;
	int64_t p, next;
	int changed;

	(void)state;
	fresh(&s, "jiangmen");
	p = person_register(&s, 1, NULL);
	site_drain(&s, &platform, NULL);
	record_init(&r);
	OK(desk_person_record(s.d, p, &r, E));
	assert_int_equal(record_set(&r, F_PHONE, "13900001234", ORIGIN_TYPED), 0);
	assert_int_equal(record_set(&r, F_WAGE, "700000", ORIGIN_TYPED), 0);
	OK(desk_amend(s.d, p, &r, &f, &changed, E));
	assert_int_equal(changed, 2);
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "person.amend"), 1);
	assert_int_equal(platform_count(&platform, "employment.amend"), 1);
	assert_int_equal(platform_count(&platform, "person.add"), 1);
	/* Team: the platform has no words for it once the assignment was taken. */
	assert_int_equal(record_set(&r, F_TEAM, s.office, ORIGIN_TYPED), 0);
	assert_int_equal(record_set(&r, F_COMPANY, s.contractor, ORIGIN_TYPED), 0);
	{
		struct err e = {ERR_NONE};

		assert_int_not_equal(desk_amend(s.d, p, &r, &f, &changed, &e), 0);
		assert_int_equal(e.code, ERR_FINDINGS);
	}
	record_release(&r);
	/* On its way: the amendment waits for the outcome of what it amends. */
	p = person_register(&s, 2, NULL);
	site_send_all(&s);
	OK(desk_take_batch(s.d, 100, 1 << 19, &b, &next, E));
	record_init(&r);
	OK(desk_person_record(s.d, p, &r, E));
	assert_int_equal(record_set(&r, F_PHONE, "13900005678", ORIGIN_TYPED), 0);
	OK(desk_amend(s.d, p, &r, &f, &changed, E));
	record_release(&r);
	site_send_all(&s);
	{
		struct batch later;

		OK(desk_take_batch(s.d, 100, 1 << 19, &later, &next, E));
		assert_int_equal(later.n, 0);
	}
	for (size_t i = 0; i < b.n; i++) {
		struct answer a = {.op = b.item[i].op, .kind = ANSWER_ACCEPTED};

		assert_null(platform_take(&platform, &b.item[i]));
		OK(desk_take_answers(s.d, &a, 1, E));
	}
	desk_release_batch(&b);
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "person.amend"), 2);
	assert_int_equal(platform.out_of_order, 0);
	site_drop(&s);
}

/* A team is corrected freely before submission, and the fold knows only the last word. */
static void team_corrected(void **state)
{
	char other[UID_TEXT];
	struct verdict v;
	struct person_file *file = test_calloc(1, sizeof(*file));
	struct site s;
	int64_t p;
	size_t done;

	(void)state;
	fresh(&s, "national");
	OK(desk_team_add(
		s.d, &(struct team_new){.name = "木工二班", .kind = "worker", .participant_uid = s.labour},
		other, E));
	p = person_register(&s, 1, NULL);
	OK(desk_assign_team(s.d, &p, 1, other, &v, &done, E));
	assert_int_equal(done, 1);
	OK(desk_person_file(s.d, p, file, E));
	assert_string_equal(file->row.team, "木工二班");
	OK(desk_assign_team(s.d, &p, 1, s.office, &v, &done, E)); /* not his employer's */
	assert_int_equal(done, 0);
	assert_true(v.why[0] && v.would[0]);
	test_free(file);
	site_drop(&s);
}

/* An answer is taken once; a later, different one changes nothing. */
static void answers_once(void **state)
{
	struct outbox_row row;
	struct answer a = {.kind = ANSWER_ACCEPTED, .number = "N7"};
	struct batch b;
	struct site s;
	int64_t next;

	(void)state;
	fresh(&s, "national");
	site_send_all(&s);
	OK(desk_take_batch(s.d, 1, 1 << 19, &b, &next, E));
	a.op = b.item[0].op;
	OK(desk_take_answers(s.d, &a, 1, E));
	a.kind = ANSWER_REJECTED;
	a.reason_code = "late";
	OK(desk_take_answers(s.d, &a, 1, E));
	a.op = "018f0000-0000-7000-8000-000000000000"; /* nobody's */
	OK(desk_take_answers(s.d, &a, 1, E));
	OK(desk_outbox_get(s.d, b.item[0].id, &row, E));
	assert_int_equal(row.state, OUTBOX_ACCEPTED);
	assert_string_equal(row.number, "N7");
	assert_string_equal(row.reason_code, "");
	desk_release_batch(&b);
	site_drop(&s);
}

static size_t to_look_up(struct site *s)
{
	struct batch asked;
	size_t n;

	OK(desk_to_look_up(s->d, 64, false, &asked, E));
	n = asked.n;
	desk_release_batch(&asked);
	return n;
}

/* Lost answers: found sending at the start, they are unknown and looked up; the same op keeps its content. */
static void unknown(void **state)
{
	struct outbox_row row;
	struct batch b, again, asked;
	struct site s;
	int64_t next;

	(void)state;
	fresh(&s, "national");
	site_send_all(&s);
	OK(desk_take_batch(s.d, 2, 1 << 19, &b, &next, E));
	site_reopen(&s, "clerk");
	OK(desk_recover_sending(s.d, E));
	OK(desk_to_look_up(s.d, 64, true, &asked, E));
	assert_int_equal(asked.n, b.n);
	for (size_t i = 0; i < asked.n; i++) {
		assert_string_equal(asked.item[i].body, b.item[i].body);
		OK(desk_take_answers(s.d,
				     &(struct answer){.op = asked.item[i].op,
						      .kind = i ? ANSWER_NOT_SENT : ANSWER_ACCEPTED},
				     1, E));
	}
	desk_release_batch(&asked);
	assert_int_equal(to_look_up(&s), 0);
	OK(desk_outbox_get(s.d, b.item[0].id, &row, E));
	assert_int_equal(row.state, OUTBOX_ACCEPTED);
	OK(desk_take_batch(s.d, 1, 1 << 19, &again, &next, E));
	assert_int_equal(again.n, 1);
	assert_string_equal(again.item[0].op, b.item[1].op);
	assert_string_equal(again.item[0].body, b.item[1].body);
	assert_int_equal(again.item[0].sequence, b.item[1].sequence);
	desk_release_batch(&again);
	desk_release_batch(&b);
	/* Taken, to be decided: asked about again after a while. */
	OK(desk_take_batch(s.d, 1, 1 << 19, &b, &next, E));
	OK(desk_take_answers(
		s.d, &(struct answer){.op = b.item[0].op, .kind = ANSWER_WAITING, .number = "serial-7"}, 1, E));
	assert_int_equal(to_look_up(&s), 0);
	clock_add(61000);
	OK(desk_to_look_up(s.d, 64, false, &asked, E));
	assert_int_equal(asked.n, 1);
	assert_null(asked.item[0].body);
	assert_string_equal(asked.item[0].number, "serial-7"); /* a dialect's memory outlives a restart */
	desk_release_batch(&asked);
	OK(desk_take_answers(s.d, &(struct answer){.op = b.item[0].op, .kind = ANSWER_WAITING}, 1, E));
	assert_int_equal(to_look_up(&s), 0);
	desk_release_batch(&b);
	site_drop(&s);
}

/* Refused only for what it rests on: no clerk is bothered, it goes again. Refused so with everything there:
 * it stands. */
static void dependency(void **state)
{
	struct answer refuse = {.kind = ANSWER_REJECTED, .reason_code = "dependency"};
	struct outbox_row row;
	struct batch b;
	struct site s;
	int64_t next;

	(void)state;
	fresh(&s, "national");
	site_send_all(&s);
	OK(desk_take_batch(s.d, 2, 1 << 19, &b, &next, E));
	refuse.op = b.item[1].op; /* participant.add rests on company.add, which is not answered yet */
	OK(desk_take_answers(s.d, &refuse, 1, E));
	OK(desk_outbox_get(s.d, b.item[1].id, &row, E));
	assert_int_equal(row.state, OUTBOX_READY);
	refuse.op = b.item[0].op; /* company.add rests on nothing */
	OK(desk_take_answers(s.d, &refuse, 1, E));
	OK(desk_outbox_get(s.d, b.item[0].id, &row, E));
	assert_int_equal(row.state, OUTBOX_REJECTED);
	desk_release_batch(&b);
	OK(desk_outbox_retry(s.d, row.id, E));
	OK(desk_outbox_get(s.d, row.id, &row, E));
	assert_int_equal(row.state, OUTBOX_SUPERSEDED);
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform.out_of_order, 0);
	assert_int_equal(platform_count(&platform, "company.add"), 2);
	assert_int_equal(platform_count(&platform, "team.enter"), 2);
	site_drop(&s);
}

/* Taken back before the platform had it: neither the submission nor its withdrawal goes out. Taken back after: both do. */
static void taken_back(void **state)
{
	char employment[UID_TEXT];
	struct outbox_row rows[8];
	struct site s;
	int64_t p;

	(void)state;
	fresh(&s, "national");
	p = person_register(&s, 1, NULL);
	site_drain(&s, &platform, NULL);
	person_employment(&s, p, employment);
	change_arrives(&s, "employment.consent", employment, APPLIED);
	person_act(&s, p, EVENT_SUBMIT);
	strcpy(platform.refuse_kind, "assignment.submit");
	strcpy(platform.refuse_code, "wrong-state");
	site_drain(&s, &platform, NULL);
	platform.refuse_kind[0] = '\0';
	person_act(&s, p, EVENT_WITHDRAW);
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "assignment.withdraw"), 0);
	assert_int_equal(rows_of(&s, OUTBOX_VIEW_OPEN, rows, 8), 0); /* nothing refused, nothing waits for ever */
	{
		struct verdict v;
		size_t done;

		OK(desk_assign_team(s.d, &p, 1, s.team, &v, &done, E)); /* coming back is a new assignment */
		assert_int_equal(done, 1);
	}
	person_act(&s, p, EVENT_SUBMIT);
	site_drain(&s, &platform, NULL);
	person_act(&s, p, EVENT_WITHDRAW);
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "assignment.submit"), 1);
	assert_int_equal(platform_count(&platform, "assignment.withdraw"), 1);
	assert_int_equal(rows_of(&s, OUTBOX_VIEW_OPEN, rows, 8), 0);
	site_drop(&s);
}

/* C8 on the wire: a team's exit waits for the exits of its people, a participant's for its teams'. */
static void exits_in_order(void **state)
{
	struct batch b;
	struct site s;
	int64_t p, next;

	(void)state;
	fresh(&s, "jiangmen");
	p = person_register(&s, 1, NULL);
	person_act(&s, p, EVENT_ENTER);
	site_drain(&s, &platform, NULL);
	person_act(&s, p, EVENT_EXIT);
	OK(desk_team_act(s.d, s.team, EVENT_SITE_EXIT, DATE_NONE, E));
	OK(desk_participant_act(s.d, s.labour, EVENT_SITE_EXIT, DATE_NONE, E));
	site_send_all(&s);
	OK(desk_take_batch(s.d, 1, 1 << 19, &b, &next, E));
	assert_string_equal(b.item[0].kind, "assignment.exit");
	OK(desk_take_answers(s.d,
			     &(struct answer){.op = b.item[0].op, .kind = ANSWER_REJECTED, .reason_code = "date"}, 1, E));
	desk_release_batch(&b);
	OK(desk_take_batch(s.d, 10, 1 << 19, &b, &next, E));
	assert_int_equal(b.n, 0); /* team and participant wait for the refused exit */
	desk_release_batch(&b);
	site_drop(&s);
}

/* A change is applied once, by its uid; a forbidden one is kept, told, and changes nothing. */
static void changes(void **state)
{
	char employment[UID_TEXT], uid[UID_TEXT], cursor[64];
	struct message_row messages[8];
	enum applied results[3];
	struct site s;
	int64_t p;
	size_t n;

	(void)state;
	fresh(&s, "national");
	p = person_register(&s, 1, NULL);
	person_employment(&s, p, employment);
	uid_new(uid);
	{
		struct change c[3] = {
			{.uid = uid, .kind = "employment.consent", .subject = employment, .at_ms = now_ms},
			{.uid = uid, .kind = "employment.consent", .subject = employment, .at_ms = now_ms},
			{.uid = "018f0000-0000-7000-8000-000000000001",
			 .kind = "employment.refuse",
			 .subject = employment,
			 .at_ms = now_ms},
		};

		OK(desk_take_changes(s.d, c, 3, "17", results, E));
	}
	assert_int_equal(results[0], APPLIED);
	assert_int_equal(results[1], APPLIED_BEFORE);
	assert_int_equal(results[2], APPLIED_FORBIDDEN);
	assert_int_equal(person_employment(&s, p, NULL), EMPLOYMENT_REGISTERED);
	OK(desk_cursor(s.d, cursor, sizeof(cursor), E));
	assert_string_equal(cursor, "17");
	change_arrives(&s, "employment.consent", "018f0000-0000-7000-8000-000000000000",
		       APPLIED_UNKNOWN_SUBJECT);
	change_arrives(&s, "nonsense", "x", APPLIED_UNKNOWN_SUBJECT);
	change_arrives(&s, "employment.consent", employment, APPLIED_BEFORE); /* said again, in another message: known */
	change_arrives(&s, "employment.register", employment, APPLIED_FORBIDDEN); /* ours to do, not theirs */
	OK(desk_messages(s.d, 0, messages, 8, &n, E));
	assert_int_equal(n, 5);
	assert_non_null(strstr(messages[n - 1].text, "本人同意"));
	assert_false(messages[0].seen);
	OK(desk_messages_seen(s.d, messages[0].id, E));
	OK(desk_messages(s.d, 0, messages, 8, &n, E));
	assert_true(messages[0].seen);
	OK(desk_messages_seen(s.d, INT64_MAX, E)); /* all there are, and none that come */
	change_arrives(&s, "employment.register", employment, APPLIED_FORBIDDEN);
	OK(desk_messages(s.d, 0, messages, 8, &n, E));
	assert_false(messages[0].seen);
	assert_true(messages[1].seen);
	site_drop(&s);
}

/* A confirmation made elsewhere moves the state here, and its echo of what was done here moves nothing. */
static void elsewhere(void **state)
{
	char employment[UID_TEXT], assignment[UID_TEXT];
	struct site s;
	int64_t p;

	(void)state;
	fresh(&s, "national");
	p = person_register(&s, 1, NULL);
	person_employment(&s, p, employment);
	change_arrives(&s, "employment.consent", employment, APPLIED);
	person_act(&s, p, EVENT_SUBMIT);
	person_assignment(&s, p, assignment);
	change_arrives(&s, "assignment.return", assignment, APPLIED);
	assert_int_equal(person_assignment(&s, p, NULL), ASSIGNMENT_RETURNED);
	person_act(&s, p, EVENT_SUBMIT);
	change_arrives(&s, "assignment.confirm", assignment, APPLIED);
	change_arrives(&s, "assignment.confirm", assignment, APPLIED_BEFORE);
	assert_int_equal(person_assignment(&s, p, NULL), ASSIGNMENT_CONFIRMED);
	/* The employment's end withdraws what has not entered (D8). */
	change_arrives(&s, "employment.ask_leave", employment, APPLIED);
	change_arrives(&s, "employment.finish_leave", employment, APPLIED);
	assert_int_equal(person_employment(&s, p, NULL), EMPLOYMENT_LEFT);
	assert_int_equal(person_assignment(&s, p, NULL), ASSIGNMENT_WITHDRAWN);
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform.out_of_order, 0);
	assert_int_equal(platform_count(&platform, "assignment.confirm"),
			 0); /* told by the platform, not to it */
	site_drop(&s);
}

/* Bodies: wire names and codes, the subject's own uid, nothing empty; parsed back whole. */
static void bodies(void **state)
{
	struct batch b;
	struct site s;
	int64_t next, p;
	cJSON *person = NULL, *employment = NULL, *submit = NULL;

	(void)state;
	fresh(&s, "jiangmen");
	p = person_register(&s, 1, NULL);
	person_act(&s, p, EVENT_ENTER);
	site_send_all(&s);
	OK(desk_take_batch(s.d, 500, 1 << 19, &b, &next, E));
	for (size_t i = 0; i < b.n; i++) {
		cJSON *j;

		OK(json_parse(&j, b.item[i].body, b.item[i].body_bytes, 1 << 20, E));
		assert_true(uid_valid(json_string(j, "uid")));
		for (const cJSON *m = j->child; m; m = m->next)
			assert_true(!cJSON_IsString(m) || m->valuestring[0]);
		if (strcmp(b.item[i].kind, "person.add") == 0)
			person = j;
		else if (strcmp(b.item[i].kind, "employment.offer") == 0)
			employment = j;
		else if (strcmp(b.item[i].kind, "assignment.submit") == 0)
			submit = j;
		else
			cJSON_Delete(j);
	}
	assert_true(person && employment && submit);
	assert_string_equal(json_string(person, "idCardType"), "01");
	assert_int_equal(strlen(json_string(person, "idCardNumber")), 18);
	assert_string_equal(json_string(person, "gender"), "0");
	assert_string_equal(json_string(person, "nation"), "汉");
	assert_string_equal(json_string(person, "startDate"), "2018-05-01");
	assert_int_equal(json_int(person, "isManual", 9), 0);
	assert_string_equal(json_string(employment, "person"), json_string(person, "uid"));
	assert_string_equal(json_string(employment, "participant"), s.labour);
	assert_int_equal(strlen(json_string(employment, "corpCode")), 18);
	assert_string_equal(json_string(employment, "startDate"), "2026-11-20");
	assert_string_equal(json_string(employment, "projectCode"), "TEST0001");
	assert_int_equal(json_int(employment, "wage", 0), 650000);
	assert_string_equal(json_string(submit, "team"), s.team);
	assert_string_equal(json_string(submit, "employment"), json_string(employment, "uid"));
	assert_int_equal(json_int(submit, "isTeamLeader", 9), 0);
	assert_string_equal(json_string(submit, "date"), "2026-11-20");
	cJSON_Delete(person);
	cJSON_Delete(employment);
	cJSON_Delete(submit);
	desk_release_batch(&b);
	site_drop(&s);
}

static size_t doubted(struct site *s, const char *kind)
{
	struct db_outbox row;
	int64_t ids[16];
	size_t n, found = 0;

	OK(db_outbox_doubts(s->d->store, s->d->project.id, 0, ids, 16, &n, E));
	for (size_t i = 0; i < n; i++) {
		OK(db_outbox_get(s->d->store, ids[i], &row, E));
		found += !strncmp(row.kind, kind, strlen(kind));
	}
	return found;
}

/* R11 on a wire whose platform is asked by what a record says: a registration that was taken back is here no more, and nobody can be asked
 * about it; it is named, and nothing is asked for ever. What can be asked is asked. */
static void taken_over_unasked(void **state)
{
	struct message_row told[16];
	struct own_profile own;
	struct undo_row row;
	struct batch b;
	struct site s;
	size_t n, named = 0;
	bool more;

	(void)state;
	own_profile_make(&own, "open_api/open_api.json");
	site_profiles = own.dir;
	site_make(&s, "open_api");
	person_register(&s, 1, NULL);
	OK(desk_undo_list(s.d, true, 0, &row, 1, &n, &more, E));
	OK(desk_undo(s.d, row.act, E));
	OK(desk_set_behind(s.d, &(struct box){.epoch = 3, .sequence = 500}, E));
	OK(desk_take_over(s.d, E));
	OK(desk_messages(s.d, 0, told, 16, &n, E));
	for (size_t i = 0; i < n; i++)
		named += strstr(told[i].text, "请在平台上核对") != NULL;
	assert_true(named > 0);
	OK(desk_to_look_up(s.d, 64, true, &b, E));
	assert_true(b.n > 0); /* the site's own records, and what goes with others */
	for (size_t k = 0; k < b.n; k++)
		assert_int_not_equal(strncmp(b.item[k].kind, "assignment.", 11), 0);
	assert_int_equal(doubted(&s, "assignment."), 0); /* nor is it left over */
	desk_release_batch(&b);
	site_drop(&s);
	own_profile_drop(&own);
	site_profiles = PROFILE_DIR;
}

/* An answer about what a lost copy of the file did: nobody's name can be told, but what it is and what to do. */
static void answer_about_nobody(void **state)
{
	enum applied result;
	struct change c = {.uid = "018f0000-0000-7000-8000-0000000000aa",
			   .kind = "employment.consent",
			   .subject = "018f0000-0000-7000-8000-0000000000ab",
			   .at_ms = CLOCK_START};
	struct message_row told;
	struct site s;
	size_t n;

	(void)state;
	site_make(&s, "national");
	OK(desk_take_changes(s.d, &c, 1, "1", &result, E));
	assert_int_equal(result, APPLIED_UNKNOWN_SUBJECT);
	OK(desk_messages(s.d, 0, &told, 1, &n, E));
	assert_int_equal(n, 1);
	assert_non_null(strstr(told.text, "本机没有的记录"));
	assert_non_null(strstr(told.text, "请重新办理"));
	assert_null(strstr(told.text, "可以办理下一步"));
	site_drop(&s);
}

static void content_of(const struct outgoing *o, char hex[65])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state s;

	crypto_hash_sha256_init(&s);
	crypto_hash_sha256_update(&s, (const unsigned char *)o->kind, strlen(o->kind) + 1);
	crypto_hash_sha256_update(&s, (const unsigned char *)o->body, o->body_bytes);
	crypto_hash_sha256_final(&s, hash);
	sodium_bin2hex(hex, 65, hash, sizeof(hash));
}

static size_t to_send(struct site *s, const char *kind)
{
	struct outbox_row rows[16];
	size_t n = rows_of(s, OUTBOX_VIEW_OPEN, rows, ARRAY_LEN(rows)), found = 0;

	for (size_t i = 0; i < n; i++)
		found += !strcmp(rows[i].kind, kind);
	return found;
}

/* The platform has everything that this copy was going to send; of `other` with contents that this copy does not have. */
static void all_is_there(struct site *s, const char *other, bool says)
{
	struct batch asked;
	char hex[65];

	OK(desk_set_behind(s->d, &(struct box){.epoch = 3, .sequence = 500}, E));
	OK(desk_take_over(s->d, E));
	OK(desk_to_look_up(s->d, 64, true, &asked, E));
	for (size_t i = 0; i < asked.n; i++) {
		struct answer a = {.op = asked.item[i].op, .kind = ANSWER_ACCEPTED, .content = says ? hex : NULL};

		content_of(&asked.item[i], hex);
		if (!strcmp(asked.item[i].kind, other))
			hex[0] = hex[0] == '0' ? '1' : '0';
		OK(desk_take_answers(s->d, &a, 1, E));
		OK(desk_take_answers(s->d, &a, 1, E)); /* told twice, taken once */
	}
	desk_release_batch(&asked);
}

/* R11: what a newer copy sent says what it said. Where that is not what stands here a correction goes, of that and of nothing else. */
static void contents_of_a_newer_copy(void **state)
{
	static const struct {
		const char *sent, *correction;
	} cases[] = {{"person.add", "person.amend"}, {"employment.offer", "employment.amend"}, {"team.add", "team.amend"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (int says = 0; says < 2; says++) {
			struct site s;

			site_make(&s, "national");
			person_register(&s, 1, NULL);
			site_send_all(&s);
			all_is_there(&s, cases[i].sent, says);
			for (size_t k = 0; k < ARRAY_LEN(cases); k++)
				assert_int_equal(to_send(&s, cases[k].correction) > 0, says && k == i); /* of teams there are two */
			site_drop(&s);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holding),	cmocka_unit_test(order),
		cmocka_unit_test(bounds),	cmocka_unit_test(refused_and_mended),
		cmocka_unit_test(amended),	cmocka_unit_test(team_corrected),
		cmocka_unit_test(answers_once), cmocka_unit_test(unknown),
		cmocka_unit_test(dependency),
		cmocka_unit_test(exits_in_order),
		cmocka_unit_test(taken_back),	cmocka_unit_test(changes),
		cmocka_unit_test(elsewhere),	cmocka_unit_test(bodies),
		cmocka_unit_test(taken_over_unasked), cmocka_unit_test(contents_of_a_newer_copy), cmocka_unit_test(answer_about_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
