/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Companies, participants, teams, associations, projects (B1–B9, C1–C8): what may be done, what may not and why, what is written. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "desk/dossier.h"
#include "desk/undo.h"
#include "desk/association.h"
#include "desk/clear_out.h"
#include "desk/particulars.h"
#include "desk/project.h"
#include "desk/upkeep.h"
#include "desk_site.h"
#include "domain/credit_code.h"
#include "folk.h"
#include "store/project.h"

static const unsigned char pdf[] = "%PDF-1.4 a labour contract";

#define REFUSED(call, expected)                                                                              \
	do {                                                                                                 \
		struct err e_ = {ERR_NONE};                                                                  \
		assert_int_not_equal((call), 0);                                                             \
		if (e_.code != (expected))                                                                   \
			fail_msg("%s: %s, not %s: %s", #call, err_name(e_.code), err_name(expected), e_.detail); \
	} while (0)

#define REFUSED_WHY(call, words)                                                                             \
	do {                                                                                                 \
		struct err e_ = {ERR_NONE};                                                                  \
		assert_int_not_equal((call), 0);                                                             \
		if (e_.code != ERR_FORBIDDEN || !strstr(e_.detail, words))                                   \
			fail_msg("%s: %s: %s (expected %s)", #call, err_name(e_.code), e_.detail, words);    \
	} while (0)

static void company_sheet(struct particulars *p, const char *code17, const char *name)
{
	char code[19];

	memset(p, 0, sizeof(*p));
	p->sheet = SHEET_COMPANY;
	memcpy(code, code17, 17);
	code[17] = credit_code_check_digit(code17);
	code[18] = '\0';
	particulars_set(p, "credit_code", code);
	particulars_set(p, "name", name);
}

static bool found_at(const struct sheet_findings *f, const struct particulars *p, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->item[i].row == particulars_index(p->sheet, name) && f->item[i].sentence[0])
			return true;
	return false;
}

static int64_t count_events(struct site *s, const char *cycle, int64_t subject, const char *event)
{
	struct db_fact rows[32];
	int64_t count = 0;
	size_t n;

	OK(db_fact_of_subject(s->d->store, cycle, subject, 0, rows, 32, &n, E));
	for (size_t i = 0; i < n; i++)
		count += strcmp(rows[i].event, event) == 0;
	return count;
}

static struct participant_row participant_of(struct site *s, const char *uid)
{
	struct participant_row rows[16];
	size_t n;

	OK(desk_participant_list(s->d, rows, 16, &n, E));
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].uid, uid) == 0)
			return rows[i];
	return (struct participant_row){.state = SITE_NONE};
}

static struct team_row team_of(struct site *s, const char *uid)
{
	struct team_row t;

	OK(desk_team_get(s->d, uid, &t, E));
	return t;
}

/* --- sheets ------------------------------------------------------------------------------------------------ */

/* B3: what is required the region says; the credit code is checked; typed text becomes canonical; edits are facts. */
static void company_library(void **state)
{
	struct particulars p, again;
	struct sheet_findings f;
	struct company_row row;
	char uid[UID_TEXT] = "", other[UID_TEXT] = "";
	struct db_company c;
	size_t changed;
	struct site s;

	(void)state;
	site_make(&s, "jiangmen");
	company_sheet(&p, "91440499MA0TEXTD4", "试建劳务有限公司");
	REFUSED(desk_sheet_save(s.d, &p, uid, &f, &changed, E), ERR_FINDINGS);
	assert_true(found_at(&f, &p, "short_name") && found_at(&f, &p, "area_code") && found_at(&f, &p, "registered_on"));
	particulars_set(&p, "short_name", "试建劳务");
	particulars_set(&p, "area_code", "440499");
	particulars_set(&p, "registered_on", "2018/3/7");
	particulars_set(&p, "capital", "五千");
	particulars_set(&p, "email", "nobody");
	REFUSED(desk_sheet_save(s.d, &p, uid, &f, &changed, E), ERR_FINDINGS);
	assert_int_equal(f.n, 2);
	assert_string_equal(particulars_get(&p, "capital"), "五千"); /* what was typed stands */
	particulars_set(&p, "capital", "５０００.5");
	particulars_set(&p, "email", "office@example.com");
	OK(desk_sheet_save(s.d, &p, uid, &f, &changed, E));
	assert_true(uid_valid(uid));
	OK(desk_company_by_code(s.d, particulars_get(&p, "credit_code"), &row, E));
	assert_string_equal(row.name, "试建劳务有限公司");
	OK(desk_sheet(s.d, SHEET_COMPANY, uid, &again, E));
	assert_string_equal(particulars_get(&again, "capital"), "5000.5");
	assert_string_equal(particulars_get(&again, "registered_on"), "2018-03-07");
	OK(desk_sheet_save(s.d, &again, uid, &f, &changed, E)); /* nothing changed: nothing is written */
	assert_int_equal(changed, 0);
	OK(db_company_by_uid(s.d->store, uid, &c, E));
	assert_int_equal(count_events(&s, "company", c.id, "add"), 1);
	particulars_set(&again, "short_name", "试劳");
	particulars_set(&again, "credit_code", "91110199MA0TEXTB29"); /* fixed once it exists */
	OK(desk_sheet_save(s.d, &again, uid, &f, &changed, E));
	assert_int_equal(changed, 1);
	assert_int_equal(count_events(&s, "company", c.id, "add"), 2);
	OK(db_company_by_uid(s.d->store, uid, &c, E));
	assert_string_equal(c.short_name, "试劳");
	assert_string_equal(c.credit_code, particulars_get(&p, "credit_code"));
	REFUSED(desk_sheet_save(s.d, &p, other, &f, &changed, E), ERR_DUPLICATE);
	particulars_set(&p, "credit_code", "91440499MA0TEXTD4A");
	REFUSED(desk_sheet_save(s.d, &p, other, &f, &changed, E), ERR_FINDINGS);
	assert_true(found_at(&f, &p, "credit_code"));
	site_drop(&s);
	site_make(&s, "national"); /* less is asked for elsewhere */
	company_sheet(&p, "91440499MA0TEXTD4", "试建劳务有限公司");
	uid[0] = '\0';
	OK(desk_sheet_save(s.d, &p, uid, &f, &changed, E));
	site_drop(&s);
}

