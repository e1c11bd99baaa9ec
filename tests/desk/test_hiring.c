/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hiring and leaving under three regions' rules: by consent, recorded, with the exit (D1–D13, D8); each forbidden way says why. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "desk/contract.h"
#include "desk/hiring.h"
#include "desk_private.h"
#include "desk_site.h"
#include "folk.h"

#define HOUR (60 * 60 * 1000LL)
#define DAY (24 * HOUR)

static struct platform platform;

static void begin(struct site *s, const char *profile)
{
	memset(&platform, 0, sizeof(platform));
	site_make(s, profile);
	site_login(s, "manager");
	OK(desk_account_add(s->d,
			    &(struct account_new){.name = "hr",
						  .display = "企业人事丙",
						  .password = PASSWORD,
						  .roles = ROLE_COMPANY_HR,
						  .kdf_mib = 8},
			    E));
	site_login(s, "clerk");
}

static void put(struct record *r, enum field_id f, const char *value)
{
	assert_int_equal(record_set(r, f, value, ORIGIN_TYPED), 0);
}

/* Everything that the most demanding region asks for. */
static void full_record(const struct site *s, struct record *r, unsigned n)
{
	person_record(s, r, n, true);
	put(r, F_EMPLOYMENT_FORM, "1");
	put(r, F_WAGE_KIND, "2");
	put(r, F_BASE_WAGE, "480000");
	put(r, F_PROBATION_WAGE, "450000");
	put(r, F_PERFORMANCE_TIMES, "3");
	put(r, F_BANK, "999");
}

static int64_t hire(struct site *s, unsigned n, char employment[UID_TEXT])
{
	struct registered done;
	struct findings f;
	struct record r;
	struct err e = {ERR_NONE};

	full_record(s, &r, n);
	if (desk_register(s->d, &r, &f, &done, &e))
		fail_msg("register: %s: %s", e.detail, f.n ? f.item[0].sentence : "");
	record_release(&r);
	person_employment(s, done.person, employment);
	return done.person;
}

/* As far as registered, by the profile's steps. */
static int64_t hired(struct site *s, unsigned n, char employment[UID_TEXT])
{
	int64_t p = hire(s, n, employment);

	if (person_employment(s, p, NULL) == EMPLOYMENT_OFFERED)
		change_arrives(s, "employment.consent", employment, APPLIED);
	if (person_employment(s, p, NULL) == EMPLOYMENT_ACCEPTED) {
		person_act(s, p, EVENT_REGISTER);
		change_arrives(s, "employment.done", employment, APPLIED);
	}
	assert_int_equal(person_employment(s, p, NULL), EMPLOYMENT_REGISTERED);
	return p;
}

static void on_site(struct site *s, int64_t p)
{
	site_login(s, "manager");
	if (person_assignment(s, p, NULL) == ASSIGNMENT_DRAFTED)
		person_act(s, p, EVENT_SUBMIT); /* as manager: confirms in the same act */
	person_act(s, p, EVENT_ENTER);
	assert_int_equal(person_assignment(s, p, NULL), ASSIGNMENT_ON_SITE);
	site_login(s, "clerk");
}

static void expect(const struct verdict *v, const char *why, const char *would)
{
	if (!strstr(v->why, why) || !strstr(v->would, would))
		fail_msg("why: %s | would: %s (expected %s | %s)", v->why, v->would, why, would);
}

/* One row of the list, of this person. */
static struct hiring_row row_of(struct site *s, int64_t person, enum hiring_filter filter)
{
	struct hiring_row rows[8];
	struct hiring_page page = {.row = rows, .cap = ARRAY_LEN(rows)};

	OK(desk_hiring(s->d, &(struct hiring_query){.filter = filter}, &page, E));
	for (size_t i = 0; i < page.n; i++)
		if (rows[i].person == person)
			return rows[i];
	fail_msg("not in the list %s", hiring_filter_name(filter));
	return rows[0];
}

