/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training, certificates, do-not-hire marks, work history (L1–L3, A9, A12): kept, told, guarded, taken back.
 */
#include "desk/dossier.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk_site.h"
#include "folk.h"

#define DAY_MS 86400000LL

static int64_t registered_person(struct site *s, unsigned n)
{
	char employment[UID_TEXT];
	int64_t p = person_register(s, n, NULL);

	person_employment(s, p, employment);
	change_arrives(s, "employment.consent", employment, APPLIED);
	return p;
}

static void to_the_gate(struct site *s, int64_t p)
{
	site_login(s, "manager");
	person_act(s, p, EVENT_SUBMIT);
	site_login(s, "clerk");
}

static bool told(struct site *s, int64_t person, const char *words, bool block)
{
	struct warning w[WARNINGS_MAX];
	size_t n;

	OK(desk_person_warnings(s->d, person, w, &n, E));
	for (size_t i = 0; i < n; i++)
		if (strstr(w[i].sentence, words) && w[i].block == block)
			return true;
	return false;
}

static void preview_enter(struct site *s, int64_t p, struct verdict *v)
{
	struct act a = {.event = EVENT_ENTER, .persons = &p, .n = 1, .on = DATE_NONE};
	size_t able;

	OK(desk_preview(s->d, &a, v, &able, E));
}

/* L1: a lesson for several people; what was said at the registration stands as training too; a year without
 * work lapses it. */
static void training(void **state)
{
	struct training_row rows[4];
	struct training_new t = {.n = 2, .kind = "project", .hours = 24};
	struct training_preview seen;
	struct err e = {ERR_NONE};
	int64_t p[2];
	struct verdict v;
	struct site s;
	size_t n;

	(void)state;
	site_make(&s, "national");
	p[0] = registered_person(&s, 1);
	p[1] = registered_person(&s, 2);
	OK(desk_training_list(s.d, p[0], rows, 4, &n, E));
	assert_int_equal(n, 1); /* the registration's own */
	assert_string_equal(rows[0].kind, "基本安全培训");
	to_the_gate(&s, p[0]);
	clock_add(400 * DAY_MS);
	assert_true(told(&s, p[0], "安全培训已超过有效期", true));
	person_cannot(&s, p[0], EVENT_ENTER, &v);
	assert_non_null(strstr(v.why, "安全培训已超过有效期"));
	t.persons = p;
	t.on = date_today() + 1;
	assert_int_equal(desk_training_add(s.d, &t, &e), -1);
	assert_int_equal(e.code, ERR_FINDINGS);
	t.on = date_today();
	t.kind = "juggling";
	assert_int_equal(desk_training_add(s.d, &t, &e), -1);
	t.kind = "project";
	OK(desk_training_add(s.d, &(struct training_new){.persons = p, .n = 1, .kind = "project", .on = t.on, .hours = 24}, E));
	OK(desk_training_preview(s.d, &t, &seen, E));
	assert_int_equal(seen.able, 1);
	assert_int_equal(seen.already, 1);
	OK(desk_training_add(s.d, &t, E)); /* the first one gets no second */
	OK(desk_training_list(s.d, p[0], rows, 4, &n, E));
	assert_int_equal(n, 2);
	assert_int_equal(desk_training_add(s.d, &t, &e), -1);
	assert_int_equal(e.code, ERR_FINDINGS);
	OK(desk_training_list(s.d, p[1], rows, 4, &n, E));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].hours, 24);
	assert_false(rows[0].lapsed);
	assert_true(rows[1].lapsed);
	assert_false(told(&s, p[0], "安全培训", true));
	preview_enter(&s, p[0], &v);
	assert_true(v.can);
	/* taken back: as before */
	OK(desk_training_list(s.d, p[0], rows, 4, &n, E));
	OK(desk_training_remove(s.d, rows[0].id, "登记错了人", E));
	person_cannot(&s, p[0], EVENT_ENTER, &v);
	assert_int_equal(desk_training_remove(s.d, rows[0].id, "", &e), -1);
	assert_int_equal(e.code, ERR_NO_SUCH);
	site_drop(&s);
}

