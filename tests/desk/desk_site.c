/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk_site.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "desk/project.h"
#include "desk/sheet_import.h"
#include "desk/upkeep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"
#include "domain/credit_code.h"

int64_t now_ms = CLOCK_START;
const char *site_profiles = PROFILE_DIR;

void clock_add(int64_t ms)
{
	now_ms += ms;
	clock_fix_ms(now_ms);
}

static const struct {
	const char *name, *display;
	unsigned roles;
} accounts[] = {
	{"clerk", "劳资员甲", ROLE_CLERK},
	{"manager", "项目经理乙", ROLE_PROJECT_MANAGER},
};

static void credit_code(const char *first17, char out[19])
{
	memcpy(out, first17, 17);
	out[17] = credit_code_check_digit(first17);
	out[18] = '\0';
}

static void add_participant(struct site *s, const char *code17, const char *name, const char *type,
			    char uid[UID_TEXT])
{
	char code[19], company[UID_TEXT];
	struct company_new c = {.credit_code = code,
				.name = name,
				.short_name = name,
				.area_code = "110199",
				.registered_on = "2015-06-01"};
	struct participant_new p = {.company_uid = company,
				    .type = type,
				    .manager_name = "赵试理",
				    .manager_phone = "13800000009"};

	credit_code(code17, code);
	OK(desk_company_add(s->d, &c, company, E));
	OK(desk_participant_add(s->d, &p, uid, E));
	OK(desk_participant_act(s->d, uid, EVENT_SITE_ENTER, DATE_NONE, E));
}

static void add_team(struct site *s, const char *name, const char *kind, const char *participant,
		     char uid[UID_TEXT])
{
	OK(desk_team_add(s->d, &(struct team_new){.name = name, .kind = kind, .participant_uid = participant},
			 uid, E));
	OK(desk_team_act(s->d, uid, EVENT_SITE_ENTER, DATE_NONE, E));
}

#define CONTRACTOR "91110199MA0TEXTA1"
#define LABOUR "91110199MA0TEXTB2"

/* A company of the library takes part in the current project. */
static void takes_part(struct site *s, const char *code17, const char *type, char uid[UID_TEXT])
{
	struct participant_new add = {.type = type, .manager_name = "赵试理", .manager_phone = "13800000009"};
	struct company_row c;
	char code[19];

	credit_code(code17, code);
	OK(desk_company_by_code(s->d, code, &c, E));
	add.company_uid = c.uid;
	OK(desk_participant_add(s->d, &add, uid, E));
	OK(desk_participant_act(s->d, uid, EVENT_SITE_ENTER, DATE_NONE, E));
}

void site_second(struct site *s, const char *profile, struct second *out)
{
	struct project made;

	OK(desk_project_add(s->d, &(struct project_new){.name = "云溪花园二期（试验）", .code = "TEST0002", .profile = profile}, &made, E));
	out->project = made.id;
	OK(desk_project_use(s->d, made.id, E));
	takes_part(s, LABOUR, "006", out->labour);
	takes_part(s, CONTRACTOR, "009", out->contractor);
	add_team(s, "木工二班", "worker", out->labour, out->team);
}

struct desk *site_open_another(const struct site *s, const char *account)
{
	struct desk *d = NULL;

	OK(desk_open(&d, &(struct desk_options){.dir = s->dir, .profile_dir = site_profiles}, E));
	OK(desk_login(d, account, PASSWORD, E));
	return d;
}