static bool in_list(struct site *s, int64_t person)
{
	struct hiring_row rows[8];
	struct hiring_page page = {.row = rows, .cap = ARRAY_LEN(rows)};

	OK(desk_hiring(s->d, &(struct hiring_query){.filter = HIRING_ALL}, &page, E));
	for (size_t i = 0; i < page.n; i++)
		if (rows[i].person == person)
			return true;
	return false;
}

static void fold_is_state(struct site *s, int64_t person)
{
	struct folk f;
	int state;

	OK(folk_load(s->d, person, &f, E));
	OK(deed_fold(s->d, CYCLE_EMPLOYMENT, f.employment.id, &state, E));
	assert_int_equal(state, f.employment.state);
}

static enum contract_state contract_state_of(struct site *s, int64_t person)
{
	struct contract_row rows[4];
	struct contract_page page = {.row = rows, .cap = ARRAY_LEN(rows)};
	int state;

	OK(desk_contracts(s->d, &(struct contract_query){.person = person}, &page, E));
	assert_true(page.n > 0);
	OK(deed_fold(s->d, CYCLE_CONTRACT, rows[0].id, &state, E));
	assert_int_equal(state, rows[0].state);
	return rows[0].state;
}

/* --- D1, D2, D10 -------------------------------------------------------------------------------------- */

static void offer_by_name_and_document(void **state)
{
	char employment[UID_TEXT];
	struct registered done;
	struct findings f;
	struct verdict v;
	struct record r, full;
	struct err e = {ERR_NONE};
	struct site s;
	int changed;
	int64_t p;

	(void)state;
	begin(&s, "shanghai");
	full_record(&s, &full, 1);
	record_init(&r);
	assert_int_equal(desk_offer(s.d, &r, &f, &done, &e), -1);
	assert_int_equal(e.code, ERR_FINDINGS);
	assert_int_equal(f.n, 4); /* document type, number, name, company: nothing else is asked for yet */
	put(&r, F_DOC_TYPE, "01");
	put(&r, F_NUMBER, record_get(&full, F_NUMBER));
	put(&r, F_NAME, record_get(&full, F_NAME));
	put(&r, F_COMPANY, s.labour);
	OK(desk_offer(s.d, &r, &f, &done, E));
	p = done.person;
	assert_int_equal(person_employment(&s, p, employment), EMPLOYMENT_OFFERED);
	assert_int_equal(done.assignment, 0);
	assert_true(strstr(row_of(&s, p, HIRING_JOINING).says, "同意") != NULL);
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "employment.offer"), 1);
	person_cannot(&s, p, EVENT_REGISTER, &v);
	change_arrives(&s, "employment.consent", employment, APPLIED);
	assert_int_equal(person_employment(&s, p, NULL), EMPLOYMENT_ACCEPTED);
	person_cannot(&s, p, EVENT_REGISTER, &v);
	expect(&v, "没有填全", "补全");
	OK(desk_amend(s.d, p, &full, &f, &changed, E));
	person_act(&s, p, EVENT_REGISTER);
	assert_int_equal(person_employment(&s, p, NULL), EMPLOYMENT_PROCESSING);
	/* SH-OP 二 FAQ 1: nothing to do, and no second record. */
	assert_int_equal(desk_register(s.d, &full, &f, &done, &e), -1);
	assert_int_equal(e.code, ERR_DUPLICATE);
	assert_true(strstr(f.item[0].sentence, "正在办理") != NULL);
	assert_true(strstr(row_of(&s, p, HIRING_JOINING).todo, "不必重复登记") != NULL);
	change_arrives(&s, "employment.done", employment, APPLIED);
	assert_int_equal(person_employment(&s, p, NULL), EMPLOYMENT_REGISTERED);
	assert_false(in_list(&s, p));
	fold_is_state(&s, p);
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "employment.offer"), 1);
	assert_int_equal(platform_count(&platform, "employment.register"), 1);
	assert_int_equal(platform.out_of_order, 0);
	record_release(&r);
	record_release(&full);
	site_drop(&s);
	/* Where registering is no step of its own there is no offer alone. */
	begin(&s, "national");
	assert_false(desk_offers_alone(s.d));
	record_init(&r);
	assert_int_equal(desk_offer(s.d, &r, &f, &done, &e), -1);
	assert_int_equal(e.code, ERR_FORBIDDEN);
	record_release(&r);
	site_drop(&s);
}

