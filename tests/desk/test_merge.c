/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A6: one number, one person, whoever types it and however; two files of one person made one and taken apart
 * again. A8: found by all it names. */
#include "desk/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk/dossier.h"
#include "desk_private.h"
#include "desk_site.h"
#include "store/outbox.h"
#include "store/person.h"

static int64_t found(struct site *s, const char *text)
{
	struct roster_row row[8];
	struct roster_page page = {.row = row, .cap = 8};
	struct roster_query q = {.filter = ROSTER_ALL};

	text_copy(q.text, sizeof(q.text), text);
	OK(desk_roster(s->d, &q, &page, E));
	return page.n == 1 ? row[0].person : -(int64_t)page.n;
}

static int try_register(struct site *s, struct record *r, struct findings *f, struct registered *done,
			enum err_code *code)
{
	struct err e = {ERR_NONE};
	int rc = desk_register(s->d, r, f, done, &e);

	*code = e.code;
	return rc;
}

/* SH-QA r1 进场 1: the same person showed several times. Two clerks at once, another type of document, 15
 * digits of the same number. */
static void one_number_one_person(void **state)
{
	struct registered done;
	struct findings f;
	enum err_code code;
	struct record r;
	struct desk *other;
	struct err e = {ERR_NONE};
	struct site s;
	int64_t p, who;

	(void)state;
	site_make(&s, "national");
	p = person_register(&s, 1, NULL);
	other = site_open_another(&s, "clerk");
	person_record(&s, &r, 1, false);
	assert_int_equal(desk_register(other, &r, &f, &done, &e), -1);
	assert_int_equal(e.code, ERR_DUPLICATE);
	desk_close(other);
	assert_int_equal(record_set(&r, F_DOC_TYPE, "99", ORIGIN_TYPED), 0);
	assert_int_equal(try_register(&s, &r, &f, &done, &code), -1);
	assert_true(code == ERR_DUPLICATE || code == ERR_FINDINGS);
	OK(desk_person_by_document(s.d, "99", record_get(&r, F_NUMBER), &who, E));
	assert_int_equal(who, p);
	record_release(&r);
	assert_int_equal(found(&s, ""), p); /* one person in all */
	site_drop(&s);
}

static void old_numbers(void **state)
{
	char number[19], old[16];
	struct site s;
	int64_t p, who;

	(void)state;
	site_make(&s, "national");
	p = person_register(&s, 1, NULL);
	person_number(1, number);
	memcpy(old, number, 6);
	memcpy(old + 6, number + 8, 9);
	old[15] = '\0';
	OK(desk_person_by_document(s.d, "01", old, &who, E));
	assert_int_equal(who, p); /* the 15 digits of before 1999 */
	assert_int_equal(found(&s, old), p);
	site_drop(&s);
}

static void register_second(struct site *s, unsigned n, const char *name, const char *birth,
			    struct findings *f, struct registered *done)
{
	struct err e = {ERR_NONE};
	struct record r;

	person_record(s, &r, n, false);
	assert_int_equal(record_set(&r, F_NAME, name, ORIGIN_TYPED), 0);
	if (birth) {
		assert_int_equal(record_set(&r, F_DOC_TYPE, "09", ORIGIN_TYPED), 0);
		assert_int_equal(record_set(&r, F_NUMBER, "E12345678", ORIGIN_TYPED), 0);
		assert_int_equal(record_set(&r, F_BIRTH, birth, ORIGIN_TYPED), 0);
	}
	if (desk_register(s->d, &r, f, done, &e))
		fail_msg("register: %s %s %s", err_name(e.code), e.detail, f->n ? f->item[0].sentence : "");
	record_release(&r);
}

static bool warned(const struct findings *f, const char *rule)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->item[i].rule, rule))
			return true;
	return false;
}

/* The name and the birth date of somebody known under another document: told at once, kept to be looked at,
 * said to be two: not again. */