/* B4: the manager's document and phone; what the platform has is amended, what it has not is sent as it is now. */
static void participant_sheet(void **state)
{
	struct platform *platform = calloc(1, sizeof(*platform));
	struct sheet_findings f;
	struct particulars p;
	size_t changed;
	struct site s;

	(void)state;
	site_make(&s, "national");
	site_drain(&s, platform, NULL);
	OK(desk_sheet(s.d, SHEET_PARTICIPANT, s.labour, &p, E));
	assert_string_equal(particulars_get(&p, "manager_phone"), "13800000009");
	particulars_set(&p, "manager_doc_type", "居民身份证"); /* by its word */
	particulars_set(&p, "manager_document", "440499197001010011");
	REFUSED(desk_sheet_save(s.d, &p, s.labour, &f, &changed, E), ERR_FINDINGS);
	assert_true(found_at(&f, &p, "manager_document")); /* its check character is wrong */
	{
		char number[19];

		person_number(7, number);
		particulars_set(&p, "manager_document", number);
	}
	particulars_set(&p, "manager_name", "钱试监");
	OK(desk_sheet_save(s.d, &p, s.labour, &f, &changed, E));
	assert_int_equal(changed, 3);
	assert_string_equal(particulars_get(&p, "manager_doc_type"), "01");
	site_drain(&s, platform, NULL);
	assert_int_equal(platform_count(platform, "participant.amend"), 1);
	assert_int_equal(platform->out_of_order, 0);
	site_login(&s, "manager");
	REFUSED(desk_sheet_save(s.d, &p, (char[UID_TEXT]){""}, &f, &changed, E), ERR_DUPLICATE); /* the same company and type twice */
	free(platform);
	site_drop(&s);
}

/* --- teams and participants -------------------------------------------------------------------------------------- */

/* C2: managers' teams are not to be touched; only ordinary workers' teams are edited, and only towards other staff. */
static void editing_teams(void **state)
{
	struct team_row rows[16];
	char team[UID_TEXT];
	struct site s;
	size_t n;

	(void)state;
	site_make(&s, "jiangmen");
	OK(desk_team_list(s.d, rows, 16, &n, E));
	for (size_t i = 0; i < n; i++)
		if (rows[i].automatic) {
			REFUSED_WHY(desk_team_edit(s.d, rows[i].uid, "另名", NULL, E), "管理班组");
			REFUSED_WHY(desk_team_delete(s.d, rows[i].uid, E), "管理班组");
			REFUSED(desk_team_act(s.d, rows[i].uid, EVENT_SITE_EXIT, DATE_NONE, E), ERR_FORBIDDEN);
		}
	REFUSED_WHY(desk_team_edit(s.d, s.office, "后勤二组", NULL, E), "普通工人班组");
	REFUSED_WHY(desk_team_edit(s.d, s.team, NULL, "management", E), "其他人员");
	OK(desk_team_edit(s.d, s.team, "木工甲班", "other", E));
	assert_string_equal(team_of(&s, s.team).name, "木工甲班");
	assert_string_equal(team_of(&s, s.team).kind, "other");
	REFUSED_WHY(desk_team_edit(s.d, s.team, NULL, "worker", E), "普通工人班组"); /* not back again */
	OK(desk_team_add(s.d, &(struct team_new){.name = "木工一班", .kind = "worker", .participant_uid = s.labour}, team, E));
	REFUSED(desk_team_edit(s.d, team, "木工甲班", NULL, E), ERR_DUPLICATE);
	site_drop(&s);
}