/* L1: who has worked since needs no new training; who has not worked for a year does. */
static void work_keeps_training_alive(void **state)
{
	struct folk f;
	struct situation sit;
	struct site s;
	int64_t p;

	(void)state;
	site_make(&s, "national");
	p = registered_person(&s, 1);
	to_the_gate(&s, p);
	person_act(&s, p, EVENT_ENTER);
	clock_add(300 * DAY_MS);
	person_act(&s, p, EVENT_EXIT);
	clock_add(300 * DAY_MS); /* 600 days since the lesson, 300 since the last day of work */
	OK(folk_load(s.d, p, &f, E));
	OK(folk_situation(s.d, &f, EVENT_NONE, DATE_NONE, &sit, E));
	assert_false(training_over(&sit));
	assert_false(told(&s, p, "安全培训", true));
	clock_add(70 * DAY_MS);
	OK(folk_situation(s.d, &f, EVENT_NONE, DATE_NONE, &sit, E));
	assert_true(training_over(&sit));
	site_drop(&s);
}

/* L2: an electrician without a certificate is warned about, with one that lapses too; the list says so
 * before. */
static void certificates(void **state)
{
	struct certificate_new c = {.kind = "01", .number = "试A012345678901234", .issuer = "虚构省住建厅"};
	struct certificate_row rows[4];
	struct err e = {ERR_NONE};
	struct registered done;
	struct findings found;
	struct verdict v;
	struct record r;
	struct site s;
	char whole[64], employment[UID_TEXT];
	size_t n;

	(void)state;
	site_make(&s, "national");
	person_record(&s, &r, 1, true);
	assert_int_equal(record_set(&r, F_TRADE, "130", ORIGIN_TYPED), 0);
	OK(desk_register(s.d, &r, &found, &done, E));
	record_release(&r);
	person_employment(&s, done.person, employment);
	change_arrives(&s, "employment.consent", employment, APPLIED);
	to_the_gate(&s, done.person);
	assert_true(told(&s, done.person, "没有“建筑电工”资格证书", false));
	preview_enter(&s, done.person, &v);
	assert_true(v.can);
	assert_non_null(strstr(v.warning, "建筑电工"));
	c.person = done.person;
	c.valid_to = DATE_NONE;
	assert_int_equal(desk_certificate_add(s.d, &c, &e), -1);
	assert_int_equal(e.code, ERR_FINDINGS);
	c.valid_to = date_today() + 60;
	OK(desk_certificate_add(s.d, &c, E));
	preview_enter(&s, done.person, &v);
	assert_string_equal(v.warning, "");
	OK(desk_certificate_list(s.d, done.person, rows, 4, &n, E));
	assert_int_equal(n, 1);
	assert_null(strstr(rows[0].number, "试A01234567890")); /* masked; the tail tells two apart */
	assert_non_null(strstr(rows[0].number, "1234"));
	assert_int_equal(rows[0].standing, CERTIFICATE_DUE);
	OK(desk_certificate_due(s.d, NULL, rows, 4, &n, E));
	assert_int_equal(n, 1);
	assert_int_equal(desk_certificate_reveal(s.d, rows[0].id, "", whole, sizeof(whole), &e), -1);
	OK(desk_certificate_reveal(s.d, rows[0].id, "核对证书", whole, sizeof(whole), E));
	assert_string_equal(whole, c.number);
	clock_add(61 * DAY_MS);
	preview_enter(&s, done.person, &v);
	assert_non_null(strstr(v.warning, "已过有效期"));
	/* a newer one takes its place */
	c.valid_to = date_today() + 700;
	c.number = "试A012345678909999";
	OK(desk_certificate_add(s.d, &c, E));
	OK(desk_certificate_list(s.d, done.person, rows, 4, &n, E));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].standing, CERTIFICATE_VALID);
	OK(desk_certificate_due(s.d, NULL, rows, 4, &n, E));
	assert_int_equal(n, 0);
	OK(desk_certificate_remove(s.d, rows[0].id, "登记错了人", E));
	preview_enter(&s, done.person, &v);
	assert_non_null(strstr(v.warning, "没有“建筑电工”资格证书"));
	site_drop(&s);
}

/* L3: seen, stops, may be overridden by those allowed and for this project only, lifted, and runs out on its
 * last day. */