static void a_likeness_is_offered(void **state)
{
	struct registered done;
	struct offer_row rows[4];
	struct roster_row alike[4];
	struct findings f;
	char number[19], birth[11];
	struct site s;
	int64_t p;
	size_t n;

	(void)state;
	site_make(&s, "national");
	p = person_register(&s, 1, NULL);
	person_number(1, number);
	snprintf(birth, sizeof(birth), "%.4s-%.2s-%.2s", number + 6, number + 10, number + 12);
	register_second(&s, 2, "李试工", NULL, &f, &done);
	assert_false(warned(&f, "same_person"));
	register_second(&s, 3, "王试工", birth, &f, &done);
	assert_true(warned(&f, "same_person"));
	OK(desk_merge_offers(s.d, 0, rows, 4, &n, E));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].person, done.person);
	assert_int_equal(rows[0].other, p);
	OK(desk_person_alike(s.d, p, alike, 4, &n, E));
	assert_int_equal(n, 1);
	assert_int_equal(alike[0].person, done.person);
	OK(desk_person_two(s.d, p, done.person, "已核对证件", E));
	OK(desk_merge_offers(s.d, 0, rows, 4, &n, E));
	assert_int_equal(n, 0);
	site_drop(&s);
}

/* SH-QA r2 进场 4: numbers with stars could not be compared. */
static void masked_numbers_can_be_compared(void **state)
{
	struct compared rows[FIELD_COUNT];
	struct site s;
	int64_t a, b;
	size_t n;
	bool number = false;

	(void)state;
	site_make(&s, "national");
	a = person_register(&s, 1, NULL);
	b = person_register(&s, 2, NULL);
	OK(desk_person_compare(s.d, a, b, rows, &n, E));
	for (size_t i = 0; i < n; i++) {
		assert_int_not_equal(rows[i].field, F_BIRTH); /* S5: the first six stand here */
		if (rows[i].field == F_NUMBER) {
			number = true;
			assert_int_equal(rows[i].alike, ALIKE_DIFFERENT);
			assert_int_equal(strncmp(rows[i].a, "110199", 6), 0);
			assert_non_null(strchr(rows[i].a, '*'));
		}
		if (rows[i].field == F_ADDRESS)
			assert_int_equal(rows[i].alike, ALIKE_SAME);
	}
	assert_true(number);
	site_drop(&s);
}

/* Both histories, both numbers, both names; then apart again, as it was. */
static void merged_and_taken_apart(void **state)
{
	struct registered a, b;
	struct history_row h[32];
	struct training_row t[8];
	struct err e = {ERR_NONE};
	struct findings f;
	char number_b[19];
	struct record r;
	struct site s;
	int64_t gone, who;
	size_t n, before;

	(void)state;
	site_make(&s, "jiangmen");
	person_register(&s, 1, &a);
	register_second(&s, 2, "赵试旧", NULL, &f, &b);
	person_number(2, number_b);
	OK(desk_training_add(
		s.d, &(struct training_new){.persons = &b.person, .n = 1, .kind = "team", .on = date_today()},
		E));
	assert_int_equal(desk_person_merge(s.d, a.person, b.person, "同一人", &e),
			 -1); /* both are employed here */
	assert_int_equal(e.code, ERR_FORBIDDEN);
	assert_non_null(strstr(e.detail, "同一个项目"));
	person_act(&s, b.person, EVENT_ENTER);
	person_act(&s, b.person, EVENT_EXIT);
	if (!lifecycle_final(CYCLE_EMPLOYMENT, person_employment(&s, b.person, NULL)))
		person_act(&s, b.person, EVENT_CONTRACT_ENDED);
	OK(desk_person_history(s.d, a.person, 0, h, 32, &before, E));
	assert_int_equal(desk_person_merge(s.d, a.person, b.person, "", &e), -1); /* not without a reason */
	OK(desk_person_merge(s.d, a.person, b.person, "证件号码曾输错，同一人", E));
	assert_int_equal(found(&s, number_b), a.person);
	assert_int_equal(found(&s, "赵试旧"), a.person);
	assert_int_equal(found(&s, "王试工"), a.person);
	OK(desk_person_history(s.d, a.person, 0, h, 32, &n, E));
	assert_true(n > before + 3); /* his own, the other's, and the merging */
	assert_string_equal(h[0].what, "合并档案");
	for (size_t i = 0; i + 1 < n; i++)
		assert_true(h[i].fact > h[i + 1].fact);
	OK(desk_training_list(s.d, a.person, t, 8, &n, E));
	assert_int_equal(n, 3);
	/* and he still works: amending, on one file */
	record_init(&r);
	OK(desk_person_record(s.d, a.person, &r, E));
	record_release(&r);

	OK(desk_person_unmerge(s.d, a.person, "核对有误", &gone, E));
	assert_int_equal(gone, b.person);
	assert_int_equal(found(&s, "赵试旧"), b.person);
	assert_int_equal(found(&s, number_b), b.person);
	assert_int_equal(found(&s, "王试工"), a.person);
	OK(desk_person_by_document(s.d, "01", number_b, &who, E));
	assert_int_equal(who, b.person);
	OK(desk_training_list(s.d, a.person, t, 8, &n, E));
	assert_int_equal(n, 1);
	assert_int_equal(desk_person_unmerge(s.d, a.person, "再来", &gone, &e), -1);
	assert_int_equal(e.code, ERR_NO_SUCH);
	site_drop(&s);
}