/* --- D3 ------------------------------------------------------------------------------------------------ */

static enum severity found(struct site *s, const struct record *r, enum field_id field, const char *rule)
{
	struct findings f;

	OK(desk_check_record(s->d, r, &f, E));
	for (size_t i = 0; i < f.n; i++)
		if (f.item[i].field == field && strcmp(f.item[i].rule, rule) == 0)
			return f.item[i].severity;
	return SEVERITY_NONE;
}

static void wages(void **state)
{
	struct record r;
	struct site s;

	(void)state;
	begin(&s, "shanghai");
	full_record(&s, &r, 1);
	assert_int_equal(found(&s, &r, F_BASE_WAGE, "base_wage"), SEVERITY_NONE);
	put(&r, F_BASE_WAGE, "449999");
	assert_int_equal(found(&s, &r, F_BASE_WAGE, "base_wage"), SEVERITY_WARN);
	assert_int_equal(found(&s, &r, F_PROBATION_WAGE, "probation_wage"), SEVERITY_WARN);
	assert_true(profile_since(desk_profile(s.d), "limits.base_wage") != DATE_NONE);
	assert_int_equal(profile_since(desk_profile(s.d), "limits.min_age"), DATE_NONE);
	put(&r, F_BASE_WAGE, "450000");
	assert_int_equal(found(&s, &r, F_BASE_WAGE, "base_wage"), SEVERITY_NONE);
	put(&r, F_PERFORMANCE_TIMES, "2");
	assert_int_equal(found(&s, &r, F_PERFORMANCE_TIMES, "performance_times"), SEVERITY_BLOCK);
	put(&r, F_PERFORMANCE_TIMES, "3");
	put(&r, F_EMPLOYMENT_FORM, "2");
	assert_int_equal(found(&s, &r, F_WAGE_KIND, "temporary_by_day"), SEVERITY_BLOCK);
	put(&r, F_WAGE_KIND, "1");
	assert_int_equal(found(&s, &r, F_WAGE_KIND, "temporary_by_day"), SEVERITY_NONE);
	/* By the day: the day's wage is asked for, base wage and what belongs to it are not. */
	put(&r, F_BASE_WAGE, "");
	put(&r, F_PROBATION_WAGE, "");
	put(&r, F_PERFORMANCE_TIMES, "");
	put(&r, F_WAGE, "");
	assert_int_equal(found(&s, &r, F_BASE_WAGE, "required"), SEVERITY_NONE);
	assert_int_equal(found(&s, &r, F_WAGE, "required"), SEVERITY_BLOCK);
	put(&r, F_WAGE_KIND, "2");
	put(&r, F_EMPLOYMENT_FORM, "1");
	assert_int_equal(found(&s, &r, F_BASE_WAGE, "required"), SEVERITY_BLOCK);
	assert_int_equal(found(&s, &r, F_PROBATION_WAGE, "required"), SEVERITY_BLOCK);
	assert_int_equal(found(&s, &r, F_PERFORMANCE_TIMES, "required"), SEVERITY_BLOCK);
	assert_int_equal(found(&s, &r, F_WAGE, "required"), SEVERITY_NONE);
	put(&r, F_CONTRACT_TO, "");
	assert_int_equal(found(&s, &r, F_CONTRACT_TO, "required"), SEVERITY_BLOCK);
	record_release(&r);
	site_drop(&s);
}

/* --- D4, D6 -------------------------------------------------------------------------------------------- */

static void asks_to_leave(struct site *s, const char *employment, int64_t at_ms)
{
	char uid[UID_TEXT];
	enum applied result;
	struct change c = {.uid = uid, .kind = "employment.ask_leave", .subject = employment, .at_ms = at_ms, .by = "本人", .note = "回家收麦"};

	uid_new(uid);
	OK(desk_take_changes(s->d, &c, 1, uid, &result, E));
	assert_int_equal(result, APPLIED);
}