/* C8: only what never was goes; its name and its place are free again; the library keeps the company. */
static void deleting(void **state)
{
	struct platform *platform = calloc(1, sizeof(*platform));
	char team[UID_TEXT], again[UID_TEXT], company[UID_TEXT] = "", participant[UID_TEXT], back[UID_TEXT];
	struct participant_new new = {.company_uid = company, .type = "001"};
	struct sheet_findings f;
	struct particulars p;
	struct company_row row;
	size_t changed;
	struct site s;

	(void)state;
	site_make(&s, "jiangmen");
	REFUSED_WHY(desk_team_delete(s.d, s.team, E), "进过场");
	REFUSED_WHY(desk_participant_delete(s.d, s.labour, E), "进过场");
	OK(desk_team_add(s.d, &(struct team_new){.name = "错建班组", .kind = "worker", .participant_uid = s.labour}, team, E));
	OK(desk_team_delete(s.d, team, E));
	REFUSED(desk_team_get(s.d, team, &(struct team_row){.id = 0}, E), ERR_NO_SUCH);
	OK(desk_team_add(s.d, &(struct team_new){.name = "错建班组", .kind = "worker", .participant_uid = s.labour}, again, E));
	company_sheet(&p, "91440499MA0TEXTD4", "试建机电有限公司");
	particulars_set(&p, "short_name", "试机电");
	particulars_set(&p, "area_code", "440499");
	particulars_set(&p, "registered_on", "2018-03-07");
	OK(desk_sheet_save(s.d, &p, company, &f, &changed, E));
	OK(desk_participant_add(s.d, &new, participant, E));
	OK(desk_team_add(s.d, &(struct team_new){.name = "机电班", .kind = "worker", .participant_uid = participant}, team, E));
	REFUSED_WHY(desk_participant_delete(s.d, participant, E), "还有班组");
	OK(desk_team_delete(s.d, team, E));
	OK(desk_participant_delete(s.d, participant, E));
	assert_int_equal(participant_of(&s, participant).state, SITE_NONE);
	OK(desk_company_by_code(s.d, particulars_get(&p, "credit_code"), &row, E));
	site_drain(&s, platform, NULL);
	assert_int_equal(platform_count(platform, "participant.add"), 2); /* what was deleted is not sent */
	OK(desk_participant_add(s.d, &new, back, E));
	assert_string_equal(back, participant);
	assert_int_equal(participant_of(&s, back).state, SITE_NOT_ENTERED);
	{
		int folded = -1;

		OK(deed_fold(s.d, CYCLE_PARTICIPANT, participant_of(&s, back).id, &folded, E));
		assert_int_equal(folded, SITE_NOT_ENTERED);
	}
	site_drain(&s, platform, NULL);
	REFUSED_WHY(desk_participant_delete(s.d, back, E), "已经上传过");
	REFUSED_WHY(desk_team_delete(s.d, again, E), "已经上传过");
	assert_int_equal(platform->out_of_order, 0);
	free(platform);
	site_drop(&s);
}

static void on_site(struct site *s, unsigned n)
{
	char employment[UID_TEXT];
	int64_t p;

	site_login(s, "clerk");
	p = person_register(s, n, NULL);
	person_employment(s, p, employment);
	change_arrives(s, "employment.consent", employment, APPLIED);
	person_act(s, p, EVENT_SUBMIT);
	site_login(s, "manager");
	person_act(s, p, EVENT_CONFIRM);
	person_act(s, p, EVENT_ENTER);
}

/* C8: with people on site a participant's exit is refused; all at one stroke, in the reverse order, in one transaction. */
static void clearing_out(void **state)
{
	struct platform *platform = calloc(1, sizeof(*platform));
	struct clear_out c = {.scope = CLEAR_PARTICIPANT, .on = DATE_NONE};
	struct clear_out_view v;
	struct site s;

	(void)state;
	site_make(&s, "national");
	on_site(&s, 1);
	on_site(&s, 2);
	c.uid = s.labour;
	REFUSED_WHY(desk_participant_act(s.d, s.labour, EVENT_SITE_EXIT, DATE_NONE, E), "班组在场");
	REFUSED_WHY(desk_team_act(s.d, s.team, EVENT_SITE_EXIT, DATE_NONE, E), "2 人在场");
	OK(desk_clear_out_preview(s.d, &c, &v, E));
	assert_int_equal(v.people, 2);
	assert_int_equal(v.teams, 1);
	assert_int_equal(v.participants, 1);
	assert_int_equal(v.held_up, 0);
	c.on = date_today() + 1;
	OK(desk_clear_out_preview(s.d, &c, &v, E));
	assert_int_equal(v.held_up, 2);
	assert_true(v.name[0] && v.why[0]);
	REFUSED(desk_clear_out(s.d, &c, &v, E), ERR_FORBIDDEN);
	assert_int_equal(participant_of(&s, s.labour).on_site, 2); /* nobody has gone */
	c.on = DATE_NONE;
	OK(desk_clear_out(s.d, &c, &v, E));
	assert_int_equal(participant_of(&s, s.labour).state, SITE_EXITED);
	assert_int_equal(participant_of(&s, s.labour).on_site, 0);
	assert_int_equal(team_of(&s, s.team).state, SITE_EXITED);
	assert_int_equal(participant_of(&s, s.contractor).state, SITE_ENTERED); /* the others stay */
	site_drain(&s, platform, NULL);
	assert_int_equal(platform->out_of_order, 0);
	assert_int_equal(platform_count(platform, "assignment.exit"), 2);
	assert_int_equal(platform_count(platform, "participant.exit"), 1);
	free(platform);
	site_drop(&s);
}

/* --- associations ------------------------------------------------------------------------------------------------- */

static void partner(struct site *s, const char *since, char uid[UID_TEXT])
{
	struct sheet_findings f;
	struct particulars p;
	size_t changed;

	uid[0] = '\0';
	company_sheet(&p, "91510199MA0TEXTE5", "蓉试劳务有限公司");
	particulars_set(&p, "on_platform_since", since);
	OK(desk_sheet_save(s->d, &p, uid, &f, &changed, E));
}