/* --- what the platform need not hear ------------------------------------------------------------------- */

/* Two files of one person in one project: what the one that stays had there is over, the other is offered a job. */
struct twins {
	struct site s;
	int64_t kept, gone;
	char gone_uid[UID_TEXT];
};

static struct platform there;

static void twins_open(struct twins *t, bool told)
{
	struct db_person row;

	there = (struct platform){.n = 0};
	site_make(&t->s, "national");
	t->kept = person_register(&t->s, 1, NULL);
	if (told)
		site_drain(&t->s, &there, NULL);
	person_act(&t->s, t->kept, EVENT_WITHDRAW_OFFER);
	t->gone = person_register(&t->s, 2, NULL);
	OK(db_person_get(t->s.d->store, t->gone, &row, E));
	text_copy(t->gone_uid, sizeof(t->gone_uid), row.uid);
}

static enum outbox_state registration(struct twins *t, const char *uid, int64_t *id)
{
	struct db_outbox row;

	OK(db_outbox_of_subject(t->s.d->store, t->s.d->project.id, uid, "person.add", &row, E));
	*id = row.id;
	return row.state;
}

static int64_t still_open(struct twins *t)
{
	struct outbox_counts c;
	int64_t n = 0;

	OK(desk_outbox_counts(t->s.d, &c, E));
	for (enum outbox_state s = 0; s < OUTBOX_STATE_COUNT; s++)
		n += s == OUTBOX_ACCEPTED || s == OUTBOX_WITHDRAWN || s == OUTBOX_SUPERSEDED ? 0 : c.state[s];
	return n;
}

/* R3: merged before anything was sent, or after the one that stays was: the other's registration never leaves, and what it was offered goes out under
 * the one that stays. Counted at the platform. */
static void needless_registration(void **state)
{
	(void)state;
	for (int told = 0; told < 2; told++) {
		struct twins t;
		int64_t id;

		twins_open(&t, told);
		OK(desk_person_merge(t.s.d, t.kept, t.gone, "同一人", E));
		assert_int_equal(registration(&t, t.gone_uid, &id), OUTBOX_WITHDRAWN);
		site_send_all(&t.s);
		site_drain(&t.s, &there, NULL);
		assert_int_equal(platform_count(&there, "person.add"), 1);
		assert_int_equal(platform_count(&there, "employment.offer"), told ? 2 : 1);
		assert_int_equal(there.out_of_order, 0);
		assert_int_equal(still_open(&t), 0);
		for (size_t i = 0; i < there.n; i++) {
			assert_int_equal(there.taken[i].times, 1);
			assert_string_not_equal(there.taken[i].uid, t.gone_uid);
		}
		site_drop(&t.s);
	}
}

/* What may have left is asked about as ever, merged or not: the request is not made again, and nothing is withdrawn that the platform may have. */
static void registration_under_way(void **state)
{
	struct batch b, asked;
	struct twins t;
	int64_t id, next;

	(void)state;
	twins_open(&t, true);
	site_send_all(&t.s);
	OK(desk_take_batch(t.s.d, 1, 1 << 19, &b, &next, E));
	for (;;) { /* up to the registration, whose answer is lost */
		struct answer a = {.op = b.item[0].op, .kind = ANSWER_ACCEPTED};
		bool it = !strcmp(b.item[0].kind, "person.add");

		if (it)
			a.kind = ANSWER_UNKNOWN;
		OK(desk_take_answers(t.s.d, &a, 1, E));
		desk_release_batch(&b);
		if (it)
			break;
		OK(desk_take_batch(t.s.d, 1, 1 << 19, &b, &next, E));
		assert_int_equal(b.n, 1);
	}
	OK(desk_person_merge(t.s.d, t.kept, t.gone, "同一人", E));
	assert_int_equal(registration(&t, t.gone_uid, &id), OUTBOX_UNKNOWN);
	OK(desk_to_look_up(t.s.d, 8, false, &asked, E));
	assert_int_equal(asked.n, 1);
	assert_int_equal(asked.item[0].id, id);
	desk_release_batch(&asked);
	site_drop(&t.s);
}