void site_make(struct site *s, const char *profile)
{
	char code[RECOVERY_CODE_TEXT];
	struct desk_init init = {.dir = s->dir,
				 .profile_dir = site_profiles,
				 .profile = profile,
				 .project_name = "云溪花园一期（试验）",
				 .project_code = "TEST0001",
				 .account = accounts[0].name,
				 .display = accounts[0].display,
				 .password = PASSWORD,
				 .roles = accounts[0].roles,
				 .kdf_mib = 8};

	memset(s, 0, sizeof(*s));
	now_ms = CLOCK_START;
	clock_fix_ms(now_ms);
	snprintf(s->dir, sizeof(s->dir), "/tmp/shiming-desk-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	OK(desk_init(&init, code, E));
	s->d = site_open_another(s, "clerk");
	OK(desk_account_add(s->d,
			    &(struct account_new){.name = accounts[1].name,
						  .display = accounts[1].display,
						  .password = PASSWORD,
						  .roles = accounts[1].roles,
						  .kdf_mib = 8},
			    E));
	add_participant(s, CONTRACTOR, "云溪试建有限公司", "009", s->contractor);
	add_participant(s, LABOUR, "青禾试劳有限公司", "006", s->labour);
	add_team(s, "木工一班", "worker", s->labour, s->team);
	add_team(s, "后勤组", "other", s->contractor, s->office);
}

void site_drop(struct site *s)
{
	char command[300];

	desk_close(s->d);
	s->d = NULL;
	clock_fix_ms(0);
	snprintf(command, sizeof(command), "rm -rf '%s'", s->dir);
	assert_int_equal(system(command), 0);
}

void site_login(struct site *s, const char *account)
{
	OK(desk_login(s->d, account, PASSWORD, E));
}

void site_reopen(struct site *s, const char *account)
{
	desk_close(s->d);
	s->d = site_open_another(s, account);
}

void site_send_all(struct site *s)
{
	OK(desk_outbox_send_now(s->d, E));
}

/* --- people ------------------------------------------------------------------------------------------ */

void person_number(unsigned n, char out[19])
{
	char first17[18];

	snprintf(first17, sizeof(first17), "110199%04u%02u%02u%03u", 1975 + n % 25, 1 + n % 12, 1 + n % 28,
		 (n * 2 + 1) % 1000);
	memcpy(out, first17, 17);
	out[17] = id_number_check_digit(first17);
	out[18] = '\0';
}

static const char *const surnames[] = {"张", "王", "李", "赵", "欧阳", "吕", "单", "曾"};
static const char *const givens[] = {"试工", "试伟", "试民", "试", "试强", "试山"};

static void put(struct record *r, enum field_id f, const char *value, enum value_origin origin)
{
	assert_int_equal(record_set(r, f, value, origin), 0);
}

void person_record(const struct site *s, struct record *r, unsigned n, bool card)
{
	enum value_origin o = card ? ORIGIN_CARD : ORIGIN_TYPED;
	char number[19], name[64], birth[11], phone[12], bank[20];

	record_init(r);
	person_number(n, number);
	snprintf(name, sizeof(name), "%s%s", surnames[n % ARRAY_LEN(surnames)],
		 givens[n / 8 % ARRAY_LEN(givens)]);
	snprintf(birth, sizeof(birth), "%.4s-%.2s-%.2s", number + 6, number + 10, number + 12);
	snprintf(phone, sizeof(phone), "138%08u", 10000000 + n);
	snprintf(bank, sizeof(bank), "62220%014u", n * 7 + 100);
	put(r, F_DOC_TYPE, "01", o);
	put(r, F_NUMBER, number, o);
	put(r, F_NAME, name, o);
	put(r, F_SEX, "male", o);
	put(r, F_NATION, "01", o);
	put(r, F_BIRTH, birth, o);
	put(r, F_ADDRESS, "某省某县某镇试验村八组十二号", o);
	put(r, F_AUTHORITY, "某县公安局", o);
	put(r, F_VALID_FROM, "2018-05-01", o);
	put(r, F_VALID_TO, "2038-05-01", o);
	put(r, F_PHONE, phone, ORIGIN_TYPED);
	put(r, F_ROLE, "20", ORIGIN_TYPED);
	put(r, F_TRADE, "240", ORIGIN_TYPED);
	put(r, F_COMPANY, s->labour, ORIGIN_TYPED);
	put(r, F_TEAM, s->team, ORIGIN_TYPED);
	put(r, F_CONTRACT_KIND, "0", ORIGIN_TYPED);
	put(r, F_CONTRACT_FROM, "2026-11-20", ORIGIN_TYPED);
	put(r, F_CONTRACT_TO, "2028-12-31", ORIGIN_TYPED);
	put(r, F_WAGE_KIND, "2", ORIGIN_TYPED);
	put(r, F_WAGE, "650000", ORIGIN_TYPED);
	put(r, F_BANK_NUMBER, bank, ORIGIN_TYPED);
	put(r, F_TRAINED_ON, "2026-11-19", ORIGIN_TYPED);
	r->from_card = card;
	r->has_portrait = card;
	memset(r->portrait, (int)(n & 0xff), sizeof(r->portrait));
}

static const char *sample(const struct profile *p, const struct field *f)
{
	const struct code *codes;

	switch (f->kind) {
	case FIELD_CODE:
		return profile_codes(p, f->codes, &codes) ? codes[0].code : "";
	case FIELD_MONEY:
		return "600000";
	case FIELD_DIGITS:
		return "3";
	case FIELD_DATE:
		return "2026-11-20";
	case FIELD_YES_NO:
		return "0";
	default:
		return "试验";
	}
}

void person_fill(const struct profile *p, struct record *r)
{
	for (int i = 0; i < FIELD_COUNT; i++) {
		enum field_id f = (enum field_id)i;

		if (profile_required(p, FORM_REGISTER, f) && !*record_get(r, f))
			put(r, f, sample(p, field_get(f)), ORIGIN_TYPED);
	}
}

int64_t person_register(struct site *s, unsigned n, struct registered *out)
{
	struct registered done;
	struct findings f;
	struct err e = {ERR_NONE};
	struct record r;

	person_record(s, &r, n, true);
	person_fill(desk_profile(s->d), &r);
	if (desk_register(s->d, &r, &f, &done, &e))
		fail_msg("register: %s: %s: %s", err_name(e.code), e.detail, f.n ? f.item[0].sentence : "");
	record_release(&r);
	if (out)
		*out = done;
	return done.person;
}

/* The states as the life cycle's subjects have them, and their uids, by way of what goes over the wire and
 * the roster. */
static void roster_row(struct site *s, int64_t person, struct roster_row *out)
{
	struct person_file *file = calloc(1, sizeof(*file));

	assert_non_null(file);
	OK(desk_person_file(s->d, person, file, E));
	*out = file->row;
	free(file);
}

#include "folk.h"

enum employment_state person_employment(struct site *s, int64_t person, char uid[UID_TEXT])
{
	struct roster_row row;
	struct folk f;

	roster_row(s, person, &row);
	OK(folk_load(s->d, person, &f, E));
	if (uid)
		memcpy(uid, f.employment.uid, UID_TEXT);
	assert_int_equal(row.employment, f.employment.state); /* the roster's row is the fold too */
	return row.employment;
}

enum assignment_state person_assignment(struct site *s, int64_t person, char uid[UID_TEXT])
{
	struct roster_row row;
	struct folk f;

	roster_row(s, person, &row);
	OK(folk_load(s->d, person, &f, E));
	if (uid)
		memcpy(uid, f.assignment.uid, UID_TEXT);
	assert_int_equal(row.assignment, f.assignment.state);
	return row.assignment;
}

void person_act(struct site *s, int64_t person, enum event event)
{
	struct act a = {.event = event, .persons = &person, .n = 1, .on = DATE_NONE, .note = "试验"};
	struct verdict v;
	size_t done = 0;

	OK(desk_act(s->d, &a, &v, &done, E));
	if (done != 1)
		fail_msg("%s: %s; %s", event_name(event), v.why, v.would);
}

void person_cannot(struct site *s, int64_t person, enum event event, struct verdict *v)
{
	struct act a = {.event = event, .persons = &person, .n = 1, .on = DATE_NONE, .note = "试验"};
	size_t able = 9, done = 9;
	struct verdict again;

	OK(desk_preview(s->d, &a, v, &able, E));
	assert_int_equal(able, 0);
	assert_false(v->can);
	assert_true(v->why[0] != '\0');
	OK(desk_act(s->d, &a, &again, &done, E)); /* the desk says the same as the preview */
	assert_int_equal(done, 0);
	assert_string_equal(again.why, v->why);
}

void change_arrives(struct site *s, const char *kind, const char *subject, enum applied expect)
{
	enum applied result;
	char uid[UID_TEXT], cursor[32];
	struct change c = {.uid = uid, .kind = kind, .subject = subject, .at_ms = now_ms, .by = "平台"};

	uid_new(uid);
	snprintf(cursor, sizeof(cursor), "c%lld", (long long)now_ms);
	OK(desk_take_changes(s->d, &c, 1, cursor, &result, E));
	assert_int_equal(result, expect);
}

int64_t person_on_site(struct site *s, unsigned n)
{
	char employment[UID_TEXT], assignment[UID_TEXT];
	int64_t p = person_register(s, n, NULL);

	if (person_employment(s, p, employment) == EMPLOYMENT_OFFERED)
		change_arrives(s, "employment.consent", employment, APPLIED);
	if (person_employment(s, p, employment) == EMPLOYMENT_ACCEPTED) {
		person_act(s, p, EVENT_REGISTER);
		change_arrives(s, "employment.done", employment, APPLIED);
	}
	site_login(s, "manager");
	if (person_assignment(s, p, assignment) < ASSIGNMENT_CONFIRMED)
		person_act(s, p, EVENT_SUBMIT);
	person_act(s, p, EVENT_ENTER);
	site_login(s, "clerk");
	return p;
}

/* --- the platform ------------------------------------------------------------------------------------ */

static uint64_t content_of(const char *kind, const char *body)
{
	uint64_t h = 1469598103934665603ull; /* FNV-1a */

	for (const char *s = kind; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211ull;
	for (const char *s = body; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211ull;
	return h;
}

static bool knows(const struct platform *p, const char *kind, const char *uid)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->taken[i].kind, kind) == 0 && (!uid || strcmp(p->taken[i].uid, uid) == 0))
			return true;
	return false;
}