static void associating(void **state)
{
	struct platform *platform = calloc(1, sizeof(*platform));
	struct association a = {.company = "蓉试劳务", .on = DATE_NONE, .mime = "application/pdf"};
	char company[UID_TEXT];
	struct association_due due;
	struct team_row rows[8];
	struct sheet_findings f;
	struct particulars p;
	size_t n, changed;
	struct site s;

	(void)state;
	site_make(&s, "chengdu");
	a.team_uid = s.office;
	partner(&s, "", company);
	REFUSED_WHY(desk_association_ask(s.d, &a, E), "全称");
	a.company = "蓉试劳务有限公司";
	REFUSED_WHY(desk_association_ask(s.d, &a, E), "没有登录过平台");
	OK(desk_sheet(s.d, SHEET_COMPANY, company, &p, E));
	particulars_set(&p, "on_platform_since", "2026-01-05");
	OK(desk_sheet_save(s.d, &p, company, &f, &changed, E));
	REFUSED_WHY(desk_association_ask(s.d, &a, E), "没有附件");
	a.evidence = pdf;
	a.evidence_bytes = sizeof(pdf);
	REFUSED(desk_team_act(s.d, s.office, EVENT_ASSOCIATE, DATE_NONE, E), ERR_USAGE); /* not past the papers */
	OK(desk_association_due(s.d, &due, E));
	assert_int_equal(due.teams, 0); /* 本单位班组 counts at once (C7) */
	OK(desk_association_ask(s.d, &a, E));
	assert_int_equal(team_of(&s, s.office).relation, TEAM_REQUESTED);
	assert_string_equal(team_of(&s, s.office).partner, "蓉试劳务有限公司");
	OK(desk_association_list(s.d, TEAM_REQUESTED, NULL, rows, 8, &n, E));
	assert_int_equal(n, 1);
	OK(desk_association_due(s.d, &due, E));
	assert_int_equal(due.teams, 1);
	assert_int_equal(due.first.alarm_on, date_today() + 30);
	assert_int_equal(due.first.credit_on, date_today() + 60);
	REFUSED_WHY(desk_association_ask(s.d, &a, E), "不能申请关联"); /* asked already */
	REFUSED(desk_association_answer(s.d, s.office, true, NULL, E), ERR_NOT_PERMITTED); /* a clerk of the site confirms nothing */
	clock_add(10LL * 86400000);
	change_arrives(&s, "team.association_confirmed", s.office, APPLIED);
	assert_int_equal(team_of(&s, s.office).relation, TEAM_ASSOCIATED);
	OK(desk_association_due(s.d, &due, E));
	assert_int_equal(due.teams, 0);
	a.evidence = NULL;
	REFUSED_WHY(desk_association_unbind(s.d, &a, E), "没有附件");
	a.evidence = pdf;
	OK(desk_association_unbind(s.d, &a, E)); /* nobody confirms it */
	assert_int_equal(team_of(&s, s.office).relation, TEAM_UNBOUND);
	assert_int_equal(team_of(&s, s.office).unassociated_on, date_today());
	clock_add(5LL * 86400000);
	OK(desk_association_ask(s.d, &a, E)); /* asking again does not begin the days anew */
	assert_int_equal(team_of(&s, s.office).unassociated_on, date_today() - 5);
	clock_add(100LL * 86400000); /* no clock changes a state */
	assert_int_equal(team_of(&s, s.office).relation, TEAM_REQUESTED);
	change_arrives(&s, "team.association_refused", s.office, APPLIED);
	assert_int_equal(team_of(&s, s.office).relation, TEAM_OWN);
	assert_int_equal(team_of(&s, s.office).unassociated_on, DATE_NONE);
	site_drain(&s, platform, NULL);
	assert_int_equal(platform_count(platform, "team.associate"), 2);
	assert_int_equal(platform_count(platform, "team.unbind"), 1);
	free(platform);
	site_drop(&s);
	site_make(&s, "national"); /* where there is no such thing */
	partner(&s, "2026-01-05", company);
	a.team_uid = s.office;
	REFUSED_WHY(desk_association_ask(s.d, &a, E), "本地区没有");
	site_drop(&s);
}

/* C4: confirmed here too, by an account that acts for the company that was asked, and by no other. */
static void partner_answers(void **state)
{
	struct association a = {
		.company = "青禾试劳有限公司", .evidence = pdf, .evidence_bytes = sizeof(pdf), .mime = "application/pdf", .on = DATE_NONE};
	struct account_new account = {.password = PASSWORD, .roles = ROLE_SUBCONTRACTOR_CLERK, .kdf_mib = 8};
	struct sheet_findings f;
	struct company_row row;
	struct particulars p;
	struct team_row rows[4];
	size_t changed, n;
	struct site s;

	(void)state;
	site_make(&s, "chengdu");
	OK(desk_company_by_code(s.d, participant_of(&s, s.labour).credit_code, &row, E));
	OK(desk_sheet(s.d, SHEET_COMPANY, row.uid, &p, E));
	particulars_set(&p, "on_platform_since", "2026-01-05");
	OK(desk_sheet_save(s.d, &p, row.uid, &f, &changed, E));
	a.team_uid = s.office;
	OK(desk_association_ask(s.d, &a, E));
	site_login(&s, "manager");
	account.name = "labour";
	account.participant = participant_of(&s, s.labour).id;
	OK(desk_account_add(s.d, &account, E));
	account.name = "other";
	account.participant = participant_of(&s, s.contractor).id;
	OK(desk_account_add(s.d, &account, E));
	site_login(&s, "other");
	REFUSED_WHY(desk_association_answer(s.d, s.office, true, NULL, E), "被申请的劳务单位");
	site_login(&s, "labour");
	OK(desk_association_list(s.d, TEAM_REQUESTED, NULL, rows, 4, &n, E));
	assert_int_equal(n, 1);
	REFUSED(desk_team_get(s.d, s.office, rows, E), ERR_NO_SUCH); /* it is not its team otherwise */
	OK(desk_association_answer(s.d, s.office, true, NULL, E));
	site_login(&s, "clerk");
	assert_int_equal(team_of(&s, s.office).relation, TEAM_ASSOCIATED);
	site_drop(&s);
}