static void leaving_by_consent(void **state)
{
	char employment[UID_TEXT];
	struct hiring_counts counts;
	struct hiring_row row;
	struct registered done;
	struct findings f;
	struct verdict v;
	struct record r;
	struct err e = {ERR_NONE};
	struct site s;
	int64_t p, asked;

	(void)state;
	begin(&s, "shanghai");
	p = hired(&s, 1, employment);
	person_cannot(&s, p, EVENT_ASK_LEAVE, &v);
	expect(&v, "本人或平台", "");
	person_cannot(&s, p, EVENT_RECORD_LEAVING, &v);
	expect(&v, "须本人申请或同意", "解聘");
	asked = now_ms - HOUR;
	asks_to_leave(&s, employment, asked);
	assert_int_equal(person_employment(&s, p, NULL), EMPLOYMENT_LEAVING);
	row = row_of(&s, p, HIRING_LEAVING);
	assert_int_equal(row.due_ms, asked + DAY); /* from the person's own time, not from the fetching */
	assert_string_equal(row.reason, "回家收麦");
	assert_string_equal(row.says, "还有 23 小时 0 分答复");
	OK(desk_hiring_counts(s.d, &counts, E));
	assert_int_equal(counts.leaving, 1);
	assert_int_equal(counts.next_due_ms, asked + DAY);
	/* The boundary: a millisecond before, and then. The clock moves no state. */
	clock_add(asked + DAY - now_ms - 1);
	assert_false(row_of(&s, p, HIRING_LEAVING).due);
	clock_add(1);
	assert_true(row_of(&s, p, HIRING_LEAVING).due);
	assert_int_equal(person_employment(&s, p, NULL), EMPLOYMENT_LEAVING);
	person_cannot(&s, p, EVENT_AGREE_LEAVE, &v); /* the clerk is not the company */
	expect(&v, "无权", "企业");
	/* D4: nobody else may hire meanwhile. */
	full_record(&s, &r, 1);
	put(&r, F_COMPANY, s.contractor);
	put(&r, F_TEAM, s.office);
	assert_int_equal(desk_register(s.d, &r, &f, &done, &e), -1);
	assert_int_equal(e.code, ERR_FINDINGS);
	assert_true(strstr(f.item[0].sentence, "尚未离职") && strstr(f.item[0].sentence, "24 小时"));
	site_login(&s, "hr");
	person_act(&s, p, EVENT_AGREE_LEAVE);
	assert_int_equal(person_employment(&s, p, NULL), EMPLOYMENT_LEFT);
	assert_int_equal(contract_state_of(&s, p), CONTRACT_TERMINATED);
	assert_false(in_list(&s, p));
	fold_is_state(&s, p);
	site_login(&s, "clerk");
	OK(desk_register(s.d, &r, &f, &done, E));
	assert_int_equal(done.person, p);
	assert_int_equal(done.employment_state, EMPLOYMENT_OFFERED);
	assert_int_equal(contract_state_of(&s, p), CONTRACT_IN_FORCE);
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "employment.agree_leave"), 1);
	assert_int_equal(platform.out_of_order, 0);
	record_release(&r);
	site_drop(&s);
}

static void finished_alone_and_taken_back(void **state)
{
	char employment[UID_TEXT];
	struct site s;
	int64_t p;

	(void)state;
	begin(&s, "shanghai");
	p = hired(&s, 1, employment);
	on_site(&s, p);
	asks_to_leave(&s, employment, now_ms);
	change_arrives(&s, "employment.take_back", employment, APPLIED);
	assert_int_equal(person_employment(&s, p, NULL), EMPLOYMENT_REGISTERED);
	asks_to_leave(&s, employment, now_ms + DAY); /* a platform whose clock is ahead */
	assert_int_equal(row_of(&s, p, HIRING_LEAVING).since_ms, now_ms);
	change_arrives(&s, "employment.finish_leave", employment, APPLIED);
	assert_int_equal(person_employment(&s, p, NULL), EMPLOYMENT_LEFT);
	assert_int_equal(person_assignment(&s, p, NULL), ASSIGNMENT_ON_SITE); /* D8: leaving is not exit */
	fold_is_state(&s, p);
	site_drop(&s);
}