static void marks(void **state)
{
	struct mark_new m = {.reason = "多次不戴安全帽", .until = DATE_NONE};
	struct mark_row rows[4];
	struct err e = {ERR_NONE};
	struct verdict v;
	struct site s;
	int64_t p;
	size_t n;

	(void)state;
	site_make(&s, "national");
	p = registered_person(&s, 1);
	to_the_gate(&s, p);
	m.person = p;
	m.reason = "";
	assert_int_equal(desk_mark_set(s.d, &m, &e), -1);
	m.reason = "多次不戴安全帽";
	OK(desk_mark_set(s.d, &m, E));
	assert_true(told(&s, p, "有不宜录用标记（劳资员甲）", true));
	person_cannot(&s, p, EVENT_ENTER, &v);
	assert_non_null(strstr(v.why, "不宜录用"));
	assert_null(strstr(v.why, "安全帽")); /* the reason is for whoever opens the file */
	assert_non_null(strstr(v.would, "放行"));
	OK(desk_mark_list(s.d, p, rows, 4, &n, E));
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].reason, "多次不戴安全帽");
	assert_int_equal(desk_mark_override(s.d, rows[0].id, "已谈话", &e), -1); /* a clerk may not */
	assert_int_equal(e.code, ERR_NOT_PERMITTED);
	assert_int_equal(desk_mark_lift(s.d, rows[0].id, "已谈话", &e), -1);
	assert_int_equal(e.code, ERR_NOT_PERMITTED);
	site_login(&s, "manager");
	assert_int_equal(desk_mark_override(s.d, rows[0].id, "", &e), -1);
	OK(desk_mark_override(s.d, rows[0].id, "已谈话，再次教育", E));
	assert_true(told(&s, p, "已放行", false));
	site_login(&s, "clerk");
	preview_enter(&s, p, &v);
	assert_true(v.can);
	assert_non_null(strstr(v.warning, "不宜录用"));
	site_login(&s, "manager");
	OK(desk_mark_lift(s.d, rows[0].id, "查明不实", E));
	OK(desk_mark_list(s.d, p, rows, 4, &n, E));
	assert_int_equal(n, 0);
	m.until = date_today() + 10;
	OK(desk_mark_set(s.d, &m, E));
	person_cannot(&s, p, EVENT_ENTER, &v);
	clock_add(11 * DAY_MS);
	preview_enter(&s, p, &v);
	assert_true(v.can);
	assert_string_equal(v.warning, "");
	site_drop(&s);
}

static bool blocks(const struct findings *f, const char *rule)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->item[i].severity == SEVERITY_BLOCK && !strcmp(f->item[i].rule, rule))
			return true;
	return false;
}

/* L3 at registration: whoever comes back with a mark is stopped before anything is written. */
static void marked_at_registration(void **state)
{
	struct mark_new m = {.reason = "打架", .until = DATE_NONE};
	struct registered done;
	struct findings found;
	struct mark_row rows[4];
	struct err e = {ERR_NONE};
	struct record r;
	struct site s;
	size_t n;

	(void)state;
	site_make(&s, "jiangmen");
	m.person = person_register(&s, 1, NULL);
	person_act(&s, m.person, EVENT_ENTER);
	person_act(&s, m.person, EVENT_EXIT);
	OK(desk_mark_set(s.d, &m, E));
	person_record(&s, &r, 1, true);
	assert_int_equal(desk_register(s.d, &r, &found, &done, &e), -1);
	assert_int_equal(e.code, ERR_FINDINGS);
	assert_true(blocks(&found, "do_not_hire"));
	site_login(&s, "manager");
	OK(desk_mark_list(s.d, m.person, rows, 4, &n, E));
	OK(desk_mark_override(s.d, rows[0].id, "双方和解", E));
	site_login(&s, "clerk");
	if (desk_register(s.d, &r, &found, &done,
			  &e)) /* the employment may still stand in the way, the mark does not */
		assert_false(blocks(&found, "do_not_hire"));
	record_release(&r);
	site_drop(&s);
}

/* L3: the platform's mark arrives, is the platform's to lift, and goes with its word. */
static void the_platforms_mark(void **state)
{
	enum applied result;
	struct person_file *file = calloc(1, sizeof(*file));
	char uid[UID_TEXT];
	struct change c = {.uid = uid, .kind = "person.mark", .by = "虚构市住建局", .note = "伪造证书"};
	struct mark_row rows[4];
	struct err e = {ERR_NONE};
	struct site s;
	int64_t p;
	size_t n;

	(void)state;
	assert_non_null(file);
	site_make(&s, "national");
	p = person_register(&s, 1, NULL);
	OK(desk_person_file(s.d, p, file, E));
	c.subject = file->uid;
	c.at_ms = now_ms;
	uid_new(uid);
	OK(desk_take_changes(s.d, &c, 1, "c1", &result, E));
	assert_int_equal(result, APPLIED);
	assert_true(told(&s, p, "虚构市住建局", true));
	OK(desk_mark_list(s.d, p, rows, 4, &n, E));
	assert_int_equal(n, 1);
	assert_true(rows[0].platform);
	site_login(&s, "manager");
	assert_int_equal(desk_mark_lift(s.d, rows[0].id, "查明", &e), -1);
	assert_int_equal(e.code, ERR_FORBIDDEN);
	c.kind = "person.unmark";
	uid_new(uid);
	OK(desk_take_changes(s.d, &c, 1, "c2", &result, E));
	OK(desk_mark_list(s.d, p, rows, 4, &n, E));
	assert_int_equal(n, 0);
	free(file);
	site_drop(&s);
}