static void evidence_by_its_bytes(void **state)
{
	char path[] = "/tmp/shiming-evidence-XXXXXX";
	const char *mime = NULL;
	struct buf b;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	buf_init(&b, 1 << 26);
	assert_int_equal(write(fd, pdf, sizeof(pdf)), (int)sizeof(pdf));
	OK(desk_evidence_read(path, &b, &mime, E));
	assert_string_equal(mime, "application/pdf");
	assert_int_equal(pwrite(fd, "plain", 5, 0), 5);
	REFUSED(desk_evidence_read(path, &b, &mime, E), ERR_EVIDENCE_FORMAT);
	assert_int_equal(ftruncate(fd, 0), 0);
	REFUSED(desk_evidence_read(path, &b, &mime, E), ERR_EVIDENCE_FORMAT);
	close(fd);
	unlink(path);
	REFUSED(desk_evidence_read(path, &b, &mime, E), ERR_NOT_FOUND);
	buf_release(&b);
}

/* --- projects --------------------------------------------------------------------------------------------------------- */

static void amend_project(struct site *s, const char *name, const char *value)
{
	char uid[UID_TEXT];
	struct sheet_findings f;
	struct particulars p;
	size_t changed;

	text_copy(uid, sizeof(uid), desk_project(s->d)->uid);
	OK(desk_sheet(s->d, SHEET_PROJECT, uid, &p, E));
	particulars_set(&p, name, value);
	OK(desk_sheet_save(s->d, &p, uid, &f, &changed, E));
}

static bool noted(const struct project_view *v, const char *words)
{
	for (size_t i = 0; i < v->notes; i++)
		if (strstr(v->note[i].sentence, words))
			return true;
	return false;
}

/* B1, B9: several on one box; found by name and by each number; one 征管编号 one project. */
static void several_projects(void **state)
{
	struct project made, rows[8];
	struct sheet_findings f;
	struct particulars p;
	char uid[UID_TEXT];
	size_t n, changed;
	struct site s;

	(void)state;
	site_make(&s, "nanjing");
	amend_project(&s, "levy_code", "ZG-2026-0001");
	amend_project(&s, "contract_code", "HT-77");
	OK(desk_project_add(s.d, &(struct project_new){.name = "云溪花园二期（试验）", .profile = "jiangmen"}, &made, E));
	assert_string_equal(made.status, "preparing");
	assert_string_equal(desk_project(s.d)->code, "TEST0001"); /* the current one stays */
	REFUSED(desk_project_add(s.d, &(struct project_new){.name = "x", .profile = "nowhere"}, &made, E), ERR_PROFILE_UNKNOWN);
	static const struct {
		const char *text;
		size_t n;
	} cases[] = {{"", 2}, {"云溪", 2}, {"二期", 1}, {"ZG-2026", 1}, {"HT-7", 1}, {"TEST", 1}, {"无", 0}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		OK(desk_project_search(s.d, cases[i].text, 0, rows, 8, &n, E));
		assert_int_equal(n, cases[i].n);
	}
	OK(desk_project_search(s.d, "二期", 0, rows, 8, &n, E));
	text_copy(uid, sizeof(uid), rows[0].uid);
	REFUSED(desk_sheet(s.d, SHEET_PROJECT, uid, &p, E), ERR_NO_SUCH); /* not the current one */
	OK(desk_project_use(s.d, rows[0].id, E));
	assert_string_equal(profile_name(desk_profile(s.d)), "jiangmen");
	OK(desk_sheet(s.d, SHEET_PROJECT, uid, &p, E));
	particulars_set(&p, "levy_code", "ZG-2026-0001");
	REFUSED_WHY(desk_sheet_save(s.d, &p, uid, &f, &changed, E), "征管编号");
	site_drop(&s);
}