/* --- D7 ------------------------------------------------------------------------------------------------ */

static void dismissal(void **state)
{
	char worker[UID_TEXT], chief[UID_TEXT];
	struct registered done;
	struct findings f;
	struct record r;
	struct verdict v[2];
	struct err e = {ERR_NONE};
	struct site s;
	int64_t who[2];
	struct act a = {.event = EVENT_DISMISS, .persons = who, .n = 2, .on = DATE_NONE};
	size_t n;

	(void)state;
	begin(&s, "shanghai");
	who[0] = hired(&s, 1, worker);
	full_record(&s, &r, 2);
	put(&r, F_ROLE, "10");
	put(&r, F_TRADE, "P01");
	OK(desk_register(s.d, &r, &f, &done, E));
	record_release(&r);
	who[1] = done.person;
	person_employment(&s, who[1], chief);
	change_arrives(&s, "employment.consent", chief, APPLIED);
	person_act(&s, who[1], EVENT_REGISTER);
	change_arrives(&s, "employment.done", chief, APPLIED);
	on_site(&s, who[0]);
	on_site(&s, who[1]);
	site_login(&s, "hr");
	assert_int_equal(desk_act(s.d, &a, v, &n, &e), -1);
	assert_int_equal(e.code, ERR_NO_REASON);
	a.note = "工程缩减";
	OK(desk_preview(s.d, &a, v, &n, E));
	assert_int_equal(n, 1);
	expect(&v[1], "管理人员还在场", "退场");
	OK(desk_act(s.d, &a, v, &n, E));
	assert_int_equal(n, 1);
	assert_int_equal(person_employment(&s, who[0], NULL), EMPLOYMENT_DISMISSING);
	assert_int_equal(person_employment(&s, who[1], NULL), EMPLOYMENT_REGISTERED);
	assert_string_equal(row_of(&s, who[0], HIRING_DISMISSING).reason, "工程缩减");
	person_act(&s, who[0], EVENT_TAKE_BACK);
	assert_int_equal(person_employment(&s, who[0], NULL), EMPLOYMENT_REGISTERED);
	person_act(&s, who[0], EVENT_DISMISS);
	change_arrives(&s, "employment.take_back", worker, APPLIED); /* the person refuses */
	assert_int_equal(person_employment(&s, who[0], NULL), EMPLOYMENT_REGISTERED);
	person_act(&s, who[0], EVENT_DISMISS);
	change_arrives(&s, "employment.consent_dismissal", worker, APPLIED);
	assert_int_equal(person_employment(&s, who[0], NULL), EMPLOYMENT_DISMISSED);
	assert_int_equal(person_assignment(&s, who[0], NULL), ASSIGNMENT_ON_SITE);
	site_login(&s, "manager");
	person_act(&s, who[1], EVENT_EXIT);
	site_login(&s, "hr");
	person_act(&s, who[1], EVENT_DISMISS);
	assert_int_equal(person_employment(&s, who[1], NULL), EMPLOYMENT_DISMISSING);
	fold_is_state(&s, who[0]);
	fold_is_state(&s, who[1]);
	site_drop(&s);
}

/* --- D11 ----------------------------------------------------------------------------------------------- */

static size_t record_leaving(struct site *s, int64_t p, date_t on, struct verdict *v)
{
	size_t done = 0;

	OK(desk_act(s->d, &(struct act){.event = EVENT_RECORD_LEAVING, .persons = &p, .n = 1, .on = on}, v, &done, E));
	return done;
}