/* A12: what was worked here, with who and when; and the sentence for older records. */
static void work_history(void **state)
{
	struct work_row rows[4];
	struct site s;
	int64_t p;
	size_t n;

	(void)state;
	site_make(&s, "jiangmen");
	p = person_register(&s, 1, NULL);
	person_act(&s, p, EVENT_ENTER);
	OK(desk_work_history(s.d, p, rows, 4, &n, E));
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].project, "云溪花园一期（试验）");
	assert_string_equal(rows[0].team, "木工一班");
	assert_string_equal(rows[0].contractor, "青禾试劳有限公司");
	assert_int_equal(rows[0].entered_on, date_today());
	assert_true(strstr(desk_work_older(s.d), "书面") != NULL);
	site_drop(&s);
}

/* The history tells each of these in words. */
static void told_in_the_history(void **state)
{
	struct training_new t = {.n = 1, .kind = "team"};
	struct history_row h[8];
	struct site s;
	bool seen = false;
	int64_t p;
	size_t n;

	(void)state;
	site_make(&s, "national");
	p = person_register(&s, 1, NULL);
	t.persons = &p;
	t.on = date_today();
	OK(desk_training_add(s.d, &t, E));
	OK(desk_mark_set(s.d, &(struct mark_new){.person = p, .reason = "多次迟到", .until = DATE_NONE}, E));
	OK(desk_person_history(s.d, p, 0, h, 8, &n, E));
	assert_string_equal(h[0].what, "加不宜录用标记");
	assert_string_equal(h[0].note, "多次迟到");
	for (size_t i = 0; i < n; i++)
		seen |= !strcmp(h[i].what, "安全培训") && !strcmp(h[i].note, "三级教育（班组级）");
	assert_true(seen);
	site_drop(&s);
}

/* I6: an account that acts for one participant is told nothing of another's people, by no list, however many stand before its own. */
static void lists_keep_to_the_scope(void **state)
{
	struct certificate_new c = {.kind = "01", .number = "试A012345678901234", .issuer = "虚构省住建厅"};
	struct account_new special = {.name = "special", .password = PASSWORD, .roles = ROLE_PROJECT_MANAGER, .kdf_mib = 8};
	struct participant_row units[8];
	struct certificate_row due[4];
	struct mark_row marks[4];
	struct site s;
	size_t n;

	(void)state;
	site_make(&s, "national");
	c.valid_to = date_today() + 3;
	for (unsigned i = 1; i <= 3; i++) {
		c.person = registered_person(&s, i); /* the labour subcontractor's */
		OK(desk_certificate_add(s.d, &c, E));
	}
	site_login(&s, "manager");
	OK(desk_mark_set(s.d, &(struct mark_new){.person = c.person, .reason = "打架", .until = DATE_NONE}, E));
	OK(desk_certificate_due(s.d, NULL, due, 4, &n, E));
	assert_int_equal(n, 3);
	OK(desk_mark_page(s.d, 0, marks, 4, &n, E));
	assert_int_equal(n, 1);
	OK(desk_participant_list(s.d, units, 8, &n, E));
	for (size_t i = 0; i < n; i++)
		if (!strcmp(units[i].uid, s.contractor))
			special.participant = units[i].id;
	OK(desk_account_add(s.d, &special, E));
	site_login(&s, "special");
	OK(desk_certificate_due(s.d, NULL, due, 4, &n, E));
	assert_int_equal(n, 0);
	OK(desk_mark_page(s.d, 0, marks, 4, &n, E));
	assert_int_equal(n, 0);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_keep_to_the_scope),
		cmocka_unit_test(training),
		cmocka_unit_test(work_keeps_training_alive),
		cmocka_unit_test(certificates),
		cmocka_unit_test(marks),
		cmocka_unit_test(marked_at_registration),
		cmocka_unit_test(work_history),
		cmocka_unit_test(told_in_the_history), cmocka_unit_test(the_platforms_mark),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