/* Every event in every state by every role: the desk does what the table says and nothing else. */
static void project_cells(void **state)
{
	static const struct {
		const char *account;
		unsigned role;
	} who[] = {{"clerk", ROLE_CLERK}, {"manager", ROLE_PROJECT_MANAGER}, {"gate", ROLE_SITE_OPERATOR}};
	struct site s;

	(void)state;
	site_make(&s, "national");
	site_login(&s, "manager");
	OK(desk_account_add(
		s.d, &(struct account_new){.name = "gate", .password = PASSWORD, .roles = ROLE_SITE_OPERATOR, .kdf_mib = 8}, E));
	for (int from = PROJECT_PREPARING; from < PROJECT_STATE_COUNT; from++)
		for (int event = EVENT_START; event <= EVENT_END_SUPERVISION; event++)
			for (size_t i = 0; i < ARRAY_LEN(who); i++) {
				const struct transition *row = lifecycle_find(CYCLE_PROJECT, from, (enum event)event);
				bool may = row && (row->roles & who[i].role);
				struct project_view v;
				struct project made;
				struct err e = {ERR_NONE};

				site_login(&s, "clerk");
				OK(desk_project_add(s.d, &(struct project_new){.name = "格"}, &made, E));
				OK(store_begin(s.d->store, E));
				OK(store_end(s.d->store,
					     db_project_state(s.d->store, made.id, PROJECT_PREPARING, (enum project_state)from, E), E));
				site_login(&s, who[i].account);
				OK(desk_project_use(s.d, made.id, E));
				if ((desk_project_act(s.d, (enum event)event, DATE_NONE, &e) == 0) != may)
					fail_msg("%s in %s by %s: %s", event_name((enum event)event), state_name(CYCLE_PROJECT, from),
						 who[i].account, err_name(e.code));
				OK(desk_project_view(s.d, &v, E));
				assert_int_equal(v.state, may ? row->to : from);
			}
	site_drop(&s);
}

/* The rule that keeps this person from being registered; the first that blocks. */
static const char *register_refusal(struct site *s, unsigned n)
{
	static struct findings f;
	struct registered done;
	struct record r;
	struct err e = {ERR_NONE};

	person_record(s, &r, n, true);
	assert_int_equal(desk_register(s->d, &r, &f, &done, &e), -1);
	record_release(&r);
	assert_int_equal(e.code, ERR_FINDINGS);
	for (size_t i = 0; i < f.n; i++)
		if (f.item[i].severity == SEVERITY_BLOCK)
			return f.item[i].rule;
	return "";
}

/* B1, B5: what a status does to people; a completed project is left at one stroke. */
static void status_and_people(void **state)
{
	struct clear_out c = {.scope = CLEAR_PROJECT, .on = DATE_NONE};
	struct clear_out_view v;
	struct project_view view;
	char employment[UID_TEXT];
	struct verdict verdict;
	struct site s;
	int64_t late, later;
	size_t able;

	(void)state;
	site_make(&s, "national");
	on_site(&s, 1);
	site_login(&s, "clerk");
	late = person_register(&s, 2, NULL);
	person_employment(&s, late, employment);
	change_arrives(&s, "employment.consent", employment, APPLIED);
	person_act(&s, late, EVENT_SUBMIT);
	site_login(&s, "manager");
	person_act(&s, late, EVENT_CONFIRM);
	OK(desk_project_act(s.d, EVENT_STOP, DATE_NONE, E));
	OK(desk_project_view(s.d, &view, E));
	assert_true(noted(&view, "不计考勤率"));
	assert_string_equal(desk_project(s.d)->status, "stopped");
	site_login(&s, "clerk");
	OK(desk_preview(s.d, &(struct act){.event = EVENT_ENTER, .persons = &late, .n = 1, .on = DATE_NONE}, &verdict, &able, E));
	assert_non_null(strstr(verdict.warning, "停工"));
	assert_true(verdict.can);
	later = person_register(&s, 3, NULL); /* work goes on: hiring, assigning, confirming (B5) */
	person_employment(&s, later, employment);
	change_arrives(&s, "employment.consent", employment, APPLIED);
	site_login(&s, "manager");
	OK(desk_project_act(s.d, EVENT_COMPLETE, DATE_NONE, E));
	person_cannot(&s, later, EVENT_SUBMIT, &verdict);
	assert_non_null(strstr(verdict.why, "不能再分配人员"));
	site_login(&s, "clerk");
	assert_string_equal(register_refusal(&s, 4), "project_open");
	site_login(&s, "manager");
	person_cannot(&s, late, EVENT_ENTER, &verdict);
	assert_non_null(strstr(verdict.why, "竣工"));
	OK(desk_project_view(s.d, &view, E));
	assert_true(noted(&view, "1 人在场"));
	OK(desk_clear_out(s.d, &c, &v, E));
	assert_int_equal(v.people, 1);
	assert_int_equal(v.participants, 2);
	assert_int_equal(participant_of(&s, s.labour).state, SITE_EXITED);
	assert_int_equal(participant_of(&s, s.contractor).state, SITE_EXITED);
	OK(desk_project_view(s.d, &view, E));
	assert_int_equal(view.on_site, 0);
	OK(desk_project_act(s.d, EVENT_END_SUPERVISION, DATE_NONE, E));
	site_login(&s, "clerk");
	person_act(&s, later, EVENT_CONTRACT_ENDED); /* the file of who was there is still kept right */
	site_drop(&s);
}

static void sheet_says(struct site *s, const char *name, const char *value)
{
	struct particulars p;

	OK(desk_sheet(s->d, SHEET_PROJECT, desk_project(s->d)->uid, &p, E));
	assert_string_equal(particulars_get(&p, name), value);
}