static void leaving_recorded(void **state)
{
	char employment[UID_TEXT];
	struct hiring_row row;
	struct verdict v;
	struct site s;
	int64_t p;

	(void)state;
	begin(&s, "national");
	p = hired(&s, 1, employment);
	on_site(&s, p);
	site_login(&s, "hr");
	person_cannot(&s, p, EVENT_DISMISS, &v);
	expect(&v, "没有须本人同意的解聘", "登记离职日期");
	site_login(&s, "clerk");
	assert_int_equal(record_leaving(&s, p, DATE_NONE, &v), 0);
	expect(&v, "没有填离职日期", "");
	assert_int_equal(record_leaving(&s, p, date_today(), &v), 1); /* here only warned about */
	assert_true(strstr(v.warning, "印证材料") != NULL);
	person_act(&s, p, EVENT_TAKE_BACK);
	assert_int_equal(record_leaving(&s, p, date_today() + 2, &v), 1);
	assert_int_equal(person_employment(&s, p, NULL), EMPLOYMENT_LEAVING_ON);
	row = row_of(&s, p, HIRING_LEAVING_ON);
	assert_int_equal(row.leaves_on, date_today() + 2);
	assert_false(row.due);
	person_cannot(&s, p, EVENT_LEAVING_DAY, &v);
	expect(&v, "还没有到", "取消");
	clock_add(2 * DAY);
	assert_true(row_of(&s, p, HIRING_LEAVING_ON).due); /* offered, not done */
	assert_int_equal(person_employment(&s, p, NULL), EMPLOYMENT_LEAVING_ON);
	person_act(&s, p, EVENT_LEAVING_DAY);
	assert_int_equal(person_employment(&s, p, NULL), EMPLOYMENT_LEFT);
	assert_int_equal(person_assignment(&s, p, NULL), ASSIGNMENT_ON_SITE);
	fold_is_state(&s, p);
	site_drop(&s);
}

static const char *shown(struct site *s, int64_t person)
{
	struct person_file *file = calloc(1, sizeof(*file));
	const char *word;

	assert_non_null(file);
	OK(desk_person_file(s->d, person, file, E));
	word = roster_employment_word(&file->row);
	free(file);
	return word;
}

/* D8: exit only shows 离职; the contract goes on, and whoever wants to may hire. */
static void leaving_with_exit(void **state)
{
	char employment[UID_TEXT];
	struct registered done;
	struct findings f;
	struct verdict v;
	struct record r;
	struct site s;
	int64_t p;

	(void)state;
	begin(&s, "jiangmen");
	p = hired(&s, 1, employment);
	assert_string_equal(shown(&s, p), "已登记");
	person_cannot(&s, p, EVENT_RECORD_LEAVING, &v);
	expect(&v, "退场即为离职", "退场");
	site_login(&s, "hr");
	person_cannot(&s, p, EVENT_DISMISS, &v);
	expect(&v, "退场即为离职", "退场");
	on_site(&s, p);
	person_act(&s, p, EVENT_EXIT);
	assert_string_equal(shown(&s, p), "已离职");
	assert_int_equal(contract_state_of(&s, p), CONTRACT_IN_FORCE);
	full_record(&s, &r, 1);
	put(&r, F_COMPANY, s.contractor);
	put(&r, F_TEAM, s.office);
	put(&r, F_ROLE, "30");
	OK(desk_register(s.d, &r, &f, &done, E));
	record_release(&r);
	site_drop(&s);
}

static void ends_that_exit(void **state)
{
	static const enum event ends[] = {EVENT_DIED, EVENT_CONTRACT_ENDED};
	char employment[UID_TEXT];
	struct site s;
	int64_t p;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		begin(&s, "shanghai");
		p = hired(&s, 1, employment);
		on_site(&s, p);
		person_act(&s, p, ends[i]);
		assert_int_equal(person_employment(&s, p, NULL), EMPLOYMENT_ENDED);
		assert_int_equal(person_assignment(&s, p, NULL), ASSIGNMENT_EXITED);
		assert_int_equal(contract_state_of(&s, p), CONTRACT_ENDED);
		fold_is_state(&s, p);
		site_drop(&s);
	}
}

/* --- D12 ----------------------------------------------------------------------------------------------- */