/* What must be there before: by the kind of the operation, which key of the body names what of which kind;
 * "uid" of the same subject. */
static const struct {
	const char *kind, *key, *needs;
} causes[] = {
	{"participant.enter", "uid", "participant.add"},
	{"team.add", "participant", "participant.add"},
	{"team.enter", "uid", "team.add"},
	{"employment.offer", "person", "person.add"},
	{"employment.offer", "participant", "participant.add"},
	{"employment.amend", "uid", "employment.offer"},
	{"person.amend", "uid", "person.add"},
	{"assignment.submit", "employment", "employment.offer"},
	{"assignment.submit", "person", "person.add"},
	{"assignment.submit", "team", "team.add"},
	{"assignment.confirm", "uid", "assignment.submit"},
	{"assignment.enter", "uid", "assignment.confirm"},
	{"assignment.exit", "uid", "assignment.enter"},
	{"assignment.withdraw", "uid", "assignment.submit"},
};

static const char *judge(struct platform *p, const char *kind, const cJSON *body)
{
	if (p->refuse_kind[0] && strcmp(kind, p->refuse_kind) == 0)
		return p->refuse_code;
	for (size_t i = 0; i < ARRAY_LEN(causes); i++) {
		const char *uid = json_string(body, causes[i].key);

		if (strcmp(causes[i].kind, kind))
			continue;
		if (!uid)
			fail_msg("%s without %s", kind, causes[i].key);
		if (!knows(p, causes[i].needs, uid)) {
			p->out_of_order++;
			return "dependency";
		}
	}
	return NULL;
}