/* Taken apart before anything was sent: both are told, and neither waits for the other (K6). */
static void apart_again_before_sending(void **state)
{
	struct twins t;
	int64_t id, other;

	(void)state;
	twins_open(&t, false);
	OK(desk_person_merge(t.s.d, t.kept, t.gone, "同一人", E));
	OK(desk_person_unmerge(t.s.d, t.kept, "核对有误", &other, E));
	assert_int_equal(registration(&t, t.gone_uid, &id), OUTBOX_HELD);
	text_copy(there.refuse_kind, sizeof(there.refuse_kind), "person.add");
	text_copy(there.refuse_code, sizeof(there.refuse_code), "phone");
	site_send_all(&t.s);
	site_drain(&t.s, &there, NULL); /* neither registration is taken */
	assert_int_equal(platform_count(&there, "employment.offer"), 0);
	there.refuse_kind[0] = '\0';
	OK(desk_outbox_retry(t.s.d, id, E)); /* the second one alone */
	site_send_all(&t.s);
	site_drain(&t.s, &there, NULL);
	assert_int_equal(platform_count(&there, "person.add"), 1);
	assert_int_equal(platform_count(&there, "employment.offer"), 1);
	assert_int_equal(still_open(&t), 1); /* the first one, refused */
	site_drop(&t.s);
}

/* What the one that stays gets from the other is told where it has been told of; taken apart, what stands then is told again. */
static void filled_in_is_told(void **state)
{
	struct registered done;
	struct findings f;
	struct record r;
	int64_t other;
	struct site s;

	(void)state;
	there = (struct platform){.watch_kind = "person.amend"};
	site_make(&s, "national");
	other = person_register(&s, 1, NULL);
	site_drain(&s, &there, NULL);
	person_act(&s, other, EVENT_WITHDRAW_OFFER);
	person_record(&s, &r, 2, true);
	assert_string_equal(record_get(&r, F_LOCAL_ADDRESS), "");
	assert_int_equal(record_set(&r, F_LOCAL_ADDRESS, "工地生活区2号楼", ORIGIN_TYPED), 0);
	OK(desk_register(s.d, &r, &f, &done, E));
	record_release(&r);
	OK(desk_person_merge(s.d, other, done.person, "同一人", E));
	site_send_all(&s);
	site_drain(&s, &there, NULL);
	assert_int_equal(platform_count(&there, "person.amend"), 1);
	assert_non_null(strstr(there.watched, "工地生活区2号楼"));
	OK(desk_person_unmerge(s.d, other, "核对有误", &done.person, E));
	site_send_all(&s);
	site_drain(&s, &there, NULL);
	assert_int_equal(platform_count(&there, "person.amend"), 2);
	assert_null(strstr(there.watched, "工地生活区2号楼"));
	assert_int_equal(platform_count(&there, "person.add"), 2);
	assert_int_equal(there.out_of_order, 0);
	site_drop(&s);
}

/* The one that stays is refused itself: the other's goes out, and a human decides about both. */
static void neither_stands(void **state)
{
	struct twins t;
	struct answer a = {.kind = ANSWER_REJECTED, .reason_code = "phone"};
	struct batch b;
	int64_t id, next;

	(void)state;
	twins_open(&t, false);
	site_send_all(&t.s);
	for (bool refused = false; !refused;) {
		OK(desk_take_batch(t.s.d, 1, 1 << 19, &b, &next, E));
		assert_int_equal(b.n, 1);
		refused = !strcmp(b.item[0].kind, "person.add");
		a.op = b.item[0].op;
		a.kind = refused ? ANSWER_REJECTED : ANSWER_ACCEPTED;
		OK(desk_take_answers(t.s.d, &a, 1, E));
		desk_release_batch(&b);
	}
	OK(desk_person_merge(t.s.d, t.kept, t.gone, "同一人", E));
	assert_int_equal(registration(&t, t.gone_uid, &id), OUTBOX_READY);
	site_drop(&t.s);
}