static void app_registration(void **state)
{
	char employment[UID_TEXT];
	struct app_info info;
	struct person_file *file = calloc(1, sizeof(*file));
	struct err e = {ERR_NONE};
	struct site s;
	int64_t p;

	(void)state;
	assert_non_null(file);
	assert_int_equal(date_working_days(date_today(), date_today()), 0);
	begin(&s, "shanghai"); /* 2026-11-20 is a Friday */
	assert_int_equal(date_working_days(date_today(), date_today() + 3), 1);
	assert_int_equal(date_working_days(date_today(), date_today() + 21), 15);
	p = hire(&s, 1, employment);
	OK(desk_app_info(s.d, p, &info, E));
	assert_int_equal(info.state, APP_NONE);
	assert_int_equal(info.limit, 15);
	assert_true(strstr(row_of(&s, p, HIRING_JOINING).todo, "未登记") != NULL);
	assert_int_equal(desk_app_record(s.d, p, EVENT_APP_APPLY, date_today() + 1, &e), -1);
	OK(desk_app_record(s.d, p, EVENT_APP_APPLY, date_today(), E));
	assert_int_equal(desk_app_record(s.d, p, EVENT_APP_APPLY, DATE_NONE, &e), -1);
	assert_int_equal(e.code, ERR_FORBIDDEN);
	clock_add(21 * DAY);
	assert_true(strstr(row_of(&s, p, HIRING_JOINING).todo, "第 15 个工作日，一般") != NULL);
	clock_add(3 * DAY);
	assert_true(strstr(row_of(&s, p, HIRING_JOINING).todo, "第 16 个工作日，已超过") != NULL);
	OK(desk_person_file(s.d, p, file, E));
	change_arrives(&s, "app.app_done", file->uid, APPLIED);
	OK(desk_app_info(s.d, p, &info, E));
	assert_int_equal(info.state, APP_DONE);
	assert_string_equal(row_of(&s, p, HIRING_JOINING).todo, "");
	site_drop(&s);
	begin(&s, "national");
	p = hire(&s, 1, employment);
	assert_int_equal(desk_app_record(s.d, p, EVENT_APP_APPLY, DATE_NONE, &e), -1);
	assert_int_equal(e.code, ERR_FORBIDDEN);
	site_drop(&s);
	free(file);
}

/* --- every cell under every profile --------------------------------------------------------------------- */

/* Which ways a region has, written down a second time. */
static const struct {
	const char *profile;
	enum event event;
	bool has;
} ways[] = {
	{"shanghai", EVENT_DISMISS, true},   {"shanghai", EVENT_RECORD_LEAVING, false}, {"national", EVENT_DISMISS, false},
	{"national", EVENT_RECORD_LEAVING, true}, {"jiangmen", EVENT_DISMISS, false},   {"jiangmen", EVENT_RECORD_LEAVING, false},
};

static bool region_has(const char *profile, enum event event)
{
	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		if (strcmp(ways[i].profile, profile) == 0 && ways[i].event == event)
			return ways[i].has;
	return true;
}

static void cell(const struct profile *p, enum cycle cycle, int state, enum event event, bool manager)
{
	const struct transition *row = lifecycle_find(cycle, state, event);
	struct situation s = {.profile = p, .today = 20777, .on = DATE_NONE, .event = event, .leaves_on = 20777, .age = 30, .manager = manager,
			      .on_any_site = true, .valid_to = DATE_NONE, .not_before = DATE_NONE, .trained_on = DATE_NONE, .app = APP_DONE};
	struct plan_request ask = {.profile = p, .cycle = cycle, .state = state, .event = event};
	struct verdict v = {.can = true};
	struct plan plan;
	bool can, must_exit = manager && event == EVENT_DISMISS && profile_flag(p, "manager_exits_first", false);

	if (event == EVENT_RECORD_LEAVING)
		s.on = s.today + 1;
	for (ask.source = PLAN_DESK; ask.source <= PLAN_MESSAGE; ask.source++)
		assert_int_equal(plan_event(&ask, &plan), row && (ask.source == PLAN_DESK ? row->roles != 0
											     : row->by_message || profile_authority(p, event) == AUTHORITY_PLATFORM));
	if (!row)
		return;
	can = guards_pass(row, &s, &v);
	if (can != (region_has(profile_name(p), event) && !must_exit))
		fail_msg("%s: %s in %s: %s", profile_name(p), event_name(event), state_name(cycle, state), v.why);
	if (!can)
		assert_true(v.why[0] && v.would[0]);
}