/* U4: one save of the project's sheet is taken back whole: a number, a particular, the day of completion. */
static void a_project_sheet_is_taken_back(void **state)
{
	char uid[UID_TEXT];
	struct sheet_findings f;
	struct particulars p;
	struct undo_row row;
	struct site s;
	size_t changed, n;
	bool more;

	(void)state;
	site_make(&s, "national");
	amend_project(&s, "levy_code", "ZG-1");
	amend_project(&s, "completes_on", "2027-06-30");
	text_copy(uid, sizeof(uid), desk_project(s.d)->uid);
	OK(desk_sheet(s.d, SHEET_PROJECT, uid, &p, E));
	particulars_set(&p, "levy_code", "ZG-2");
	particulars_set(&p, "completes_on", "2029-01-31");
	particulars_set(&p, "permit", "SG-9");
	OK(desk_sheet_save(s.d, &p, uid, &f, &changed, E));
	assert_int_equal(changed, 3);
	OK(desk_undo_list(s.d, true, 0, &row, 1, &n, &more, E));
	assert_int_equal(row.state, UNDO_POSSIBLE);
	OK(desk_undo(s.d, row.act, E));
	sheet_says(&s, "levy_code", "ZG-1");
	sheet_says(&s, "completes_on", "2027-06-30");
	sheet_says(&s, "permit", "");
	site_drop(&s);
}

static bool told(const struct warning *w, size_t n, const char *words)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(w[i].sentence, words))
			return true;
	return false;
}

/* D5: who is on another project of the box is marked there, and has one main trade. */
static void on_two_projects(void **state)
{
	struct warning w[WARNINGS_MAX];
	struct findings f;
	struct project made;
	struct record r;
	struct site s;
	int64_t p;
	size_t n;
	bool found = false;

	(void)state;
	site_make(&s, "national");
	site_login(&s, "clerk");
	p = person_register(&s, 1, NULL);
	OK(desk_person_warnings(s.d, p, w, &n, E));
	assert_false(told(w, n, "同时在项目"));
	OK(desk_project_add(s.d, &(struct project_new){.name = "云溪花园二期（试验）"}, &made, E));
	OK(desk_project_use(s.d, made.id, E));
	OK(desk_person_warnings(s.d, p, w, &n, E));
	assert_true(told(w, n, "同时在项目“"));
	person_record(&s, &r, 1, true);
	OK(desk_check_record(s.d, &r, &f, E));
	for (size_t i = 0; i < f.n; i++)
		assert_string_not_equal(f.item[i].rule, "main_trade"); /* the same trade */
	assert_int_equal(record_set(&r, F_TRADE, "040", ORIGIN_TYPED), 0);
	OK(desk_check_record(s.d, &r, &f, E));
	for (size_t i = 0; i < f.n; i++)
		found = found || (!strcmp(f.item[i].rule, "main_trade") && f.item[i].severity == SEVERITY_WARN);
	assert_true(found);
	record_release(&r);
	site_drop(&s);
}

/* NJ 5–8: what does not agree is said; the reported name is marked. */
static void what_does_not_agree(void **state)
{
	struct project_view v;
	struct site s;

	(void)state;
	site_make(&s, "nanjing");
	OK(desk_project_view(s.d, &v, E));
	assert_true(noted(&v, "征管编号") && noted(&v, "没有关联监理"));
	assert_string_equal(v.title, desk_project(s.d)->name);
	amend_project(&s, "reported_name", "云溪花园（报建）");
	amend_project(&s, "levy_code", "ZG-1");
	amend_project(&s, "contract_code", "HT-1");
	amend_project(&s, "attendance_contract", "HT-2");
	amend_project(&s, "province_manager", "孙试省");
	amend_project(&s, "supervisor_code", "JL-1");
	amend_project(&s, "supervisor_project", "OTHER");
	amend_project(&s, "place_phone", "13800001234");
	OK(desk_project_view(s.d, &v, E));
	assert_non_null(strstr(v.title, "（报建名称）"));
	assert_true(noted(&v, "考勤合同") && noted(&v, "项目经理不一致") && noted(&v, "另一个项目"));
	assert_false(noted(&v, "没有征管编号"));
	assert_string_equal(v.manager, "赵试理");
	assert_string_equal(v.province_manager, "孙试省");
	amend_project(&s, "attendance_contract", "HT-1");
	amend_project(&s, "province_manager", "赵试理");
	amend_project(&s, "supervisor_project", "TEST0001");
	amend_project(&s, "contract_name", "云溪花园施工总承包合同");
	OK(desk_project_view(s.d, &v, E));
	assert_int_equal(v.notes, 0);
	assert_string_equal(v.title, "云溪花园施工总承包合同");
	site_drop(&s);
}