bool platform_has(const struct platform *p, const char *op)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->taken[i].op, op) == 0)
			return true;
	return false;
}

size_t platform_count(const struct platform *p, const char *kind)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += strcmp(p->taken[i].kind, kind) == 0;
	return n;
}

const char *platform_take(struct platform *p, const struct outgoing *o)
{
	uint64_t content = content_of(o->kind, o->body);
	struct taken *t;
	const char *refusal;
	cJSON *body;

	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->taken[i].op, o->op) == 0) {
			p->taken[i].times++;
			p->changed_content += p->taken[i].content != content;
			return NULL;
		}
	OK(json_parse(&body, o->body, o->body_bytes, 1 << 20, E));
	refusal = judge(p, o->kind, body);
	if (!refusal) {
		assert_true(p->n < TAKEN_MAX);
		t = &p->taken[p->n++];
		*t = (struct taken){.content = content, .times = 1};
		memcpy(t->op, o->op, UID_TEXT);
		text_copy(t->kind, sizeof(t->kind), o->kind);
		text_copy(t->uid, sizeof(t->uid), json_string(body, "uid") ? json_string(body, "uid") : "");
		assert_true(uid_valid(t->uid));
		if (!strcmp(o->kind, p->watch_kind))
			snprintf(p->watched, sizeof(p->watched), "%.*s", (int)o->body_bytes, o->body);
	}
	cJSON_Delete(body);
	return refusal;
}

void site_drain(struct site *s, struct platform *p, int *batches)
{
	struct batch b;
	int64_t next;
	int rounds = 0;

	site_send_all(s);
	for (;;) {
		OK(desk_take_batch(s->d, 100, 1 << 19, &b, &next, E));
		if (!b.n)
			break;
		assert_true(++rounds < 100);
		for (size_t i = 0; i < b.n; i++) {
			const char *refusal = platform_take(p, &b.item[i]);
			struct answer a = {.op = b.item[i].op,
					   .kind = refusal ? ANSWER_REJECTED : ANSWER_ACCEPTED,
					   .number = refusal ? NULL : "N1",
					   .reason_code = refusal,
					   .reason = refusal ? "平台说不行" : NULL,
					   .field = refusal ? p->refuse_field : NULL};

			OK(desk_take_answers(s->d, &a, 1, E));
		}
		desk_release_batch(&b);
	}
	if (batches)
		*batches = rounds;
}

int64_t site_sheet(struct site *s, const char *form, const char *csv)
{
	struct sheet_import_options o = {.form = form, .month = month_of(date_today())};
	struct sheet_import *i;
	char path[300];
	bool over = false;
	int64_t made;
	FILE *f;

	snprintf(path, sizeof(path), "%s/sheet.csv", s->dir);
	o.path = path;
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(csv, f);
	fclose(f);
	OK(desk_sheet_import_open(s->d, &o, &i, E));
	while (!over) {
		struct pollfd p = {.fd = desk_sheet_import_fd(i), .events = POLLIN};

		poll(&p, 1, 1000);
		OK(desk_sheet_import_step(i, &over, E));
	}
	made = desk_sheet_import_counts(i)->n[IMPORT_NEW];
	if (desk_sheet_import_counts(i)->n[IMPORT_REFUSED])
		print_message("%s\n", desk_sheet_import_verdict(i, 0)->why);
	desk_sheet_import_close(i);
	unlink(path);
	return made;
}