static void every_cell(void **state)
{
	static const char *const names[] = {"shanghai", "national", "jiangmen"};
	static const enum cycle cycles[] = {CYCLE_EMPLOYMENT, CYCLE_CONTRACT, CYCLE_APP};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct profile *p = NULL;

		OK(profile_load(&p, PROFILE_DIR, names[i], E));
		for (size_t c = 0; c < ARRAY_LEN(cycles); c++)
			for (int st = 0; st < lifecycle_state_count(cycles[c]); st++)
				for (enum event ev = EVENT_NONE + 1; ev < EVENT_COUNT; ev++) {
					cell(p, cycles[c], st, ev, false);
					cell(p, cycles[c], st, ev, true);
				}
		profile_free(p);
	}
}

/* --- a region of its own -------------------------------------------------------------------------------- */

/* SH-QA r1 3: no day of leaving that is not after today; r1–r4 head: managers in another system. */
static const char old_rules[] = "{\"format\": 1, \"name\": \"old\", \"title\": \"旧规\", \"sources\": {}, \"rules\": {"
				"\"leaving\": {\"value\": \"recorded\", \"source\": \"DECIDED 试验\"},"
				"\"leaving_past\": {\"value\": \"block\", \"source\": \"SH-QA 第一轮 3\"},"
				"\"managers\": {\"value\": \"elsewhere\", \"source\": \"SH-QA 各轮开头\"}}}";

static void write_profile(char dir[64])
{
	char path[128];
	FILE *f;

	text_copy(dir, 64, "/tmp/shiming-rules-XXXXXX");
	assert_non_null(mkdtemp(dir));
	text_format(path, sizeof(path), "%s/common.json", dir);
	assert_int_equal(symlink(PROFILE_DIR "/common.json", path), 0);
	text_format(path, sizeof(path), "%s/codes", dir);
	assert_int_equal(symlink(PROFILE_DIR "/codes", path), 0);
	text_format(path, sizeof(path), "%s/old.json", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(old_rules, 1, sizeof(old_rules) - 1, f), sizeof(old_rules) - 1);
	assert_int_equal(fclose(f), 0);
}

static void remove_profile(const char *dir)
{
	static const char *const names[] = {"common.json", "codes", "old.json"};
	char path[128];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		text_format(path, sizeof(path), "%s/%s", dir, names[i]);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(dir), 0);
}

static void old_region(void **state)
{
	const struct transition *row = lifecycle_find(CYCLE_EMPLOYMENT, EMPLOYMENT_REGISTERED, EVENT_RECORD_LEAVING);
	struct situation s = {.today = 20777, .event = EVENT_RECORD_LEAVING, .not_before = DATE_NONE};
	struct verdict v = {.can = true};
	struct profile *p = NULL;
	char dir[64];

	(void)state;
	write_profile(dir);
	OK(profile_load(&p, dir, "old", E));
	s.profile = p;
	for (s.on = s.today - 1; s.on <= s.today; s.on++) {
		assert_false(guards_pass(row, &s, &v));
		expect(&v, "须在今天之后", "明天");
	}
	assert_true(guards_pass(row, &s, &v)); /* tomorrow */
	s.manager = true;
	assert_false(guards_pass(row, &s, &v));
	expect(&v, "只能查看", "那个系统");
	profile_free(p);
	remove_profile(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offer_by_name_and_document), cmocka_unit_test(wages),
		cmocka_unit_test(leaving_by_consent),	      cmocka_unit_test(finished_alone_and_taken_back),
		cmocka_unit_test(dismissal),		      cmocka_unit_test(leaving_recorded),
		cmocka_unit_test(leaving_with_exit),	      cmocka_unit_test(ends_that_exit),
		cmocka_unit_test(app_registration),	      cmocka_unit_test(every_cell),
		cmocka_unit_test(old_region),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