/* B2, B9: a filed project is fetched once; neither it nor another with its 征管编号 is offered again. */
static void fetching(void **state)
{
	struct db_project_offer a = {.name = "三期（试验）", .code = "P3", .levy_code = "ZG-3", .kind = "building"},
			b = {.name = "三期另报（试验）", .code = "P3B", .levy_code = "ZG-3"}, c = {.name = "四期（试验）"};
	struct project_offer rows[4];
	struct project made, found[4];
	struct db_project_offer *all[] = {&a, &b, &c};
	struct site s;
	size_t n;

	(void)state;
	site_make(&s, "nanjing");
	OK(store_begin(s.d->store, E));
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		uid_new(all[i]->uid);
		all[i]->project = desk_project(s.d)->id;
		OK(db_project_offer_put(s.d->store, all[i], E));
	}
	OK(store_commit(s.d->store, E));
	OK(desk_offer_list(s.d, 0, rows, 4, &n, E));
	assert_int_equal(n, 3);
	OK(desk_offer_take(s.d, rows[0].id, &made, E));
	assert_string_equal(made.uid, a.uid);
	REFUSED(desk_offer_take(s.d, rows[0].id, &made, E), ERR_DUPLICATE);
	OK(desk_offer_list(s.d, 0, rows, 4, &n, E));
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].name, "四期（试验）");
	OK(desk_project_search(s.d, "ZG-3", 0, found, 4, &n, E));
	assert_int_equal(n, 1);
	site_drop(&s);
}

/* B2, C4: what the platform names arrives as changes, each once. */
static void named_by_the_platform(void **state)
{
	char company[UID_TEXT], uid[UID_TEXT], change[UID_TEXT];
	struct change c[] = {
		{.uid = change, .kind = "project.offer", .subject = uid, .at_ms = CLOCK_START, .project = {.name = "五期（试验）", .levy_code = "ZG-5"}},
		{.uid = uid, .kind = "company.logged_in", .subject = company, .at_ms = CLOCK_START, .on = "2026-10-01"},
		{.uid = company, .kind = "project.offer", .subject = uid, .at_ms = CLOCK_START}};
	enum applied results[3];
	struct project_offer rows[4];
	struct db_company found;
	struct site s;
	size_t n;

	(void)state;
	site_make(&s, "chengdu");
	partner(&s, "", company);
	uid_new(uid);
	uid_new(change);
	OK(desk_take_changes(s.d, c, 3, "c1", results, E));
	assert_int_equal(results[0], APPLIED);
	assert_int_equal(results[1], APPLIED);
	assert_int_equal(results[2], APPLIED_UNKNOWN_SUBJECT); /* it has no name */
	OK(desk_take_changes(s.d, c, 1, "c2", results, E));
	assert_int_equal(results[0], APPLIED_BEFORE);
	OK(desk_offer_list(s.d, 0, rows, 4, &n, E));
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].levy_code, "ZG-5");
	OK(db_company_by_uid(s.d->store, company, &found, E));
	assert_int_not_equal(found.on_platform_since, DATE_NONE);
	site_drop(&s);
}

/* B8: prepared here, answered there; account and outcome are kept. */
static void applications(void **state)
{
	struct particulars p = {.sheet = SHEET_APPLICATION};
	struct application_row rows[4];
	struct sheet_findings f;
	char uid[UID_TEXT] = "";
	size_t n, changed;
	struct site s;

	(void)state;
	site_make(&s, "jiangmen");
	REFUSED(desk_sheet_save(s.d, &p, uid, &f, &changed, E), ERR_FINDINGS);
	assert_int_equal(f.n, 8);
	particulars_set(&p, "name", "云溪花园三期（试验）");
	particulars_set(&p, "supplier", "试验供应商");
	particulars_set(&p, "kind", "市政工程");
	particulars_set(&p, "status", "在建");
	particulars_set(&p, "address", "某市某路");
	particulars_set(&p, "applicant", "李试申");
	particulars_set(&p, "mobile", "13800005555");
	particulars_set(&p, "email", "a@example.com");
	OK(desk_sheet_save(s.d, &p, uid, &f, &changed, E));
	OK(desk_application_list(s.d, 0, rows, 4, &n, E));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].state, APPLICATION_APPLIED);
	OK(desk_application_act(s.d, uid, EVENT_TURN_DOWN, DATE_NONE, "许可证不清楚", E));
	REFUSED(desk_application_act(s.d, uid, EVENT_APPROVE, DATE_NONE, NULL, E), ERR_FORBIDDEN);
	OK(desk_application_act(s.d, uid, EVENT_APPLY, DATE_NONE, NULL, E));
	OK(desk_application_act(s.d, uid, EVENT_APPROVE, DATE_NONE, NULL, E));
	OK(desk_sheet(s.d, SHEET_APPLICATION, uid, &p, E));
	assert_string_equal(particulars_get(&p, "status"), "running");
	particulars_set(&p, "account", "yunxi3");
	OK(desk_sheet_save(s.d, &p, uid, &f, &changed, E));
	assert_int_equal(changed, 1);
	OK(desk_application_list(s.d, 0, rows, 4, &n, E));
	assert_int_equal(rows[0].state, APPLICATION_APPROVED);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(company_library),  cmocka_unit_test(participant_sheet),     cmocka_unit_test(editing_teams),
		cmocka_unit_test(deleting),         cmocka_unit_test(clearing_out),          cmocka_unit_test(associating),
		cmocka_unit_test(partner_answers),  cmocka_unit_test(evidence_by_its_bytes), cmocka_unit_test(several_projects),
		cmocka_unit_test(project_cells),    cmocka_unit_test(status_and_people), cmocka_unit_test(a_project_sheet_is_taken_back), cmocka_unit_test(on_two_projects),     cmocka_unit_test(what_does_not_agree),
		cmocka_unit_test(fetching),         cmocka_unit_test(named_by_the_platform), cmocka_unit_test(applications),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