/* A8: by team, company, trade, state, in any combination with a name; a number in groups is one number. */
static void found_by_everything(void **state)
{
	struct registered one;
	struct findings f;
	struct site s;
	int64_t p;

	(void)state;
	site_make(&s, "jiangmen");
	p = person_register(&s, 1, NULL);
	register_second(&s, 2, "钱试别", NULL, &f, &one);
	person_act(&s, p, EVENT_ENTER);
	assert_int_equal(found(&s, "木工"), -2);
	assert_int_equal(found(&s, "一班"), -2);
	assert_int_equal(found(&s, "青禾"), -2);
	assert_int_equal(found(&s, "青禾 钱试"), one.person);
	assert_int_equal(found(&s, "木工 wsg"), p);
	assert_int_equal(found(&s, "在场"), p);
	assert_int_equal(found(&s, "待进场"), one.person);
	assert_int_equal(found(&s, "木工 在场"), p);
	assert_int_equal(found(&s, "钱 在场"), 0);
	assert_int_equal(found(&s, "138 1000 0001"), p);
	assert_int_equal(found(&s, "木工 0001"), p);
	assert_int_equal(found(&s, "钢筋工"), 0);
	site_drop(&s);
}

/* SH-QA r1 基本信息 5, r2 8: edited, saved, and the old value was shown. Here, reopened, on another clerk's
 * screen, after sending. */
static void edits_stick(void **state)
{
	static struct platform platform;
	struct findings f;
	struct person_file *file = calloc(1, sizeof(*file));
	struct desk *other;
	struct record r;
	struct site s;
	int64_t p;
	int changed;

	(void)state;
	assert_non_null(file);
	site_make(&s, "national");
	p = person_register(&s, 1, NULL);
	other = site_open_another(&s, "clerk");
	OK(desk_person_file(other, p, file, E)); /* the other has it open */
	record_init(&r);
	OK(desk_person_record(s.d, p, &r, E));
	assert_int_equal(record_set(&r, F_PHONE, "13900009999", ORIGIN_TYPED), 0);
	assert_int_equal(record_set(&r, F_NATIVE_PLACE, "四川省达州市", ORIGIN_TYPED), 0);
	OK(desk_amend(s.d, p, &r, &f, &changed, E));
	assert_int_equal(changed, 2);
	record_release(&r);
	OK(desk_person_file(s.d, p, file, E));
	assert_string_equal(file->masked[F_PHONE], "139****9999");
	OK(desk_person_file(other, p, file, E));
	assert_string_equal(file->masked[F_PHONE], "139****9999");
	assert_string_equal(file->masked[F_NATIVE_PLACE], "四川省达州市");
	desk_close(other);
	site_drain(&s, &platform, NULL);
	site_reopen(&s, "clerk");
	OK(desk_person_file(s.d, p, file, E));
	assert_string_equal(file->masked[F_PHONE], "139****9999");
	assert_string_equal(file->masked[F_NATIVE_PLACE], "四川省达州市");
	free(file);
	site_drop(&s);
}

/* A10, SH-QA r2 基本信息 6: guards and cooks are registered, with the general contractor as their employer.
 */
static void other_staff(void **state)
{
	struct registered done;
	struct findings f;
	struct record r;
	struct site s;

	(void)state;
	site_make(&s, "national");
	person_record(&s, &r, 1, true);
	assert_int_equal(record_set(&r, F_ROLE, "30", ORIGIN_TYPED), 0);
	OK(desk_check_record(s.d, &r, &f, E));
	assert_true(warned(&f, "others_by_general"));
	assert_true(warned(&f, "trade_role")); /* a carpenter is no cook */
	assert_int_equal(record_set(&r, F_TRADE, "Q02", ORIGIN_TYPED), 0);
	assert_int_equal(record_set(&r, F_COMPANY, s.contractor, ORIGIN_TYPED), 0);
	assert_int_equal(record_set(&r, F_TEAM, s.office, ORIGIN_TYPED), 0);
	OK(desk_check_record(s.d, &r, &f, E));
	assert_false(warned(&f, "others_by_general"));
	assert_false(warned(&f, "trade_role"));
	OK(desk_register(s.d, &r, &f, &done, E));
	record_release(&r);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_number_one_person),
		cmocka_unit_test(old_numbers),
		cmocka_unit_test(a_likeness_is_offered),
		cmocka_unit_test(masked_numbers_can_be_compared),
		cmocka_unit_test(merged_and_taken_apart),
		cmocka_unit_test(needless_registration),
		cmocka_unit_test(registration_under_way),
		cmocka_unit_test(apart_again_before_sending),
		cmocka_unit_test(neither_stands),
		cmocka_unit_test(filled_in_is_told),
		cmocka_unit_test(found_by_everything),
		cmocka_unit_test(edits_stick),
		cmocka_unit_test(other_staff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
